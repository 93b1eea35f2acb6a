// Numbers and words of events as exports write them, by way of a table.
#include <doctest/doctest.h>

#include <string>

#include "collected_records.hpp"
#include "synclens/bytes.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

KeptEvent row(const std::string& header, const std::string& cells) {
  const std::string text = header + "\r\n" + cells + "\r\n";
  CollectedRecords got;
  Utf8Stream utf8(open_memory(as_bytes(text)));
  decode_event_table(utf8, {}, got);
  REQUIRE(got.events.size() == 1);
  return got.events[0];
}

}  // namespace

TEST_CASE("event fields: Get-EventLog's entry types, as words and as numbers") {
  const auto level = [](const std::string& type) -> int {
    const KeptEvent e = row("EventID,MachineName,EntryType,Source,Message", "611,s1," + type + ",ADSync,text");
    return e.has(EventField::level) ? e.fields.level : -1;
  };
  CHECK(level("Error") == 2);
  CHECK(level("Warning") == 3);
  CHECK(level("Information") == 4);
  CHECK(level("1") == 2);
  CHECK(level("2") == 3);
  CHECK(level("4") == 4);
  CHECK(level("0") == 0);
  CHECK(level("8") == 0);
  CHECK(level("16") == 0);
  CHECK(level("3") == -1);
  CHECK(level("1x") == -1);
  CHECK(level("") == -1);
  CHECK(level(std::string(80, 'e')) == -1);
}

TEST_CASE("event fields: keywords, ids and lists as Export-Csv writes them") {
  const auto with = [](const std::string& keywords, const std::string& id) {
    return row("ProviderName,Id,Keywords,Level,Message", "ADSync," + id + "," + keywords + ",2,text");
  };
  CHECK(with("0x8080000000000000", "611").fields.keywords == 0x8080000000000000u);
  CHECK(with("0X10", "611").fields.keywords == 16);
  CHECK(with("36028797018963968", "611").fields.keywords == 36028797018963968u);
  CHECK(with("-9187343239835811840", "611").fields.keywords == 0x8080000000000000u);
  CHECK(with("18446744073709551615", "611").fields.keywords == ~std::uint64_t{0});
  for (const std::string wrong :
       {"0x", "0xZZ", "0x10g", "12a", "System.Collections.ObjectModel.ReadOnlyCollection`1[System.String]"}) {
    CHECK(!with(wrong, "611").has(EventField::keywords));
  }
  CHECK(with("1", "611").id() == 611);
  CHECK(with("1", "3221226083").id() == 611);  // with qualifiers in its upper half
  CHECK(with("1", "-1073741213").id() == 611);
  CHECK(with("1", "-1073741213").fields.qualifiers == 0xC000);
}
