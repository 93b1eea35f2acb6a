// What a filter knows of a provider beside its name: ids, and letters without which an event says nothing of interest.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "record/ascii.hpp"
#include "support/log_builder.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace support;

namespace {

struct Told {
  std::string text, binary;
};

struct Seen : RecordSink {
  std::map<std::uint64_t, Told> events;
  std::map<std::uint64_t, std::tuple<std::uint64_t, Ticks, std::string, unsigned>> marks;  // by offset
  std::size_t problems = 0;

  void event(const EventView& e) override {
    Told& told = events[e.where.offset];
    append_event_text(e, told.text);
    told.binary = e.binary;
  }
  void passed_over(const RecordMark& m) override {
    marks[m.where.offset] = {m.record_id, m.time, std::string(m.channel), m.level};
  }
  void problem(Problem) override { ++problems; }
};

Seen decoded(const Bytes& file, const EventFilter* wanted) {
  Seen seen;
  DecodeOptions options;
  std::optional<CompiledFilter> filter;
  if (wanted != nullptr) options.filter = &filter.emplace(*wanted);
  const auto stream = open_memory(as_bytes(file));
  decode_evtx(*stream, options, seen);
  return seen;
}

// The hex digits of a text in UTF-16.
std::string hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    for (const char half : {static_cast<char>(static_cast<unsigned char>(c) >> 4), static_cast<char>(c & 15)}) {
      digits += "0123456789ABCDEF"[static_cast<std::size_t>(half)];
    }
    digits += "00";
  }
  return digits;
}

bool says_sync(const Told& told) {
  const auto has = [](const std::string& in, const std::string& what) { return in.find(what) != std::string::npos; };
  if (has(lower(told.text), "ync")) return true;
  for (const char* form : {"ync", "Ync", "yNc", "ynC", "YNc", "yNC", "YnC", "YNC"}) {
    if (has(told.binary, hex(form))) return true;
  }
  return false;
}

// How the data of a record is written.
enum class Shape { plain, joined, literal, hex_text, direct, beside, count };

// Records as the service controller writes them, one after the other in chunks of 30.
class Services {
 public:
  explicit Services(unsigned seed) : random_(seed) {}

  Bytes file() {
    Bytes all = Log().file().substr(0, 4096);
    for (int chunk = 0; chunk < 3; ++chunk) {
      Log log;
      Templates templates;
      for (int i = 0; i < 30; ++i) log.record(record(templates, log.next_body()));
      all += log.chunk();
    }
    return all;
  }

 private:
  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_()) % below; }
  SlotValue word() {
    static const std::vector<std::string> words = {"Spooler", "stopped", "Windows Security", "ADSync", "ADSYNC",
                                                   "Y",       "nc",      "any cow",          "",       "yn"};
    const std::string& one = words[pick(words.size())];
    switch (pick(6)) {
      case 0:
        return {2, one};
      case 1:
        return {0x81, wide("first") + Bytes(2, '\0') + wide(one) + Bytes(2, '\0')};
      default:
        return {1, wide(one)};
    }
  }
  Bytes record(Templates& templates, std::size_t at) {
    const auto shape = static_cast<Shape>(pick(static_cast<std::size_t>(Shape::count)));
    const bool stated = pick(2) == 0;
    const auto data = [shape](Xml& xml) {
      xml.open("EventData").content();
      xml.open("Data", true).attribute("Name").text("param1").content().slot(0, 1, true).close();
      xml.open("Data", true).attribute("Name").text("param2").content();
      if (shape == Shape::literal) {
        xml.text("in sync");
      } else {
        xml.slot(1, 1, true);
      }
      if (shape == Shape::joined) xml.slot(2, 1, true);
      xml.close();
      xml.open("Binary").content().slot(3, shape == Shape::hex_text ? 1 : 0x0e, true).close().close();
    };
    const auto fill = [stated, shape](Xml& xml) {
      xml.open("Event").content().open("System").content();
      xml.open("Provider", true).attribute("Name");
      if (stated) {
        xml.text("Service Control Manager");
      } else {
        xml.slot(4, 1);
      }
      xml.empty();
      xml.open("EventID").content().slot(0, 6).close();
      xml.open("TimeCreated", true).attribute("SystemTime").slot(1, 17).empty();
      xml.open("EventRecordID").content().slot(2, 10).close();
      xml.open("Level").content().slot(3, 4, true).close();
      xml.open("Channel").content().text("System").close();
      xml.open("Computer").content().slot(5, 1).close().close();
      if (shape == Shape::direct || shape == Shape::beside) {
        xml.open("EventData").content().open("Data").content().slot(6, 1, true).close().close();
      }
      if (shape != Shape::direct) xml.slot(7, 0x21, true);
      xml.close();
    };
    static const std::vector<std::string> binaries = {"", "AppXSvc/4", "ADSync/4", "adsync/1"};
    const std::string& binary = binaries[pick(binaries.size())];
    const SlotValue written = shape == Shape::hex_text ? SlotValue{1, wide(hex(binary))}
                              : binary.empty()         ? SlotValue{0, ""}
                                                       : SlotValue{0x0e, wide(binary)};
    const unsigned ids[] = {7036, 7040, 16, 13};
    ++count_;
    std::vector<SlotValue> values = {{6, number(ids[pick(4)], 2)},
                                     {17, number(132'000'000'000'000'000 + count_, 8)},
                                     {10, number(count_, 8)},
                                     {4, number(pick(5), 1)},
                                     {1, wide(providers[pick(3)])},
                                     {1, wide("SYNC01")},
                                     word(),
                                     {0, ""}};
    const auto form = 7 + 2 * static_cast<unsigned>(shape) + (stated ? 1u : 0u);
    if (shape != Shape::direct) {
      // the fragment stands behind the same instance without it
      values[7] = {0x21, ""};
      const std::size_t outer = Templates(templates).instance(at, form, fill, values).size();
      values[7].bytes = templates.instance(at + outer, 50 + form, data, {word(), word(), word(), written});
    }
    return templates.instance(at, form, fill, values);
  }

  static constexpr const char* providers[] = {"Service Control Manager", "service control manager", "Kernel"};
  std::mt19937 random_;
  std::uint64_t count_ = 0;
};

}  // namespace

