// Which events the Collector has a use for, so that decoders turn down the rest unread.
#pragma once

#include <string_view>

#include "synclens/classify.hpp"
#include "synclens/record.hpp"

namespace synclens::correlate {

inline constexpr std::string_view service_controller = "Service Control Manager";

// By provider, id and letters: what it turns down the Collector would count and leave. The providers are the
// catalogue's and those that tell what the host did; of password sync any event is wanted, known or not.
[[nodiscard]] EventFilter wanted_events(const Classifier& classifier);

}  // namespace synclens::correlate
