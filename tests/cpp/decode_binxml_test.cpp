#include <doctest/doctest.h>

#include <random>

#include "support/log_builder.hpp"
#include "support/naive_binxml.hpp"
#include "support/random_binxml.hpp"
#include "support/rendered.hpp"

using namespace synclens;
using namespace support;

namespace {

std::string xml_of(const Log& log) {
  const Rendered r = render(log.file(), RenderFormat::xml);
  for (const Problem& p : r.report.problems) MESSAGE(p.what);
  return r.text;
}

// <a>slot</a> with one value.
std::string xml_of_value(unsigned type, const Bytes& bytes) {
  Log log;
  log.record(instance(log.next_body(), 7,
                      [](Xml& x) { x.open("a").content().open("v").content().slot(0).close().close(); },
                      {{type, bytes}}));
  std::string text = xml_of(log);
  const std::string before = "<a>", after = "</a>\n";
  REQUIRE(text.substr(0, 3) == before);
  return text.substr(3, text.size() - before.size() - after.size());
}

template <typename Fill>
Log bare(Fill fill) {
  Log log;
  Xml x(log.next_body(), false);
  x.header();
  fill(x);
  log.record(x.bytes());
  return log;
}

struct Events : RecordSink {
  std::vector<std::vector<std::pair<std::string, std::string>>> data;
  std::vector<Problem> problems;
  void event(const EventView& e) override {
    data.emplace_back();
    for (const DataItem& item : e.data) data.back().emplace_back(item.name, item.value);
  }
  void problem(Problem p) override { problems.push_back(std::move(p)); }
};

Events events_of(const Bytes& file) {
  Events sink;
  const auto stream = open_memory(as_bytes(file));
  decode_evtx(*stream, {}, sink);
  return sink;
}

}  // namespace

TEST_CASE("tokens that real logs do not have") {
  CHECK(xml_of(bare([](Xml& x) { x.open("a").content().cdata("x<y").close(); })) == "<a><![CDATA[x<y]]></a>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a").content().cdata("x]]>y").close(); })) ==
        "<a><![CDATA[x]]]]><![CDATA[>y]]></a>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a").content().character(0x41).character(0x26).close(); })) ==
        "<a>A&amp;</a>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a").content().entity("lt").entity("quot").entity("nbsp").close(); })) ==
        "<a>&lt;\"&amp;nbsp;</a>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a").content().instruction("p", "d?>e").close(); })) == "<a><?p d? >e?></a>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a", true).attribute("q").text("it's \"so\" <&>").empty(); })) ==
        "<a q='it&apos;s &quot;so&quot; &lt;&amp;&gt;'/>\n");
  CHECK(xml_of(bare([](Xml& x) { x.open("a b<").empty(); })) == "<a_b_/>\n");
}

