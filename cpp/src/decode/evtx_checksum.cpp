#include "decode/evtx_checksum.hpp"

#include <zlib.h>

namespace synclens::evtx {
namespace {

constexpr std::uint32_t no_checksum_flag = 4;

std::uint32_t crc(std::uint32_t start, ByteView bytes) {
  return static_cast<std::uint32_t>(::crc32(start, bytes.data(), static_cast<uInt>(bytes.size())));
}

// Flags and the checksum itself stand between the two parts that it covers.
bool header_right(ByteView chunk) {
  const std::uint32_t sum = crc(crc(0, chunk.first(120)), chunk.subspan(128, chunk_head - 128));
  return sum == load<std::uint32_t>(chunk.data() + 124);
}

}  // namespace

ChunkChecksums check(const Chunk& chunk) {
  ChunkChecksums found;
  const ByteView bytes = chunk.bytes;
  if (bytes.size() < chunk_head || !chunk.has_checksums) return found;
  if ((load<std::uint32_t>(bytes.data() + 120) & no_checksum_flag) != 0) return found;
  found.header_right = header_right(bytes);
  found.checked = 1;
  const auto end = load<std::uint32_t>(bytes.data() + 48);
  if (end < chunk_head || end > chunk_size) {
    found.records_right = false;
    found.checked = 2;
  } else if (end <= bytes.size()) {
    found.records_right = crc(0, bytes.subspan(chunk_head, end - chunk_head)) == load<std::uint32_t>(bytes.data() + 52);
    found.checked = 2;
  }
  return found;
}

bool proves_chunk(ByteView bytes) {
  return bytes.size() >= chunk_head && std::memcmp(bytes.data(), "ElfChnk", 8) == 0 &&
         load<std::uint32_t>(bytes.data() + 40) == 128 && header_right(bytes);
}

FileChecksum check_file_header(ByteView header) {
  if ((load<std::uint32_t>(header.data() + 120) & no_checksum_flag) != 0) return FileChecksum::none;
  return crc(0, header.first(120)) == load<std::uint32_t>(header.data() + 124) ? FileChecksum::right
                                                                               : FileChecksum::wrong;
}

}  // namespace synclens::evtx
