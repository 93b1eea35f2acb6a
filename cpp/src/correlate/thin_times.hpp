// Times of signs of life, without those that no question can turn on.
#pragma once

#include <limits>

#include "correlate/times.hpp"

namespace synclens::correlate {

// Takes times in any order and keeps, of each stretch in one direction: its first and last, those next to a step of an
// hour or more (a silence is longer than that), and those next to a time that may be asked about. So the first sign
// after any of the asked times, whether one follows or precedes, and every silence stay what they are, while a
// channel that beats for a year without a failure leaves next to nothing.
class ThinTimes {
 public:
  explicit ThinTimes(const Times& asked, Ticks widest_step = ticks_per_hour)
      : asked_(&asked), widest_step_(widest_step) {}
  static constexpr Ticks no_silences = std::numeric_limits<Ticks>::max();  // a widest step: nobody looks for silences
  // `whole_seconds`: of a source that states no fractions, perhaps another export of a record that is here as well.
  void add(Ticks time, bool whole_seconds);
  // All that is kept, sorted, each once; of two exports of one sign, the exact time. Empty afterwards.
  [[nodiscard]] Times take();

 private:
  struct Strand {
    Times kept;
    Ticks pending = no_time;
    [[nodiscard]] bool needs_pending(Ticks next, const Times& asked, Ticks widest_step) const;
    [[nodiscard]] Times take();
  };

  const Times* asked_;
  Ticks widest_step_;
  Strand exact_, whole_seconds_;
};

void sort_once(Times& times);

}  // namespace synclens::correlate
