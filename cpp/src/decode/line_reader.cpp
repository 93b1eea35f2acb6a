#include "decode/line_reader.hpp"

#include <algorithm>

#include "read/block_bytes.hpp"
#include "read/utf8.hpp"

namespace synclens {

LineReader::LineReader(ByteStream& stream, std::size_t most)
    : stream_(stream), most_(most), block_(block_bytes(64u << 10)) {}

bool LineReader::fill() {
  const std::size_t got = stream_.read(block_);
  at_ = reinterpret_cast<const char*>(block_.data());
  end_ = at_ + got;
  return got != 0;
}

bool LineReader::next(TextLine& line) {
  if (at_ == end_ && !fill()) return false;
  text_.clear();
  line.offset = offset_;
  line.line = line_;
  line.cut_bytes = 0;
  line.end = {};
  do {
    const char* const to = std::find_if(at_, end_, [](char c) { return c == '\n' || c == '\r'; });
    const auto size = static_cast<std::size_t>(to - at_);
    const std::size_t room = line.cut_bytes != 0 ? 0 : std::min(size, most_ - std::min(most_, text_.size()));
    text_.append(at_, room);
    line.cut_bytes += size - room;
    if (room != 0 && room < size) {
      const std::size_t kept = without_cut_character(text_).size();
      line.cut_bytes += text_.size() - kept;
      text_.resize(kept);
    }
    offset_ += size;
    at_ = to;
    if (at_ == end_) continue;
    const bool carriage_return = *at_ == '\r';
    ++at_, ++offset_, ++line_;
    line.end = carriage_return ? "\r" : "\n";
    if (carriage_return && (at_ != end_ || fill()) && *at_ == '\n') {
      ++at_, ++offset_;
      line.end = "\r\n";
    }
    break;
  } while (fill());
  line.text = text_;
  return true;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace synclens
