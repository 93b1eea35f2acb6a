#include "classify/catalogue_tables.hpp"

#include <limits>
#include <utility>

#include "classify/bounds.hpp"
#include "classify/build_number.hpp"
#include "classify/names.hpp"
#include "classify/rule_table.hpp"
#include "classify/toml_reader.hpp"
#include "synclens/time.hpp"

namespace synclens {
namespace {

constexpr std::uint64_t most_order = 1000000;

FixCondition read_condition(TomlReader r) {
  FixCondition when;
  when.identity = r.text("identity");
  if (!when.identity.empty() && when.identity != "ServiceAccount" && when.identity != "Application") {
    r.fail("identity", "must be ServiceAccount or Application");
  }
  when.build_from = read_build(r, "build_from");
  when.build_below = read_build(r, "build_below");
  check_build_range(r, "build_below", when.build_from, when.build_below);
  when.field = r.text("field");
  when.equals = r.text("equals");
  if (when.field.empty() != when.equals.empty())
    r.fail(when.field.empty() ? "equals" : "field", "goes with the other of field and equals");
  r.finish();
  return when;
}

FixStep read_fix(TomlReader r) {
  FixStep step;
  step.text = r.required_text("text");
  step.command = r.text("command");
  step.role = r.text("role");
  step.restarts = r.text("restarts");
  step.once = r.boolean("once").value_or(false);
  step.verify = r.boolean("verify").value_or(false);
  if (const toml::table* when = r.table("when")) step.when = read_condition({*when, r.file(), "when of a fix step"});
  r.finish();
  return step;
}

Cause read_cause(TomlReader r) {
  Cause cause;
  cause.file = r.file();
  cause.line = r.line();
  cause.id = r.required_text("id");
  r.rename("cause " + cause.id);
  cause.title = r.required_text("title");
  cause.why = r.text("why");
  cause.severity = read_word<Severity>(r, "severity", severity_named, "critical, high, medium, low or info");
  cause.scope = read_word<ScopeKind>(r, "scope", scope_named, "tenant, server, forest, domain, connector or user");
  cause.confidence = read_word<Confidence>(r, "confidence", confidence_named, "documented, field or inferred");
  cause.password_sync = r.boolean("password_sync").value_or(true);
  // A cause without a place of its own comes after those of root-causes.md.
  cause.order = static_cast<int>(r.number("order", most_order).value_or(most_order));
  for (const toml::table* fix : r.tables("fix"))
    cause.fix.push_back(read_fix({*fix, r.file(), "fix of cause " + cause.id}));
  cause.references = read_references(r);
  r.finish();
  return cause;
}

Build read_known_build(TomlReader r) {
  Build build;
  build.version = read_build(r, "version");
  if (build.version.empty()) r.fail("version", "is missing");
  build.end_of_support = r.text("end_of_support");
  const std::string& end = build.end_of_support;
  if (!end.empty() && (end.size() != 10 || !parse_iso(end))) r.fail("end_of_support", "must be a date as 2026-03-31");
  build.source = r.text("source");
  build.note = r.text("note");
  r.finish();
  return build;
}

Entry read_entry(TomlReader r) {
  Entry entry;
  entry.kind = r.required_text("kind");
  entry.id = r.required_text("id");
  r.rename("entry " + entry.id);
  entry.aliases = r.texts("aliases");
  entry.title = r.required_text("title");
  entry.text = r.text("text");
  entry.action = r.text("action");
  entry.causes = r.texts("causes");
  entry.providers = r.texts("providers");
  (void)read_word<Confidence>(r, "confidence", confidence_named, "documented, field or inferred");
  entry.confidence = r.text("confidence");
  entry.source = r.text("source");
  entry.references = read_references(r);
  entry.file = r.file();
  entry.line = r.line();
  r.finish();
  return entry;
}

}  // namespace

void read_catalogue_text(std::string_view text, const std::string& file, bool with_entries, CatalogueParts& parts) {
  if (text.size() > bounds::catalogue_file_bytes) {
    throw_at(file, 1, "larger than " + std::to_string(bounds::catalogue_file_bytes) + " bytes");
  }
  const toml::table root = parse_toml(text, file);
  TomlReader r(root, file, "file");
  if (const toml::table* head = r.table("catalogue")) {
    TomlReader h(*head, file, "catalogue");
    parts.version = h.required_text("version");
    parts.version_file = file + ":" + std::to_string(h.line());
    h.finish();
  }
  for (const toml::table* t : r.tables("cause")) parts.causes.push_back(read_cause({*t, file, "cause"}));
  for (const toml::table* t : r.tables("rule")) {
    if (parts.rules.size() == bounds::rules) throw_at(file, 1, "more than " + std::to_string(bounds::rules) + " rules");
    parts.rules.push_back(read_rule({*t, file, "rule"}));
  }
  for (const toml::table* t : r.tables("build")) parts.builds.push_back(read_known_build({*t, file, "build"}));
  for (const toml::table* t : r.tables("entry")) {
    if (with_entries) parts.entries.push_back(read_entry({*t, file, "entry"}));
  }
  r.finish();
}

}  // namespace synclens
