#include "correlate/batches.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace synclens::correlate {
namespace {

constexpr Ticks longest_batch = 30 * ticks_per_minute;
constexpr std::ptrdiff_t most_open = 32;  // batches of several connectors that can be open at once

}  // namespace

Batches::Batches(const World& world) : world_(world) {
  std::map<std::uint64_t, std::size_t> by_tracking;
  std::map<int, std::size_t> by_connector;
  for (const Fact* f : world.events) {
    if (!f->password_sync_provider || f->time == no_time) continue;
    const int connector = world.connector_of(*f);
    if (f->event_id == 650) {
      if (f->tracking != 0) by_tracking[f->tracking] = all_.size();
      by_connector[connector] = all_.size();
      all_.push_back({f, nullptr});
    } else if (f->event_id == 651 || f->event_id == 652) {
      const auto tracked = by_tracking.find(f->tracking);
      const auto open = by_connector.find(connector);
      Batch* batch = nullptr;
      if (f->tracking != 0 && tracked != by_tracking.end()) {
        batch = &all_[tracked->second];
      } else if (open != by_connector.end() && (f->tracking == 0 || all_[open->second].begin->tracking == 0)) {
        batch = &all_[open->second];
      }
      if (batch != nullptr && batch->end == nullptr) batch->end = f;
    }
  }
}

const Batch* Batches::of(const Fact& request) const {
  if (request.time == no_time) return nullptr;
  const int connector = world_.connector_of(request);
  auto at = std::upper_bound(all_.begin(), all_.end(), request.time,
                             [](Ticks time, const Batch& batch) { return time < batch.begin->time; });
  for (std::ptrdiff_t looked = 0; at != all_.begin() && looked < most_open; ++looked) {
    --at;
    if (request.time - at->begin->time > longest_batch) return nullptr;
    const int own = world_.connector_of(*at->begin);
    if (own != connector && own != all_connectors && connector != all_connectors) continue;
    if (at->end != nullptr && at->end->time < request.time) continue;
    return &*at;
  }
  return nullptr;
}

}  // namespace synclens::correlate
