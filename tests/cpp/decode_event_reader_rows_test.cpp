// Records that go straight into columns give the rows that the same records give as events.
#include <doctest/doctest.h>

#include <random>

#include "support/log_builder.hpp"
#include "support/log_by_chance.hpp"
#include "support/shared_data.hpp"
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

template <typename Number>
std::string number_of(const Column& column, std::size_t row) {
  return std::to_string(column.number_at<Number>(row));
}

std::string cell(const EventTable& table, std::size_t row, EventColumn which) {
  const auto [batch, at] = table.locate(row);
  const Column& column = (*batch)[which];
  if (!column.valid(at)) return "null";
  const auto name_in = [&](EventColumn of, std::int32_t code) {
    return std::string(table.dictionaries()[static_cast<std::size_t>(of)].at(static_cast<std::size_t>(code)));
  };
  switch (event_columns[static_cast<std::size_t>(which)].type) {
    case ColumnType::u8:
      return number_of<std::uint8_t>(column, at);
    case ColumnType::u16:
      return number_of<std::uint16_t>(column, at);
    case ColumnType::u32:
      return number_of<std::uint32_t>(column, at);
    case ColumnType::u64:
      return number_of<std::uint64_t>(column, at);
    case ColumnType::i64:
    case ColumnType::time:
      return number_of<std::int64_t>(column, at);
    case ColumnType::name:
      return name_in(which, column.number_at<std::int32_t>(at));
    case ColumnType::text:
      return std::string(column.text_at(at));
    case ColumnType::items:
      break;
  }
  std::string items;
  for (std::size_t i = column.offset_at(at); i < column.offset_at(at + 1); ++i) {
    const Column& names = column.children[0];
    items += names.valid(i) ? name_in(which, names.number_at<std::int32_t>(i)) : "(none)";
    items += "=" + std::string(column.children[1].text_at(i)) + "\n";
  }
  return items;
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

TEST_CASE("rows: real logs, sound and damaged") {
  for (const fs::path& path : shared_logs()) {
    if (fs::file_size(path) > (std::size_t{3} << 20)) continue;
    CAPTURE(path.string());
    const Bytes file = read_file(path);
    check_same(file);
    if (file.size() > 100'000 && file.size() < 1'200'000) check_same(with_changes(file, 7, file.size() / 4000));
  }
}
