// Sixteen characters at a time: narrowed to bytes, with the test for what cannot be copied in the same pass.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>

#include "decode/binxml_cursor.hpp"
#include "decode/utf16.hpp"

#if defined(__x86_64__)
#include <emmintrin.h>
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#include <arm_neon.h>
#endif

namespace synclens::evtx {

template <Escape escape>
[[nodiscard]] constexpr bool stands_for_itself(std::uint32_t c) {
  if (c >= 0x80) return false;
  if constexpr (escape == Escape::plain) return true;
  if (escape == Escape::xml_text && (c == '\t' || c == '\n' || c == '\r')) return true;
  if (c < 0x20) return false;
  if constexpr (escape == Escape::json) return c != '"' && c != '\\';
  if (c == '&' || c == '<' || c == '>') return false;
  if constexpr (escape == Escape::xml_attribute) return c != '"' && c != '\'';
  return true;
}

inline constexpr std::size_t block = 16;

// narrow() reads sixteen UTF-16 units and writes sixteen bytes; bit i of the result: unit i may need more than a copy.
// narrow_bytes() does the same for bytes.
#if defined(__x86_64__)

template <Escape escape>
[[nodiscard]] inline unsigned to_look_at(__m128i c) {
  const auto is = [&](char x) { return _mm_cmpeq_epi8(c, _mm_set1_epi8(x)); };
  // Bytes from 0x80 up are below zero here. Narrowing saturates units above 0xFF to bytes from 0x80 up, or to NUL.
  __m128i found = _mm_cmplt_epi8(c, _mm_set1_epi8(escape == Escape::plain ? 1 : 0x20));
  if constexpr (escape == Escape::xml_text) {
    found = _mm_andnot_si128(_mm_or_si128(is('\t'), _mm_or_si128(is('\n'), is('\r'))), found);
  }
  if constexpr (escape == Escape::json) found = _mm_or_si128(found, _mm_or_si128(is('"'), is('\\')));
  if constexpr (escape == Escape::xml_text || escape == Escape::xml_attribute) {
    const __m128i angles = _mm_cmpeq_epi8(_mm_or_si128(c, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
    found = _mm_or_si128(found, _mm_or_si128(angles, is('&')));
  }
  if constexpr (escape == Escape::xml_attribute) found = _mm_or_si128(found, _mm_or_si128(is('"'), is('\'')));
  return static_cast<unsigned>(_mm_movemask_epi8(found));
}
template <Escape escape>
[[nodiscard]] inline unsigned narrow(const std::uint8_t* from, char* to) {
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16));
  const __m128i bytes = _mm_packus_epi16(a, b);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  return to_look_at<escape>(bytes);
}
template <Escape escape>
[[nodiscard]] inline unsigned narrow_bytes(const std::uint8_t* from, char* to) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  return to_look_at<escape>(bytes);
}

#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

template <Escape escape>
[[nodiscard]] inline unsigned to_look_at(uint8x16_t c) {
  const auto is = [&](char x) { return vceqq_u8(c, vdupq_n_u8(static_cast<std::uint8_t>(x))); };
  uint8x16_t found = vcltq_u8(c, vdupq_n_u8(escape == Escape::plain ? 1 : 0x20));
  if constexpr (escape == Escape::xml_text) {
    found = vbicq_u8(found, vorrq_u8(is('\t'), vorrq_u8(is('\n'), is('\r'))));
  }
  found = vorrq_u8(found, vcgeq_u8(c, vdupq_n_u8(0x80)));
  if constexpr (escape == Escape::json) found = vorrq_u8(found, vorrq_u8(is('"'), is('\\')));
  if constexpr (escape == Escape::xml_text || escape == Escape::xml_attribute) {
    found = vorrq_u8(found, vorrq_u8(is('&'), vorrq_u8(is('<'), is('>'))));
  }
  if constexpr (escape == Escape::xml_attribute) found = vorrq_u8(found, vorrq_u8(is('"'), is('\'')));
  static constexpr std::uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t set = vandq_u8(found, vld1q_u8(bits));
  return static_cast<unsigned>(vaddv_u8(vget_low_u8(set))) | static_cast<unsigned>(vaddv_u8(vget_high_u8(set))) << 8;
}
template <Escape escape>
[[nodiscard]] inline unsigned narrow(const std::uint8_t* from, char* to) {
  const uint16x8_t a = vreinterpretq_u16_u8(vld1q_u8(from));
  const uint16x8_t b = vreinterpretq_u16_u8(vld1q_u8(from + 16));
  const uint8x16_t bytes = vcombine_u8(vqmovn_u16(a), vqmovn_u16(b));
  vst1q_u8(reinterpret_cast<std::uint8_t*>(to), bytes);
  return to_look_at<escape>(bytes);
}
template <Escape escape>
[[nodiscard]] inline unsigned narrow_bytes(const std::uint8_t* from, char* to) {
  const uint8x16_t bytes = vld1q_u8(from);
  vst1q_u8(reinterpret_cast<std::uint8_t*>(to), bytes);
  return to_look_at<escape>(bytes);
}

