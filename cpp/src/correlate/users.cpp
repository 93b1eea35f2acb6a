#include "correlate/users.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "correlate/event_texts.hpp"
#include "correlate/latest_events.hpp"
#include "correlate/space_objects.hpp"
#include "correlate/thin_times.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks answer_window = 10 * ticks_per_minute;

bool is_success_word(const std::string& word) {
  return equal_ignoring_case(word, "Success");
}

// Anchor first; Microsoft's own sample has two anchors for one DN, so the DN is the second way.
int user_index(Users& users, const World& world, Id dn, Id anchor) {
  const std::string key = lower(world.text(dn));
  int index = no_index;
  if (anchor != nobody) {
    const auto found = users.by_anchor.find(anchor);
    if (found != users.by_anchor.end()) index = found->second;
  }
  if (index < 0 && !key.empty()) {
    const auto found = users.by_dn.find(key);
    if (found != users.by_dn.end()) index = found->second;
  }
  if (index < 0) {
    index = static_cast<int>(users.all.size());
    users.all.emplace_back();
  }
  User& user = users.all[static_cast<std::size_t>(index)];
  if (user.dn == nobody) user.dn = dn;
  if (user.anchor == nobody) user.anchor = anchor;
  if (anchor != nobody) users.by_anchor.emplace(anchor, index);
  if (!key.empty()) users.by_dn.emplace(key, index);
  return index;
}

// The same of somebody whom something else than an ordinary record names.
int noted_user(Users& users, const World& world, Id dn, Id anchor) {
  const int index = user_index(users, world, dn, anchor);
  users.all[static_cast<std::size_t>(index)].may_have_incidents = true;
  return index;
}

void find_unanswered(User& user, const World& world, const Times& failed_batches) {
  for (const UserEvent& e : user.events) {
    if (e.row != nullptr) continue;
    if (e.line.kind == UserLine::Kind::request) {
      user.unanswered = &e;
    } else if (e.event_id == 657) {
      user.unanswered = nullptr;
    }
  }
  if (user.unanswered == nullptr || user.unanswered->time == no_time) return;
  const Ticks asked = user.unanswered->time;
  // ten covered minutes: those in which the host or the service was off do not count
  const Ticks late = world.covered.after(asked, answer_window);
  user.answer_missing =
      world.covered.covered(asked, world.end) > answer_window && !any_within(failed_batches, asked, late);
}

bool earlier(const UserEvent& a, const UserEvent& b) {
  const auto key = [](const UserEvent& e) {
    const std::uint64_t id = e.fact != nullptr ? e.fact->record_id : e.ordinary.record_id;
    return std::make_tuple(e.time == no_time, e.time, e.row != nullptr, id, e.event_id);
  };
  return key(a) < key(b);
}

// What is gathered of one user while the records go by.
struct Gathered {
  explicit Gathered(const Times& asked)
      : successes(asked, ThinTimes::no_silences),
        answers(asked, ThinTimes::no_silences),
        cleared(asked, ThinTimes::no_silences) {}
  ThinTimes successes, answers, cleared;
  LatestEvents latest;

  void take(User& user, const UserEvent& e, const World& world) {
    const std::uint32_t source = e.row != nullptr ? e.row->source : e.fact->source;
    const bool whole_seconds = !world.facts->sources[source].states_fractions;
    if (e.row == nullptr) return take(user, e.time, e.event_id, e.line, whole_seconds);
    note_time(user.last_result, e.time);
    if (is_success_word(world.text(e.row->status))) successes.add(e.time, whole_seconds);
  }

  void take(User& user, Ticks time, std::uint32_t event_id, const UserLine& line, bool whole_seconds) {
    note_time(line.kind == UserLine::Kind::request ? user.last_request : user.last_result, time);
    if (event_id != 657) return;
    answers.add(time, whole_seconds);
    if (line.kind == UserLine::Kind::success) successes.add(time, whole_seconds);
    if (line.change_on_logon == false) cleared.add(time, whole_seconds);
  }

 private:
  static void note_time(Ticks& last, Ticks time) {
    if (time != no_time) last = last == no_time ? time : std::max(last, time);
  }
};

// Everybody's number, in the order in which the log names them first; returns the numbers of the ordinary lines.
std::vector<int> number_users(Users& users, const World& world) {
  const OrdinaryRecords& ordinary = world.facts->ordinary;
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < ordinary.user_lines().size(); ++i) order.push_back(i);
  const auto key = [&](std::uint32_t i) {
    const UserLine& line = ordinary.user_lines()[i];
    return std::make_tuple(ordinary.first_times()[i], line.kind, world.text(line.dn), world.text(line.anchor));
  };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Ticks x = ordinary.first_times()[a];
    const Ticks y = ordinary.first_times()[b];
    return x != y ? x < y : key(a) < key(b);
  });
  std::vector<int> of_line(order.size(), no_index);
  auto next = order.begin();
  const auto take_until = [&](Ticks time) {
    for (; next != order.end() && (time == no_time || ordinary.first_times()[*next] <= time); ++next) {
      const UserLine& line = ordinary.user_lines()[*next];
      if (line.dn != nobody || line.anchor != nobody) of_line[*next] = user_index(users, world, line.dn, line.anchor);
    }
  };
  for (const Fact* f : world.events) {
    if (f->users_count == 0) continue;
    take_until(f->time);
    for (std::uint32_t i = 0; i < f->users_count; ++i) {
      const UserLine& line = world.facts->users[f->users_begin + i];
      if (line.dn != nobody || line.anchor != nobody) noted_user(users, world, line.dn, line.anchor);
    }
  }
  take_until(no_time);
  for (const RowFact* r : world.rows) {
    if (r->dn != nobody || r->anchor != nobody) noted_user(users, world, r->dn, r->anchor);
  }
  return of_line;
}

