#include "correlate/checks.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "correlate/event_texts.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

class Checker {
 public:
  Checker(const Diagnosing& diagnosing, const std::string& build) : d(diagnosing), w(diagnosing.world), build_(build) {
    for (const SettingFact& s : w.facts->settings) {
      const SettingFact*& latest = said_[{w.text(s.topic), lower(w.text(s.name)), lower(w.text(s.subject))}];
      if (latest == nullptr || s.time >= latest->time) latest = &s;
    }
    for (const auto& [key, incident] : d.incidents) {
      if (incident.status == FindingStatus::recovered) continue;
      ByScope& of_status = incident.status == FindingStatus::ongoing ? ongoing_ : past_;
      of_status[{incident.kind, incident.entity}].push_back(&incident);
      of_status[{incident.kind, any_entity}].push_back(&incident);
    }
  }

  void run() {
    tenant_feature();
    staging_mode();
    if (w.connectors.empty()) {
      add("connector-enabled", "The connector's password channel is enabled", CheckStatus::unknown,
          "No connector is in evidence; Get-ADSyncAADPasswordSyncConfiguration would show it.", std::nullopt);
      add("heartbeat", "A heartbeat within the last three hours", CheckStatus::unknown,
          "No record of a password sync channel is in what was given; the Application log of the synchronization "
          "server would show it.",
          std::nullopt);
    }
    for (std::size_t i = 0; i < w.connectors.size(); ++i) {
      connector_enabled(static_cast<int>(i));
      heartbeat(static_cast<int>(i));
    }
    if (w.domains.empty()) {
      for (const auto& [id, title] : domain_checks) {
        add(id, title, CheckStatus::unknown, "No domain is in evidence; events 611, 622, 656 and 657 name domains.",
            std::nullopt);
      }
    }
    for (std::size_t i = 0; i < w.domains.size(); ++i) domain(static_cast<int>(i));
    cloud_reachable();
    object_sync();
    build_supported();
    full_sync();
  }

  std::vector<Check> checks;
  std::vector<NotEvaluated> not_evaluated;

 private:
  static constexpr std::array<std::pair<const char*, const char*>, 3> domain_checks{
      {{"domain-reachable", "The domain's controllers can be reached"},
       {"account-credential", "The AD DS connector account's user name and password are right"},
       {"account-permission", "The AD DS connector account may read password hashes"}}};

  void add(const char* id, const char* title, CheckStatus status, std::string why, std::optional<Scope> scope) {
    if (status == CheckStatus::unknown) not_evaluated.push_back({id, why});
    checks.push_back({id, title, std::move(why), status, std::move(scope)});
  }

  using ByScope = std::map<std::pair<ScopeKind, int>, std::vector<const Incident*>>;  // in the order of the incidents
  using Causes = std::initializer_list<std::string_view>;

  // Those of one scope, or of every scope of that kind.
  [[nodiscard]] static std::span<const Incident* const> all(const ByScope& of_status, ScopeKind kind, int entity) {
    const auto found = of_status.find({kind, entity == no_index ? any_entity : entity});
    return found == of_status.end() ? std::span<const Incident* const>() : found->second;
  }

  [[nodiscard]] const Incident* one_of(const ByScope& of_status, Causes causes, ScopeKind kind, int entity) const {
    for (const Incident* incident : all(of_status, kind, entity)) {
      const std::string& id = d.cause_of(*incident).id;
      if (std::find(causes.begin(), causes.end(), id) != causes.end()) return incident;
    }
    return nullptr;
  }

  [[nodiscard]] const Incident* ongoing(Causes causes, ScopeKind kind, int entity) const {
    return one_of(ongoing_, causes, kind, entity);
  }

  // A failure that stopped, and nothing since says whether it is over: a life before it shows nothing any more.
  [[nodiscard]] const Incident* unresolved(Causes causes, ScopeKind kind, int entity) const {
    return one_of(past_, causes, kind, entity);
  }

  [[nodiscard]] std::string because(const Incident& incident) const {
    return d.cause_of(incident).title + " (finding " + d.cause_of(incident).id + ").";
  }

  [[nodiscard]] std::string unclear(const Incident& incident) const {
    return "It last failed at " + to_minute(incident.last_seen) + " (finding " + d.cause_of(incident).id +
           "), and nothing since shows whether it works again.";
  }

  // What a cmdlet, the status script or Microsoft's diagnosis says of a check: where, and in which words.
  struct Says {
    std::string_view topic, name;
  };

