// classify: one best explanation per record, out of the catalogue. Nothing here looks at two records at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synclens/record.hpp"

namespace synclens {

enum class Severity : std::uint8_t { critical, high, medium, low, info };
enum class Confidence : std::uint8_t { documented, field, inferred };
enum class ScopeKind : std::uint8_t { tenant, server, forest, domain, connector, user };
[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(Confidence confidence);
[[nodiscard]] std::string_view to_string(ScopeKind scope);

struct Reference {
  std::string title;  // document and section
  std::string url;
};

// Conditions under which a fix step fits; empty or absent means always.
struct FixCondition {
  std::string identity;                 // "ServiceAccount" or "Application" (Get-ADSyncEntraConnectorCredential)
  std::string build_from, build_below;  // builds for which the step is right: from <= build < below
  std::string field, equals;            // a field of the finding and the value it must have
};

struct FixStep {
  std::string text;
  std::string command;   // PowerShell with {placeholders}; empty where there is nothing to type
  std::string role;      // what role or right it needs; may be empty
  std::string restarts;  // what it restarts or interrupts; may be empty
  bool once = false;     // must not be repeated (a full password sync)
  bool verify = false;   // a check to do afterwards
  FixCondition when;
};

struct Cause {
  std::string id, title, why;
  Severity severity = Severity::high;
  ScopeKind scope = ScopeKind::server;
  Confidence confidence = Confidence::documented;
  bool password_sync = true;  // false: not password hash sync; comes last and never weighs
  int order = 0;              // position in root-causes.md
  std::vector<FixStep> fix;
  std::vector<Reference> references;
  std::string file;  // where it was defined
  std::uint64_t line = 0;
};

enum class FieldType : std::uint8_t { text, integer, guid, time };

struct Rule {
  std::string id;     // stable for ever
  std::string cause;  // empty: a known event that is no fault
  std::string title, summary;
  std::optional<Severity> severity;  // else the cause's
  Confidence confidence = Confidence::documented;
  std::vector<Reference> references;
  // match: everything stated must hold
  std::vector<std::string> providers;  // case does not matter; trailing '*'
  std::vector<std::uint32_t> event_ids;
  std::vector<std::uint8_t> levels;
  std::string text;     // RE2 over the event's text
  std::string status;   // RE2 over a sync log status word (whole word, any case)
  std::string setting;  // "topic/name" of a Setting (any case); '*' as topic or name matches any
  std::string value;    // RE2 over the setting's value
  std::map<std::string, FieldType, std::less<>> fields;       // captured
  std::map<std::string, std::string, std::less<>> constants;  // given by the rule itself
  std::string build_from, build_below;
  struct Test {
    std::string hit, miss, provider;
    std::optional<std::uint32_t> event_id;
  };
  std::vector<Test> tests;
  std::string file;  // where it was defined
  std::uint64_t line = 0;
};

struct Build {
  std::string version, end_of_support, source, note;
};

// An entry that `explain` answers with and no rule needs: an event id, a code, a status, an output, a topic.
struct Entry {
  std::string kind;                  // event, code, status, output, setting, timing, topic, exception
  std::string id;                    // "611", "8453", "AADSTS50076"
  std::vector<std::string> aliases;  // hex form, symbol, other spellings
  std::string title, text, action;
  std::vector<std::string> causes, providers;
  std::string confidence, source;
  std::vector<Reference> references;
  std::string file;  // where it was defined
  std::uint64_t line = 0;
};

struct CatalogueParts;

// The knowledge as data. Immutable once loaded.
class Catalogue {
 public:
  // Reads every *.toml below each directory, in name order; a later directory may add rules and causes
  // (a rule or cause with an id that exists already replaces it). Throws CatalogueError with file, line and reason.
  // Of the first directory, the shipped one, patterns are parsed but not compiled: one that is too large is refused
  // by lint, or by the classifier at its first use.
  [[nodiscard]] static Catalogue load(std::span<const std::string> directories, bool with_entries = false);
  // The same from text, for tests: pairs of name and TOML.
  [[nodiscard]] static Catalogue parse(std::span<const std::pair<std::string, std::string>> files);

  [[nodiscard]] const std::vector<Cause>& causes() const { return causes_; }  // by order
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }     // by id
  [[nodiscard]] const std::vector<Build>& builds() const { return builds_; }  // by version, oldest first
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const Cause* cause(std::string_view id) const;  // null when unknown
  [[nodiscard]] const Rule* rule(std::string_view id) const;
  [[nodiscard]] const std::string& version() const { return version_; }

 private:
  static Catalogue assemble(CatalogueParts&& parts);

  std::vector<Cause> causes_;
  std::vector<Rule> rules_;
  std::vector<Build> builds_;
  std::vector<Entry> entries_;
  std::string version_;
};

// Compares dotted build numbers number by number; missing parts count as 0.
[[nodiscard]] int compare_builds(std::string_view a, std::string_view b);

struct Explanation {
  const Rule* rule = nullptr;
  const Rule* runner_up = nullptr;
  std::vector<std::pair<std::string, std::string>> fields;  // captured and constant, by name
};

// The rules, compiled. One RE2::Set per (provider, event id); captures only for what matched.
// Safe to use from several threads at once.
class Classifier {
 public:
  // Borrows the catalogue, whose patterns were checked when it was loaded; they are compiled at first use.
  // Throws CatalogueError when the budget is too small. A pattern set that does not fit in the budget is matched
  // pattern by pattern, never skipped.
  explicit Classifier(const Catalogue& catalogue, std::int64_t regex_memory);
  Classifier(const Catalogue&& catalogue, std::int64_t regex_memory) = delete;
  ~Classifier();
  Classifier(Classifier&&) noexcept;

  // The most specific rule wins: more conditions, then a documented one, then the longer pattern, then the smaller id.
  // Only the first 256 KiB of the text are looked at. A record without a provider is taken for Directory
  // Synchronization when its id is one of password hash sync and a rule with a text matches.
  // The runner-up is the next best rule that names another cause.
  [[nodiscard]] std::optional<Explanation> event(const EventView& event, std::string_view text) const;
  // The same in two steps, for those who seldom want the fields: they cost as much as the match.
  [[nodiscard]] std::optional<Explanation> match(const EventView& event, std::string_view text) const;
  void add_fields(Explanation& found, const EventView& event, std::string_view text) const;
  [[nodiscard]] std::optional<Explanation> status(std::string_view status) const;
  [[nodiscard]] std::optional<Explanation> setting(const Setting& setting) const;

  // What it was built from.
  [[nodiscard]] const Catalogue& catalogue() const;
  // Every provider that a rule names, as EventFilter wants them; with "*" when a rule is about any provider.
  [[nodiscard]] std::vector<std::string> providers() const;
  // The ids of a provider's events that a rule can accept, sorted; nothing where that may be any.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> ids_of(std::string_view provider) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What `rules lint` prints: findings about the catalogue itself, each "file:line: reason".
[[nodiscard]] std::vector<std::string> lint(const Catalogue& catalogue);
// What `rules test` prints: each rule's samples that do not behave. Empty when all do.
[[nodiscard]] std::vector<std::string> run_rule_tests(const Catalogue& catalogue);

}  // namespace synclens
