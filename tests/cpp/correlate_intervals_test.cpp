#include <doctest/doctest.h>

#include <string>

#include "correlate/intervals.hpp"

using namespace synclens;
using namespace synclens::correlate;

namespace {

std::string shown(const Intervals& intervals) {
  std::string text;
  for (const Span& s : intervals.spans()) {
    text += (text.empty() ? "" : " ") + std::to_string(s.from) + "-" + std::to_string(s.to);
  }
  return text;
}

}  // namespace

TEST_CASE("intervals: sorted, joined where they touch, apart where they do not") {
  CHECK(shown(Intervals({{50, 60}, {0, 10}, {10, 20}, {15, 18}, {21, 22}})) == "0-20 21-22 50-60");
  CHECK(shown(Intervals({{5, 4}, {no_time, 3}, {3, no_time}})).empty());
  CHECK(shown(Intervals({{7, 7}})) == "7-7");
  CHECK(Intervals().empty());
  CHECK(Intervals().begin() == no_time);
  CHECK(Intervals().end() == no_time);
  CHECK(Intervals({{3, 4}, {1, 2}}).begin() == 1);
  CHECK(Intervals({{3, 9}, {1, 2}}).end() == 9);
}

TEST_CASE("intervals: minus cuts holes, ends and whole stretches") {
  const Intervals logs({{0, 100}, {200, 300}});
  CHECK(shown(logs.minus(Intervals({{20, 30}}))) == "0-20 30-100 200-300");
  CHECK(shown(logs.minus(Intervals({{0, 10}, {90, 210}}))) == "10-90 210-300");
  CHECK(shown(logs.minus(Intervals({{150, 400}}))) == "0-100");
  CHECK(shown(logs.minus(Intervals())) == "0-100 200-300");
  CHECK(shown(logs.minus(Intervals({{100, 200}}))) == "0-100 200-300");
  CHECK(shown(logs.minus(Intervals({{50, 100}}))) == "0-50 200-300");
  CHECK(shown(Intervals({{5, 5}}).minus(Intervals())) == "5-5");
}

TEST_CASE("intervals: how much is covered, in all and in one piece") {
  const Intervals logs({{0, 100}, {200, 300}});
  CHECK(logs.covered(50, 250) == 100);
  CHECK(logs.covered(100, 200) == 0);
  CHECK(logs.covered(0, 1000) == 200);
  CHECK(logs.longest(50, 280) == 80);
  CHECK(logs.longest(100, 200) == 0);
}

TEST_CASE("intervals: the last hours and the time by which an amount has passed skip what is not covered") {
  const Intervals logs({{0, 100}, {200, 300}});
  CHECK(logs.before_end(30) == 270);
  CHECK(logs.before_end(100) == 200);
  CHECK(logs.before_end(130) == 70);
  CHECK(logs.before_end(1000) == 0);
  CHECK(logs.after(10, 20) == 30);
  CHECK(logs.after(90, 20) == 210);
  CHECK(logs.after(150, 20) == 220);
  CHECK(logs.after(290, 20) == no_time);
  CHECK(logs.after(280, 20) == 300);
}
