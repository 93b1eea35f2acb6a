// Records that go straight into columns give the rows that the same records give as events.
#include <doctest/doctest.h>

#include <random>

#include "support/log_builder.hpp"
#include "support/log_by_chance.hpp"
#include "support/shared_data.hpp"
#include "support/table_cells.hpp"
#include "synclens/columns.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace support;

namespace {

// Hides that its columns take rows.
struct ByEvent final : RecordSink {
  explicit ByEvent(EventColumns& c) : columns(c) {}
  EventColumns& columns;
  void event(const EventView& e) override { columns.event(e); }
  void problem(Problem p) override { columns.problem(std::move(p)); }
  void note(std::string n) override { columns.note(std::move(n)); }
};

struct Read {
  EventTable table;
  std::vector<std::string> problems;
};

Read read(const Bytes& file, const CompiledFilter* filter, ColumnSet set, bool by_event, std::size_t most_items) {
  TableShape shape;
  for (std::size_t at = 0; at < event_column_count; ++at) {
    if (set.has(static_cast<EventColumn>(at))) shape.columns.push_back(static_cast<EventColumn>(at));
  }
  EventColumns columns(shape);
  columns.begin_source("a log");
  DecodeOptions options;
  options.filter = filter;
  options.columns = set;
  options.marks = false;
  options.limits.event_data_items = most_items;
  const auto stream = open_memory(as_bytes(file));
  if (by_event) {
    ByEvent sink(columns);
    decode_evtx(*stream, options, sink);
  } else {
    decode_evtx_in_parts(*stream, options, columns);  // only parts take rows
  }
  Read read{columns.finish(), {}};
  for (const Problem& p : columns.problems()) {
    read.problems.push_back(p.what + " at " + std::to_string(p.where.offset) + " near " + std::to_string(p.near_time));
  }
  return read;
}

// How many rows there were.
std::size_t check_same(const Bytes& file, const CompiledFilter* filter = nullptr, ColumnSet set = ColumnSet::all(),
                       std::size_t most_items = Limits{}.event_data_items) {
  const Read rows = read(file, filter, set, false, most_items);
  const Read events = read(file, filter, set, true, most_items);
  CHECK(rows.problems == events.problems);
  REQUIRE(rows.table.size() == events.table.size());
  for (std::size_t row = 0; row < rows.table.size(); ++row) {
    for (const EventColumn column : rows.table.shape().columns) {
      const std::string found = cell(rows.table, row, column), wanted = cell(events.table, row, column);
      if (found == wanted) continue;  // a check for each of a million cells would take longest of all
      CAPTURE(row);
      CAPTURE(event_columns[static_cast<std::size_t>(column)].name);
      CHECK(found == wanted);
    }
  }
  return rows.table.size();
}

Bytes with_changes(Bytes file, unsigned seed, std::size_t changes) {
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = 4096 + random() % (file.size() - 4096);
    file[at] = static_cast<char>(random() % 4 == 0 ? 0xFF : random());
  }
  return file;
}

}  // namespace

TEST_CASE("rows: records by chance") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Bytes file = log_by_chance(seed);
    CHECK(check_same(file) != 0);
    check_same(with_changes(file, seed, 20));
    check_same(file, nullptr, {EventColumn::record_id, EventColumn::provider, EventColumn::computer});
    check_same(file, nullptr, {EventColumn::time, EventColumn::binary});
    check_same(file, nullptr, ColumnSet::all(), 1);
    EventFilter wanted;
    wanted.ids = {611, 657};
    const CompiledFilter filter(wanted);
    check_same(file, &filter);
    wanted.text = "two|inner";
    const CompiledFilter text(wanted);
    check_same(file, &text);
  }
}

// What stands behind System: nothing, a fragment, several, arrays, binary, and now and then a second instance.
TEST_CASE("rows: what may stand behind a System that is known") {
  const auto data = [](Xml& xml) {
    xml.open("EventData").content().open("Data").content().slot(0, 0x81, true).close();
    xml.open("Data", true).attribute("Name").text("who").content().slot(1, 1, true).close();
    xml.open("Binary").content().slot(2, 14, true).close().close();
  };
  const auto fill = [](Xml& xml) {
    xml.open("Event").content().open("System").content();
    xml.open("EventID").content().slot(0, 6).close();
    xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 17).empty();
    xml.open("EventRecordID").content().slot(2, 10).close().close();
    xml.slot(3, 0x21, true).close();
  };
  Bytes file = Log().file().substr(0, 4096);
  for (unsigned round = 0; round < 8; ++round) {
    Log chunk;
    Templates templates;
    for (unsigned i = 0; i < 30; ++i) {
      const unsigned kind = (i + round) % 7;
      std::vector<SlotValue> values = {
          {6, number(611, 2)}, {17, number(132'000'000'000'000'000 + i, 8)}, {10, number(i, 8)}, {0, ""}};
      const std::size_t at = chunk.next_body();
      const auto inner = [&](std::size_t place) {
        const SlotValue list = kind == 3 ? SlotValue{0, ""} : SlotValue{0x81, wide("a") + Bytes(2, '\0') + wide("b")};
        const SlotValue binary = kind == 4 ? SlotValue{0, ""} : SlotValue{14, Bytes(kind, '\x7F')};
        return templates.instance(place, 8, data, {list, {1, wide("somebody")}, binary});
      };
      if (kind != 0) {
        values[3] = {0x21, ""};
        const std::size_t place = at + Templates(templates).instance(at, 7, fill, values).size();
        values[3].bytes = inner(place);
        if (kind == 2) values[3].bytes += inner(place + values[3].bytes.size());
        if (kind == 5) values[3].bytes += Bytes(1, '\0');
      }
      Bytes record = templates.instance(at, 7, fill, values);
      if (kind == 6) record += inner(at + record.size());
      chunk.record(record);
    }
    file += chunk.chunk();
  }
  CHECK(check_same(file) == 240);
  check_same(with_changes(file, 3, 300));
}

TEST_CASE("rows: real logs, sound and damaged") {
  for (const fs::path& path : shared_logs()) {
    if (fs::file_size(path) > (std::size_t{3} << 20)) continue;
    CAPTURE(path.string());
    const Bytes file = read_file(path);
    check_same(file);
    if (file.size() > 100'000 && file.size() < 1'200'000) check_same(with_changes(file, 7, file.size() / 4000));
  }
}
