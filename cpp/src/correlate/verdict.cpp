#include "correlate/verdict.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "correlate/event_texts.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks three_hours = 3 * ticks_per_hour;

struct Since {
  Ticks time = no_time;
  bool known = true;
};

Since since_of(const Incident& i) {
  return {i.episode, i.episode_known};
}

bool earlier(const Since& a, const Since& b) {
  if (a.time == no_time || b.time == no_time) return b.time == no_time && a.time != no_time;
  return a.time < b.time;
}

bool is_graver_or_equal(const Incident& i, Severity s) {
  return i.severity <= s;
}

class Weighing {
 public:
  Weighing(const Diagnosing& diagnosing, const std::vector<const Incident*>& incidents)
      : d(diagnosing), w(diagnosing.world) {
    for (const Incident* i : incidents) {
      if (!weighs(d, *i)) continue;
      heavy.push_back(i);
      if (i->kind != ScopeKind::domain || !is_graver_or_equal(*i, Severity::high)) continue;
      const auto [first, added] = failing_domains_.try_emplace(i->entity, since_of(*i));
      if (!added && earlier(since_of(*i), first->second)) first->second = since_of(*i);
    }
  }

  // A critical finding of the server leaves the channel to another server that is alive.
  [[nodiscard]] bool leaves_another_server(const Incident& i) const {
    if (i.kind != ScopeKind::server || w.servers.size() < 2) return false;
    for (std::size_t s = 0; s < w.servers.size(); ++s) {
      if (static_cast<int>(s) != i.entity && w.alive_in_last_hours(w.servers[s].strict)) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<const Incident*> deciding_critical() const {
    std::vector<const Incident*> deciding;
    for (const Incident* i : heavy) {
      const bool wide = i->kind == ScopeKind::server || i->kind == ScopeKind::tenant;
      if (wide && i->severity == Severity::critical && !leaves_another_server(*i)) deciding.push_back(i);
    }
    return deciding;
  }

  // Whether every connector has an ongoing finding of high or critical severity; and since when the last of them has.
  [[nodiscard]] bool every_connector(Since& since) const {
    bool any = false;
    for (std::size_t c = 0; c < w.connectors.size(); ++c) {
      if (w.names_stay_apart && !w.connectors[c].recorded) continue;
      any = true;
      const Incident* first = nullptr;
      for (const Incident* i : heavy) {
        if (!counts_for_connector(*i, static_cast<int>(c))) continue;
        if (first == nullptr || earlier(since_of(*i), since_of(*first))) first = i;
      }
      Since own;
      if (first != nullptr) {
        own = since_of(*first);
      } else if (!every_domain_of(w.connectors[c].domains, own)) {
        return false;
      }
      if (since.time == no_time || earlier(since, own)) since = own;
    }
    if (any) return true;
    // nobody is in evidence: a finding of everybody's scope leaves nothing that is known to work
    for (const Incident* i : heavy) {
      if (i->kind != ScopeKind::domain && i->kind != ScopeKind::user && is_graver_or_equal(*i, Severity::high) &&
          !leaves_another_server(*i)) {
        since = since_of(*i);
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool every_domain(Since& since) const {
    if (w.domains.empty()) {
      for (const Incident* i : heavy) {
        if (i->kind != ScopeKind::domain || !is_graver_or_equal(*i, Severity::high)) continue;
        since = since_of(*i);
        return true;
      }
      return false;
    }
    return std::all_of(w.domains.begin(), w.domains.end(),
                       [&](const Domain& domain) { return domain_fails(domain.name, since); });
  }

  const Diagnosing& d;
  const World& w;
  std::vector<const Incident*> heavy;

 private:
  // Whether the domain has an ongoing finding of high or critical severity; `since` becomes the later beginning.
  [[nodiscard]] bool domain_fails(const std::string& name, Since& since) const {
    const auto first = failing_domains_.find(w.domain_named(name));
    if (first == failing_domains_.end()) return false;
    if (since.time == no_time || earlier(since, first->second)) since = first->second;
    return true;
  }

  // A connector of whose domains each one fails has nothing left that works; its silence is explained by them.
  [[nodiscard]] bool every_domain_of(const std::set<std::string>& domains, Since& since) const {
    return !domains.empty() && std::all_of(domains.begin(), domains.end(),
                                           [&](const std::string& name) { return domain_fails(name, since); });
  }

  [[nodiscard]] bool counts_for_connector(const Incident& i, int connector) const {
    if (!is_graver_or_equal(i, Severity::high) || i.kind == ScopeKind::domain || i.kind == ScopeKind::user)
      return false;
    if (i.kind == ScopeKind::connector) return i.entity == connector || i.entity == all_connectors;
    if (leaves_another_server(i)) return false;
    return !w.alive_in_last_hours(w.connectors[static_cast<std::size_t>(connector)].life);
  }

  std::map<int, Since> failing_domains_;  // since when, of high or critical severity
};

bool has_source(const World& w, SourceKind kind) {
  return std::any_of(w.facts->sources.begin(), w.facts->sources.end(),
                     [&](const SourceFacts& s) { return s.report.kind == kind; });
}

bool has_topic(const World& w, std::string_view topic) {
  return std::any_of(w.facts->settings.begin(), w.facts->settings.end(),
                     [&](const SettingFact& s) { return w.text(s.topic) == topic; });
}

// Why nothing healthy can be said; empty when it can.
std::string what_speaks_against_health(const World& w) {
  if (!w.password_sync_records && w.connectors.empty()) {
    std::string text = "no record of password hash synchronization is in what was given";
    if (has_source(w, SourceKind::cloud_sync)) {
      text +=
          ". The jobs listed are those of Microsoft Entra Cloud Sync, another product, whose interval says nothing "
          "about this one";
    }
    if (has_topic(w, "scheduler")) {
      text +=
          ". The scheduler shown runs the synchronization of objects; it is not the one of password hash "
          "synchronization, which has its own cycle of two minutes";
    }
    return text +
           ". Ask for the Application log of the synchronization server (wevtutil epl Application Application.evtx) "
           "and for the output of the status script";
  }
  if (w.connectors.empty()) {
    return "no connector is in evidence. Ask for the whole Application log of the synchronization server";
  }
  if (w.covered.empty()) {
    return "no log covers a stretch of time in which a missing heartbeat would mean anything. Ask for the whole "
           "Application log of the synchronization server, not an export of chosen events";
  }
  for (const Connector& c : w.connectors) {
    if (w.alive_in_last_hours(c.life)) continue;
    const std::string name = c.shown().empty() ? "the connector" : "connector " + c.shown();
    std::string text =
        name + " shows no heartbeat (654), batch end (651) or successful result (657) in the last three covered hours";
    if (w.names_stay_apart && !c.recorded) {
      text = "nothing links " + name +
             " of the settings to the connector GUIDs in the log. Ask for Get-ADSyncConnector, "
             "which states both";
    } else {
      text += ". Ask for a log that goes on for at least three hours";
    }
    return text;
  }
  const Ticks recent = w.covered.before_end(three_hours);
  if (w.damage_without_end || std::any_of(w.unreadable.spans().begin(), w.unreadable.spans().end(),
                                          [&](const Span& s) { return s.to >= recent; })) {
    return "a part of the log that may belong to the last three hours could not be read. Ask for a new export of it";
  }
  for (const UnclassifiedFact* u : w.unclassified) {
    const bool error = u->level == 1 || u->level == 2;
    if (error && (u->time == no_time || u->time >= recent)) {
      return "an error of " + w.text(u->provider) + " (event " + std::to_string(u->event_id) +
             ") in the last three hours has a text that no rule knows; it is listed under unclassified";
    }
  }
  return {};
}

std::string since_sentence(const Verdict& verdict, const Since& since, const World& w) {
  if (verdict.since != no_time) return ", since " + to_minute(verdict.since);
  if (since.time != no_time && w.first_record != no_time) return ", at least since " + to_minute(w.first_record);
  return "";
}

std::string first_sentence(const Finding& f) {
  const std::size_t end = f.summary.find(". ");
  std::string text = f.summary.substr(0, end);
  while (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

bool weighs(const Diagnosing& d, const Incident& i) {
  return d.cause_of(i).password_sync && i.status == FindingStatus::ongoing && i.severity <= Severity::medium &&
         d.cause_of(i).id != "version-retired";
}

Verdict reach_verdict(const Diagnosing& d, const std::vector<Finding>& findings,
                      const std::vector<const Incident*>& incidents) {
  const World& w = d.world;
  const Weighing weighing(d, incidents);
  Verdict verdict;
  Since since;
  const Finding* leading = nullptr;
  for (std::size_t i = 0; i < findings.size() && leading == nullptr; ++i) {
    if (weighs(d, *incidents[i])) leading = &findings[i];
  }
  const std::vector<const Incident*> critical = weighing.deciding_critical();
  if (!critical.empty()) {
    verdict.status = VerdictStatus::failing;
    since = since_of(**std::min_element(critical.begin(), critical.end(), [](const Incident* a, const Incident* b) {
      return earlier(since_of(*a), since_of(*b));
    }));
  } else {
    Since connectors;
    Since domains;
    const bool by_connectors = weighing.every_connector(connectors);
    const bool by_domains = weighing.every_domain(domains);
    if (by_connectors || by_domains) {
      verdict.status = VerdictStatus::failing;
      since = by_connectors && (!by_domains || earlier(connectors, domains)) ? connectors : domains;
    } else if (!weighing.heavy.empty()) {
      verdict.status = VerdictStatus::degraded;
      since = since_of(*weighing.heavy.front());
    }
  }
  if (since.known) verdict.since = since.time;

  const std::string against = verdict.status == VerdictStatus::unknown ? what_speaks_against_health(w) : "";
  if (verdict.status == VerdictStatus::unknown && against.empty()) verdict.status = VerdictStatus::healthy;
  switch (verdict.status) {
    case VerdictStatus::failing:
    case VerdictStatus::degraded: {
      verdict.summary = verdict.status == VerdictStatus::failing ? "Password hash synchronization fails"
                                                                 : "Password hash synchronization works in part";
      verdict.summary += since_sentence(verdict, since, w);
      if (leading != nullptr) verdict.summary += ": " + first_sentence(*leading);
      if (leading != nullptr && leading->cause == "staging-mode") {
        verdict.summary += " (for this server, as configured; another server may be the active one)";
      }
      verdict.summary += ".";
      break;
    }
    case VerdictStatus::healthy: {
      verdict.summary =
          "Password hash synchronization works: every connector in evidence showed life in the last three hours of the "
          "log, until " +
          to_minute(w.end) + ".";
      break;
    }
    case VerdictStatus::unknown:
      verdict.summary = "Not known: " + against + ".";
      break;
  }
  return verdict;
}

}  // namespace synclens::correlate
