// What a record says of one user.
#pragma once

#include <cstdint>
#include <optional>

#include "correlate/names.hpp"

namespace synclens::correlate {

// One line of a 656 or 657, or one DN of a 0, 605, 620 or 664.
struct UserLine {
  enum class Kind : std::uint8_t { request, success, failed, retry, no_retry, single_failed };
  Id anchor = nobody, dn = nobody, extended = nobody;
  Kind kind = Kind::request;
  std::optional<bool> change_on_logon;
  friend bool operator==(const UserLine&, const UserLine&) = default;
};

}  // namespace synclens::correlate
