#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view scheduler_text =
    "\r\nAllowedSyncCycleInterval            : 00:30:00\r\n"
    "CurrentlyEffectiveSyncCycleInterval : 00:30:00\r\n"
    "CustomizedSyncCycleInterval         : \r\n"
    "NextSyncCyclePolicyType             : Delta\r\n"
    "NextSyncCycleStartTimeInUTC         : 3/11/2026 12:10:00 AM\r\n"
    "SyncCycleEnabled                    : True\r\n"
    "StagingModeEnabled                  : False\r\n\r\n\r\n";

constexpr std::string_view channel_text =
    "\r\nSourceConnector TargetConnector               Enabled\r\n"
    "--------------- ---------------               -------\r\n"
    "contoso.com     contoso.onmicrosoft.com - AAD    True\r\n"
    "fabrikam forest contoso.onmicrosoft.com - AAD   False\r\n\r\n";

}  // namespace

TEST_CASE("settings: the scheduler's list") {
  const SettingRows rows = read_settings(scheduler_text, "MECLOG/CONFIG/MEC/Get-ADSyncScheduler.txt");
  CHECK(rows.value("scheduler", "", "StagingModeEnabled") == "False");
  CHECK(rows.value("scheduler", "", "CustomizedSyncCycleInterval") == "");
  CHECK(rows.value("scheduler", "", "NextSyncCycleStartTimeInUTC") == "3/11/2026 12:10:00 AM");
  REQUIRE(rows.find("scheduler", "", "SyncCycleEnabled") != nullptr);
  CHECK(rows.find("scheduler", "", "SyncCycleEnabled")->line == 7);
  CHECK(rows.find("scheduler", "", "SyncCycleEnabled")->time == no_time);
  CHECK(rows.rows.size() == 7);
  CHECK(rows.problems.empty());
}

TEST_CASE("settings: content comes before the file's name") {
  const SettingRows rows = read_settings(scheduler_text, "Get-ADSyncAADCompanyFeature.txt");
  CHECK(rows.value("scheduler", "", "StagingModeEnabled") == "False");
  CHECK(rows.find("company-feature", "", "StagingModeEnabled") == nullptr);
}

TEST_CASE("settings: company features as list, table and without a space before the colon") {
  const SettingRows list = read_settings("PasswordHashSync           : False\nForcePasswordChangeOnLogOn : True\n");
  CHECK(list.value("company-feature", "", "PasswordHashSync") == "False");
  CHECK(list.value("company-feature", "", "ForcePasswordChangeOnLogOn") == "True");
  const SettingRows table = read_settings(
      "PasswordHashSync ForcePasswordChangeOnLogOn\n---------------- --------------------------\n"
      "            True                      False\n");
  CHECK(table.value("company-feature", "", "PasswordHashSync") == "True");
  CHECK(table.value("company-feature", "", "ForcePasswordChangeOnLogOn") == "False");
  const SettingRows pasted = read_settings("PasswordHashSync: True");
  CHECK(pasted.value("company-feature", "", "PasswordHashSync") == "True");
  const SettingRows prose = read_settings("We think that PasswordHashSync is on: True\n");
  CHECK(prose.rows.empty());
  CHECK(prose.problems.size() == 1);
}

TEST_CASE("settings: password sync channels, names with spaces, several connectors") {
  const SettingRows rows = read_settings(channel_text);
  CHECK(rows.value("password-sync", "contoso.com", "Enabled") == "True");
  CHECK(rows.value("password-sync", "contoso.com", "TargetConnector") == "contoso.onmicrosoft.com - AAD");
  CHECK(rows.value("password-sync", "fabrikam forest", "Enabled") == "False");
  CHECK(rows.rows.size() == 4);
  const SettingRows list = read_settings(
      "SourceConnector : contoso.com\nTargetConnector : contoso.onmicrosoft.com - AAD\nEnabled         : True\n\n"
      "SourceConnector : fabrikam forest\nTargetConnector : contoso.onmicrosoft.com - AAD\nEnabled         : False\n");
  CHECK(list.value("password-sync", "contoso.com", "Enabled") == "True");
  CHECK(list.value("password-sync", "fabrikam forest", "Enabled") == "False");
  CHECK(list.problems.empty());
}

