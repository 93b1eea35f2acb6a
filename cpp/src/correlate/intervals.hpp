// Sets of stretches of time.
#pragma once

#include <vector>

#include "synclens/time.hpp"

namespace synclens::correlate {

struct Span {
  Ticks from = no_time, to = no_time;  // from <= to
};

class Intervals {
 public:
  Intervals() = default;
  explicit Intervals(std::vector<Span> spans);  // in any order, overlapping or not

  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }
  [[nodiscard]] bool empty() const { return spans_.empty(); }
  [[nodiscard]] Ticks begin() const { return spans_.empty() ? no_time : spans_.front().from; }
  [[nodiscard]] Ticks end() const { return spans_.empty() ? no_time : spans_.back().to; }

  [[nodiscard]] Intervals minus(const Intervals& other) const;
  // How much of [from, to] is covered, in all and in one piece.
  [[nodiscard]] Ticks covered(Ticks from, Ticks to) const;
  [[nodiscard]] Ticks longest(Ticks from, Ticks to) const;
  // The time from which on `amount` of covered time lies before the end; the beginning when there is less.
  [[nodiscard]] Ticks before_end(Ticks amount) const;
  // The first time at which `amount` of covered time has passed since `from`; no_time when the end comes first.
  [[nodiscard]] Ticks after(Ticks from, Ticks amount) const;

 private:
  std::vector<Span> spans_;  // sorted, apart from each other
};

}  // namespace synclens::correlate
