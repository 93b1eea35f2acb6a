// Numbers of records that follow each other, each as the step from the one before: a few bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace synclens::correlate {

using Steps = std::vector<std::uint8_t>;

inline void put(Steps& steps, std::uint64_t number) {
  while (number >= 0x80) {
    steps.push_back(static_cast<std::uint8_t>(number) | 0x80u);
    number >>= 7;
  }
  steps.push_back(static_cast<std::uint8_t>(number));
}

// The step from the last value, forwards or backwards (an export may begin with its newest record), as a small number.
inline void put_step(Steps& steps, std::uint64_t& last, std::uint64_t value) {
  const std::uint64_t step = value - last;  // wraps
  put(steps, (step << 1) ^ (0 - (step >> 63)));
  last = value;
}

// The number at a place, which moves behind it.
inline std::uint64_t number_at(const Steps& steps, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = steps[at++];
    value |= static_cast<std::uint64_t>(byte & 0x7Fu) << shift;
    if (byte < 0x80) return value;
  }
}

inline std::uint64_t value_at(const Steps& steps, std::size_t& at, std::uint64_t& last) {
  const std::uint64_t step = number_at(steps, at);
  return last += (step >> 1) ^ (0 - (step & 1u));
}

}  // namespace synclens::correlate
