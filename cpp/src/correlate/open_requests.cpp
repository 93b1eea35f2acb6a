// Pings and batches (650, 653) that nothing answered (651, 652, 654, 655), or not within thirty minutes.
#include <algorithm>
#include <map>
#include <tuple>

#include "correlate/world.hpp"

namespace synclens::correlate {
namespace {

constexpr Ticks timely = 30 * ticks_per_minute;

bool begins(std::uint32_t id) {
  return id == 650 || id == 653;
}
bool answers(std::uint32_t id) {
  return id == 651 || id == 652 || id == 654 || id == 655;
}

// Of one request in several exports, the one whose time is the most exact, then the first.
bool speaks_for(const Fact& a, const Fact& b) {
  const auto rank = [](const Fact& f) { return std::make_tuple(f.time % ticks_per_second == 0, f.time, f.source); };
  return rank(a) < rank(b);
}

// First the requests that may be open: those whose answer was not met beside them. An answered request and its answer
// cancel each other, in whichever order a file has them, so that few are held at any time.
class Suspects {
 public:
  void take(std::uint32_t id, std::uint32_t tracking, Ticks time, const auto& as_fact) {
    if (tracking == 0 || time == no_time || (!begins(id) && !answers(id))) return;
    Pair& pair = pairs_[tracking];
    if (begins(id)) {
      const Fact fact = as_fact();
      if (!pair.has_request || speaks_for(fact, pair.request)) pair.request = fact;
      pair.has_request = true;
    } else {
      pair.answered = pair.answered == no_time ? time : std::min(pair.answered, time);
    }
    if (!pair.has_request || pair.answered == no_time) return;
    if (pair.answered - pair.request.time > timely) late_.emplace(tracking, pair.request);
    pairs_.erase(tracking);
  }

  [[nodiscard]] std::map<std::uint32_t, OpenRequest> found() const {
    std::map<std::uint32_t, OpenRequest> open;
    for (const auto& [tracking, pair] : pairs_) {
      if (pair.has_request) open[tracking].fact = pair.request;
    }
    for (const auto& [tracking, request] : late_) {
      const auto [at, added] = open.try_emplace(tracking, OpenRequest{request, no_time});
      if (!added && speaks_for(request, at->second.fact)) at->second.fact = request;
    }
    return open;
  }

 private:
  struct Pair {
    bool has_request = false;
    Fact request;
    Ticks answered = no_time;
  };
  std::unordered_map<std::uint32_t, Pair> pairs_;
  std::map<std::uint32_t, Fact> late_;
};

template <typename Use>
void each_record(const World& w, const Facts& facts, const Use& use) {
  for (const Fact* f : w.events) {
    if (f->password_sync_provider) use(f->event_id, f->tracking, f->time, [&] { return *f; });
  }
  facts.ordinary.for_each(
      [&](const OrdinaryRecord& r) { use(r.kind->event_id, r.tracking, r.time, [&] { return recalled(r); }); });
}

}  // namespace

void find_open_requests(World& w, const Facts& facts) {
  Suspects suspects;
  each_record(w, facts, [&](std::uint32_t id, std::uint32_t tracking, Ticks time, const auto& as_fact) {
    suspects.take(id, tracking, time, as_fact);
  });
  std::map<std::uint32_t, OpenRequest> open = suspects.found();
  if (open.empty()) return;
  // Then whether another source has the answer.
  each_record(w, facts, [&](std::uint32_t id, std::uint32_t tracking, Ticks time, const auto&) {
    if (tracking == 0 || time == no_time || !answers(id)) return;
    const auto request = open.find(tracking);
    if (request == open.end()) return;
    Ticks& answered = request->second.answered;
    answered = answered == no_time ? time : std::min(answered, time);
  });
  for (const auto& [tracking, request] : open) {
    if (request.answered == no_time || request.answered - request.fact.time > timely)
      w.open_requests.push_back(request);
  }
  std::sort(w.open_requests.begin(), w.open_requests.end(), [](const OpenRequest& a, const OpenRequest& b) {
    return std::tie(a.fact.time, a.fact.tracking) < std::tie(b.fact.time, b.fact.tracking);
  });
}

}  // namespace synclens::correlate
