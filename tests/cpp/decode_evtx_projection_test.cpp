// Part of an event log: what a filter keeps and what a sink asks for are the same as of the whole log, however the
// records write their fields.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "collected_records.hpp"
#include "support/log_builder.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;
using namespace support;

namespace {

enum : unsigned {
  null = 0x00,
  string = 0x01,
  ansi = 0x02,
  u8 = 0x04,
  u16 = 0x06,
  u32 = 0x08,
  u64 = 0x0A,
  binary = 0x0E,
  guid = 0x0F,
  filetime = 0x11,
  systemtime = 0x12,
  binxml = 0x21,
  strings = 0x81
};

constexpr std::uint64_t start = 132000000000000000;

// The values of one record: id, level, time, number, channel, computer, data.
struct Row {
  SlotValue id, level, time, number, channel, computer, data;
};

Bytes text(std::string_view ascii) {
  return wide(ascii);
}

Bytes moment(unsigned minute) {  // 2019-04-18 of a SYSTEMTIME: year, month, day of week, day, hour, minute, ...
  Bytes out;
  for (const unsigned part : {2019u, 4u, 4u, 18u, 22u, minute, 40u, 0u}) out += support::number(part, 2);
  return out;
}

Log& add(Log& log, const Row& row, unsigned id) {
  const auto fill = [](Xml& x) {
    x.open("Event").content().open("System").content();
    x.open("Provider", true).attribute("Name").text("Directory Synchronization").empty();
    x.open("EventID").content().slot(0, u16).close();
    x.open("Level").content().slot(1, u8).close();
    x.open("TimeCreated", true).attribute("SystemTime").slot(2, filetime).empty();
    x.open("EventRecordID").content().slot(3, u64).close();
    x.open("Channel").content().slot(4, string).close();
    x.open("Computer").content().slot(5, string).close();
    x.close();
    x.open("EventData").content().open("Data").content().slot(6, string).close().close();
    x.close();
  };
  const std::size_t at = log.next_body() + 4;
  const std::vector<SlotValue> values = {row.id, row.level, row.time, row.number, row.channel, row.computer, row.data};
  return log.record("\x0f\x01\x01" + Bytes(1, '\0') + instance(at, id, fill, values), start + id);
}

// The usual record, and one for each other way to write a field.
Bytes made_log() {
  Log log;
  const auto usual = [](unsigned n) {
    return Row{{u16, support::number(n % 2 == 0 ? 611 : 654, 2)},
               {u8, support::number(n % 2 == 0 ? 2 : 4, 1)},
               {filetime, support::number(start + n, 8)},
               {u64, support::number(1000 + n, 8)},
               {string, text("Application")},
               {string, text(n % 3 == 0 ? "one.example" : "two.example")},
               {string, text("RPC Error 8453")}};
  };
  unsigned n = 1;
  const auto put = [&](const std::function<void(Row&)>& change) {
    Row row = usual(n);
    change(row);
    add(log, row, n++);
  };
  for (int i = 0; i < 6; ++i) put([](Row&) {});
  put([](Row& r) { r.id = {string, text("611")}; });
  put([](Row& r) { r.id = {null, {}}; });
  put([](Row& r) { r.id = {u32, support::number(611, 4)}; });
  put([](Row& r) { r.level = {null, {}}; });
  put([](Row& r) { r.level = {string, text("2")}; });
  put([](Row& r) { r.time = {systemtime, moment(7)}; });
  put([](Row& r) { r.time = {string, text("2019-04-18T22:40:00.0000000Z")}; });
  put([](Row& r) { r.time = {string, text("yesterday")}; });
  put([](Row& r) { r.time = {null, {}}; });
  put([](Row& r) { r.number = {null, {}}; });
  put([](Row& r) { r.number = {string, text("77")}; });
  put([](Row& r) { r.channel = {ansi, "System"}; });
  put([](Row& r) { r.channel = {string, text("System")}; });
  put([](Row& r) { r.channel = {string, {}}; });
  put([](Row& r) { r.channel = {null, {}}; });
  put([](Row& r) { r.computer = {null, {}}; });
  put([](Row& r) { r.data = {strings, text("a") + Bytes(2, '\0') + text("b") + Bytes(2, '\0')}; });
  put([](Row& r) { r.data = {strings, {}}; });
  put([](Row& r) { r.data = {binary, "\x01\x02"}; });
  put([](Row& r) { r.data = {guid, Bytes(16, 'g')}; });
  put([](Row& r) { r.data = {null, {}}; });
  return log.file();
}

struct Whole : CollectedRecords {
  std::vector<std::string> channels_of_marks;
  void passed_over(const RecordMark& mark) override {
    CollectedRecords::passed_over(mark);
    channels_of_marks.emplace_back(mark.channel);
  }
};

Whole read(const Bytes& file, DecodeOptions options) {
  Whole sink;
  decode_evtx(*open_memory(as_bytes(file)), options, sink);
  return sink;
}

bool same(const KeptEvent& a, const KeptEvent& b, EventColumn column) {
  const auto number = [&](EventField field, auto of) {
    return a.has(field) == b.has(field) && (!a.has(field) || of(a.fields) == of(b.fields));
  };
  switch (column) {
    case EventColumn::record_id:
      return number(EventField::record_id, [](const EventView& e) { return e.record_id; });
    case EventColumn::time:
      return number(EventField::time, [](const EventView& e) { return e.time; });
    case EventColumn::event_id:
      return number(EventField::event_id, [](const EventView& e) { return e.event_id; });
    case EventColumn::level:
      return number(EventField::level, [](const EventView& e) { return e.level; });
    case EventColumn::provider:
      return a.provider == b.provider;
    case EventColumn::channel:
      return a.channel == b.channel;
    case EventColumn::computer:
      return a.computer == b.computer;
    case EventColumn::data:
      return a.data == b.data;
    default:
      return true;
  }
}

constexpr EventColumn looked_at[] = {EventColumn::record_id, EventColumn::time,     EventColumn::event_id,
                                     EventColumn::level,     EventColumn::provider, EventColumn::channel,
                                     EventColumn::computer,  EventColumn::data};

std::vector<EventFilter> filters() {
  std::vector<EventFilter> all(12);
  all[0].ids = {611};
  all[1].ids = {654, 999};
  all[2].levels = {2};
  all[3].channels = {"system"};
  all[4].computers = {"ONE.EXAMPLE"};
  all[5].providers = {"directory*"};
  all[6].providers = {"ADSync"};
  all[7].since = static_cast<Ticks>(start + 4);
  all[7].until = static_cast<Ticks>(start + 20);
  all[8].first_record = 1003;
  all[8].last_record = 1010;
  all[9].text = "Error [0-9]+";
  all[10].ids = {611};
  all[10].channels = {"application"};
  all[10].text = "8453";
  all[11].levels = {9};
  return all;
}

}  // namespace

