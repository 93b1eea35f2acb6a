// What an object's own text shows of its user: no rule that carries its hash, or a hash that nobody can read.
#include <algorithm>
#include <charconv>

#include "correlate/event_texts.hpp"
#include "correlate/incidents.hpp"
#include "correlate/space_objects.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks results_kept = 7 * ticks_per_day;
constexpr Ticks time_to_ask = 10 * ticks_per_minute;

int user_of(const Diagnosing& d, std::string_view dn) {
  const auto found = d.users.by_dn.find(lower(dn));
  return found == d.users.by_dn.end() ? no_index : found->second;
}

bool is_person(const World& w, const SpaceObject& object) {
  const SettingFact* type = property(w, object, "ObjectType");
  return type == nullptr || equal_ignoring_case(w.text(type->value), "user");
}

Sighting sighting_of(const SettingFact& s, Ticks time) {
  Sighting sighting;
  sighting.time = time;
  sighting.setting = &s;
  sighting.by = EndedBy::later_setting;
  sighting.lasting = true;
  return sighting;
}

void missing_rules(Diagnosing& d, int cause, const SpaceObjects& objects, const Collections& collections, int user) {
  Ticks mended = no_time;  // when a later collection shows a rule again
  for (auto at = collections.rbegin(); at != collections.rend(); ++at) {
    const SettingFact* shown = nullptr;
    const Carries carries = carries_hashes(objects, d.world, *at, &shown);
    if (carries == Carries::yes) mended = at->collected;
    if (carries != Carries::no) continue;
    Sighting sighting = sighting_of(*shown, at->collected);
    if (at->collected != no_time) sighting.ended = mended;
    Incident& incident = d.get(cause, ScopeKind::user, user);
    incident.severity = d.cause_of(incident).severity;
    incident.sightings.push_back(sighting);
    std::vector<std::string>& side = incident.fields["space"];
    const std::string where = is_cloud_dn(at->subject) ? "cloud connector space" : "AD connector space";
    if (std::find(side.begin(), side.end(), where) == side.end()) side.push_back(where);
  }
}

// Of an object whose logon needs a smart card: on a build below 2.4.18.0 its old password goes on working.
void smart_card(Diagnosing& d, int cause, const SpaceObject& object, int user) {
  constexpr std::uint64_t smart_card_required = 0x40000;  // in userAccountControl
  const SettingFact* control = property(d.world, object, "userAccountControl");
  if (cause < 0 || control == nullptr) return;
  const std::string_view value = trim(d.world.text(control->value));
  std::uint64_t flags = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), flags);
  if (error != std::errc() || end != value.data() + value.size() || (flags & smart_card_required) == 0) return;
  Incident& incident = d.get(cause, ScopeKind::user, user);
  incident.severity = d.cause_of(incident).severity;
  incident.sightings.push_back(sighting_of(*control, object.collected));
}

// pwdLastSet as AD keeps it (a FILETIME) or as a generalized time: 20261103142136.0Z.
Ticks password_set_at(std::string_view value) {
  value = trim(value);
  const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
  std::int64_t number = 0;
  std::from_chars(value.data(), value.data() + digits, number);
  if (digits == value.size() && digits == 18) return number;
  if (digits != 14) return no_time;
  const auto part = [&](std::size_t from, std::size_t size) {
    std::uint32_t n = 0;
    std::from_chars(value.data() + from, value.data() + from + size, n);
    return n;
  };
  return to_ticks(
      {static_cast<std::int32_t>(part(0, 4)), part(4, 2), part(6, 2), part(8, 2), part(10, 2), part(12, 2)});
}

bool has_domain_cause(const Diagnosing& d, int domain) {
  return domain >= 0 && std::any_of(d.incidents.begin(), d.incidents.end(), [&](const auto& entry) {
           const Incident& i = entry.second;
           return i.kind == ScopeKind::domain && i.entity == domain && i.status == FindingStatus::ongoing &&
                  i.severity <= Severity::high && d.cause_of(i).password_sync;
         });
}

}  // namespace

void collect_object_sightings(Diagnosing& d) {
  const int cause = d.cause("sync-rule-missing");
  if (cause < 0) return;
  const SpaceObjects objects = find_space_objects(d.world);
  const std::string build = build_in_evidence(d.world);
  const bool smart_cards_fail = !build.empty() && compare_builds(build, "2.4.18.0") < 0;
  for (const auto& [key, collections] : objects.connector_space) {
    if (is_cloud_dn(key) || !is_person(d.world, collections.back())) continue;
    const int user = user_of(d, key);
    if (user < 0) continue;
    if (smart_cards_fail) smart_card(d, d.cause("smart-card-required"), collections.back(), user);
    missing_rules(d, cause, objects, collections, user);
    const SpaceObject* metaverse = metaverse_of(objects, d.world, key);
    const SpaceObject* cloud = metaverse == nullptr ? nullptr : cloud_of(objects, d.world, *metaverse);
    if (cloud != nullptr)
      missing_rules(d, cause, objects, objects.connector_space.find(lower(cloud->subject))->second, user);
  }
}

// The log covers the change of a password and the time after it, others' passwords went through, and nothing was asked
// for this one. Results are kept for seven days, so an older change shows nothing.
void find_unreadable_hashes(Diagnosing& d) {
  const int cause = d.cause("hash-unreadable");
  const World& w = d.world;
  if (cause < 0 || w.covered.empty()) return;
  const SpaceObjects objects = find_space_objects(w);
  for (const auto& [key, collections] : objects.connector_space) {
    const SpaceObject& object = collections.back();
    const SettingFact* set = property(w, object, "pwdLastSet");
    const int index = user_of(d, key);
    if (is_cloud_dn(key) || index < 0 || set == nullptr || !is_person(w, object)) continue;
    const User& user = d.users.all[static_cast<std::size_t>(index)];
    const Ticks changed = password_set_at(w.text(set->value));
    if (!user.events.empty() || changed == no_time || changed > w.end || w.end - changed > results_kept) continue;
    if (changed < w.covered.begin() || w.covered.covered(changed, w.end) <= time_to_ask) continue;
    if (carries_hashes(objects, w, object) == Carries::no) continue;
    if (!has_domain_cause(d, user.domain) && first_after(w.tenant_life, changed) == no_time) continue;
    Incident& incident = d.get(cause, ScopeKind::user, index);
    incident.severity = d.cause_of(incident).severity;
    incident.sightings.push_back(sighting_of(*set, changed));
    incident.status = FindingStatus::ongoing;
    incident.first_seen = incident.last_seen = incident.episode = changed;
    incident.remarks.push_back("the password was set at " + to_iso(changed) +
                               ", and no request (656), result (657) or status of it is in what was given");
  }
}

}  // namespace synclens::correlate