TEST_CASE("an event is turned down for want of letters only where it says them nowhere") {
  std::size_t left = 0, read = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const Bytes file = Services(seed).file();
    EventFilter plain, narrowed;
    plain.providers = narrowed.providers = {"Service Control Manager"};
    narrowed.narrowed = {{"SERVICE Control Manager", {}, "ync"}};
    const Seen all = decoded(file, &plain), some = decoded(file, &narrowed);
    REQUIRE(all.problems == 0);
    REQUIRE(all.events.size() + all.marks.size() == 90);
    REQUIRE(some.events.size() + some.marks.size() == 90);
    REQUIRE(some.problems == 0);
    for (const auto& event : all.events) {
      const Told& told = event.second;
      CAPTURE(told.text);
      CAPTURE(told.binary);
      const auto same = some.events.find(event.first);
      if (same != some.events.end()) {
        ++read;
        CHECK(same->second.text == told.text);
        continue;
      }
      ++left;
      CHECK_FALSE(says_sync(told));
    }
    for (const auto& [at, mark] : all.marks) CHECK(some.marks.at(at) == mark);
  }
  CHECK(left > 200);
  CHECK(read > 500);
}

// The API cuts a long string, and what it cut off is the next value: the two are one text.
TEST_CASE("letters that begin at the end of a cut string are said") {
  const auto record = [](Templates& templates, std::size_t at, const Bytes& cut) {
    const auto data = [](Xml& xml) {
      xml.open("EventData").content();
      xml.open("Data").content().slot(1, 2).close().open("Data").content().slot(0, 2).close().close();
    };
    const auto fill = [](Xml& xml) {
      xml.open("Event").content().open("System").content();
      xml.open("Provider", true).attribute("Name").text("Service Control Manager").empty();
      xml.open("TimeCreated", true).attribute("SystemTime").slot(0, 17).empty();
      xml.open("EventRecordID").content().slot(1, 10).close();
      xml.open("Channel").content().text("System").close().close();
      xml.slot(2, 0x21, true).close();
    };
    std::vector<SlotValue> values = {{17, number(132'000'000'000'000'000, 8)}, {10, number(1, 8)}, {0x21, ""}};
    const std::size_t outer = Templates(templates).instance(at, 7, fill, values).size();
    values[2].bytes = templates.instance(at + outer, 8, data, {{2, "nc is its name"}, {2, cut}});
    return templates.instance(at, 7, fill, values);
  };
  EventFilter wanted;
  wanted.providers = {"Service Control Manager"};
  wanted.narrowed = {{"Service Control Manager", {}, "ync"}};
  for (const std::size_t size : {std::size_t{3'000}, std::size_t{31'839}}) {
    CAPTURE(size);
    Log log;
    Templates templates;
    log.record(record(templates, log.next_body(), Bytes(size - 1, 'a') + "y"));
    const Seen seen = decoded(log.file(), &wanted);
    CHECK(seen.problems == 0);
    CHECK(seen.events.size() == (size == 31'839 ? 1 : 0));
    CHECK(seen.marks.size() == (size == 31'839 ? 0 : 1));
  }
}

TEST_CASE("an event of other ids is turned down, and its mark says what its record says") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const Bytes file = Services(seed).file();
    EventFilter narrowed, chosen;
    narrowed.narrowed = {{"Kernel", {13}, {}}, {"service control manager", {7036, 7040}, {}}};
    const CompiledFilter filter(narrowed);
    CHECK_FALSE(narrowed.empty());
    const Seen seen = decoded(file, &narrowed);
    Seen slow;
    struct Slowly : RecordSink {
      Slowly(const CompiledFilter& f, Seen& s) : filter(f), seen(s) {}
      const CompiledFilter& filter;
      Seen& seen;
      void event(const EventView& e) override {
        if (filter.accepts(e)) {
          seen.event(e);
        } else {
          seen.passed_over({e.record_id, e.time, e.channel, e.where, e.state, e.level});
        }
      }
      void problem(Problem) override { ++seen.problems; }
    } slowly(filter, slow);
    const auto stream = open_memory(as_bytes(file));
    decode_evtx(*stream, DecodeOptions{}, slowly);
    CHECK(slow.marks.size() > 10);
    CHECK(seen.marks == slow.marks);
    CHECK(seen.events.size() == slow.events.size());
    CHECK(seen.problems == 0);
  }
}