// An object that moved is where the log saw it last: there its fix has to look for it.
void name_by_latest(User& user, const World& world) {
  for (const UserEvent& e : user.events) {
    const Id dn = e.row != nullptr ? e.row->dn : e.line.dn;
    if (dn != nobody && !equal_ignoring_case(world.text(dn), world.text(user.dn))) user.dn = dn;
  }
}

// Users of whom the log says nothing, but whose object was collected; and the other objects of all of them.
void add_objects(Users& users, const World& world) {
  for (const SettingFact& s : world.facts->settings) {  // whom Microsoft's diagnosis of one object was asked about
    if (world.text(s.topic) == "diagnostics" && !domain_of_dn(world.text(s.subject)).empty())
      noted_user(users, world, s.subject, nobody);
  }
  const SpaceObjects objects = find_space_objects(world);
  for (const auto& [key, collections] : objects.connector_space) {
    if (is_cloud_dn(key) || domain_of_dn(key).empty()) continue;
    const SettingFact& first = *collections.back().facts.front();
    const int index = noted_user(users, world, first.subject, nobody);
    const SpaceObject* metaverse = metaverse_of(objects, world, key);
    if (metaverse == nullptr) continue;
    users.by_object.emplace(lower(metaverse->subject), index);
    const std::string_view cloud = cloud_dn_of(world, *metaverse);
    if (!cloud.empty()) users.by_object.emplace(lower(cloud), index);
  }
}

void note_settings(Users& users, const World& world) {
  for (const SettingFact& s : world.facts->settings) {
    const std::string subject = lower(world.text(s.subject));
    for (const auto* index : {&users.by_dn, &users.by_object}) {
      const auto found = index->find(subject);
      if (found != index->end()) users.all[static_cast<std::size_t>(found->second)].may_have_incidents = true;
    }
  }
}

}  // namespace

Users find_users(const World& world) {
  Users users;
  const std::vector<int> of_line = number_users(users, world);
  add_objects(users, world);
  note_settings(users, world);
  const std::size_t most = users.history();
  const Times nothing_asked;
  std::vector<Gathered> gathered;
  gathered.reserve(users.all.size());
  for (const User& user : users.all) gathered.emplace_back(user.may_have_incidents ? world.asked : nothing_asked);
  const auto user_at = [&](int index) -> User& { return users.all[static_cast<std::size_t>(index)]; };
  const auto take = [&](int index, UserEvent event) {
    gathered[static_cast<std::size_t>(index)].take(user_at(index), event, world);
    user_at(index).events.push_back(event);
  };
  Times failed_batches;
  for (const Fact* f : world.events) {
    if (f->event_id == 652 && f->password_sync_provider && f->time != no_time) failed_batches.push_back(f->time);
    for (std::uint32_t i = 0; i < f->users_count; ++i) {
      const UserLine& line = world.facts->users[f->users_begin + i];
      if (line.dn == nobody && line.anchor == nobody) continue;
      UserEvent event;
      event.time = f->time;
      event.event_id = f->event_id;
      event.fact = f;
      event.line = line;
      event.connector = world.connector_of(*f);
      take(user_index(users, world, line.dn, line.anchor), event);
    }
  }
  for (const RowFact* r : world.rows) {
    if (r->dn == nobody && r->anchor == nobody) continue;
    UserEvent event;
    event.time = r->time;
    event.row = r;
    take(user_index(users, world, r->dn, r->anchor), event);
  }
  const OrdinaryRecords& ordinary = world.facts->ordinary;
  ordinary.for_each([&](const OrdinaryRecord& r) {
    if (r.users.empty()) return;
    LatestEvent event{r.time,     r.record_id,          r.offset, r.line, static_cast<std::uint32_t>(r.kind_index), 0,
                      r.tracking, world.connector_of(r)};
    const bool whole_seconds = !world.facts->sources[r.kind->source].states_fractions;
    for (const std::uint32_t line : r.users) {
      if (of_line[line] < 0) continue;
      event.user_line = line;
      Gathered& of_user = gathered[static_cast<std::size_t>(of_line[line])];
      of_user.take(user_at(of_line[line]), r.time, r.kind->event_id, ordinary.user_lines()[line], whole_seconds);
      of_user.latest.add(event, most, ordinary);
    }
  });
  for (std::size_t i = 0; i < users.all.size(); ++i) {
    User& user = users.all[i];
    std::vector<UserEvent> latest = gathered[i].latest.take(most, ordinary);
    user.events.insert(user.events.end(), latest.begin(), latest.end());
    std::stable_sort(user.events.begin(), user.events.end(), earlier);
    user.successes = gathered[i].successes.take();
    user.answers = gathered[i].answers.take();
    user.cleared = gathered[i].cleared.take();
    name_by_latest(user, world);
    user.domain = world.domain_named(domain_of_dn(world.text(user.dn)));
    find_unanswered(user, world, failed_batches);
    if (user.unanswered == nullptr) continue;
    const UserEvent& asked = *user.unanswered;
    users.requests.emplace(static_cast<int>(i), asked.fact != nullptr ? *asked.fact : recalled(asked.ordinary));
  }
  return users;
}

std::string status_of(const User& user, const World& world) {
  if (user.events.empty()) return "Unknown";
  const UserEvent& last = user.events.back();
  if (last.row != nullptr) return world.text(last.row->status);
  switch (last.line.kind) {
    case UserLine::Kind::success:
      return "Success";
    case UserLine::Kind::request:
      return user.answer_missing ? "NoAnswer" : "Pending";
    default:
      return "Failed";
  }
}

}  // namespace synclens::correlate
