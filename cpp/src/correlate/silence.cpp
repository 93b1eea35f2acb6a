// Channels that show no life over a covered window, and what explains them.
#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "correlate/incidents.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks shortest_silence = 3 * ticks_per_hour;

bool is_explaining_cause(const Diagnosing& d, const Incident& incident) {
  const Cause& cause = d.cause_of(incident);
  if (!cause.password_sync || incident.silence) return false;
  if (incident.kind == ScopeKind::tenant || incident.kind == ScopeKind::server) {
    return incident.severity == Severity::critical || cause.id == "initial-sync-incomplete";
  }
  return incident.kind == ScopeKind::connector && cause.id == "connector-channel-disabled";
}

bool of_scope_or_above(const Diagnosing& d, const Incident& incident, int connector) {
  if (incident.kind == ScopeKind::connector) return incident.entity == connector;
  if (incident.kind != ScopeKind::server || incident.entity < 0) return true;
  const std::set<int>& servers = d.world.connectors[static_cast<std::size_t>(connector)].servers;
  return servers.empty() || servers.contains(incident.entity);
}

bool all_domains_fail(const Diagnosing& d, int connector) {
  const World& w = d.world;
  std::set<std::string> domains = w.connectors[static_cast<std::size_t>(connector)].domains;
  if (w.connectors.size() == 1) {
    for (const Domain& domain : w.domains) domains.insert(domain.name);
  }
  if (domains.empty()) return false;
  std::set<int> failing;
  for (const auto& [key, incident] : d.incidents) {
    const bool fails = incident.kind == ScopeKind::domain && incident.status == FindingStatus::ongoing &&
                       incident.severity <= Severity::high;
    if (fails) failing.insert(incident.entity);
  }
  return std::all_of(domains.begin(), domains.end(),
                     [&](const std::string& name) { return failing.contains(w.domain_named(name)); });
}

bool explained_now(const Diagnosing& d, int connector) {
  for (const auto& [key, incident] : d.incidents) {
    if (incident.status != FindingStatus::ongoing || !is_explaining_cause(d, incident)) continue;
    if (of_scope_or_above(d, incident, connector)) return true;
  }
  return all_domains_fail(d, connector);
}

// Whether the domain is one of the connector's, or of nobody's that is known.
bool may_be_of_connector(const Diagnosing& d, int domain, int connector) {
  if (domain < 0) return true;
  const std::vector<int> linked = d.world.connectors_of_domain(domain);
  return linked.empty() || std::find(linked.begin(), linked.end(), connector) != linked.end();
}

// What may explain past silences, prepared once: a log may have as many silences as sightings.
class PastCauses {
 public:
  explicit PastCauses(const Diagnosing& diagnosing) : d(diagnosing) {
    for (const auto& [key, incident] : d.incidents) {
      if (!counts(incident)) continue;
      PastCause cause{&incident, {}, {}};
      cause.times.reserve(record_count(incident));
      Ticks until = no_time;  // before all
      each_in_order(incident, [&](Ticks time, const Sighting& s) {
        if (s.lasting && s.ended > until) {
          until = s.ended;
          cause.lasted_until.emplace_back(cause.times.size(), until);
        }
        cause.times.push_back(time);
        return true;
      });
      causes_.push_back(std::move(cause));
    }
  }

  [[nodiscard]] bool explain(int connector, Ticks from, Ticks to) const {
    return std::any_of(causes_.begin(), causes_.end(), [&](const PastCause& cause) {
      const Incident& incident = *cause.incident;
      const bool of_scope = is_of_a_domain(incident) ? may_be_of_connector(d, incident.entity, connector)
                                                     : of_scope_or_above(d, incident, connector);
      if (!of_scope) return false;
      const auto inside = std::lower_bound(cause.times.begin(), cause.times.end(), from);
      if (inside != cause.times.end() && *inside <= to) return true;
      // a state that began before and lasted into the silence explains it as well
      const auto before = static_cast<std::size_t>(inside - cause.times.begin());
      const auto later = std::lower_bound(cause.lasted_until.begin(), cause.lasted_until.end(), before,
                                          [](const auto& end, std::size_t sighting) { return end.first < sighting; });
      return later != cause.lasted_until.begin() && std::prev(later)->second > from;
    });
  }

 private:
  struct PastCause {
    const Incident* incident;
    Times times;
    // The latest end of a lasting sighting from this one of the times on, up to the next.
    std::vector<std::pair<std::size_t, Ticks>> lasted_until;
  };

  [[nodiscard]] bool is_of_a_domain(const Incident& incident) const {
    return incident.kind == ScopeKind::domain && incident.severity <= Severity::high &&
           d.cause_of(incident).password_sync;
  }

  [[nodiscard]] bool counts(const Incident& incident) const {
    const bool above = (incident.kind == ScopeKind::tenant || incident.kind == ScopeKind::server) &&
                       incident.severity <= Severity::high && d.cause_of(incident).password_sync;
    return is_explaining_cause(d, incident) || is_of_a_domain(incident) || above;
  }

  const Diagnosing& d;
  std::vector<PastCause> causes_;
};

struct Silence {
  Ticks from = no_time, to = no_time;  // no_time: no sign of life before, or after
};

