// Dates as servers of different cultures write them.
#pragma once

#include <optional>
#include <string_view>

#include "synclens/time.hpp"

namespace synclens {

enum class DateOrder : std::uint8_t { month_first, day_first };

// One date and time as it is written, in both readings. The two are the same where the year comes first or the
// month is a word; one is `no_time` where a number is too large for a month.
struct WrittenDate {
  Ticks month_first = no_time;
  Ticks day_first = no_time;
  bool zoned = false;                       // the readings are UTC; otherwise a clock's reading taken as UTC
  bool twelve_hours = false;                // AM or PM in Latin letters is there
  std::optional<DateOrder> separators_say;  // full stops and hyphens are used where the day comes first

  [[nodiscard]] bool ambiguous() const {
    return month_first != day_first && month_first != no_time && day_first != no_time;
  }
  [[nodiscard]] Ticks in(DateOrder order) const { return order == DateOrder::month_first ? month_first : day_first; }
};

// ISO 8601 and the short forms of en-US, en-GB, de, fr, nl, sv, ja, pt-BR and zh-CN (and what resembles them), the
// month also as an English word, with or without a time, which may have AM or PM words before or after it. Marks of
// writing direction and odd spaces do not matter. "0:00:00 AM" is midnight. Nothing for anything else.
[[nodiscard]] std::optional<WrittenDate> parse_written_date(std::string_view text);

}  // namespace synclens
