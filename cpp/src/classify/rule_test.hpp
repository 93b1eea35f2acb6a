// A rule's own samples.
#pragma once

#include <optional>
#include <string>

#include "synclens/classify.hpp"

namespace synclens {

// What the classifier says to a sample: an event of the rule's first provider and id (or of those that the sample
// names), a status, or a value of the rule's setting.
[[nodiscard]] std::optional<Explanation> classify_sample(const Classifier& classifier, const Rule& rule,
                                                         const Rule::Test& test);

// "file:line: rule ID: reason".
[[nodiscard]] std::string about(const Rule& rule, std::string_view reason);

}  // namespace synclens
