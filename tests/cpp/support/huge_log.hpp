// A log of more than 4 GiB that nobody stores.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "synclens/bytes.hpp"

namespace support {

// A file header, more zero chunks than a 16-bit count can state, then one chunk with records.
class HugeLog final : public synclens::ByteStream {
 public:
  HugeLog(std::string head, std::string tail, std::uint64_t zeros)
      : head_(std::move(head)), tail_(std::move(tail)), zeros_(zeros) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    std::size_t filled = 0;
    while (filled < into.size() && at_ < head_.size() + zeros_ + tail_.size()) {
      const std::size_t room = into.size() - filled;
      std::size_t n = 0;
      if (at_ < head_.size()) {
        n = std::min<std::size_t>(room, head_.size() - at_);
        std::memcpy(into.data() + filled, head_.data() + at_, n);
      } else if (at_ < head_.size() + zeros_) {
        n = static_cast<std::size_t>(std::min<std::uint64_t>(room, head_.size() + zeros_ - at_));
        std::memset(into.data() + filled, 0, n);
      } else {
        const std::size_t from = static_cast<std::size_t>(at_ - head_.size() - zeros_);
        n = std::min(room, tail_.size() - from);
        std::memcpy(into.data() + filled, tail_.data() + from, n);
      }
      filled += n;
      at_ += n;
    }
    return filled;
  }

 private:
  std::string head_, tail_;
  std::uint64_t zeros_, at_ = 0;
};

}  // namespace support
