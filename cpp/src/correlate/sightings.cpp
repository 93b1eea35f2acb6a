// From events, rows and settings to incidents.
#include <algorithm>
#include <array>

#include "correlate/event_texts.hpp"
#include "correlate/incidents.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks ping_window = 30 * ticks_per_minute;
constexpr std::string_view unnamed_controller = "<not available>";  // as a 611 writes it

void add_field(Incident& incident, const std::string& name, const std::string& value) {
  constexpr std::size_t most_values = 50;
  if (value.empty()) return;
  std::vector<std::string>& values = incident.fields[name];
  if (values.size() < most_values && std::find(values.begin(), values.end(), value) == values.end())
    values.push_back(value);
}

std::string field_of(const Fact& fact, const Facts& facts, std::string_view wanted) {
  for (std::uint32_t i = 0; i < fact.fields_count; ++i) {
    const Field& field = facts.fields[fact.fields_begin + i];
    if (facts.names[field.name] == wanted && facts.names[field.value] != unnamed_controller)
      return facts.names[field.value];
  }
  return {};
}

// A sighting weighs as its rule says, else as its cause does; the gravest one counts.
void weigh(Diagnosing& d, Incident& incident, std::int32_t rule) {
  Severity severity = d.cause_of(incident).severity;
  if (rule >= 0) severity = d.world.catalogue->rules()[static_cast<std::size_t>(rule)].severity.value_or(severity);
  incident.severity = incident.sightings.size() <= 1 ? severity : std::min(incident.severity, severity);
}

void add(Diagnosing& d, Incident& incident, const Sighting& sighting, std::int32_t rule) {
  incident.sightings.push_back(sighting);
  weigh(d, incident, rule);
  if (sighting.fact == nullptr) return;
  const Facts& facts = *d.world.facts;
  for (std::uint32_t i = 0; i < sighting.fact->fields_count; ++i) {
    const Field& field = facts.fields[sighting.fact->fields_begin + i];
    const std::string& name = facts.names[field.name];
    const std::string& value = facts.names[field.value];
    if (value != unnamed_controller) {
      add_field(incident, name, value);
    } else if (name == "dc" || name == "ip") {
      // the head of a 611 names none, but the exception inside it does
      add_field(incident, name, field_of(*sighting.fact, facts, "inner_" + name));
    }
  }
  if (sighting.domain >= 0)
    add_field(incident, "domain", d.world.domains[static_cast<std::size_t>(sighting.domain)].name);
}

int entity_of(const Diagnosing& d, ScopeKind kind, const Sighting& s) {
  (void)d;
  switch (kind) {
    case ScopeKind::tenant:
      return no_index;
    case ScopeKind::server:
      return s.server;
    case ScopeKind::domain:
      return s.domain;
    case ScopeKind::forest:
      return s.domain;
    case ScopeKind::connector:
      return s.connector;
    case ScopeKind::user:
      return no_index;
  }
  return no_index;
}

bool is_user_event(const Fact& f) {
  return f.event_id == 656 || f.event_id == 657 || f.event_id == 0 || f.event_id == 605 || f.event_id == 620 ||
         f.event_id == 664;
}

// A cause of a single user out of a line of a 657, 0, 605, 620 or 664; null where the line shows none.
const char* cause_of_line(const UserLine& line) {
  switch (line.kind) {
    case UserLine::Kind::failed:
      return line.change_on_logon == true ? "must-change-password" : "service-error";
    case UserLine::Kind::success:
      return line.change_on_logon == true ? "must-change-password" : nullptr;
    case UserLine::Kind::retry:
      return "retry-pending";
    case UserLine::Kind::no_retry:
      return "no-retry";
    case UserLine::Kind::single_failed:
      return "service-error";
    case UserLine::Kind::request:
      return nullptr;
  }
  return nullptr;
}

void add_user_line(Diagnosing& d, const Fact& f, const UserLine& line, int user) {
  const char* name = cause_of_line(line);
  const int cause = name == nullptr ? -1 : d.cause(name);
  if (cause < 0) return;
  Sighting s;
  s.time = f.time;
  s.fact = &f;
  s.lasting = true;
  s.server = d.world.server_of(f);
  const bool only_a_flag = line.kind == UserLine::Kind::success;
  s.by = only_a_flag                          ? EndedBy::flag_cleared
         : line.kind == UserLine::Kind::retry ? EndedBy::retry_done
                                              : EndedBy::user_success;
  Incident& incident = d.get(cause, ScopeKind::user, user);
  const bool first = incident.sightings.empty();
  // a second line of the same record about the same user is no second record
  if (!first && incident.sightings.back().fact == &f && incident.sightings.back().by == s.by) return;
  const Severity before = incident.severity;
  add(d, incident, s, -1);
  const Severity own = only_a_flag ? Severity::info : d.cause_of(incident).severity;
  incident.severity = first ? own : std::min(before, own);
  if (line.extended != nobody) add_field(incident, "extended_error", d.world.text(line.extended));
  if (line.anchor != nobody) add_field(incident, "anchor", d.world.text(line.anchor));
}

