// The order in which sources were given must not show: which of two exports of one record speaks for it, which of two
// settings without a time counts.
#pragma once

#include "correlate/facts.hpp"

namespace synclens::correlate {

// Puts sources in the order of their names, and all that was kept in the order of the sources; within one source
// nothing moves.
void order_sources(Facts& facts);

}  // namespace synclens::correlate
