// Strings kept once and known by number. Number 0 is the empty string, "not known".
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace synclens::correlate {

using Id = std::uint32_t;
inline constexpr Id nobody = 0;

class Names {
 public:
  Names() : texts_(1) {}

  Id add(std::string_view text) {
    if (text.empty()) return nobody;
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    const Id id = static_cast<Id>(texts_.size());
    texts_.emplace_back(text);
    ids_.emplace(texts_.back(), id);
    return id;
  }

  [[nodiscard]] Id find(std::string_view text) const {
    const auto found = ids_.find(text);
    return found == ids_.end() ? nobody : found->second;
  }

  [[nodiscard]] const std::string& operator[](Id id) const { return texts_[id]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // a deque, so that the keys below stay where they are
  std::unordered_map<std::string_view, Id> ids_;
};

}  // namespace synclens::correlate
