// Pings and batches (650, 653) that nothing answered (651, 652, 654, 655), or not within thirty minutes. A TrackingID
// ties the two; where one of them has none, the next answer of that kind and connector counts.
#include <algorithm>
#include <map>
#include <tuple>

#include "correlate/thin_times.hpp"
#include "correlate/untracked_requests.hpp"
#include "correlate/world.hpp"

namespace synclens::correlate {
namespace {

// First the requests that may be open: those whose answer was not met beside them. An answered request and its answer
// cancel each other, in whichever order a file has them, so that few are held at any time.
class Suspects {
 public:
  void take(std::uint32_t id, std::uint32_t tracking, Ticks time, const auto& as_fact) {
    Pair& pair = pairs_[tracking];
    if (begins_request(id)) {
      const Fact fact = as_fact();
      if (!pair.has_request || speaks_for(fact, pair.request)) pair.request = fact;
      pair.has_request = true;
    } else {
      pair.answered = pair.answered == no_time ? time : std::min(pair.answered, time);
    }
    if (!pair.has_request || pair.answered == no_time) return;
    if (pair.answered - pair.request.time > timely_answer) late_.emplace(tracking, pair.request);
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

// A record of a ping or a batch: its request or its answer.
struct Part {
  std::uint32_t id, source, tracking;
  Ticks time;
};

// Calls `use` with each of them, with what tells its connector, and with what makes a fact of it.
template <typename Use>
void each_part(const World& w, const Facts& facts, const Use& use) {
  const auto is_part = [](std::uint32_t id) { return begins_request(id) || answers_request(id); };
  for (const Fact* f : w.events) {
    if (!f->password_sync_provider || !is_part(f->event_id) || f->time == no_time) continue;
    use(
        Part{f->event_id, f->source, f->tracking, f->time}, [&] { return w.connector_of(*f); }, [&] { return *f; });
  }
  facts.ordinary.for_each([&](const OrdinaryRecord& r) {
    if (!is_part(r.kind->event_id)) return;
    use(
        Part{r.kind->event_id, r.kind->source, r.tracking, r.time}, [&] { return w.connector_of(r); },
        [&] { return recalled(r); });
  });
}

// The times of answers by kind and connector, as far as the open requests can ask for them.
class Answers {
 public:
  explicit Answers(const Times& asked) : asked_(&asked) {}

  void add(const Part& part, int connector, bool whole_seconds) {
    thin_.try_emplace({is_of_a_ping(part.id), connector}, *asked_).first->second.add(part.time, whole_seconds);
  }
  void finish() {
    for (auto& [key, thin] : thin_) times_[key] = thin.take();
  }
  [[nodiscard]] Ticks first_to(const Fact& request, int connector) const {
    Ticks first = no_time;
    for (const auto& [key, times] : times_) {
      if (key.first != is_of_a_ping(request.event_id) || !may_be_of_one_connector(key.second, connector)) continue;
      const Ticks found = first_after(times, request.time - 1);
      if (found != no_time) first = first == no_time ? found : std::min(first, found);
    }
    return first;
  }

 private:
  using Key = std::pair<bool, int>;
  const Times* asked_;
  std::map<Key, ThinTimes> thin_;
  std::map<Key, Times> times_;
};

bool is_open(const OpenRequest& request) {
  return request.answered == no_time || request.answered - request.fact.time > timely_answer;
}

// Requests are ordinary records.
bool any_without_tracking(const Facts& facts) {
  return std::any_of(facts.ordinary.kinds().begin(), facts.ordinary.kinds().end(),
                     [](const OrdinaryKind& kind) { return !kind.tracked && begins_request(kind.event_id); });
}

}  // namespace

void find_open_requests(World& w, const Facts& facts) {
  Suspects suspects;
  UntrackedRequests untracked;
  const bool any_untracked = any_without_tracking(facts);
  each_part(w, facts, [&](const Part& part, const auto& connector, const auto& as_fact) {
    if (part.tracking != 0) suspects.take(part.id, part.tracking, part.time, as_fact);
    if (!any_untracked) return;
    if (answers_request(part.id)) {
      untracked.answer(part.id, part.source, connector(), part.time);
    } else if (part.tracking == 0) {
      untracked.request(as_fact(), connector());
    }
  });
  std::map<std::uint32_t, OpenRequest> tracked = suspects.found();
  const std::vector<std::pair<Fact, int>> bare = untracked.take();
  if (tracked.empty() && bare.empty()) return;

  // Then whether another source, or a record that stands elsewhere, has the answer.
  Times asked;
  for (const auto& [tracking, request] : tracked) asked.push_back(request.fact.time);
  for (const auto& [request, connector] : bare) asked.push_back(request.time);
  sort_once(asked);
  Answers of_any(asked);
  Answers of_nobody(asked);  // answers without a TrackingID
  each_part(w, facts, [&](const Part& part, const auto& connector, const auto&) {
    if (!answers_request(part.id)) return;
    const bool whole_seconds = !facts.sources[part.source].states_fractions;
    if (!bare.empty()) of_any.add(part, connector(), whole_seconds);
    if (part.tracking == 0) {
      of_nobody.add(part, connector(), whole_seconds);
      return;
    }
    const auto request = tracked.find(part.tracking);
    if (request == tracked.end()) return;
    Ticks& answered = request->second.answered;
    answered = answered == no_time ? part.time : std::min(answered, part.time);
  });
  of_any.finish();
  of_nobody.finish();
  for (auto& [tracking, request] : tracked) {
    const Ticks other = of_nobody.first_to(request.fact, w.connector_of(request.fact));
    if (is_open(request) && other != no_time)
      request.answered = request.answered == no_time ? other : std::min(request.answered, other);
    if (is_open(request)) w.open_requests.push_back(request);
  }
  for (const auto& [fact, connector] : bare) {
    const OpenRequest request{fact, of_any.first_to(fact, connector)};
    if (is_open(request)) w.open_requests.push_back(request);
  }
  std::sort(w.open_requests.begin(), w.open_requests.end(), [](const OpenRequest& a, const OpenRequest& b) {
    return std::tie(a.fact.time, a.fact.tracking) < std::tie(b.fact.time, b.fact.tracking);
  });
}

}  // namespace synclens::correlate
