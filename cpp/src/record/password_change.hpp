// The user lines of 656 and 657 events, for who reads a million of them.
#pragma once

#include <string_view>
#include <vector>

#include "synclens/record.hpp"

namespace synclens {

// All user lines of a text, in order, added to a list.
void password_changes(std::string_view text, std::vector<PasswordChange>& into);

}  // namespace synclens
