// Which columns a table shows, as Python says it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "synclens/columns.hpp"

namespace synclens::bindings {

// None is all columns; `time` is "us", "ns" or "ticks". Throws KeyError or ValueError for other words.
[[nodiscard]] TableShape shape_of(const std::optional<std::vector<std::string>>& columns, const std::string& time);

}  // namespace synclens::bindings
