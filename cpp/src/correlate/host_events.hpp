// Events of other providers that tell what the host and its services did.
#pragma once

#include <string_view>
#include <vector>

#include "synclens/record.hpp"

namespace synclens::correlate {

[[nodiscard]] bool is_host_event(const EventView& event);

// Their providers; some of them more than once.
[[nodiscard]] std::vector<std::string_view> host_event_providers();
// The ids that is_host_event() knows of a provider.
[[nodiscard]] std::vector<std::uint32_t> host_event_ids(std::string_view provider);

}  // namespace synclens::correlate
