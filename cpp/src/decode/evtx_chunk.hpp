// A chunk of an EVTX file: where its records stand.
#pragma once

#include <cstdint>
#include <optional>

#include "decode/binxml_cursor.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

inline constexpr std::uint32_t chunk_size = 65536;
inline constexpr std::uint32_t chunk_head = 512;
inline constexpr std::uint32_t file_head = 4096;
inline constexpr std::uint32_t record_head = 24;   // signature, size, id, time
inline constexpr std::uint32_t least_record = 28;  // head and the copy of the size

// A record as its own head describes it. The bytes between head and size copy are BinXML.
struct RecordSpan {
  std::uint32_t offset = 0;  // in the chunk
  std::uint32_t size = 0;
  std::uint64_t id = 0;
  Ticks written = no_time;   // often missing in exported logs
  bool copy_matches = true;  // the size stands at the end of the record again
  RecordState state = RecordState::intact;
};

// The record at an offset: signature there, a size that fits the chunk.
[[nodiscard]] std::optional<RecordSpan> record_at(ByteView chunk, std::uint32_t offset);

// What the chunk's head says, as far as it can be true.
struct ChunkHead {
  bool has_signature = false;
  std::uint64_t first_id = 0, last_id = 0;
  std::uint32_t last_record = 0;
  std::uint32_t live_end = 0;  // where the free space begins
};
[[nodiscard]] ChunkHead read_chunk_head(ByteView chunk);

// Bytes that hold no record that can be read.
struct Gap {
  std::uint32_t offset = 0, bytes = 0;
  const char* what = "";
};

// Walks the live records of a chunk in order.
class RecordWalk {
 public:
  RecordWalk(ByteView chunk, const ChunkHead& head);

  enum class Step : std::uint8_t { record, gap, end };
  Step next(RecordSpan& record, Gap& gap);

  // The last record could not be read and its size is in doubt: go on right behind its head.
  void distrust_last();

  // Where the walk ended.
  [[nodiscard]] std::uint32_t at() const { return at_; }

 private:
  [[nodiscard]] std::uint32_t find_live(std::uint32_t from);
  [[nodiscard]] std::uint32_t search_live(std::uint32_t from) const;

  ByteView chunk_;
  ChunkHead head_;
  std::uint32_t at_;
  std::uint32_t last_ = 0;
  bool ended_ = false;
  std::uint32_t searched_from_ = chunk_size, found_at_ = 0;
};

// Finds whole records anywhere between two offsets of a chunk: signature, size and its copy agree.
class RecordSearch {
 public:
  RecordSearch(ByteView chunk, std::uint32_t from, std::uint32_t end) : chunk_(chunk), at_(from), end_(end) {}
  [[nodiscard]] bool next(RecordSpan& record);
  // The last hit was none: look inside it.
  void reject_last() { at_ = last_ + 1; }

 private:
  ByteView chunk_;
  std::uint32_t at_, end_, last_ = 0;
};

[[nodiscard]] bool all_zero(ByteView bytes);

// Visits every record of a chunk: the live ones in order and, with `recover`, after them or in their gaps whatever
// else can be found. `read(const RecordSpan&)` says whether the record could be read; `lost(what, offset, bytes)` is
// told what holds no record. A chunk of zeros has neither.
template <typename Read, typename Lost>
void visit_records(ByteView chunk, bool recover, Read read, Lost lost) {
  const auto size = static_cast<std::uint32_t>(chunk.size());
  const auto search = [&](std::uint32_t from, std::uint32_t end, RecordState state) {
    RecordSearch found(chunk, from, end);
    RecordSpan record;
    while (found.next(record)) {
      record.state = state;
      if (!read(record)) found.reject_last();
    }
  };
  const ChunkHead head = read_chunk_head(chunk);
  if (!head.has_signature) {
    if (all_zero(chunk)) return;
    lost(size < chunk_head ? "chunk cut by the end of the file" : "chunk without its signature", 0u, size);
    if (recover) search(0, size, RecordState::damaged_chunk);
    return;
  }
  RecordWalk walk(chunk, head);
  RecordSpan record;
  Gap gap;
  for (RecordWalk::Step step = walk.next(record, gap); step != RecordWalk::Step::end; step = walk.next(record, gap)) {
    if (step == RecordWalk::Step::record) {
      if (!read(record) && !record.copy_matches) walk.distrust_last();
      continue;
    }
    lost(gap.what, gap.offset, gap.bytes);
    if (recover) search(gap.offset, gap.offset + gap.bytes, RecordState::damaged_chunk);
  }
  if (size < chunk_size) lost("chunk cut by the end of the file", size, 0u);
  if (recover) search(walk.at(), size, RecordState::slack);
}

}  // namespace synclens::evtx
