// Comparing names without regard to ASCII case, as Windows does for providers, channels and computers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace synclens {

[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Eight characters at a time.
[[nodiscard]] inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  constexpr auto every = [](unsigned byte) { return 0x0101'0101'0101'0101u * std::uint64_t{byte}; };
  if (a.size() != b.size()) return false;
  std::size_t at = 0;
  for (; at + word <= a.size(); at += word) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a.data() + at, word);
    std::memcpy(&y, b.data() + at, word);
    const std::uint64_t differs = x ^ y;
    if (differs == 0) continue;
    constexpr std::uint64_t case_bit = every(0x20);
    constexpr std::uint64_t high_bit = every(0x80);
    if ((differs & ~case_bit) != 0) return false;
    // the bit tells cases apart in letters only
    const std::uint64_t low = (x | case_bit) & ~high_bit;
    const std::uint64_t from_a = low + every(0x80 - 'a');
    const std::uint64_t behind_z = low + every(0x80 - 'z' - 1);
    const std::uint64_t letters = from_a & ~behind_z & ~x & high_bit;
    if (((differs << 2) & ~letters) != 0) return false;
  }
  for (; at < a.size(); ++at) {
    if (to_lower(a[at]) != to_lower(b[at])) return false;
  }
  return true;
}

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = to_lower(c);
  return result;
}

// `pattern` is a name; a trailing '*' matches any ending.
[[nodiscard]] inline bool matches_name(std::string_view pattern, std::string_view name) {
  if (!pattern.empty() && pattern.back() == '*') {
    pattern.remove_suffix(1);
    return name.size() >= pattern.size() && equal_ignoring_case(pattern, name.substr(0, pattern.size()));
  }
  return equal_ignoring_case(pattern, name);
}

[[nodiscard]] constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

[[nodiscard]] inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace synclens