TEST_CASE("settings: global settings give the build and the sign-in method") {
  const SettingRows table = read_settings(
      "\r\nName                                             Value\r\n"
      "----                                             -----\r\n"
      "Microsoft.Synchronize.StagingMode                True\r\n"
      "Microsoft.UserSignIn.SignOnMethod                PasswordHashSync\r\n"
      "Microsoft.Synchronize.ServerConfigurationVersion 2.4.18.0\r\n"
      "Microsoft.OptionalFeature.AutoUpgradeSuspensi... UpgradeNotSupported\r\n\r\n");
  CHECK(table.value("global-settings", "", "Microsoft.Synchronize.StagingMode") == "True");
  CHECK(table.value("sign-in", "", "SignOnMethod") == "PasswordHashSync");
  CHECK(table.value("build", "", "version") == "2.4.18.0");
  CHECK(table.value("global-settings", "", "Microsoft.OptionalFeature.AutoUpgradeSuspensi...") ==
        "UpgradeNotSupported");
  const SettingRows list = read_settings(
      "Microsoft.Synchronize.StagingMode                : False\n"
      "Microsoft.UserSignIn.SignOnMethod                : Federation\n"
      "Microsoft.Synchronize.ServerConfigurationVersion : 2.0.25.1\n");
  CHECK(list.value("global-settings", "", "Microsoft.Synchronize.StagingMode") == "False");
  CHECK(list.value("sign-in", "", "SignOnMethod") == "Federation");
  CHECK(list.value("build", "", "version") == "2.0.25.1");
  const SettingRows pairs = read_settings(
      "Name  : Microsoft.Synchronize.StagingMode\nValue : True\n\n"
      "Name  : Microsoft.UserSignIn.SignOnMethod\nValue : PassthroughAuthentication\n");
  CHECK(pairs.value("global-settings", "", "Microsoft.Synchronize.StagingMode") == "True");
  CHECK(pairs.value("sign-in", "", "SignOnMethod") == "PassthroughAuthentication");
}

TEST_CASE("settings: partition state as list, table and CSV, without the partition default") {
  const SettingRows list = read_settings(
      "ConnectorId                                   : fffb4a69-4ed6-444d-8b89-000000000001\n"
      "DN                                            : default\n"
      "PasswordSyncLastCycleStatus                   : None\n\n"
      "ConnectorId                                   : fffb4a69-4ed6-444d-8b89-000000000002\n"
      "DN                                            : DC=contoso,DC=com\n"
      "PasswordSyncLastSuccessfulCycleEndTimestamp   : 3/10/2026 1:02:03 PM\n"
      "PasswordSyncLastCycleEndTimestamp             : 3/10/2026 2:00:00 PM\n"
      "PasswordSyncLastCycleStatus                   : Successful\n");
  CHECK(list.value("partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStatus") == "Successful");
  CHECK(list.find("partition-state", "default", "PasswordSyncLastCycleStatus") == nullptr);
  CHECK(
      to_iso(list.find("partition-state", "DC=contoso,DC=com", "PasswordSyncLastSuccessfulCycleEndTimestamp")->time) ==
      "2026-03-10T13:02:03Z");
  CHECK(to_iso(list.find("partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStatus")->time) ==
        "2026-03-10T14:00:00Z");
  CHECK(list.find("partition-state", "DC=contoso,DC=com", "ConnectorId")->time == no_time);
  const SettingRows csv = read_settings(
      "#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.PartitionPasswordSyncState\r\n"
      "\"ConnectorId\",\"DN\",\"PasswordSyncLastCycleStatus\"\r\n"
      "\"id1\",\"DC=contoso,DC=com\",\"Successful\"\r\n"
      "\"id2\",\"default\",\"None\"\r\n");
  CHECK(csv.value("partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStatus") == "Successful");
  CHECK(csv.rows.size() == 2);
  const SettingRows table = read_settings(
      "DN                PasswordSyncLastCycleStatus\n--                ---------------------------\n"
      "DC=contoso,DC=com                  Successful\n");
  CHECK(table.value("partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStatus") == "Successful");
  const SettingRows only_default =
      read_settings("DN                          : default\nPasswordSyncLastCycleStatus : None\n");
  CHECK(only_default.rows.empty());
  CHECK(only_default.problems.empty());
}

