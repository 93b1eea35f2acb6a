// The lists of the report: logs, gaps, timeline.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

std::size_t marks(const Diagnosis& d, std::string_view kind) {
  std::size_t n = 0;
  for (const TimelineMark& m : d.timeline) n += m.kind == kind ? 1u : 0u;
  return n;
}

}  // namespace

TEST_CASE("parts: the timeline has each restart and change, and one mark an hour of what is frequent") {
  MadeLog log = heart(0, 240, contoso_id, "CONTOSO.COM", 10) + noise(0, 240) + stopped(30) + started(31) +
                ev(35, 2518, "Credential changed.") + ev(36, 2518, "Credential changed.");
  for (int t = 60; t < 180; t += 2) log = std::move(log) + failure(t, 1722);
  const Diagnosis d = diagnose(log);
  CHECK(marks(d, "heartbeat") == 4);
  CHECK(marks(d, "restart") == 4);
  CHECK(marks(d, "change") == 2);
  CHECK(marks(d, "error") == 2);
  for (std::size_t i = 1; i < d.timeline.size(); ++i) CHECK(d.timeline[i - 1].time <= d.timeline[i].time);
}

TEST_CASE("parts: logs in the order of their names, with what each holds") {
  const Diagnosis d = diagnose({xml(heart(0, 60), "b.xml"), xml(noise(0, 60), "a.xml")});
  REQUIRE(d.logs.size() == 2);
  CHECK(d.logs[0].path == "a.xml");
  CHECK(d.logs[0].password_sync_records == 0);
  CHECK(d.logs[1].password_sync_records == 4);
  CHECK(d.logs[1].channel == "Application");
  CHECK(d.inputs.at(0).path == "a.xml");
}

TEST_CASE("parts: a gap while the host was off") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) +
                               in_channel("System", ev(100, 6006, "x", "EventLog") + ev(120, 6005, "x", "EventLog")));
  REQUIRE(d.gaps.size() == 1);
  CHECK(d.gaps[0].from == at(100));
  CHECK(d.gaps[0].to == at(120));
}

TEST_CASE("parts: the timeline of a long log goes on to its end") {
  const int end = 300 * day;
  MadeLog log = heart(0, end) + noise(0, end, day) + stopped(60) + started(61);
  for (int t = end - 2 * day; t < end; t += 120) log = std::move(log) + failure(t, 1722);
  const Diagnosis d = diagnose(log);
  CHECK(d.timeline.size() > 2'000);
  CHECK(d.timeline.size() <= 5'000);
  CHECK(d.timeline.front().time < at(60));
  CHECK(d.timeline.back().time > at(end - 300));
  CHECK(marks(d, "restart") == 4);
  CHECK(marks(d, "error") > 10);
  for (std::size_t i = 1; i < d.timeline.size(); ++i) CHECK(d.timeline[i - 1].time <= d.timeline[i].time);
}
