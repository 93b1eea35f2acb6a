// Whether a text is UTF-8, by a checker that shares nothing with the core.
#pragma once

#include <cstdint>
#include <string_view>

namespace support {

// Strict: no surrogates, nothing overlong, nothing above U+10FFFF.
[[nodiscard]] inline bool valid_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    if (*at < 0x80) {
      ++at;
      continue;
    }
    const unsigned lead = *at++;
    int more = 0;
    std::uint32_t code = 0, least = 0;
    if (lead >= 0xC2 && lead < 0xE0) {
      more = 1, code = lead & 0x1F, least = 0x80;
    } else if (lead >= 0xE0 && lead < 0xF0) {
      more = 2, code = lead & 0x0F, least = 0x800;
    } else if (lead >= 0xF0 && lead < 0xF5) {
      more = 3, code = lead & 0x07, least = 0x10000;
    } else {
      return false;
    }
    for (; more > 0; --more) {
      if (at == end || (*at & 0xC0) != 0x80) return false;
      code = code << 6 | (*at++ & 0x3Fu);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  }
  return true;
}

}  // namespace support
