"""The documents' own words must be understood: each row of document 003's event tables, document 002's statuses and
problem ids, and the published cases, straight out of their files into the classifier."""

import re
from functools import cache

import pytest

from knowledge_folder import CATALOGUE, section, shared, table_rows

core = pytest.importorskip("synclens._core", reason="the C++ module is not built")

DS = "Directory Synchronization"
FIM = "FIMSynchronizationService"


@cache
def classifier():
    return core.Classifier(core.Catalogue.load([str(CATALOGUE)]))


def document(number: str) -> str:
    return next((shared() / "docs").glob(f"{number}_*.txt")).read_text("utf-8")


def as_logged(cell: str) -> str:
    """A table's cell as the event's text."""
    return re.sub(r"<br\s*/?>", "\n", cell.replace("`", ""))


# id, words of the row's description, cause, rule
ROWS = [
    (622, "completed for domain", None, "PHS-622"),
    (623, "completed for forest", None, "PHS-623"),
    (650, "batch start", None, "PHS-650"),
    (651, "batch end", None, "PHS-651"),
    (653, "ping start", None, "PHS-653"),
    (654, "ping end", None, "PHS-654"),
    (656, "Password Change Request", None, "PHS-656"),
    (657, "Result: Success", None, "PHS-657"),
    (657, "Result: Failed", None, "PHS-657"),
    (0, "scheduled for retry", "retry-pending", "PHS-0-RETRY"),
    (115, "has been denied", "cloud-credential", "PHS-115"),
    (657, "Result: failed, Extended Error", None, "PHS-657"),
    (0, "user name or password", "cloud-credential", "PHS-0-CREDENTIAL"),
    (611, "8439", "windows-2003-dc", "PHS-611-8439"),
    (611, "8593", "known-issue-fixed", "PHS-611-8593-OLD"),
    (611, "Not a valid Win32", "known-issue-fixed", "PHS-611-FILETIME"),
    (611, "same key", "known-issue-fixed", "PHS-611-SAMEKEY"),
    (652, "Error Code: 90", "tenant-feature-disabled", "PHS-652-90"),
    (652, "Error Code: 81", "cloud-throttled", "PHS-652-81"),
    (655, "Error Code: 90", "tenant-feature-disabled", "PHS-655-90"),
    (655, "user name or password", "cloud-credential", "PHS-655-CREDENTIAL"),
    (6900, "user name or password", "cloud-credential", "PHS-6900-CREDENTIAL"),
    (6900, "Error Code: 90", "tenant-feature-disabled", "PHS-6900-90"),
]


def document_rows() -> list[list[str]]:
    tables = section(document("003"), "## Event ID messages", "## More information")
    return [r for r in table_rows(tables) if r[0].isdigit()]


def test_document_003_has_the_rows_that_are_tested():
    found = [int(r[0]) for r in document_rows()]
    assert found == [row[0] for row in ROWS]


@pytest.mark.parametrize("place", range(len(ROWS)), ids=lambda n: f"{ROWS[n][0]}-{ROWS[n][1].replace(' ', '-')}")
@pytest.mark.parametrize("spaced", [False, True], ids=["as-printed", "as-logged"])
def test_each_row_of_document_003(place, spaced):
    event_id, words, cause, rule = ROWS[place]
    row = document_rows()[place]
    assert int(row[0]) == event_id and words in row[1]
    text = as_logged(row[1])
    if spaced:  # logs have a space before the colon, the documents none
        text = re.sub(r"(Anchor|Dn|Change Date|Result|Extended Error|RPC Error \d+):", r"\1 :", text)
    providers = [DS, "ADSync", FIM] if event_id == 6900 else [DS, "directory synchronization"]
    for provider in providers:
        found = classifier().event(provider, event_id, text)
        assert found is not None, provider
        assert (found["rule"], found["cause"]) == (rule, cause)
        assert classifier().event("ESENT", event_id, text) is None


def test_fields_of_the_rows():
    rows = document_rows()
    found = classifier().event(DS, 611, as_logged(rows[13][1]))
    assert (found["fields"]["domain"], found["fields"]["rpc"]) == ("Contoso.com", "8439")
    found = classifier().event(DS, 611, as_logged(rows[15][1]))  # this head ends without a full stop
    assert (found["fields"]["domain"], found["fields"]["fixed_in"]) == ("Contoso.com", "1.0.6455.0807")
    found = classifier().event(DS, 652, as_logged(rows[17][1]))
    assert found["fields"]["tracking"] == "07e93e8a-cf2d-4f67-9e95-53169c4875e0"
    found = classifier().event(DS, 0, as_logged(rows[9][1]))
    assert found["fields"]["dn"] == "CN=Eli McLean,OU=Cloud Objects,DC=contoso,DC=local"
    assert classifier().event(DS, 622, as_logged(rows[0][1]))["fields"]["domain"] == "contoso.local"


