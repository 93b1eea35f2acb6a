// Numbers of records that follow each other, each as the step from the one before: a few bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synclens::correlate {

using Steps = std::vector<std::uint8_t>;

// Writes a few.
class StepWriter {
 public:
  void number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes_[size_++] = static_cast<std::uint8_t>(number) | 0x80u;
    bytes_[size_++] = static_cast<std::uint8_t>(number);
  }
  // The step from the last value, forwards or backwards (an export may begin with its newest record), as a small
  // number.
  void value(std::uint64_t& last, std::uint64_t value) {
    const std::uint64_t step = value - last;  // wraps
    number((step << 1) ^ (0 - (step >> 63)));
    last = value;
  }
  // At most `most` of them at a time.
  void move_to(Steps& steps) {
    steps.insert(steps.end(), bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ = 0;
  }

 private:
  static constexpr std::size_t most = 8, longest = 10;
  std::array<std::uint8_t, most * longest> bytes_;
  std::size_t size_ = 0;
};

// Reads them in turn.
class StepReader {
 public:
  StepReader() = default;
  explicit StepReader(const Steps& steps) : at_(steps.data()), end_(steps.data() + steps.size()) {}
  [[nodiscard]] bool ended() const { return at_ == end_; }

  std::uint64_t number() {
    std::uint64_t value = *at_++;
    if (value < 0x80) return value;
    value &= 0x7Fu;
    for (unsigned shift = 7;; shift += 7) {
      const std::uint64_t byte = *at_++;
      value |= (byte & 0x7Fu) << shift;
      if (byte < 0x80) return value;
    }
  }
  // The value behind the last one, which it becomes.
  std::uint64_t value(std::uint64_t& last) {
    const std::uint64_t step = number();
    return last += (step >> 1) ^ (0 - (step & 1u));
  }

 private:
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

}  // namespace synclens::correlate
