#include "correlate/latest_events.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace synclens::correlate {

void LatestEvents::add(const LatestEvent& event, std::size_t most, const OrdinaryRecords& ordinary) {
  if (events_.size() == events_.capacity()) events_.reserve(std::min(2 * events_.size() + 1, 2 * most));
  events_.push_back(event);
  if (events_.size() >= 2 * most) cut(most, ordinary);
}

std::vector<UserEvent> LatestEvents::take(std::size_t most, const OrdinaryRecords& ordinary) {
  cut(most, ordinary);
  std::vector<UserEvent> taken;
  taken.reserve(events_.size());
  for (const LatestEvent& e : std::exchange(events_, {})) {
    UserEvent event;
    event.time = e.time;
    event.ordinary.kind = &ordinary.kinds()[e.kind];
    event.ordinary.kind_index = e.kind;
    event.ordinary.time = e.time;
    event.ordinary.record_id = e.record_id;
    event.ordinary.offset = e.offset;
    event.ordinary.line = e.line;
    event.ordinary.tracking = e.tracking;
    event.event_id = event.ordinary.kind->event_id;
    event.line = ordinary.user_lines()[e.user_line];
    event.connector = e.connector;
    taken.push_back(event);
  }
  return taken;
}

// Of the same line in the same second: as many as the export has that holds most of them, the exact one if equal.
void LatestEvents::cut(std::size_t most, const OrdinaryRecords& ordinary) {
  const auto kind = [&](const LatestEvent& e) -> const OrdinaryKind& { return ordinary.kinds()[e.kind]; };
  const auto group = [&](const LatestEvent& e) {
    return std::make_tuple(e.time / ticks_per_second, kind(e).event_id, e.user_line);
  };
  const auto source = [&](const LatestEvent& e) { return kind(e).source; };
  std::sort(events_.begin(), events_.end(), [&](const LatestEvent& a, const LatestEvent& b) {
    return std::make_tuple(group(a), source(a), a.time) < std::make_tuple(group(b), source(b), b.time);
  });
  std::vector<LatestEvent> kept;
  for (auto at = events_.begin(); at != events_.end();) {
    const auto end = std::find_if(at, events_.end(), [&](const LatestEvent& e) { return group(e) != group(*at); });
    auto best = std::make_pair(at, at);
    for (auto from = at; from != end;) {
      const auto to = std::find_if(from, end, [&](const LatestEvent& e) { return source(e) != source(*from); });
      const auto rank = [](const auto& range) {
        return std::make_pair(range.second - range.first,
                              range.first != range.second && range.first->time % ticks_per_second != 0);
      };
      if (rank(std::make_pair(from, to)) > rank(best)) best = {from, to};
      from = to;
    }
    kept.insert(kept.end(), best.first, best.second);
    at = end;
  }
  std::sort(kept.begin(), kept.end(), [&](const LatestEvent& a, const LatestEvent& b) {
    return std::make_tuple(a.time, a.record_id, kind(a).event_id) <
           std::make_tuple(b.time, b.record_id, kind(b).event_id);
  });
  if (kept.size() > most) kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(most));
  events_.assign(kept.begin(), kept.end());  // with the room that it has
}

}  // namespace synclens::correlate
