#include "decode/xml_window.hpp"

#include <algorithm>
#include <cstring>

#include "read/block_bytes.hpp"

namespace synclens {
namespace {
constexpr std::size_t block_size = block_bytes(256u << 10);
constexpr std::array<std::string_view, 3> terminators = {"]]>", "-->", "?>"};
}  // namespace

bool XmlWindow::read_more() {
  if (ended_) return false;
  const std::size_t kept = held_.size();
  held_.resize(kept + block_size);
  const std::size_t got = read_full(stream_, {reinterpret_cast<std::uint8_t*>(held_.data()) + kept, block_size});
  held_.resize(kept + got);
  ended_ = got < block_size;
  return got > 0;
}

std::uint64_t XmlWindow::find(char c, std::uint64_t from, std::uint64_t end) {
  while (from < end && byte(from) >= 0) {
    const std::size_t skip = static_cast<std::size_t>(from - base_);
    const std::uint64_t most = end == nowhere ? held_.size() : end - base_;
    const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(held_.size(), most)) - skip;
    const void* found = std::memchr(held_.data() + skip, c, length);
    if (found != nullptr) return base_ + static_cast<std::uint64_t>(static_cast<const char*>(found) - held_.data());
    from += length;
  }
  return nowhere;
}

std::uint64_t XmlWindow::go_to(char c, std::uint64_t from, std::uint64_t kept) {
  while (byte(from) >= 0) {
    const std::uint64_t read = end();
    if (const std::uint64_t found = find(c, from, read); found != nowhere) return found;
    from = read;
    drop_before(std::max(base_, from - std::min(from, kept)));
  }
  return nowhere;
}

std::uint64_t XmlWindow::find(Terminator what, std::uint64_t from, std::uint64_t end) {
  const std::string_view word = terminators[what];
  Known& known = known_[what];
  if (known.from <= from) {
    if (known.found != nowhere && known.found >= from) return known.found < end ? known.found : nowhere;
    if (known.found == nowhere && from < known.none_before) from = std::max(from, known.none_before);
  } else {
    known = Known{from, nowhere, from};
  }
  if (known.found != nowhere) known = Known{from, nowhere, from};
  while (true) {
    const std::uint64_t at = find(word.back(), from + word.size() - 1, end);
    if (at == nowhere) {
      known.none_before =
          std::max(known.none_before,
                   std::min(end, this->end()) - std::min<std::uint64_t>(word.size() - 1, std::min(end, this->end())));
      return nowhere;
    }
    const std::uint64_t start = at - (word.size() - 1);
    if (view(start, start + word.size()) == word) {
      known.found = start;
      return start;
    }
    from = start + 1;
  }
}

void XmlWindow::drop_before(std::uint64_t at) {
  const std::uint64_t limit = std::min(at, end());
  const std::size_t used = static_cast<std::size_t>(limit - base_);
  if (used < held_.size() / 2 || used < block_size / 2) return;
  (void)line_of(limit);
  held_.erase(0, used);
  base_ = limit;
}

std::uint64_t XmlWindow::line_of(std::uint64_t at) {
  const std::uint64_t to = std::min(at, end());
  if (to > counted_) {
    const std::string_view passed = view(counted_, to);
    line_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
    counted_ = to;
  }
  return line_;
}

}  // namespace synclens