// A stretch in which a connector was silent, and the finding of it; null where something explains it.
struct SilentStretch {
  Ticks from = no_time, to = no_time;
  Incident* silence = nullptr;
};
using SilentStretches = std::map<int, std::vector<SilentStretch>>;  // by connector, by time, apart from each other

// Pings and batches that began inside a silence and were never answered are its evidence, and no finding beside it.
void take_unanswered(Diagnosing& d, const SilentStretches& silent) {
  const int cause = d.cause("result-missing");
  for (auto& entry : d.incidents) {
    Incident& incident = entry.second;
    if (incident.cause != cause || incident.kind != ScopeKind::connector) continue;
    std::erase_if(incident.sightings, [&](const Sighting& s) {
      bool taken = false;
      for (const auto& [connector, stretches] : silent) {
        if (incident.entity != all_connectors && incident.entity != connector) continue;
        const auto after = std::upper_bound(stretches.begin(), stretches.end(), s.time,
                                            [](Ticks time, const SilentStretch& one) { return time < one.from; });
        if (after == stretches.begin() || s.time > std::prev(after)->to) continue;
        if (std::prev(after)->silence != nullptr) std::prev(after)->silence->support.push_back(s.fact);
        taken = true;
      }
      return taken;
    });
  }
  std::erase_if(d.incidents,
                [&](const auto& entry) { return entry.second.cause == cause && entry.second.sightings.empty(); });
  judge_again(d, cause);
}

std::vector<Silence> silences_of(const World& w, const Connector& connector) {
  std::vector<Silence> found;
  const Ticks begin = w.covered.begin();
  const Ticks end = w.covered.end();
  Ticks from = no_time;
  for (std::size_t i = 0; i <= connector.signs.size(); ++i) {
    const Ticks to = i < connector.signs.size() ? connector.signs[i] : no_time;
    const Ticks a = from == no_time ? begin : from;
    const Ticks b = to == no_time ? end : to;
    if (b - a >= shortest_silence && w.covered.longest(a, b) >= shortest_silence) found.push_back({from, to});
    from = to;
  }
  return found;
}

// The last sign of life before a silence.
struct LastSign {
  Ticks time = no_time;
  int connector = all_connectors;
  Incident* silence = nullptr;
};

// It is the silence's first evidence.
void show_last_signs(Diagnosing& d, const std::vector<LastSign>& signs) {
  if (signs.empty()) return;
  const World& w = d.world;
  std::vector<Fact> found(signs.size());
  std::unordered_multimap<Ticks, std::size_t> by_time;
  for (std::size_t i = 0; i < signs.size(); ++i) by_time.emplace(signs[i].time, i);
  const auto look = [&](Ticks time, int connector, const auto& as_fact) {
    const auto [from, to] = by_time.equal_range(time);
    for (auto at = from; at != to; ++at) {
      const std::size_t i = at->second;
      if (connector != signs[i].connector && connector != all_connectors) continue;
      const Fact fact = as_fact();
      const auto key = [](const Fact& f) { return std::make_tuple(f.record_id, f.event_id, f.source, f.line); };
      if (found[i].time == no_time || key(fact) < key(found[i])) found[i] = fact;
    }
  };
  for (const Fact* f : w.events) {
    if (f->password_sync_provider && names_a_channel(f->event_id))
      look(f->time, w.connector_of(*f), [&] { return *f; });
  }
  w.facts->ordinary.for_each(
      [&](const OrdinaryRecord& r) { look(r.time, w.connector_of(r), [&] { return recalled(r); }); });
  for (std::size_t i = 0; i < signs.size(); ++i) {
    if (found[i].time == no_time) continue;
    d.recalled.push_back(found[i]);
    std::vector<const Fact*>& support = signs[i].silence->support;
    support.insert(support.begin(), &d.recalled.back());
  }
}

}  // namespace

void find_silences(Diagnosing& d) {
  const World& w = d.world;
  std::vector<LastSign> last_signs;
  const int cause = d.cause("channel-silent");
  if (cause < 0 || w.covered.empty()) return;
  const PastCauses past(d);
  SilentStretches silent;
  for (std::size_t i = 0; i < w.connectors.size(); ++i) {
    const Connector& connector = w.connectors[i];
    const int index = static_cast<int>(i);
    // a configured name that nothing links to a recorded GUID may be that same connector: not known to be silent
    if (w.names_stay_apart && !connector.recorded) continue;
    for (const Silence& s : silences_of(w, connector)) {
      const Ticks from = s.from == no_time ? w.covered.begin() : s.from;
      const Ticks to = s.to == no_time ? w.end : s.to;
      const bool explained = s.to == no_time ? explained_now(d, index) : past.explain(index, from, to);
      silent[index].push_back({from, to, nullptr});
      if (explained) continue;
      Incident& incident = d.get(cause, ScopeKind::connector, index);
      if (!incident.silence) incident.first_seen = s.from;  // not known without a sign of life before it
      incident.silence = true;
      incident.last_seen = to;
      incident.episode = s.from == no_time ? w.first_record : s.from;
      incident.episode_known = s.from != no_time;
      incident.status = s.to == no_time ? FindingStatus::ongoing : FindingStatus::recovered;
      incident.recovered_at = s.to;
      silent[index].back().silence = &incident;
      if (s.from != no_time) last_signs.push_back({s.from, index, &incident});
    }
  }
  take_unanswered(d, silent);
  show_last_signs(d, last_signs);
}

}  // namespace synclens::correlate