TEST_CASE("settings: a transcript is read section by section") {
  const SettingRows rows = read_settings(
      "PS C:\\Users\\admin> Get-ADSyncAutoUpgrade\r\nSuspended\r\n"
      "PS C:\\Users\\admin> Get-ADSyncConnectorRunStatus\r\n\r\nRunState ConnectorName\r\n-------- -------------\r\n"
      "Busy     contoso.onmicrosoft.com - AAD\r\n\r\n"
      "PS C:\\Users\\admin> Get-ADSyncDomainReachabilityStatus -ConnectorName contoso.com\r\n\r\n"
      "FullName         IsReachable ExceptionMessage\r\n--------         ----------- ----------------\r\n"
      "contoso.com             True\r\n"
      "emea.contoso.com       False The server is not operational.\r\n\r\n"
      "PS C:\\Users\\admin> Get-ADSyncScheduler\r\nGet-ADSyncScheduler : Access is denied.\r\n"
      "    + CategoryInfo          : NotSpecified: (:) [Get-ADSyncScheduler], Exception\r\n");
  CHECK(rows.value("auto-upgrade", "", "AutoUpgradeState") == "Suspended");
  CHECK(rows.value("connector", "contoso.onmicrosoft.com - AAD", "RunState") == "Busy");
  CHECK(rows.value("reachability", "contoso.com", "IsReachable") == "True");
  CHECK(rows.value("reachability", "emea.contoso.com", "IsReachable") == "False");
  CHECK(rows.value("reachability", "emea.contoso.com", "ExceptionMessage") == "The server is not operational.");
  CHECK(rows.value("scheduler", "", "error").starts_with("Access is denied."));
  CHECK(rows.problems.empty());
}

TEST_CASE("settings: rules, statistics, database and the cloud connector's credential") {
  const SettingRows rule = read_settings(
      "Identifier         : 14fb1c76-0000-0000-0000-000000000001\n"
      "Name               : In from AD - User AccountEnabled\nVersion            : 1.2\nDirection          : Inbound\n"
      "EnablePasswordSync : True\nImmutableTag       : Microsoft.InfromADUserAccountEnabled.006\n",
      "Get-ADSyncRule.txt");
  CHECK(rule.value("rule", "In from AD - User AccountEnabled", "PasswordSync") == "True");
  CHECK(rule.value("rule", "In from AD - User AccountEnabled", "Direction") == "Inbound");
  CHECK(rule.find("build", "", "version") == nullptr);
  const SettingRows statistics = read_settings(
      "## Connector statistics for \r\ncontoso.com\r\n\r\nTotalConnectors : 120\r\nExportAdds      : 3\r\n",
      "Get-ADSyncConnectorStatistics.txt");
  CHECK(statistics.value("connector-statistics", "contoso.com", "ExportAdds") == "3");
  const SettingRows database = read_settings("SQLServerName   : (localdb)\nSQLInstanceName : .\\ADSync2019\n");
  CHECK(database.value("database", "", "SQLServerName") == "(localdb)");
  const SettingRows credential = read_settings(
      "ConnectorIdentityType : Application\nCertificateSHA256Hash : AB12\nCertificateNotAfter   : 9/1/2026 12:00:00 "
      "AM\n");
  CHECK(credential.value("connector-credential", "", "ConnectorIdentityType") == "Application");
  CHECK(credential.value("connector-credential", "", "CertificateNotAfter") == "9/1/2026 12:00:00 AM");
}

TEST_CASE("settings: nothing understood is one problem, blank text is none") {
  const SettingRows prose = read_settings("Dear support,\nnothing works.\n");
  CHECK(prose.rows.empty());
  REQUIRE(prose.problems.size() == 1);
  CHECK(prose.problems[0].where.line == 1);
  CHECK(read_settings("\r\n  \r\n").problems.empty());
}

TEST_CASE("settings: cut anywhere") {
  CHECK(survives_every_cut(scheduler_text));
  CHECK(survives_every_cut(channel_text));
  CHECK(!read_settings(channel_text.substr(0, channel_text.find("False"))).problems.empty());
  CHECK(!read_settings(channel_text.substr(0, channel_text.find("\r\ncontoso.com"))).problems.empty());
  CHECK(read_settings(channel_text.substr(0, channel_text.find("\r\nfabrikam"))).problems.empty());
}
