#include "correlate/parts.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "correlate/batches.hpp"
#include "correlate/event_texts.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_unclassified = 1'000;

std::string clock(Ticks time) {
  const std::string text = to_iso(time);
  return text.size() < 19 ? "an unknown time" : text.substr(11, 8);
}

// The batch that a request went out in: ", in the batch of 14:21:36 (650), which ended at 14:21:37 (651)".
std::string batch_of(const UserEvent& e, const Batches& batches) {
  const Batch* batch = batches.of(e);
  if (batch == nullptr) return {};
  std::string text = ", in the batch of " + clock(batch->begin) + " (650), ";
  if (batch->end == no_time) return text + "whose end is not in the log";
  return text + (batch->end_id == 651 ? "which ended at " : "which failed at ") + clock(batch->end) + " (" +
         std::to_string(batch->end_id) + ")";
}

std::string line_of(const UserEvent& e, const World& w, const Batches& batches) {
  std::string text = to_iso(e.time);
  if (text.empty()) text = "(no time)";
  if (e.row != nullptr) return text + " status " + w.text(e.row->status);
  text += " event " + std::to_string(e.event_id) + " ";
  switch (e.line.kind) {
    case UserLine::Kind::request:
      return text + "password change request" + batch_of(e, batches);
    case UserLine::Kind::success:
      return text + "result Success" + (e.line.change_on_logon == true ? ", must change at next logon" : "");
    case UserLine::Kind::failed:
      return text + "result Failed" + (e.line.extended != nobody ? ": " + w.text(e.line.extended) : "");
    case UserLine::Kind::retry:
      return text + "scheduled for retry";
    case UserLine::Kind::no_retry:
      return text + "failed, will not be retried";
    case UserLine::Kind::single_failed:
      return text + "single object sync failed";
  }
  return text;
}

// What can hold a user back, looked up by user: findings in their order.
class Holding {
 public:
  Holding(const Diagnosing& d, const std::vector<const Incident*>& incidents) : incidents_(incidents) {
    for (std::size_t i = 0; i < incidents.size(); ++i) {
      const Incident& incident = *incidents[i];
      if (incident.status != FindingStatus::ongoing || !d.cause_of(incident).password_sync) continue;
      if (incident.severity == Severity::info) continue;
      if (incident.kind == ScopeKind::user) own_.try_emplace(incident.entity, i);
      if (incident.kind == ScopeKind::domain && incident.entity >= 0) of_domain_[incident.entity].push_back(i);
      if (incident.kind == ScopeKind::tenant || incident.kind == ScopeKind::server) of_all_.push_back(i);
    }
  }

  // The finding: an own cause, else one of the domain, else one of everybody's scope.
  [[nodiscard]] std::optional<std::size_t> finding(int index, const User& user, const std::string& status) const {
    if (const auto own = own_.find(index); own != own_.end()) return own->second;
    if (const auto domain = of_domain_.find(user.domain); domain != of_domain_.end()) {
      if (const auto found = first_that_holds(domain->second, user, status)) return found;
    }
    return first_that_holds(of_all_, user, status);
  }

 private:
  [[nodiscard]] std::optional<std::size_t> first_that_holds(const std::vector<std::size_t>& findings, const User& user,
                                                            const std::string& status) const {
    const Ticks success = user.successes.empty() ? no_time : user.successes.back();
    for (const std::size_t i : findings) {
      const Incident& incident = *incidents_[i];
      if (status == "Success") {
        // a success after it began shows that it does not hold this user
        if (success != no_time && incident.episode != no_time && success > incident.episode) continue;
        if (incident.severity > Severity::high) continue;
      }
      return i;
    }
    return std::nullopt;
  }

  const std::vector<const Incident*>& incidents_;
  std::unordered_map<int, std::size_t> own_;
  std::unordered_map<int, std::vector<std::size_t>> of_domain_;
  std::vector<std::size_t> of_all_;
};

}  // namespace

