// The times of one source: which of day and month comes first, in which zone they are read.
#pragma once

#include <string_view>

#include "decode/culture_date.hpp"
#include "decode/name_fold.hpp"
#include "decode/problem_list.hpp"
#include "synclens/time.hpp"

namespace synclens {

// Used in two passes over the head of a source: first look_at() everything, then settle(), then read() everything.
// Borrows all that it is constructed from.
class SourceClock {
 public:
  SourceClock(const Zone& zone, RecordSink& sink, ProblemList& problems)
      : zone_(zone), sink_(sink), problems_(problems) {}

  // A time that the head holds, in the source's order.
  void look_at(std::string_view written);
  // A language that a header, a label or a level word gives away.
  void look_at(Language language);
  // Decides by what was looked at: a number above 12; the order of the records; AM and PM; separators; the language.
  void settle();

  // The time as UTC; `no_time` (and a problem) for what cannot be read, `no_time` alone for an empty text.
  // Says once through RecordSink::note which zone was taken and that day and month could be swapped.
  [[nodiscard]] Ticks read(std::string_view written, const Address& where);

 private:
  // How far a reading in one order keeps to one direction through the source.
  struct Course {
    Ticks last = no_time;
    bool rises = false, falls = false;
    void follow(Ticks ticks);
    [[nodiscard]] bool steady() const { return !(rises && falls); }
  };

  [[nodiscard]] Ticks pick(const WrittenDate& date, std::string_view written, const Address& where);

  const Zone& zone_;
  RecordSink& sink_;
  ProblemList& problems_;
  Course month_first_course_, day_first_course_;
  bool month_shown_ = false, day_shown_ = false;  // a number above 12 stood where the other order has the month
  bool twelve_hours_ = false, separators_say_day_ = false, language_says_day_ = false;
  DateOrder order_ = DateOrder::month_first;
  bool settled_ = false;
  bool zone_noted_ = false, swap_noted_ = false, contradiction_told_ = false;
};

}  // namespace synclens
