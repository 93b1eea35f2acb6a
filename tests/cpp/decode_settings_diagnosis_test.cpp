#include <doctest/doctest.h>

#include "record/ascii.hpp"
#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view good =
    "--------------------------------Troubleshoot Password Hash Synchronization---------------------------------\n"
    "Enter '1' - Password Hash Synchronization does NOT work at all\n"
    "Please make a selection: 1\n\n"
    "Password Hash Synchronization cloud configuration is enabled\n\n"
    "AD Connector - contoso.com\n"
    "----------------------------------------------------------------------\n"
    "Password Hash Synchronization is enabled\n"
    "Latest Password Hash Synchronization heartbeat is detected at: 03/10/2026 02:00:00 AM UTC\n\n"
    "        Directory Partition - emea.contoso.com\n"
    "        Last successful attempt to synchronize passwords from this directory partition started at: 3/10/2026 "
    "1:00:00 AM"
    " UTC and ended at: 3/10/2026 1:00:05 AM UTC\n"
    "        Only Use Preferred Domain Controllers: False\n"
    "        Domain \"emea.contoso.com\" is reachable\n"
    "For more help:\n"
    "    + Please see - https://go.microsoft.com/fwlink/?linkid=847231 or\n";

}  // namespace

TEST_CASE("diagnosis: good results with their subjects") {
  const SettingRows rows = read_settings(good);
  CHECK(rows.value("diagnostics", "", "tenant-feature") == "pass");
  CHECK(rows.value("diagnostics", "contoso.com", "connector-enabled") == "pass");
  CHECK(rows.value("diagnostics", "contoso.com", "heartbeat") == "pass");
  CHECK(to_iso(rows.find("diagnostics", "contoso.com", "heartbeat")->time) == "2026-03-10T02:00:00Z");
  CHECK(to_iso(rows.find("diagnostics", "emea.contoso.com", "last-cycle")->time) == "2026-03-10T01:00:05Z");
  CHECK(rows.value("diagnostics", "emea.contoso.com", "preferred-dc") == "False");
  CHECK(rows.value("diagnostics", "emea.contoso.com", "domain-reachable") == "pass");
  CHECK(rows.values("diagnostics", "unknown-line").empty());
  CHECK(rows.problems.empty());
}

TEST_CASE("diagnosis: bad results in any case") {
  const SettingRows rows = read_settings(
      "PASSWORD HASH SYNCHRONIZATION CLOUD CONFIGURATION IS NOT ENABLED\n"
      "AD Connector - contoso.com\n"
      "Password Hash Synchronization is NOT enabled for the AD connector\n"
      "No recent Password Hash Synchronization heartbeat is detected\n"
      "Directory Partition - emea.contoso.com\n"
      "Domain \"emea.contoso.com\" is NOT reachable\n"
      "The AD Connector account had a permission error for the domain\n"
      "The AD Connector account username or password is incorrect for the domain \"apac.contoso.com\"\n"
      "Password Hash Synchronization agent is continuously getting failures for domain \"emea.contoso.com\". Please "
      "check 611 "
      "error events in the application event logs for details\n"
      "The server is in staging mode\n");
  CHECK(rows.value("diagnostics", "", "tenant-feature") == "fail");
  CHECK(rows.value("diagnostics", "contoso.com", "connector-enabled") == "fail");
  CHECK(rows.value("diagnostics", "contoso.com", "heartbeat") == "fail");
  CHECK(rows.value("diagnostics", "emea.contoso.com", "domain-reachable") == "fail");
  CHECK(rows.value("diagnostics", "emea.contoso.com", "account-permission") == "fail");
  CHECK(rows.value("diagnostics", "apac.contoso.com", "account-credential") == "fail");
  CHECK(rows.value("diagnostics", "emea.contoso.com", "last-cycle") == "fail");
  CHECK(rows.value("diagnostics", "", "staging-mode") == "fail");
  CHECK(rows.values("diagnostics", "unknown-line").empty());
}

TEST_CASE("diagnosis: what denies a fault is good news, and what a fault denies is not") {
  const auto said = [](const std::string& line, std::string_view name) {
    const SettingRows rows = read_settings(
        "Password Hash Synchronization cloud configuration is enabled\n"
        "AD Connector - contoso.com\n" +
        line + "\n");
    return rows.value("diagnostics", "contoso.com", name);
  };
  CHECK(said("Domain \"contoso.com\" is NOT unreachable", "domain-reachable") == "pass");
  CHECK(said("Domain \"contoso.com\" is unreachable", "domain-reachable") == "fail");
  CHECK(said("Domain \"contoso.com\" is not reachable", "domain-reachable") == "fail");
  CHECK(said("The AD Connector account had NO permission error for the domain", "account-permission") == "pass");
  CHECK(said("The AD Connector account had a permission error for the domain", "account-permission") == "fail");
  CHECK(said("The AD Connector account does NOT have the permissions", "account-permission") == "fail");
  CHECK(said("The permissions are not sufficient: access was denied", "account-permission") == "fail");
  CHECK(said("No errors were found, but a permission is missing", "account-permission") == "fail");
  CHECK(said("There is no error, but the account does not have the permissions", "account-permission") == "fail");
  CHECK(said("The account's credentials are NOT incorrect", "account-credential") == "pass");
  CHECK(said("The account's credentials are not valid", "account-credential") == "fail");
  CHECK(said("The agent is NOT continuously getting failures for the domain", "last-cycle") != "fail");
}

