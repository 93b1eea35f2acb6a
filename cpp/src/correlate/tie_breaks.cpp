// Shared evidence goes to the cause it belongs to: the tie-breaks of root-causes.md that need more than one record.
#include <algorithm>
#include <array>
#include <set>

#include "correlate/event_texts.hpp"
#include "correlate/incidents.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

// Each user without an export is looked for in this text.
constexpr std::size_t most_error_text = 256u << 10;
constexpr std::size_t npos = std::string::npos;

template <typename Accept>
void move_sightings(Diagnosing& d, Incident& from, int cause, ScopeKind kind, int entity, const Accept& accept) {
  if (cause < 0) return;
  std::vector<Sighting> moved;
  std::erase_if(from.sightings, [&](const Sighting& s) {
    if (!accept(s)) return false;
    moved.push_back(s);
    return true;
  });
  if (moved.empty()) return;
  Incident& to = d.get(cause, kind, entity);
  if (to.sightings.empty()) to.fields = from.fields;
  to.sightings.insert(to.sightings.end(), moved.begin(), moved.end());
}

void drop_empty(Diagnosing& d) {
  std::erase_if(d.incidents, [](const auto& entry) { return entry.second.sightings.empty() && !entry.second.silence; });
}

// Whether the record was classified by its id or by a code of any number only: the rules that know what a text or a
// code means state its family.
bool has_no_rule_of_its_own(const Diagnosing& d, const Fact& fact) {
  if (fact.rule < 0) return true;
  const Rule& rule = d.world.catalogue->rules()[static_cast<std::size_t>(fact.rule)];
  return rule.text.empty() || !rule.constants.contains("family");
}

// A 0, 655 or 6900 without a rule of its own, within an hour of a 115 or of a credential text, is its symptom.
void join_credential_symptoms(Diagnosing& d) {
  Incident* credential = d.find("cloud-credential", ScopeKind::tenant, no_index);
  Incident* other = d.find("cloud-error", ScopeKind::tenant, no_index);
  if (credential == nullptr || other == nullptr) return;
  Times seen;
  for (const Sighting& s : credential->sightings) {
    if (s.repeats != nullptr) {
      seen.insert(seen.end(), s.repeats->begin(), s.repeats->end());
    } else if (s.time != no_time) {
      seen.push_back(s.time);
    }
  }
  std::sort(seen.begin(), seen.end());
  move_sightings(d, *other, credential->cause, ScopeKind::tenant, no_index, [&](const Sighting& s) {
    if (s.fact == nullptr || s.time == no_time || !has_no_rule_of_its_own(d, *s.fact)) return false;
    const std::uint32_t id = s.fact->event_id;
    return (id == 0 || id == 655 || id == 6900) && any_within(seen, s.time - ticks_per_hour, s.time + ticks_per_hour);
  });
}

// The value of a setting in its latest collection; empty when nothing states it.
std::string latest(const World& w, std::string_view topic, std::string_view name) {
  std::string value;
  Ticks newest = no_time;
  for (const SettingFact& s : w.facts->settings) {
    if (w.text(s.topic) != topic || !equal_ignoring_case(w.text(s.name), name)) continue;
    if (value.empty() || s.time >= newest) {
      value = w.text(s.value);
      newest = s.time;
    }
  }
  return value;
}

bool setting_holds(const Incident* incident) {
  return incident != nullptr &&
         std::any_of(incident->sightings.begin(), incident->sightings.end(),
                     [](const Sighting& s) { return s.setting != nullptr && s.ended == no_time; });
}

// An administrator who switched the feature off (2506): the beginning of what otherwise only the settings show.
void begin_with_the_switch(Diagnosing& d, Incident& off) {
  if (std::any_of(off.sightings.begin(), off.sightings.end(), [](const Sighting& s) { return s.fact != nullptr; }))
    return;
  const Fact* found = nullptr;
  for (const Fact* f : d.world.events) {
    if (f->time == no_time || f->event_id != 2506) continue;
    if (f->stops) found = f;
    if (f->starts) found = nullptr;
  }
  if (found == nullptr || first_after(d.world.tenant_life, found->time) != no_time) return;
  Sighting s;
  s.time = found->time;
  s.fact = found;
  s.by = EndedBy::tenant_life;
  s.lasting = true;
  s.server = d.world.server_of(*found);
  off.sightings.push_back(s);
}

