// Status of an incident: ongoing, recovered or past, since when. The rules are those of verdicts.md, "States and their
// opposites".
#include <algorithm>

#include "correlate/incidents.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks three_hours = 3 * ticks_per_hour;

Ticks earlier(Ticks a, Ticks b) {
  if (a == no_time) return b;
  return b == no_time ? a : std::min(a, b);
}

// The signs of the connectors of a domain; of any connector where no record links them.
Times signs_for(const World& w, int domain) {
  std::vector<int> linked = w.connectors_of_domain(domain);
  Times signs;
  for (std::size_t i = 0; i < w.connectors.size(); ++i) {
    if (linked.empty() || std::find(linked.begin(), linked.end(), static_cast<int>(i)) != linked.end()) {
      signs.insert(signs.end(), w.connectors[i].signs.begin(), w.connectors[i].signs.end());
    }
  }
  std::sort(signs.begin(), signs.end());
  return signs;
}

// When a domain fell quiet: failures that Q covered hours without another one and with a sign of its connector follow.
struct Quiet {
  Ticks failure = no_time;   // the last one before the quiet
  Ticks complete = no_time;  // when the quiet had lasted long enough
};

std::vector<Quiet> quiet_spells(const World& w, const Domain& domain, const Times& signs, Ticks quiet) {
  std::vector<Quiet> spells;
  for (std::size_t i = 0; i < domain.failures.size(); ++i) {
    const Ticks failure = domain.failures[i];
    const bool followed = i + 1 < domain.failures.size();
    if (followed && domain.failures[i + 1] - failure < quiet) continue;
    const Ticks complete = w.covered.after(failure, quiet);
    if (complete == no_time || (followed && domain.failures[i + 1] < complete)) continue;
    if (any_within(signs, failure + 1, complete)) spells.push_back({failure, complete});
  }
  return spells;
}

Ticks connector_recovery(const World& w, int connector, Ticks last) {
  Ticks found = no_time;
  for (std::size_t i = 0; i < w.connectors.size(); ++i) {
    if (connector >= 0 && static_cast<int>(i) != connector) continue;
    found = earlier(found, first_after(w.connectors[i].life, last));
  }
  return found;
}

class Judge {
 public:
  explicit Judge(const Diagnosing& diagnosing) : d(diagnosing), w(diagnosing.world) {
    for (const Fact* f : w.events) {
      if (!f->password_sync_provider || f->time == no_time) continue;
      if (f->event_id == 661) self_healed_.push_back(f->time);
      if (f->event_id == 606) retried_.push_back(f->time);
      if (f->event_id == 621 || f->event_id == 622 || f->event_id == 623) {
        full_sync_ends_[{f->event_id, f->domain}].push_back(f->time);
      }
    }
  }

  const Diagnosing& d;
  const World& w;

  [[nodiscard]] Ticks end_of(const Incident& incident, const Sighting& s, Ticks t, Ticks quiet) const {
    if (t == no_time) return no_time;
    const Server& server =
        w.servers[static_cast<std::size_t>(std::clamp(s.server, 0, static_cast<int>(w.servers.size()) - 1))];
    const User* user = incident.kind == ScopeKind::user && incident.entity >= 0
                           ? &d.users.all[static_cast<std::size_t>(incident.entity)]
                           : nullptr;
    switch (s.by) {
      case EndedBy::nothing:
        return no_time;
      case EndedBy::service_start:
        return earlier(first_after(server.starts, t), first_after(server.life, t));
      case EndedBy::server_life:
        return first_after(server.life, t);
      case EndedBy::self_healing_end:
        return earlier(first_after(self_healed_, t), first_after(w.tenant_life, t));
      case EndedBy::full_sync_end:
        return full_sync_end(*s.fact);
      case EndedBy::user_success:
        return user == nullptr ? no_time : first_after(user->successes, t);
      case EndedBy::retry_done:
        return earlier(user == nullptr ? no_time : first_after(user->successes, t),
                       s.fact != nullptr && s.fact->event_id == 605 ? first_after(retried_, t) : no_time);
      case EndedBy::user_answer:
        return user == nullptr ? no_time : first_after(user->answers, t);
      case EndedBy::flag_cleared:
        return user == nullptr ? no_time : first_after(user->cleared, t);
      case EndedBy::domain_life:
        return s.domain >= 0 ? domain_recovery(s.domain, t, quiet) : first_after(server.life, t);
      case EndedBy::tenant_life:
        return first_after(w.tenant_life, t);
      case EndedBy::first_sync_done:
        return first_after(w.channel_use, t);
      case EndedBy::connector_life:
        return earlier(s.answered, connector_recovery(w, s.connector, t));
      case EndedBy::later_setting:
        return s.ended;
    }
    return no_time;
  }

 private:
  // A 622 ends the 618 of its domain, a 623 the 617 of its forest, a 621 either; one that names nobody ends all.
  [[nodiscard]] Ticks full_sync_end(const Fact& begin) const {
    const std::uint32_t done = begin.event_id == 617 ? 623u : 622u;
    Ticks found = no_time;
    for (const auto& [key, times] : full_sync_ends_) {
      if (key.first != done && key.first != 621) continue;
      if (begin.domain != nobody && key.second != nobody && begin.domain != key.second) continue;
      found = earlier(found, first_after(times, begin.time));
    }
    return found;
  }

