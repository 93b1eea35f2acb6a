// A failure that repeats is kept in few bytes, and what is said of it is what the whole records would say.
#include <doctest/doctest.h>

#include <array>
#include <random>

#include "correlate/series.hpp"
#include "support/collecting.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

Fact fact(Ticks time, std::uint64_t record, std::uint64_t line = Address::none) {
  Fact f;
  f.time = time;
  f.record_id = record;
  f.line = line;
  f.event_id = 611;
  f.cause = 3;
  f.password_sync_provider = true;
  f.text_hash = 17;
  return f;
}

struct Kept {
  std::deque<Fact> facts;
  std::deque<Series> series;
  SeriesFinder finder{facts, series};

  void add(const Fact& f) {
    if (!finder.take(f)) facts.push_back(f);
  }
  // "1,2,3; 7" : the records of each fact that is kept.
  [[nodiscard]] std::string records() const {
    std::string text;
    for (const Fact& f : facts) {
      text += (text.empty() ? "" : "; ") + std::to_string(f.record_id);
      if (f.series == no_series) continue;
      series[f.series].for_each(
          [&](const Place& place, std::size_t) { text.append(",").append(std::to_string(place.record_id)); });
    }
    return text;
  }
};

// Everything that a report says of the records: findings with their evidence, timeline, verdict, checks.
std::string all_said(const Diagnosis& d) {
  std::string text = all_findings(d) + d.verdict.summary + "\n";
  for (const Finding& f : d.findings) {
    text += f.summary + "\n";
    for (const Evidence& e : f.evidence)
      text += std::to_string(e.record_id.value_or(0)) + " " + to_iso(e.time) + " " + e.excerpt + "\n";
  }
  for (const Check& c : d.checks) text += c.id + ": " + c.why + "\n";
  for (const TimelineMark& m : d.timeline) text += to_iso(m.time) + " " + m.lane + " " + m.kind + " " + m.text + "\n";
  return text;
}

// Failures that come again and again, of several kinds at once, with life and other events in between.
MadeLog repeating_log(std::mt19937& random) {
  const auto one_of = [&](auto... values) {
    const std::array all{values...};
    return all[random() % sizeof...(values)];
  };
  const int end = 720 + static_cast<int>(random() % 720);
  MadeLog log = heart(0, end - one_of(0, 0, 200, 500), contoso_id, "CONTOSO.COM", one_of(30, 60, 150));
  if (random() % 2 == 0) log = std::move(log) + noise(0, end, 60);
  for (auto kinds = 1 + random() % 4; kinds > 0; --kinds) {
    const double step = one_of(0.0, 0.5, 2.0, 2.0, 7.0, 33.0, 70.0, 200.0);
    const double from = static_cast<double>(random() % static_cast<unsigned>(end));
    const std::string domain = one_of("contoso.com", "emea.contoso.com");
    const int what = one_of(1722, 8453, 8453, 0, 1, 2);
    for (int i = 0; i < one_of(3, 5, 40, 200) && from + i * step < end; ++i) {
      const double t = from + i * step;
      if (what > 2) log = std::move(log) + failure(t, what, domain);
      if (what == 0) log = std::move(log) + credential(t, 115);
      if (what == 1) log = std::move(log) + ev(t, 6329, "An unexpected error.", "ADSync", 2);
      if (what == 2) log = std::move(log) + ev(t, 6900, "The server encountered an error.", "ADSync", 2);
    }
  }
  for (auto n = random() % 4; n > 0; --n) {
    const double t = static_cast<double>(random() % static_cast<unsigned>(end));
    if (random() % 2 == 0) log = std::move(log) + change(t);
    if (random() % 3 == 0) log = std::move(log) + ev(t, 663, "Running.");
  }
  return numbered(log);
}

}  // namespace

TEST_CASE("series: records that say the same follow each other in one, forwards and backwards") {
  Kept forwards;
  for (std::uint64_t i = 1; i <= 5; ++i) forwards.add(fact(static_cast<Ticks>(100 * i), i));
  CHECK(forwards.records() == "1,2,3,4,5");
  CHECK(forwards.series.front().earliest() == 100);
  CHECK(forwards.series.front().latest() == 500);
  Kept backwards;
  for (std::uint64_t i = 5; i >= 1; --i) backwards.add(fact(static_cast<Ticks>(100 * i), i));
  CHECK(backwards.records() == "5,4,3,2,1");
  CHECK(backwards.series.front().backwards());
  CHECK(backwards.series.front().earliest() == 100);
  CHECK(backwards.series.front().latest() == 500);
}

