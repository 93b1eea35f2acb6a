#include "correlate/collector.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "correlate/event_texts.hpp"
#include "correlate/host_events.hpp"
#include "correlate/meaning.hpp"
#include "correlate/wanted_events.hpp"
#include "record/ascii.hpp"
#include "record/password_change.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t excerpt_bytes = 700;
constexpr std::int32_t not_looked_up = -2;
constexpr std::size_t lists_of_fields = 256;       // that are remembered, to be kept once
constexpr std::size_t distinct_excerpts = 20'000;  // beyond that, further evidence goes without its text

bool has_user_lines(std::uint32_t id) {
  return id == 656 || id == 657;
}
// A healthy channel writes nothing else.
bool is_ordinary(std::uint32_t id) {
  return id == 650 || id == 651 || id == 653 || id == 654 || id == 656 || id == 657 || id == 663;
}
// What a channel writes whether or not anything fails and whoever changes a password: pings and batches, and that the
// manager runs.
bool is_rhythm(std::uint32_t id) {
  return id == 650 || id == 651 || id == 653 || id == 654 || id == 663;
}
bool has_dns(std::uint32_t id) {
  return id == 0 || id == 605 || id == 620 || id == 664;
}

// Never 0, which means that there is none. Of a GUID in any case.
std::uint32_t tracking_number(std::string_view tracking) {
  std::array<char, 36> folded{};
  std::transform(tracking.begin(), tracking.end(), folded.begin(), to_lower);
  const std::uint64_t hash = hash_text({folded.data(), tracking.size()});
  return static_cast<std::uint32_t>(hash ^ (hash >> 32)) | 1u;
}

UserLine::Kind kind_of(const PasswordChange& change) {
  if (change.kind == PasswordChange::Kind::request) return UserLine::Kind::request;
  return equal_ignoring_case(change.result, "Success") ? UserLine::Kind::success : UserLine::Kind::failed;
}

UserLine::Kind kind_of(std::uint32_t id) {
  if (id == 620) return UserLine::Kind::no_retry;
  return id == 664 ? UserLine::Kind::single_failed : UserLine::Kind::retry;
}

}  // namespace

Collector::Collector(const Catalogue& catalogue, const Classifier& classifier, const Limits& limits, Facts& facts,
                     std::uint32_t source)
    : catalogue_(catalogue),
      classifier_(classifier),
      limits_(limits),
      facts_(facts),
      source_(source),
      series_(facts.events, facts.series),
      causes_(catalogue.rules().size(), not_looked_up),
      kept_fields_(lists_of_fields) {}

std::string_view Collector::text_of(const EventView& event) {
  if (!event.message.empty()) return event.message;
  if (event.data.size() == 1) return event.data.front().value;
  joined_.clear();
  append_event_text(event, joined_);
  return joined_;
}

// Two neighbours of which the later one has the earlier time: somebody set the clock back. Numbers that do not follow
// each other may be of two logs.
inline void Collector::note_clock(std::uint64_t record_id, Ticks time) {
  constexpr Ticks smallest_jump = 2 * ticks_per_minute;  // writers of one log may be seconds apart
  const std::uint64_t before = std::exchange(last_id_, record_id);
  if (time == no_time || last_time_ == no_time || before == 0 || record_id == 0) return;
  const bool forward = record_id == before + 1;
  if (!forward && before != record_id + 1) return;
  if ((forward ? last_time_ - time : time - last_time_) >= smallest_jump) note_jump(record_id, time, forward);
}

void Collector::mark(std::uint64_t record_id, Ticks time, std::string_view channel, std::uint8_t level) {
  SourceFacts& s = facts_.sources[source_];
  if (!channel.empty() && (s.channel == nobody || channel != facts_.names[s.channel])) {
    s.several_channels = s.channel != nobody;
    s.channel = facts_.names.add(channel);
  }
  s.is_log = true;
  ++s.report.records;
  if (level >= 1 && level <= 3) ++s.fault_records;
  if (record_id != 0) {
    s.first_id = s.with_id == 0 ? record_id : std::min(s.first_id, record_id);
    s.last_id = std::max(s.last_id, record_id);
    ++s.with_id;
  }
  note_clock(record_id, time);
  if (time == no_time) return;
  s.states_fractions = s.states_fractions || time % ticks_per_second != 0;
  if (waiting_ != none_waiting) {
    Fact& fact = facts_.events[waiting_];
    if (time <= fact.time) fact.previous = time;
    waiting_ = none_waiting;
  }
  InputReport& r = s.report;
  r.first_time = r.first_time == no_time ? time : std::min(r.first_time, time);
  r.last_time = r.last_time == no_time ? time : std::max(r.last_time, time);
  for (; open_damages_ > 0; --open_damages_) facts_.damages[facts_.damages.size() - open_damages_].after = time;
  last_time_ = time;
}

