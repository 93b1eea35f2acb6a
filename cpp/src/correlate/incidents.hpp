// Sightings of one cause in one scope, and what became of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "correlate/meaning.hpp"
#include "correlate/users.hpp"
#include "correlate/world.hpp"

namespace synclens::correlate {

// One record, row or setting that shows a cause.
struct Sighting {
  Ticks time = no_time;
  const Fact* fact = nullptr;  // one of the three
  const RowFact* row = nullptr;
  const SettingFact* setting = nullptr;
  EndedBy by = EndedBy::nothing;
  bool lasting = false;
  int domain = no_index, server = 0, connector = all_connectors;
  Ticks ended = no_time;     // when it ended; no_time while it has not
  Ticks answered = no_time;  // of a ping or a batch: when its answer came after all
  // It stands for records that say what `fact` says, at these times, of which `time` is the first.
  const Times* repeats = nullptr;
};

struct Incident {
  int cause = -1;  // index into the catalogue
  ScopeKind kind = ScopeKind::server;
  int entity = no_index;            // server, connector, domain or user; no_index when the scope has no name
  std::vector<Sighting> sightings;  // by time; those without a time last
  FindingStatus status = FindingStatus::past;
  Severity severity = Severity::high;
  Ticks first_seen = no_time, last_seen = no_time, recovered_at = no_time;
  Ticks episode = no_time;    // start of the present episode
  bool episode_known = true;  // false: it may have begun before the first record
  Ticks usual_interval = 0;   // median between sightings
  bool silence = false;
  std::vector<const Fact*> support;  // evidence that is no sighting: unanswered pings, administrator changes
  std::vector<std::string> remarks;  // sentences for the summary: a contradiction, a link that is missing
  std::map<std::string, std::vector<std::string>> fields;
  const Fact* change = nullptr;  // what an administrator changed before it began
};

using IncidentKey = std::tuple<int, ScopeKind, int>;

struct Diagnosing {
  const World& world;
  const Users& users;
  std::map<IncidentKey, Incident> incidents;
  std::deque<Fact> recalled;  // ordinary records that are evidence

  [[nodiscard]] int cause(std::string_view id) const;  // -1 when the catalogue has none of that name
  [[nodiscard]] const Cause& cause_of(const Incident& incident) const;
  Incident* find(std::string_view cause, ScopeKind kind, int entity);
  Incident& get(int cause, ScopeKind kind, int entity);
};

// How many records the sightings are.
[[nodiscard]] std::size_t record_count(const Incident& incident);

// Calls `use(time, sighting)` for each record that states a time, in their order, until it returns false. The sightings
// have to be sorted.
template <typename Use>
void each_in_order(const Incident& incident, const Use& use) {
  struct Repeats {
    const Sighting* sighting = nullptr;
    std::size_t next = 0;
    [[nodiscard]] Ticks time() const { return (*sighting->repeats)[next]; }
  };
  const auto later = [](const Repeats& a, const Repeats& b) { return a.time() > b.time(); };
  std::vector<Repeats> repeats;  // a heap, the earliest first
  for (const Sighting& s : incident.sightings) {
    if (s.repeats != nullptr) repeats.push_back({&s, 0});
  }
  std::make_heap(repeats.begin(), repeats.end(), later);
  // Those before `time`, or all.
  const auto take_repeats = [&](Ticks time, bool all) {
    while (!repeats.empty() && (all || repeats.front().time() < time)) {
      std::pop_heap(repeats.begin(), repeats.end(), later);
      Repeats& earliest = repeats.back();
      if (!use(earliest.time(), *earliest.sighting)) return false;
      if (++earliest.next == earliest.sighting->repeats->size()) {
        repeats.pop_back();
      } else {
        std::push_heap(repeats.begin(), repeats.end(), later);
      }
    }
    return true;
  };
  for (const Sighting& s : incident.sightings) {
    if (s.time == no_time) break;
    if (s.repeats != nullptr) continue;
    if (!take_repeats(s.time, false) || !use(s.time, s)) return;
  }
  take_repeats(no_time, true);
}

// From events, rows and settings to incidents, without their status.
void collect_sightings(Diagnosing& d);
void collect_setting_sightings(Diagnosing& d);
// Users whose object has no sync rule that carries password hashes.
void collect_object_sightings(Diagnosing& d);
// Shared evidence goes to the cause it belongs to: the tie-breaks of root-causes.md that need more than one record.
void break_ties(Diagnosing& d);
// After judge(): states that settings show of a domain and that an ongoing incident explains.
void drop_explained_states(Diagnosing& d);
// Status, recovery and episode of every incident.
void judge(Diagnosing& d);
// The same of the incidents of one cause, after some of their sightings were taken away.
void judge_again(Diagnosing& d, int cause);
// Silent channels that no other incident explains.
void find_silences(Diagnosing& d);
// After judge(): users whose password was set while the log goes on, and of whom it says nothing.
void find_unreadable_hashes(Diagnosing& d);
// What an administrator changed within the day before an incident began.
void name_changes(Diagnosing& d);
// Retired builds: judged by the time of the evidence.
void judge_build(Diagnosing& d, const std::string& build);

// The build that settings or texts name last; empty when none does.
[[nodiscard]] std::string build_in_evidence(const World& world);
// ConnectorIdentityType of the cloud connector; empty when unknown.
[[nodiscard]] std::string identity_in_evidence(const World& world);

// The larger of three hours and twice the usual interval.
[[nodiscard]] Ticks quiet_time(const Incident& incident);

}  // namespace synclens::correlate
