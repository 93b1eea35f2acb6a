// What is left out of the older part of a long log turns no answer.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "correlate/ordinary_thinning.hpp"
#include "correlate/untracked_requests.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

struct Row {
  std::size_t kind = 0;
  Ticks time = 0;
  std::uint32_t tracking = 0;
  std::vector<std::uint32_t> users;
  friend auto operator<=>(const Row&, const Row&) = default;
  friend bool operator==(const Row&, const Row&) = default;
};

// 650, 651, 653, 654, 656 and 657 of two connectors and of none, with a TrackingID and without.
std::deque<OrdinaryKind> all_kinds() {
  std::deque<OrdinaryKind> kinds;
  for (const Id connector : {Id{1}, Id{2}, nobody}) {
    for (const std::uint32_t id : {650u, 651u, 653u, 654u, 656u, 657u}) {
      OrdinaryKind kind;
      kind.event_id = id;
      kind.connector = connector;
      kind.tracked = id < 656;
      kinds.push_back(kind);
    }
  }
  for (const std::uint32_t id : {650u, 651u, 663u}) {
    OrdinaryKind kind;
    kind.event_id = id;
    kind.connector = 1;
    kinds.push_back(kind);
  }
  kinds.back().tracked = true;
  OrdinaryKind elsewhere = kinds[1];
  elsewhere.server = 7;
  kinds.push_back(elsewhere);
  return kinds;
}
constexpr std::size_t of_batch = 0, of_ping = 2, request_of = 4, result_of = 5, of_the_other = 6, of_none = 12,
                      untracked = 18, of_manager = 20, of_the_other_server = 21;

// Of two users, their requests and their results.
std::vector<UserLine> all_lines() {
  std::vector<UserLine> lines(4);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].dn = static_cast<Id>(1 + i / 2);
    lines[i].kind = i % 2 == 0 ? UserLine::Kind::request : UserLine::Kind::success;
  }
  return lines;
}

OrdinaryBlock block_of(const std::vector<Row>& rows, const std::deque<OrdinaryKind>& kinds) {
  OrdinaryBlock block;
  for (const Row& row : rows) {
    OrdinaryRecord record;
    record.kind_index = row.kind;
    record.kind = &kinds[row.kind];
    record.time = row.time;
    record.tracking = row.tracking;
    record.users = row.users;
    block.add(record);
  }
  return block;
}

std::vector<Row> rows_of(const OrdinaryBlock& block, const std::deque<OrdinaryKind>& kinds) {
  std::vector<Row> rows;
  OrdinaryBlockReader reader(block, kinds);
  while (reader.next()) {
    const OrdinaryRecord& r = reader.record();
    rows.push_back({r.kind_index, r.time, r.tracking, {r.users.begin(), r.users.end()}});
  }
  return rows;
}

std::vector<Row> thinned_rows(const std::vector<Row>& rows, const Times& asked = {}) {
  const auto kinds = all_kinds();
  return rows_of(thinned(block_of(rows, kinds), kinds, all_lines(), asked), kinds);
}

Ticks second(double s) {
  return at(0) + static_cast<Ticks>(s * static_cast<double>(ticks_per_second));
}

// A request and its answer `took` seconds later.
std::vector<Row> pair_at(double s, std::uint32_t tracking, std::size_t kind = of_batch, double took = 1) {
  return {{kind, second(s), tracking, {}}, {kind + 1, second(s + took), tracking, {}}};
}

void append(std::vector<Row>& rows, const std::vector<Row>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

// From 0 on, of TrackingIDs that are odd.
std::vector<Row> batches(int count, double step, std::size_t kind = of_batch) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) {
    append(rows, pair_at(i * step, static_cast<std::uint32_t>((i * 32 + static_cast<int>(kind)) * 2 + 1), kind));
  }
  return rows;
}

bool has(const std::vector<Row>& rows, std::size_t kind, Ticks time) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& r) { return r.kind == kind && r.time == time; });
}