TEST_CASE("values and their text") {
  CHECK(xml_of_value(0x00, "zz") == "<v></v>");
  CHECK(xml_of_value(0x01, wide("hi") + Bytes(4, '\0')) == "<v>hi</v>");
  CHECK(xml_of_value(0x01, Bytes("\x3d\xd8\x00\xde", 4)) == "<v>\xF0\x9F\x98\x80</v>");
  CHECK(xml_of_value(0x01, Bytes("\x3d\xd8", 2) + wide("a")) ==
        "<v>\xEF\xBF\xBD"
        "a</v>");
  CHECK(xml_of_value(0x01, Bytes("\x01\x00\x00\xff", 4)) == "<v>\xEF\xBF\xBD\xEF\xBC\x80</v>");
  CHECK(xml_of_value(0x02, "caf\xe9\x80") == "<v>caf\xC3\xA9\xE2\x82\xAC</v>");
  CHECK(xml_of_value(0x03, "\xff") == "<v>-1</v>");
  CHECK(xml_of_value(0x04, "\xff") == "<v>255</v>");
  CHECK(xml_of_value(0x05, number(0xFFFE, 2)) == "<v>-2</v>");
  CHECK(xml_of_value(0x07, number(0x80000000, 4)) == "<v>-2147483648</v>");
  CHECK(xml_of_value(0x0a, Bytes(8, '\xff')) == "<v>18446744073709551615</v>");
  CHECK(xml_of_value(0x0b, number(0x3FC00000, 4)) == "<v>1.5</v>");
  CHECK(xml_of_value(0x0c, number(0x7FF0000000000000, 8)) == "<v>1.#INF</v>");
  CHECK(xml_of_value(0x0d, number(16, 4)) == "<v>true</v>");
  CHECK(xml_of_value(0x0d, number(0, 4)) == "<v>false</v>");
  CHECK(xml_of_value(0x0e, "\x0a\xff") == "<v>0AFF</v>");
  CHECK(xml_of_value(0x10, number(0x1f, 4)) == "<v>0x1f</v>");
  CHECK(xml_of_value(0x11, number(116444736000000001, 8)) == "<v>1970-01-01T00:00:00.0000001Z</v>");
  CHECK(xml_of_value(0x11, Bytes(8, '\xff')) == "<v>0xffffffffffffffff</v>");
  CHECK(xml_of_value(0x12, Bytes(16, '\0')) == "<v>0000-00-00T00:00:00.0000000Z</v>");
  CHECK(xml_of_value(0x13, Bytes("\x01\x01\0\0\0\0\0\x05\x12\0\0\0", 12)) == "<v>S-1-5-18</v>");
  CHECK(xml_of_value(0x13, Bytes("\x01\x05\0\0\0\0\0\x05\x12\0\0\0", 12)) == "<v>S-1-5-18</v>");
  CHECK(xml_of_value(0x15, number(0, 8)) == "<v>0x0</v>");
  CHECK(xml_of_value(0x08, "abc") == "<v>616263</v>");  // a size that no uint32 has
}

TEST_CASE("an array repeats its element") {
  CHECK(xml_of_value(0x81, wide("a") + Bytes(4, '\0') + wide("b")) == "<v>a</v><v></v><v>b</v>");
  CHECK(xml_of_value(0x81, "") == "<v></v>");
  CHECK(xml_of_value(0x82, Bytes("x\0\0y\0", 5)) == "<v>x</v><v></v><v>y</v>");
  CHECK(xml_of_value(0x84, "\x01\x02") == "<v>1</v><v>2</v>");
  CHECK(xml_of_value(0x86, number(7, 2) + number(8, 2) + "z") == "<v>7</v><v>8</v>");
  CHECK(xml_of_value(0x8d, number(1, 4) + number(0, 4)) == "<v>true</v><v>false</v>");
  CHECK(xml_of_value(0x90, number(1, 8) + number(2, 8)) == "<v>0x1</v><v>0x2</v>");
  CHECK(xml_of_value(0x93, Bytes("\x01\x01\0\0\0\0\0\x05\x12\0\0\0", 12) + Bytes("\x01\x00\0\0\0\0\0\x05", 8)) ==
        "<v>S-1-5-18</v><v>S-1-5</v>");
  CHECK(xml_of_value(0x94, number(16, 4) + number(17, 4)) == "<v>0x10</v><v>0x11</v>");
}

TEST_CASE("NULL leaves out the element or attribute of an optional slot and nothing else") {
  Log log;
  log.record(instance(log.next_body(), 7,
                      [](Xml& x) {
                        x.open("a").content();
                        x.open("gone").content().slot(0, 1, true).close();
                        x.open("stays").content().slot(0).close();
                        x.open("half", true).attribute("g").slot(0, 1, true).content().slot(1, 1, true).close();
                        x.open("depends", false, 0).content().text("t").close();
                        x.open("beyond").content().slot(99, 1, true).close();
                        x.close();
                      },
                      {{0, "??"}, {1, wide("z")}}));
  CHECK(xml_of(log) == "<a><stays></stays><half>z</half></a>\n");
}

