// Events of other providers that tell what the host and its services did.
#pragma once

#include <string_view>
#include <vector>

#include "synclens/record.hpp"

namespace synclens::correlate {

[[nodiscard]] bool is_host_event(const EventView& event);

// Their providers; some of them more than once.
[[nodiscard]] std::vector<std::string_view> host_event_providers();

}  // namespace synclens::correlate
