// correlate: from classified records, settings and coverage to findings, checks and the verdict.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synclens/classify.hpp"
#include "synclens/decode.hpp"

namespace synclens {

enum class VerdictStatus : std::uint8_t { failing, degraded, healthy, unknown };
enum class FindingStatus : std::uint8_t { ongoing, recovered, past };
enum class CheckStatus : std::uint8_t { pass, fail, unknown };
[[nodiscard]] std::string_view to_string(VerdictStatus status);
[[nodiscard]] std::string_view to_string(FindingStatus status);
[[nodiscard]] std::string_view to_string(CheckStatus status);

struct InputReport {
  std::string path;
  SourceKind kind = SourceKind::unknown;
  std::uint64_t records = 0;
  std::vector<Problem> problems;
  std::uint64_t more_problems = 0;  // beyond Limits::problems_per_source
  std::vector<std::string> notes;
  Ticks first_time = no_time, last_time = no_time;
  std::optional<Account> account;  // of an event log
};

struct Evidence {
  std::string source;
  std::optional<std::uint64_t> record_id, offset, line;
  Ticks time = no_time;
  std::string excerpt;
};

struct Scope {
  ScopeKind kind = ScopeKind::server;
  std::optional<std::string> name;
};

struct FilledStep {
  std::string text, command, role, restarts;
  bool once = false, verify = false;
};

struct Finding {
  std::string id, cause, rule;
  Severity severity = Severity::high;
  FindingStatus status = FindingStatus::past;
  Confidence confidence = Confidence::documented;
  Scope scope;
  std::string title, summary, why;
  std::vector<FilledStep> fix;
  std::vector<Reference> references;
  std::map<std::string, std::vector<std::string>> fields;
  Ticks first_seen = no_time, last_seen = no_time, recovered_at = no_time;
  std::uint64_t count = 0;
  std::vector<Evidence> evidence;
  bool password_sync = true;
};

struct Check {
  std::string id, title, why;
  CheckStatus status = CheckStatus::unknown;
  std::optional<Scope> scope;
};

struct UserState {
  std::optional<std::string> dn, anchor, cause;
  std::string status;
  Ticks last_request = no_time, last_result = no_time;
  std::vector<std::string> history;  // one line per request and result, oldest first
};

struct LogCoverage {
  std::string path, computer, channel;
  std::uint64_t records = 0, password_sync_records = 0, missing_records = 0;
  Ticks first_time = no_time, last_time = no_time;
  std::vector<std::string> remarks;  // cleared, rotated, clock set back, host off, unreadable part
};

struct Gap {
  std::string path, reason;
  Ticks from = no_time, to = no_time;
};

struct NotEvaluated {
  std::string check, missing;
};

struct Unclassified {
  std::string provider, example;
  std::uint32_t event_id = 0;
  std::uint64_t count = 0;
};

struct TimelineMark {
  Ticks time = no_time;
  std::string lane, kind,
      text;  // lane: connector, server, tenant; kind: heartbeat, batch, result, error, restart, change
};

struct Verdict {
  VerdictStatus status = VerdictStatus::unknown;
  std::string summary;
  Ticks since = no_time;
};

// Everything that the report says; deterministic for the same inputs in any order.
struct Diagnosis {
  std::vector<InputReport> inputs;
  Verdict verdict;
  std::vector<Check> checks;
  std::vector<Finding> findings;
  std::vector<UserState> users;
  std::vector<LogCoverage> logs;
  std::vector<Gap> gaps;
  std::vector<NotEvaluated> not_evaluated;
  std::vector<Unclassified> unclassified;
  std::vector<TimelineMark> timeline;
  std::string build, identity;  // as found in the bundle; empty when unknown
};

struct AnalyzeOptions {
  Zone zone;
  Ticks since = no_time, until = no_time;
  bool recover = false;
  bool open_closed = false;
  std::string user;  // a DN, an anchor or a part of a DN: whose single-object checks to make; empty: nobody's
  Limits limits;
};

// Collects sources one after the other, then concludes. Memory grows with what is found, not with what is read.
class Analyzer {
 public:
  // Borrows the catalogue.
  explicit Analyzer(const Catalogue& catalogue, AnalyzeOptions options = {});
  // With a classifier that was built before, for who analyzes many bundles: compiled patterns are kept between them.
  // Borrows the classifier and its catalogue; several analyzers may share it, also on several threads.
  explicit Analyzer(const Classifier& classifier, AnalyzeOptions options = {});
  Analyzer(const Classifier&& classifier, AnalyzeOptions options = {}) = delete;
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;

  // Reads one source to its end. Returns its kind; what could not be read is in the diagnosis.
  SourceKind add(Source source);
  // A member that the bundle walk could not open or left closed: counted, with the reason. A problem of a kind that
  // holds events, or with which an event log may be lost, leaves nothing healthy.
  void add_unread(std::string name, SourceKind kind, std::string reason, bool is_problem, bool may_be_log = false);
  // Concludes. The analyzer can take more sources afterwards and conclude again.
  [[nodiscard]] Diagnosis conclude() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synclens
