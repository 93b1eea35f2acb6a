// The part of a text stream that a scanner still needs: it grows at the end and is dropped at the front.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "synclens/bytes.hpp"

namespace synclens {

class XmlWindow {
 public:
  static constexpr std::uint64_t nowhere = ~std::uint64_t{0};

  explicit XmlWindow(ByteStream& stream) : stream_(stream) {}

  // All positions are offsets in the whole text. The byte at `at`, or -1 past the end; reads what is needed.
  [[nodiscard]] int byte(std::uint64_t at) {
    while (at - base_ >= held_.size()) {
      if (!read_more()) return -1;
    }
    return static_cast<unsigned char>(held_[static_cast<std::size_t>(at - base_)]);
  }

  // Whether `word` stands at `at`.
  [[nodiscard]] bool has(std::uint64_t at, std::string_view word) {
    return byte(at + word.size() - 1) >= 0 && view(at, at + word.size()) == word;
  }

  // Where `c` next stands, from `from` on and before `end`; `nowhere` without one.
  [[nodiscard]] std::uint64_t find(char c, std::uint64_t from, std::uint64_t end = nowhere);

  // The same to the end of the text; of what lies before it no more than `kept` bytes are sure to be held.
  [[nodiscard]] std::uint64_t go_to(char c, std::uint64_t from, std::uint64_t kept = 0);

  // The same for "]]>", "-->" and "?>". What a search has learned is kept: repeated searches stay linear.
  enum Terminator : std::uint8_t { cdata_end, comment_end, instruction_end };
  [[nodiscard]] std::uint64_t find(Terminator what, std::uint64_t from, std::uint64_t end);

  // What lies between two positions that were read already and not dropped.
  [[nodiscard]] std::string_view view(std::uint64_t from, std::uint64_t to) const {
    return std::string_view(held_).substr(static_cast<std::size_t>(from - base_), static_cast<std::size_t>(to - from));
  }
  [[nodiscard]] char* data(std::uint64_t from) { return held_.data() + static_cast<std::size_t>(from - base_); }

  // Bytes before `at` are not asked for again, except that lines up to it are counted.
  void drop_before(std::uint64_t at);

  // The line of a position, from 1. Positions must be asked for in ascending order and not be dropped.
  [[nodiscard]] std::uint64_t line_of(std::uint64_t at);

  // The first byte that is still held.
  [[nodiscard]] std::uint64_t begin() const { return base_; }

  // The end of the text as far as it was read.
  [[nodiscard]] std::uint64_t end() const { return base_ + held_.size(); }

 private:
  struct Known {
    std::uint64_t from = nowhere;   // the search began here,
    std::uint64_t found = nowhere;  // found the terminator here,
    std::uint64_t none_before = 0;  // or none before here
  };
  bool read_more();

  ByteStream& stream_;
  std::string held_;
  std::uint64_t base_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t counted_ = 0;  // lines are counted up to here
  std::array<Known, 3> known_;
  bool ended_ = false;
};

}  // namespace synclens
