// Everybody named in a request, a result, a retry or a status table, and how each one's password stands.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "correlate/world.hpp"

namespace synclens::correlate {

// Lines of one user's history that are kept and shown, the latest; fewer of each where there are many users.
constexpr std::size_t most_history = 50;
constexpr std::size_t many_users = 1'000;
constexpr std::size_t most_history_of_many = 10;

struct UserEvent {
  Ticks time = no_time;
  std::uint32_t event_id = 0;  // 0 is an event as well; see row
  const Fact* fact = nullptr;  // one of the three
  const RowFact* row = nullptr;
  OrdinaryRecord ordinary;   // where its kind is set
  UserLine line;             // not of a row
  int connector = no_index;  // of a request
};

struct User {
  Id dn = nobody, anchor = nobody;
  int domain = no_index;
  bool may_have_incidents = false;  // some record beside the ordinary ones, a row or a setting names them
  // By time; those without a time last; of the ordinary ones only the latest. None: only the object's text names it.
  std::vector<UserEvent> events;
  Ticks last_request = no_time, last_result = no_time;
  // As far as anything can ask for them (thin_times.hpp); the first and the last where no incident can be theirs.
  Times successes;                        // 657 Success and Success rows
  Times answers;                          // any 657
  Times cleared;                          // 657 with PwdChangeOnLogon=False
  const UserEvent* unanswered = nullptr;  // the last 656, when it lacks its 657
  bool answer_missing = false;            // ... and more than ten covered minutes without a 652 follow it
};

struct Users {
  std::vector<User> all;
  std::map<Id, int> by_anchor;
  std::map<std::string, int, std::less<>> by_dn;  // lower case
  // Metaverse ids and DNs of cloud objects that belong to a user whose AD object is in the settings; lower case.
  std::map<std::string, int, std::less<>> by_object;
  std::map<int, Fact> requests;  // the unanswered request of a user, by index, for evidence
  [[nodiscard]] std::size_t history() const { return all.size() > many_users ? most_history_of_many : most_history; }
};

[[nodiscard]] Users find_users(const World& world);

// The status word of verdicts.md: Success, Failed, Pending, NoAnswer or the table's own word.
[[nodiscard]] std::string status_of(const User& user, const World& world);

}  // namespace synclens::correlate
