// Numbers as text, written through a bare pointer. Each may write up to 32 bytes behind where it returns.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "decode/binxml_cursor.hpp"

namespace synclens::evtx {

inline constexpr std::array<char, 200> digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (unsigned i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

inline char* put_pair(char* to, std::uint32_t value) {  // below 100
  std::memcpy(to, digit_pairs.data() + std::size_t{2} * value, 2);
  return to + 2;
}

// Straight to where the digits belong: through a buffer, the copy would wait for what was just stored.
inline char* put_unsigned(char* to, std::uint64_t value) {
  if (value < 10) {
    *to = static_cast<char>('0' + value);
    return to + 1;
  }
  if (value < 100) return put_pair(to, static_cast<std::uint32_t>(value));
  unsigned count = 3;
  for (std::uint64_t limit = 1000; value >= limit && count < 20; limit *= 10) ++count;
  char* at = to + count;
  while (value > 0xFFFF'FFFF) {
    at -= 2;
    put_pair(at, static_cast<std::uint32_t>(value % 100));
    value /= 100;
  }
  auto rest = static_cast<std::uint32_t>(value);
  while (rest >= 100) {
    at -= 2;
    put_pair(at, rest % 100);
    rest /= 100;
  }
  if (rest >= 10) {
    put_pair(to, rest);
  } else {
    *to = static_cast<char>('0' + rest);
  }
  return to + count;
}

inline char* put_signed(char* to, std::int64_t value) {
  if (value >= 0) return put_unsigned(to, static_cast<std::uint64_t>(value));
  *to = '-';
  return put_unsigned(to + 1, ~static_cast<std::uint64_t>(value) + 1);
}

template <typename T>
inline void store(char* to, T value) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  value = load<T>(reinterpret_cast<const std::uint8_t*>(&value));
#endif
  std::memcpy(to, &value, sizeof value);
}

// Eight hex digits of four bytes in the order in which they are printed, the first lowest.
template <bool upper>
inline std::uint64_t hex_digits(std::uint32_t bytes) {
  std::uint64_t x = bytes;
  x = (x | x << 16) & 0x0000'FFFF'0000'FFFF;
  x = (x | x << 8) & 0x00FF'00FF'00FF'00FF;
  x = (x >> 4 & 0x000F'000F'000F'000F) | (x & 0x000F'000F'000F'000F) << 8;
  const std::uint64_t letters = (x + 0x0606'0606'0606'0606) >> 4 & 0x0101'0101'0101'0101;
  return x + 0x3030'3030'3030'3030 + letters * (upper ? 7 : 0x27);
}

template <bool upper>
inline char* put_hex_bytes(char* to, const std::uint8_t* bytes, std::size_t count) {
  for (; count >= 4; count -= 4, bytes += 4, to += 8) store(to, hex_digits<upper>(load<std::uint32_t>(bytes)));
  for (; count != 0; --count, ++bytes, to += 2) {
    store(to, static_cast<std::uint16_t>(hex_digits<upper>(*bytes)));
  }
  return to;
}

inline std::uint32_t swap_bytes(std::uint32_t v) {
  return v >> 24 | (v >> 8 & 0xFF00) | (v << 8 & 0xFF'0000) | v << 24;
}

// "0x" and as few lower-case digits as possible.
inline char* put_hex_number(char* to, std::uint64_t value) {
  const auto high = static_cast<std::uint32_t>(value >> 32);
  const std::uint64_t low = hex_digits<false>(swap_bytes(static_cast<std::uint32_t>(value)));
  const auto count = value == 0 ? 1u : (static_cast<unsigned>(std::bit_width(value)) + 3) / 4;
  to[0] = '0';
  to[1] = 'x';
  to += 2;
  if (high == 0) {
    store(to, low >> (64 - 8 * count));
    return to + count;
  }
  store(to, hex_digits<false>(swap_bytes(high)) >> (128 - 8 * count));
  store(to + (count - 8), low);
  return to + count;
}

// "{54849625-5478-4994-a5ba-3e3b0328c30d}", 38 characters.
inline char* put_guid(char* to, const std::uint8_t* guid) {
  const std::uint32_t middle = load<std::uint32_t>(guid + 4);
  const std::uint64_t second = hex_digits<false>((middle & 0xFF00'FF00) >> 8 | (middle & 0x00FF'00FF) << 8);
  const std::uint64_t fourth = hex_digits<false>(load<std::uint32_t>(guid + 8));
  to[0] = '{';
  store(to + 1, hex_digits<false>(swap_bytes(load<std::uint32_t>(guid))));
  to[9] = '-';
  store(to + 10, static_cast<std::uint32_t>(second));
  to[14] = '-';
  store(to + 15, static_cast<std::uint32_t>(second >> 32));
  to[19] = '-';
  store(to + 20, static_cast<std::uint32_t>(fourth));
  to[24] = '-';
  store(to + 25, static_cast<std::uint32_t>(fourth >> 32));
  store(to + 29, hex_digits<false>(load<std::uint32_t>(guid + 12)));
  to[37] = '}';
  return to + 38;
}

}  // namespace synclens::evtx
