// The checksums of an EVTX file: CRC-32 of its head, of each chunk's head and of each chunk's records.
#pragma once

#include "decode/evtx_chunk.hpp"

namespace synclens::evtx {

struct ChunkChecksums {
  bool header_right = true, records_right = true;
  unsigned checked = 0;  // of the two; what says that it has no checksums is not checked
};
// The chunk must have its signature. Records of a chunk that was cut are not checked.
[[nodiscard]] ChunkChecksums check(const Chunk& chunk);

// Whether the header of a chunk at these bytes proves itself: signature, size, checksum.
[[nodiscard]] bool proves_chunk(ByteView bytes);

enum class FileChecksum : std::uint8_t { right, wrong, none };
// Of the first 128 bytes of a file.
[[nodiscard]] FileChecksum check_file_header(ByteView header);

}  // namespace synclens::evtx
