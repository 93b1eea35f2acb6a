// Elements without a template, read token by token, say what they say as a template without values: which goes by the
// plan that it compiles to.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

#include "decode/utf16.hpp"
#include "support/log_builder.hpp"
#include "support/random_elements.hpp"
#include "support/rendered.hpp"
#include "support/table_cells.hpp"
#include "synclens/columns.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace support;
using evtx::Utf16Kernel;

namespace {

// Where two texts differ first; empty where they do not.
std::string difference(std::string_view a, std::string_view b) {
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const std::size_t from = at < 60 ? 0 : at - 60;
  return std::string(a.substr(from, 120)) + " != " + std::string(b.substr(from, 120));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part + "\n";
  return all;
}

using Fill = std::function<void(Xml&)>;

// Where in their record the elements stand.
enum class Around { user_data, event_data, beside, event };

struct Made {
  Around around;
  Fill fill;
};

void fill_record(Xml& x, Around around) {
  x.open("Event").content();
  x.open("System").content();
  x.open("Provider", true).attribute("Name").text("Some Provider").empty();
  x.open("EventID").content().slot(0, 6).close();
  x.open("TimeCreated", true).attribute("SystemTime").slot(1, 0x11).empty();
  x.open("EventRecordID").content().slot(2, 0x0a).close();
  x.close();
  if (around != Around::event) x.open(around == Around::event_data ? "EventData" : "UserData").content();
  if (around == Around::beside) x.open("first").content().text("1").close();
  x.slot(3, 0x21);
  if (around != Around::event) x.close();
  x.close();
}

Bytes file_of(const std::vector<Made>& records, bool templated) {
  Log log;
  std::map<Around, std::size_t> definitions;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& [around, fill] = records[i];
    const std::size_t at = log.next_body() + 4;
    const auto outer = [&, around = around](const Bytes& inner) {
      const unsigned id = 1 + static_cast<unsigned>(around);
      const std::vector<SlotValue> values = {{6, number(600 + i % 3, 2)},
                                             {0x11, number(134'000'000'000'000'000 + i, 8)},
                                             {0x0a, number(i + 1, 8)},
                                             {0x21, inner}};
      const auto known = definitions.find(around);
      if (known != definitions.end()) return instance_of(known->second, id, values);
      return instance(
          at, id, [around](Xml& x) { fill_record(x, around); }, values);
    };
    const std::size_t inner_at = at + outer({}).size();
    Bytes inner;
    if (templated) {
      inner = instance(inner_at, 1000 + static_cast<unsigned>(i), fill, {});
    } else {
      Xml x(inner_at, false);
      if (i % 2 == 0) x.header();
      fill(x);
      inner = x.bytes();
    }
    log.record(Bytes("\x0f\x01\x01\0", 4) + outer(inner));
    definitions.emplace(around, at + 10);
  }
  REQUIRE(log.next_body() < 65536);
  return log.file();
}

std::vector<std::string> rows_of(const Bytes& file) {
  EventColumns columns;
  columns.begin_source("a log");
  DecodeOptions options;
  const auto stream = open_memory(as_bytes(file));
  decode_evtx_in_parts(*stream, options, columns);
  const EventTable table = columns.finish();
  CHECK(columns.problems().empty());
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < table.size(); ++row) {
    rows.push_back(cell(table, row, EventColumn::event_id) + "\n" + cell(table, row, EventColumn::data) +
                   cell(table, row, EventColumn::message) + cell(table, row, EventColumn::binary));
  }
  return rows;
}

void check_same(const std::vector<Made>& records) {
  const Bytes bare = file_of(records, false), templated = file_of(records, true);
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    const Rendered a = render(bare, format), b = render(templated, format);
    CHECK(a.report.problems.empty());
    CHECK(a.report.records == records.size());
    CHECK(difference(a.text, b.text) == "");
  }
  const std::vector<std::string> a = rows_of(bare), b = rows_of(templated);
  REQUIRE(a.size() == records.size());
  REQUIRE(b.size() == records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    CAPTURE(static_cast<int>(records[i].around));
    CHECK(difference(a[i], b[i]) == "");
  }
}

// On any machine, and on this one.
void on_all_kernels(const std::function<void()>& check) {
  const Utf16Kernel best = evtx::utf16_kernel();
  for (const Utf16Kernel kernel : {Utf16Kernel::scalar, Utf16Kernel::baseline, Utf16Kernel::avx2}) {
    evtx::use_utf16_kernel(kernel);
    CAPTURE(static_cast<int>(kernel));
    check();
  }
  evtx::use_utf16_kernel(best);
}

