#include "read/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace synclens {

void append_utf8(char32_t c, std::string& out) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = replacement_character;
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

Utf8Step utf8_step(ByteView bytes) {
  const std::uint8_t first = bytes[0];
  if (first < 0x80) return {1, true, false};
  std::uint8_t length = 0;
  std::uint8_t low = 0x80;  // bounds of the second byte: they keep out long forms, surrogates and what is past U+10FFFF
  std::uint8_t high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {1, false, false};
  }
  for (std::uint8_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {i, false, true};
    if (bytes[i] < low || bytes[i] > high) return {i, false, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true, false};
}

std::string_view without_cut_character(std::string_view text) {
  std::size_t start = text.size();
  for (std::size_t back = 1; back <= std::min<std::size_t>(4, text.size()); ++back) {
    if ((static_cast<unsigned char>(text[text.size() - back]) & 0xC0) == 0x80) continue;
    start = text.size() - back;
    break;
  }
  if (start == text.size() || !utf8_step(as_bytes(text.substr(start))).cut) return text;
  return text.substr(0, start);
}

std::size_t plain_ascii_prefix(ByteView bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + i, 8);
    if ((eight & high_bits) != 0 || ((eight - ones) & ~eight & high_bits) != 0) break;
  }
  while (i < bytes.size() && bytes[i] != 0 && bytes[i] < 0x80) ++i;
  return i;
}

char32_t windows1252(std::uint8_t byte) {
  static constexpr std::array<char16_t, 32> upper = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                                     0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  return byte >= 0x80 && byte < 0xA0 ? char32_t{upper[byte - 0x80u]} : char32_t{byte};
}

}  // namespace synclens