TEST_CASE("projection: every way to write a field is read") {
  const Whole whole = read(made_log(), {});
  REQUIRE(whole.problems.empty());
  REQUIRE(whole.events.size() == 27);
  const auto with_id = [&](std::uint32_t id) {
    return std::count_if(whole.events.begin(), whole.events.end(), [&](const KeptEvent& e) { return e.id() == id; });
  };
  CHECK(with_id(611) >= 12);
  CHECK(whole.events[22].data == std::vector<std::pair<std::string, std::string>>{{"", "a"}, {"", "b"}});
  CHECK(whole.events[17].channel == "System");
  CHECK(whole.events[18].channel == "System");
}

TEST_CASE("projection: a filter keeps what it keeps of the whole, and marks the rest") {
  const Bytes file = made_log();
  const Whole whole = read(file, {});
  for (const EventFilter& plain : filters()) {
    const CompiledFilter filter(plain);
    DecodeOptions options;
    options.filter = &filter;
    const Whole some = read(file, options);
    CHECK(some.problems.empty());
    CHECK(some.events.size() + some.marks.size() == whole.events.size());
    std::size_t kept = 0, marked = 0;
    for (const KeptEvent& e : whole.events) {
      EventView view = e.fields;  // its texts are gone: these are what the filter looks at
      view.provider = e.provider;
      view.channel = e.channel;
      view.computer = e.computer;
      std::vector<DataItem> items;
      for (const auto& [name, value] : e.data) items.push_back({name, value});
      view.data = items;
      view.message = {};
      if (filter.accepts(view)) {
        REQUIRE(kept < some.events.size());
        for (const EventColumn column : looked_at) CHECK(same(some.events[kept], e, column));
        ++kept;
      } else {
        REQUIRE(marked < some.marks.size());
        CHECK(some.marks[marked].record_id == e.fields.record_id);
        CHECK(some.marks[marked].time == e.fields.time);
        CHECK(some.channels_of_marks[marked] == e.channel);
        ++marked;
      }
    }
    CHECK(kept == some.events.size());
    options.marks = false;
    const Whole unmarked = read(file, options);
    CHECK(unmarked.events.size() == some.events.size());
    CHECK(unmarked.marks.empty());
  }
}

TEST_CASE("projection: what is asked for is there and is what the whole record says") {
  const Bytes file = made_log();
  const Whole whole = read(file, {});
  std::vector<ColumnSet> sets = {ColumnSet{}};
  for (const EventColumn one : looked_at) {
    sets.push_back({one});
    for (const EventColumn other : looked_at) sets.push_back({one, other});
  }
  for (const ColumnSet& columns : sets) {
    DecodeOptions options;
    options.columns = columns;
    const Whole part = read(file, options);
    REQUIRE(part.events.size() == whole.events.size());
    for (std::size_t i = 0; i < whole.events.size(); ++i) {
      for (const EventColumn column : looked_at) {
        if (columns.has(column)) CHECK(same(part.events[i], whole.events[i], column));
      }
    }
  }
}

TEST_CASE("projection: what nobody asked for is read where it could be damaged") {
  Log log;
  Row row{{u16, support::number(611, 2)},
          {u8, support::number(2, 1)},
          {filetime, support::number(start, 8)},
          {u64, support::number(1, 8)},
          {string, text("Application")},
          {string, text("one.example")},
          {binxml, Bytes("\x0f\x01\x01\x00\x01", 5)}};  // an element that ends in the middle of its head
  add(log, row, 1);
  DecodeOptions options;
  for (const ColumnSet& columns : {ColumnSet::all(), ColumnSet{EventColumn::event_id}, ColumnSet{}}) {
    options.columns = columns;
    const Whole read_so = read(log.file(), options);
    CHECK(read_so.events.empty());
    CHECK(read_so.problems.size() == 1);
  }
}