TEST_CASE("series: a record keeps its time and address") {
  Kept kept;
  Fact a = fact(-5, 1);
  a.offset = 4096;
  Fact b = fact(1LL << 61, ~std::uint64_t{0} - 1);
  b.offset = 12;
  b.line = 7;
  kept.add(a);
  kept.add(b);
  REQUIRE(kept.series.size() == 1);
  kept.series.front().for_each([&](const Place& place, std::size_t i) {
    CHECK(i == 0);
    CHECK(place.time == b.time);
    CHECK(place.record_id == b.record_id);
    CHECK(place.offset == 12);
    CHECK(place.line == 7);
  });
}

TEST_CASE("series: where the clock turns another one begins, what has no order is kept whole") {
  Kept kept;
  for (const auto& [time, id] : {std::pair{100, 1}, {200, 2}, {150, 3}, {160, 4}, {160, 4}, {170, 5}})
    kept.add(fact(time, static_cast<std::uint64_t>(id)));
  CHECK(kept.records() == "1,2; 3,4,5; 4");
  Kept no_ids;  // one second, newest first: the lines run against the time
  for (const auto& [time, line] : {std::pair{300, 2}, {200, 3}, {200, 4}, {100, 5}})
    no_ids.add(fact(time, 0, static_cast<std::uint64_t>(line)));
  CHECK(no_ids.facts.size() == 2);
  CHECK(no_ids.series.size() == 1);
  CHECK(no_ids.series.front().size() == 2);
}

TEST_CASE("series: another text, server, level or domain is another one; what is looked at one by one is in none") {
  const auto apart = [](const auto& change) {
    Kept kept;
    Fact other = fact(200, 2);
    change(other);
    kept.add(fact(100, 1));
    kept.add(other);
    return kept.facts.size() == 2;
  };
  CHECK_FALSE(apart([](Fact&) {}));
  CHECK(apart([](Fact& f) { f.text_hash = 18; }));
  CHECK(apart([](Fact& f) { f.text_hash = 17 + 1024; }));
  CHECK(apart([](Fact& f) { f.server = 1; }));
  CHECK(apart([](Fact& f) { f.domain = 1; }));
  CHECK(apart([](Fact& f) { f.fields_count = 1; }));
  CHECK(apart([](Fact& f) { f.level = 1; }));
  CHECK(apart([](Fact& f) { f.rule = 1; }));
  const auto whole = [](const auto& change) {
    Kept kept;
    for (int i = 0; i < 3; ++i) {
      Fact f = fact(100 * i, static_cast<std::uint64_t>(i));
      change(f);
      kept.add(f);
    }
    return kept.facts.size() == 3;
  };
  CHECK_FALSE(whole([](Fact&) {}));
  CHECK(whole([](Fact& f) { f.tracking = 1; }));
  CHECK(whole([](Fact& f) { f.users_count = 1; }));
  CHECK(whole([](Fact& f) { f.cause = -1; }));
  CHECK(whole([](Fact& f) { f.time = no_time; }));
  CHECK(whole([](Fact& f) { f.stops = true; }));
  CHECK(whole([](Fact& f) { f.password_sync_provider = false; }));
  for (const std::uint32_t id : {0u, 609u, 655u, 2506u, 6900u, 6941u}) CHECK(whole([&](Fact& f) { f.event_id = id; }));
}

TEST_CASE("series: a year of one failure is a handful of facts") {
  Collecting collecting;
  const Facts& facts = collecting.facts;
  EventView event;
  event.provider = "Directory Synchronization";
  event.event_id = 611;
  event.level = 2;
  event.time = 0;
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    event.record_id = i;
    event.time += 2 * ticks_per_minute;
    // two domain controllers in turn
    event.message = i % 2 == 0 ? "Password hash synchronization failed for domain: contoso.com, domain controller "
                                 "hostname: dc1.contoso.com. RPC Error 8453 : Replication access was denied."
                               : "Password hash synchronization failed for domain: contoso.com, domain controller "
                                 "hostname: dc2.contoso.com. RPC Error 8453 : Replication access was denied.";
    collecting.collector.event(event);
  }
  CHECK(facts.events.size() == 2);
  CHECK(facts.series.size() == 2);
  CHECK(facts.fields.size() < 40);
  CHECK(facts.series.front().size() == 4'999);
}

TEST_CASE("series: what is said of a log is what its whole records say") {
  std::mt19937 random(21);
  for (int i = 0; i < 80; ++i) {
    CAPTURE(i);
    const MadeLog log = repeating_log(random);
    // records that a second source has as well are compared one by one: then every record of a series is a fact
    REQUIRE(all_said(diagnose({xml(log)})) == all_said(diagnose({xml(log), xml(log, "second.xml")})));
    REQUIRE(all_said(diagnose({csv(log)})) == all_said(diagnose({csv(log), csv(log, "second.csv")})));
  }
}
