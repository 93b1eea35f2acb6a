#include "decode/utf16_wide.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <bit>

namespace synclens::evtx {
namespace {

template <Escape escape>
__attribute__((target("avx2"))) std::size_t run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i + 32 <= units; i += 32) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 2 * i));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 2 * i + 32));
    // Narrowing saturates: what is no ASCII becomes a byte from 0x80 up, below zero here, or NUL.
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + i), bytes);
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
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('&')));
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('<')));
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('>')));
    }
    if constexpr (escape == Escape::xml_attribute) {
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')));
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\'')));
    }
    const auto special = static_cast<unsigned>(_mm256_movemask_epi8(found));
    if (special != 0) return i + static_cast<std::size_t>(std::countr_zero(special));
  }
  return i;
}

}  // namespace

bool has_wide_text() {
  return __builtin_cpu_supports("avx2") != 0;
}

std::size_t narrow_wide(const std::uint8_t* from, std::size_t units, char* to, Escape escape) {
  switch (escape) {
    case Escape::xml_text:
      return run<Escape::xml_text>(from, units, to);
    case Escape::xml_attribute:
      return run<Escape::xml_attribute>(from, units, to);
    case Escape::json:
      return run<Escape::json>(from, units, to);
    case Escape::plain:
      break;
  }
  return run<Escape::plain>(from, units, to);
}

}  // namespace synclens::evtx

#else

namespace synclens::evtx {

bool has_wide_text() {
  return false;
}

std::size_t narrow_wide(const std::uint8_t*, std::size_t, char*, Escape) {
  return 0;
}

}  // namespace synclens::evtx

#endif