  // The latest of them about a subject ("" is the server or the tenant), the first named of two that were collected
  // together; one without a time comes before any other.
  [[nodiscard]] const SettingFact* said(std::initializer_list<Says> where, std::string_view subject = {}) const {
    const SettingFact* latest = nullptr;
    for (const Says& says : where) {
      const auto found = said_.find({std::string(says.topic), lower(says.name), lower(subject)});
      if (found != said_.end() && (latest == nullptr || found->second->time > latest->time)) latest = found->second;
    }
    return latest;
  }

  [[nodiscard]] bool is(const SettingFact& s, std::string_view value) const {
    return equal_ignoring_case(w.text(s.value), value);
  }

  [[nodiscard]] std::string stated(const SettingFact& s) const {
    const std::string& path = w.facts->sources[s.source].report.path;
    if (w.text(s.topic) == "diagnostics") return "Inferred from a line of Microsoft's diagnosis in " + path + ".";
    return w.text(s.name) + " is " + w.text(s.value) + " in " + path + ".";
  }

  [[nodiscard]] std::string by_inference(Ticks life) const {
    return "Inferred: the service took a ping, a batch or a result at " + to_minute(life) + ".";
  }

  void tenant_feature() {
    constexpr const char* id = "tenant-feature";
    constexpr const char* title = "Password hash synchronization is enabled in the tenant";
    const Scope scope{ScopeKind::tenant, w.tenant.empty() ? std::nullopt : std::optional(w.tenant)};
    if (const Incident* i = ongoing({"tenant-feature-disabled", "sign-in-method-changed", "directory-sync-disabled"},
                                    ScopeKind::tenant, no_index)) {
      return add(id, title, CheckStatus::fail, because(*i), scope);
    }
    const SettingFact* s = said({{"company-feature", "PasswordHashSync"}, {"diagnostics", "tenant-feature"}});
    const bool on = s != nullptr && (is(*s, "True") || is(*s, "pass"));
    const Incident* before =
        unresolved({"tenant-feature-disabled", "directory-sync-disabled"}, ScopeKind::tenant, no_index);
    if (before != nullptr && (!on || s->time == no_time || s->time < before->last_seen))
      return add(id, title, CheckStatus::unknown, unclear(*before), scope);
    if (on) return add(id, title, CheckStatus::pass, stated(*s), scope);
    if (!w.tenant_life.empty()) return add(id, title, CheckStatus::pass, by_inference(w.tenant_life.back()), scope);
    add(id, title, CheckStatus::unknown, "Get-ADSyncAADCompanyFeature or the status script's output would show it.",
        scope);
  }

  void staging_mode() {
    constexpr const char* id = "staging-mode";
    constexpr const char* title = "The server is not in staging mode";
    const auto scope_of = [&](int server) {
      const bool named = server >= 0 && !w.servers[static_cast<std::size_t>(server)].name.empty();
      return Scope{ScopeKind::server,
                   named ? std::optional(w.servers[static_cast<std::size_t>(server)].name) : std::nullopt};
    };
    if (const Incident* i = ongoing({"staging-mode"}, ScopeKind::server, no_index))
      return add(id, title, CheckStatus::fail, because(*i), scope_of(i->entity));
    const Scope scope = scope_of(w.servers.size() == 1 ? 0 : no_index);
    const SettingFact* s = said({{"scheduler", "StagingModeEnabled"},
                                 {"global-settings", "Microsoft.Synchronize.StagingMode"},
                                 {"diagnostics", "staging-mode"}});
    if (s != nullptr && (is(*s, "False") || is(*s, "pass")))
      return add(id, title, CheckStatus::pass, stated(*s), scope);
    if (!w.tenant_life.empty()) return add(id, title, CheckStatus::pass, by_inference(w.tenant_life.back()), scope);
    add(id, title, CheckStatus::unknown, "Get-ADSyncScheduler would show it.", scope);
  }

  [[nodiscard]] Scope connector_scope(int index) const {
    const std::string& name = w.connectors[static_cast<std::size_t>(index)].shown();
    return {ScopeKind::connector, name.empty() ? std::nullopt : std::optional(name)};
  }

  void connector_enabled(int index) {
    constexpr const char* id = "connector-enabled";
    constexpr const char* title = "The connector's password channel is enabled";
    const Connector& c = w.connectors[static_cast<std::size_t>(index)];
    if (const Incident* i = ongoing({"connector-channel-disabled"}, ScopeKind::connector, index)) {
      return add(id, title, CheckStatus::fail, because(*i), connector_scope(index));
    }
    if (c.enabled == true)
      return add(id, title, CheckStatus::pass, "Enabled is True in the settings.", connector_scope(index));
    if (const SettingFact* s = said({{"diagnostics", "connector-enabled"}}, c.name); s != nullptr && is(*s, "pass"))
      return add(id, title, CheckStatus::pass, stated(*s), connector_scope(index));
    if (!c.life.empty()) return add(id, title, CheckStatus::pass, by_inference(c.life.back()), connector_scope(index));
    add(id, title, CheckStatus::unknown, "Get-ADSyncAADPasswordSyncConfiguration would show it.",
        connector_scope(index));
  }

