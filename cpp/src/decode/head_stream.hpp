// A stream whose beginning can be looked at before it is read.
#pragma once

#include <string>

#include "synclens/bytes.hpp"

namespace synclens {

inline constexpr std::size_t look_ahead_bytes = 1u << 20;

// Borrows the stream, takes its head from it at once. read() gives the head again and then the rest.
class HeadStream final : public ByteStream {
 public:
  explicit HeadStream(ByteStream& stream, std::size_t most = look_ahead_bytes);
  [[nodiscard]] std::string_view head() const { return head_; }
  [[nodiscard]] bool whole() const { return head_.size() < most_; }  // the head is all there is
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> into) override;

 private:
  ByteStream& stream_;
  std::size_t most_;
  std::string head_;
  std::size_t given_ = 0;
};

}  // namespace synclens
