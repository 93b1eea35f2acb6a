#include "correlate/ordinary_thinning.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>

#include "correlate/untracked_requests.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t none = ~std::size_t{0};

// One record of the block. A ping or a batch that was answered in time has its other half.
struct Item {
  Ticks time = no_time;
  std::size_t kind = 0;
  std::size_t other = none;
  bool stays = false;
};

struct Half {
  std::size_t request = none, answer = none;
  bool more = false;  // than one of either: an id that is used again says nothing
};

bool belong_together(const OrdinaryKind& request, const OrdinaryKind& answer) {
  return is_of_a_ping(request.event_id) == is_of_a_ping(answer.event_id) && request.connector == answer.connector &&
         request.server == answer.server;
}

std::uint64_t who(const UserLine& line) {
  return std::uint64_t{line.anchor} << 32 | line.dn;
}

class Thinning {
 public:
  Thinning(const std::deque<OrdinaryKind>& kinds, const std::vector<UserLine>& lines, Times asked)
      : kinds_(kinds), lines_(lines), asked_(std::move(asked)) {}

  void read(const OrdinaryBlock& block) {
    OrdinaryBlockReader reader(block, kinds_);
    while (reader.next()) take(reader.record());
    pair();
    for (const auto& [time, user] : requests_) {
      const auto result = results_.find(user);
      if (result == results_.end() || result->second < time) asked_.push_back(time);
    }
    std::sort(asked_.begin(), asked_.end());
  }

  // Whether each record stays, in the order of the block.
  const std::vector<Item>& choose() {
    std::map<std::size_t, std::vector<std::size_t>> of_kinds;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Item& item = items_[i];
      item.stays = item.other == none;
      if (!item.stays) of_kinds[item.kind].push_back(i);
    }
    for (auto& [kind, items] : of_kinds) choose_of(items);
    for (Item& item : items_) {
      if (item.other == none) continue;
      Item& other = items_[item.other];
      // a batch in which a question falls
      const auto [from, to] = std::minmax(item.time, other.time);
      if (any_within(asked_, from, to)) item.stays = true;
      item.stays = other.stays = item.stays || other.stays;
    }
    return items_;
  }

 private:
  void take(const OrdinaryRecord& record) {
    const OrdinaryKind& kind = *record.kind;
    items_.push_back({record.time, record.kind_index});
    for (const std::uint32_t user : record.users) {
      const UserLine& line = lines_[user];
      if (kind.event_id == 656) requests_.emplace_back(record.time, who(line));
      if (kind.event_id != 657) continue;
      const auto [found, added] = results_.try_emplace(who(line), record.time);
      if (!added) found->second = std::max(found->second, record.time);
    }
    const bool of_a_pair = begins_request(kind.event_id) || answers_request(kind.event_id);
    if (!of_a_pair || record.tracking == 0 || kind.connector == nobody) return;
    Half& half = halves_[record.tracking];
    std::size_t& mine = begins_request(kind.event_id) ? half.request : half.answer;
    half.more = half.more || mine != none;
    mine = items_.size() - 1;
  }

  void pair() {
    for (const auto& [tracking, half] : halves_) {
      if (half.more || half.request == none || half.answer == none) continue;
      Item& request = items_[half.request];
      Item& answer = items_[half.answer];
      const Ticks took = answer.time - request.time;
      if (took < 0 || took > timely_answer || !belong_together(kinds_[request.kind], kinds_[answer.kind])) continue;
      request.other = half.answer;
      answer.other = half.request;
    }
  }

  // Those of one kind.
  void choose_of(std::vector<std::size_t>& items) {
    std::stable_sort(items.begin(), items.end(),
                     [&](std::size_t a, std::size_t b) { return items_[a].time < items_[b].time; });
    items_[items.front()].stays = items_[items.back()].stays = true;
    for (std::size_t i = 1; i < items.size(); ++i) {
      Item& before = items_[items[i - 1]];
      Item& item = items_[items[i]];
      if (before.time / ticks_per_minute != item.time / ticks_per_minute) item.stays = true;
      if (item.time - before.time >= ticks_per_minute || any_within(asked_, before.time, item.time))
        before.stays = item.stays = true;
    }
  }

  const std::deque<OrdinaryKind>& kinds_;
  const std::vector<UserLine>& lines_;
  Times asked_;
  std::vector<Item> items_;
  std::unordered_map<std::uint32_t, Half> halves_;  // by TrackingID
  std::vector<std::pair<Ticks, std::uint64_t>> requests_;
  std::unordered_map<std::uint64_t, Ticks> results_;  // the last of each user
};

}  // namespace

OrdinaryBlock thinned(const OrdinaryBlock& block, const std::deque<OrdinaryKind>& kinds,
                      const std::vector<UserLine>& lines, Times asked) {
  Thinning thinning(kinds, lines, std::move(asked));
  thinning.read(block);
  const std::vector<Item>& items = thinning.choose();
  OrdinaryBlock kept;
  OrdinaryBlockReader reader(block, kinds);
  for (std::size_t i = 0; reader.next(); ++i) {
    if (items[i].stays) kept.add(reader.record());
  }
  kept.give_back_room();
  return kept;
}

}  // namespace synclens::correlate
