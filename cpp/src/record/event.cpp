#include "synclens/record.hpp"

namespace synclens {

void append_event_text(const EventView& event, std::string& out) {
  if (!event.message.empty()) {
    out.append(event.message);
    return;
  }
  bool cut_by_the_api = true;  // nothing before the first value
  for (const DataItem& item : event.data) {
    if (!cut_by_the_api) out.push_back('\n');
    out.append(item.value);
    cut_by_the_api = item.value.size() >= longest_string_of_the_event_log_api;
  }
}

}  // namespace synclens
