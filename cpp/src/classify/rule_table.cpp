#include "classify/rule_table.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include "classify/bounds.hpp"
#include "classify/build_number.hpp"
#include "classify/names.hpp"

namespace synclens {
namespace {

std::string read_pattern(TomlReader& r, std::string_view key) {
  if (!r.has(key)) return r.text(key);
  std::string pattern = r.required_text(key);
  if (pattern.size() > bounds::pattern_bytes) {
    r.fail(key, "a pattern longer than " + std::to_string(bounds::pattern_bytes) + " bytes");
  }
  return pattern;
}

void read_match(TomlReader m, Rule& rule) {
  rule.providers = m.texts("provider");
  if (m.has("provider") && rule.providers.empty()) m.fail("provider", "must not be empty");
  for (const std::uint64_t id : m.numbers("event_id", std::numeric_limits<std::uint32_t>::max())) {
    rule.event_ids.push_back(static_cast<std::uint32_t>(id));
  }
  if (m.has("event_id") && rule.event_ids.empty()) m.fail("event_id", "must not be empty");
  for (const std::uint64_t level : m.numbers("level", 255)) rule.levels.push_back(static_cast<std::uint8_t>(level));
  if (m.has("level") && rule.levels.empty()) m.fail("level", "must not be empty");
  rule.text = read_pattern(m, "text");
  rule.status = read_pattern(m, "status");
  rule.setting = m.text("setting");
  rule.value = read_pattern(m, "value");
  m.finish();

  if (m.has("setting")) {
    const std::size_t slash = rule.setting.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == rule.setting.size()) {
      m.fail("setting", "must be written topic/name");
    }
  }
  const bool of_event = m.has("provider") || m.has("event_id") || m.has("level") || m.has("text");
  const int kinds = (of_event ? 1 : 0) + (m.has("status") ? 1 : 0) + (m.has("setting") ? 1 : 0);
  if (kinds > 1) m.fail("", "a rule is about events, a status or a setting, not about two of them");
  if (m.has("value") && !m.has("setting")) m.fail("value", "needs match.setting");
  if (kinds == 0) m.fail("", "states nothing to match");
  if (of_event && !m.has("provider") && !m.has("event_id") && !m.has("text")) {
    m.fail("level", "a level alone is no rule");
  }
}

std::map<std::string, FieldType, std::less<>> read_fields(TomlReader f, const toml::table& table) {
  std::map<std::string, FieldType, std::less<>> fields;
  for (const auto& [key, node] : table) {
    fields.emplace(key.str(), read_word<FieldType>(f, key.str(), field_type_named, "text, int, guid or time"));
  }
  return fields;
}

std::map<std::string, std::string, std::less<>> read_constants(TomlReader c, const toml::table& table) {
  std::map<std::string, std::string, std::less<>> constants;
  for (const auto& [key, node] : table) constants.emplace(key.str(), c.text(key.str()));
  return constants;
}

Rule::Test read_test(TomlReader t) {
  Rule::Test test;
  if (t.has("hit") == t.has("miss")) t.fail("", "needs either a hit or a miss");
  if (t.has("hit")) {
    test.hit = t.required_text("hit");
  } else {
    test.miss = t.required_text("miss");
  }
  test.provider = t.text("provider");
  if (const auto id = t.number("event_id", std::numeric_limits<std::uint32_t>::max())) {
    test.event_id = static_cast<std::uint32_t>(*id);
  }
  // One of the two was read above; naming both makes them known keys.
  (void)t.text("hit");
  (void)t.text("miss");
  t.finish();
  return test;
}

}  // namespace

std::vector<Reference> read_references(TomlReader& reader) {
  std::vector<Reference> references;
  for (const toml::table* table : reader.tables("reference")) {
    TomlReader r(*table, reader.file(), "reference");
    Reference reference;
    reference.title = r.required_text("title");
    reference.url = r.required_text("url");
    r.finish();
    references.push_back(std::move(reference));
  }
  return references;
}

std::string read_build(TomlReader& reader, std::string_view key) {
  std::string build = reader.text(key);
  if (reader.has(key) && !is_build_number(build)) reader.fail(key, "'" + build + "' is no build number as 2.4.18.0");
  return build;
}

void check_build_range(const TomlReader& reader, std::string_view key, const std::string& from,
                       const std::string& below) {
  if (!from.empty() && !below.empty() && compare_builds(from, below) >= 0) {
    reader.fail(key, "no build is from " + from + " and below " + below);
  }
}

Rule read_rule(TomlReader r) {
  Rule rule;
  rule.file = r.file();
  rule.line = r.line();
  rule.id = r.required_text("id");
  r.rename("rule " + rule.id);
  rule.cause = r.text("cause");
  rule.title = r.required_text("title");
  rule.summary = r.text("summary");
  if (r.has("severity")) {
    rule.severity = read_word<Severity>(r, "severity", severity_named, "critical, high, medium, low or info");
  }
  (void)r.text("severity");
  rule.confidence = read_word<Confidence>(r, "confidence", confidence_named, "documented, field or inferred");

  const toml::table* match = r.table("match");
  if (match == nullptr) r.fail("match", "is missing");
  read_match({*match, rule.file, "rule " + rule.id + ": match"}, rule);
  if (const toml::table* t = r.table("fields"))
    rule.fields = read_fields({*t, rule.file, "rule " + rule.id + ": fields"}, *t);
  if (const toml::table* t = r.table("constant")) {
    rule.constants = read_constants({*t, rule.file, "rule " + rule.id + ": constant"}, *t);
  }
  if (const toml::table* t = r.table("builds")) {
    TomlReader b(*t, rule.file, "rule " + rule.id + ": builds");
    rule.build_from = read_build(b, "from");
    rule.build_below = read_build(b, "below");
    check_build_range(b, "below", rule.build_from, rule.build_below);
    b.finish();
  }
  rule.references = read_references(r);
  for (const toml::table* t : r.tables("test"))
    rule.tests.push_back(read_test({*t, rule.file, "test of rule " + rule.id}));
  r.finish();
  return rule;
}

}  // namespace synclens
