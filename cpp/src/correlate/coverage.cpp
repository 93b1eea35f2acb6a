// What the logs cover: only over covered time can the absence of a record mean anything.
#include <algorithm>
#include <set>

#include "correlate/meaning.hpp"
#include "correlate/world.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {

namespace {

// A log that other programs or the rhythm of a channel fill covers its time; an export of errors only, of results only,
// or of other chosen ids says nothing about what it leaves out.
bool shows_absence(const SourceFacts& s, bool rhythm_beside) {
  if (s.rhythm_records > 0) return true;
  const bool chosen_ids = s.with_id >= 2 && s.last_id - s.first_id + 1 > 2 * s.with_id;
  if (chosen_ids) return false;
  if (rhythm_beside) return true;
  // nobody's records but faults: an export of levels, which has left out what is well
  const bool faults_only = s.fault_records == s.report.records;
  const bool others = s.report.records > s.password_sync_records && !faults_only;
  const bool contiguous = s.with_id == s.report.records && s.with_id >= 2;
  return others || contiguous;
}

// Whether another log of the same computer has the rhythm: then this one may be a part of it in which all failed.
class Rhythm {
 public:
  explicit Rhythm(const Facts& facts) {
    for (const SourceFacts& s : facts.sources) {
      if (s.rhythm_records > 0) computers_.insert(s.computer);
    }
  }
  [[nodiscard]] bool beside(const SourceFacts& s) const {
    return computers_.contains(s.computer) || computers_.contains(nobody) ||
           (s.computer == nobody && !computers_.empty());
  }

 private:
  std::set<Id> computers_;
};

bool can_hold_password_sync(const SourceFacts& s, const Facts& facts) {
  if (!s.is_log) return false;
  if (s.password_sync_records > 0 || s.several_channels || s.channel == nobody) return true;
  return equal_ignoring_case(facts.names[s.channel], "Application");
}

// First to last record of a log, as far as it was asked for.
Span span_of(const SourceFacts& s, const Facts& facts) {
  Span span{s.report.first_time, s.report.last_time};
  if (span.from == no_time) return span;
  if (facts.since != no_time) span.from = std::max(span.from, facts.since);
  if (facts.until != no_time) span.to = std::min(span.to, facts.until);
  return span.from <= span.to ? span : Span{};
}

// Host and service off, as far as the records say.
std::vector<Span> off_times(const World& w) {
  std::vector<Span> off;
  Ticks host_off = no_time;
  for (const Fact* f : w.events) {
    if (f->time == no_time) break;
    if (!f->password_sync_provider) {
      const bool goes_down = f->event_id == 6006 || f->event_id == 42 || f->event_id == 13;
      const bool resumed =
          f->event_id == 1 && equal_ignoring_case(w.text(f->provider), "Microsoft-Windows-Power-Troubleshooter");
      const bool comes_up = f->event_id == 6005 || f->event_id == 107 || f->event_id == 12 || resumed;
      const bool crashed = f->event_id == 6008 || f->event_id == 41;
      if (goes_down && host_off == no_time) host_off = f->time;
      if (!comes_up && !crashed) continue;
      // a start without a shutdown before it: the host was off since the last record that its log has before it
      const Ticks since = host_off != no_time ? host_off : f->previous;
      if (since != no_time) off.push_back({since, f->time});
      host_off = no_time;
    }
  }
  // with several servers, one that is stopped does not stop the channel of another
  if (w.servers.size() != 1) return off;
  const Server& server = w.servers.front();
  for (const Fact* f : w.events) {
    if (f->time == no_time) break;
    const bool stop =
        (f->password_sync_provider && (f->event_id == 602 || f->event_id == 609 || f->event_id == 2002)) ||
        (f->event_id == 7036 && f->stops);
    if (!stop) continue;
    const Ticks started = first_after(server.starts, f->time);
    const Ticks alive = first_after(server.life, f->time);
    const Ticks again = started == no_time || (alive != no_time && alive < started) ? alive : started;
    off.push_back({f->time, again == no_time ? std::max(w.end, f->time) : again});
  }
  return off;
}

}  // namespace

void find_coverage(World& w, const Facts& facts) {
  std::vector<Span> logs;
  std::vector<Span> meaningful;
  const Rhythm rhythm(facts);
  const bool any = std::any_of(facts.sources.begin(), facts.sources.end(),
                               [&](const SourceFacts& s) { return can_hold_password_sync(s, facts); });
  for (const SourceFacts& s : facts.sources) {
    const Span span = span_of(s, facts);
    if (!s.is_log || span.from == no_time) continue;
    if (any && !can_hold_password_sync(s, facts)) continue;
    logs.push_back(span);
    if (can_hold_password_sync(s, facts) && shows_absence(s, rhythm.beside(s))) meaningful.push_back(span);
  }
  w.logs = Intervals(logs);
  w.first_record = w.logs.begin();
  w.end = w.logs.end();
  std::vector<Span> unreadable;
  for (const Damage& d : facts.damages) {
    const SourceFacts& s = facts.sources[d.source];
    const bool log_kind = s.report.kind == SourceKind::evtx || s.report.kind == SourceKind::event_xml ||
                          s.report.kind == SourceKind::event_table || s.report.kind == SourceKind::event_text ||
                          s.report.kind == SourceKind::clixml;
    if (!log_kind && !s.is_log && !s.may_be_log)
      continue;  // one that failed while it was read never came to have a kind
    // a log that carries no PHS provider says nothing of PHS, whole or not
    if (s.is_log && s.password_sync_records == 0 && w.password_sync_records) continue;
    if (d.before == no_time || d.after == no_time) {
      w.damage_without_end = true;
    } else {
      unreadable.push_back({std::min(d.before, d.after), std::max(d.before, d.after)});
    }
  }
  w.unreadable = Intervals(std::move(unreadable));
  const Intervals off(off_times(w));
  w.recorded = w.logs.minus(w.unreadable).minus(off);
  w.covered = Intervals(std::move(meaningful)).minus(w.unreadable).minus(off);
}

}  // namespace synclens::correlate
