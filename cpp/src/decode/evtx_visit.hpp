// A way through the chunks of a file that misses no byte: every record to a reader, every other byte to the account.
#pragma once

#include <functional>
#include <utility>

#include "decode/evtx_recovery.hpp"

namespace synclens::evtx {

// What went wrong in the chunks that one thread reads, and what became of their bytes.
class ChunkTroubles {
 public:
  explicit ChunkTroubles(std::function<void(Problem)> say) : say_(std::move(say)) {}

  Account account;
  Ticks last_time = no_time;  // of the last record that had one

  void begin(const Chunk& chunk);
  void lost(const char* what, std::uint32_t offset, std::uint32_t bytes);
  // `bytes`: how far the next record is.
  void failed(const RecordSpan& record, const Damage& damage, std::uint32_t bytes);
  // Looks at the checksums where something was wrong or `verify` asks.
  void end(const Chunk& chunk, bool verify);

 private:
  std::function<void(Problem)> say_;
  const Chunk* chunk_ = nullptr;
  bool any_ = false;
};

// Visits every record of a chunk: the live ones in order and, with `recover`, after them or in their gaps whatever
// else can be found. `read(const RecordSpan&, Damage&)` gives a Reading, and the damage where that is not `whole`.
template <typename Read>
void visit_records(const Chunk& chunk, bool recover, bool verify, ChunkTroubles& troubles, Read read) {
  const ByteView bytes = chunk.bytes;
  const auto size = static_cast<std::uint32_t>(bytes.size());
  Account& account = troubles.account;
  Damage damage{"", 0};
  const auto read_found = [&](const RecordSpan& record) { return read(record, damage); };
  const ChunkHead head = read_chunk_head(bytes);
  if (!head.has_signature && chunk.kind != Chunk::Kind::stray && all_zero(bytes)) {
    account.free += size;
    return;
  }
  troubles.begin(chunk);
  ChunkRecovery recovery(chunk, account, recover, read_found);
  if (!head.has_signature) {
    const char* what = chunk.kind == Chunk::Kind::stray ? "bytes before a chunk that is not where it should be"
                       : size < chunk_head              ? "chunk cut by the end of the file"
                                                        : "chunk without its signature";
    troubles.lost(what, 0, size);
    recovery.lost(0, size, what, "in a chunk without its signature");
    return;
  }
  account.headers += chunk_head;
  RecordWalk walk(bytes, head);
  RecordSpan record;
  Gap gap;
  for (RecordWalk::Step step = walk.next(record, gap); step != RecordWalk::Step::end; step = walk.next(record, gap)) {
    if (step == RecordWalk::Step::gap) {
      troubles.lost(gap.what, gap.offset, gap.bytes);
      recovery.lost(gap.offset, gap.offset + gap.bytes, gap.what, "between the records of its chunk");
      continue;
    }
    const Reading reading = read(record, damage);
    if (reading == Reading::whole) {
      account.records += record.size;
      if (recover) recovery.inside(record);
      continue;
    }
    if (!record.copy_matches) walk.distrust_last();
    const char* const what = damage.what;
    troubles.failed(record, damage, walk.at() - record.offset);
    if (reading == Reading::part) {
      account.skip(chunk.address(record.offset), walk.at() - record.offset, what);
    } else {
      recovery.lost(record.offset, walk.at(), what, "inside a record that could not be read");
    }
  }
  if (chunk.kind == Chunk::Kind::overrun) {
    troubles.lost("chunk that lost bytes: the next one begins inside it", size, 0);
  } else if (size < chunk_size) {
    troubles.lost("chunk cut by the end of the file", size, 0);
  }
  recovery.unused(walk.at(), size);
  troubles.end(chunk, verify);
}

}  // namespace synclens::evtx