// Each thrice, so that whatever is learned of one is used for the next.
void check_everywhere(const Fill& fill) {
  std::vector<Made> records;
  for (const Around around : {Around::user_data, Around::event_data, Around::beside, Around::event}) {
    for (int i = 0; i < 3; ++i) records.push_back({around, fill});
  }
  on_all_kernels([&] { check_same(records); });
}

// The XML and JSON of one element alone in UserData.
std::pair<std::string, std::string> printed(const Fill& fill) {
  const Bytes file = file_of({{Around::user_data, fill}, {Around::user_data, fill}}, false);
  const auto between = [](std::string_view text, std::string_view from, std::string_view to) {
    const std::size_t begin = text.rfind(from) + from.size();
    return std::string(text.substr(begin, text.rfind(to) - begin));
  };
  return {between(render(file, RenderFormat::xml).text, "<UserData>", "</UserData>"),
          between(render(file, RenderFormat::jsonl).text, "\"UserData\":{", "}}}")};
}

// Whole records, without a template or as a template without values.
Bytes file_of_records(const std::vector<Fill>& records, bool templated) {
  Log log;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t at = log.next_body() + 4;
    Xml x(at, false);
    if (!templated) records[i](x);
    log.record(Bytes("\x0f\x01\x01\0", 4) +
               (templated ? instance(at, 1000 + static_cast<unsigned>(i), records[i], {}) : x.bytes()));
  }
  REQUIRE(log.next_body() < 65536);
  return log.file();
}

// Every cell but where the record stands, of rows and of events one by one.
std::vector<std::string> cells_of(const Bytes& file, const CompiledFilter* filter, bool by_event) {
  struct ByEvent final : RecordSink {
    explicit ByEvent(EventColumns& c) : columns(c) {}
    EventColumns& columns;
    void event(const EventView& e) override { columns.event(e); }
    void problem(Problem p) override { columns.problem(std::move(p)); }
  };
  EventColumns columns;
  columns.begin_source("a log");
  DecodeOptions options;
  options.filter = filter;
  const auto stream = open_memory(as_bytes(file));
  if (by_event) {
    ByEvent sink(columns);
    decode_evtx(*stream, options, sink);
  } else {
    decode_evtx_in_parts(*stream, options, columns);
  }
  const EventTable table = columns.finish();
  std::vector<std::string> rows;
  for (const Problem& problem : columns.problems()) rows.push_back(problem.what);
  for (std::size_t row = 0; row < table.size(); ++row) {
    std::string all;
    for (std::size_t at = 0; at < event_column_count; ++at) {
      const auto column = static_cast<EventColumn>(at);
      if (column != EventColumn::offset) all += cell(table, row, column) + "|";
    }
    rows.push_back(all);
  }
  return rows;
}

}  // namespace

TEST_CASE("elements by chance are the same by their tokens and by a plan") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    std::vector<Made> records;
    std::mt19937 random(seed);
    for (int i = 0; i < 24; ++i) {
      const auto around = static_cast<Around>(random() % 4);
      const unsigned of_elements = random() % 2 == 0 ? static_cast<unsigned>(random()) : seed;  // some again and again
      records.push_back({around, [of_elements](Xml& x) {
                           RandomElements elements(of_elements);
                           elements.element(x, 0);
                         }});
    }
    on_all_kernels([&] { check_same(records); });
  }
}

TEST_CASE("whole records without a template are the same by their tokens and by a plan") {
  EventFilter wanted;
  wanted.providers = {"a name", "a comp*"};
  const CompiledFilter by_name(wanted);
  wanted.text = "a";
  const CompiledFilter by_text(wanted);
  std::size_t rows = 0, passed = 0;
  for (unsigned seed = 0; seed < 80; ++seed) {
    CAPTURE(seed);
    std::vector<Fill> records;
    for (unsigned i = 0; i < 6; ++i) {
      records.push_back([of = seed * 100 + i](Xml& x) {
        RandomElements elements(of);
        elements.record(x);
      });
    }
    const Bytes bare = file_of_records(records, false), templated = file_of_records(records, true);
    on_all_kernels([&] {
      for (const CompiledFilter* filter : {static_cast<const CompiledFilter*>(nullptr), &by_name, &by_text}) {
        const std::vector<std::string> expected = cells_of(templated, filter, true);
        CHECK(difference(joined(cells_of(bare, filter, true)), joined(expected)) == "");
        CHECK(difference(joined(cells_of(bare, filter, false)), joined(expected)) == "");
        (filter == nullptr ? rows : passed) += expected.size();
      }
      for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
        CHECK(difference(render(bare, format).text, render(templated, format).text) == "");
      }
    });
  }
  CHECK(rows > 1000);
  CHECK(passed > 100);
}

