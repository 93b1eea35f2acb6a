#include "synclens/time.hpp"

#include <date/date.h>

#include <charconv>

namespace synclens {
namespace {

constexpr std::int32_t first_year = 1601;
constexpr std::int32_t last_year = 30827;

// Reads exactly `digits` decimal digits at the front of `text` and drops them.
bool take_digits(std::string_view& text, std::size_t digits, std::uint32_t& value) {
  if (text.size() < digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, std::uint32_t& fraction) {
  if (!take(text, '.') && !take(text, ',')) return true;
  std::size_t digits = 0;
  fraction = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 7) fraction = fraction * 10 + static_cast<std::uint32_t>(text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  for (std::size_t i = digits; i < 7; ++i) fraction *= 10;
  return digits > 0 && digits <= 9;
}

// Z, +01:00, +0100, +01 or nothing; the offset in minutes.
bool take_offset(std::string_view& text, bool& zoned, std::int64_t& minutes) {
  zoned = false;
  minutes = 0;
  if (text.empty()) return true;
  if (text.front() == 'Z' || text.front() == 'z') {
    text.remove_prefix(1);
    zoned = true;
    return text.empty();
  }
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') return false;
  text.remove_prefix(1);
  std::uint32_t h = 0;
  std::uint32_t m = 0;
  if (!take_digits(text, 2, h)) return false;
  if (!text.empty() && (take(text, ':') || true) && !take_digits(text, 2, m)) return false;
  if (h > 23 || m > 59 || !text.empty()) return false;
  zoned = true;
  minutes = static_cast<std::int64_t>(h) * 60 + m;
  if (negative) minutes = -minutes;
  return true;
}

}  // namespace

Ticks to_ticks(const CivilTime& civil) {
  if (civil.year < first_year || civil.year > last_year) return no_time;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 59 || civil.fraction >= ticks_per_second) return no_time;
  const date::year_month_day day{date::year{civil.year}, date::month{civil.month}, date::day{civil.day}};
  if (!day.ok()) return no_time;
  const std::int64_t days = date::sys_days{day}.time_since_epoch().count();
  return unix_epoch_ticks + days * ticks_per_day + civil.hour * ticks_per_hour + civil.minute * ticks_per_minute +
         civil.second * ticks_per_second + civil.fraction;
}

CivilTime to_civil(Ticks ticks) {
  if (ticks < 0) return {};
  const std::int64_t whole_days = ticks / ticks_per_day;
  std::int64_t rest = ticks % ticks_per_day;
  const date::sys_days day{date::days{static_cast<int>(whole_days - unix_epoch_ticks / ticks_per_day)}};
  const date::year_month_day ymd{day};
  CivilTime civil;
  civil.year = static_cast<std::int32_t>(static_cast<int>(ymd.year()));
  civil.month = static_cast<unsigned>(ymd.month());
  civil.day = static_cast<unsigned>(ymd.day());
  civil.hour = static_cast<std::uint32_t>(rest / ticks_per_hour);
  rest %= ticks_per_hour;
  civil.minute = static_cast<std::uint32_t>(rest / ticks_per_minute);
  rest %= ticks_per_minute;
  civil.second = static_cast<std::uint32_t>(rest / ticks_per_second);
  civil.fraction = static_cast<std::uint32_t>(rest % ticks_per_second);
  return civil;
}

std::string to_iso(Ticks ticks) {
  if (ticks == no_time || ticks < 0) return {};
  const CivilTime c = to_civil(ticks);
  std::string text;
  const auto put = [&text](std::uint32_t value, int digits) {
    const std::size_t end = text.size() + static_cast<std::size_t>(digits);
    text.resize(end);
    for (int i = 1; i <= digits; ++i, value /= 10)
      text[end - static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  };
  text.reserve(32);
  put(static_cast<std::uint32_t>(c.year), c.year > 9999 ? 5 : 4);  // ticks end in the year 30828 of the calendar
  text += '-';
  put(c.month, 2);
  text += '-';
  put(c.day, 2);
  text += 'T';
  put(c.hour, 2);
  text += ':';
  put(c.minute, 2);
  text += ':';
  put(c.second, 2);
  if (c.fraction != 0) {
    text += '.';
    put(c.fraction, 7);
  }
  text += 'Z';
  return text;
}

std::optional<IsoTime> parse_iso(std::string_view text) {
  CivilTime civil;
  std::uint32_t year = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, civil.month) || !take(text, '-') ||
      !take_digits(text, 2, civil.day)) {
    return std::nullopt;
  }
  civil.year = static_cast<std::int32_t>(year);
  IsoTime result;
  std::int64_t offset = 0;
  if (!text.empty()) {
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
    if (!take_digits(text, 2, civil.hour) || !take(text, ':') || !take_digits(text, 2, civil.minute)) {
      return std::nullopt;
    }
    if (take(text, ':') && (!take_digits(text, 2, civil.second) || !take_fraction(text, civil.fraction))) {
      return std::nullopt;
    }
    if (!take_offset(text, result.zoned, offset)) return std::nullopt;
  }
  result.ticks = to_ticks(civil);
  if (result.ticks == no_time) return std::nullopt;
  result.ticks -= offset * ticks_per_minute;
  return result;
}

}  // namespace synclens