  void heartbeat(int index) {
    constexpr const char* id = "heartbeat";
    constexpr const char* title = "A heartbeat within the last three hours";
    const Connector& c = w.connectors[static_cast<std::size_t>(index)];
    const Scope scope = connector_scope(index);
    if (w.alive_in_last_hours(c.life)) {
      return add(id, title, CheckStatus::pass,
                 "The last sign of life (654, 651 or 657 Success) is of " + to_minute(c.life.back()) + ".", scope);
    }
    if (const Incident* i = ongoing({"channel-silent"}, ScopeKind::connector, index))
      return add(id, title, CheckStatus::fail, because(*i), scope);
    if (w.names_stay_apart && !c.recorded) {
      return add(id, title, CheckStatus::unknown,
                 "Nothing links this connector's name to a connector GUID in the log; Get-ADSyncConnector would.",
                 scope);
    }
    const Ticks three_hours = 3 * ticks_per_hour;
    if (!w.covered.empty() && w.covered.longest(w.covered.begin(), w.covered.end()) >= three_hours) {
      const std::string last = c.life.empty() ? "None is in the log" : "The last one is of " + to_minute(c.life.back());
      return add(id, title, CheckStatus::fail, last + ", and the log goes on until " + to_minute(w.end) + ".", scope);
    }
    const SettingFact* s = said({{"diagnostics", "heartbeat"}, {"status-script", "heartbeat"}}, c.name);
    if (s == nullptr) s = said({{"status-script", "heartbeat"}});
    const bool script = s != nullptr && is(*s, "none");
    if (s != nullptr && !script) {
      const std::string when =
          w.text(s->topic) == "diagnostics" && s->time != no_time ? " It was at " + to_minute(s->time) + "." : "";
      return add(id, title, is(*s, "fail") ? CheckStatus::fail : CheckStatus::pass, stated(*s) + when, scope);
    }
    add(id, title, CheckStatus::unknown,
        script
            ? "The status script found no ping event in the Application log within three hours; the log itself would "
              "show whether it was busy, overwritten or silent."
            : "No log covers three hours in which a heartbeat could be missed; a longer Application log would show it.",
        scope);
  }

  void domain(int index) {
    const Domain& domain = w.domains[static_cast<std::size_t>(index)];
    const Scope scope{ScopeKind::domain, domain.name};
    const Incident* unreachable = ongoing({"dc-unreachable"}, ScopeKind::domain, index);
    const Incident* credential = ongoing({"ad-account-credential"}, ScopeKind::domain, index);
    const Incident* permission = ongoing({"replication-permission-missing"}, ScopeKind::domain, index);
    const auto grave = [&](const ByScope& of_status) {
      const Incident* found = nullptr;
      for (const Incident* incident : all(of_status, ScopeKind::domain, index)) {
        if (incident->severity <= Severity::high) found = incident;
      }
      return found;
    };
    const Incident* any = grave(ongoing_);
    const Incident* before = grave(past_);
    const auto one = [&](std::size_t which, const Incident* fault) {
      const auto& [id, title] = domain_checks[which];
      if (fault != nullptr) return add(id, title, CheckStatus::fail, because(*fault), scope);
      if (any == nullptr && before != nullptr) return add(id, title, CheckStatus::unknown, unclear(*before), scope);
      if (any == nullptr && !domain.life.empty()) {
        return add(id, title, CheckStatus::pass,
                   "Inferred: a password of this domain was synchronized at " + to_minute(domain.life.back()) + ".",
                   scope);
      }
      // a DC that refuses the account was reached; one that denies replication knew the account
      if (which == 0 && (credential != nullptr || permission != nullptr)) {
        return add(id, title, CheckStatus::pass, "Inferred: a domain controller answered, with a refusal.", scope);
      }
      if (which == 1 && permission != nullptr) {
        return add(id, title, CheckStatus::pass,
                   "Inferred: a domain controller knew the account and denied replication.", scope);
      }
      const SettingFact* s = said({{"diagnostics", id}}, domain.name);
      if (which == 0 && s == nullptr) s = said({{"reachability", "IsReachable"}}, domain.name);
      if (any == nullptr && s != nullptr && (is(*s, "pass") || is(*s, "True")))
        return add(id, title, CheckStatus::pass, stated(*s), scope);
      add(id, title, CheckStatus::unknown,
          any != nullptr
              ? "Another failure of this domain comes first; Invoke-ADSyncDiagnostics -PasswordSync would show it."
              : "No password of this domain is in the log; Invoke-ADSyncDiagnostics -PasswordSync would show it.",
          scope);
    };
    one(0, unreachable);
    one(1, credential);
    one(2, permission);
  }

