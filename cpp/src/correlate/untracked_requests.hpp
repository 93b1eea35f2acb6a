// Pings and batches without a TrackingID, which are paired by kind, connector and time.
#pragma once

#include <deque>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "correlate/facts.hpp"

namespace synclens::correlate {

// Thirty minutes: what is answered later was not answered in time.
constexpr Ticks timely_answer = 30 * ticks_per_minute;

[[nodiscard]] bool begins_request(std::uint32_t id);   // 650, 653
[[nodiscard]] bool answers_request(std::uint32_t id);  // 651, 652, 654, 655
[[nodiscard]] bool is_of_a_ping(std::uint32_t id);     // 653, 654, 655; else of a batch
// Whether two records may be of one connector; all_connectors: not known of which.
[[nodiscard]] bool may_be_of_one_connector(int a, int b);

// Takes the records of one source after another, each in its own order, up or down. Keeps the requests that no answer
// beside them in their source closes, so that few are held of a log in which all is answered.
class UntrackedRequests {
 public:
  void request(const Fact& fact, int connector);
  void answer(std::uint32_t id, std::uint32_t source, int connector, Ticks time);
  // Those that may be open, each with its connector; one of them for two exports of it.
  [[nodiscard]] std::vector<std::pair<Fact, int>> take();

 private:
  struct Lane {
    std::deque<Fact> waiting;
    Ticks answered = no_time;  // the answer seen last
  };
  using Key = std::pair<bool, int>;  // whether of pings, and the connector

  template <typename Use>
  void each_lane(const Key& key, const Use& use);
  void begin_source(std::uint32_t source);
  void let_go(const Key& key, Lane& lane, std::size_t most, Ticks now);

  std::map<Key, Lane> lanes_;
  std::map<std::tuple<Key, Ticks>, Fact> open_;  // by second
  std::uint32_t source_ = 0;
};

// Of one request in several exports, the one whose time is the most exact, then the first.
[[nodiscard]] bool speaks_for(const Fact& a, const Fact& b);

}  // namespace synclens::correlate
