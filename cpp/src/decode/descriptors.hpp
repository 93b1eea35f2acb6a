// The descriptors that stand before the values of an instance: for each a u16 size, a u8 type and an unused byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/binxml_value.hpp"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace synclens::evtx {

inline constexpr std::uint32_t descriptor_size = 4;

// Whether a value has a type or a size that no writer of logs uses.
[[nodiscard]] bool any_odd(const std::uint8_t* descriptors, std::uint32_t count);

// Whether `size` bytes are the same, or those bits of them that `masks` has; without masks all. Nothing behind them is
// read.
[[nodiscard]] inline bool same_bytes(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* masks,
                                     std::size_t size) {
  if (size < 16) {
    std::uint8_t different = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const auto bits = static_cast<std::uint8_t>(a[i] ^ b[i]);
      different = static_cast<std::uint8_t>(different | (masks == nullptr ? bits : bits & masks[i]));
    }
    return different == 0;
  }
#if defined(__x86_64__)
  const auto at = [](const std::uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); };
  __m128i different = _mm_setzero_si128();
  const auto compare = [&](std::size_t i) {
    const __m128i bits = _mm_xor_si128(at(a + i), at(b + i));
    different = _mm_or_si128(different, masks == nullptr ? bits : _mm_and_si128(bits, at(masks + i)));
  };
  for (std::size_t i = 0; i + 16 <= size; i += 16) compare(i);
  compare(size - 16);
  return _mm_movemask_epi8(_mm_cmpeq_epi8(different, _mm_setzero_si128())) == 0xFFFF;
#else
  std::uint64_t different = 0;
  const auto compare = [&](std::size_t i) {
    const std::uint64_t bits = load<std::uint64_t>(a + i) ^ load<std::uint64_t>(b + i);
    different |= masks == nullptr ? bits : bits & load<std::uint64_t>(masks + i);
  };
  for (std::size_t i = 0; i + 8 <= size; i += 8) compare(i);
  compare(size - 8);
  return different == 0;
#endif
}

struct TakenValues {
  std::uint32_t bytes = 0;  // of all values
  bool marks = false;       // a type of the file would be taken for a mark of our own
};

// The values of `count` descriptors, one behind the other from `start`. Whether they end inside the record is for the
// caller to see.
[[nodiscard]] TakenValues take_values_plainly(const std::uint8_t* descriptors, std::uint32_t count,
                                              const std::uint8_t* start, Value* to);

// What of the values is more than one text or number. Up to three descriptors behind the last are read.
struct ManifoldValues {
  bool arrays = false;
  std::uint32_t fragments = 0;  // instances inside the instance
};

[[nodiscard]] inline ManifoldValues manifold_values(const std::uint8_t* descriptors, std::uint32_t count) {
  constexpr auto fragment = static_cast<int>(ValueType::binxml);
  ManifoldValues found;
  std::uint32_t i = 0;
#if defined(__x86_64__)
  __m128i arrays = _mm_setzero_si128(), fragments = _mm_setzero_si128();
  for (; i < count; i += 4) {
    const __m128i d = _mm_loadu_si128(reinterpret_cast<const __m128i*>(descriptors + std::size_t{i} * descriptor_size));
    const __m128i left = _mm_set1_epi32(static_cast<int>(count - i));
    const __m128i ours = _mm_cmpgt_epi32(left, _mm_set_epi32(3, 2, 1, 0));
    const __m128i types = _mm_and_si128(_mm_and_si128(d, _mm_set1_epi32(0xFF0000)), ours);
    fragments = _mm_sub_epi32(fragments, _mm_cmpeq_epi32(types, _mm_set1_epi32(fragment << 16)));
    arrays = _mm_or_si128(arrays, _mm_slli_epi32(types, 8));  // to the sign
  }
  fragments = _mm_add_epi32(fragments, _mm_shuffle_epi32(fragments, 0x4E));
  fragments = _mm_add_epi32(fragments, _mm_shuffle_epi32(fragments, 0xB1));
  found.fragments = static_cast<std::uint32_t>(_mm_cvtsi128_si32(fragments));
  found.arrays = _mm_movemask_ps(_mm_castsi128_ps(arrays)) != 0;
#else
  for (; i < count; ++i) {
    const std::uint8_t type = descriptors[std::size_t{i} * descriptor_size + 2];
    found.fragments += type == fragment ? 1u : 0u;
    found.arrays = found.arrays || (type & array_bit) != 0;
  }
#endif
  return found;
}

