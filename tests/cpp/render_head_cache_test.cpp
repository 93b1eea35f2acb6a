// What is kept of one record must never show in another.
#include <doctest/doctest.h>

#include "support/log_builder.hpp"
#include "support/rendered.hpp"

using namespace synclens;
using namespace support;

namespace {

// What differs between the records of the test; everything comes twice and in several orders.
struct Chosen {
  unsigned id, level, process;
  std::string channel, data;
  bool activity;
  std::string computer = "pc";
};

Bytes body(Templates& templates, std::size_t at, const Chosen& c, std::size_t most_values = 99) {
  const auto fill = [](Xml& xml) {
    xml.open("Event").content().open("System").content();
    xml.open("EventID").content().slot(0, 6).close();
    xml.open("Level", false, 1).content().slot(1, 4, true).close();
    xml.open("TimeCreated", true).attribute("SystemTime").slot(2, 17, true).empty();
    xml.open("EventRecordID").content().slot(3, 10, true).close();
    xml.open("Correlation", true).attribute("ActivityID").slot(4, 15, true).empty();
    xml.open("Execution", true).attribute("ProcessID").slot(5, 8, true).empty();
    xml.open("Channel").content().slot(6, 1, true).close();
    xml.open("Computer").content().slot(7, 1, true).close();
    xml.close();
    xml.open("EventData").content().open("Data", true).attribute("Name").text("who");
    xml.content().slot(8, 1, true).close().close().close();
  };
  const SlotValue level = c.level == 0 ? SlotValue{0, ""} : SlotValue{4, number(c.level, 1)};
  const SlotValue activity = c.activity ? SlotValue{15, Bytes(16, static_cast<char>(c.process))} : SlotValue{0, ""};
  std::vector<SlotValue> values = {{6, number(c.id, 2)},
                                   level,
                                   {17, number(132000000000000000 + c.process * 10'000'000ull, 8)},
                                   {10, number(c.process * 3, 8)},
                                   activity,
                                   {8, number(c.process, 4)},
                                   {1, wide(c.channel)},
                                   {1, wide(c.computer)},
                                   {1, wide(c.data)}};
  values.resize(std::min(values.size(), most_values));
  return templates.instance(at, 7, fill, values);
}

std::vector<Chosen> choices() {
  std::vector<Chosen> all;
  for (unsigned i = 0; i < 120; ++i) {
    all.push_back({i % 3 == 0 ? 611u : 656u, i / 7 % 3, 100 + i, i / 5 % 2 == 0 ? "One" : "T<o",
                   i % 2 == 0 ? "short" : "\"quoted\" & longer", i / 11 % 2 == 0});
  }
  return all;
}

Bytes log_of(const std::vector<Chosen>& chosen) {
  Bytes file = Log().file().substr(0, 4096);
  for (std::size_t i = 0; i < chosen.size(); i += 20) {
    Log chunk;
    Templates templates;
    for (std::size_t j = i; j < std::min(i + 20, chosen.size()); ++j) {
      chunk.record(body(templates, chunk.next_body(), chosen[j]));
    }
    file += chunk.chunk();
  }
  return file;
}

}  // namespace

TEST_CASE("a record is printed as if it stood alone, whatever came before it") {
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    const Rendered together = render(log_of(choices()), format);
    CHECK(together.report.problems.empty());
    CHECK(together.report.records == 120);
    std::string alone;
    for (const Chosen& chosen : choices()) alone += render(log_of({chosen}), format).text;
    CHECK(together.text == alone);
  }
}

// More sizes of System than are kept, and two of each that take turns.
TEST_CASE("a record is printed as if it stood alone, however many layouts its template has") {
  std::vector<Chosen> all;
  for (unsigned i = 0; i < 900; ++i) {
    const std::string channel(1 + i % 90, i % 2 == 0 ? 'a' : 'b');
    all.push_back({611, 2, 100 + i, channel, "data", i % 7 == 0});
  }
  // The same bytes and sizes together, divided otherwise.
  for (unsigned i = 0; i < 60; ++i) {
    const bool first = i / 4 % 2 == 0;
    all.push_back({611, 2, i, first ? "ab" : "a", "data", true, first ? "c" : "bc"});
  }
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    const Rendered together = render(log_of(all), format);
    CHECK(together.report.records == all.size());
    std::string alone;
    for (const Chosen& chosen : all) alone += render(log_of({chosen}), format).text;
    CHECK(together.text == alone);
  }
}

// A damaged instance may have fewer values than its template has places, or none.
TEST_CASE("a record with too few values is printed as if it stood alone") {
  const Chosen one{611, 2, 100, "One", "data", true};
  const auto log_with = [&](std::size_t before, std::size_t values) {
    Log chunk;
    Templates templates;
    for (std::size_t i = 0; i < before; ++i) chunk.record(body(templates, chunk.next_body(), one));
    for (int i = 0; i < 6; ++i) chunk.record(body(templates, chunk.next_body(), one, values));
    return chunk.file();
  };
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    for (std::size_t values = 0; values < 10; ++values) {
      CAPTURE(values);
      const Rendered alone = render(log_with(0, values), format), later = render(log_with(6, values), format);
      CHECK(later.report.problems.size() == alone.report.problems.size());
      CHECK(later.text.ends_with(alone.text));
    }
  }
}

TEST_CASE("two instances in one record are both printed, whatever came before") {
  const auto log_with = [](std::size_t before) {
    Log chunk;
    Templates templates;
    const Chosen one{611, 2, 100, "One", "first", true}, two{656, 2, 100, "One", "second", true};
    for (std::size_t i = 0; i < before; ++i) chunk.record(body(templates, chunk.next_body(), one));
    const Bytes first = body(templates, chunk.next_body(), one);
    chunk.record(first + body(templates, chunk.next_body() + first.size(), two));
    return chunk.file();
  };
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    const Rendered alone = render(log_with(0), format), later = render(log_with(6), format);
    CHECK(alone.text.find("second") != std::string::npos);
    CHECK(lines(later.text).back() == lines(alone.text).back());
  }
}

TEST_CASE("what is kept of a record is printed right") {
  const std::vector<Chosen> same(5, {611, 2, 100, "T<o", "a\"b", true});
  const Rendered xml = render(log_of(same), RenderFormat::xml);
  const Rendered json = render(log_of(same), RenderFormat::jsonl);
  for (const std::string_view line : lines(xml.text)) {
    CHECK(
        line ==
        "<Event><System><EventID>611</EventID><Level>2</Level><TimeCreated SystemTime='2019-04-17T18:41:40.0000000Z'/>"
        "<EventRecordID>300</EventRecordID><Correlation ActivityID='{64646464-6464-6464-6464-646464646464}'/>"
        "<Execution ProcessID='100'/><Channel>T&lt;o</Channel><Computer>pc</Computer></System>"
        "<EventData><Data Name='who'>a\"b</Data></EventData></Event>");
  }
  CHECK(lines(json.text).size() == 5);
  for (const std::string_view line : lines(json.text)) {
    CHECK(line == R"({"Event":{"System":{"EventID":611,"Level":2,"TimeCreated":{"#attributes":{"SystemTime":)"
                  R"("2019-04-17T18:41:40.0000000Z"}},"EventRecordID":300,"Correlation":{"#attributes":{"ActivityID":)"
                  R"("{64646464-6464-6464-6464-646464646464}"}},"Execution":{"#attributes":{"ProcessID":100}},)"
                  R"("Channel":"T<o","Computer":"pc"},"EventData":{"who":"a\"b"}}})");
  }
}
