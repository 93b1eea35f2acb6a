#include "correlate/thin_times.hpp"

#include <algorithm>

namespace synclens::correlate {
Ticks first_after(const Times& times, Ticks after) {
  const auto found = std::upper_bound(times.begin(), times.end(), after);
  return found == times.end() ? no_time : *found;
}

Ticks last_before(const Times& times, Ticks before) {
  const auto found = std::lower_bound(times.begin(), times.end(), before);
  return found == times.begin() ? no_time : *std::prev(found);
}

bool any_within(const Times& times, Ticks from, Ticks to) {
  const auto found = std::lower_bound(times.begin(), times.end(), from);
  return found != times.end() && *found <= to;
}

// False: the pending time may be left out now that the next one is known.
bool ThinTimes::Strand::needs_pending(Ticks next, const Times& asked, Ticks widest_step) const {
  if (kept.empty()) return true;
  const auto [from, to] = std::minmax(kept.back(), next);
  if (pending < from || pending > to) return true;  // the direction changes here
  return to - from >= widest_step || any_within(asked, from, to);
}

Times ThinTimes::Strand::take() {
  if (pending != no_time) kept.push_back(pending);
  pending = no_time;
  sort_once(kept);
  return std::move(kept);
}

void ThinTimes::add(Ticks time, bool whole_seconds) {
  Strand& strand = whole_seconds ? whole_seconds_ : exact_;
  if (time == no_time || time == strand.pending) return;
  if (strand.pending != no_time && strand.needs_pending(time, *asked_, widest_step_))
    strand.kept.push_back(strand.pending);
  strand.pending = time;
}

Times ThinTimes::take() {
  Times taken = exact_.take();
  Times others = whole_seconds_.take();
  std::erase_if(others, [&](Ticks t) { return any_within(taken, t, t + ticks_per_second - 1); });
  taken.insert(taken.end(), others.begin(), others.end());
  sort_once(taken);
  return taken;
}

void sort_once(Times& times) {
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
}

}  // namespace synclens::correlate
