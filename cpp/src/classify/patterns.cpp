#include "classify/patterns.hpp"

#include <re2/set.h>

#include "classify/bounds.hpp"
#include "classify/toml_reader.hpp"

namespace synclens {
namespace {

[[noreturn]] void refuse(const Rule& rule, const std::string& reason) {
  throw_at(rule.file, rule.line, "rule " + rule.id + ": " + reason);
}

[[noreturn]] void refuse_field(const Rule& rule, const std::string& name) {
  refuse(rule, "field '" + name + "' is declared, but no group of the pattern captures it");
}

// Refuses a rule that declares fields and has nothing to capture them with.
bool has_pattern(const Rule& rule) {
  if (!pattern_of(rule).empty()) return true;
  if (!rule.fields.empty()) {
    refuse(rule, "field '" + rule.fields.begin()->first + "' is declared, but there is no pattern");
  }
  return false;
}

}  // namespace

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
  if (!has_pattern(rule)) return;
  const re2::RE2 compiled(pattern_of(rule), pattern_options(is_whole(rule), bounds::pattern_memory));
  if (!compiled.ok()) refuse(rule, "not a pattern that RE2 takes: " + compiled.error());
  const auto& groups = compiled.NamedCapturingGroups();
  for (const auto& [name, type] : rule.fields) {
    if (groups.find(name) == groups.end()) refuse_field(rule, name);
  }
}

void check_pattern_syntax(const Rule& rule) {
  if (!has_pattern(rule)) return;
  // A set parses what is added to it, and compiles only when told to.
  re2::RE2::Set parser(pattern_options(is_whole(rule), bounds::pattern_memory), re2::RE2::UNANCHORED);
  std::string error;
  if (parser.Add(pattern_of(rule), &error) < 0) refuse(rule, "not a pattern that RE2 takes: " + error);
  for (const auto& [name, type] : rule.fields) {
    if (pattern_of(rule).find("(?P<" + name + ">") == std::string::npos) refuse_field(rule, name);
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
