// The level of an event as servers write it.
#pragma once

#include <optional>
#include <string_view>

#include "decode/name_fold.hpp"

namespace synclens {

struct LevelWord {
  std::uint8_t level = 0;  // 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0 for audits
  Language language = Language::neutral;
};

// Nothing for a word of no language we know, or that an ASCII export made ambiguous.
[[nodiscard]] std::optional<LevelWord> level_of_word(std::string_view word);

}  // namespace synclens
