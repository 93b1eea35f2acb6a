#include "correlate/findings.hpp"

#include <algorithm>
#include <set>

#include "correlate/event_texts.hpp"
#include "correlate/fixes.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_evidence = 6;

Scope scope_of(const Diagnosing& d, const Incident& incident) {
  const World& w = d.world;
  Scope scope{incident.kind, std::nullopt};
  std::string name;
  const auto at = [&](const auto& all) -> const auto& {
    return all[static_cast<std::size_t>(incident.entity)];
  };
  if (incident.kind == ScopeKind::tenant) {
    name = w.tenant;
  } else if (incident.entity >= 0) {
    switch (incident.kind) {
      case ScopeKind::server:
        name = at(w.servers).name;
        break;
      case ScopeKind::connector:
        name = at(w.connectors).shown();
        break;
      case ScopeKind::domain:
      case ScopeKind::forest:
        name = at(w.domains).name;
        break;
      case ScopeKind::user:
        name = w.text(at(d.users.all).dn != nobody ? at(d.users.all).dn : at(d.users.all).anchor);
        break;
      case ScopeKind::tenant:
        break;
    }
  }
  if (!name.empty()) scope.name = name;
  return scope;
}

Evidence evidence_of_row(const World& w, const RowFact& row) {
  Evidence e;
  e.source = w.facts->sources[row.source].report.path;
  if (row.line != Address::none) e.line = row.line;
  e.time = row.time;
  e.excerpt = w.text(row.status);
  if (row.dn != nobody) e.excerpt += " - " + w.text(row.dn);
  if (row.details != nobody) e.excerpt += " (" + w.text(row.details) + ")";
  return e;
}

Evidence evidence_of_setting(const World& w, const SettingFact& setting) {
  Evidence e;
  e.source = w.facts->sources[setting.source].report.path;
  if (setting.line != Address::none) e.line = setting.line;
  e.time = setting.time;
  e.excerpt = w.text(setting.name) + " : " + w.text(setting.value);
  if (setting.subject != nobody) e.excerpt = w.text(setting.subject) + ": " + e.excerpt;
  return e;
}

Evidence evidence_of(const World& w, const Sighting& s) {
  if (s.fact != nullptr) return correlate::evidence_of(w, *s.fact);
  return s.row != nullptr ? evidence_of_row(w, *s.row) : evidence_of_setting(w, *s.setting);
}

// How many of the sightings are among the first records of the incident, whose texts are compared. What repeats another
// is counted and left out.
std::size_t looked_at_of(const Incident& incident, const std::vector<const Sighting*>& all) {
  constexpr std::size_t most = 10'000;
  if (record_count(incident) <= most) return all.size();
  std::size_t records = 0;
  std::size_t looked_at = 0;
  each_in_order(incident, [&](Ticks, const Sighting& s) {
    looked_at += s.repeats == nullptr ? std::size_t{1} : std::size_t{0};
    return ++records < most;
  });
  return std::min(all.size(), looked_at + (most - records));  // those without a time stand behind the others
}

// The first two, the last two, and between them what says something else; settings always.
std::vector<Evidence> choose_evidence(const World& w, const Incident& incident) {
  std::vector<const Sighting*> all;
  for (const Sighting& s : incident.sightings) {
    if (s.repeats == nullptr) all.push_back(&s);
  }
  std::set<std::size_t> chosen;
  const auto take = [&](std::size_t i) {
    if (chosen.size() < most_evidence) chosen.insert(i);
  };
  if (!all.empty()) {
    take(0);
    take(all.size() - 1);
  }
  std::set<Id> texts;
  std::set<std::uint32_t> ids;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->setting != nullptr) take(i);
    if (all[i]->fact != nullptr && ids.insert(all[i]->fact->event_id).second) take(i);
  }
  const std::size_t looked_at = looked_at_of(incident, all);
  for (std::size_t i = 0; i < looked_at; ++i) {
    if (all[i]->fact != nullptr && texts.insert(all[i]->fact->excerpt).second) take(i);
  }
  if (all.size() > 1) take(1);
  if (all.size() > 2) take(all.size() - 2);
  std::vector<Evidence> evidence;
  for (const std::size_t i : chosen) evidence.push_back(evidence_of(w, *all[i]));
  for (const Fact* f : incident.support) {
    if (evidence.size() >= most_evidence + 2) break;
    if (f != nullptr) evidence.push_back(correlate::evidence_of(w, *f));
  }
  if (incident.change != nullptr) evidence.push_back(correlate::evidence_of(w, *incident.change));
  return evidence;
}

