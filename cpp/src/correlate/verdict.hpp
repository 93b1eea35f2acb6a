// The verdict: failing, degraded, healthy or unknown, since when, and the sentence that says why.
#pragma once

#include "correlate/incidents.hpp"

namespace synclens::correlate {

// `findings` and `incidents` in the order of make_findings.
[[nodiscard]] Verdict reach_verdict(const Diagnosing& d, const std::vector<Finding>& findings,
                                    const std::vector<const Incident*>& incidents);

// Whether an incident can weigh in the verdict at all: PHS, ongoing, medium or graver.
[[nodiscard]] bool weighs(const Diagnosing& d, const Incident& incident);

}  // namespace synclens::correlate