// Bytes of the first `count` values together; at most 2^14 of them.
[[nodiscard]] inline std::uint32_t bytes_of_values(const std::uint8_t* descriptors, std::uint32_t count) {
  std::uint32_t bytes = 0, i = 0;
#if defined(__x86_64__)
  __m128i sum = _mm_setzero_si128();
  for (; i + 4 <= count; i += 4) {
    const __m128i d = _mm_loadu_si128(reinterpret_cast<const __m128i*>(descriptors + std::size_t{i} * descriptor_size));
    sum = _mm_add_epi32(sum, _mm_and_si128(d, _mm_set1_epi32(0xFFFF)));
  }
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  bytes = static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1))));
#endif
  for (; i < count; ++i) bytes += load<std::uint16_t>(descriptors + std::size_t{i} * descriptor_size);
  return bytes;
}

// Where each of `count` values stands and, in places[count], where the last one ends, from the start of the first. Up
// to four more descriptors are read, and as many more places written, which mean nothing.
inline void places_of_values(const std::uint8_t* descriptors, std::uint32_t count, std::uint32_t* places) {
#if defined(__x86_64__)
  __m128i before = _mm_setzero_si128();
  for (std::uint32_t i = 0; i <= count; i += 4) {
    const __m128i d = _mm_loadu_si128(reinterpret_cast<const __m128i*>(descriptors + std::size_t{i} * descriptor_size));
    const __m128i sizes = _mm_and_si128(d, _mm_set1_epi32(0xFFFF));
    const __m128i pairs = _mm_add_epi32(sizes, _mm_slli_si128(sizes, 4));
    const __m128i ends = _mm_add_epi32(before, _mm_add_epi32(pairs, _mm_slli_si128(pairs, 8)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(places + i), _mm_sub_epi32(ends, sizes));
    before = _mm_shuffle_epi32(ends, 0xFF);
  }
#else
  std::uint32_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    places[i] = at;
    at += load<std::uint16_t>(descriptors + std::size_t{i} * descriptor_size);
  }
  places[count] = at;
#endif
}

#if defined(__x86_64__)

// Four at a time: a value is eight bytes of address and, behind them, its descriptor as it stands in the file.
[[nodiscard]] inline TakenValues take_values(const std::uint8_t* descriptors, std::uint32_t count,
                                             const std::uint8_t* start, Value* to) {
  static_assert(sizeof(Value) == 16 && offsetof(Value, size) == 8 && offsetof(Value, type) == 10);
  const __m128i zero = _mm_setzero_si128();
  __m128i marks = zero;
  TakenValues taken;
  std::uint32_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m128i d = _mm_loadu_si128(reinterpret_cast<const __m128i*>(descriptors + std::size_t{i} * descriptor_size));
    const __m128i sizes = _mm_and_si128(d, _mm_set1_epi32(0xFFFF));
    const __m128i pairs = _mm_add_epi32(sizes, _mm_slli_si128(sizes, 4));
    const __m128i ends = _mm_add_epi32(pairs, _mm_slli_si128(pairs, 8));
    const __m128i starts = _mm_sub_epi32(ends, sizes);
    const __m128i base = _mm_set1_epi64x(reinterpret_cast<long long>(start) + taken.bytes);
    const __m128i at01 = _mm_add_epi64(base, _mm_unpacklo_epi32(starts, zero));
    const __m128i at23 = _mm_add_epi64(base, _mm_unpackhi_epi32(starts, zero));
    const __m128i d01 = _mm_unpacklo_epi32(d, zero), d23 = _mm_unpackhi_epi32(d, zero);
    auto* const out = reinterpret_cast<__m128i*>(to + i);
    _mm_storeu_si128(out, _mm_unpacklo_epi64(at01, d01));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi64(at01, d01));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi64(at23, d23));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi64(at23, d23));
    const __m128i types = _mm_and_si128(d, _mm_set1_epi32((0xFF & ~array_bit) << 16));
    marks = _mm_or_si128(marks, _mm_cmpgt_epi32(types, _mm_set1_epi32((first_mark << 16) - 1)));
    taken.bytes += static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_shuffle_epi32(ends, 0xFF)));
  }
  taken.marks = _mm_movemask_epi8(marks) != 0;
  if (i != count) {
    const TakenValues rest =
        take_values_plainly(descriptors + std::size_t{i} * descriptor_size, count - i, start + taken.bytes, to + i);
    taken.bytes += rest.bytes;
    taken.marks = taken.marks || rest.marks;
  }
  return taken;
}

