#include <doctest/doctest.h>

#include "synclens/error.hpp"
#include "synclens/time.hpp"

using namespace synclens;

TEST_CASE("a FILETIME prints as ISO 8601 with a fraction only where there is one") {
  CHECK(to_iso(unix_epoch_ticks) == "1970-01-01T00:00:00Z");
  CHECK(to_iso(to_ticks({2026, 3, 10, 2, 0, 6, 1})) == "2026-03-10T02:00:06.0000001Z");
  CHECK(to_iso(no_time).empty());
}

TEST_CASE("dates that do not exist have no ticks") {
  CHECK(to_ticks({2026, 2, 29, 0, 0, 0, 0}) == no_time);
  CHECK(to_ticks({2024, 2, 29, 0, 0, 0, 0}) != no_time);
  CHECK(to_ticks({1600, 12, 31, 0, 0, 0, 0}) == no_time);
  CHECK(to_ticks({2026, 1, 1, 24, 0, 0, 0}) == no_time);
}

TEST_CASE("ISO 8601 is read with and without zone") {
  const Ticks two = to_ticks({2026, 3, 10, 2, 0, 0, 0});
  CHECK(parse_iso("2026-03-10T02:00:00Z")->ticks == two);
  CHECK(parse_iso("2026-03-10T02:00:00Z")->zoned);
  CHECK(parse_iso("2026-03-10 02:00:00")->ticks == two);
  CHECK_FALSE(parse_iso("2026-03-10 02:00:00")->zoned);
  CHECK(parse_iso("2026-03-10T03:00:00+01:00")->ticks == two);
  CHECK(parse_iso("2026-03-10T02:00:00.123456789Z")->ticks == two + 1234567);
  CHECK_FALSE(parse_iso("2026-13-10T02:00:00Z"));
  CHECK_FALSE(parse_iso("yesterday"));
}

TEST_CASE("a clock's reading becomes UTC in the named zone") {
  const Zone berlin = Zone::named("Europe/Berlin");
  CHECK(berlin.to_utc(to_ticks({2026, 3, 10, 2, 5, 0, 0})) == to_ticks({2026, 3, 10, 1, 5, 0, 0}));
  // set back on 2026-10-25: 02:30 happens twice, the earlier is taken
  CHECK(berlin.to_utc(to_ticks({2026, 10, 25, 2, 30, 0, 0})) == to_ticks({2026, 10, 25, 0, 30, 0, 0}));
  // set forward on 2026-03-29: 02:30 does not happen
  CHECK(berlin.to_utc(to_ticks({2026, 3, 29, 2, 30, 0, 0})) == to_ticks({2026, 3, 29, 1, 30, 0, 0}));
  CHECK(Zone::named("+05:30").to_utc(to_ticks({2026, 1, 1, 5, 30, 0, 0})) == to_ticks({2026, 1, 1, 0, 0, 0, 0}));
  CHECK_THROWS_AS((void)Zone::named("Mars/Olympus"), Error);
}
