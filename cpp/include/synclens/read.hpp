// read: from bytes to a Source of known kind and known text encoding. Nothing here interprets an event.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "synclens/bytes.hpp"
#include "synclens/time.hpp"

namespace synclens {

enum class SourceKind : std::uint8_t {
  unknown,      // nothing we know
  empty,        // no bytes, or only white space and NULs
  evtx,         // ElfFile, or ElfChnk somewhere at a chunk border
  event_xml,    // <Events>, <Event>, or a run of <Event> without a root
  clixml,       // <Objs ... powershell
  event_table,  // CSV or TSV of events (Event Viewer, Export-Csv)
  event_text,   // pasted Event Viewer blocks, Format-List of events
  sync_log,     // password sync log: CSV, TSV, Markdown or aligned text with a status column
  settings,     // output of a cmdlet, a script or the diagnosis; Connector_{guid}.xml, run history CSV, object texts
  cloud_sync,   // recognised as the other product
  closed,       // recognised and left closed on purpose: Security log, registry hive, capture, ETL
  archive,      // zip, tar, gzip, ...: the bundle walk opens these, not the core
};
[[nodiscard]] std::string_view to_string(SourceKind kind);

// A named stream and what is known of it before it is decoded.
struct Source {
  std::string name;                    // as shown: "MECLOG.zip/path/inside"
  std::unique_ptr<ByteStream> stream;  // at its beginning
  Ticks collected_at = no_time;        // when it was collected: from a folder or file name or the archive member
};

// Looks at the first bytes (64 KiB or all there is). `name` only breaks ties between settings texts.
[[nodiscard]] SourceKind sniff(ByteView head, std::string_view name);

enum class TextEncoding : std::uint8_t { utf8, utf16le, utf16be, windows1252 };

// By byte order mark, else by the pattern of zero bytes, else UTF-8 where valid, else Windows-1252.
[[nodiscard]] TextEncoding detect_encoding(ByteView head);

// A stream of valid UTF-8 over a stream of text in any of these encodings, byte order mark removed.
// Follows a file that changes from UTF-16LE to single bytes and back (appended to by different commands);
// what is not valid becomes U+FFFD and is counted.
class Utf8Stream : public ByteStream {
 public:
  explicit Utf8Stream(std::unique_ptr<ByteStream> bytes);
  ~Utf8Stream() override;
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t replaced() const;  // how many U+FFFD were put in

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace synclens
