// Everybody named in a request, a result, a retry or a status table, and how each one's password stands.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "correlate/world.hpp"

namespace synclens::correlate {

struct UserEvent {
  Ticks time = no_time;
  const Fact* fact = nullptr;  // one of the two
  const RowFact* row = nullptr;
  UserLine line;  // for a fact
};

struct User {
  Id dn = nobody, anchor = nobody;
  int domain = no_index;
  std::vector<UserEvent> events;  // by time; those without a time last; none: only the object's text names the user
  Times successes;                // 657 Success and Success rows
  Times answers;                  // any 657
  Times cleared;                  // 657 with PwdChangeOnLogon=False
  const UserEvent* unanswered = nullptr;  // the last 656, when it lacks its 657
  bool answer_missing = false;            // ... and more than ten covered minutes without a 652 follow it
};

struct Users {
  std::vector<User> all;
  std::map<Id, int> by_anchor;
  std::map<std::string, int, std::less<>> by_dn;  // lower case
  // Metaverse ids and DNs of cloud objects that belong to a user whose AD object is in the settings; lower case.
  std::map<std::string, int, std::less<>> by_object;
};

[[nodiscard]] Users find_users(const World& world);

// The status word of verdicts.md: Success, Failed, Pending, NoAnswer or the table's own word.
[[nodiscard]] std::string status_of(const User& user, const World& world);

}  // namespace synclens::correlate
