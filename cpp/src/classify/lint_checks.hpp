// The parts of lint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens {

// The names in braces, {connector}; PowerShell's own braces hold more than a name in small letters.
[[nodiscard]] std::vector<std::string> placeholders(std::string_view text);

// Rules against each other: those that can never win, and those whose samples only the id decides.
void check_competition(const Catalogue& catalogue, std::vector<std::string>& findings);

}  // namespace synclens
