#include "decode/evtx_chunk.hpp"

#include <algorithm>

namespace synclens::evtx {
namespace {

constexpr std::uint32_t record_signature = 0x0000'2A2A;

}  // namespace

std::uint32_t find_signature(ByteView chunk, std::uint32_t from, std::uint32_t end) {
  const std::uint8_t* const base = chunk.data();
  end = std::min(end, static_cast<std::uint32_t>(chunk.size()));
  while (from + 4 <= end) {
    const void* hit = std::memchr(base + from, 0x2A, end - from - 3);
    if (hit == nullptr) return end;
    from = static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(hit) - base);
    if (load<std::uint32_t>(base + from) == record_signature) return from;
    ++from;
  }
  return end;
}

bool all_zero(ByteView bytes) {
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    if (load<std::uint64_t>(at) != 0) return false;
  }
  return std::all_of(at, at + left, [](std::uint8_t b) { return b == 0; });
}

std::optional<RecordSpan> record_at(ByteView chunk, std::uint32_t offset) {
  RecordSpan record;
  return read_record_at(chunk, offset, record) ? std::optional(record) : std::nullopt;
}

ChunkHead read_chunk_head(ByteView chunk) {
  ChunkHead head;
  const auto size = static_cast<std::uint32_t>(chunk.size());
  head.live_end = size;
  if (size < chunk_head) return head;
  const std::uint8_t* at = chunk.data();
  head.has_signature = std::memcmp(at, "ElfChnk", 8) == 0;
  head.first_id = load<std::uint64_t>(at + 24);
  head.last_id = load<std::uint64_t>(at + 32);
  head.last_record = load<std::uint32_t>(at + 44);
  const auto free_space = load<std::uint32_t>(at + 48);
  if (free_space >= chunk_head && free_space <= size) head.live_end = free_space;
  return head;
}

RecordWalk::RecordWalk(ByteView chunk, const ChunkHead& head) : chunk_(chunk), head_(head), at_(chunk_head) {}

RecordWalk::Step RecordWalk::next_gap(Gap& gap) {
  const std::uint32_t start = at_;
  const std::uint32_t resume = find_live(start + 1);
  const bool more = resume < head_.live_end;
  at_ = more ? resume : head_.live_end;
  // Zeros up to the end are free space that the head does not know of (archived logs).
  if (!more && all_zero(chunk_.subspan(start, std::min<std::size_t>(4, chunk_.size() - start)))) {
    at_ = start;
    head_.live_end = start;
    return Step::end;
  }
  gap.offset = start;
  gap.bytes = at_ - start;
  gap.what = chunk_.size() - start < least_record                             ? "record cut by the end of the file"
             : load<std::uint32_t>(chunk_.data() + start) != record_signature ? "no record where one should start"
             : load<std::uint32_t>(chunk_.data() + start + 4) < least_record  ? "record size too small"
                                                                              : "record size past the end of the chunk";
  return Step::gap;
}

void RecordWalk::distrust_last() {
  const std::uint32_t resume = find_live(last_ + 1);
  if (resume < at_) ended_ = false;
  at_ = std::min(at_, resume);
}

// Only records that the head speaks of: a chunk that was being reused also holds those of the log's other pass.
std::uint32_t RecordWalk::find_live(std::uint32_t from) {
  if (from < searched_from_ || from > found_at_) {  // else the last search covers this one
    searched_from_ = from;
    found_at_ = search_live(from);
  }
  return found_at_;
}

std::uint32_t RecordWalk::search_live(std::uint32_t from) const {
  const auto end =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(head_.live_end, std::uint64_t{head_.last_record} + 4));
  while (true) {
    from = find_signature(chunk_, from, end);
    if (from >= end) return head_.live_end;
    const auto found = record_at(chunk_, from);
    if (found && found->copy_matches && from + found->size <= head_.live_end && found->id >= head_.first_id &&
        found->id <= head_.last_id) {
      return from;
    }
    ++from;
  }
}

}  // namespace synclens::evtx
