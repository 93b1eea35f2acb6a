// The wizard's checks, in its own order, and four more.
#pragma once

#include "correlate/incidents.hpp"

namespace synclens::correlate {

// Each check that is unknown says what is missing, and stands in `not_evaluated` too.
[[nodiscard]] std::vector<Check> make_checks(const Diagnosing& d, const std::string& build,
                                             std::vector<NotEvaluated>& not_evaluated);

}  // namespace synclens::correlate
