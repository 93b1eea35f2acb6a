#include "correlate/untracked_requests.hpp"

#include <algorithm>
#include <tuple>

#include "correlate/world.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_waiting = 256;  // of one connector within thirty minutes

bool is_timely(Ticks request, Ticks answer) {
  return answer >= request && answer - request <= timely_answer;
}

}  // namespace

bool begins_request(std::uint32_t id) {
  return id == 650 || id == 653;
}

bool answers_request(std::uint32_t id) {
  return id == 651 || id == 652 || id == 654 || id == 655;
}

bool is_of_a_ping(std::uint32_t id) {
  return id >= 653;
}

bool may_be_of_one_connector(int a, int b) {
  return a == b || a == all_connectors || b == all_connectors;
}

bool speaks_for(const Fact& a, const Fact& b) {
  const auto rank = [](const Fact& f) { return std::make_tuple(f.time % ticks_per_second == 0, f.time, f.source); };
  return rank(a) < rank(b);
}

void UntrackedRequests::request(const Fact& fact, int connector) {
  begin_source(fact.source);
  const Key key{is_of_a_ping(fact.event_id), connector};
  bool answered = false;
  each_lane(key, [&](const Lane& lane) {
    answered = answered || (lane.answered != no_time && is_timely(fact.time, lane.answered));
  });
  if (answered) return;
  Lane& lane = lanes_[key];
  let_go(key, lane, most_waiting - 1, fact.time);
  lane.waiting.push_back(fact);
}

void UntrackedRequests::answer(std::uint32_t id, std::uint32_t source, int connector, Ticks time) {
  begin_source(source);
  const Key key{is_of_a_ping(id), connector};
  each_lane(key,
            [&](Lane& lane) { std::erase_if(lane.waiting, [&](const Fact& f) { return is_timely(f.time, time); }); });
  lanes_[key].answered = time;
}

// Those that may be of the same connector.
template <typename Use>
void UntrackedRequests::each_lane(const Key& key, const Use& use) {
  if (key.second == all_connectors) {
    for (auto& [other, lane] : lanes_) {
      if (other.first == key.first) use(lane);
    }
    return;
  }
  for (const int connector : {key.second, all_connectors}) {
    const auto found = lanes_.find({key.first, connector});
    if (found != lanes_.end()) use(found->second);
  }
}

std::vector<std::pair<Fact, int>> UntrackedRequests::take() {
  begin_source(source_ + 1);
  std::vector<std::pair<Fact, int>> found;
  for (const auto& [key, fact] : open_) found.emplace_back(fact, std::get<0>(key).second);
  open_.clear();
  return found;
}

void UntrackedRequests::begin_source(std::uint32_t source) {
  if (source == source_) return;
  for (auto& [key, lane] : lanes_) let_go(key, lane, 0, no_time);
  lanes_.clear();
  source_ = source;
}

// What no record beside it can answer any more, and what is too much to wait with.
void UntrackedRequests::let_go(const Key& key, Lane& lane, std::size_t most, Ticks now) {
  const auto is_far = [&](const Fact& f) { return std::max(f.time, now) - std::min(f.time, now) > timely_answer; };
  while (!lane.waiting.empty() && (lane.waiting.size() > most || is_far(lane.waiting.front()))) {
    const Fact& fact = lane.waiting.front();
    const auto [at, added] = open_.try_emplace({key, fact.time / ticks_per_second}, fact);
    if (!added && speaks_for(fact, at->second)) at->second = fact;
    lane.waiting.pop_front();
  }
}

}  // namespace synclens::correlate
