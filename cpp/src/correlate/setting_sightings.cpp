// What the settings show. Of several collections the latest decides; an earlier opposite is recovered by it.
#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "correlate/event_texts.hpp"
#include "correlate/incidents.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

struct Alias {
  std::string_view topic, name, canonical;
};

// Different cmdlets that state the same thing.
constexpr std::array<Alias, 9> aliases{{{"scheduler", "StagingModeEnabled", "staging-mode"},
                                        {"global-settings", "Microsoft.Synchronize.StagingMode", "staging-mode"},
                                        {"diagnostics", "staging-mode", "staging-mode"},
                                        {"company-feature", "PasswordHashSync", "tenant-feature"},
                                        {"diagnostics", "tenant-feature", "tenant-feature"},
                                        {"password-sync", "Enabled", "connector-enabled"},
                                        {"diagnostics", "connector-enabled", "connector-enabled"},
                                        {"reachability", "IsReachable", "domain-reachable"},
                                        {"diagnostics", "domain-reachable", "domain-reachable"}}};

std::string canonical(const std::string& topic, const std::string& name) {
  for (const Alias& a : aliases) {
    if (a.topic == topic && equal_ignoring_case(a.name, name)) return std::string(a.canonical);
  }
  return topic + "/" + name;
}

int connector_named(const World& w, const std::string& name) {
  for (std::size_t i = 0; i < w.connectors.size(); ++i) {
    if (equal_ignoring_case(w.connectors[i].name, name) || equal_ignoring_case(w.connectors[i].guid, name)) {
      return static_cast<int>(i);
    }
  }
  return no_index;
}

int domain_of_subject(const World& w, const std::string& subject) {
  const std::string of_dn = domain_of_dn(subject);
  return w.domain_named(of_dn.empty() ? lower(subject) : of_dn);
}

int entity_of(Diagnosing& d, ScopeKind kind, const SettingFact& s) {
  const std::string& subject = d.world.text(s.subject);
  switch (kind) {
    case ScopeKind::server:
      return d.world.server_of_source(s.source);
    case ScopeKind::connector:
      return connector_named(d.world, subject);
    case ScopeKind::domain:
    case ScopeKind::forest:
      return domain_of_subject(d.world, subject);
    case ScopeKind::user: {
      const auto found = d.users.by_dn.find(lower(subject));
      if (found != d.users.by_dn.end()) return found->second;
      const auto object = d.users.by_object.find(lower(subject));
      return object == d.users.by_object.end() ? no_index : object->second;
    }
    case ScopeKind::tenant:
      return no_index;
  }
  return no_index;
}

bool later(const SettingFact* a, const SettingFact* b) {
  if ((a->time == no_time) != (b->time == no_time)) return a->time == no_time;
  return a->time < b->time;
}

// Two values of one setting side by side, each with its file; empty where nothing contradicts this one. Rows of a run
// history are a history.
std::string contradiction(const World& w, const std::vector<const SettingFact*>& group, const SettingFact& s) {
  const auto other = std::find_if(group.rbegin(), group.rend(), [](const SettingFact* o) { return o->cause < 0; });
  if (other == group.rend() || w.text(s.topic) == "run-history") return {};
  const auto stated = [&](const SettingFact& fact) {
    const std::string when = fact.time == no_time ? "" : ", " + to_minute(fact.time);
    return w.text(fact.name) + " is " + w.text(fact.value) + " in " + w.facts->sources[fact.source].report.path + when;
  };
  return "the settings contradict each other: " + stated(s) + "; " + stated(**other) +
         ". The newer one, or where no time tells, the worse one is used";
}

}  // namespace