  void cloud_reachable() {
    constexpr const char* id = "cloud-reachable";
    constexpr const char* title = "The cloud service can be reached and accepts the server's sign-in";
    for (const ScopeKind kind : {ScopeKind::tenant, ScopeKind::server}) {
      if (const Incident* i = ongoing({"tls-or-proxy", "cloud-error", "cloud-credential", "cloud-sign-in-blocked",
                                       "cloud-certificate", "build-below-service-floor"},
                                      kind, no_index)) {
        return add(id, title, CheckStatus::fail, because(*i), std::nullopt);
      }
    }
    if (w.alive_in_last_hours(w.tenant_life))
      return add(id, title, CheckStatus::pass, by_inference(w.tenant_life.back()), std::nullopt);
    add(id, title, CheckStatus::unknown, "No ping, batch or result of the last three covered hours shows it.",
        std::nullopt);
  }

  void object_sync() {
    constexpr const char* id = "object-sync-healthy";
    constexpr const char* title = "Directory (object) synchronization is healthy";
    if (const Incident* i = ongoing({"object-sync-error", "accidental-delete-threshold", "scheduler-disabled"},
                                    ScopeKind::server, no_index)) {
      return add(id, title, CheckStatus::fail, because(*i), std::nullopt);
    }
    for (auto f = w.events.rbegin(); f != w.events.rend(); ++f) {
      if ((*f)->event_id == 904 && (*f)->cause < 0 && (*f)->time != no_time) {
        return add(id, title, CheckStatus::pass,
                   "The scheduler reported a cycle (904) at " + to_minute((*f)->time) +
                       ", and no error of objects is ongoing.",
                   std::nullopt);
      }
    }
    add(id, title, CheckStatus::unknown, "No scheduler event (904) and no run history is in what was given.",
        std::nullopt);
  }

  void build_supported() {
    constexpr const char* id = "build-supported";
    constexpr const char* title = "The build is supported";
    if (build_.empty()) {
      return add(id, title, CheckStatus::unknown,
                 "No build number is in what was given; Get-ADSyncGlobalSettings states it.", std::nullopt);
    }
    for (const auto& [key, incident] : d.incidents) {
      const std::string& cause = d.cause_of(incident).id;
      if (cause == "version-retired" || cause == "build-below-service-floor") {
        return add(id, title, CheckStatus::fail, "Build " + build_ + ": " + because(incident), std::nullopt);
      }
    }
    std::string why = "Build " + build_ + " was in support at the time of the evidence.";
    if (compare_builds(build_, "2.5.79.0") < 0)
      why += " Builds below 2.5.79.0 may stop synchronizing after 2026-09-30.";
    add(id, title, CheckStatus::pass, std::move(why), std::nullopt);
  }

  void full_sync() {
    constexpr const char* id = "full-sync-complete";
    constexpr const char* title = "The first full directory sync has completed";
    for (const ScopeKind kind : {ScopeKind::server, ScopeKind::forest}) {
      if (const Incident* i = ongoing({"initial-sync-incomplete", "full-sync-running"}, kind, no_index)) {
        return add(id, title, CheckStatus::fail, because(*i), std::nullopt);
      }
    }
    if (!w.tenant_life.empty())
      return add(id, title, CheckStatus::pass, by_inference(w.tenant_life.back()), std::nullopt);
    add(id, title, CheckStatus::unknown, "No 622, 623 or password sync record shows it.", std::nullopt);
  }

  static constexpr int any_entity = no_index - 1;

  const Diagnosing& d;
  const World& w;
  const std::string& build_;
  ByScope ongoing_, past_;
  std::map<std::tuple<std::string, std::string, std::string>, const SettingFact*> said_;  // topic, name and subject
};

}  // namespace

std::vector<Check> make_checks(const Diagnosing& d, const std::string& build,
                               std::vector<NotEvaluated>& not_evaluated) {
  Checker checker(d, build);
  checker.run();
  not_evaluated = std::move(checker.not_evaluated);
  return std::move(checker.checks);
}

}  // namespace synclens::correlate
