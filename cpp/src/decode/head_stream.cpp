#include "decode/head_stream.hpp"

#include <algorithm>
#include <cstring>

#include "read/block_bytes.hpp"

namespace synclens {

HeadStream::HeadStream(ByteStream& stream, std::size_t most) : stream_(stream), most_(most) {
  // grows with what is there, so that a small text does not cost a megabyte
  std::size_t wanted = std::min<std::size_t>(most, block_bytes(64u << 10));
  while (head_.size() < most) {
    const std::size_t before = head_.size();
    head_.resize(std::min(most, before + wanted));
    const std::size_t got =
        read_full(stream, {reinterpret_cast<std::uint8_t*>(head_.data()) + before, head_.size() - before});
    const bool ended = before + got < head_.size();
    head_.resize(before + got);
    if (ended) break;
    wanted *= 2;
  }
}

std::size_t HeadStream::read(std::span<std::uint8_t> into) {
  if (given_ == head_.size()) return whole() ? 0 : stream_.read(into);
  const std::size_t n = std::min(into.size(), head_.size() - given_);
  std::memcpy(into.data(), head_.data() + given_, n);
  given_ += n;
  return n;
}

}  // namespace synclens
