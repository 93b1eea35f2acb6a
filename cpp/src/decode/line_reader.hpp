// Lines of a text, with where they stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/bytes.hpp"

namespace synclens {

struct TextLine {
  std::string_view text;  // without its end; the reader's until its next line
  std::string_view end;   // "\r\n", "\n", "\r", or empty at the end of the source
  std::uint64_t offset = 0;
  std::uint64_t line = 1;
  std::uint64_t cut_bytes = 0;  // what did not fit the limit
};

class LineReader {
 public:
  // Borrows the stream. Lines longer than `most` bytes are cut.
  LineReader(ByteStream& stream, std::size_t most);
  // False at the end of the source.
  [[nodiscard]] bool next(TextLine& line);

 private:
  bool fill();

  ByteStream& stream_;
  std::size_t most_;
  std::vector<std::uint8_t> block_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t offset_ = 0, line_ = 1;
  std::string text_;
};

// In characters, as a console counts them (nearly).
[[nodiscard]] std::size_t width_of(std::string_view text);

}  // namespace synclens
