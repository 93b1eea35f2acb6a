#include "decode/xml_unescape.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "read/utf8.hpp"

namespace synclens {
namespace {

struct Reference {
  std::size_t length = 0;
  char32_t character = 0;
};

Reference named(const char* at) {
  struct Known {
    std::string_view written;
    char32_t character;
  };
  static constexpr std::array<Known, 5> known = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  for (const Known& k : known) {
    if (std::strncmp(at, k.written.data(), k.written.size()) == 0) return {k.written.size(), k.character};
  }
  return {};
}

Reference reference_at(const char* at) {
  if (at[1] != '#') return named(at);
  constexpr std::size_t most_digits = 8;
  const bool hex = at[2] == 'x';
  const char* digit = at + (hex ? 3 : 2);
  const char* const first = digit;
  std::uint32_t value = 0;
  for (; *digit != ';'; ++digit) {
    if (static_cast<std::size_t>(digit - first) == most_digits) return {};
    std::uint32_t worth = 0;
    if (*digit >= '0' && *digit <= '9') {
      worth = static_cast<std::uint32_t>(*digit - '0');
    } else if (hex && ((*digit >= 'a' && *digit <= 'f') || (*digit >= 'A' && *digit <= 'F'))) {
      worth = static_cast<std::uint32_t>((*digit | 0x20) - 'a') + 10;
    } else {
      return {};
    }
    value = value * (hex ? 16 : 10) + worth;
  }
  if (digit == first || value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {static_cast<std::size_t>(digit - at) + 1, value};
}

}  // namespace

std::size_t reference_length(const char* at) {
  return reference_at(at).length;
}

std::size_t unescape_in_place(char* text, std::size_t size) {
  std::size_t read = 0, write = 0;
  std::string character;
  while (read < size) {
    const void* const found = std::memchr(text + read, '&', size - read);
    const std::size_t next = found == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(found) - text);
    if (write != read) std::memmove(text + write, text + read, next - read);
    write += next - read;
    read = next;
    if (read == size) break;
    const Reference reference = reference_at(text + read);
    character.clear();
    append_utf8(reference.character, character);
    std::memcpy(text + write, character.data(), character.size());
    write += character.size();
    read += reference.length;
  }
  return write;
}

}  // namespace synclens
