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

// 65,536 bytes, or fewer at the end of a cut file.
struct Chunk {
  ByteView bytes;             // borrowed from its batch
  std::uint64_t number = 0;   // from 0
  std::uint64_t offset = 0;   // in the file
  bool has_checksums = true;  // the file's head does not say that there are none
  // stray: no chunk, but bytes that stand before one that is not where it should be. overrun: the next one begins
  // inside this one, which lost bytes.
  enum class Kind : std::uint8_t { whole, stray, overrun };
  Kind kind = Kind::whole;

  [[nodiscard]] Address address(std::uint32_t at) const { return {offset + at, number, Address::none}; }
};

// A record as its own head describes it. The bytes between head and size copy are BinXML.
struct RecordSpan {
  std::uint32_t offset = 0;  // in the chunk
  std::uint32_t size = 0;
  std::uint64_t id = 0;
  Ticks written = no_time;   // often missing in exported logs
  bool copy_matches = true;  // the size stands at the end of the record again
  RecordState state = RecordState::intact;
  const char* reason = "";  // why it is not intact
};

// The record at an offset: signature there, a size that fits the chunk. False where there is none.
[[nodiscard]] inline bool read_record_at(ByteView chunk, std::uint32_t offset, RecordSpan& record) {
  constexpr std::uint32_t signature = 0x0000'2A2A;
  if (offset > chunk.size() || chunk.size() - offset < least_record) return false;
  const std::uint8_t* const head = chunk.data() + offset;
  const auto size = load<std::uint32_t>(head + 4);
  if (load<std::uint32_t>(head) != signature || size < least_record || size > chunk.size() - offset) return false;
  const auto written = load<std::uint64_t>(head + 16);
  const bool states_time = written != 0 && written < (std::uint64_t{1} << 63);
  record.offset = offset;
  record.size = size;
  record.id = load<std::uint64_t>(head + 8);
  record.written = states_time ? static_cast<Ticks>(written) : no_time;
  record.copy_matches = load<std::uint32_t>(head + size - 4) == size;
  record.state = RecordState::intact;
  record.reason = "";
  return true;
}
[[nodiscard]] std::optional<RecordSpan> record_at(ByteView chunk, std::uint32_t offset);

// What a record could be read with only.
struct Provenance {
  bool borrowed = false;  // a template that stands elsewhere in the file
  bool pruned = false;    // without the elements whose names were overwritten
  bool emptied = false;   // without texts that were overwritten
  [[nodiscard]] bool plain() const { return !borrowed && !pruned && !emptied; }
};

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
  Step next(RecordSpan& record, Gap& gap) {
    if (ended_ || at_ >= head_.live_end) return Step::end;
    if (!read_record_at(chunk_, at_, record)) return next_gap(gap);
    last_ = at_;
    at_ += record.size;
    // The head names the last record; behind it only remains can stand.
    ended_ = record.id == head_.last_id;
    return Step::record;
  }

  // The last record could not be read and its size is in doubt: go on right behind its head.
  void distrust_last();

  // Where the walk ended.
  [[nodiscard]] std::uint32_t at() const { return at_; }

 private:
  [[nodiscard]] Step next_gap(Gap& gap);
  [[nodiscard]] std::uint32_t find_live(std::uint32_t from);
  [[nodiscard]] std::uint32_t search_live(std::uint32_t from) const;

  ByteView chunk_;
  ChunkHead head_;
  std::uint32_t at_;
  std::uint32_t last_ = 0;
  bool ended_ = false;
  std::uint32_t searched_from_ = chunk_size, found_at_ = 0;
};

[[nodiscard]] bool all_zero(ByteView bytes);

// The next place with a record's signature in [from, end), or `end`.
[[nodiscard]] std::uint32_t find_signature(ByteView chunk, std::uint32_t from, std::uint32_t end);

}  // namespace synclens::evtx