#else

[[nodiscard]] inline TakenValues take_values(const std::uint8_t* descriptors, std::uint32_t count,
                                             const std::uint8_t* start, Value* to) {
  return take_values_plainly(descriptors, count, start, to);
}

#endif

// Instances whose values have the same types and, where that matters, are empty in the same places.
class DescriptorShape {
 public:
  DescriptorShape() = default;
  // That of an instance without odd values; where `exact` has a 0, it does not matter whether the value is empty.
  DescriptorShape(const std::uint8_t* descriptors, std::uint32_t count, const std::vector<std::uint8_t>& exact);

  // Up to 12 bytes behind the descriptors are read.
  [[nodiscard]] bool matches(const std::uint8_t* descriptors, std::uint32_t count) const {
    return count == count_ &&
           (utf16_kernel() != Utf16Kernel::scalar ? match_by_four(descriptors) : match_plainly(descriptors));
  }
  // Of `count` descriptors the one at `i`, as it stands in the file.
  [[nodiscard]] bool matches_at(std::uint32_t count, std::uint32_t i, std::uint32_t descriptor) const {
    if (count != count_ || i >= count) return false;
    const std::uint32_t* const masks = wanted_.data() + padded_;
    const std::uint32_t emptied = (descriptor & 0xFFFF) == 0 ? masks[padded_ + i] : 0;
    return (((descriptor ^ wanted_[i]) & masks[i]) | emptied) == 0;
  }
  [[nodiscard]] std::size_t bytes() const { return wanted_.size() * sizeof(std::uint32_t); }

 private:
  [[nodiscard]] bool match_plainly(const std::uint8_t* descriptors) const;
  [[nodiscard]] bool match_by_four(const std::uint8_t* descriptors) const;

  std::uint32_t count_ = 0;
  std::uint32_t padded_ = 0;  // a multiple of four
  // For each descriptor, lists of `padded_` one behind the other: its size and type, which bits of them count, and all
  // bits where the value must not be empty.
  std::vector<std::uint32_t> wanted_;
};

#if defined(__x86_64__)

inline bool DescriptorShape::match_by_four(const std::uint8_t* descriptors) const {
  const auto at = [](const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); };
  const std::uint32_t* const wanted = wanted_.data();
  const __m128i zero = _mm_setzero_si128(), sizes = _mm_set1_epi32(0xFFFF);
  __m128i different = zero;
  for (std::uint32_t i = 0; i < padded_; i += 4) {
    const __m128i both = at(descriptors + std::size_t{i} * descriptor_size);
    const __m128i other = _mm_and_si128(_mm_xor_si128(both, at(wanted + i)), at(wanted + padded_ + i));
    const __m128i empty = _mm_cmpeq_epi32(_mm_and_si128(both, sizes), zero);
    const __m128i emptied = _mm_and_si128(empty, at(wanted + std::size_t{2} * padded_ + i));
    different = _mm_or_si128(different, _mm_or_si128(other, emptied));
  }
  return _mm_movemask_epi8(_mm_cmpeq_epi32(different, zero)) == 0xFFFF;
}

#else

inline bool DescriptorShape::match_by_four(const std::uint8_t* descriptors) const {
  return match_plainly(descriptors);
}

#endif

}  // namespace synclens::evtx
