// What Invoke-ADSyncDiagnostics and the troubleshooting menu print. The result lines are known from memory and
// pictures only, so they are matched loosely: words in order, any case, and a NOT never overlooked.
#include <re2/re2.h>

#include <array>

#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {
namespace {

constexpr std::string_view topic = "diagnostics";

class Pattern {
 public:
  explicit Pattern(const char* text) : pattern_(text, options()) {}
  [[nodiscard]] bool in(std::string_view text) const {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern_);
  }
  [[nodiscard]] bool in(std::string_view text, std::string_view& first) const {
    re2::StringPiece found;
    if (!re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern_, &found)) return false;
    first = trim({found.data(), found.size()});
    return true;
  }
  [[nodiscard]] std::string without(std::string_view text) const {
    std::string rest(text);
    re2::RE2::GlobalReplace(&rest, pattern_, " ");
    return rest;
  }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    return options;
  }
  re2::RE2 pattern_;
};

bool negated(std::string_view text) {
  static const Pattern no(R"(\b(?:NOT|isn't|isn’t|wasn't|no|never|cannot|can't|un(?:able|reachable)|disabled)\b)");
  return no.in(text);
}

std::string_view unquoted(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'' || is_space(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'' || text.back() == '.' || is_space(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

// Menus, rules, prompts and the footer: no results.
bool is_frame(std::string_view text) {
  static const Pattern menu(
      R"(^[-=*\s]*$|^-{4,}.*-{4,}$|^Enter '|^Enter "|^'\d' - |^For more help|Please see - https?://|Open a service request|^Please (?:enter|make|type|select)|^Press |^Please wait|^\+ |^Please check \d+ error events|^[\s=-]*(?:AADConnect Troubleshooting|Troubleshoot Password Hash Synchronization)[\s=-]*$|^Checking [\w ]+\.\.\.$)");
  return menu.in(text);
}

bool put_context(State& state, std::string_view text) {
  static const Pattern object(
      R"(^[\s-]*(?:(?:AD |Active Directory )?Object|User|Account|Distinguished ?Name|DN)\s*[-:=]\s*["']?(\w+=.+,\s*DC=[^"']+?)["']?[\s-]*$)");
  static const Pattern connector(R"(^[\s-]*AD Connector\s*[-:]\s*(.+?)[\s-]*$)");
  static const Pattern partition(R"(^[\s-]*Directory Partition\s*[-:]\s*(.+?)[\s-]*$)");
  std::string_view name;
  if (object.in(text, name)) {
    state.diagnosis_object = unquoted(name);
    return true;
  }
  if (connector.in(text, name)) {
    state.diagnosis_connector = unquoted(name);
    state.diagnosis_partition.clear();
    state.diagnosis_object.clear();
    return true;
  }
  if (!partition.in(text, name)) return false;
  state.diagnosis_partition = unquoted(name);
  return true;
}

struct Result {
  std::string_view id;
  std::string_view subject;
  std::string_view value;
  Ticks time = no_time;
};

constexpr std::string_view pass = "pass", fail = "fail";

bool find_tenant_result(std::string_view text, Result& result) {
  static const Pattern cloud(R"(\bcloud configuration is\b|\bcompany feature\b.*\b(?:enabled|disabled)\b)");
  static const Pattern staging(R"(\bstaging[ -]?mode\b)");
  if (cloud.in(text)) {
    result = {"tenant-feature", {}, negated(text) ? fail : pass};
    return true;
  }
  if (staging.in(text)) {
    // Here "enabled" is the bad news.
    result = {"staging-mode", {}, negated(text) ? pass : fail};
    return true;
  }
  return false;
}

bool find_connector_result(const State& state, std::string_view text, Result& result) {
  static const Pattern beat(R"(\bheart ?beat\b)");
  static const Pattern beat_time(R"(\bdetected at\s*:?\s*(.+)$)");
  static const Pattern enabled(
      R"(\bPassword (?:Hash )?Sync(?:hronization)?\b.*\b(?:is|isn't) (?:NOT )?(?:enabled|disabled)\b)");
  const std::string_view connector = state.diagnosis_connector;
  if (beat.in(text)) {
    std::string_view when;
    result = {"heartbeat", connector, negated(text) ? fail : pass};
    if (beat_time.in(text, when)) result.time = parse_culture_time(unquoted(when));
    return true;
  }
  if (enabled.in(text)) {
    result = {"connector-enabled", connector, negated(text) ? fail : pass};
    return true;
  }
  return false;
}

bool find_domain_result(const State& state, std::string_view text, Result& result) {
  static const Pattern reachable(R"(\b(?:un)?reachable\b)");
  static const Pattern unreachable(R"(\bunreachable\b)");
  static const Pattern not_unreachable(R"(\b(?:NOT|isn't|isn’t|no longer|never)\s+unreachable\b)");
  // "had NO permission error", "is NOT incorrect": what denies the fault, not what a fault denies
  static const Pattern no_fault(
      R"(\b(?:no|NOT|isn't|isn’t|without(?: an?| any)?)\s+(?:permissions?\s+|credentials?\s+)?(?:errors?|failures?|missing|incorrect|insufficient|denied|lacking)\b)");
  static const Pattern domain(R"(\bdomain\s*[:-]?\s*["']([^"']+)["'])");
  static const Pattern domain_word(R"(\bdomain\s*:?\s+([\w-]+(?:\.[\w-]+)+))");
  static const Pattern failures(R"(\bcontinuously getting failures\b)");
  static const Pattern permission(R"(\bpermissions?\b)");
  static const Pattern bad(
      R"(\berror\b|\bmissing\b|\bfail|\bincorrect\b|\binsufficient\b|\bdenied\b|\blacks?\b|\bdoesn't\b)");
  static const Pattern credential(
      R"(\bcredentials?\b|\buser ?name or (?:the )?password\b|\b(?:account|user) ?name and password\b)");
  static const Pattern cycle(R"(\blast successful attempt\b)");
  static const Pattern ended(R"(\bended at\s*:?\s*(.+)$)");
  static const Pattern preferred(R"(\bonly use preferred domain controllers\s*[:=]\s*(\w+))");
  std::string_view named;
  std::string_view subject =
      state.diagnosis_partition.empty() ? std::string_view(state.diagnosis_connector) : state.diagnosis_partition;
  if (domain.in(text, named) || domain_word.in(text, named)) subject = unquoted(named);
  std::string_view value;
  if (preferred.in(text, value)) {
    result = {"preferred-dc", subject, value};
  } else if (cycle.in(text)) {
    result = {"last-cycle", subject, text};
    if (ended.in(text, value)) result.time = parse_culture_time(unquoted(value));
  } else if (failures.in(text)) {
    result = {"last-cycle", subject, negated(text) ? text : fail};
  } else if (reachable.in(text)) {
    const bool fails = unreachable.in(text) ? !not_unreachable.in(text) : negated(text);
    result = {"domain-reachable", subject, fails ? fail : pass};
  } else if (permission.in(text) || credential.in(text)) {
    const std::string rest = no_fault.without(text);
    const bool fails = negated(rest) || bad.in(rest);
    result = {permission.in(text) ? "account-permission" : "account-credential", subject, fails ? fail : pass};
  } else {
    return false;
  }
  return true;
}

// The task for a single object: what document 002 says that it checks, in the words that the document has for it.
bool find_object_result(const State& state, std::string_view text, Result& result) {
  static const Pattern dn(R"(\b((?:CN|OU)=[^"']+,\s*DC=[\w-]+(?:,\s*DC=[\w-]+)*))");
  static const Pattern cloud_space(
      R"(\b(?:Azure AD|AAD|Entra(?: ID)?|cloud|target)\b.*\b(?:connector space|tenant|directory|object)\b|\bobject\b.*\bin\b.*\b(?:Azure AD|AAD|Entra(?: ID)?|cloud)\b)");
  static const Pattern exported(R"(\bexport(?:ed)?\b)");
  static const Pattern metaverse(R"(\bmetaverse\b)");
  static const Pattern ad_space(R"(\b(?:AD|Active Directory)\b.*\bconnector space\b)");
  static const Pattern missing(R"(\bmissing\b|\bno (?:corresponding |such )?|\bnot\b|\bisn.t\b|\bcannot\b|\bfail)");
  static const Pattern temporary(R"(\btemporary password\b|\b(?:next|first) log ?-?on\b|\bnext sign-?in\b)");
  static const Pattern rule(R"(\b(?:synchronization|sync) rules?\b)");
  static const Pattern attempt(
      R"(\blast\b.*\battempt\b|\bpassword\b.*\b(?:history|results?|log)\b|\b(?:history|results?)\b.*\b(?:available|password|attempts?)\b)");
  static const Pattern unavailable(R"(\bno\b|\bnot\b|aren.t|isn.t|\bunavailable\b)");
  static const Pattern status(
      R"(\b(Success|FilteredByTarget|NoTargetConnection|SourceConnectorNotPresent|TargetNotExportedToDirectory|MigratedCheckDetailsForMoreInfo|RetryRequestedByTarget|MissingAttribute|Error|Unknown)\b)");
  std::string_view subject = state.diagnosis_object;
  std::string_view value;
  if (dn.in(text, value)) subject = unquoted(value);
  const std::string_view outcome = missing.in(text) ? fail : pass;
  if (temporary.in(text)) {
    result = {"temporary-password", subject, negated(text) && !exported.in(text) ? pass : fail};
  } else if (rule.in(text)) {
    result = {"sync-rule", subject, outcome};
  } else if (attempt.in(text)) {
    result = {"last-attempt", subject, unavailable.in(text) ? std::string_view("none") : text};
    if (!unavailable.in(text) && status.in(text, value)) result.value = value;
  } else if (exported.in(text)) {
    result = {"object-exported", subject, outcome};
  } else if (metaverse.in(text)) {
    result = {"object-in-metaverse", subject, outcome};
  } else if (ad_space.in(text) && !cloud_space.in(text)) {
    result = {"object-in-ad-space", subject, outcome};
  } else if (cloud_space.in(text)) {
    result = {"object-in-cloud-space", subject, outcome};
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool put_diagnosis_line(State& state, const powershell::Line& line) {
  static const Pattern begins(
      R"(AADConnect Troubleshooting|Troubleshoot Password Hash Synchronization|Password Hash Synchronization (?:cloud configuration|agent|heartbeat|is )|\bPassword Hash Synchronization heartbeat\b|Only Use Preferred Domain Controllers|^[\s-]*AD Connector - |^[\s-]*Directory Partition - |AD Connector account had a permission)");
  const std::string_view text = trim(line.text);
  if (text.size() > 4096) return false;
  if (!state.diagnosis) {
    if (!begins.in(text)) return false;
    state.diagnosis = true;
  }
  state.writer.understood();
  if (is_frame(text) || put_context(state, text)) return true;
  Result result{"unknown-line", state.diagnosis_partition, text};
  if (result.subject.empty()) result.subject = state.diagnosis_connector;
  // In the order of the task: what is said of the tenant and of domains is not about an object.
  const bool found = find_tenant_result(text, result) || find_domain_result(state, text, result) ||
                     find_connector_result(state, text, result);
  if (!found) (void)find_object_result(state, text, result);
  state.writer.put(topic, result.subject, result.id, result.value, line.number, result.time);
  return true;
}

}  // namespace synclens::settings
