#include "decode/utf16_kernels.hpp"

#include <bit>

#include "decode/binxml_cursor.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#include <arm_neon.h>
#endif

namespace synclens::evtx::kernels {
namespace {

template <Escape escape>
constexpr bool stands_for_itself(std::uint32_t c) {
  if (c >= 0x80) return false;
  if constexpr (escape == Escape::plain) return true;
  if (c < 0x20) return false;
  if constexpr (escape == Escape::json) return c != '"' && c != '\\';
  if (c == '&' || c == '<' || c == '>') return false;
  if constexpr (escape == Escape::xml_attribute) return c != '"' && c != '\'';
  return true;
}

template <Escape escape>
std::size_t scalar_run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i < units; ++i) {
    const std::uint32_t c = load<std::uint16_t>(from + 2 * i);
    if (!stands_for_itself<escape>(c)) break;
    to[i] = static_cast<char>(c);
  }
  return i;
}

template <Escape escape>
std::size_t scalar_ansi(const std::uint8_t* from, std::size_t bytes, char* to) {
  std::size_t i = 0;
  for (; i < bytes && stands_for_itself<escape>(from[i]); ++i) to[i] = static_cast<char>(from[i]);
  return i;
}

#if defined(__x86_64__)

// One bit per byte of narrowed ASCII that must not be copied as it is.
template <Escape escape>
inline __m128i to_escape(__m128i c) {
  const auto is = [&](char x) { return _mm_cmpeq_epi8(c, _mm_set1_epi8(x)); };
  const __m128i control = _mm_cmplt_epi8(c, _mm_set1_epi8(0x20));  // ASCII only here: signed is right
  if constexpr (escape == Escape::json) return _mm_or_si128(control, _mm_or_si128(is('"'), is('\\')));
  __m128i found = _mm_or_si128(_mm_or_si128(control, is('&')), _mm_or_si128(is('<'), is('>')));
  if constexpr (escape == Escape::xml_attribute) found = _mm_or_si128(found, _mm_or_si128(is('"'), is('\'')));
  return found;
}

enum class Seen : std::uint8_t { plain, special, not_ascii };

// Eight units, or the low four (`four`) of what was loaded. `special`: `place` says where the first is.
template <Escape escape>
inline Seen sse2_block(__m128i units, bool four, char* to, std::size_t& place) {
  const __m128i high = _mm_and_si128(units, _mm_set1_epi16(static_cast<short>(0xFF80)));
  if (_mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) != 0xFFFF) return Seen::not_ascii;
  const __m128i narrow = _mm_packus_epi16(units, units);
  const auto bytes = static_cast<std::uint64_t>(_mm_cvtsi128_si64(narrow));
  std::memcpy(to, &bytes, 4);
  if (!four) std::memcpy(to, &bytes, 8);
  if constexpr (escape != Escape::plain) {
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(to_escape<escape>(narrow))) & (four ? 0xFu : 0xFFu);
    if (mask != 0) {
      place = static_cast<std::size_t>(std::countr_zero(mask));
      return Seen::special;
    }
  }
  return Seen::plain;
}

// What is left of a text that is plain up to `i`. The last block may cover units that were looked at before.
template <Escape escape>
inline std::size_t sse2_tail(const std::uint8_t* from, std::size_t i, std::size_t units, char* to) {
  const std::size_t width = units >= 8 ? 8 : 4;
  if (units < 4) return i + scalar_run<escape>(from + 2 * i, units - i, to + i);
  while (i < units) {
    const std::size_t at = i + width <= units ? i : units - width;
    const auto* place = reinterpret_cast<const __m128i*>(from + 2 * at);
    std::size_t offset = 0;
    switch (
        sse2_block<escape>(width == 8 ? _mm_loadu_si128(place) : _mm_loadl_epi64(place), width == 4, to + at, offset)) {
      case Seen::plain:
        i = at + width;
        break;
      case Seen::special:
        return at + offset;
      case Seen::not_ascii:
        return i + scalar_run<escape>(from + 2 * i, units - i, to + i);
    }
  }
  return i;
}

template <Escape escape>
std::size_t sse2_run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i + 16 <= units; i += 16) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 2 * i));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 2 * i + 16));
    const __m128i high = _mm_and_si128(_mm_or_si128(a, b), _mm_set1_epi16(static_cast<short>(0xFF80)));
    // Before narrowing: it saturates units from 0x8000 up to 0, which would look like a control character.
    if (_mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128())) != 0xFFFF) break;
    const __m128i narrow = _mm_packus_epi16(a, b);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), narrow);
    if constexpr (escape != Escape::plain) {
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(to_escape<escape>(narrow)));
      if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
    }
  }
  return sse2_tail<escape>(from, i, units, to);
}

