#include "correlate/batches.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace synclens::correlate {
namespace {

constexpr Ticks longest_batch = 30 * ticks_per_minute;
constexpr std::ptrdiff_t most_open = 32;  // batches of several connectors that can be open at once

struct Mark {
  Ticks time = no_time;
  std::uint32_t tracking = 0;
  std::int16_t connector = all_connectors;
  std::uint16_t event_id = 0;
};

// Calls `use(id, time, tracking, record)` with every 650, 651 and 652.
template <typename Use>
void each_mark(const World& world, const Use& use) {
  const auto is_mark = [](std::uint32_t id, Ticks time) { return time != no_time && id >= 650 && id <= 652; };
  for (const Fact* f : world.events) {
    if (f->password_sync_provider && is_mark(f->event_id, f->time)) use(f->event_id, f->time, f->tracking, *f);
  }
  world.facts->ordinary.for_each([&](const OrdinaryRecord& r) {
    if (is_mark(r.kind->event_id, r.time)) use(r.kind->event_id, r.time, r.tracking, r);
  });
}

// Where all have a tracking id, only those of batches that are asked for: a busy server sends a million of them.
std::vector<Mark> marks_of(const World& world, const Times& asked) {
  std::vector<Mark> marks;
  if (asked.empty()) return marks;
  std::unordered_set<std::uint32_t> wanted;
  bool all_tracked = true;
  each_mark(world, [&](std::uint32_t id, Ticks time, std::uint32_t tracking, const auto&) {
    all_tracked = all_tracked && tracking != 0;
    if (id == 650 && any_within(asked, time, time + longest_batch)) wanted.insert(tracking);
  });
  each_mark(world, [&](std::uint32_t id, Ticks time, std::uint32_t tracking, const auto& record) {
    if (all_tracked && !wanted.contains(tracking)) return;
    marks.push_back(
        {time, tracking, static_cast<std::int16_t>(world.connector_of(record)), static_cast<std::uint16_t>(id)});
  });
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::tie(a.time, a.event_id, a.tracking, a.connector) <
           std::tie(b.time, b.event_id, b.tracking, b.connector);
  });
  return marks;
}

}  // namespace

Batches::Batches(const World& world, const Times& asked) {
  std::unordered_map<std::uint32_t, std::size_t> by_tracking;  // open ones
  std::map<int, std::size_t> by_connector;
  for (const Mark& mark : marks_of(world, asked)) {
    if (mark.event_id == 650) {
      if (mark.tracking != 0) by_tracking[mark.tracking] = all_.size();
      by_connector[mark.connector] = all_.size();
      all_.push_back({mark.time, no_time, 0, mark.tracking, mark.connector});
      continue;
    }
    const auto tracked = mark.tracking == 0 ? by_tracking.end() : by_tracking.find(mark.tracking);
    const auto open = by_connector.find(mark.connector);
    Batch* batch = nullptr;
    if (tracked != by_tracking.end()) {
      batch = &all_[tracked->second];
      by_tracking.erase(tracked);
    } else if (open != by_connector.end() && (mark.tracking == 0 || all_[open->second].tracking == 0)) {
      batch = &all_[open->second];
    }
    if (batch == nullptr || batch->end != no_time) continue;
    batch->end = mark.time;
    batch->end_id = mark.event_id;
  }
}

const Batch* Batches::of(const UserEvent& request) const {
  if (request.time == no_time) return nullptr;
  auto at = std::upper_bound(all_.begin(), all_.end(), request.time,
                             [](Ticks time, const Batch& batch) { return time < batch.begin; });
  for (std::ptrdiff_t looked = 0; at != all_.begin() && looked < most_open; ++looked) {
    --at;
    if (request.time - at->begin > longest_batch) return nullptr;
    const bool other =
        at->connector != request.connector && at->connector != all_connectors && request.connector != all_connectors;
    if (other || (at->end != no_time && at->end < request.time)) continue;
    return &*at;
  }
  return nullptr;
}

}  // namespace synclens::correlate
