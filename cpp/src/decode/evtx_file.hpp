// An EVTX file as a row of chunks.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "decode/event_reader.hpp"
#include "decode/evtx_checksum.hpp"
#include "decode/evtx_visit.hpp"
#include "read/block_bytes.hpp"
#include "synclens/decode.hpp"

namespace synclens::evtx {

// Neighbouring chunks that were read together. Reused from read to read.
class ChunkBatch {
 public:
  explicit ChunkBatch(std::size_t chunks = usual_chunks)
      : room_(std::size_t{chunk_size} * chunks + looked_ahead), buffer_(new std::uint8_t[room_ + readable_behind]) {
    std::memset(buffer_.get() + room_, 0, readable_behind);
  }
  [[nodiscard]] std::size_t size() const { return pieces_.size(); }
  [[nodiscard]] Chunk operator[](std::size_t i) const;

 private:
  friend class ChunkSource;
  // Of larger blocks neither what is read nor what is printed of it stays in the cache.
  static constexpr std::size_t usual_chunks = std::max<std::size_t>(1, block_bytes(2 * chunk_size) / chunk_size);
  static constexpr std::size_t looked_ahead = chunk_head;  // behind a chunk, to see whether the next one begins there
  struct Piece {
    std::size_t from = 0, bytes = 0;
    Chunk::Kind kind = Chunk::Kind::whole;
  };
  std::size_t room_;
  std::unique_ptr<std::uint8_t[]> buffer_;  // not filled before it is read into: most logs of a bundle are short
  std::vector<Piece> pieces_;
  std::uint64_t number_ = 0, offset_ = 0;
  bool has_checksums_ = true;
};

// Cuts a stream into chunks, from behind the file's head to the end of the stream. The number of chunks that the head
// states does not steer it: logs that were in use have more of them. Fewer mean that the file was cut. Where no chunk
// stands where one should, the next one whose header proves itself is looked for, so that bytes that were lost or added
// cost no more than the chunks around them.
class ChunkSource {
 public:
  explicit ChunkSource(ByteStream& stream) : stream_(stream) {}

  // False at the end. Throws std::system_error when the stream fails.
  [[nodiscard]] bool next(ChunkBatch& batch);

  enum class Head : std::uint8_t { none, right, wrong, cut, empty };
  [[nodiscard]] Head head() const { return head_; }
  [[nodiscard]] FileChecksum checksum() const { return checksum_; }  // of the head, where that is right
  [[nodiscard]] std::uint64_t offset() const { return offset_; }     // how much was read
  // How many of the chunks that the head states are not there, or zeroed. Known at the end.
  [[nodiscard]] std::uint64_t missing() const;

 private:
  std::size_t take_head(ChunkBatch& batch);
  std::size_t cut(ChunkBatch& batch, std::size_t filled);

  ByteStream& stream_;
  std::uint64_t number_ = 0, offset_ = 0;
  std::uint64_t stated_ = 0, used_ = 0;  // chunks: by the head, and those that do not begin with zeros
  Head head_ = Head::none;
  FileChecksum checksum_ = FileChecksum::right;
  bool started_ = false, ended_ = false;
  std::vector<std::uint8_t> carried_;  // read, but of the next batch
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

// What is to be said about the head of a file once its first chunk was read, and what became of its bytes. The checksum
// is looked at with `verify` only.
[[nodiscard]] std::optional<Problem> problem_of_head(const ChunkSource& source, bool verify, Account& account);
// What is to be said of chunks that the head states and the file lacks; after its end.
[[nodiscard]] std::optional<Problem> problem_of_missing(const ChunkSource& source);

// Reads chunk after chunk into sinks; what it says of problems goes to `say`. Borrows the options.
class ChunkDecoder {
 public:
  ChunkDecoder(const DecodeOptions& options, std::function<void(Problem)> say)
      : options_(options),
        troubles_(std::move(say)),
        reader_(options.limits, options.filter, options.columns, options.marks) {}

  void read(const Chunk& chunk, RecordSink& sink);
  [[nodiscard]] ChunkTroubles& troubles() { return troubles_; }
  // See FragmentReader.
  void use_found(const FoundTemplates* found) { reader_.use_found(found); }

 private:
  Reading one_record(const RecordSpan& record, Damage& damage);
  [[nodiscard]] bool one_row(const RecordSpan& record);
  void deliver(const RecordSpan& record, bool wanted);

  const DecodeOptions& options_;
  ChunkTroubles troubles_;
  EventReader reader_;
  Chunk chunk_;
  RecordSink* sink_ = nullptr;
  RowWriter* rows_ = nullptr;  // the sink's, where records may go straight there
};

}  // namespace synclens::evtx
