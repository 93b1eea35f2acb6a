// What the filter answers from a few values is what it says of the whole event.
#include <doctest/doctest.h>

#include <functional>

#include "support/log_builder.hpp"
#include "support/log_by_chance.hpp"
#include "support/shared_data.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace support;

namespace {

struct Seen : RecordSink {
  explicit Seen(const CompiledFilter* asked) : filter(asked) {}

  const CompiledFilter* filter;  // asked of each event
  std::vector<std::uint64_t> accepted;
  std::uint64_t events = 0;
  std::vector<std::tuple<std::uint64_t, Ticks, std::string, unsigned>> turned_down;  // record id, time, channel, level
  std::size_t problems = 0;

  void event(const EventView& e) override {
    ++events;
    if (filter == nullptr || filter->accepts(e)) {
      accepted.push_back(e.where.offset);
    } else {
      turned_down.emplace_back(e.record_id, e.time, std::string(e.channel), e.level);
    }
  }
  void passed_over(const RecordMark& m) override {
    turned_down.emplace_back(m.record_id, m.time, std::string(m.channel), m.level);
  }
  void problem(Problem) override { ++problems; }
};

Seen decoded(const Bytes& file, const CompiledFilter* filter, bool by_decoder, ColumnSet columns, bool marks) {
  Seen seen(by_decoder ? nullptr : filter);
  DecodeOptions options;
  if (by_decoder) options.filter = filter;
  options.columns = columns;
  options.marks = marks;
  const auto stream = open_memory(as_bytes(file));
  decode_evtx(*stream, options, seen);
  return seen;
}

// What is turned down is not read, so damage in it is not seen.
void check_same(const Bytes& file, const EventFilter& wanted) {
  const CompiledFilter filter(wanted);
  const Seen slow = decoded(file, &filter, false, ColumnSet::all(), true);
  for (const ColumnSet columns : {ColumnSet::all(), ColumnSet{EventColumn::event_id}, ColumnSet()}) {
    const Seen quick = decoded(file, &filter, true, columns, true);
    CHECK(quick.accepted == slow.accepted);
    CHECK(quick.problems <= slow.problems);
    if (slow.problems == 0) CHECK(quick.turned_down == slow.turned_down);
    const Seen unmarked = decoded(file, &filter, true, columns, false);
    CHECK(unmarked.accepted == slow.accepted);
    CHECK(unmarked.problems == quick.problems);
  }
}

const std::vector<std::function<void(EventFilter&)>>& conditions() {
  static const std::vector<std::function<void(EventFilter&)>> all = {
      [](EventFilter& f) { f.ids = {611}; },
      [](EventFilter& f) {
        f.ids = {656, 657, 0};
      },
      [](EventFilter& f) { f.providers = {"Directory Synchronization"}; },
      [](EventFilter& f) { f.providers = {"adsync*"}, f.accept_missing_provider = false; },
      [](EventFilter& f) {
        f.levels = {1, 2, 0};
      },
      [](EventFilter& f) { f.channels = {"Application"}; },
      [](EventFilter& f) { f.computers = {"dc1.*"}; },
      [](EventFilter& f) { f.since = 132'000'000'000'000'000 + 10 * 10'000'000; },
      [](EventFilter& f) { f.until = 132'000'000'000'000'000 + 30 * 10'000'000; },
      [](EventFilter& f) { f.first_record = 10; },
      [](EventFilter& f) { f.last_record = 40; },
      [](EventFilter& f) { f.text = "two|inner"; },
      [](EventFilter& f) {
        f.narrowed = {{"DIRECTORY Synchronization", {656, 657}, {}}, {"eventlog", {7036}, {}}};
      }};
  return all;
}

}  // namespace

TEST_CASE("a filter says the same of a few values as of the event") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const Bytes file = log_by_chance(seed);
    for (std::size_t a = 0; a < conditions().size(); ++a) {
      CAPTURE(a);
      EventFilter one;
      conditions()[a](one);
      check_same(file, one);
      EventFilter two = one;
      conditions()[(a + 1 + seed) % conditions().size()](two);
      check_same(file, two);
    }
  }
}