// Feature and channel off in the settings explain a stopped manager; sign-in method and scheduler say why they are off.
void settings_win(Diagnosing& d) {
  Incident* tenant = d.find("tenant-feature-disabled", ScopeKind::tenant, no_index);
  const bool tenant_off = setting_holds(tenant);
  bool channel_off = false;
  int channels = 0;
  for (const auto& [key, incident] : d.incidents) {
    if (d.cause_of(incident).id == "connector-channel-disabled" && setting_holds(&incident)) {
      channel_off = true;
      ++channels;
    }
  }
  const bool all_channels_off = channel_off && channels >= static_cast<int>(d.world.connectors.size());
  if (tenant_off) begin_with_the_switch(d, *tenant);

  if (tenant_off || all_channels_off) {
    const int service_stopped = d.cause("service-stopped");
    for (auto& [key, incident] : d.incidents) {
      if (incident.cause != service_stopped) continue;
      const bool manager_only =
          std::all_of(incident.sightings.begin(), incident.sightings.end(), [](const Sighting& s) {
            return s.fact != nullptr &&
                   (s.fact->event_id == 609 || s.fact->event_id == 602 || s.fact->event_id == 2002);
          });
      if (!manager_only) continue;
      if (tenant_off) {
        for (const Sighting& s : incident.sightings) tenant->support.push_back(s.fact);
      }
      incident.sightings.clear();
    }
  }
  const std::string method = latest(d.world, "global-settings", "Microsoft.UserSignIn.SignOnMethod");
  const bool other_method = !method.empty() && !equal_ignoring_case(method, "PasswordHashSync");
  const bool scheduler_off = equal_ignoring_case(latest(d.world, "scheduler", "SyncCycleEnabled"), "False");
  const auto everything = [](const Sighting&) { return true; };
  if (other_method && (tenant_off || all_channels_off)) {
    const int cause = d.cause("sign-in-method-changed");
    if (tenant_off) move_sightings(d, *tenant, cause, ScopeKind::tenant, no_index, everything);
    for (auto& [key, incident] : d.incidents) {
      if (d.cause_of(incident).id == "connector-channel-disabled") {
        move_sightings(d, incident, cause, ScopeKind::tenant, no_index, everything);
      }
    }
    if (Incident* changed = d.find("sign-in-method-changed", ScopeKind::tenant, no_index)) {
      changed->fields["sign_on_method"] = {method};
      changed->severity = d.cause_of(*changed).severity;
    }
  } else if (tenant_off && scheduler_off) {
    const int cause = d.cause("directory-sync-disabled");
    move_sightings(d, *tenant, cause, ScopeKind::tenant, no_index, everything);
    for (auto& [key, incident] : d.incidents) {
      if (d.cause_of(incident).id == "scheduler-disabled") {
        move_sightings(d, incident, cause, ScopeKind::tenant, no_index, everything);
      }
    }
    if (Incident* off = d.find("directory-sync-disabled", ScopeKind::tenant, no_index)) {
      off->severity = d.cause_of(*off).severity;
    }
  }
}

// 2506 and then 609 with no settings that say otherwise: somebody switched password sync off.
void switched_off_without_settings(Diagnosing& d) {
  if (!latest(d.world, "company-feature", "PasswordHashSync").empty()) return;
  const int cause = d.cause("directory-sync-disabled");
  const int stopped = d.cause("service-stopped");
  if (cause < 0 || stopped < 0) return;
  for (const Fact* change : d.world.events) {
    if (change->event_id != 2506 || change->time == no_time || change->starts) continue;
    for (auto& [key, incident] : d.incidents) {
      if (incident.cause != stopped) continue;
      const int server = incident.entity;
      move_sightings(d, incident, cause, ScopeKind::tenant, no_index, [&](const Sighting& s) {
        if (s.fact == nullptr || s.fact->event_id != 609 || s.time < change->time) return false;
        if (s.time - change->time > ticks_per_hour || server < 0) return false;
        return first_after(d.world.servers[static_cast<std::size_t>(server)].starts, s.time) == no_time;
      });
    }
    Incident* off = d.find("directory-sync-disabled", ScopeKind::tenant, no_index);
    if (off == nullptr) continue;
    off->severity = d.cause_of(*off).severity;
    off->change = change;
    for (Sighting& s : off->sightings) s.by = EndedBy::tenant_life;
  }
}