STATUS = {
    "Success": None,
    "FilteredByTarget": "must-change-password",
    "NoTargetConnection": "no-target-object",
    "SourceConnectorNotPresent": "source-object-missing",
    "TargetNotExportedToDirectory": "not-exported",
    "MigratedCheckDetailsForMoreInfo": "legacy-log-entry",
    "Error": "service-error",
    "Unknown": "batch-error",
    "MissingAttribute": "domain-services-hash-missing",
    "RetryRequestedByTarget": "domain-services-hash-missing",
}


def test_each_status_of_document_002():
    table = section(document("002"), "### Password sync log", "## Scripts")
    statuses = [r[0] for r in table_rows(table) if r[0] != "Status"]
    assert statuses == list(STATUS)
    for status in statuses:
        for spelled in (status, status.upper(), status.lower()):
            found = classifier().status(spelled)
            assert found is not None and found["cause"] == STATUS[status], spelled
    for other in ("Successful", "Errors", "", "Status"):
        assert classifier().status(other) is None


def test_problem_ids_of_document_002_always_mean_something():
    line = next(li for li in document("002").splitlines() if 'Source: "Directory synchronization"' in li)
    ids = [int(n) for n in re.findall(r"\b\d+\b", line.split("ID:")[1])]
    assert ids == [0, 611, 652, 655]
    for event_id in ids:
        found = classifier().event("Directory synchronization", event_id, "a text that nobody wrote down")
        assert found is not None and found["cause"] == ("domain-sync-error" if event_id == 611 else "cloud-error")


def test_settings_of_document_002():
    ask = classifier().setting
    assert ask("company-feature", "", "PasswordHashSync", "False")["cause"] == "tenant-feature-disabled"
    assert ask("company-feature", "", "PasswordHashSync", "True") is None
    assert ask("password-sync", "contoso.com", "Enabled", "False")["cause"] == "connector-channel-disabled"
    assert ask("password-sync", "contoso.com", "Enabled", "True") is None
    assert ask("scheduler", "", "StagingModeEnabled", "True")["cause"] == "staging-mode"
    assert ask("scheduler", "", "StagingModeEnabled", "False") is None
    no_ping = ask("status-script", "contoso.com", "heartbeat", "none")
    assert no_ping is not None and no_ping["cause"] is None  # not silence by itself


# -- published cases, cut out of their page


def case(number: int) -> str:
    page = (shared() / "knowledge" / "real-cases.md").read_text("utf-8")
    return section(page, f"## {number} ", "## ")


def block(number: int) -> str:
    return case(number).split("```")[1].strip("\n")


def described(number: int) -> str:
    return block(number).split("Description:")[1].strip()


def test_906_prompt_and_certificate():
    found = classifier().event(DS, 906, block(2))
    assert (found["rule"], found["cause"]) == ("PHS-906-PROMPT", "cloud-sign-in-blocked")
    found = classifier().event(DS, 906, described(3))
    assert (found["rule"], found["cause"]) == ("PHS-AADSTS700027-NOT-FOUND", "cloud-certificate")
    assert found["fields"]["reason"] == "The key was not found"


def test_611_1722_takes_the_controller_from_the_inner_text():
    found = classifier().event(DS, 611, described(4))
    assert found["cause"] == "dc-unreachable"
    fields = found["fields"]
    assert (fields["rpc"], fields["domain"], fields["dc"], fields["ip"]) == (
        "1722",
        "contoso.com",
        "<not available>",
        "<not available>",
    )
    assert (fields["inner_dc"], fields["inner_ip"]) == ("server1.contoso.com", "10.0.0.202")


def test_611_8453_with_its_stack():
    found = classifier().event(DS, 611, block(7))
    assert (found["rule"], found["cause"]) == ("PHS-611-8453", "replication-permission-missing")
    assert found["fields"]["domain"] == "Contoso.com"


def test_writeback_takes_the_number_that_counts():
    found = classifier().event("ADSync", 6329, block(6))
    assert (found["rule"], found["cause"]) == ("ADSYNC-6329-RPC", "writeback-error")
    assert found["fields"]["win32"] == "0x6ba"


def test_credential_case_is_one_cause_four_times():
    lines = [[c.strip() for c in li.split("|")] for li in block(10).splitlines()]
    assert len(lines) == 4
    for event_id, provider, _, text in lines:
        assert classifier().event(provider, int(event_id), text)["cause"] == "cloud-credential"


def test_feature_case():
    for event_id, text in re.findall(r"(?ms)^(652|655|6900) (.*?)(?=^\d{3,4} |\Z)", block(9)):
        assert (
            classifier().event(FIM if event_id == "6900" else DS, int(event_id), text)["cause"]
            == "tenant-feature-disabled"
        )


