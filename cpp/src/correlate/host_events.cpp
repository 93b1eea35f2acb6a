#include "correlate/host_events.hpp"

#include <algorithm>
#include <array>

#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

struct HostEvent {
  std::string_view provider;
  std::uint32_t id;
};
constexpr std::array<HostEvent, 13> host_events{{{"EventLog", 6005},
                                                 {"EventLog", 6006},
                                                 {"EventLog", 6008},
                                                 {"Microsoft-Windows-Kernel-Power", 41},
                                                 {"Microsoft-Windows-Kernel-Power", 42},
                                                 {"Microsoft-Windows-Kernel-Power", 107},
                                                 {"Microsoft-Windows-Kernel-Power", 109},
                                                 {"Microsoft-Windows-Kernel-General", 1},
                                                 {"Microsoft-Windows-Kernel-General", 12},
                                                 {"Microsoft-Windows-Kernel-General", 13},
                                                 {"Microsoft-Windows-Power-Troubleshooter", 1},
                                                 {"Microsoft-Windows-Eventlog", 104},
                                                 {"Microsoft-Windows-Eventlog", 1102}}};

}  // namespace

bool is_host_event(const EventView& event) {
  return std::any_of(host_events.begin(), host_events.end(), [&](const HostEvent& h) {
    return h.id == event.event_id && equal_ignoring_case(h.provider, event.provider);
  });
}

std::vector<std::string_view> host_event_providers() {
  std::vector<std::string_view> providers;
  for (const HostEvent& h : host_events) providers.push_back(h.provider);
  return providers;
}

std::vector<std::uint32_t> host_event_ids(std::string_view provider) {
  std::vector<std::uint32_t> ids;
  for (const HostEvent& h : host_events) {
    if (equal_ignoring_case(h.provider, provider)) ids.push_back(h.id);
  }
  return ids;
}

}  // namespace synclens::correlate
