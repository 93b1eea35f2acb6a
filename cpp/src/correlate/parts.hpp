// The parts of a diagnosis that are accounts rather than judgements: users, coverage, what no rule knew, the timeline.
#pragma once

#include "correlate/incidents.hpp"

namespace synclens::correlate {

[[nodiscard]] std::vector<UserState> list_users(const Diagnosing& d, const std::vector<Finding>& findings,
                                                const std::vector<const Incident*>& incidents);
[[nodiscard]] std::vector<LogCoverage> list_logs(const World& w);
[[nodiscard]] std::vector<Gap> list_gaps(const World& w);
[[nodiscard]] std::vector<Unclassified> list_unclassified(const World& w);
// Errors, restarts and changes one by one; heartbeats, batches and results one per lane and hour.
[[nodiscard]] std::vector<TimelineMark> list_timeline(const World& w);

}  // namespace synclens::correlate
