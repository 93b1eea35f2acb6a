// An EVTX file as a row of chunks.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "decode/event_reader.hpp"
#include "decode/evtx_chunk.hpp"
#include "synclens/decode.hpp"

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
  explicit Batch(std::size_t chunks = usual_chunks) : buffer_(std::size_t{chunk_size} * chunks + readable_behind) {}
  [[nodiscard]] std::size_t size() const { return (filled_ + chunk_size - 1) / chunk_size; }
  [[nodiscard]] Chunk operator[](std::size_t i) const;

 private:
  friend class ChunkSource;
  static constexpr std::size_t usual_chunks = 4;  // larger blocks are no faster
  std::vector<std::uint8_t> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t number_ = 0, offset_ = 0;
};

// Cuts a stream into chunks, from behind the file's head to the end of the stream. The number of chunks that the head
// states does not steer it: logs that were in use have more of them. Fewer mean that the file was cut.
class ChunkSource {
 public:
  explicit ChunkSource(ByteStream& stream) : stream_(stream) {}

  // False at the end. Throws std::system_error when the stream fails.
  [[nodiscard]] bool next(Batch& batch);

  enum class Head : std::uint8_t { none, right, wrong, cut, empty };
  [[nodiscard]] Head head() const { return head_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }  // how much was read
  // How many of the chunks that the head states are not there, or zeroed. Known at the end.
  [[nodiscard]] std::uint64_t missing() const;

 private:
  std::size_t take_head(Batch& batch);
  void count_used(const Batch& batch);

  ByteStream& stream_;
  std::uint64_t number_ = 0, offset_ = 0;
  std::uint64_t stated_ = 0, used_ = 0;  // chunks: by the head, and those that do not begin with zeros
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
// What is to be said of chunks that the head states and the file lacks; after its end.
[[nodiscard]] std::optional<Problem> problem_of_missing(const ChunkSource& source);

[[nodiscard]] Problem problem_of_record(const Chunk& chunk, const RecordSpan& record, const Damage& damage,
                                        Ticks near_time);

// Reads chunk after chunk into sinks; what it says of problems goes to `say`. Borrows the options.
class ChunkDecoder {
 public:
  ChunkDecoder(const DecodeOptions& options, std::function<void(Problem)> say)
      : options_(options),
        say_(std::move(say)),
        reader_(options.limits, options.filter, options.columns, options.marks) {}

  void read(const Chunk& chunk, RecordSink& sink);
  // The time of the last record that had one, since it was last set.
  Ticks last_time = no_time;

 private:
  bool one_record(const RecordSpan& record);
  void deliver(const RecordSpan& record, bool wanted);

  const DecodeOptions& options_;
  std::function<void(Problem)> say_;
  EventReader reader_;
  Chunk chunk_;
  RecordSink* sink_ = nullptr;
};

}  // namespace synclens::evtx
