#include "correlate/users.hpp"

#include <algorithm>

#include "correlate/event_texts.hpp"
#include "correlate/space_objects.hpp"
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

void find_unanswered(User& user, const World& world, const Times& failed_batches) {
  for (const UserEvent& e : user.events) {
    if (e.fact == nullptr) continue;
    if (e.line.kind == UserLine::Kind::request) {
      user.unanswered = &e;
    } else if (e.fact->event_id == 657) {
      user.unanswered = nullptr;
    }
  }
  if (user.unanswered == nullptr || user.unanswered->time == no_time) return;
  const Ticks asked = user.unanswered->time;
  user.answer_missing = world.covered.covered(asked, world.end) > answer_window &&
                        !any_within(failed_batches, asked, asked + answer_window);
}

// Users of whom the log says nothing, but whose object was collected; and the other objects of all of them.
void add_objects(Users& users, const World& world) {
  const SpaceObjects objects = find_space_objects(world);
  for (const auto& [key, collections] : objects.connector_space) {
    if (is_cloud_dn(key) || domain_of_dn(key).empty()) continue;
    const SettingFact& first = *collections.back().facts.front();
    const int index = user_index(users, world, first.subject, nobody);
    const SpaceObject* metaverse = metaverse_of(objects, world, key);
    if (metaverse == nullptr) continue;
    users.by_object.emplace(lower(metaverse->subject), index);
    const std::string_view cloud = cloud_dn_of(world, *metaverse);
    if (!cloud.empty()) users.by_object.emplace(lower(cloud), index);
  }
}

}  // namespace

Users find_users(const World& world) {
  Users users;
  Times failed_batches;
  for (const Fact* f : world.events) {
    if (f->event_id == 652 && f->password_sync_provider && f->time != no_time) failed_batches.push_back(f->time);
    for (std::uint32_t i = 0; i < f->users_count; ++i) {
      const UserLine& line = world.facts->users[f->users_begin + i];
      if (line.dn == nobody && line.anchor == nobody) continue;
      const int u = user_index(users, world, line.dn, line.anchor);
      users.all[static_cast<std::size_t>(u)].events.push_back({f->time, f, nullptr, line});
    }
  }
  for (const RowFact* r : world.rows) {
    if (r->dn == nobody && r->anchor == nobody) continue;
    const int u = user_index(users, world, r->dn, r->anchor);
    users.all[static_cast<std::size_t>(u)].events.push_back({r->time, nullptr, r, {}});
  }
  add_objects(users, world);
  for (User& user : users.all) {
    std::stable_sort(user.events.begin(), user.events.end(), [](const UserEvent& a, const UserEvent& b) {
      return (a.time == no_time) != (b.time == no_time) ? b.time == no_time : a.time < b.time;
    });
    user.domain = world.domain_named(domain_of_dn(world.text(user.dn)));
    for (const UserEvent& e : user.events) {
      if (e.time == no_time) continue;
      if (e.row != nullptr) {
        if (is_success_word(world.text(e.row->status))) user.successes.push_back(e.time);
        continue;
      }
      if (e.fact->event_id != 657) continue;
      user.answers.push_back(e.time);
      if (e.line.kind == UserLine::Kind::success) user.successes.push_back(e.time);
      if (e.line.change_on_logon == false) user.cleared.push_back(e.time);
    }
    find_unanswered(user, world, failed_batches);
  }
  return users;
}

std::string status_of(const User& user, const World& world) {
  if (user.events.empty()) return "Unknown";
  if (user.unanswered != nullptr) {
    // a status row after the request answers it
    const UserEvent& last = user.events.back();
    if (last.row == nullptr || (last.time != no_time && last.time < user.unanswered->time)) {
      return user.answer_missing ? "NoAnswer" : "Pending";
    }
  }
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
