#include <doctest/doctest.h>

#include <string>

#include "recorded.hpp"

using namespace synclens;

namespace {

Recorded log(std::string_view content, const DecodeOptions& options = {}) {
  return record(decode_sync_log, content, options);
}

}  // namespace

TEST_CASE("a CSV with a status column") {
  const Recorded got = log("Date,Password Sync Status\r\n2026-03-09 10:00:00,FilteredByTarget\r\n");
  REQUIRE(got.rows.size() == 1);
  CHECK(got.rows[0].status == "FilteredByTarget");
  CHECK(to_iso(got.rows[0].time) == "2026-03-09T10:00:00Z");
  CHECK(got.rows[0].dn.empty());
  CHECK(got.rows[0].where.line == 2);
  CHECK(got.problems.empty());
  CHECK(got.says("read as UTC"));
}

TEST_CASE("dn, anchor and everything else; quoted and not; any separator") {
  const Recorded got =
      log("#TYPE X\n\"Distinguished Name\",\"Anchor\",\"Time\",\"Status\",\"Rule\",\"Note\"\n"
          "\"CN=Ana Lima,OU=Staff,DC=contoso,DC=com\",\"abc==\",\"3/13/2026 2:00 PM\",\"NewWord\",\"r\",\"n\"\n");
  REQUIRE(got.rows.size() == 1);
  CHECK(got.rows[0].dn == "CN=Ana Lima,OU=Staff,DC=contoso,DC=com");
  CHECK(got.rows[0].anchor == "abc==");
  CHECK(got.rows[0].status == "NewWord");
  CHECK(got.rows[0].details == "Rule: r; Note: n");
  CHECK(to_iso(got.rows[0].time) == "2026-03-13T14:00:00Z");

  const Recorded bare = log("Time,Object,Status\n2026-03-09 10:00,CN=Ana,OU=Staff,DC=contoso,DC=com,Success\n");
  REQUIRE(bare.rows.size() == 1);
  CHECK(bare.rows[0].dn == "CN=Ana,OU=Staff,DC=contoso,DC=com");
  CHECK(bare.rows[0].status == "Success");

  for (const char separator : {';', '\t'}) {
    const std::string s(1, separator);
    const Recorded other =
        log("Datum" + s + "Status" + s + "DN\n10.03.2026 14:00:00" + s + "Success" + s + "CN=Ana,DC=contoso,DC=com\n");
    REQUIRE(other.rows.size() == 1);
    CHECK(other.rows[0].dn == "CN=Ana,DC=contoso,DC=com");
    CHECK(to_iso(other.rows[0].time) == "2026-03-10T14:00:00Z");
  }
}

TEST_CASE("of several columns the one with a status word is the status") {
  const Recorded got = log("Status,Result\nCompleted,NoTargetConnection\n");
  REQUIRE(got.rows.size() == 1);
  CHECK(got.rows[0].status == "NoTargetConnection");
  CHECK(got.rows[0].details == "Status: Completed");
}

TEST_CASE("headers of other languages") {
  for (const char* header : {"Datum;Ergebnis", "Date;Statut", "Datum;Resultaat", "Datum;Status", "日付;状態",
                             "Data;Estado", "日期;状态", "Fecha;Resultado", "Data;Stato"}) {
    CAPTURE(header);
    const Recorded got = log(std::string(header) + "\n2026-03-09 10:00;Success\n");
    REQUIRE(got.rows.size() == 1);
    CHECK(got.rows[0].status == "Success");
    CHECK(to_iso(got.rows[0].time) == "2026-03-09T10:00:00Z");
  }
}