void Collector::note_jump(std::uint64_t record_id, Ticks time, bool forward) {
  constexpr std::size_t most_jumps = 10;
  std::vector<std::string>& remarks = facts_.sources[source_].remarks;
  if (remarks.size() >= most_jumps) return;
  const Ticks back = forward ? last_time_ - time : time - last_time_;
  remarks.push_back("the clock was set back by " + std::to_string(back / ticks_per_minute) + " minutes before record " +
                    std::to_string(forward ? record_id : record_id + 1) + ", at " +
                    to_iso(forward ? time : last_time_));
}

void Collector::passed_over(const RecordMark& record) {
  if (record.state == RecordState::intact) {
    mark(record.record_id, record.time, record.channel, record.level);
  } else {
    ++facts_.sources[source_].report.records;
  }
}

void Collector::event(const EventView& event) {
  const Ticks previous = last_time_;
  SourceFacts& s = facts_.sources[source_];
  // A record that was recovered can show a fault, but nothing that is well: it does not stand where the log says that
  // its records are, so it is no sign of life and covers no time.
  const bool recovered = event.state != RecordState::intact;
  if (recovered) {
    ++s.report.records;
    if (event.state == RecordState::without_template) return;
  } else {
    mark(event.record_id, event.time, event.channel, event.level);
  }
  const bool no_provider = event.provider.empty();
  const Provider& provider = provider_.of(event.provider, [](std::string_view name) {
    return Provider{is_password_sync_provider(name), equal_ignoring_case(name, service_controller)};
  });
  const bool known_provider = provider.is_password_sync;
  const bool scm = provider.is_service_control;
  text_ = text_of(event);
  if (const Fact* said = recovered ? nullptr : said_before_.find(event, text_)) {
    Fact fact = *said;
    stand_at(event, previous, recovered, fact);
    count(fact);
    return keep(fact, recovered);
  }
  if (scm && !names_sync_service(event, text_)) return;
  auto explanation = classifier_.match(event, text_);
  if (recovered && (!explanation || cause_index(*explanation->rule) < 0)) return;
  if (no_provider && !explanation) return;
  if (!explanation && !known_provider && !is_host_event(event) && !scm) return;

  Fact fact;
  stand_at(event, previous, recovered, fact);
  fact.source = source_;
  fact.event_id = event.event_id;
  fact.level = event.level;
  const auto add_name = [&](std::string_view name) { return facts_.names.add(name); };
  fact.provider =
      provider_name_.of(no_provider ? std::string_view("Directory Synchronization") : event.provider, add_name);
  fact.server = computer_name_.of(event.computer, [&](std::string_view name) { return add_name(name_of(name)); });
  fact.sentence = !event.message.empty() || text_.find(' ') != std::string::npos;
  fact.password_sync_provider = known_provider || no_provider;
  count(fact);

  if (!explanation && known_provider) {
    facts_.unclassified.push_back({fact.provider, facts_.names.add(shorten(text_, 300)), event.event_id,
                                   hash_text(text_), event.time, source_, event.level});
    return;
  }
  if (scm && event.event_id == 7036) {
    const ServiceState state = service_state(event, text_);
    fact.starts = state == ServiceState::running;
    fact.stops = state == ServiceState::stopped;
  }
  if (event.event_id == 2506) {
    const Switch direction = switched(text_);
    fact.starts = direction == Switch::on;
    fact.stops = direction == Switch::off;
  }
  if (explanation) {
    fact.rule = static_cast<std::int32_t>(explanation->rule - catalogue_.rules().data());
    fact.cause = cause_index(*explanation->rule);
  }
  lines_.clear();
  if (fact.password_sync_provider) {
    place(fact);
    read_users(event.event_id);
    if (keep_as_ordinary(fact)) return;
    keep_users(fact);
    fact.build = facts_.names.add(named_build(text_));
  }
  if (explanation) {
    classifier_.add_fields(*explanation, event, text_);
    keep_fields(*explanation, fact);
  }
  fact.excerpt = excerpt(fact);
  fact.text_hash = hash_text(text_);
  if (!recovered && fact.password_sync_provider && fact.users_count == 0) said_before_.keep(event, text_, fact);
  keep(fact, recovered);
}

// Where the event stands in its log, the only thing in which two that say the same differ.
void Collector::stand_at(const EventView& event, Ticks previous, bool recovered, Fact& fact) const {
  fact.time = event.time;
  const bool follows = previous != no_time && event.time != no_time && previous <= event.time;
  fact.previous = follows && !recovered ? previous : no_time;
  fact.record_id = event.record_id;
  fact.offset = event.where.offset;
  fact.line = event.where.line;
}