// 664 without a DN, 0 without a DN: the user is not named.
void add_event(Diagnosing& d, const Fact& f) {
  const World& w = d.world;
  if (f.users_count > 0 && is_user_event(f)) {
    for (std::uint32_t i = 0; i < f.users_count; ++i) {
      const UserLine& line = w.facts->users[f.users_begin + i];
      int user = no_index;
      if (line.anchor != nobody && d.users.by_anchor.contains(line.anchor)) {
        user = d.users.by_anchor.at(line.anchor);
      } else if (line.dn != nobody) {
        user = d.users.by_dn.at(lower(w.text(line.dn)));
      }
      add_user_line(d, f, line, user);
    }
    return;
  }
  if (f.cause < 0) return;
  if (f.event_id == 7036 && !f.stops) return;
  const Cause& cause = w.catalogue->causes()[static_cast<std::size_t>(f.cause)];
  Sighting s;
  s.time = f.time;
  s.fact = &f;
  s.server = w.server_of(f);
  s.connector = w.connector_of(f);
  s.domain = w.domain_of(f);
  s.by = cause.password_sync ? ended_by(f.event_id, cause.scope) : EndedBy::nothing;
  s.lasting = cause.password_sync && (lasts(f.event_id) || cause.scope == ScopeKind::user);
  if (cause.scope == ScopeKind::user) s.by = f.event_id == 605 ? EndedBy::retry_done : EndedBy::user_success;
  Incident& incident = d.get(f.cause, cause.scope, entity_of(d, cause.scope, s));
  add(d, incident, s, f.rule);
  if (const Times* repeats = w.repeats_of(f)) {
    s.time = repeats->front();
    s.repeats = repeats;
    incident.sightings.push_back(s);
  }
}

void add_row(Diagnosing& d, const RowFact& r) {
  if (r.cause < 0) return;
  const Cause& cause = d.world.catalogue->causes()[static_cast<std::size_t>(r.cause)];
  int user = no_index;
  if (r.anchor != nobody && d.users.by_anchor.contains(r.anchor)) {
    user = d.users.by_anchor.at(r.anchor);
  } else if (r.dn != nobody) {
    user = d.users.by_dn.at(lower(d.world.text(r.dn)));
  }
  Sighting s;
  s.time = r.time;
  s.row = &r;
  s.lasting = true;
  s.by = cause.scope == ScopeKind::tenant ? EndedBy::tenant_life : EndedBy::user_success;
  s.domain = user < 0 ? no_index : d.users.all[static_cast<std::size_t>(user)].domain;
  Incident& incident = d.get(r.cause, cause.scope, cause.scope == ScopeKind::user ? user : no_index);
  add(d, incident, s, r.rule);
  add_field(incident, "status", d.world.text(r.status));
}

// Batches and pings that nothing answered within thirty covered minutes, outside a silence (find_silences takes those).
void add_unanswered(Diagnosing& d) {
  const int cause = d.cause("result-missing");
  if (cause < 0) return;
  const World& w = d.world;
  for (const OpenRequest& request : w.open_requests) {
    const Fact& f = request.fact;
    const Ticks until = request.answered == no_time ? w.end : request.answered;
    if (w.covered.covered(f.time, until) <= ping_window) continue;
    Sighting s;
    s.time = f.time;
    s.fact = &f;
    s.lasting = true;
    s.by = EndedBy::connector_life;
    s.answered = request.answered;
    s.connector = w.connector_of(f);
    s.server = w.server_of(f);
    add(d, d.get(cause, ScopeKind::connector, s.connector), s, -1);
  }
  for (std::size_t u = 0; u < d.users.all.size(); ++u) {
    const User& user = d.users.all[u];
    if (!user.answer_missing || user.unanswered == nullptr) continue;
    Sighting s;
    s.time = user.unanswered->time;
    s.fact = &d.users.requests.at(static_cast<int>(u));
    s.lasting = true;
    s.by = EndedBy::user_answer;
    s.domain = user.domain;
    add(d, d.get(cause, ScopeKind::user, static_cast<int>(u)), s, -1);
  }
}

}  // namespace

std::size_t record_count(const Incident& incident) {
  std::size_t count = 0;
  for (const Sighting& s : incident.sightings) count += s.repeats == nullptr ? 1 : s.repeats->size();
  return count;
}

int Diagnosing::cause(std::string_view id) const {
  const Cause* found = world.catalogue->cause(id);
  return found == nullptr ? -1 : static_cast<int>(found - world.catalogue->causes().data());
}

const Cause& Diagnosing::cause_of(const Incident& incident) const {
  return world.catalogue->causes()[static_cast<std::size_t>(incident.cause)];
}

Incident* Diagnosing::find(std::string_view id, ScopeKind kind, int entity) {
  const auto found = incidents.find({cause(id), kind, entity});
  return found == incidents.end() ? nullptr : &found->second;
}

Incident& Diagnosing::get(int which, ScopeKind kind, int entity) {
  auto [found, added] = incidents.try_emplace({which, kind, entity});
  if (added) {
    found->second.cause = which;
    found->second.kind = kind;
    found->second.entity = entity;
    found->second.severity = cause_of(found->second).severity;
  }
  return found->second;
}

void collect_sightings(Diagnosing& d) {
  for (const Fact* f : d.world.events) add_event(d, *f);
  for (const RowFact* r : d.world.rows) add_row(d, *r);
  add_unanswered(d);
}

}  // namespace synclens::correlate