TEST_CASE("Markdown") {
  const Recorded got = log(
      "What the Log button showed:\n\n| Date | Status | DN |\n| --- | --- | --- |\n"
      "| 2026-03-09 10:00 | **FilteredByTarget** | CN=Ana,DC=contoso,DC=com |\n| 2026-03-10 10:00 | `Success` | |\n");
  REQUIRE(got.rows.size() == 2);
  CHECK(got.rows[0].status == "FilteredByTarget");
  CHECK(got.rows[0].dn == "CN=Ana,DC=contoso,DC=com");
  CHECK(got.rows[1].status == "Success");
  CHECK(got.rows[1].where.line == 6);
  CHECK(got.says("outside"));
  CHECK(got.problems.empty());
}

TEST_CASE("aligned text, with a dashed rule and without") {
  const Recorded ruled =
      log("Date                  Status           Object DN\n"
          "----                  ------           ---------\n"
          "3/13/2026 10:00:00 AM FilteredByTarget CN=Ana Lima,DC=contoso,DC=com\n"
          "3/13/2026 10:02:00 AM                  CN=Bo\n"
          "3/13/2026 10:04:00 AM Success          CN=Bo\n");
  REQUIRE(ruled.rows.size() == 2);
  CHECK(ruled.rows[0].status == "FilteredByTarget");
  CHECK(ruled.rows[0].dn == "CN=Ana Lima,DC=contoso,DC=com");
  CHECK(to_iso(ruled.rows[0].time) == "2026-03-13T10:00:00Z");
  REQUIRE(ruled.problems.size() == 1);
  CHECK(ruled.problems[0].where.line == 4);

  const Recorded plain = log("Date              Status\n2026-03-09 10:00  FilteredByTarget\n");
  REQUIRE(plain.rows.size() == 1);
  CHECK(plain.rows[0].status == "FilteredByTarget");

  const Recorded alone = log("Status\nSuccess\nNoTargetConnection\n");
  CHECK(alone.rows.size() == 2);
  const Recorded alone_ruled = log("Status\n------\nSuccess\n");
  CHECK(alone_ruled.rows.size() == 1);
}

TEST_CASE("Get-ADSyncCSObjectLog as Format-List") {
  const Recorded got =
      log("\r\nStatus            : NoTargetConnection\r\nDate              : 3/13/2026 2:00:00 PM\r\n"
          "DistinguishedName : CN=Ana Lima,OU=A long unit,\r\n                    DC=contoso,DC=com\r\nMore            "
          "  : x\r\n"
          "\r\nStatus            : Success\r\nDate              : 3/13/2026 2:02:00 PM\r\n");
  REQUIRE(got.rows.size() == 2);
  CHECK(got.rows[0].status == "NoTargetConnection");
  CHECK(got.rows[0].details == "More: x");
  CHECK(got.rows[0].dn == "CN=Ana Lima,OU=A long unit, DC=contoso,DC=com");
  CHECK(to_iso(got.rows[1].time) == "2026-03-13T14:02:00Z");
  CHECK(got.rows[1].where.line == 8);

  const Recorded later = log("Date : 2026-03-13 14:00\nStatus : Error\n");
  REQUIRE(later.rows.size() == 1);
  CHECK(to_iso(later.rows[0].time) == "2026-03-13T14:00:00Z");
}

TEST_CASE("what is no password sync log gives a problem, nothing gives nothing") {
  CHECK(log("a,b\n1,2\n").problems.size() == 1);
  CHECK(log("").problems.empty());
  CHECK(log("Status,Date\n,2026-03-13 14:00\n").problems.size() == 1);
}

TEST_CASE("a password sync log cut at any byte gives no more rows") {
  const std::string whole =
      "Date,Status,DN\r\n\"2026-03-09 10:00\",Success,\"CN=A,DC=b\"\r\n2026-03-09 10:02,Error,CN=C,DC=d\r\n";
  for (std::size_t n = 0; n <= whole.size(); ++n) CHECK(log(whole.substr(0, n)).rows.size() <= 2);
  std::string nuls = whole;
  for (std::size_t i = 3; i < nuls.size(); i += 7) nuls[i] = '\0';
  CHECK(log(nuls).rows.size() <= 3);
}
