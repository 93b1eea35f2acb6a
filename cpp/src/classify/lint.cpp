#include <algorithm>
#include <array>
#include <set>

#include "classify/failure_head.hpp"
#include "classify/lint_checks.hpp"
#include "classify/patterns.hpp"
#include "classify/rule_test.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

// What the program itself can fill in, whatever the rule captures.
constexpr std::array<std::string_view, 10> program_fields = {
    "connector", "aad_connector", "domain", "account", "account_domain", "dc", "dn", "user", "partition", "build"};
// What a summary may name besides: the parts of the record that matched.
constexpr std::array<std::string_view, 8> record_fields = {"server",  "provider", "event_id", "status",
                                                           "subject", "name",     "value",    "topic"};

template <typename Container>
bool contains(const Container& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_id(std::string_view id) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  return !id.empty() && std::all_of(id.begin(), id.end(), fits);
}

std::string about(const Cause& cause, std::string_view reason) {
  return cause.file + ":" + std::to_string(cause.line) + ": cause " + cause.id + ": " + std::string(reason);
}

std::string about(const Entry& entry, std::string_view reason) {
  return entry.file + ":" + std::to_string(entry.line) + ": entry " + entry.id + ": " + std::string(reason);
}

template <typename Item>
void check_references(const Item& item, std::vector<std::string>& findings) {
  for (const Reference& reference : item.references) {
    if (reference.url.rfind("https://", 0) != 0 || reference.url.size() < 12 ||
        reference.url.find_first_of(" \t\r\n\"<>") != std::string::npos) {
      findings.push_back(about(item, "the link '" + reference.url + "' is not https"));
    }
  }
}

void check_cause(const Cause& cause, const std::set<std::string, std::less<>>& fields,
                 std::vector<std::string>& findings) {
  if (!is_id(cause.id)) findings.push_back(about(cause, "the id may hold letters, digits, '.' and '-' only"));
  if (cause.why.empty()) findings.push_back(about(cause, "does not say why"));
  if (cause.fix.empty()) findings.push_back(about(cause, "has no fix"));
  if (cause.references.empty()) findings.push_back(about(cause, "has no reference"));
  check_references(cause, findings);
  for (const FixStep& step : cause.fix) {
    for (const std::string* part : {&step.text, &step.command}) {
      for (const std::string& name : placeholders(*part)) {
        if (!contains(program_fields, name)) {
          findings.push_back(about(cause, "the fix names {" + name + "}, which nothing fills in"));
        }
      }
    }
    if (!step.when.field.empty() && !fields.contains(step.when.field)) {
      findings.push_back(about(cause, "a fix asks for field '" + step.when.field + "', which no rule of it gives"));
    }
  }
}

bool compiles(const Rule& rule) {
  try {
    check_pattern(rule);
    return true;
  } catch (const CatalogueError&) {
    return false;
  }
}

void check_samples(const Rule& rule, std::vector<std::string>& findings) {
  const auto is_hit = [](const Rule::Test& test) { return !test.hit.empty(); };
  if (std::none_of(rule.tests.begin(), rule.tests.end(), is_hit)) {
    findings.push_back(about(rule, "has no sample that hits"));
  }
  if (std::all_of(rule.tests.begin(), rule.tests.end(), is_hit)) {
    findings.push_back(about(rule, "has no sample that must not hit"));
  }
}

void check_rule(const Rule& rule, std::vector<std::string>& findings) {
  if (!is_id(rule.id)) findings.push_back(about(rule, "the id may hold letters, digits, '.' and '-' only"));
  if (is_event_rule(rule) && rule.providers.empty()) {
    findings.push_back(about(rule, "names no provider, though other programs use the same event ids"));
  }
  check_references(rule, findings);
  check_samples(rule, findings);
  try {
    check_pattern(rule);  // of the first directory only the syntax was looked at
  } catch (const CatalogueError& error) {
    findings.emplace_back(error.what());
  }
  const std::vector<std::string> captured = captured_names(rule);
  for (const std::string& name : placeholders(rule.summary)) {
    if (!contains(captured, name) && rule.constants.find(name) == rule.constants.end() &&
        !contains(program_fields, name) && !contains(record_fields, name) && !is_failure_head_field(name)) {
      findings.push_back(about(rule, "the summary names {" + name + "}, which nothing fills in"));
    }
  }
}

}  // namespace

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    std::size_t end = open + 1;
    while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_')) ++end;
    if (end > open + 1 && end < text.size() && text[end] == '}')
      names.emplace_back(text.substr(open + 1, end - open - 1));
  }
  return names;
}

std::vector<std::string> lint(const Catalogue& catalogue) {
  std::vector<std::string> findings;
  if (catalogue.version().empty()) findings.emplace_back("no file has a [catalogue] with a version");
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> fields_of_cause;
  for (const Rule& rule : catalogue.rules()) {
    auto& fields = fields_of_cause[rule.cause];
    for (const std::string& name : captured_names(rule)) fields.insert(name);
    for (const auto& [name, value] : rule.constants) fields.insert(name);
  }
  for (const Cause& cause : catalogue.causes()) check_cause(cause, fields_of_cause[cause.id], findings);
  for (const Rule& rule : catalogue.rules()) check_rule(rule, findings);
  for (const Entry& entry : catalogue.entries()) check_references(entry, findings);
  // Rules compete only where each can be matched.
  const std::vector<Rule>& rules = catalogue.rules();
  if (std::all_of(rules.begin(), rules.end(), compiles)) check_competition(catalogue, findings);
  return findings;
}

}  // namespace synclens
