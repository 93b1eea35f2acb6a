#include <doctest/doctest.h>

#include <cstdio>
#include <random>
#include <string>

#include "decode/culture_date.hpp"

using namespace synclens;

namespace {

std::string month_first(std::string_view text) {
  const auto date = parse_written_date(text);
  return date ? to_iso(date->month_first) : "nothing";
}
std::string day_first(std::string_view text) {
  const auto date = parse_written_date(text);
  return date ? to_iso(date->day_first) : "nothing";
}

constexpr const char* two_pm = "2026-03-10T14:00:00Z";

}  // namespace

TEST_CASE("en-US: month first, AM and PM, with every kind of space before them") {
  for (const char* text :
       {"3/10/2026 2:00:00 PM", "03/10/2026 02:00:00 PM", "3/10/2026 2:00:00\u202FPM",
        "\u200E3\u200E/\u200E10\u200E/\u200E2026\u200E \u200E2\u200E:\u200E00\u200E:\u200E00 PM", "3/10/2026 2:00 p.m.",
        "3/10/2026, 2:00:00 PM", "3/10/2026 2:00:00PM", "3/10/26 2:00 PM", "\uFEFF3/10/2026\u00A02:00:00\u00A0PM"}) {
    CAPTURE(text);
    CHECK(month_first(text) == two_pm);
    REQUIRE(parse_written_date(text));
    CHECK(parse_written_date(text)->twelve_hours);
    CHECK(parse_written_date(text)->ambiguous());
    CHECK_FALSE(parse_written_date(text)->zoned);
  }
}

TEST_CASE("midnight and noon in twelve hours") {
  CHECK(month_first("3/10/2026 12:00:00 AM") == "2026-03-10T00:00:00Z");
  CHECK(month_first("3/10/2026 12:30:00 AM") == "2026-03-10T00:30:00Z");
  CHECK(month_first("3/10/2026 12:00:00 PM") == "2026-03-10T12:00:00Z");
  CHECK(month_first("12/01/2025 0:00:00 AM") == "2025-12-01T00:00:00Z");
  CHECK(month_first("10/7/2016 18:38:24 PM") == "2016-10-07T18:38:24Z");
}

TEST_CASE("en-GB and fr: day first, 24 hours") {
  CHECK(day_first("10/03/2026 14:00:00") == two_pm);
  CHECK(day_first("10/03/2026 14:00") == two_pm);
  CHECK(parse_written_date("13/03/2026 14:00")->month_first == no_time);
  CHECK(parse_written_date("03/13/2026 14:00")->day_first == no_time);
}

TEST_CASE("de: full stops say that the day comes first") {
  CHECK(day_first("10.03.2026 14:00:00") == two_pm);
  CHECK(parse_written_date("10.03.2026 14:00:00")->separators_say == DateOrder::day_first);
  CHECK(day_first("10. 3. 2026 14:00:00") == two_pm);
  CHECK(day_first("10.03.26 14:00") == two_pm);
}

TEST_CASE("nl: hyphens, day first, no leading zeros") {
  CHECK(day_first("10-3-2026 14:00:00") == two_pm);
  CHECK(day_first("10-03-2026 14:00") == two_pm);
  CHECK(parse_written_date("10-3-2026 14:00:00")->separators_say == DateOrder::day_first);
}

TEST_CASE("sv: year first with hyphens") {
  CHECK(month_first("2026-03-10 14:00:00") == two_pm);
  CHECK(day_first("2026-03-10 14:00") == two_pm);
  CHECK_FALSE(parse_written_date("2026-03-10 14:00")->ambiguous());
}

TEST_CASE("ja: year first with slashes, 午前 and 午後") {
  CHECK(month_first("2026/03/10 14:00:00") == two_pm);
  CHECK(month_first("2026/03/10 午後 2:00:00") == two_pm);
  CHECK(month_first("2026/03/10 午前 0:00:00") == "2026-03-10T00:00:00Z");
  CHECK(month_first("2026年3月10日 14時00分00秒") == two_pm);
}

TEST_CASE("pt-BR: day first with slashes") {
  CHECK(day_first("10/03/2026 14:00:00") == two_pm);
}

TEST_CASE("zh-CN: year first, 上午 and 下午 before the time or after it") {
  CHECK(month_first("2026/3/10 14:00:00") == two_pm);
  CHECK(month_first("2026/3/10 下午 2:00:00") == two_pm);
  CHECK(month_first("2026/3/10 下午 02:00:00") == two_pm);
  CHECK(month_first("2026/3/10 2:00:00 下午") == two_pm);
  CHECK(month_first("2026/3/10 上午 12:00:00") == "2026-03-10T00:00:00Z");
  CHECK(month_first("2026年3月10日 14:00:00") == two_pm);
}

