#include "decode/source_clock.hpp"

#include <string>

namespace synclens {
void SourceClock::Course::follow(Ticks ticks) {
  if (ticks == no_time) return;
  // neighbours may have been written out of order by a little; a swapped day and month is off by a day at least
  constexpr Ticks tolerance = ticks_per_hour;
  if (last != no_time && ticks > last + tolerance) rises = true;
  if (last != no_time && ticks < last - tolerance) falls = true;
  last = ticks;
}

void SourceClock::look_at(std::string_view written) {
  const std::optional<WrittenDate> date = parse_written_date(written);
  if (!date || date->month_first == date->day_first) return;
  if (date->twelve_hours) twelve_hours_ = true;
  if (date->separators_say) separators_say_day_ = true;
  if (date->day_first == no_time) month_shown_ = true;
  if (date->month_first == no_time) day_shown_ = true;
  month_first_course_.follow(date->month_first);
  day_first_course_.follow(date->day_first);
}

void SourceClock::look_at(Language language) {
  if (writes_day_first(language)) language_says_day_ = true;
}

void SourceClock::settle() {
  settled_ = true;
  if (month_shown_ != day_shown_) {
    order_ = day_shown_ ? DateOrder::day_first : DateOrder::month_first;
  } else if (!month_shown_ && month_first_course_.steady() != day_first_course_.steady()) {
    order_ = day_first_course_.steady() ? DateOrder::day_first : DateOrder::month_first;
  } else if (separators_say_day_) {
    order_ = DateOrder::day_first;
  } else if (language_says_day_) {
    order_ = DateOrder::day_first;
  } else if (twelve_hours_) {
    order_ = DateOrder::month_first;
  } else {
    order_ = DateOrder::month_first;
    settled_ = false;
  }
}

Ticks SourceClock::pick(const WrittenDate& date, std::string_view written, const Address& where) {
  const Ticks wanted = date.in(order_);
  if (wanted != no_time) {
    if (!settled_ && date.ambiguous() && !swap_noted_) {
      swap_noted_ = true;
      sink_.note("day and month could be swapped: " + quoted(written) + " is read with the month first");
    }
    return wanted;
  }
  const DateOrder other = order_ == DateOrder::month_first ? DateOrder::day_first : DateOrder::month_first;
  if (!contradiction_told_) {
    contradiction_told_ = true;
    const std::string_view shown = other == DateOrder::day_first ? "day" : "month";
    const std::string_view taken = order_ == DateOrder::day_first ? "day" : "month";
    std::string what = "the date " + quoted(written) + " has the " + std::string(shown) +
                       " first, while dates before it were read with the " + std::string(taken) + " first";
    if (!settled_) what += "; dates from here on are read with the " + std::string(shown) + " first";
    problems_.add(std::move(what), where);
  }
  if (!settled_) {
    order_ = other;
    settled_ = true;
  }
  return date.in(other);
}

Ticks SourceClock::read(std::string_view written, const Address& where) {
  written = trim_marks(written);
  if (written.empty()) return no_time;
  const std::optional<WrittenDate> date = parse_written_date(written);
  if (!date) {
    problems_.add("a time that cannot be read: " + quoted(written), where);
    return no_time;
  }
  const Ticks ticks = date->month_first == date->day_first ? date->month_first : pick(*date, written, where);
  if (date->zoned) return ticks;
  if (!zone_noted_) {
    zone_noted_ = true;
    sink_.note("times state no zone, read as " + zone_.name());
  }
  return zone_.to_utc(ticks);
}

}  // namespace synclens
