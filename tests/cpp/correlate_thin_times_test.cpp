// What is left out of signs of life changes no answer.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "correlate/thin_times.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

Times thinned(const Times& times, const Times& asked, bool whole_seconds = false) {
  ThinTimes thin(asked);
  for (const Ticks t : times) thin.add(t, whole_seconds);
  return thin.take();
}

}  // namespace

TEST_CASE("thin times: of a steady beat little is left, and both ends of every gap") {
  Times beat;
  for (int minute = 0; minute < day; minute += 2) beat.push_back(at(minute));
  const Times kept = thinned(beat, {});
  CHECK(kept.size() < 60);
  CHECK(kept.front() == beat.front());
  CHECK(kept.back() == beat.back());
  std::erase_if(beat, [](Ticks t) { return t > at(300) && t < at(500); });
  const Times gap = thinned(beat, {});
  CHECK(std::find(gap.begin(), gap.end(), at(300)) != gap.end());
  CHECK(std::find(gap.begin(), gap.end(), at(500)) != gap.end());
}

TEST_CASE("thin times: the first and the last sign around any asked time, in whatever order they come") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const auto some = [&](std::size_t n) {
      Times times;
      for (std::size_t i = 0; i < n; ++i)
        times.push_back(at(static_cast<double>(random() % 2000)) + static_cast<Ticks>(random() % 3));
      return times;
    };
    Times asked = some(random() % 6);
    std::sort(asked.begin(), asked.end());
    Times all = some(random() % 300);
    if (round % 3 != 0) std::sort(all.begin(), all.end());
    if (round % 3 == 1) std::reverse(all.begin(), all.end());
    const Times kept = thinned(all, asked);
    std::sort(all.begin(), all.end());
    CHECK(std::is_sorted(kept.begin(), kept.end()));
    for (const Ticks t : asked) {
      CHECK(first_after(kept, t) == first_after(all, t));
      CHECK((last_before(kept, t) == no_time) == (last_before(all, t) == no_time));
    }
    for (std::size_t i = 1; i < all.size(); ++i) {  // every silence
      if (all[i] - all[i - 1] < 3 * ticks_per_hour) continue;
      CHECK(first_after(kept, all[i - 1]) == all[i]);
      CHECK(std::find(kept.begin(), kept.end(), all[i - 1]) != kept.end());
    }
    for (std::size_t i = 1; i < kept.size(); ++i) {  // and no other
      if (kept[i] - kept[i - 1] >= 3 * ticks_per_hour) CHECK(first_after(all, kept[i - 1]) == kept[i]);
    }
  }
}

TEST_CASE("thin times: what has no time is no sign and hides none") {
  CHECK(thinned({at(30), at(20), no_time}, {}) == Times{at(20), at(30)});
  CHECK(thinned({at(10), no_time, at(20)}, {}) == Times{at(10), at(20)});
}

TEST_CASE("times: both ends of a window are within it") {
  const Times times{10};
  CHECK(any_within(times, 5, 10));
  CHECK(any_within(times, 10, 20));
  CHECK_FALSE(any_within(times, 11, 20));
  CHECK_FALSE(any_within(times, 5, 9));
}

TEST_CASE("thin times: of two exports of one sign the exact time counts") {
  const Times none;
  ThinTimes both(none);
  both.add(at(1) + 5, false);
  both.add(at(1), true);
  both.add(at(100), true);
  both.add(at(200), false);
  both.add(at(200), true);
  CHECK(both.take() == Times{at(1) + 5, at(100), at(200)});
}

TEST_CASE("thin times: where nobody looks for silences, a step of days is a step like any other") {
  const Times asked{at(5 * day)};
  ThinTimes thin(asked, ThinTimes::no_silences);
  for (int d = 0; d < 10; ++d) thin.add(at(d * day) + 1, false);
  CHECK(thin.take() == Times{at(0) + 1, at(4 * day) + 1, at(5 * day) + 1, at(9 * day) + 1});
}