TEST_CASE("diagnosis: headings and hints on lines of their own are no results") {
  const SettingRows rows = read_settings(
      "Password Hash Synchronization cloud configuration is enabled\n"
      "---- Troubleshoot Password Hash Synchronization ----\nTroubleshoot Password Hash Synchronization\n"
      "Checking connectivity to the domain...\n"
      "Please check 611 error events in the application event logs for details\n");
  CHECK(rows.values("diagnostics", "unknown-line").empty());
}

TEST_CASE("diagnosis: staging mode off is good news") {
  const SettingRows rows =
      read_settings("Password Hash Synchronization cloud configuration is enabled\nStaging mode is NOT enabled\n");
  CHECK(rows.value("diagnostics", "", "staging-mode") == "pass");
  const SettingRows off =
      read_settings("Password Hash Synchronization cloud configuration is disabled\nStaging mode is disabled\n");
  CHECK(off.value("diagnostics", "", "staging-mode") == "pass");
  CHECK(off.value("diagnostics", "", "tenant-feature") == "fail");
}

TEST_CASE("diagnosis: what is not known is listed, and only inside a diagnosis") {
  const SettingRows rows = read_settings(
      "Password Hash Synchronization cloud configuration is enabled\nAD Connector - contoso.com\n"
      "The moon is in the seventh house.\nObject state : unclear\n");
  CHECK(rows.values("diagnostics", "unknown-line") ==
        std::vector<std::string>{"The moon is in the seventh house.", "Object state : unclear"});
  CHECK(rows.find("diagnostics", "contoso.com", "unknown-line") != nullptr);
  const SettingRows outside = read_settings("The moon is in the seventh house.\nStagingModeEnabled : False\n");
  CHECK(outside.values("diagnostics", "unknown-line").empty());
  const SettingRows after = read_settings(
      "PS C:\\> Invoke-ADSyncDiagnostics -PasswordSync\nSomething new\nPS C:\\> Get-ADSyncAutoUpgrade\nEnabled\n");
  CHECK(after.values("diagnostics", "unknown-line") == std::vector<std::string>{"Something new"});
  CHECK(after.value("auto-upgrade", "", "AutoUpgradeState") == "Enabled");
}

TEST_CASE("diagnosis: one object, good and bad, in any case") {
  constexpr std::string_view head =
      "------------Troubleshoot Password Hash Synchronization------------\nAD Connector - contoso.com\n"
      "Distinguished Name: CN=Ana Lima,OU=Staff,DC=contoso,DC=com\n";
  const auto read = [&](std::string text, bool upper) {
    if (upper)
      for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return read_settings(std::string(head) + text);
  };
  struct Said {
    const char *line, *name, *value;
  };
  for (const Said& said : {
           Said{"The object is present in the AD Connector Space", "object-in-ad-space", "pass"},
           Said{"The object is NOT found in the Active Directory connector space", "object-in-ad-space", "fail"},
           Said{"The object is found in the Metaverse", "object-in-metaverse", "pass"},
           Said{"There is no corresponding object in the metaverse", "object-in-metaverse", "fail"},
           Said{"The object is present in the Azure AD connector space", "object-in-cloud-space", "pass"},
           Said{"There is no corresponding object in the Microsoft Entra tenant", "object-in-cloud-space", "fail"},
           Said{"The object is exported to Azure AD", "object-exported", "pass"},
           Said{"The Active Directory object isn't exported to Microsoft Entra ID", "object-exported", "fail"},
           Said{"The user has a temporary password, which is not exported", "temporary-password", "fail"},
           Said{"'Change password at next logon' is set on the user", "temporary-password", "fail"},
           Said{"A synchronization rule with password sync is applied to the object", "sync-rule", "pass"},
           Said{"No synchronization rule with password sync is applied to the object", "sync-rule", "fail"},
           Said{"Results of last attempt to synchronize password aren't available", "last-attempt", "none"},
           Said{"There is no password synchronization history of the object", "last-attempt", "none"},
           Said{"Result of the last attempt: TargetNotExportedToDirectory", "last-attempt",
                "TargetNotExportedToDirectory"},
       }) {
    CAPTURE(said.line);
    for (const bool upper : {false, true}) {
      const SettingRows rows = read(said.line, upper);
      const std::string value = rows.value("diagnostics", "CN=Ana Lima,OU=Staff,DC=contoso,DC=com", said.name);
      CHECK(lower(value) == lower(said.value));
      CHECK(rows.values("diagnostics", "unknown-line").empty());
    }
  }
}

TEST_CASE("diagnosis: cut anywhere") {
  CHECK(survives_every_cut(good));
}