// RPC 8593: a defect of builds below 1.0.6455.0807 (or of unknown build in the old wording), else a domain rename.
void split_rename(Diagnosing& d, const std::string& build) {
  constexpr std::string_view fixed_in = "1.0.6455.0807";
  if (build.empty()) return;
  const bool old_build = compare_builds(build, fixed_in) < 0;
  const char* from = old_build ? "domain-rename" : "known-issue-fixed";
  const char* to = old_build ? "known-issue-fixed" : "domain-rename";
  std::vector<std::pair<int, Incident*>> sources;
  for (auto& [key, incident] : d.incidents) {
    if (d.cause_of(incident).id == from) sources.emplace_back(incident.entity, &incident);
  }
  for (auto& [entity, incident] : sources) {
    move_sightings(d, *incident, d.cause(to), ScopeKind::domain, entity, [&](const Sighting& s) {
      if (s.fact == nullptr) return false;
      for (std::uint32_t i = 0; i < s.fact->fields_count; ++i) {
        const Field& f = d.world.facts->fields[s.fact->fields_begin + i];
        if (d.world.text(f.name) == "rpc" && d.world.text(f.value) == "8593") return true;
      }
      return false;
    });
  }
}

bool has_constant(const Diagnosing& d, const Sighting& s, std::string_view name, std::string_view value) {
  if (s.fact == nullptr) return false;
  for (std::uint32_t i = 0; i < s.fact->fields_count; ++i) {
    const Field& f = d.world.facts->fields[s.fact->fields_begin + i];
    if (d.world.text(f.name) == name && d.world.text(f.value) == value) return true;
  }
  return false;
}

// One closed connection is a fact; repeated, or with a TLS or proxy text, it is a network that is shut.
void one_closed_connection(Diagnosing& d) {
  std::vector<Incident*> single;
  for (auto& [key, incident] : d.incidents) {
    if (d.cause_of(incident).id != "tls-or-proxy" || incident.sightings.size() != 1) continue;
    if (!has_constant(d, incident.sightings.front(), "weight", "single")) continue;
    single.push_back(&incident);
  }
  const int cause = d.cause("cloud-error");
  if (cause < 0 || single.empty()) return;
  const bool alone = d.find("cloud-error", ScopeKind::tenant, no_index) == nullptr;
  Incident& error = d.get(cause, ScopeKind::tenant, no_index);
  if (alone) error.severity = Severity::low;
  for (Incident* incident : single) {
    Sighting s = incident->sightings.front();
    s.by = EndedBy::tenant_life;
    incident->sightings.clear();
    error.sightings.push_back(s);
  }
}

// "OU=Staff,DC=contoso,DC=com" of "CN=Ana\\, Lima,OU=Staff,DC=contoso,DC=com".
std::string_view place_of(std::string_view dn) {
  std::size_t end = 0;
  while (end < dn.size() && dn[end] != ',') end += dn[end] == '\\' ? 2u : 1u;
  return end >= dn.size() ? std::string_view() : trim(dn.substr(end + 1));
}

// Whether the log knows the user in two places of the directory.
bool has_moved(const Diagnosing& d, const User& user) {
  std::string_view place;
  for (const UserEvent& e : user.events) {
    const std::string_view other = place_of(d.world.text(e.row != nullptr ? e.row->dn : e.line.dn));
    if (other.empty()) continue;
    if (!place.empty() && !equal_ignoring_case(place, other)) return true;
    place = other;
  }
  return false;
}

// Users whose cloud object could not be exported because another one has the same attribute, as its own text says.
std::set<int> users_with_duplicates(const Diagnosing& d) {
  constexpr std::array<std::string_view, 4> words{"attributevaluemustbeunique", "invalidsoftmatch", "invalidhardmatch",
                                                  "duplicate"};
  std::set<int> users;
  for (const SettingFact& s : d.world.facts->settings) {
    if (d.world.text(s.topic) != "cs-object" || !d.world.text(s.name).starts_with("ExportError")) continue;
    const std::string value = lower(d.world.text(s.value));
    if (std::none_of(words.begin(), words.end(), [&](std::string_view word) { return value.find(word) != npos; }))
      continue;
    const std::string subject = lower(d.world.text(s.subject));
    if (const auto own = d.users.by_dn.find(subject); own != d.users.by_dn.end()) users.insert(own->second);
    if (const auto of = d.users.by_object.find(subject); of != d.users.by_object.end()) users.insert(of->second);
  }
  return users;
}

