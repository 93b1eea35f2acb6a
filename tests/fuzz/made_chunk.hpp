// An EVTX chunk around the fuzzer's bytes, so that they are spent on records and not on headers.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>

#include "synclens/bytes.hpp"

namespace fuzz {

inline void put(std::string& out, std::size_t at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out[at + i] = static_cast<char>(value >> (8 * i) & 0xFF);
}

// `bytes` is a row of records, each a 16-bit length and that many bytes of BinXML. Offsets in them are of the chunk:
// the first record's BinXML stands at 536.
inline std::string made_chunk(synclens::ByteView bytes, std::size_t least_size) {
  constexpr std::size_t head = 512, record_head = 24, most = 65536;
  std::string out(head, '\0');
  std::uint64_t records = 0;
  std::size_t last = head;
  while (bytes.size() > 2) {
    const std::size_t length = std::min<std::size_t>(bytes[0] + 256u * bytes[1], bytes.size() - 2);
    const std::size_t size = (record_head + length + 4 + 7) / 8 * 8;
    if (out.size() + size > most) break;
    last = out.size();
    out.resize(last + size);
    put(out, last, 0x2A2A, 4);
    put(out, last + 4, size, 4);
    put(out, last + 8, ++records, 8);
    put(out, last + 16, 132000000000000000, 8);
    std::memcpy(out.data() + last + record_head, bytes.data() + 2, length);
    put(out, last + size - 4, size, 4);
    bytes = bytes.subspan(2 + length);
  }
  std::memcpy(out.data(), "ElfChnk", 8);
  put(out, 8, 1, 8);
  put(out, 16, records, 8);
  put(out, 24, 1, 8);
  put(out, 32, records, 8);
  put(out, 40, 128, 4);
  put(out, 44, last, 4);
  put(out, 48, out.size(), 4);
  if (out.size() < least_size) out.resize(least_size);
  return out;
}

}  // namespace fuzz