TEST_CASE("what an element holds decides how it is written") {
  const auto empty = printed([](Xml& x) { x.open("a").empty(); });
  CHECK(empty.first == "<a/>");
  CHECK(empty.second == R"("a":null)");
  const auto without_content = printed([](Xml& x) { x.open("a").content().close(); });
  CHECK(without_content == empty);
  const auto empty_text = printed([](Xml& x) { x.open("a").content().text("").close(); });
  CHECK(empty_text.first == "<a></a>");
  CHECK(empty_text.second == R"("a":null)");
  const auto text = printed([](Xml& x) { x.open("a").content().text("one").entity("amp").character('2').close(); });
  CHECK(text.first == "<a>one&amp;2</a>");
  CHECK(text.second == R"("a":"one&2")");
  const auto all = printed([](Xml& x) {
    x.open("a", true).attribute("b").text("1").attribute("empty").attribute("c").entity("quot").content();
    x.text("two").close();
  });
  CHECK(all.first == R"(<a b='1' empty='' c='&quot;'>two</a>)");
  CHECK(all.second == R"("a":{"#attributes":{"b":"1","c":"\""},"#text":"two"})");
  const auto nested = printed([](Xml& x) {
    x.open("a").content().open("b").content().text("1").close().open("c").empty().open("b").empty();
    x.open("b").content().open("b").empty().close().close();
  });
  CHECK(nested.first == "<a><b>1</b><c/><b/><b><b/></b></a>");
  CHECK(nested.second == R"("a":{"b":"1","c":null,"b_1":null,"b_2":{"b":null}})");
}

TEST_CASE("what is unusual is left to the plan") {
  check_everywhere([](Xml& x) { x.open("a").content().text("1").open("b").empty().text("2").close(); });
  check_everywhere([](Xml& x) { x.open("a").content().cdata("a ]]> section").close(); });
  check_everywhere([](Xml& x) { x.open("a").content().instruction("target", "data").close(); });
  check_everywhere([](Xml& x) { x.open("a").content().entity("nbsp").close(); });
  check_everywhere([](Xml& x) { x.open("1 name that is none").content().text("x").close(); });
  check_everywhere([](Xml& x) { x.open(std::string(300, 'l')).content().text("long").close(); });
  check_everywhere([](Xml& x) { x.open("Data", true).attribute("Name").text("n").content().text("x").close(); });
  check_everywhere([](Xml& x) {
    x.open("Data", true).attribute("Name").text("n").attribute("Name").text("m").content().text("x").close();
  });
  check_everywhere(
      [](Xml& x) { x.open("Data", true).attribute("Name").text(std::string(400, 'n')).content().text("x").close(); });
  check_everywhere([](Xml& x) { x.open("Binary").content().text("00FF").close(); });
  check_everywhere([](Xml& x) { x.open("EventData").content().open("Binary").content().text("00FF").close().close(); });
  check_everywhere(
      [](Xml& x) { x.open("RenderingInfo").content().open("Message").content().text("m").close().close(); });
  check_everywhere([](Xml& x) { x.open("BinaryEventData").content().text("00").close(); });
}

TEST_CASE("as many elements in elements as any record may have") {
  const auto nested = [](std::size_t depth) {
    return [depth](Xml& x) {
      for (std::size_t i = 0; i < depth; ++i) x.open("a").content();
      x.text("x");
      for (std::size_t i = 0; i < depth; ++i) x.close();
    };
  };
  check_same({{Around::user_data, nested(64)}, {Around::user_data, nested(64)}});
  const Bytes deeper = file_of({{Around::user_data, nested(65)}}, false);
  REQUIRE(render(deeper, RenderFormat::xml).report.problems.size() == 1);
  CHECK(render(deeper, RenderFormat::xml).report.problems[0].what.find("nested too deep") != std::string::npos);
}

TEST_CASE("a name that is used again and again costs no more than a record may print") {
  const auto long_names = [](Xml& x) {
    const std::size_t entry = x.here() + 5;
    x.open(std::string(250, 'n')).content();
    for (int i = 0; i < 2000; ++i) x.raw("\x01").raw(number(0, 4)).raw(number(entry + 4, 4)).empty();
    x.close();
  };
  const Bytes file = file_of({{Around::user_data, long_names}}, false);
  const Rendered xml = render(file, RenderFormat::xml), json = render(file, RenderFormat::jsonl);
  CHECK(xml.report.problems.empty());
  CHECK(xml.report.records + xml.report.problems.size() == 1);
  CHECK(json.report.records + json.report.problems.size() == 1);
  CHECK(rows_of(file).size() == 1);
}