def test_database_case():
    for provider, event_id in (("SQLLocalDB 15.0", 528), ("ADSync", 2005), ("ADSync", 6226)):
        assert classifier().event(provider, event_id, block(26))["cause"] == "database-unavailable"


def test_object_synchronization_cases():
    found = classifier().event(DS, 116, described(27))
    assert found["cause"] == "accidental-delete-threshold"
    assert (found["fields"]["pending"], found["fields"]["threshold"]) == ("100", "50")
    assert classifier().event(DS, 116, "Export threshold 500")["cause"] is None
    for number, event_id, provider in ((28, 6050, "ADSync"), (29, 6100, "ADSync"), (32, 6801, FIM)):
        assert classifier().event(provider, event_id, block(number))["cause"] == "object-sync-error"
    # the sentence lives on the server: elsewhere there are only its insertion strings
    assert classifier().event("ADSync", 6100, "contoso.com\nExport\n0\n0\n0\n4\n0")["cause"] == "object-sync-error"


def test_healthy_case_has_no_cause():
    for line in block(34).splitlines():
        event_id, text = line.split(" ", 1)
        found = classifier().event(DS, int(event_id), text)
        assert found is not None and found["cause"] is None


@pytest.mark.parametrize(
    ("event_id", "text", "cause"),
    [
        (652, "The underlying connection was closed: An unexpected error occurred on a send.", "tls-or-proxy"),
        (655, "The request was aborted: Could not create SSL/TLS secure channel.", "tls-or-proxy"),
        (662, "The remote server returned an error: (407) Proxy Authentication Required.", "tls-or-proxy"),
        (662, "Nobody wrote this down", "cloud-error"),
        (904, "Finished: Purge run history", None),
        (904, "AADSTS50126: Error validating credentials due to invalid username or password.", "cloud-credential"),
        (906, "AADSTS9999999: Nobody wrote this down.", "cloud-error"),
        (906, "AADSTS53003: Access has been blocked by Conditional Access policies.", "cloud-sign-in-blocked"),
        (604, "RPC Error 1722 : The RPC server is unavailable.", "dc-unreachable"),
        (
            611,
            "Password hash synchronization failed for domain: a.b.\nDetails:\nRPC Error 17220 : x",
            "domain-sync-error",
        ),
        (611, "for domain: a.b.\nAuthenticationException: unknown user name or bad password", "ad-account-credential"),
        (611, "for domain: a.b.\nSystem.Security.Authentication.AuthenticationException: x", "ad-account-credential"),
        (611, "for domain: a.b.\nSystem.Data.SqlClient.SqlException: Timeout expired.", "database-unavailable"),
        (611, "for domain: a.b.\nSqlClient.SqlException: was deadlocked on lock resources", "database-deadlock"),
        (611, "for domain: a.b.\nSqlException: the 'PRIMARY' filegroup is full.", "local-database-full"),
        (611, "for domain: a.b.\nThis is not one of the FIPS validated cryptographic algorithms.", "fips-md5"),
        (611, "for domain: a.b.\nUnknown error (0x80005000)", "dc-unreachable"),
        (611, "for domain: a.b.\nSpecified cast is not valid.", "known-issue-fixed"),
        (603, "?", "manager-error"),
        (660, "?", "tenant-feature-disabled"),
        (661, "?", None),
    ],
)
def test_what_the_tie_breaks_say(event_id, text, cause):
    found = classifier().event(DS, event_id, text)
    assert found is not None and found["cause"] == cause


def test_insertion_strings_of_service_control():
    ask = classifier().event
    assert ask("Service Control Manager", 7036, "Microsoft Azure AD Sync\nstopped")["cause"] == "service-stopped"
    assert ask("Service Control Manager", 7036, "Microsoft Azure AD Sync\nrunning")["cause"] is None
    assert ask("Service Control Manager", 7036, "Print Spooler\nstopped") is None
    assert ask("Service Control Manager", 7038, "ADSync\nCONTOSO\\svc\n%%1326")["cause"] == "service-logon-failure"
    assert ask("Service Control Manager", 7000, "Microsoft Azure AD Sync\n%%1069")["cause"] == "service-logon-failure"
    assert ask("Service Control Manager", 7000, "Microsoft Azure AD Sync\n%%1053")["cause"] == "service-stopped"


def test_the_catalogue_has_no_faults_of_its_own():
    catalogue = core.Catalogue.load([str(CATALOGUE)], True)
    assert catalogue.lint() == []
    assert catalogue.run_tests() == []


def test_one_closed_connection_is_marked_as_a_mere_fact():
    closed = classifier().event(DS, 655, "An existing connection was forcibly closed by the remote host.")
    assert (closed["cause"], closed["fields"]["weight"]) == ("tls-or-proxy", "single")
    channel = classifier().event(
        DS, 655, "The underlying connection was closed: Could not create SSL/TLS secure channel."
    )
    assert channel["cause"] == "tls-or-proxy" and "weight" not in channel["fields"]