const Rule* rule_of(const Diagnosing& d, const Incident& incident) {
  std::map<std::int32_t, std::size_t> votes;
  for (const Sighting& s : incident.sightings) {
    const std::int32_t rule = s.fact != nullptr ? s.fact->rule : s.row != nullptr ? s.row->rule : s.setting->rule;
    if (rule >= 0) votes[rule] += s.repeats == nullptr ? 1 : s.repeats->size();
  }
  const Rule* best = nullptr;
  std::size_t most = 0;
  for (const auto& [index, count] : votes) {
    const Rule& rule = d.world.catalogue->rules()[static_cast<std::size_t>(index)];
    const bool own = rule.cause == d.cause_of(incident).id;
    if (!own && best != nullptr) continue;
    if (count > most) {
      best = &rule;
      most = count;
    }
  }
  return best;
}

std::string state_sentence(const Incident& i, std::uint64_t count) {
  std::string text;
  if (i.silence) {
    text = i.status == FindingStatus::ongoing ? "No sign of life since " : "No sign of life from ";
    text += i.episode_known ? to_minute(i.episode) : "at least " + to_minute(i.episode);
    if (i.status == FindingStatus::recovered) text += " to " + to_minute(i.recovered_at);
    return text + ".";
  }
  if (i.first_seen == no_time) return count > 1 ? std::to_string(count) + " records without a time." : "";
  text = count == 1
             ? "Seen once, " + to_minute(i.first_seen)
             : std::to_string(count) + " times from " + to_minute(i.first_seen) + " to " + to_minute(i.last_seen);
  switch (i.status) {
    case FindingStatus::ongoing:
      return text + "; nothing since shows that it is over.";
    case FindingStatus::recovered:
      return text + "; over since " + to_minute(i.recovered_at) + ".";
    case FindingStatus::past:
      return text + "; it stopped, and nothing shows whether it works again.";
  }
  return text;
}

std::string what_sentence(const Diagnosing& d, const Incident& incident, const Rule* rule, const Scope& scope,
                          const Placeholders& known) {
  // what a ping or a batch says of itself is not what its missing answer means
  if (rule != nullptr && rule->cause == d.cause_of(incident).id && !rule->summary.empty()) {
    const std::string filled = fill_sentence(rule->summary, known, "(not known)");
    if (filled.find("(not known)") == std::string::npos) return filled;
  }
  std::string text = d.cause_of(incident).title;
  if (scope.name) text += " (" + std::string(to_string(scope.kind)) + " " + *scope.name + ")";
  return text;
}

void add_fields(const Diagnosing& d, const Incident& incident, Finding& f) {
  f.fields = incident.fields;
  std::set<std::uint32_t> ids;
  for (const Sighting& s : incident.sightings) {
    if (s.fact != nullptr) ids.insert(s.fact->event_id);
  }
  for (const std::uint32_t id : ids) f.fields["event_ids"].push_back(std::to_string(id));
  if (incident.kind == ScopeKind::connector && incident.entity >= 0) {
    const Connector& c = d.world.connectors[static_cast<std::size_t>(incident.entity)];
    if (!c.guid.empty()) f.fields["connector_id"] = {c.guid};
    if (!c.domains.empty()) f.fields["partition"] = {c.domains.begin(), c.domains.end()};
  }
  if (incident.change != nullptr) {
    const Fact& change = *incident.change;
    f.fields["changed_before"] = {std::to_string(change.event_id) + " at " + to_iso(change.time) + ": " +
                                  std::string(admin_change(change.event_id))};
  }
}

