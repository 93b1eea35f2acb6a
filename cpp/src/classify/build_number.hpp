// Dotted build numbers of the sync tool: "2.4.18.0", and the older "1.0.6455.0807".
#pragma once

#include <string_view>

namespace synclens {

// One to eight numbers of at most nine digits each, separated by dots.
[[nodiscard]] bool is_build_number(std::string_view text);

}  // namespace synclens
