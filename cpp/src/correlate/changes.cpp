// What an administrator changed before it broke, and builds that are too old.
#include <algorithm>
#include <array>

#include "correlate/incidents.hpp"

namespace synclens::correlate {
namespace {

bool concerns(std::uint32_t id, const Cause& cause, ScopeKind scope) {
  switch (scope) {
    case ScopeKind::tenant:
    case ScopeKind::server:
      return id == 2503 || id == 2504 || id == 2506 || id == 2507 || id == 2513 || id == 2519 || id == 2518;
    case ScopeKind::domain:
    case ScopeKind::forest:
      return id == 2503 || id == 2505 || id == 2508 || id == 2509 || id == 2511 || id == 2517 || id == 2518;
    case ScopeKind::connector:
      return id == 2503 || id == 2505 || id == 2506 || id == 2511 || id == 2513 || id == 2517 || id == 2518;
    case ScopeKind::user:
      return cause.id != "service-error" && (id == 2505 || id == 2510 || id == 2511 || id == 2512);
  }
  return false;
}

}  // namespace

void name_changes(Diagnosing& d) {
  std::vector<const Fact*> changes;
  for (const Fact* f : d.world.events) {
    if (f->time != no_time && is_admin_change(f->event_id)) changes.push_back(f);
  }
  if (changes.empty()) return;
  for (auto& [key, incident] : d.incidents) {
    const Cause& cause = d.cause_of(incident);
    const Ticks began = incident.episode;
    if (!cause.password_sync || began == no_time) continue;
    auto after =
        std::upper_bound(changes.begin(), changes.end(), began, [](Ticks t, const Fact* f) { return t < f->time; });
    // a channel falls silent half an hour before anybody can see it: the change may follow its last sign of life
    if (incident.silence) {
      after = std::upper_bound(changes.begin(), changes.end(), began + 30 * ticks_per_minute,
                               [](Ticks t, const Fact* f) { return t < f->time; });
    }
    while (after != changes.begin()) {
      const Fact* change = *--after;
      if (change->time < began - ticks_per_day) break;
      if (!concerns(change->event_id, cause, incident.kind)) continue;
      incident.change = change;
      break;
    }
  }
}

void judge_build(Diagnosing& d, const std::string& build) {
  const World& w = d.world;
  if (build.empty()) return;
  // judged by the time of the evidence: of the settings, else of the last record
  Ticks when = w.end;
  const SettingFact* setting = nullptr;
  for (const SettingFact& s : w.facts->settings) {
    if (w.text(s.topic) != "build" || w.text(s.value) != build) continue;
    if (setting == nullptr || s.time > setting->time) setting = &s;
  }
  const Fact* fact = nullptr;
  for (const Fact* f : w.events) {
    if (w.text(f->build) == build) fact = f;
  }
  if (setting != nullptr && setting->time != no_time) when = setting->time;
  if (setting == nullptr && fact != nullptr && fact->time != no_time) when = fact->time;
  if (when == no_time) return;

  const std::vector<Build>& builds = w.catalogue->builds();
  // A build between two rows is judged by the next one of the table; an empty date is that of the row above it.
  std::string end_of_support;
  for (const Build& b : builds) {
    if (!b.end_of_support.empty()) end_of_support = b.end_of_support;
    if (compare_builds(b.version, build) >= 0) break;
    if (&b == &builds.back()) end_of_support.clear();  // later than every row
  }
  const bool azure_ad_connect_1 = compare_builds(build, "1.0.6455.0807") > 0 && compare_builds(build, "2.0.0.0") < 0;
  if (azure_ad_connect_1) end_of_support = "2023-10-01";
  const auto add = [&](const char* id) -> Incident* {
    const int cause = d.cause(id);
    if (cause < 0) return nullptr;
    const int server = fact != nullptr      ? w.server_of(*fact)
                       : setting != nullptr ? w.server_of_source(setting->source)
                                            : no_index;
    Incident& incident = d.get(cause, ScopeKind::server, server);
    Sighting s;
    s.time = when;
    s.setting = setting;
    if (setting == nullptr) s.fact = fact;
    s.by = EndedBy::later_setting;
    s.lasting = true;
    incident.sightings.push_back(s);
    incident.fields["build"] = {build};
    return &incident;
  };
  const auto floor_from = parse_iso("2026-09-30");
  if (compare_builds(build, "2.5.79.0") < 0 && when > floor_from->ticks + ticks_per_day)
    add("build-below-service-floor");
  const auto end = parse_iso(end_of_support);
  if (end && when >= end->ticks) {
    if (Incident* incident = add("version-retired")) incident->fields["end_of_support"] = {end_of_support};
  }
}

}  // namespace synclens::correlate
