// Bytes and where they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace synclens {

using ByteView = std::span<const std::uint8_t>;

// A forward stream of bytes: a file, a block of memory, an archive member that Python unpacks.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills `into` from the front and returns how much it filled; 0 only at the end.
  // Throws std::system_error when the source fails.
  [[nodiscard]] virtual std::size_t read(std::span<std::uint8_t> into) = 0;
  // Total size where it is known without reading.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  // Back to where it began. False where that cannot be; nothing is changed then.
  [[nodiscard]] virtual bool rewind() { return false; }
};

// A file, read in blocks (a truncation while we read is a short read, not a signal). Throws std::system_error.
[[nodiscard]] std::unique_ptr<ByteStream> open_file(const std::string& path);

// Memory that the caller keeps alive and unchanged while the stream lives.
[[nodiscard]] std::unique_ptr<ByteStream> open_memory(ByteView bytes);

// Reads until `into` is full or the stream ends; returns how much was read.
[[nodiscard]] std::size_t read_full(ByteStream& stream, std::span<std::uint8_t> into);

// Reads all of a stream. Throws LimitExceeded past `most` bytes.
[[nodiscard]] std::string read_all(ByteStream& stream, std::size_t most);

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace synclens
