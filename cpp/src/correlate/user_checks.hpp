// The wizard's checks of one object, for the user that AnalyzeOptions names.
#pragma once

#include <string>
#include <vector>

#include "correlate/incidents.hpp"

namespace synclens::correlate {

// object-in-ad-space, object-in-metaverse, object-in-cloud-space, sync-rule and last-attempt of everybody whom `who`
// names: a DN or an anchor, else a part of a DN; letter case does not matter. Nobody found: of `who` as it is, all
// unknown. What is unknown stands in `not_evaluated` too.
[[nodiscard]] std::vector<Check> make_user_checks(const Diagnosing& d, const std::string& who,
                                                  std::vector<NotEvaluated>& not_evaluated);

}  // namespace synclens::correlate