void Collector::count(const Fact& fact) {
  SourceFacts& s = facts_.sources[source_];
  if (s.computer == nobody) s.computer = fact.server;
  if (!fact.password_sync_provider) return;
  ++s.password_sync_records;
  if (is_rhythm(fact.event_id)) ++s.rhythm_records;
}

void Collector::keep(const Fact& fact, bool recovered) {
  facts_.ordinary.ask(source_, fact.time);
  if (fact.connector == nobody && fact.tracking != 0) facts_.ordinary.ask_for_all(source_);
  if (!recovered && series_.take(fact)) return;
  facts_.events.push_back(fact);
  if (!recovered && fact.previous == no_time && fact.time != no_time) waiting_ = facts_.events.size() - 1;
}

std::int32_t Collector::cause_index(const Rule& rule) {
  std::int32_t& index = causes_[static_cast<std::size_t>(&rule - catalogue_.rules().data())];
  if (index == not_looked_up) {
    const Cause* cause = rule.cause.empty() ? nullptr : catalogue_.cause(rule.cause);
    index = cause == nullptr ? -1 : static_cast<std::int32_t>(cause - catalogue_.causes().data());
  }
  return index;
}

void Collector::keep_fields(const Explanation& explanation, Fact& fact) {
  std::vector<Field> fields;
  for (const auto& [name, value] : explanation.fields) {
    if (value.empty()) continue;
    fields.push_back({facts_.names.add(name), facts_.names.add(shorten(value, 500))});
    if (name == "domain") {
      std::string domain = name_of(value);
      while (!domain.empty() && domain.back() == '.') domain.pop_back();
      if (!domain.empty()) fact.domain = facts_.names.add(domain);
    }
  }
  // a failure that repeats says the same again: its fields are kept once
  std::size_t hash = fields.size();
  for (const Field& field : fields) hash = (hash * 31 + field.name) * 31 + field.value;
  Kept& kept = kept_fields_[hash % kept_fields_.size()];
  const auto before = facts_.fields.begin() + static_cast<std::ptrdiff_t>(kept.begin);
  if (kept.count != fields.size() || !std::equal(fields.begin(), fields.end(), before)) {
    kept = {static_cast<std::uint32_t>(facts_.fields.size()), static_cast<std::uint32_t>(fields.size())};
    facts_.fields.insert(facts_.fields.end(), fields.begin(), fields.end());
  }
  fact.fields_begin = kept.begin;
  fact.fields_count = kept.count;
}

// Which connector, partition, domain and batch a record names.
void Collector::place(Fact& fact) {
  const ForestInfos::Numbers forest = forest_infos_.of(text_, facts_.names);
  fact.connector = forest.connector;
  fact.partition = forest.partition;
  // a request or a result is of the connector that it names; only one that names none is looked up by its batch
  if (!has_user_lines(fact.event_id) || fact.connector == nobody) {
    const std::string_view tracking = tracking_id(text_.substr(0, text_.size() - forest.untracked));
    fact.tracking = tracking.empty() ? 0 : tracking_number(tracking);
  }
  const bool of_a_channel =
      is_ordinary(fact.event_id) && fact.event_id != 663;  // names no domain but those of its users
  if (!of_a_channel) fact.domain = facts_.names.add(name_of(named_domain(text_)));
}

void Collector::read_users(std::uint32_t event_id) {
  if (has_user_lines(event_id)) {
    changes_.clear();
    password_changes(text_, changes_);
    for (const PasswordChange& change : changes_) {
      UserLine line;
      const UserNames::Numbers numbers = user_names_.of(change, facts_.names);
      line.anchor = numbers.anchor;
      line.dn = numbers.dn;
      line.extended = facts_.names.add(shorten(change.extended_error, 300));
      line.kind = kind_of(change);
      line.change_on_logon = change.change_on_logon;
      lines_.push_back(line);
    }
  } else if (has_dns(event_id)) {
    for (const std::string_view dn : named_dns(text_)) {
      UserLine line;
      line.dn = facts_.names.add(dn);
      line.kind = kind_of(event_id);
      lines_.push_back(line);
    }
  }
}

void Collector::keep_users(Fact& fact) {
  fact.users_begin = static_cast<std::uint32_t>(facts_.users.size());
  fact.users_count = static_cast<std::uint32_t>(lines_.size());
  facts_.users.insert(facts_.users.end(), lines_.begin(), lines_.end());
}

