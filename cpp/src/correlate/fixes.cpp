#include "correlate/fixes.hpp"

#include <algorithm>
#include <array>

#include "correlate/powershell_quote.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

struct Meaning {
  std::string_view name, text;
  bool host = false;  // a name of DNS or NetBIOS
};
constexpr std::array<Meaning, 10> meanings{{{"connector", "<AD connector name, case sensitive>"},
                                            {"aad_connector", "<cloud connector name, case sensitive>"},
                                            {"domain", "<domain>", true},
                                            {"account", "<AD DS connector account>"},
                                            {"account_domain", "<domain of the connector account>", true},
                                            {"dc", "<domain controller>", true},
                                            {"dn", "<distinguished name of the user>"},
                                            {"user", "<user>"},
                                            {"partition", "<directory partition>"},
                                            {"build", "<build>", true}}};

// Names of hosts and domains go to programs such as repadmin, too. PowerShell's quotes keep PowerShell out; what it
// then passes on is parsed once more by the program, where a double quote or a dash in front means something else.
bool is_host_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Calls `replace` with each {name} of a text and puts in what it returns; other braces stay as they are.
template <typename Replace>
std::string replace_placeholders(std::string_view text, const Replace& replace) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (text[i] == '{') {
      while (end < text.size() && is_name_character(text[end])) ++end;
      if (end < text.size() && text[end] == '}' && end > i + 1) {
        if (const auto value = replace(text.substr(i + 1, end - i - 1))) {
          result += *value;
          i = end + 1;
          continue;
        }
      }
    }
    result.push_back(text[i++]);
  }
  return result;
}

// The first of the names that is stated, as the newest collection has it.
std::string setting_of(const World& w, const std::string& subject, std::initializer_list<std::string_view> names) {
  for (const std::string_view wanted : names) {
    const SettingFact* newest = nullptr;
    for (const SettingFact& s : w.facts->settings) {
      if (w.text(s.topic) != "connector" || w.text(s.subject) != subject ||
          !equal_ignoring_case(w.text(s.name), wanted))
        continue;
      const bool newer = newest == nullptr || newest->time == no_time || (s.time != no_time && s.time > newest->time);
      if (newer) newest = &s;
    }
    if (newest != nullptr) return w.text(newest->value);
  }
  return {};
}

void put(Placeholders& known, std::string_view name, const std::string& value) {
  if (!value.empty() && value != "<not available>") known.emplace(name, value);
}

bool fits(const FixCondition& when, const Placeholders& known, const std::string& build, const std::string& identity) {
  if (!when.identity.empty() && !identity.empty() && !equal_ignoring_case(when.identity, identity)) return false;
  if (!build.empty()) {
    if (!when.build_from.empty() && compare_builds(build, when.build_from) < 0) return false;
    if (!when.build_below.empty() && compare_builds(build, when.build_below) >= 0) return false;
  }
  if (!when.field.empty()) {
    const auto found = known.find(when.field);
    if (found == known.end() || !equal_ignoring_case(found->second, when.equals)) return false;
  }
  return true;
}

}  // namespace

Placeholders placeholders(const Diagnosing& d, const Incident& incident, const std::string& build) {
  const World& w = d.world;
  Placeholders known;
  int connector = incident.kind == ScopeKind::connector ? incident.entity : no_index;
  int domain = incident.kind == ScopeKind::domain || incident.kind == ScopeKind::forest ? incident.entity : no_index;
  if (incident.kind == ScopeKind::user && incident.entity >= 0) {
    const User& user = d.users.all[static_cast<std::size_t>(incident.entity)];
    domain = user.domain;
    put(known, "dn", w.text(user.dn));
    put(known, "user", w.text(user.dn != nobody ? user.dn : user.anchor));
  }
  if (domain >= 0) {
    put(known, "domain", w.domains[static_cast<std::size_t>(domain)].name);
    const std::vector<int> linked = w.connectors_of_domain(domain);
    if (linked.size() == 1) connector = linked.front();
    for (std::size_t i = 0; i < w.connectors.size() && connector < 0; ++i) {
      if (equal_ignoring_case(w.connectors[i].name, w.domains[static_cast<std::size_t>(domain)].name))
        connector = static_cast<int>(i);
    }
  }
  if (connector < 0 && w.connectors.size() == 1) connector = 0;
  if (connector >= 0) {
    const Connector& c = w.connectors[static_cast<std::size_t>(connector)];
    put(known, "connector", c.name);
    const std::string account = setting_of(w, c.name, {"AccountName", "forest-login-user", "Username", "User"});
    const std::size_t slash = account.find('\\');
    put(known, "account", slash == std::string::npos ? account : account.substr(slash + 1));
    std::string account_domain = setting_of(w, c.name, {"AccountDomain", "forest-login-domain", "Domain"});
    if (account_domain.empty() && slash != std::string::npos) account_domain = account.substr(0, slash);
    put(known, "account_domain", account_domain);
  }
  put(known, "aad_connector", w.aad_connector);
  put(known, "build", build);
  for (const auto& [name, values] : incident.fields) {
    if (!values.empty()) put(known, name, values.front());
  }
  if (!known.contains("dc")) {
    const auto inner = incident.fields.find("inner_dc");
    if (inner != incident.fields.end() && !inner->second.empty()) put(known, "dc", inner->second.front());
  }
  const auto dcs = incident.fields.find("dc");
  if (!known.contains("dc") && dcs != incident.fields.end()) {
    for (const std::string& dc : dcs->second) put(known, "dc", dc);
  }
  return known;
}

std::string fill_command(std::string_view command, const Placeholders& known) {
  return replace_placeholders(command, [&](std::string_view name) -> std::optional<std::string> {
    const auto meaning =
        std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& m) { return m.name == name; });
    if (meaning == meanings.end()) return std::nullopt;  // a script block, not a placeholder
    const auto found = known.find(name);
    if (found != known.end() && (!meaning->host || is_host_name(found->second))) {
      if (auto quoted = powershell_quoted(found->second)) return quoted;
    }
    std::string hint("'");
    hint.append(meaning->text).push_back('\'');
    return hint;
  });
}

std::string fill_sentence(std::string_view sentence, const Placeholders& known, std::string_view missing) {
  return replace_placeholders(sentence, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = known.find(name);
    return found != known.end() ? found->second : std::string(missing);
  });
}

std::vector<FilledStep> fill_steps(const Cause& cause, const Placeholders& known, const std::string& build,
                                   const std::string& stated_identity) {
  // before this build there is no other way to sign in (release history)
  const bool only_accounts = !build.empty() && compare_builds(build, "2.5.3.0") < 0;
  const std::string identity = stated_identity.empty() && only_accounts ? "ServiceAccount" : stated_identity;
  std::vector<FilledStep> steps;
  for (const FixStep& step : cause.fix) {
    if (!fits(step.when, known, build, identity)) continue;
    FilledStep filled;
    filled.text = fill_sentence(step.text, known, "(not known)");
    filled.command = fill_command(step.command, known);
    filled.role = step.role;
    filled.restarts = step.restarts;
    filled.once = step.once;
    filled.verify = step.verify;
    if (!step.when.identity.empty() && identity.empty()) {
      filled.text = "If the cloud connector signs in by " + step.when.identity +
                    " (Get-ADSyncEntraConnectorCredential: ConnectorIdentityType): " + filled.text;
    }
    steps.push_back(std::move(filled));
  }
  return steps;
}

}  // namespace synclens::correlate