void collect_setting_sightings(Diagnosing& d) {
  const Facts& facts = *d.world.facts;
  std::map<std::pair<std::string, std::string>, std::vector<const SettingFact*>> by_meaning;
  for (const SettingFact& s : facts.settings) {
    by_meaning[{canonical(facts.names[s.topic], facts.names[s.name]), lower(facts.names[s.subject])}].push_back(&s);
  }
  std::map<std::tuple<std::string, std::string, int>, std::vector<const SettingFact*>> by_holder;
  for (const auto& [meaning, group] : by_meaning) {
    // what one server says of itself is no word about another
    const bool of_a_server = std::any_of(group.begin(), group.end(), [&](const SettingFact* s) {
      return s->cause >= 0 &&
             d.world.catalogue->causes()[static_cast<std::size_t>(s->cause)].scope == ScopeKind::server;
    });
    for (const SettingFact* s : group) {
      const int server = of_a_server ? d.world.server_of_source(s->source) : no_index;
      by_holder[{meaning.first, meaning.second, server}].push_back(s);
    }
  }
  for (auto& [holder, group] : by_holder) {
    if (std::none_of(group.begin(), group.end(), [](const SettingFact* s) { return s->cause >= 0; })) continue;
    std::stable_sort(group.begin(), group.end(), later);
    Times opposites;  // when a value was collected that shows no cause
    for (const SettingFact* s : group) {
      if (s->cause < 0 && s->time != no_time) opposites.push_back(s->time);
    }
    std::set<std::tuple<Ticks, std::string, Id>> counted;
    for (const SettingFact* s : group) {
      if (s->cause < 0) continue;
      // the same line of the same collection in two copies of one file counts once
      const std::string& path = facts.sources[s->source].report.path;
      if (!counted.emplace(s->time, path.substr(path.rfind('/') + 1), s->value).second) continue;
      const Cause& cause = d.world.catalogue->causes()[static_cast<std::size_t>(s->cause)];
      Sighting sighting;
      sighting.time = s->time;
      sighting.setting = s;
      sighting.by = EndedBy::later_setting;
      sighting.lasting = true;
      sighting.server = std::max(0, d.world.server_of_source(s->source));
      sighting.connector = connector_named(d.world, facts.names[s->subject]);
      sighting.domain = domain_of_subject(d.world, facts.names[s->subject]);
      if (s->time != no_time) sighting.ended = first_after(opposites, s->time);
      Incident& incident = d.get(s->cause, cause.scope, entity_of(d, cause.scope, *s));
      incident.sightings.push_back(sighting);
      std::vector<std::string>& shown = incident.fields["setting"];
      const std::string text = facts.names[s->name] + " = " + facts.names[s->value];
      if (std::find(shown.begin(), shown.end(), text) == shown.end()) shown.push_back(text);
      if (incident.entity == no_index && s->subject != nobody) {
        std::vector<std::string>& subjects = incident.fields["subject"];
        if (std::find(subjects.begin(), subjects.end(), facts.names[s->subject]) == subjects.end()) {
          subjects.push_back(facts.names[s->subject]);
        }
      }
      if (sighting.ended == no_time && incident.remarks.empty()) {
        const std::string remark = contradiction(d.world, group, *s);
        if (!remark.empty()) incident.remarks.push_back(remark);
      }
    }
  }
}

std::string build_in_evidence(const World& w) {
  const Facts& facts = *w.facts;
  Ticks newest = no_time;
  std::string build;
  const auto take = [&](const std::string& candidate, Ticks time) {
    if (candidate.empty()) return;
    const bool newer = build.empty() || time > newest || (time == newest && compare_builds(candidate, build) > 0);
    if (newer) {
      build = candidate;
      newest = time;
    }
  };
  for (const Fact* f : w.events) take(w.text(f->build), f->time);
  for (const SettingFact& s : facts.settings) {
    if (facts.names[s.topic] == "build" && facts.names[s.name] == "version") take(facts.names[s.value], s.time);
  }
  return build;
}

std::string identity_in_evidence(const World& w) {
  const Facts& facts = *w.facts;
  std::string identity;
  Ticks newest = no_time;
  for (const SettingFact& s : facts.settings) {
    if (facts.names[s.name] != "ConnectorIdentityType") continue;
    if (identity.empty() || s.time >= newest) {
      identity = facts.names[s.value];
      newest = s.time;
    }
  }
  return identity;
}

}  // namespace synclens::correlate
