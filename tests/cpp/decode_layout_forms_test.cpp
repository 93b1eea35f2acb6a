// Forms of what an analyst is sent, beside the files of a bundle (decode_layout_walk_test.cpp).
#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;
using namespace std::string_literals;

namespace {

SourceKind kind_of(const std::string& text, std::string_view name = "sent.txt") {
  return sniff(as_bytes(text), name);
}

}  // namespace

TEST_CASE("layout: dates are those of the server's culture") {
  for (const char* written : {"3/25/2026 1:00:30 AM", "25.03.2026 01:00:30", "2026-03-25 01:00:30"}) {
    CAPTURE(written);
    const SettingRows rows = read_settings(
        "RunHistoryId   : h1\nConnectorName  : contoso.com\nRunProfileName : Export\n"
        "EndDate        : "s +
        written + "\nResult         : success\n");
    const Row* result = rows.find("run-history", "contoso.com", "Result");
    REQUIRE(result != nullptr);
    CHECK(to_iso(result->time) == "2026-03-25T01:00:30Z");
  }
}

TEST_CASE("layout: the lone files that an analyst is sent") {
  CHECK(kind_of("ElfFile"s + '\0' + std::string(120, '\0'), "Application.evtx") == SourceKind::evtx);
  CHECK(
      kind_of("<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System/></Event></Events>",
              "log.xml") == SourceKind::event_xml);
  CHECK(kind_of("Level,Date and Time,Source,Event ID,Task Category\r\n"
                "Error,3/10/2026 1:00:00 AM,Directory Synchronization,611,None,\"It failed.\"\r\n",
                "log.csv") == SourceKind::event_table);
  CHECK(kind_of("#TYPE Selected.System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
                "\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"Message\"\r\n\"3/10/2026 1:00:00 "
                "AM\",\"611\",\"Error\",\"x\"\r\n",
                "log.csv") == SourceKind::event_table);
  CHECK(
      kind_of("Log Name:      Application\r\nSource:        Directory Synchronization\r\n"
              "Date:          3/10/2026 1:00:00 AM\r\nEvent ID:      611\r\nLevel:         Error\r\nDescription:\r\nIt "
              "failed.\r\n") == SourceKind::event_text);
  CHECK(kind_of("Password sync feature enabled in your Azure AD directory:  True\r\n"
                "Latest heart beat event (within last 3 hours). Time 03/10/2026 01:00:00\r\n") == SourceKind::settings);
  CHECK(kind_of("Date,Password Sync Status,Dn\r\n3/10/2026 1:00:00 AM,Success,CN=Ann\r\n") == SourceKind::sync_log);
  CHECK(kind_of("Date\tPassword Sync Status\tDn\r\n3/10/2026 1:00:00 AM\tSuccess\tCN=Ann\r\n") == SourceKind::sync_log);
  CHECK(kind_of("| Date | Password Sync Status |\n| --- | --- |\n| 3/10/2026 | FilteredByTarget |\n") ==
        SourceKind::sync_log);
  CHECK(kind_of("Date                   Status\n----                   ------\n3/10/2026 1:00:00 AM   Success\n") ==
        SourceKind::sync_log);
}
