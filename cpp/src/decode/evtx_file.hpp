// An EVTX file as a row of chunks.
#pragma once

#include <algorithm>
#include <vector>

#include "decode/evtx_chunk.hpp"

namespace synclens::evtx {

struct Chunk {
  ByteView bytes;            // 65,536, or fewer at the end of a cut file; valid until the next one is asked for
  std::uint64_t number = 0;  // from 0
  std::uint64_t offset = 0;  // in the file
};

// Cuts a stream into chunks, from behind the file's head to the end of the stream. What the head says about their
// number is often wrong and not looked at.
class ChunkSource {
 public:
  explicit ChunkSource(ByteStream& stream);

  // False at the end. Throws std::system_error when the stream fails.
  [[nodiscard]] bool next(Chunk& chunk);

  enum class Head : std::uint8_t { none, right, wrong, cut, empty };
  [[nodiscard]] Head head() const { return head_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  static constexpr std::size_t chunks_per_read = 4;  // larger blocks are no faster

  bool fill();

  ByteStream& stream_;
  std::vector<std::uint8_t> buffer_;
  std::size_t at_ = 0, filled_ = 0;
  std::uint64_t number_ = 0, offset_ = 0;
  Head head_ = Head::none;
  bool started_ = false, ended_ = false;
};

}  // namespace synclens::evtx
