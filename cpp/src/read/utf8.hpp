// Putting UTF-8 together and looking whether it is valid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "synclens/bytes.hpp"

namespace synclens {

inline constexpr char32_t replacement_character = 0xFFFD;

// Appends `c`; a surrogate or a value past U+10FFFF is appended as U+FFFD.
void append_utf8(char32_t c, std::string& out);

struct Utf8Step {
  std::uint8_t length = 1;  // bytes of the sequence, or of its longest valid beginning (at least 1)
  bool valid = false;
  bool cut = false;  // what is there is valid, but the bytes end inside the sequence
};
// The sequence at the front of `bytes`, which must not be empty.
[[nodiscard]] Utf8Step utf8_step(ByteView bytes);

// Text that was valid until it was cut somewhere: without the character at its end that lost bytes.
[[nodiscard]] std::string_view without_cut_character(std::string_view text);

// How many bytes from the front are ASCII and not zero.
[[nodiscard]] std::size_t plain_ascii_prefix(ByteView bytes);

// The character that Windows-1252 means by a byte of 0x80 to 0xFF; U+FFFD for the five it leaves open.
[[nodiscard]] char32_t windows1252(std::uint8_t byte);

}  // namespace synclens
