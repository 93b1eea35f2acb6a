// From incidents to the findings that people read.
#pragma once

#include "correlate/incidents.hpp"

namespace synclens::correlate {

// In the order of verdicts.md: not PHS last; then ongoing, past, recovered; then severity; then the order of
// root-causes.md; then first seen; then id. `incidents` receives, in the same order, where each came from.
[[nodiscard]] std::vector<Finding> make_findings(const Diagnosing& d, std::vector<const Incident*>& incidents,
                                                 const std::string& build, const std::string& identity);

[[nodiscard]] Evidence evidence_of(const World& world, const Fact& fact);

}  // namespace synclens::correlate