TEST_CASE("a second chunk-local layout of one template is the same plan or another, never a wrong one") {
  Log log;
  const auto fill = [](Xml& x) {
    x.open("Event").content().open("EventData").content().open("Data").content().slot(0).close().close().close();
  };
  const auto other = [](Xml& x) {
    x.open("Event").content().open("EventData").content().open("Dbta").content().slot(0).close().close().close();
  };
  log.record(instance(log.next_body(), 7, fill, {{1, wide("one")}}));
  log.record(instance(log.next_body(), 7, fill, {{1, wide("two")}}));
  log.record(instance(log.next_body(), 7, other, {{1, wide("three")}}));
  const Events events = events_of(log.file());
  REQUIRE(events.data.size() == 3);
  CHECK(events.data[0][0] == std::pair<std::string, std::string>("", "one"));
  CHECK(events.data[1][0] == std::pair<std::string, std::string>("", "two"));
  CHECK(events.data[2][0] == std::pair<std::string, std::string>("Dbta", "three"));
}

TEST_CASE("depth is bounded, and the next record is read") {
  Log log;
  Xml deep(log.next_body(), false);
  deep.header();
  for (int i = 0; i < 70; ++i) deep.open("a").content();
  for (int i = 0; i < 70; ++i) deep.close();
  log.record(deep.bytes());
  Xml flat(log.next_body(), false);
  log.record(flat.header().open("Event").empty().bytes());
  const Events events = events_of(log.file());
  CHECK(events.data.size() == 1);
  REQUIRE(events.problems.size() == 1);
  CHECK(events.problems[0].what.find("nested too deep") != std::string::npos);
  CHECK(events.problems[0].where.chunk == 0);
  CHECK(events.problems[0].where.offset == 4096 + 512);
}

TEST_CASE("a value that is printed thousands of times is a problem, not gigabytes") {
  Log log;
  log.record(instance(log.next_body(), 7,
                      [](Xml& x) {
                        x.open("Event").content();
                        for (int i = 0; i < 4000; ++i) x.slot(0);
                        x.close();
                      },
                      {{1, Bytes(30000, 'a')}}));
  const Rendered r = render(log.file(), RenderFormat::xml);
  CHECK(r.text.empty());
  CHECK(r.report.problems.size() == 1);
}

namespace {

// Compares what the engine prints for the intact records of a one-chunk file with the naive decoder. Only names that
// XML can hold are compared: the engine writes others with underscores. Returns how many were equal.
std::size_t compare_with_naive(const Bytes& file) {
  const Rendered plain = render(file, RenderFormat::xml, 1, true);
  NaiveBinXml naive(file.substr(4096));
  const std::string mark = "<Recovery xmlns='urn:synclens:recovery' state='intact' chunk='0' offset='";
  std::size_t equal = 0, begin = 0;
  for (std::size_t at = plain.text.find("<Recovery "); at != std::string::npos;
       at = plain.text.find("<Recovery ", at + 1)) {
    const std::size_t close = plain.text.find("/>", at);
    const std::size_t end = plain.text.find(">\n", close + 2);
    const std::string before = plain.text.substr(begin, at - begin);
    const std::string after = plain.text.substr(close + 2, end + 1 - close - 2);
    begin = end + 2;
    if (plain.text.compare(at, mark.size(), mark) != 0) continue;
    const std::size_t offset = std::stoul(plain.text.substr(at + mark.size())) - 4096;
    std::string expected;
    try {
      expected = naive.record(offset);
    } catch (const StrangeName&) {
      continue;
    }
    // an element without content has its mark inside
    const bool empty_root =
        expected.size() > 2 && expected.compare(expected.size() - 2, 2, "/>") == 0 && expected != before + after;
    if (empty_root) expected.replace(expected.size() - 2, 2, ">" + after);
    if (before + after != expected) CHECK(before + after == expected);
    ++equal;
  }
  return equal;
}

}  // namespace

TEST_CASE("the engine and the naive decoder agree on records made by chance") {
  std::size_t compared = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    compared += compare_with_naive(RandomRecords(seed).file());
  }
  CHECK(compared > 2000);
}

TEST_CASE("they agree on what is left of such records after changes by chance") {
  std::mt19937 random(5);
  std::size_t compared = 0;
  for (unsigned seed = 100; seed < 160; ++seed) {
    CAPTURE(seed);
    Bytes file = RandomRecords(seed).file();
    for (int n = 0; n < 40; ++n)
      file[4096 + 512 + random() % 60000] = static_cast<char>(random() % 3 == 0 ? random() % 0x16 : random());
    compared += compare_with_naive(file);
  }
  CHECK(compared > 1000);
}
