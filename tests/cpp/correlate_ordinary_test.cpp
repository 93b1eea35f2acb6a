// Records that show nothing wrong, kept in few bytes: all of it comes back.
#include <doctest/doctest.h>

#include <limits>

#include "correlate/facts.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

struct Copy {
  std::uint32_t source, event_id;
  Ticks time;
  std::uint64_t record_id, offset, line;
  std::uint32_t tracking;
  std::vector<std::uint32_t> users;
  friend bool operator==(const Copy&, const Copy&) = default;
};

std::vector<Copy> read(const OrdinaryRecords& records) {
  std::vector<Copy> all;
  records.for_each([&](const OrdinaryRecord& r) {
    all.push_back({r.kind->source,
                   r.kind->event_id,
                   r.time,
                   r.record_id,
                   r.offset,
                   r.line,
                   r.tracking,
                   {r.users.begin(), r.users.end()}});
  });
  return all;
}

OrdinaryKind kind(std::uint32_t source, std::uint32_t id, bool tracked = false) {
  OrdinaryKind k;
  k.source = source;
  k.event_id = id;
  k.tracked = tracked;
  return k;
}

void add(OrdinaryRecords& records, const OrdinaryKind& k, Ticks time, std::uint64_t id, std::uint32_t tracking = 0,
         const std::vector<UserLine>& users = {}) {
  OrdinaryRecord r;
  r.time = time;
  r.record_id = id;
  r.offset = id * 600;
  r.line = Address::none;
  r.tracking = tracking;
  records.add(k, r, users);
}

UserLine line(Id dn, UserLine::Kind how = UserLine::Kind::success) {
  UserLine l;
  l.dn = dn;
  l.kind = how;
  return l;
}

}  // namespace

TEST_CASE("ordinary: every value comes back, forwards, backwards and at the ends of its range") {
  OrdinaryRecords records;
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  add(records, kind(0, 654, true), at(0), 5, 0xffffffff);
  add(records, kind(0, 654, true), at(30) + 1, 6, 1);
  add(records, kind(0, 657), at(10), most, 0, {line(1), line(2, UserLine::Kind::request), line(1)});
  add(records, kind(0, 663), std::numeric_limits<Ticks>::max() - 1, 0);
  add(records, kind(0, 663), 1, 7);
  const std::vector<Copy> all = read(records);
  REQUIRE(all.size() == 5);
  CHECK(all[0] == Copy{0, 654, at(0), 5, 3000, Address::none, 0xffffffff, {}});
  CHECK(all[1] == Copy{0, 654, at(30) + 1, 6, 3600, Address::none, 1, {}});
  CHECK(all[2] == Copy{0, 657, at(10), most, most * 600, Address::none, 0, {0, 1, 0}});
  CHECK(all[3].time == std::numeric_limits<Ticks>::max() - 1);
  CHECK(all[4].time == 1);
  REQUIRE(records.user_lines().size() == 2);
  CHECK(records.user_lines()[1] == line(2, UserLine::Kind::request));
}

TEST_CASE("ordinary: the earliest time of a line, in any order") {
  OrdinaryRecords records;
  for (const int minute : {20, 10, 30}) add(records, kind(0, 657), at(minute), 1, 0, {line(7)});
  CHECK(records.first_times() == std::vector<Ticks>{at(10)});
}

TEST_CASE("ordinary: a hundred thousand take some ten bytes each and come back in order") {
  OrdinaryRecords records;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    add(records, kind(0, i % 2 == 0 ? 653 : 654, true), at(0) + i * ticks_per_second, i, i * 2654435761u | 1u);
  }
  CHECK(records.bytes() < 100'000 * 16);
  std::uint32_t n = 0;
  std::uint32_t right = 0;
  records.for_each([&](const OrdinaryRecord& r) {
    const bool same = r.record_id == n && r.time == at(0) + n * ticks_per_second;
    right += same && r.tracking == (n * 2654435761u | 1u) ? 1u : 0u;
    ++n;
  });
  CHECK(right == 100'000);
}

namespace {

constexpr std::uint32_t many = 300'000;

// Pings every second and a half and their answers.
void add_many(OrdinaryRecords& records, std::uint32_t source, Id connector = 1) {
  for (std::uint32_t i = 0; i < many; ++i) {
    OrdinaryKind k = kind(source, i % 2 == 0 ? 653 : 654, true);
    k.connector = connector;
    add(records, k, at(0) + i * ticks_per_second * 3 / 4, i + 1, (i / 2) * 2654435761u | 1u);
  }
}

std::size_t count(const OrdinaryRecords& records) {
  std::size_t n = 0;
  records.for_each([&](const OrdinaryRecord&) { ++n; });
  return n;
}

}  // namespace

TEST_CASE("ordinary: of a long log the older pings are thinned, but not beside what is asked for") {
  OrdinaryRecords records;
  const Ticks asked = at(0) + 1001 * ticks_per_second;
  add(records, kind(0, 663), at(0), 0);
  records.ask(1, at(0));  // of another source
  records.ask(0, asked);
  add_many(records, 0);
  CHECK(count(records) < many / 2);
  CHECK(records.bytes() < 1'600'000);
  Ticks before = no_time;
  Ticks after = no_time;
  std::uint64_t last = 0;
  records.for_each([&](const OrdinaryRecord& r) {
    if (r.kind->event_id == 654 && r.time <= asked) before = r.time;
    if (r.kind->event_id == 654 && r.time > asked && after == no_time) after = r.time;
    if (r.kind->event_id == 663) return;
    CHECK(r.record_id > last);
    CHECK(r.time == at(0) + static_cast<Ticks>(r.record_id - 1) * ticks_per_second * 3 / 4);
    last = r.record_id;
  });
  CHECK(asked - before < 2 * ticks_per_second);
  CHECK(after - asked < 2 * ticks_per_second);
  CHECK(last == many);
}

TEST_CASE("ordinary: nothing is left out of a log whose records are paired by time or find their connector by others") {
  OrdinaryRecords without_connector;
  add_many(without_connector, 0, nobody);
  CHECK(count(without_connector) == many);
  OrdinaryRecords untracked;
  add(untracked, kind(0, 653), at(0), 1);
  add_many(untracked, 0);
  CHECK(count(untracked) == many + 1);
  OrdinaryRecords asked;
  asked.ask_for_all(0);
  add_many(asked, 0);
  CHECK(count(asked) == many);
}

TEST_CASE("ordinary: sources with new numbers are read in their order") {
  OrdinaryRecords records;
  add(records, kind(0, 654), at(1), 1);
  add(records, kind(1, 654), at(2), 2);
  const std::vector<std::uint32_t> place{1, 0};
  records.renumber(place);
  const std::vector<Copy> all = read(records);
  REQUIRE(all.size() == 2);
  CHECK((all[0].source == 0 && all[0].record_id == 2));
  CHECK((all[1].source == 1 && all[1].record_id == 1));
  add(records, kind(1, 654), at(3), 3);  // the kind is found again under its new number
  CHECK(records.kinds().size() == 2);
}

TEST_CASE("ordinary: what is kept in few bytes is evidence like any other") {
  const Diagnosis d = diagnose({xml(numbered(heart(0, 121) + noise(0, 720), 500))});
  const Finding silence = finding(d, "channel-silent");
  REQUIRE(!silence.evidence.empty());
  CHECK(silence.evidence[0].record_id);
  CHECK(silence.evidence[0].source == "log.xml");
  CHECK(silence.evidence[0].time == silence.first_seen);
  CHECK(holds(silence.evidence[0].excerpt, "event 654"));
}
