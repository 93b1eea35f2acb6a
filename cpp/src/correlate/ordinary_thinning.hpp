// What may be left out of the older part of a long log in which all is well.
#pragma once

#include <deque>
#include <vector>

#include "correlate/ordinary_block.hpp"
#include "correlate/times.hpp"
#include "correlate/user_line.hpp"

namespace synclens::correlate {

// The block without pings and batches that were answered in time and that no question can turn on: of those of one kind
// (server, connector, event id) stay the first in each minute, both sides of every step of a minute or more, and both
// sides of each time in `asked` (sorted) and of each request of a user that has no result in the block. A request and
// its answer stay or go together. What has no TrackingID or no connector stays, and so does all that names a user.
[[nodiscard]] OrdinaryBlock thinned(const OrdinaryBlock& block, const std::deque<OrdinaryKind>& kinds,
                                    const std::vector<UserLine>& lines, Times asked);

}  // namespace synclens::correlate
