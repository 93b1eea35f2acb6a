// Whether letters stand in bytes of which nobody knows the encoding, in any case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "synclens/bytes.hpp"

namespace synclens::evtx {

// As one byte each or in UTF-16LE. `letters`: of ASCII, in lower case, one at least. May also say so of what is no
// text.
[[nodiscard]] inline bool may_hold_letters(ByteView bytes, std::string_view letters) {
  constexpr unsigned other_case = 0x20;
  const std::uint8_t* const end = bytes.data() + bytes.size();
  const auto go_on = [&](const std::uint8_t* at, std::size_t width) {
    if (static_cast<std::size_t>(end - at) <= (letters.size() - 1) * width) return false;
    for (std::size_t i = 1; i < letters.size(); ++i) {
      if ((at[i * width] | other_case) != static_cast<unsigned char>(letters[i])) return false;
    }
    return true;
  };
  // few texts have the first letter at all
  const unsigned first = static_cast<unsigned char>(letters.front());
  for (const unsigned letter : {first, first ^ other_case}) {
    const std::uint8_t* at = bytes.data();
    while (at != end) {
      const void* const found = std::memchr(at, static_cast<int>(letter), static_cast<std::size_t>(end - at));
      if (found == nullptr) break;
      at = static_cast<const std::uint8_t*>(found);
      if (go_on(at, 1) || go_on(at, 2)) return true;
      ++at;
    }
  }
  return false;
}

}  // namespace synclens::evtx