#else

template <Escape escape>
[[nodiscard]] inline unsigned narrow(const std::uint8_t* from, char* to) {
  unsigned found = 0;
  for (unsigned i = 0; i < block; ++i) {
    const std::uint32_t c = load<std::uint16_t>(from + 2 * i);
    to[i] = static_cast<char>(c);
    found |= static_cast<unsigned>(!stands_for_itself<escape>(c)) << i;
  }
  return found;
}
template <Escape escape>
[[nodiscard]] inline unsigned narrow_bytes(const std::uint8_t* from, char* to) {
  unsigned found = 0;
  for (unsigned i = 0; i < block; ++i) {
    to[i] = static_cast<char>(from[i]);
    found |= static_cast<unsigned>(!stands_for_itself<escape>(from[i])) << i;
  }
  return found;
}

#endif

// What is written for an ASCII character: itself, or what stands for it. Copied at once.
struct WrittenAscii {
  char text[7] = {};
  std::uint8_t size = 0;
};
extern const std::array<std::array<WrittenAscii, 128>, 4> written_ascii;  // by Escape

[[nodiscard]] inline char* put_ascii(char* to, std::uint8_t c, Escape escape) {
  const WrittenAscii& written = written_ascii[static_cast<std::size_t>(escape)][c];
  std::memcpy(to, &written, sizeof written);
  return to + written.size;
}

// Characters that need more than a copy, and those behind them up to the next that does not: at least one is taken.
// `from` and `units` move on.
[[nodiscard]] char* put_special(char* to, const std::uint8_t*& from, std::size_t& units, Escape escape);
[[nodiscard]] char* put_special_ansi(char* to, const std::uint8_t*& from, std::size_t& bytes, Escape escape);

// The same text without vectors, and with those that not every machine has. For long texts and for tests.
[[nodiscard]] char* put_utf16_plainly(char* to, const std::uint8_t* from, std::size_t units, Escape escape);
[[nodiscard]] char* put_ansi_plainly(char* to, const std::uint8_t* from, std::size_t bytes, Escape escape);
[[nodiscard]] char* put_long_utf16(char* to, const std::uint8_t* from, std::size_t units, Escape escape);

// What utf16_kernel() says.
extern std::atomic<Utf16Kernel> utf16_kernel_in_use;

inline constexpr std::size_t widest_of_unit = 6;   // bytes that one unit, or byte, of text can become
inline constexpr std::size_t written_behind = 32;  // that many more may be written behind a text
inline constexpr std::size_t long_text = 64;

// Whether a character is written as itself; for a byte of Windows-1252 or a UTF-16 unit.
[[nodiscard]] inline bool is_copied(std::uint32_t c, Escape escape) {
  return c < 0x80 && written_ascii[static_cast<std::size_t>(escape)][c].size == 1;
}

