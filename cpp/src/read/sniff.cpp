#include <algorithm>
#include <array>
#include <cstring>

#include "read/sniff_text.hpp"
#include "synclens/read.hpp"

namespace synclens {
namespace {

using namespace std::string_view_literals;

bool at(ByteView head, std::size_t offset, std::string_view magic) {
  return head.size() >= offset + magic.size() && std::memcmp(head.data() + offset, magic.data(), magic.size()) == 0;
}

std::uint32_t u32(ByteView head, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= static_cast<std::uint32_t>(head[offset + i]) << (8 * i);
  return value;
}

// The file header may be damaged or gone: a chunk, or a record where a chunk's first one stands, is enough.
bool is_evtx(ByteView head) {
  constexpr std::size_t file_header = 4096;
  constexpr std::size_t chunk_header = 512;
  if (at(head, 0, "ElfFile\0"sv)) return true;
  for (const std::size_t chunk : {std::size_t{0}, file_header}) {
    if (at(head, chunk, "ElfChnk\0"sv) || at(head, chunk + chunk_header, "**\0\0"sv)) return true;
  }
  // header size 128, version 3.x, block size 4096
  return head.size() >= 128 && u32(head, 32) == 128 && (u32(head, 36) >> 16u) == 3 &&
         (u32(head, 40) & 0xFFFFu) == file_header;
}

bool is_trace(ByteView head) {  // ETL: a buffer header, then the trace header with its marker
  if (head.size() < 0x50) return false;
  const std::uint32_t buffer = u32(head, 0);
  return buffer >= 1024 && buffer % 1024 == 0 && buffer <= (64u << 20) && (head[0x4A] == 1 || head[0x4A] == 2) &&
         head[0x4B] == 0xC0;
}

bool is_closed(ByteView head) {
  constexpr std::array magics = {
      "regf"sv, "HvLE"sv, "\xD4\xC3\xB2\xA1"sv, "\xA1\xB2\xC3\xD4"sv, "\x4D\x3C\xB2\xA1"sv, "\xA1\xB2\x3C\x4D"sv};
  if (std::any_of(magics.begin(), magics.end(), [&](std::string_view m) { return at(head, 0, m); })) return true;
  const bool pcapng =
      at(head, 0, "\x0A\x0D\x0D\x0A"sv) && (at(head, 8, "\x4D\x3C\x2B\x1A"sv) || at(head, 8, "\x1A\x2B\x3C\x4D"sv));
  return pcapng || is_trace(head);
}

bool is_archive(ByteView head) {
  constexpr std::array magics = {"PK\x03\x04"sv,
                                 "PK\x05\x06"sv,
                                 "PK\x07\x08"sv,
                                 "\x1F\x8B\x08"sv,
                                 "\xFD"
                                 "7zXZ\0"sv,
                                 "\x28\xB5\x2F\xFD"sv,
                                 "7z\xBC\xAF\x27\x1C"sv,
                                 "Rar!\x1A\x07"sv,
                                 "MSCF\0\0\0\0"sv};
  if (std::any_of(magics.begin(), magics.end(), [&](std::string_view m) { return at(head, 0, m); })) return true;
  return at(head, 257, "ustar"sv) || (at(head, 0, "BZh"sv) && at(head, 4, "1AY&SY"sv));
}

bool is_blank(ByteView head) {
  if (at(head, 0, "\xFF\xFE"sv) || at(head, 0, "\xFE\xFF"sv)) head = head.subspan(2);
  if (at(head, 0, "\xEF\xBB\xBF"sv)) head = head.subspan(3);
  return std::all_of(head.begin(), head.end(),
                     [](std::uint8_t c) { return c == 0 || c == ' ' || (c >= '\t' && c <= '\r'); });
}

}  // namespace

std::string_view to_string(SourceKind kind) {
  constexpr std::array<std::string_view, 12> names = {"unknown",  "empty",       "evtx",       "event_xml",
                                                      "clixml",   "event_table", "event_text", "sync_log",
                                                      "settings", "cloud_sync",  "closed",     "archive"};
  return names[static_cast<std::size_t>(kind)];
}

SourceKind sniff(ByteView head, std::string_view name) {
  constexpr std::size_t most = 1u << 16;
  head = head.first(std::min(head.size(), most));
  if (is_evtx(head)) return SourceKind::evtx;
  if (is_archive(head)) return SourceKind::archive;
  if (is_closed(head)) return SourceKind::closed;

  Utf8Stream decoder(open_memory(head));
  const std::string text = read_all(decoder, 4 * most);
  if (is_blank(head)) return SourceKind::empty;
  // What has many characters that no text has is something binary. A run of NULs counts once, so that a text with a
  // torn end is still a text.
  std::size_t controls = decoder.replaced();
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && "\t\r\n\v\f\x1B"sv.find(c) == std::string_view::npos) ++controls;
  }
  if (controls > 16 && controls * 20 > text.size()) return SourceKind::unknown;
  return sniff_text(text, name);
}

}  // namespace synclens
