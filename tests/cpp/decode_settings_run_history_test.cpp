#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view csv =
    "#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.RunProfileResult\r\n"
    "\"RunHistoryId\",\"ConnectorId\",\"ConnectorName\",\"RunProfileName\",\"RunNumber\",\"StartDate\",\"EndDate\","
    "\"Result\","
    "\"RunStepResults\"\r\n"
    "\"h1\",\"c1\",\"contoso.com\",\"Delta Import\",\"12\",\"3/10/2026 1:00:00 AM\",\"3/10/2026 1:00:30 AM\","
    "\"no-start-connection\",\"<step-result>no-start-connection</step-result>\r\n<connection-result>failed-connection</"
    "connection-result><server>10.2.3.4:389</server>\"\r\n"
    "\"h2\",\"c2\",\"contoso.onmicrosoft.com - AAD\",\"Export\",\"13\",\"3/10/2026 1:01:00 AM\",\"\","
    "\"stopped-database-disk-full\",\"a \"\"quoted\"\" word\"\r\n";

}  // namespace

TEST_CASE("run history: the CSV with its results and the XML of its steps") {
  const SettingRows rows = read_settings(csv, "SYNC01_Get-ADSyncRunProfileResult.csv");
  CHECK(rows.value("run-history", "contoso.com", "Result") == "no-start-connection");
  CHECK(to_iso(rows.find("run-history", "contoso.com", "Result")->time) == "2026-03-10T01:00:30Z");
  CHECK(rows.find("run-history", "contoso.com", "Result")->line == 3);
  CHECK(rows.value("run-history", "contoso.com", "connection-result") == "failed-connection");
  CHECK(rows.value("run-history", "contoso.com", "server") == "10.2.3.4:389");
  const Row* full = rows.find("run-history", "contoso.onmicrosoft.com - AAD", "Result");
  REQUIRE(full != nullptr);
  CHECK(full->value == "stopped-database-disk-full");
  CHECK(full->line == 5);
  CHECK(to_iso(full->time) == "2026-03-10T01:01:00Z");
  CHECK(rows.value("run-history", "contoso.onmicrosoft.com - AAD", "RunStepResults") == "a \"quoted\" word");
  CHECK(rows.problems.empty());
}

TEST_CASE("run history: another separator, the list, a run that is fine") {
  const SettingRows rows = read_settings("RunHistoryId;ConnectorName;Result\nh1;contoso.com;success\n");
  CHECK(rows.value("run-history", "contoso.com", "Result") == "success");
  const SettingRows list = read_settings(
      "RunHistoryId   : h1\nConnectorName  : contoso.com\nRunProfileName : Export\nResult         : "
      "completed-export-errors\n");
  CHECK(list.value("run-history", "contoso.com", "Result") == "completed-export-errors");
  const SettingRows steps = read_settings(
      "PS C:\\> Get-ADSyncRunStepResult\n<error-code>0x51</error-code><error-literal>Server Down</error-literal>\n");
  CHECK(steps.value("run-history", "", "error-literal") == "Server Down");
  CHECK(steps.value("run-history", "", "error-code") == "0x51");
  const SettingRows other = read_settings("Day,Weather\nMonday,rain\n");
  CHECK(other.rows.empty());
  CHECK(other.problems.size() == 1);
}

TEST_CASE("run history: a CSV that ends inside a row is a problem") {
  CHECK(read_settings(csv.substr(0, csv.find("failed-connection"))).problems.size() == 1);
  CHECK(read_settings(csv.substr(0, csv.find(",\"stopped-data"))).problems.size() == 1);
  CHECK(survives_every_cut(csv));
}
