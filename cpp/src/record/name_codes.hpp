// Codes for names that repeat, in the order in which they are first seen.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "synclens/columns.hpp"

namespace synclens {

class NameCodes {
 public:
  // Throws LimitExceeded past 1 GiB of distinct values; `column` is named there.
  [[nodiscard]] std::int32_t code(std::string_view value, EventColumn column, Dictionary& dictionary);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  static constexpr std::size_t recent_count = 64;
  std::array<std::int32_t, recent_count> recent_{};  // code + 1 of the last value of that hash
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

}  // namespace synclens
