// Text values with the vectors that not every machine has, for loops that are made twice and chosen between at run
// time.
//
// What is written once for both is a function that is always inlined, with one of these for its texts: inside a
// function marked SYNCLENS_WIDE all of it is compiled for the wider machine.
#pragma once

#include <cstdint>

#include "decode/utf16_blocks.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define SYNCLENS_WIDE __attribute__((target("avx2,bmi,bmi2")))
#define SYNCLENS_WIDE_LOOP __attribute__((target("avx2,bmi,bmi2"), flatten))
#endif
#if defined(__GNUC__)
#define SYNCLENS_ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define SYNCLENS_ALWAYS_INLINE inline
#endif

namespace synclens::evtx {

// On any machine; `vectors` false: without any.
struct UsualText {
  bool vectors = true;
  template <Escape escape>
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE char* put(char* to, const std::uint8_t* from, std::size_t bytes) const {
    return put_text_value<escape>(to, from, bytes, vectors);
  }
};

#if defined(__x86_64__)

// For thirty-two UTF-16 units written as bytes: bit i says that unit i may need more than a copy.
template <Escape escape>
[[nodiscard]] SYNCLENS_WIDE inline std::uint32_t narrow_32(const std::uint8_t* from, char* to) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32));
  // Narrowing saturates: what is no ASCII becomes a byte from 0x80 up, below zero here, or NUL.
  const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xD8);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bytes);
  __m256i found = _mm256_cmpgt_epi8(_mm256_set1_epi8(escape == Escape::plain ? 1 : 0x20), bytes);
  if constexpr (escape == Escape::xml_text) {
    const __m256i tab_or_feed = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\t')),
                                                _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')));
    const __m256i returns = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r'));
    found = _mm256_andnot_si256(_mm256_or_si256(tab_or_feed, returns), found);
  }
  if constexpr (escape == Escape::json) {
    found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')));
    found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')));
  }
  if constexpr (escape == Escape::xml_text || escape == Escape::xml_attribute) {
    // '<' and '>' differ in one bit.
    const __m256i angles = _mm256_cmpeq_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8(2)), _mm256_set1_epi8('>'));
    found = _mm256_or_si256(found, _mm256_or_si256(angles, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('&'))));
  }
  if constexpr (escape == Escape::xml_attribute) {
    found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')));
    found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\'')));
  }
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(found));
}

// Only inside a function marked SYNCLENS_WIDE.
struct WideText {
  template <Escape escape>
  [[nodiscard]] SYNCLENS_WIDE inline char* put(char* to, const std::uint8_t* from, std::size_t bytes) const {
    const std::size_t units = bytes / 2;
    if (units <= 2 * block) [[likely]] {
      const std::uint32_t special = narrow_32<escape>(from, to);
      if (_bzhi_u32(special, static_cast<std::uint32_t>(units)) == 0) return to + units;
      const std::size_t shown = units_without_nuls(from, bytes);
      if (_bzhi_u32(special, static_cast<std::uint32_t>(shown)) == 0) return to + shown;
    }
    return put_utf16<escape>(to, from, units_without_nuls(from, bytes));
  }
};

#endif

}  // namespace synclens::evtx
