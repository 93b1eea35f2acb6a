#include "decode/evtx_visit.hpp"

#include <string>

#include "decode/evtx_checksum.hpp"

namespace synclens::evtx {

void ChunkTroubles::begin(const Chunk& chunk) {
  chunk_ = &chunk;
  any_ = false;
  ++account.chunks;
}

void ChunkTroubles::lost(const char* what, std::uint32_t offset, std::uint32_t bytes) {
  any_ = true;
  say_({what, chunk_->address(offset), last_time, bytes});
}

void ChunkTroubles::failed(const RecordSpan& record, const Damage& damage, std::uint32_t bytes) {
  any_ = true;
  std::string what = "record " + std::to_string(record.id) + ": " + damage.what;
  if (damage.offset != 0) what += " (offset " + std::to_string(damage.offset) + " of the chunk)";
  say_({std::move(what), chunk_->address(record.offset), last_time, bytes});
}

void ChunkTroubles::end(const Chunk& chunk, bool verify) {
  if (!any_ && !verify) return;
  const ChunkChecksums found = check(chunk);
  account.checked += found.checked;
  if (!found.header_right) {
    ++account.wrong;
    say_({"the checksum of the chunk's header is not that of its bytes", chunk.address(0), last_time, 0});
  }
  if (!found.records_right) {
    ++account.wrong;
    say_({"the checksum of the chunk's records is not that of their bytes", chunk.address(chunk_head), last_time, 0});
  }
}

}  // namespace synclens::evtx
