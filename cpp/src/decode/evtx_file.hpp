// An EVTX file as a row of chunks.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "decode/evtx_chunk.hpp"

namespace synclens::evtx {

struct Chunk {
  ByteView bytes;            // 65,536, or fewer at the end of a cut file; borrowed from its batch
  std::uint64_t number = 0;  // from 0
  std::uint64_t offset = 0;  // in the file

  [[nodiscard]] Address address(std::uint32_t at) const { return {offset + at, number, Address::none}; }
};

// Neighbouring chunks that were read together. Reused from read to read.
class Batch {
 public:
  Batch() : buffer_(std::size_t{chunk_size} * most_chunks) {}
  [[nodiscard]] std::size_t size() const { return (filled_ + chunk_size - 1) / chunk_size; }
  [[nodiscard]] Chunk operator[](std::size_t i) const;

 private:
  friend class ChunkSource;
  static constexpr std::size_t most_chunks = 4;  // larger blocks are no faster
  std::vector<std::uint8_t> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t number_ = 0, offset_ = 0;
};

// Cuts a stream into chunks, from behind the file's head to the end of the stream. What the head says about their
// number is often wrong and not looked at.
class ChunkSource {
 public:
  explicit ChunkSource(ByteStream& stream) : stream_(stream) {}

  // False at the end. Throws std::system_error when the stream fails.
  [[nodiscard]] bool next(Batch& batch);

  enum class Head : std::uint8_t { none, right, wrong, cut, empty };
  [[nodiscard]] Head head() const { return head_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }  // how much was read

 private:
  std::size_t take_head(Batch& batch);

  ByteStream& stream_;
  std::uint64_t number_ = 0, offset_ = 0;
  Head head_ = Head::none;
  bool started_ = false, ended_ = false;
};

// Collects the problems of one source: lists as many as the limit allows and counts the rest.
class ProblemList {
 public:
  explicit ProblemList(std::size_t most) : most_(most) {}
  // False where the problem is only counted.
  [[nodiscard]] bool add(const Problem& problem);
  // A last row for those that were only counted.
  [[nodiscard]] std::optional<Problem> rest(Ticks last_time) const;

 private:
  std::size_t most_, listed_ = 0;
  std::uint64_t unlisted_ = 0, unlisted_bytes_ = 0;
};

// What is to be said about the head of a file that was read to its end.
[[nodiscard]] std::optional<Problem> problem_of_head(const ChunkSource& source);

[[nodiscard]] Problem problem_of_record(const Chunk& chunk, const RecordSpan& record, const Damage& damage,
                                        Ticks near_time);

}  // namespace synclens::evtx
