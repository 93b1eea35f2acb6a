// Elements without a template: what is made of the second of a shape is what is made of the first.
#include <doctest/doctest.h>

#include <random>

#include "support/log_builder.hpp"
#include "support/read_log.hpp"
#include "support/rendered.hpp"

using namespace synclens;
using namespace support;

namespace {

// Units as they stand in a log; \x01 and half of a pair among them.
Bytes text_by_chance(std::mt19937& random) {
  static const char16_t units[] = {u'a', u'7', u' ', u'<', u'&', u'"', u'\n', u'\t', 0x01, 0xE9, 0x20AC, 0xD834, 0};
  Bytes out;
  for (std::size_t n = random() % 3 == 0 ? 0 : random() % 30; n != 0; --n) out += number(units[random() % 13], 2);
  return out;
}

void counted_text(Xml& x, const Bytes& utf16) {
  x.raw("\x05\x01").raw(number(utf16.size() / 2, 2)).raw(utf16);
}

// One of a few shapes, with texts by chance.
Bytes body(std::size_t at, std::mt19937& random) {
  Xml x(at, false);
  x.header();
  const auto shape = static_cast<unsigned>(random() % 6);
  x.open("Event", true).attribute("xmlns").text("http://example/").content();
  x.open("System").content();
  x.open("Provider", true).attribute("Name").text(std::vector{"One", "Two", "Three"}[random() % 3]).empty();
  x.open("EventID").content().text(shape == 0 ? "611" : std::to_string(600 + random() % 60)).close();
  x.open("TimeCreated", true).attribute("SystemTime").text("2026-03-10T08:00:0" + std::to_string(random() % 10) + "Z");
  x.empty().close();
  x.open("EventData").content();
  for (unsigned i = 0; i < shape; ++i) {
    x.open("Data", i % 2 == 0);
    if (i % 2 == 0) x.attribute("Name").text(std::string(1 + (i + random() % 2) % 3, 'n'));
    x.content();
    if (i != 4) counted_text(x, text_by_chance(random));
    if (i == 3) x.open("inner").content().close();
    if (i == 2 && random() % 4 == 0) x.character('&');  // never part of a shape
    x.close();
  }
  x.close().close();
  return x.bytes();
}

}  // namespace

TEST_CASE("a record without a template is read and printed as if it stood alone") {
  std::mt19937 random(11);
  Bytes together = Log().file().substr(0, 4096);
  std::vector<Bytes> alone;
  for (int chunks = 0; chunks < 4; ++chunks) {
    Log log;
    while (log.next_body() < 60'000) {
      const std::mt19937 before = random;
      log.record(body(log.next_body(), random));
      std::mt19937 again = before;
      Log single;
      single.record(body(single.next_body(), again));
      alone.push_back(single.file());
    }
    together += log.chunk();
  }
  REQUIRE(alone.size() > 200);
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    const Rendered all = render(together, format);
    CHECK(all.report.problems.empty());
    CHECK(all.report.records == alone.size());
    std::string each;
    for (const Bytes& file : alone) each += render(file, format).text;
    CHECK(all.text == each);
  }
  const ReadLog all = read_log(together);
  REQUIRE(all.events.size() == alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    const ReadLog one = read_log(alone[i]);
    REQUIRE(one.events.size() == 1);
    CHECK(all.events[i].provider == one.events[0].provider);
    CHECK(all.events[i].event_id == one.events[0].event_id);
    CHECK(all.events[i].time == one.events[0].time);
    CHECK(all.events[i].data == one.events[0].data);
  }
}

TEST_CASE("a damaged element is the same problem whether its shape is known or not") {
  const auto cut = [](bool known) {
    Log log;
    const auto element = [&](bool whole) {
      Xml x(log.next_body(), false);
      x.header().open("a").content().open("b").content().text("text").close();
      if (whole) x.close();
      log.record(x.bytes());
    };
    element(known);
    element(known);
    element(false);
    return read_log(log.file()).problems;
  };
  const auto known = cut(true), fresh = cut(false);
  REQUIRE(known.size() == 1);
  REQUIRE(fresh.size() == 3);
  CHECK(known[0].what == fresh[2].what);
}

TEST_CASE("text where elements are expected is a value without a name, whether the shape is known or not") {
  Log log;
  for (int i = 0; i < 3; ++i) {
    Xml x(log.next_body(), false);
    x.header().open("Event").content();
    x.open("System").content().open("EventID").content().text("611").close().close();
    x.open("EventData").content().text("only this").close();
    x.open("UserData").content().text("").close();
    x.open("Other").content().text("beside").open("a").content().text("1").close().close();
    x.close();
    log.record(x.bytes());
  }
  const ReadLog all = read_log(log.file());
  REQUIRE(all.events.size() == 3);
  const std::vector<std::pair<std::string, std::string>> data = {{"", "only this"}, {"", ""}, {"a", "1"}};
  for (const ReadEvent& event : all.events) CHECK(event.data == data);
}