Finding make_finding(const Diagnosing& d, const Incident& incident, const std::string& build,
                     const std::string& identity) {
  const Cause& cause = d.cause_of(incident);
  const Rule* rule = rule_of(d, incident);
  Finding f;
  f.cause = cause.id;
  f.rule = rule != nullptr ? rule->id : "";
  f.severity = incident.severity;
  f.status = incident.status;
  f.confidence = rule != nullptr && rule->cause == cause.id ? rule->confidence : cause.confidence;
  f.scope = scope_of(d, incident);
  f.password_sync = cause.password_sync;
  f.title = cause.title;
  f.why = cause.why;
  f.first_seen = incident.first_seen;
  f.last_seen = incident.last_seen;
  f.recovered_at = incident.recovered_at;
  f.count = incident.silence ? 0 : record_count(incident) + incident.support.size();
  f.id = cause.id + "/" + std::string(to_string(f.scope.kind)) + (f.scope.name ? "/" + *f.scope.name : "");
  add_fields(d, incident, f);
  const Placeholders known = placeholders(d, incident, build);
  f.summary = what_sentence(d, incident, rule, f.scope, known);
  if (!f.summary.empty() && f.summary.back() != '.') f.summary += ".";
  const std::string state = state_sentence(incident, f.count);
  if (!state.empty()) f.summary += " " + state;
  if (incident.change != nullptr) {
    f.summary += " Before it began, at " + to_minute(incident.change->time) + ", " +
                 std::string(admin_change(incident.change->event_id)) + " (event " +
                 std::to_string(incident.change->event_id) + ").";
  }
  for (const std::string& remark : incident.remarks) f.summary += " Note: " + remark + ".";
  f.fix = fill_steps(cause, known, build, identity);
  f.references = cause.references;
  if (rule != nullptr) {
    for (const Reference& r : rule->references) {
      const bool known_already = std::any_of(f.references.begin(), f.references.end(),
                                             [&](const Reference& k) { return k.url == r.url && k.title == r.title; });
      if (!known_already) f.references.push_back(r);
    }
  }
  f.evidence = choose_evidence(d.world, incident);
  return f;
}

// A stop and start of the service that only the service controller mentions is an ordinary restart.
bool is_mere_restart(const Diagnosing& d, const Incident& i) {
  return d.cause_of(i).id == "service-stopped" && i.status == FindingStatus::recovered &&
         std::all_of(i.sightings.begin(), i.sightings.end(),
                     [](const Sighting& s) { return s.fact != nullptr && s.fact->event_id == 7036; });
}

}  // namespace

Evidence evidence_of(const World& w, const Fact& f) {
  Evidence e;
  e.source = w.facts->sources[f.source].report.path;
  if (f.record_id != 0) e.record_id = f.record_id;
  if (f.offset != Address::none) e.offset = f.offset;
  if (f.line != Address::none) e.line = f.line;
  e.time = f.time;
  e.excerpt = "event " + std::to_string(f.event_id) + ", " + w.text(f.provider);
  if (f.excerpt != nobody) e.excerpt += ": " + w.text(f.excerpt);
  return e;
}

std::vector<Finding> make_findings(const Diagnosing& d, std::vector<const Incident*>& incidents,
                                   const std::string& build, const std::string& identity) {
  struct Entry {
    Finding finding;
    const Incident* incident;
    int order;
  };
  std::vector<Entry> entries;
  for (const auto& [key, incident] : d.incidents) {
    if (is_mere_restart(d, incident)) continue;
    entries.push_back({make_finding(d, incident, build, identity), &incident, d.cause_of(incident).order});
  }
  const auto rank = [](FindingStatus s) { return s == FindingStatus::ongoing ? 0 : s == FindingStatus::past ? 1 : 2; };
  std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    const Finding& x = a.finding;
    const Finding& y = b.finding;
    if (x.password_sync != y.password_sync) return x.password_sync;
    if (rank(x.status) != rank(y.status)) return rank(x.status) < rank(y.status);
    if (x.severity != y.severity) return x.severity < y.severity;
    if (a.order != b.order) return a.order < b.order;
    if ((x.first_seen == no_time) != (y.first_seen == no_time)) return y.first_seen == no_time;
    if (x.first_seen != y.first_seen) return x.first_seen < y.first_seen;
    return x.id < y.id;
  });
  std::vector<Finding> findings;
  for (Entry& e : entries) {
    findings.push_back(std::move(e.finding));
    incidents.push_back(e.incident);
  }
  return findings;
}

}  // namespace synclens::correlate