template <Escape escape>
std::size_t sse2_ansi(const std::uint8_t* from, std::size_t bytes, char* to) {
  std::size_t i = 0;
  for (; i + 16 <= bytes; i += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    auto mask = static_cast<unsigned>(_mm_movemask_epi8(text));  // what is no ASCII
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), text);
    if constexpr (escape != Escape::plain) mask |= static_cast<unsigned>(_mm_movemask_epi8(to_escape<escape>(text)));
    if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
  }
  return i + scalar_ansi<escape>(from + i, bytes - i, to + i);
}

template <Escape escape>
__attribute__((target("avx2"))) std::size_t avx2_run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i + 32 <= units; i += 32) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 2 * i));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 2 * i + 32));
    if (!_mm256_testz_si256(_mm256_or_si256(a, b), _mm256_set1_epi16(static_cast<short>(0xFF80)))) break;
    const __m256i narrow = _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + i), narrow);
    if constexpr (escape != Escape::plain) {
      __m256i found = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), narrow);
      if constexpr (escape == Escape::json) {
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('"')));
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('\\')));
      } else {
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('&')));
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('<')));
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('>')));
        if constexpr (escape == Escape::xml_attribute) {
          found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('"')));
          found = _mm256_or_si256(found, _mm256_cmpeq_epi8(narrow, _mm256_set1_epi8('\'')));
        }
      }
      const auto mask = static_cast<unsigned>(_mm256_movemask_epi8(found));
      if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
    }
  }
  return i + sse2_run<escape>(from + 2 * i, units - i, to + i);
}

#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

template <Escape escape>
std::size_t neon_run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i + 16 <= units; i += 16) {
    const uint16x8_t a = vreinterpretq_u16_u8(vld1q_u8(from + 2 * i));
    const uint16x8_t b = vreinterpretq_u16_u8(vld1q_u8(from + 2 * i + 16));
    if (vmaxvq_u16(vorrq_u16(a, b)) >= 0x80) break;
    const uint8x16_t narrow = vcombine_u8(vmovn_u16(a), vmovn_u16(b));
    if constexpr (escape != Escape::plain) {
      const auto is = [&](char x) { return vceqq_u8(narrow, vdupq_n_u8(static_cast<std::uint8_t>(x))); };
      uint8x16_t found = vcltq_u8(narrow, vdupq_n_u8(0x20));
      if constexpr (escape == Escape::json) {
        found = vorrq_u8(found, vorrq_u8(is('"'), is('\\')));
      } else {
        found = vorrq_u8(found, vorrq_u8(is('&'), vorrq_u8(is('<'), is('>'))));
        if constexpr (escape == Escape::xml_attribute) found = vorrq_u8(found, vorrq_u8(is('"'), is('\'')));
      }
      if (vmaxvq_u8(found) != 0) break;  // the plain loop finds the place
    }
    vst1q_u8(reinterpret_cast<std::uint8_t*>(to + i), narrow);
  }
  return i + scalar_run<escape>(from + 2 * i, units - i, to + i);
}

#endif

}  // namespace

#define SYNCLENS_BY_ESCAPE(function)          \
  switch (escape) {                           \
    case Escape::plain:                       \
      return function<Escape::plain>;         \
    case Escape::xml_text:                    \
      return function<Escape::xml_text>;      \
    case Escape::xml_attribute:               \
      return function<Escape::xml_attribute>; \
    case Escape::json:                        \
      return function<Escape::json>;          \
  }                                           \
  return function<Escape::plain>

Run scalar(Escape escape) {
  SYNCLENS_BY_ESCAPE(scalar_run);
}

Run baseline([[maybe_unused]] Escape escape) {
#if defined(__x86_64__)
  SYNCLENS_BY_ESCAPE(sse2_run);
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  SYNCLENS_BY_ESCAPE(neon_run);
#else
  return nullptr;
#endif
}

Run scalar_of_ansi(Escape escape) {
  SYNCLENS_BY_ESCAPE(scalar_ansi);
}

Run baseline_of_ansi(Escape escape) {
#if defined(__x86_64__)
  SYNCLENS_BY_ESCAPE(sse2_ansi);
#else
  return scalar_of_ansi(escape);
#endif
}

Run avx2([[maybe_unused]] Escape escape) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) return nullptr;
  SYNCLENS_BY_ESCAPE(avx2_run);
#else
  return nullptr;
#endif
}

}  // namespace synclens::evtx::kernels
