// A stream whose disk fails.
#pragma once

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "synclens/bytes.hpp"

namespace support {

// Gives its bytes, and then fails with EIO instead of ending.
class FailingStream final : public synclens::ByteStream {
 public:
  explicit FailingStream(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    if (at_ == bytes_.size()) throw std::system_error(EIO, std::generic_category(), "disk");
    const std::size_t n = std::min(into.size(), bytes_.size() - at_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), n, into.begin());
    at_ += n;
    return n;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace support