std::vector<UserState> list_users(const Diagnosing& d, const std::vector<Finding>& findings,
                                  const std::vector<const Incident*>& incidents) {
  const World& w = d.world;
  const Holding holding(d, incidents);
  const std::size_t lines = d.users.history();
  const auto is_shown = [&](const User& user, const UserEvent& e) {
    return static_cast<std::size_t>(&user.events.back() - &e) < lines;
  };
  Times asked;
  for (const User& user : d.users.all) {
    for (const UserEvent& e : user.events) {
      if (e.row == nullptr && e.line.kind == UserLine::Kind::request && is_shown(user, e)) asked.push_back(e.time);
    }
  }
  std::sort(asked.begin(), asked.end());
  const Batches batches(w, asked);
  std::vector<UserState> states;
  for (std::size_t u = 0; u < d.users.all.size(); ++u) {
    const User& user = d.users.all[u];
    if (user.events.empty()) continue;  // only an object's text names it
    UserState state;
    if (user.dn != nobody) state.dn = w.text(user.dn);
    if (user.anchor != nobody) state.anchor = w.text(user.anchor);
    state.status = status_of(user, w);
    state.last_request = user.last_request;
    state.last_result = user.last_result;
    for (const UserEvent& e : user.events) {
      if (is_shown(user, e)) state.history.push_back(line_of(e, w, batches));
    }
    if (const auto held = holding.finding(static_cast<int>(u), user, state.status)) state.cause = findings[*held].cause;
    states.push_back(std::move(state));
  }
  using Key = std::tuple<std::string, std::string_view, std::size_t>;
  std::vector<Key> order;
  order.reserve(states.size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string_view anchor = states[i].anchor ? std::string_view(*states[i].anchor) : std::string_view();
    order.emplace_back(lower(states[i].dn.value_or("")), anchor, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<UserState> sorted;
  sorted.reserve(states.size());
  for (const Key& key : order) sorted.push_back(std::move(states[std::get<std::size_t>(key)]));
  return sorted;
}

std::vector<LogCoverage> list_logs(const World& w) {
  std::vector<LogCoverage> logs;
  for (std::size_t i = 0; i < w.facts->sources.size(); ++i) {
    const SourceFacts& s = w.facts->sources[i];
    if (!s.is_log) continue;
    LogCoverage log;
    log.path = s.report.path;
    log.channel = s.several_channels ? "several" : w.text(s.channel);
    log.computer = w.text(s.computer);
    log.records = s.report.records;
    log.password_sync_records = s.password_sync_records;
    log.first_time = s.report.first_time;
    log.last_time = s.report.last_time;
    if (s.with_id > 0) {
      const std::uint64_t span = s.last_id - s.first_id + 1;
      log.missing_records = span > s.with_id ? span - s.with_id : 0;
      if (log.missing_records > 0) {
        log.remarks.push_back(
            std::to_string(log.missing_records) +
            " record ids between the first and the last are missing: filtered, cleared or unreadable");
      }
      if (s.first_id > 1)
        log.remarks.push_back("begins at record " + std::to_string(s.first_id) +
                              ": older records were overwritten or cleared");
    }
    log.remarks.insert(log.remarks.end(), s.remarks.begin(), s.remarks.end());
    for (const Damage& damage : w.facts->damages) {
      if (damage.source != i) continue;
      log.remarks.emplace_back("a part could not be read");
      break;
    }
    for (const Fact* f : w.events) {
      if (f->source != i || f->password_sync_provider) continue;
      if (f->event_id == 1102 || f->event_id == 104)
        log.remarks.push_back("a log was cleared at " + to_iso(f->time) + ": " + w.text(f->excerpt));
      if (f->event_id == 1 && w.text(f->provider) == "Microsoft-Windows-Kernel-General") {
        log.remarks.push_back("the clock was set at " + to_iso(f->time));
      }
      if (log.remarks.size() > 20) break;
    }
    logs.push_back(std::move(log));
  }
  std::stable_sort(logs.begin(), logs.end(),
                   [](const LogCoverage& a, const LogCoverage& b) { return a.path < b.path; });
  return logs;
}

std::vector<Gap> list_gaps(const World& w) {
  std::vector<Gap> gaps;
  const std::vector<Span>& spans = w.logs.spans();
  for (std::size_t i = 1; i < spans.size(); ++i)
    gaps.push_back({"", "no log covers this time", spans[i - 1].to, spans[i].from});
  for (const Span& s : w.unreadable.spans())
    gaps.push_back({"", "a part of the log that could not be read", s.from, s.to});
  const Intervals off = w.logs.minus(w.covered).minus(w.unreadable);
  for (const Span& s : off.spans()) {
    if (s.to > s.from)
      gaps.push_back({"", "the host or the service was off, or the export holds chosen events only", s.from, s.to});
  }
  std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.from < b.from; });
  return gaps;
}

std::vector<Unclassified> list_unclassified(const World& w) {
  std::map<std::tuple<std::string, std::uint32_t, std::string>, Unclassified> groups;
  for (const UnclassifiedFact* u : w.unclassified) {
    const std::string& provider = w.text(u->provider);
    const bool is_event = provider != diagnosis_lines && provider != status_rows;
    const std::tuple key{provider, u->event_id, is_event ? std::string() : w.text(u->example)};
    auto found = groups.find(key);
    if (found == groups.end()) {
      if (groups.size() >= most_unclassified) continue;
      found = groups.emplace(key, Unclassified{provider, w.text(u->example), u->event_id, 0}).first;
    }
    Unclassified& group = found->second;
    ++group.count;
    if (w.text(u->example) < group.example) group.example = w.text(u->example);
  }
  std::vector<Unclassified> all;
  for (auto& [key, group] : groups) all.push_back(std::move(group));
  return all;
}

}  // namespace synclens::correlate
