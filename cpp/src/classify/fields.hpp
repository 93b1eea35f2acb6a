// The fields that a matching rule gives a record.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "classify/pattern_set.hpp"

namespace synclens {

// What the pattern's named groups captured (trimmed; what does not fit its type is left out) and the rule's
// constants, by name. A captured value goes before a constant of the same name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> fields_of(const RulePattern& pattern,
                                                                         std::string_view text);

// The value in the one spelling that its type has: a number in decimal without leading zeros, a GUID in lower case
// without braces. False when it does not fit.
[[nodiscard]] bool normalize_field(FieldType type, std::string& value);

}  // namespace synclens