TEST_CASE("ISO, with and without a zone") {
  CHECK(month_first("2026-03-10T14:00:00") == two_pm);
  CHECK_FALSE(parse_written_date("2026-03-10T14:00:00")->zoned);
  CHECK(month_first("2026-03-10T14:00:00.0000000Z") == two_pm);
  CHECK(parse_written_date("2026-03-10T14:00:00Z")->zoned);
  CHECK(month_first("2026-03-10T15:00:00.0000000+01:00") == two_pm);
  CHECK(month_first("2026-03-10T14:00:00.1234567Z") == "2026-03-10T14:00:00.1234567Z");
  CHECK(month_first("10/03/2026 14:00:00 +00:00") == "2026-10-03T14:00:00Z");
  CHECK(month_first("2026-03-10 09:00:00 -05:00") == two_pm);
  CHECK(month_first("2026-03-10 14:00:00 UTC") == two_pm);
}

TEST_CASE("the month as an English word, weekdays, the time in the middle") {
  CHECK(month_first("Tuesday, March 10, 2026 2:00:00 PM") == two_pm);
  CHECK(month_first("10-Mar-2026 14:00") == two_pm);
  CHECK(month_first("10 March 2026 14:00:00") == two_pm);
  CHECK(month_first("Tue Mar 10 14:00:00 2026") == two_pm);
  CHECK_FALSE(parse_written_date("10-Mar-2026 14:00")->ambiguous());
}

TEST_CASE("a date alone is its midnight") {
  CHECK(month_first("3/10/2026") == "2026-03-10T00:00:00Z");
  CHECK(day_first("2026-03-10") == "2026-03-10T00:00:00Z");
}

TEST_CASE("what is no date") {
  for (const char* text : {"",
                           " ",
                           "x",
                           "654",
                           "3/10",
                           "13/13/2026",
                           "2026-02-30",
                           "3/10/2026 25:00:00",
                           "3/10/2026 14:60",
                           "3/10/2026 2",
                           "3/10/2026 14:00:00 yesterday",
                           "1/2/3/4",
                           "10.1.1.5",
                           "3/10/2026 AM PM",
                           "99999999999999999999/1/1",
                           "--",
                           "::",
                           "2026-03-10T",
                           "３/10/2026",
                           "3/10/126 14:00",
                           "\xFF\xFE",
                           "1/1/2026 1:1"}) {
    CAPTURE(text);
    const auto date = parse_written_date(text);
    CHECK((!date || std::string(text) == "2026-03-10T"));
  }
  CHECK_FALSE(parse_written_date(std::string(1000, '1')));
}

TEST_CASE("random times survive each form, and random bytes do no harm") {
  std::mt19937 random(20260310);
  const auto pick = [&random](unsigned low, unsigned high) {
    return low + static_cast<unsigned>(random() % (high - low + 1));
  };
  for (int i = 0; i < 3000; ++i) {
    const CivilTime c{static_cast<std::int32_t>(pick(1990, 2040)),
                      pick(1, 12),
                      pick(1, 28),
                      pick(0, 23),
                      pick(0, 59),
                      pick(0, 59),
                      0};
    const unsigned y = static_cast<unsigned>(c.year), twelve = c.hour % 12 == 0 ? 12 : c.hour % 12;
    const char* const half = c.hour < 12 ? "AM" : "PM";
    char text[96];
    std::snprintf(text, sizeof text, "%u/%u/%u %u:%02u:%02u %s", c.month, c.day, y, twelve, c.minute, c.second, half);
    CHECK(parse_written_date(text)->month_first == to_ticks(c));
    std::snprintf(text, sizeof text, "%02u.%02u.%u %02u:%02u:%02u", c.day, c.month, y, c.hour, c.minute, c.second);
    CHECK(parse_written_date(text)->day_first == to_ticks(c));
    std::snprintf(text, sizeof text, "%u-%u-%u %u:%02u:%02u", c.day, c.month, y, c.hour, c.minute, c.second);
    CHECK(parse_written_date(text)->day_first == to_ticks(c));
    std::snprintf(text, sizeof text, "%u/%u/%u %s %02u:%02u:%02u", y, c.month, c.day, c.hour < 12 ? "上午" : "下午",
                  twelve, c.minute, c.second);
    CHECK(parse_written_date(text)->month_first == to_ticks(c));
    // one byte of it changed: anything but a crash
    std::string broken(text);
    broken[random() % broken.size()] = static_cast<char>(random());
    (void)parse_written_date(broken);
  }
}
