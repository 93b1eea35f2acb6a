#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

std::string script(std::string_view middle, std::string_view feature = "True") {
  std::string text = "\r\nPassword sync feature enabled in your Azure AD directory:  ";
  text += feature;
  text +=
      "\r\n\r\nPassword sync channel status BEGIN ------------------------------------------------------- \r\n\r\n"
      "SourceConnector TargetConnector               Enabled\r\n"
      "--------------- ---------------               -------\r\n"
      "contoso.com     contoso.onmicrosoft.com - AAD    True\r\n\r\n\r\n\r\n";
  text += middle;
  text += "\r\n\r\nPassword sync channel status END ------------------------------------------------------- \r\n\r\n";
  return text;
}

}  // namespace

TEST_CASE("status script: feature, channel and heartbeat") {
  const SettingRows rows =
      read_settings(script("Latest heart beat event (within last 3 hours). Time  3/1/2026 10:12:13 AM"));
  CHECK(rows.value("company-feature", "", "PasswordHashSync") == "True");
  CHECK(rows.value("password-sync", "contoso.com", "Enabled") == "True");
  CHECK(rows.value("status-script", "contoso.com", "heartbeat") == "3/1/2026 10:12:13 AM");
  CHECK(to_iso(rows.find("status-script", "contoso.com", "heartbeat")->time) == "2026-03-01T10:12:13Z");
  CHECK(rows.problems.empty());
}

TEST_CASE("status script: the heartbeat's time is the server's clock") {
  DecodeOptions options;
  options.zone = Zone::named("Europe/Berlin");
  const SettingRows rows = read_settings(
      script("Latest heart beat event (within last 3 hours). Time  01.03.2026 10:12:13"), "out.txt", options);
  CHECK(to_iso(rows.find("status-script", "contoso.com", "heartbeat")->time) == "2026-03-01T09:12:13Z");
  const SettingRows either =
      read_settings(script("Latest heart beat event (within last 3 hours). Time  03/04/2026 10:12:13"));
  CHECK(either.value("status-script", "contoso.com", "heartbeat") == "03/04/2026 10:12:13");
  CHECK(either.find("status-script", "contoso.com", "heartbeat")->time == no_time);
}

TEST_CASE("status script: warnings") {
  const SettingRows rows = read_settings(script("WARNING: No ping event found within last 3 hours.", "False"));
  CHECK(rows.value("company-feature", "", "PasswordHashSync") == "False");
  CHECK(rows.value("status-script", "contoso.com", "heartbeat") == "none");
  const SettingRows several = read_settings(
      "WARNING: More than one Azure AD Connectors found. Please update the script to use the appropriate Connector.\n");
  CHECK(several.find("status-script", "", "multiple-aad-connectors") != nullptr);
  CHECK(several.find("status-script", "", "no-aad-connector") == nullptr);
  const SettingRows none =
      read_settings("WARNING: No Azure AD Connector was found.\nWARNING: No AD DS Connector was found.\n");
  CHECK(none.find("status-script", "", "no-aad-connector") != nullptr);
  CHECK(none.find("status-script", "", "no-ad-connector") != nullptr);
  CHECK(none.find("status-script", "", "multiple-aad-connectors") == nullptr);
}

TEST_CASE("status script: a table that a warning follows at once, and each connector its own heartbeat") {
  const SettingRows rows = read_settings(
      "Password sync channel status BEGIN ---- \n\nSourceConnector TargetConnector Enabled\n--------------- "
      "--------------- -------\n"
      "a.example       t - AAD            True\nWARNING: No ping event found within last 3 hours.\nPassword sync "
      "channel status END ---- \n"
      "Password sync channel status BEGIN ---- \n\nSourceConnector TargetConnector Enabled\n--------------- "
      "--------------- -------\n"
      "b.example       t - AAD            True\n\nLatest heart beat event (within last 3 hours). Time "
      "2026-03-01T10:00:00\n");
  CHECK(rows.value("status-script", "a.example", "heartbeat") == "none");
  CHECK(rows.value("status-script", "b.example", "heartbeat") == "2026-03-01T10:00:00");
  CHECK(rows.value("password-sync", "b.example", "Enabled") == "True");
}

TEST_CASE("status script: cut anywhere") {
  CHECK(survives_every_cut(script("WARNING: No ping event found within last 3 hours.")));
}