  // A domain recovers by a sign of life of its own, or by quiet hours while its connector lives.
  [[nodiscard]] Ticks domain_recovery(int domain, Ticks last, Ticks quiet) const {
    const Domain& of = w.domains[static_cast<std::size_t>(domain)];
    auto [signs, new_signs] = signs_.try_emplace(domain);
    if (new_signs) signs->second = signs_for(w, domain);
    auto [spells, new_spells] = spells_.try_emplace({domain, quiet});
    if (new_spells) spells->second = quiet_spells(w, of, signs->second, quiet);
    const Ticks own = first_after(of.life, last);
    const auto spell = std::lower_bound(spells->second.begin(), spells->second.end(), last,
                                        [](const Quiet& q, Ticks t) { return q.failure < t; });
    if (spell == spells->second.end()) return own;
    return own != no_time && own <= spell->complete ? own : first_after(signs->second, last);
  }

  Times self_healed_, retried_;
  std::map<std::pair<std::uint32_t, Id>, Times> full_sync_ends_;
  mutable std::map<int, Times> signs_;
  mutable std::map<std::pair<int, Ticks>, std::vector<Quiet>> spells_;
};

Ticks median_interval(const Incident& incident) {
  std::vector<Ticks> steps;
  Ticks before = no_time;
  each_in_order(incident, [&](Ticks time, const Sighting&) {
    if (before != no_time) steps.push_back(time - before);
    before = time;
    return true;
  });
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

// Sightings of one class end together: what ends the last one of it ends them all, unless an earlier one of the
// same class was already over, which matters for the start of the present episode only.
void judge_one(const Judge& judge, Incident& incident) {
  const World& w = judge.w;
  std::stable_sort(incident.sightings.begin(), incident.sightings.end(), [](const Sighting& a, const Sighting& b) {
    return (a.time == no_time) != (b.time == no_time) ? b.time == no_time : a.time < b.time;
  });
  incident.usual_interval = median_interval(incident);
  incident.first_seen = incident.last_seen = incident.recovered_at = incident.episode = no_time;
  const Ticks quiet = quiet_time(incident);

  std::map<std::tuple<EndedBy, int, int, int>, Sighting*> last;  // of each class
  for (Sighting& s : incident.sightings) {
    if (s.repeats == nullptr) last[{s.by, s.domain, s.server, s.connector}] = &s;  // the last of a series never is one
  }
  bool all_ended = true;
  bool any_lasting = false;
  Ticks recovered = no_time;
  for (auto& [key, s] : last) {
    s->ended = judge.end_of(incident, *s, s->time, quiet);
    if (s->ended == no_time) {
      all_ended = false;
      any_lasting = any_lasting || s->lasting || s->time == no_time;
    } else {
      recovered = std::max(recovered, s->ended);
    }
  }
  for (const Sighting& s : incident.sightings) {
    if (s.time == no_time || s.repeats != nullptr) continue;
    if (incident.first_seen == no_time) incident.first_seen = s.time;
    incident.last_seen = s.time;
  }
  const bool recent = incident.last_seen != no_time && w.end != no_time && w.end - incident.last_seen <= quiet;
  // where no log states a time there is no end of coverage to compare with
  const bool no_log = w.end == no_time;
  if (all_ended) {
    incident.status = FindingStatus::recovered;
    incident.recovered_at = recovered;
  } else {
    incident.status = any_lasting || recent || no_log ? FindingStatus::ongoing : FindingStatus::past;
  }

  // The present episode begins with the first sighting after the last sign of life of the scope.
  Ticks life = no_time;
  each_in_order(incident, [&](Ticks time, const Sighting& s) {
    if (life != no_time && time <= life) return true;
    const Ticks ends = judge.end_of(incident, s, time, quiet);
    const bool over = ends != no_time && ends <= incident.last_seen;
    if (over) {
      life = ends;
    } else {
      incident.episode = time;
    }
    return over;
  });
  if (incident.episode == no_time) incident.episode = incident.first_seen;
}

// Whether any sign of life of the scope precedes a time.
bool life_precedes(const Diagnosing& d, const Incident& incident, Ticks t) {
  const World& w = d.world;
  switch (incident.kind) {
    case ScopeKind::tenant:
      return last_before(w.tenant_life, t) != no_time;
    case ScopeKind::server:
      return incident.entity >= 0 &&
             last_before(w.servers[static_cast<std::size_t>(incident.entity)].life, t) != no_time;
    case ScopeKind::domain:
    case ScopeKind::forest:
      return incident.entity >= 0 &&
             last_before(w.domains[static_cast<std::size_t>(incident.entity)].life, t) != no_time;
    case ScopeKind::connector:
      return incident.entity >= 0 &&
             last_before(w.connectors[static_cast<std::size_t>(incident.entity)].signs, t) != no_time;
    case ScopeKind::user:
      return incident.entity >= 0 &&
             last_before(d.users.all[static_cast<std::size_t>(incident.entity)].successes, t) != no_time;
  }
  return false;
}

void judge_whole(const Judge& judge, Incident& incident) {
  judge_one(judge, incident);
  incident.episode_known = true;
  const Ticks first = judge.w.first_record;
  if (incident.episode == no_time || first == no_time || life_precedes(judge.d, incident, incident.episode)) return;
  // it begins within its usual interval of the first record; a single sighting, when it is the first record
  incident.episode_known = incident.episode - first > incident.usual_interval;
}

}  // namespace

Ticks quiet_time(const Incident& incident) {
  return std::max(three_hours, 2 * incident.usual_interval);
}

void judge(Diagnosing& d) {
  const Judge judge(d);
  for (auto& [key, incident] : d.incidents) {
    if (!incident.silence) judge_whole(judge, incident);
  }
}

void judge_again(Diagnosing& d, int cause) {
  const Judge judge(d);
  for (auto& [key, incident] : d.incidents) {
    if (incident.cause == cause) judge_whole(judge, incident);
  }
}

}  // namespace synclens::correlate
