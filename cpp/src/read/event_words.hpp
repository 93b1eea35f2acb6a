// The words by which texts of events are known, in the languages of Windows that Event Viewer exports come in.
#pragma once

#include <cstdint>
#include <string_view>

namespace synclens {

enum class EventWord : std::uint8_t { none, id, time, source, level, message, other };

// The meaning of a column of an event table: "Event ID", "TimeCreated", "Ereignis-ID". Blanks around the name, quotes
// and ASCII case do not matter.
[[nodiscard]] EventWord event_column(std::string_view name);

// The meaning of a label of a pasted Event Viewer block, given without its colon: "Log Name", "Protokollname".
[[nodiscard]] EventWord event_label(std::string_view name);

}  // namespace synclens