// A small array repeats a long name: read, the record is damaged, and so it is when it is only counted.
TEST_CASE("what is counted unread is what would be read") {
  Log log;
  const auto fill = [](Xml& xml) {
    xml.open("Event").content().open("System").content();
    xml.open("EventID").content().slot(0, 6).close();
    xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 17).empty();
    xml.open("EventRecordID").content().slot(2, 10).close();
    xml.open("Channel").content().text("Application").close().close();
    xml.open("EventData").content().open("Data", true).attribute("Name").slot(3).content().slot(4, 0x81);
    xml.close().close().close();
  };
  log.record(instance(log.next_body(), 7, fill,
                      {{6, number(611, 2)},
                       {17, number(132'000'000'000'000'000, 8)},
                       {10, number(1, 8)},
                       {1, Bytes(30'000, 'n')},
                       {0x81, Bytes(5'000, '\0')}}));
  EventFilter wanted;
  wanted.ids = {611};
  const CompiledFilter filter(wanted);
  CHECK(decoded(log.file(), &filter, false, ColumnSet::all(), true).problems == 1);
  check_same(log.file(), wanted);
  CHECK(decoded(log.file(), &filter, true, ColumnSet(), false).problems == 1);
}

// Records that are laid out alike are counted from what the last one of their template said.
TEST_CASE("what is counted alike is what each record says by itself") {
  const auto record = [](Templates& templates, std::size_t at, unsigned id, const char* provider, unsigned inner,
                         bool cut) {
    const auto data = [](Xml& xml) {
      xml.open("EventData").content().open("Data", true).attribute("Name").text("who");
      xml.content().slot(0, 1, true).close().close();
    };
    const auto fill = [](Xml& xml) {
      xml.open("Event").content().open("System").content();
      xml.open("Provider", true).attribute("Name").slot(4, 1).empty();
      xml.open("EventID").content().slot(0, 6).close();
      xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 17).empty();
      xml.open("EventRecordID").content().slot(2, 10).close();
      xml.open("Level").content().slot(3, 4, true).close().close();
      xml.slot(5, 0x21, true).close();
    };
    std::vector<SlotValue> values = {{6, number(id, 2)},  {17, number(132'000'000'000'000'000 + at, 8)},
                                     {10, number(at, 8)}, {4, number(4, 1)},
                                     {1, wide(provider)}, {0x21, ""}};
    // The fragment stands behind the same instance without it.
    const std::size_t outer = Templates(templates).instance(at, 7, fill, values).size();
    values[5].bytes = templates.instance(at + outer, 8, data, {{inner == 2 ? 0x81u : 1u, wide("somebody")}});
    if (cut) values[5].bytes.resize(values[5].bytes.size() - 4);
    return templates.instance(at, 7, fill, values);
  };
  Bytes file = Log().file().substr(0, 4096);
  for (unsigned i = 0; i < 400; i += 40) {
    Log chunk;
    Templates templates;
    for (unsigned j = i; j < i + 40; ++j) {
      chunk.record(record(templates, chunk.next_body(), j % 3 == 0 ? 611 : 656, j % 5 == 0 ? "One" : "Two", j % 7,
                          j % 50 == 49));
    }
    file += chunk.chunk();
  }
  EventFilter wanted;
  wanted.ids = {611};
  check_same(file, wanted);
  wanted.providers = {"Two"};
  check_same(file, wanted);
  const CompiledFilter filter(wanted);
  const Seen slow = decoded(file, &filter, false, ColumnSet::all(), true);
  CHECK(slow.accepted.size() > 80);
  CHECK(slow.problems == 8);  // the cut ones; that of another id is not looked at where only ids are asked for
  CHECK(decoded(file, &filter, true, ColumnSet(), false).accepted == slow.accepted);
}

// Nothing is known of a template yet whose records were all accepted: one without values is not laid out like them.
TEST_CASE("a record without values is not turned down by bytes that stand where others have theirs") {
  const auto fill = [](Xml& xml) {
    xml.open("Event").content().open("System").content();
    xml.open("Provider", true).attribute("Name").slot(3, 1, true).empty();
    xml.open("EventID").content().slot(0, 6, true).close();
    xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 17, true).empty();
    xml.open("EventRecordID").content().slot(2, 10, true).close();
    xml.open("Channel").content().text("System").close().close().close();
  };
  Log log;
  Templates templates;
  log.record(templates.instance(
      log.next_body(), 7, fill,
      {{6, number(611, 2)}, {17, number(132'000'000'000'000'000, 8)}, {10, number(1, 8)}, {1, wide("Wanted")}}));
  // ends with the first of these bytes
  const std::uint64_t time = std::uint64_t{132'000'000'000'000'000} & ~std::uint64_t{0xFFFF};
  log.record(templates.instance(log.next_body(), 7, fill, {}) + number(time, 8) + Bytes(16, '\7'));
  EventFilter wanted;
  wanted.providers = {"Wanted"};
  check_same(log.file(), wanted);
}

TEST_CASE("a filter says the same of the records of real logs") {
  for (const fs::path& path : shared_logs()) {
    if (fs::file_size(path) > (std::size_t{3} << 20)) continue;
    CAPTURE(path.string());
    const Bytes file = read_file(path);
    EventFilter wanted;
    wanted.providers = {"Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Sysmon", "*Service*", "EventLog"};
    wanted.ids = {1, 3, 10, 4624, 4672, 4688, 7036, 7045};
    check_same(file, wanted);
    EventFilter others;
    others.levels = {0, 4};
    others.channels = {"Security", "System"};
    check_same(file, others);
  }
}