// TargetNotExportedToDirectory becomes duplicate-attribute where an export error of the object says so; a missing
// object is out of scope where a filter was changed or the object moved.
void explain_missing_objects(Diagnosing& d) {
  std::string errors;
  for (const Fact* f : d.world.events) {
    if (errors.size() > most_error_text) break;
    if (f->event_id == 6941 || f->event_id == 6803) errors += lower(d.world.text(f->excerpt)) + "\n";
  }
  const bool scope_moved = std::any_of(d.world.events.begin(), d.world.events.end(), [](const Fact* f) {
    return f->event_id == 2505 || f->event_id == 2511 || f->event_id == 2512;
  });
  const std::set<int> duplicates = users_with_duplicates(d);
  const auto everything = [](const Sighting&) { return true; };
  std::vector<IncidentKey> keys;
  for (const auto& [key, incident] : d.incidents) keys.push_back(key);
  for (const IncidentKey& key : keys) {
    Incident& incident = d.incidents.at(key);
    const std::string& id = d.cause_of(incident).id;
    const User* user = incident.kind == ScopeKind::user && incident.entity >= 0
                           ? &d.users.all[static_cast<std::size_t>(incident.entity)]
                           : nullptr;
    if (id == "not-exported" && user != nullptr) {
      const std::string dn = lower(d.world.text(user->dn));
      const bool named = !dn.empty() && errors.find(dn) != std::string::npos;
      if (named || duplicates.contains(incident.entity))
        move_sightings(d, incident, d.cause("duplicate-attribute"), ScopeKind::user, incident.entity, everything);
    } else if (id == "no-target-object" || id == "source-object-missing") {
      if (scope_moved || (user != nullptr && has_moved(d, *user)))
        move_sightings(d, incident, d.cause("scope-changed"), ScopeKind::user, incident.entity, everything);
    }
  }
}

// A 665 by itself: the state of one domain's cycle was not stored, which is no failure of the whole server.
void each_of_its_domain(Diagnosing& d, Incident& incident) {
  incident.severity = Severity::medium;
  std::set<int> domains;
  for (const Sighting& s : incident.sightings) domains.insert(s.domain);
  for (const int domain : domains) {
    if (domain < 0) continue;
    move_sightings(d, incident, incident.cause, ScopeKind::domain, domain,
                   [&](const Sighting& s) { return s.domain == domain; });
    d.get(incident.cause, ScopeKind::domain, domain).severity = Severity::medium;
  }
}

// Ids that only support whatever their text says: those of rules of weight "support" that ask for no text.
std::set<std::uint32_t> supporting_ids(const Catalogue& catalogue) {
  std::set<std::uint32_t> ids;
  for (const Rule& rule : catalogue.rules()) {
    const auto weight = rule.constants.find("weight");
    if (!rule.text.empty() || weight == rule.constants.end() || weight->second != "support") continue;
    ids.insert(rule.event_ids.begin(), rule.event_ids.end());
  }
  return ids;
}

// Records that support other findings make none of their own when nothing else is wrong.
void drop_mere_support(Diagnosing& d) {
  const std::set<std::uint32_t> ids = supporting_ids(*d.world.catalogue);
  const auto supports = [&](const Sighting& s) {
    return s.fact != nullptr && (ids.contains(s.fact->event_id) || has_constant(d, s, "weight", "support"));
  };
  const bool anything_else = std::any_of(d.incidents.begin(), d.incidents.end(), [&](const auto& entry) {
    const Incident& i = entry.second;
    return d.cause_of(i).password_sync && !std::all_of(i.sightings.begin(), i.sightings.end(), supports);
  });
  std::vector<Incident*> mere;
  for (auto& [key, incident] : d.incidents) {
    if (std::all_of(incident.sightings.begin(), incident.sightings.end(), supports)) mere.push_back(&incident);
  }
  for (Incident* incident : mere) {
    if (anything_else && d.cause_of(*incident).id == "database-unavailable") {
      each_of_its_domain(d, *incident);
    } else {
      incident->sightings.clear();
    }
  }
}

}  // namespace

// "Failed" as the state of a partition says no more than what the log says of its domain, or of everybody.
void drop_explained_states(Diagnosing& d) {
  const auto only_states = [](const Incident& i) {
    return std::all_of(i.sightings.begin(), i.sightings.end(), [](const Sighting& s) { return s.setting != nullptr; });
  };
  const int general = d.cause("domain-sync-error");
  std::erase_if(d.incidents, [&](const auto& entry) {
    const Incident& state = entry.second;
    if (state.cause != general || !only_states(state)) return false;
    return std::any_of(d.incidents.begin(), d.incidents.end(), [&](const auto& other) {
      const Incident& i = other.second;
      if (&i == &state || i.status != FindingStatus::ongoing || i.severity > Severity::high) return false;
      if (i.kind == ScopeKind::domain) return i.entity == state.entity;
      return i.kind != ScopeKind::user && d.cause_of(i).password_sync;
    });
  });
}

void break_ties(Diagnosing& d) {
  join_credential_symptoms(d);
  switched_off_without_settings(d);
  settings_win(d);
  split_rename(d, build_in_evidence(d.world));
  one_closed_connection(d);
  explain_missing_objects(d);
  drop_mere_support(d);
  drop_empty(d);
}

}  // namespace synclens::correlate