Times times_of(const std::vector<Row>& rows, std::size_t kind) {
  Times times;
  for (const Row& row : rows) {
    if (row.kind == kind) times.push_back(row.time);
  }
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace

TEST_CASE("thinning: of batches every five seconds about one a minute stays, the first and the last among them") {
  const std::vector<Row> all = batches(720, 5);
  const std::vector<Row> kept = thinned_rows(all);
  CHECK(kept.size() <= 2 * 63);
  CHECK(kept.size() >= 2 * 60);
  CHECK(kept.front() == all.front());
  CHECK(kept.back() == all.back());
}

TEST_CASE("thinning: what stands more than a minute apart stays") {
  const std::vector<Row> all = batches(50, 90, of_ping);
  CHECK(thinned_rows(all) == all);
}

TEST_CASE("thinning: what is no request with its timely answer stays") {
  // of every kind so many that none stays for being the first or the last of its minute
  std::vector<Row> crowd = batches(400, 5);
  for (const std::size_t kind : {of_ping, of_batch + of_the_other, of_ping + of_the_other}) {
    append(crowd, batches(100, 5, kind));
  }
  for (int i = 0; i < 100; ++i) {
    const auto tracking = static_cast<std::uint32_t>((i * 32 + 31) * 2 + 1);
    crowd.push_back({of_batch, second(i * 5), tracking, {}});
    crowd.push_back({of_the_other_server, second(i * 5 + 1), tracking, {}});
  }
  const auto stays = [&](const std::vector<Row>& rows) {
    std::vector<Row> all = crowd;
    append(all, rows);
    const std::vector<Row> kept = thinned_rows(all);
    return std::all_of(rows.begin(), rows.end(),
                       [&](const Row& row) { return std::find(kept.begin(), kept.end(), row) != kept.end(); });
  };
  CHECK(!stays(pair_at(51, 2)));
  CHECK(!stays(pair_at(51, 2, of_ping)));
  CHECK(!stays(pair_at(51, 2, of_batch, 1800)));
  CHECK(!stays(pair_at(51, 2, of_batch, 0)));
  CHECK(stays(pair_at(51, 2, of_batch, 1801)));                                                     // late
  CHECK(stays({{of_batch, second(51), 2, {}}}));                                                    // no answer
  CHECK(stays({{of_batch + 1, second(51), 2, {}}}));                                                // no request
  CHECK(stays({{of_batch + 1, second(51), 2, {}}, {of_batch, second(52), 2, {}}}));                 // answered before
  CHECK(stays({{of_batch, second(51), 2, {}}, {of_batch + 1 + of_the_other, second(52), 2, {}}}));  // another connector
  CHECK(stays({{of_batch, second(51), 2, {}}, {of_ping + 1, second(52), 2, {}}}));                  // as a ping
  CHECK(stays({{of_batch, second(51), 2, {}}, {of_the_other_server, second(52), 2, {}}}));          // on another server
  std::vector<Row> again = pair_at(51, 2);  // an id that is used again
  append(again, pair_at(53, 2));
  CHECK(stays(again));
  CHECK(stays({{of_batch, second(51), 2, {}}, {of_batch, second(52), 2, {}}, {of_batch + 1, second(53), 2, {}}}));
  CHECK(stays({{of_batch, second(51), 2, {}}, {of_batch + 1, second(52), 2, {}}, {of_batch + 1, second(53), 2, {}}}));
  CHECK(stays(batches(50, 3, of_none)));  // of no connector
  std::vector<Row> bare = {{untracked, second(51), 0, {}}, {untracked + 1, second(52), 0, {}}};
  CHECK(stays(bare));
  // a word of the manager with the same id answers nothing
  std::vector<Row> said = pair_at(51, 2);
  said.push_back({of_manager, second(51.5), 2, {}});
  CHECK(!stays(said));
}

TEST_CASE("thinning: both sides of a step of a minute stay, and nothing else but the first of each minute") {
  std::vector<Row> all;
  std::uint32_t tracking = 1;
  for (const double s : {10.0, 15.0, 20.0, 80.0, 85.0, 90.0, 149.0, 150.0, 151.0}) append(all, pair_at(s, tracking++));
  const std::vector<Row> kept = thinned_rows(all);
  CHECK(times_of(kept, of_batch) == Times{second(10), second(20), second(80), second(149), second(151)});
}

TEST_CASE("thinning: users' records stay, and the batch of a request without a result") {
  std::vector<Row> all = batches(12, 5);
  all.push_back({request_of, second(20.2), 0, {0}});
  all.push_back({result_of, second(20.4), 0, {1}});
  std::vector<Row> kept = thinned_rows(all);
  CHECK(has(kept, request_of, second(20.2)));
  CHECK(has(kept, result_of, second(20.4)));
  CHECK(!has(kept, of_batch, second(20)));
  const auto batch_stays = [&] {
    kept = thinned_rows(all);
    CHECK(has(kept, of_batch, second(20)) == has(kept, of_batch + 1, second(21)));
    return has(kept, of_batch, second(20));
  };
  all.back().time = second(20.2);
  CHECK(!batch_stays());
  all.push_back({result_of, second(10.4), 0, {1}});  // an earlier one, whose place is behind it
  CHECK(!batch_stays());
  all.erase(all.end() - 2);
  CHECK(batch_stays());  // there is only the earlier result
  all.back() = {result_of, second(20.4), 0, {3}};
  CHECK(batch_stays());  // it is another user's
}

TEST_CASE("thinning: both neighbours of a time that is asked for stay, and the batch around it") {
  const std::vector<Row> all = batches(12, 5);
  const std::vector<Row> kept = thinned_rows(all, {second(23)});
  CHECK(has(kept, of_batch, second(20)));
  CHECK(has(kept, of_batch, second(25)));
  CHECK(has(kept, of_batch + 1, second(21)));
  CHECK(has(kept, of_batch + 1, second(26)));
  CHECK(!has(kept, of_batch, second(15)));
  CHECK(!has(kept, of_batch, second(30)));
}

TEST_CASE("thinning: no question that it knows of gets another answer, in whatever order the records stand") {
  std::mt19937 random(5);
  const auto kinds = all_kinds();
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    const auto up_to = [&](unsigned most) { return static_cast<std::uint32_t>(random() % most); };
    std::vector<Row> all;
    const double length = 1 + up_to(20'000);
    for (std::uint32_t n = up_to(200); n > 0; --n) {
      const double s = static_cast<double>(up_to(1000)) / 1000 * length;
      const std::size_t kind = (up_to(2) == 0 ? of_batch : of_ping) + (up_to(4) == 0 ? of_the_other : 0);
      std::vector<Row> rows = pair_at(s, n * 2 + 1, kind, up_to(8) == 0 ? 4000 : 0.5 * up_to(9));
      if (up_to(10) == 0) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(up_to(2)));
      if (up_to(5) == 0) rows.push_back({request_of, second(s), 0, {2 * up_to(2)}});
      if (up_to(5) == 0) rows.push_back({result_of, second(s + 1), 0, {2 * up_to(2) + 1}});
      append(all, rows);
    }
    if (round % 3 != 0) std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.time < b.time; });
    if (round % 3 == 1) std::reverse(all.begin(), all.end());
    Times asked;
    for (unsigned n = up_to(6); n > 0; --n) asked.push_back(second(up_to(static_cast<unsigned>(length) + 9)));
    std::sort(asked.begin(), asked.end());
    const std::vector<Row> kept = thinned_rows(all, asked);

    std::multiset<Row> left(all.begin(), all.end());
    for (const Row& row : kept) {
      REQUIRE(left.contains(row));
      left.erase(left.find(row));
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      const Times before = times_of(all, kind);
      const Times after = times_of(kept, kind);
      for (const Ticks t : asked) {
        CHECK(first_after(after, t) == first_after(before, t));
        CHECK(last_before(after, t) == last_before(before, t));
      }
      for (std::size_t i = 1; i < before.size(); ++i) {  // every silence, and the first of every hour
        if (before[i] - before[i - 1] < ticks_per_minute) continue;
        CHECK(std::binary_search(after.begin(), after.end(), before[i - 1]));
        CHECK(std::binary_search(after.begin(), after.end(), before[i]));
      }
      for (const Ticks t : before) {
        const Ticks hour = t / ticks_per_hour * ticks_per_hour;
        CHECK(first_after(after, hour - 1) == first_after(before, hour - 1));
      }
    }
    // what is left out was answered in time and is complete
    std::map<std::uint32_t, std::vector<Row>> pairs;
    for (const Row& row : left) {
      CHECK(row.users.empty());
      pairs[row.tracking].push_back(row);
    }
    for (const auto& [tracking, rows] : pairs) {
      REQUIRE(rows.size() == 2);
      CHECK(rows[0].kind + 1 == rows[1].kind);
      CHECK(rows[1].time - rows[0].time <= timely_answer);
      CHECK(!any_within(asked, rows[0].time, rows[1].time));
    }
  }
}
