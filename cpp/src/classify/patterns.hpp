// A rule's pattern: how it is read, what is wrong with it, which fields it captures.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <string>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens {

// The one pattern of a rule; empty when it has none.
[[nodiscard]] const std::string& pattern_of(const Rule& rule);

// A status or a value must match as a whole, in any case; an event's text must contain the pattern.
[[nodiscard]] inline bool is_whole(const Rule& rule) {
  return !rule.status.empty() || !rule.setting.empty();
}
[[nodiscard]] inline bool is_event_rule(const Rule& rule) {
  return !is_whole(rule);
}

[[nodiscard]] re2::RE2::Options pattern_options(bool whole, std::int64_t memory);

// Throws CatalogueError with file, line and reason when the rule's pattern does not compile or a declared field is
// not captured by it.
void check_pattern(const Rule& rule);

// The same for a fraction of the time, without compiling: passes over a pattern that is only too large (RulePattern
// then refuses it at first use) and a field that only looks captured.
void check_pattern_syntax(const Rule& rule);

// The names that the rule's pattern captures, sorted. Empty when the pattern is not valid.
[[nodiscard]] std::vector<std::string> captured_names(const Rule& rule);

}  // namespace synclens
