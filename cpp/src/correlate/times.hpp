// Sorted points in time and the questions asked of them.
#pragma once

#include <vector>

#include "synclens/time.hpp"

namespace synclens::correlate {

using Times = std::vector<Ticks>;  // sorted

// The first of `times` that is later than `after`; no_time when there is none.
[[nodiscard]] Ticks first_after(const Times& times, Ticks after);
// The last of `times` that is earlier than `before`; no_time when there is none.
[[nodiscard]] Ticks last_before(const Times& times, Ticks before);
[[nodiscard]] bool any_within(const Times& times, Ticks from, Ticks to);

}  // namespace synclens::correlate
