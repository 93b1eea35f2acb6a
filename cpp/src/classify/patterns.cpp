#include "classify/patterns.hpp"

#include <algorithm>
#include <optional>

#include "classify/bounds.hpp"
#include "classify/toml_reader.hpp"

namespace synclens {

const std::string& pattern_of(const Rule& rule) {
  if (!rule.status.empty()) return rule.status;
  return rule.setting.empty() ? rule.text : rule.value;
}

re2::RE2::Options pattern_options(bool whole, std::int64_t memory) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!whole);
  options.set_max_mem(memory);
  return options;
}

void check_pattern(const Rule& rule) {
  const std::string& pattern = pattern_of(rule);
  const auto fail = [&](const std::string& reason) {
    throw_at(rule.file, rule.line, "rule " + rule.id + ": " + reason);
  };
  if (pattern.empty()) {
    if (!rule.fields.empty()) fail("field '" + rule.fields.begin()->first + "' is declared, but there is no pattern");
    return;
  }
  const re2::RE2 compiled(pattern, pattern_options(is_whole(rule), bounds::pattern_memory));
  if (!compiled.ok()) fail("not a pattern that RE2 takes: " + compiled.error());
  const auto& groups = compiled.NamedCapturingGroups();
  for (const auto& [name, type] : rule.fields) {
    if (groups.find(name) == groups.end())
      fail("field '" + name + "' is declared, but no group of the pattern captures it");
  }
}

std::vector<std::string> captured_names(const Rule& rule) {
  std::vector<std::string> names;
  const std::string& pattern = pattern_of(rule);
  if (pattern.empty()) return names;
  const re2::RE2 compiled(pattern, pattern_options(is_whole(rule), bounds::pattern_memory));
  if (!compiled.ok()) return names;
  for (const auto& [name, index] : compiled.NamedCapturingGroups()) names.push_back(name);
  return names;
}

}  // namespace synclens
