// Each record counts once, however many files hold it.
#include <doctest/doctest.h>

#include "correlate/distinct.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

Fact fact(std::uint32_t source, Ticks time, std::uint64_t record, std::uint64_t hash, bool sentence = true) {
  Fact f;
  f.source = source;
  f.time = time;
  f.record_id = record;
  f.text_hash = hash;
  f.event_id = 611;
  f.sentence = sentence;
  return f;
}

std::size_t distinct(std::vector<Fact> events) {
  Facts facts;
  facts.events.assign(events.begin(), events.end());
  return distinct_events(facts).events.size();
}

}  // namespace

TEST_CASE("distinct: one source keeps everything, also equal records") {
  CHECK(distinct({fact(0, 100, 0, 1), fact(0, 100, 0, 1), fact(0, 100, 0, 1)}) == 3);
}

TEST_CASE("distinct: the same record of two sources counts once") {
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 7, 1)}) == 1);
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 0, 1)}) == 1);
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 8, 1)}) == 2);
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 7, 2)}) == 1);  // the same id, the text rendered differently
  CHECK(distinct({fact(0, 100, 0, 1), fact(1, 100, 0, 2)}) == 2);
  CHECK(distinct({fact(0, 100, 0, 1), fact(1, 100, 0, 2, false)}) == 1);  // insertion strings against the sentence
}

TEST_CASE("distinct: seconds against fractions of a second") {
  const Ticks second = 5 * ticks_per_second;
  CHECK(distinct({fact(0, second + 17, 7, 1), fact(1, second, 0, 1)}) == 1);
  CHECK(distinct({fact(0, second + 17, 0, 1), fact(1, second + 18, 0, 1)}) == 2);
  CHECK(distinct({fact(0, second, 0, 1), fact(1, second + ticks_per_second, 0, 1)}) == 2);
}

TEST_CASE("distinct: two servers' equal records are two") {
  Fact a = fact(0, 100, 7, 1);
  Fact b = fact(1, 100, 7, 1);
  a.server = 1;
  b.server = 2;
  CHECK(distinct({a, b}) == 2);
  b.server = nobody;
  CHECK(distinct({a, b}) == 1);
}

TEST_CASE("distinct: what only one of two exports states speaks against nothing") {
  // the first has the sentence and so speaks for both
  Fact a = fact(0, 100, 0, 1);
  Fact b = fact(1, 100, 0, 2, false);
  b.server = 1;
  CHECK(distinct({a, b}) == 1);  // the second its server
  a.server = 1;
  CHECK(distinct({a, b}) == 1);
  CHECK(distinct({fact(0, 100, 0, 1), fact(1, 100, 7, 2, false)}) == 1);  // its record id
  const Ticks second = 5 * ticks_per_second;
  CHECK(distinct({fact(0, second, 0, 1), fact(1, second + 17, 0, 2, false)}) == 1);  // its fraction of a second
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 0, 2)}) == 2);  // but two sentences are two records
}

TEST_CASE("distinct: the richer export speaks for a record") {
  Facts facts;
  facts.events.push_back(fact(0, 100, 7, 1, false));
  facts.events.push_back(fact(1, 100, 7, 2, true));
  const DistinctEvents kept = distinct_events(facts);
  REQUIRE(kept.events.size() == 1);
  CHECK(kept.events[0]->sentence);
}

TEST_CASE("distinct: of several that may be its partner a record takes one of its text, else the first") {
  // in the second file a record that names its server, and then one that only its id ties
  const auto count = [](std::uint64_t first_text, std::uint64_t second_text, std::uint64_t text, std::uint64_t id) {
    Fact named = fact(1, 100, 0, text, false);
    named.server = 1;
    return distinct({fact(0, 100, 7, first_text), fact(0, 100, 9, second_text), named, fact(1, 100, id, 30, false)});
  };
  CHECK(count(1, 2, 2, 7) == 2);  // its text is that of the second
  CHECK(count(1, 2, 5, 9) == 2);  // of neither
  CHECK(count(2, 2, 2, 9) == 2);  // of both
}

TEST_CASE("distinct: two sources are two in whatever order their records stand") {
  CHECK(distinct({fact(0, 100, 7, 1), fact(1, 100, 7, 1), fact(0, 200, 8, 2)}) == 2);
}

TEST_CASE("distinct: of equal records in two files as many as the fuller file has") {
  CHECK(distinct({fact(0, 100, 0, 1), fact(0, 100, 0, 1), fact(1, 100, 0, 1)}) == 2);
}

TEST_CASE("distinct: a flood in one second is taken as a whole") {
  std::vector<Fact> events;
  for (std::uint32_t i = 0; i < 300; ++i) {
    events.push_back(fact(0, 100, i + 1, i));
    events.push_back(fact(1, 100, 0, i));
  }
  CHECK(distinct(events) == 300);
}

TEST_CASE("distinct: rows and unclassified records in two copies of one file") {
  const Given table = status_table("2026-03-09 10:00:00,FilteredByTarget,\"CN=A,DC=contoso,DC=com\"\r\n");
  Given copy = table;
  copy.name = "copy/passwordlog.csv";
  CHECK(finding(diagnose({table, copy}), "must-change-password").count == 1);
  const MadeLog log = heart(0, 240) + ev(100, 6999, "Nobody wrote this down.", "ADSync", 2);
  const Diagnosis d = diagnose({xml(log), csv(log)});
  REQUIRE(d.unclassified.size() == 1);
  CHECK(d.unclassified[0].count == 1);
}
