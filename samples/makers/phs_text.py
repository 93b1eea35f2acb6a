"""The sentences of password hash sync events, as the products write them: texts only, no times, no event ids."""

from __future__ import annotations

import base64
import hashlib
import uuid

NL = "\r\n"
NOT_AVAILABLE = "<not available>"
CREDENTIAL = "The user name or password is incorrect. Verify your user name, and then type your password again."
ACCESS_DENIED = "Access to Windows Azure Active Directory has been denied. Contact Technical Support."
_PHS = "Microsoft.Online.PasswordSynchronization"
_DRS = f"{_PHS}.DirectoryReplicationServices"
_FRAMES = (
    f"{_DRS}.DrsRpcConnection.OnGetChanges(ReplicationState syncState)",
    f"{_DRS}.DrsConnection.GetChanges(ReplicationState replicationState)",
    f"{_PHS}.RetryUtility.ExecuteWithRetry[T](Func`1 operation, Func`1 shouldAbort, RetryPolicyHandler retryPolicy)",
    f"{_PHS}.DeltaSynchronizationTask.SynchronizeCredentialsToCloud()",
    f"{_PHS}.PasswordSynchronizationTask.SynchronizeSecrets()",
    f"{_PHS}.SynchronizationExecutionContext.SynchronizeDomain()",
    f"{_PHS}.SynchronizationManager.SynchronizeDomain(SynchronizationExecutionContext syncExecutionContext)",
)
STACK = NL + NL.join("   at " + frame for frame in _FRAMES) + "."


def guid(*seed: object) -> str:
    """The same seed gives the same GUID for ever."""
    digest = hashlib.md5("/".join(map(str, seed)).encode("utf-8"), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest, version=4))


def anchor(dn: str) -> str:
    return base64.b64encode(hashlib.md5(dn.encode("utf-8"), usedforsecurity=False).digest()).decode("ascii")


def trailer(partition: str, connector: str) -> str:
    return (
        f"{NL}{NL}<forest-info>{NL}  <partition-name>{partition.upper()}</partition-name>{NL}"
        f"  <connector-id>{connector}</connector-id>{NL}</forest-info>"
    )


def request(dn: str, when: str, colon: str = " : ") -> str:
    return f"Password Change Request - Anchor{colon}{anchor(dn)}, Dn{colon}{dn}, Change Date{colon}{when}"


def result(dn: str, outcome: str = "Success", flag: bool | None = False, colon: str = " : ") -> str:
    """`flag` None is the form of older builds, which say nothing of PwdChangeOnLogon."""
    logon = "" if flag is None else f"PwdChangeOnLogon={flag}, "
    return f"Password Change Result - Anchor{colon}{anchor(dn)}, Dn{colon}{dn}, {logon}Result{colon}{outcome}."


def head_611(domain: str, dc: str = NOT_AVAILABLE, address: str = NOT_AVAILABLE) -> str:
    return (
        f"Password hash synchronization failed for domain: {domain}, domain controller hostname: {dc}, "
        f"domain controller IP address: {address}."
    )


def drs_details(code: int, text: str, call: str = "_IDL_DRSGetNCChanges") -> str:
    """A replication call that failed after the connection stood."""
    return (
        f"{_PHS}.SynchronizationManagerException: Recovery task failed. ---> {_DRS}.DrsException: "
        f"RPC Error {code} : {text} There was an error calling {call}.{STACK}"
    )


def unreachable_details(
    domain: str, dc: str, address: str, code: int = 1722, text: str = "The RPC server is unavailable."
) -> str:
    """No connection at all: the DC stands in the inner text only."""
    inner = (
        "There was an error establishing a connection to the directory replication service. "
        f"Domain controller hostname: {dc}, domain controller IP address: {address}"
    )
    return (
        f"{_PHS}.SynchronizationManagerException: Unable to open connection to domain: {domain}. Error: {inner} ---> "
        f"{_DRS}.DrsCommunicationException: {inner} ---> {_DRS}.DrsException: There was an error creating the "
        f"connection context. ---> {_DRS}.DrsCommunicationException: RPC Error {code} : {text} "
        f"Error creating the RPC binding handle{STACK}"
    )


def logon_details(domain: str) -> str:
    where = f"An exception occurred while attempting to locate a domain controller for domain {domain}."
    return (
        f"{_PHS}.SynchronizationManagerException: Unable to open connection to domain: {domain}. Error: {where} ---> "
        f"{_DRS}.DrsException: {where} ---> System.Security.Authentication.AuthenticationException: "
        f"The user name or password is incorrect. ---> System.Runtime.InteropServices.COMException: "
        f"The user name or password is incorrect.{STACK}"
    )


def cloud_error(what: str, code: int, description: str, seed: object, kind: str = "ProvisionException") -> str:
    """`what` is "batch" or "ping"."""
    server = "BL2GR1BBA" + str(int(guid("server", seed)[:4], 16) % 9 + 1).zfill(3)
    return (
        f"Failed credential provisioning {what}. Error: Microsoft.Online.Coexistence.{kind}: An error occurred. "
        f"Error Code: {code}. Error Description: {description} Tracking ID: {guid('cloud', seed)} "
        f"Server Name: {server}. ---> System.ServiceModel.FaultException`1["
        f"Microsoft.Online.Coexistence.Schema.AdminWebServiceFault]: {description} (Fault Detail is equal to "
        "Microsoft.Online.Coexistence.Schema.AdminWebServiceFault)."
    )


NOT_ACTIVATED = "Password Synchronization has not been activated for this company."


def key_not_found(app: str, tenant: str, when: str) -> str:
    return (
        "[MSAL] AcquireTokenWithCertificate: Exception caught while acquiring token via certificate. "
        "[invalid_client] - A configuration issue is preventing authentication - check the error "
        "message from the server for details. You can modify the configuration in the application registration portal. "
        "See https://aka.ms/msal-net-invalid-client for details.  Original exception: AADSTS700027: The certificate "
        "with identifier used to sign the client assertion is not registered on application. "
        "[Reason - The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph "
        f"to see configured keys for app Id '{app}'. Review the documentation at "
        "https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        f"endpoint.]. Trace ID: {guid('trace', app, when)} "
        f"Correlation ID: {guid('corr', tenant, when)} Timestamp: {when}Z"
    )