// A record that shows no cause, of nobody, at a known time: only its time and its users matter.
bool Collector::keep_as_ordinary(const Fact& fact) {
  if (!is_ordinary(fact.event_id) || fact.cause >= 0 || fact.time == no_time) return false;
  bool success = false;
  for (const UserLine& line : lines_) {
    const bool succeeds = line.kind == UserLine::Kind::success && line.change_on_logon != true;
    if (!succeeds && line.kind != UserLine::Kind::request) return false;
    if (line.extended != nobody) return false;
    success = success || succeeds;
  }
  OrdinaryKind kind;
  kind.source = fact.source;
  kind.event_id = fact.event_id;
  kind.provider = fact.provider;
  kind.server = fact.server;
  kind.connector = fact.connector;
  kind.partition = fact.partition;
  kind.domain = fact.domain;
  kind.excerpt = excerpt(fact);
  kind.rule = fact.rule;
  kind.tracked = fact.tracking != 0;
  kind.success = success;
  OrdinaryRecord record;
  record.time = fact.time;
  record.record_id = fact.record_id;
  record.offset = fact.offset;
  record.line = fact.line;
  record.tracking = fact.tracking;
  facts_.ordinary.add(kind, record, lines_);
  return true;
}

// The text that evidence shows. Ordinary events differ only in ids and names: their first words are enough.
Id Collector::excerpt(const Fact& fact) {
  const auto number = [&](std::string_view text, std::size_t most) {
    const std::string shown = shorten(text, most);
    if (facts_.names.size() > distinct_excerpts * 10 && facts_.names.find(shown) == nobody) return nobody;
    return facts_.names.add(shown);
  };
  if (fact.cause >= 0 || is_admin_change(fact.event_id)) return number(text_, excerpt_bytes);
  return beginnings_.of(fact.event_id, text_, [&](std::string_view beginning) { return number(beginning, 100); });
}

void Collector::sync_log_row(const SyncLogRow& row) {
  SourceFacts& s = facts_.sources[source_];
  ++s.report.records;
  RowFact fact;
  fact.time = row.time;
  fact.source = source_;
  fact.line = row.where.line;
  fact.status = facts_.names.add(row.status);
  fact.dn = facts_.names.add(row.dn);
  fact.anchor = facts_.names.add(row.anchor);
  fact.details = facts_.names.add(shorten(row.details, 300));
  if (const auto explanation = classifier_.status(row.status)) {
    fact.rule = static_cast<std::int32_t>(explanation->rule - catalogue_.rules().data());
    fact.cause = cause_index(*explanation->rule);
    facts_.rows.push_back(fact);
    return;
  }
  facts_.unclassified.push_back({facts_.names.add(status_rows), facts_.names.add(shorten(row.status, 300)), 0,
                                 hash_text(row.status), no_time, source_, 0});
}

void Collector::setting(const Setting& setting) {
  SourceFacts& s = facts_.sources[source_];
  ++s.report.records;
  SettingFact fact;
  fact.time = setting.time != no_time ? setting.time : s.collected_at;
  fact.source = source_;
  fact.line = setting.where.line;
  fact.topic = facts_.names.add(setting.topic);
  fact.subject = facts_.names.add(shorten(setting.subject, 1000));
  fact.name = facts_.names.add(shorten(setting.name, 300));
  fact.value = facts_.names.add(shorten(setting.value, 2000));
  if (const auto explanation = classifier_.setting(setting)) {
    fact.rule = static_cast<std::int32_t>(explanation->rule - catalogue_.rules().data());
    fact.cause = cause_index(*explanation->rule);
  }
  if (setting.topic == "status-script" && setting.name != "heartbeat")
    note("the status script warned: " + shorten(setting.value, 300));
  // a line of a diagnosis that nobody could read is listed, like an event that no rule knows
  if (setting.topic == "diagnostics" && setting.name == "unknown-line") {
    facts_.unclassified.push_back({facts_.names.add(diagnosis_lines), facts_.names.add(shorten(setting.value, 300)), 0,
                                   hash_text(setting.value), no_time, source_, 0});
    return;
  }
  facts_.settings.push_back(fact);
}

void Collector::problem(Problem problem) {
  InputReport& report = facts_.sources[source_].report;
  facts_.damages.push_back({source_, problem.near_time != no_time ? problem.near_time : last_time_, no_time});
  ++open_damages_;
  if (report.problems.size() < limits_.problems_per_source) {
    report.problems.push_back(std::move(problem));
  } else {
    ++report.more_problems;
  }
}

void Collector::account(const Account& account) {
  facts_.sources[source_].report.account = account;
}

void Collector::note(std::string note) {
  std::vector<std::string>& notes = facts_.sources[source_].report.notes;
  if (notes.size() < 100 && std::find(notes.begin(), notes.end(), note) == notes.end())
    notes.push_back(std::move(note));
}

}  // namespace synclens::correlate