// Copies units that stand for themselves from the front, a block at a time, and returns how many.
template <Escape escape>
[[nodiscard]] inline std::size_t narrow_run(const std::uint8_t* from, std::size_t units, char* to) {
  for (std::size_t i = 0;; i += block) {
    if (i + block > units) return i;
    if (const unsigned special = narrow<escape>(from + 2 * i, to + i); special != 0) {
      return i + static_cast<std::size_t>(std::countr_zero(special));
    }
  }
}

// The same where the first is mostly ASCII.
template <Escape escape>
[[nodiscard]] inline char* put_next(char* to, const std::uint8_t*& from, std::size_t& units) {
  const auto c = load<std::uint16_t>(from);
  if (c >= 0x80) return put_special(to, from, units, escape);
  from += 2;
  --units;
  return put_ascii(to, static_cast<std::uint8_t>(c), escape);
}

// Writes to room for widest_of_unit bytes a unit and `written_behind` more; returns where the text ends.
// `readable_behind` bytes behind the text must be readable.
template <Escape escape>
[[nodiscard]] inline char* put_utf16(char* to, const std::uint8_t* from, std::size_t units) {
  if (units == 0) return to;
  if (utf16_kernel() == Utf16Kernel::scalar) [[unlikely]]
    return put_utf16_plainly(to, from, units, escape);
  if (units >= long_text) return put_long_utf16(to, from, units, escape);
  while (true) {
    unsigned special = narrow<escape>(from, to);
    if (units <= block) {
      special &= (2u << (units - 1)) - 1;
      if (special == 0) return to + units;
    } else if (special == 0) {
      from += 2 * block;
      to += block;
      units -= block;
      continue;
    }
    const auto plain = static_cast<std::size_t>(std::countr_zero(special));
    from += 2 * plain;
    units -= plain;
    to = put_next<escape>(to + plain, from, units);
    if (units == 0) return to;
  }
}

// Without NULs at the end, which many writers count in.
[[nodiscard]] inline std::size_t units_without_nuls(const std::uint8_t* utf16, std::size_t bytes) {
  std::size_t units = bytes / 2;
  while (units != 0 && load<std::uint16_t>(utf16 + 2 * units - 2) == 0) --units;
  return units;
}

// The text of a value, which may end in NULs. Most are short and all of one kind, and then nothing depends on how long
// they are: two blocks are narrowed, and what is no text of this value does not count.
template <Escape escape>
[[nodiscard]] inline char* put_text_value(char* to, const std::uint8_t* from, std::size_t bytes, bool vectors) {
  const std::size_t units = bytes / 2;
  if (units <= 2 * block && vectors) [[likely]] {
    const std::uint64_t special = narrow<escape>(from, to) | std::uint64_t{narrow<escape>(from + 2 * block, to + block)}
                                                                 << block;
    const auto none_in = [special](std::size_t count) { return (special & ((std::uint64_t{1} << count) - 1)) == 0; };
    if (none_in(units)) return to + units;
    const std::size_t shown = units_without_nuls(from, bytes);
    if (none_in(shown)) return to + shown;
  }
  return put_utf16<escape>(to, from, units_without_nuls(from, bytes));
}

// The same for bytes of Windows-1252.
template <Escape escape>
[[nodiscard]] inline char* put_ansi(char* to, const std::uint8_t* from, std::size_t bytes) {
  if (utf16_kernel() == Utf16Kernel::scalar) [[unlikely]]
    return put_ansi_plainly(to, from, bytes, escape);
  while (bytes != 0) {
    unsigned special = narrow_bytes<escape>(from, to);
    if (bytes < block) special &= (1u << bytes) - 1;
    const std::size_t plain =
        special == 0 ? (bytes < block ? bytes : block) : static_cast<std::size_t>(std::countr_zero(special));
    from += plain;
    to += plain;
    bytes -= plain;
    if (special == 0) continue;
    do {  // markup and line ends come close together
      if (*from >= 0x80) {
        to = put_special_ansi(to, from, bytes, escape);
      } else {
        to = put_ascii(to, *from++, escape);
        --bytes;
      }
    } while (bytes != 0 && !is_copied(*from, escape));
  }
  return to;
}

}  // namespace synclens::evtx
