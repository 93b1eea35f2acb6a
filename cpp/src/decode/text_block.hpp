// One event of a text while its lines come in.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/event_fields.hpp"
#include "decode/line_reader.hpp"

namespace synclens {

// Lines put together with the line ends that they had, up to a limit.
class JoinedLines {
 public:
  explicit JoinedLines(std::size_t most) : most_(most) {}
  void clear();
  void add(std::string_view text, std::string_view end);
  // Continues the last line: `between` stands where its line end would.
  void join(std::string_view between, std::string_view text, std::string_view end);
  [[nodiscard]] bool blank() const;
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t cut_bytes() const { return cut_bytes_; }

 private:
  void append(std::string_view text);

  std::size_t most_;
  std::string text_;
  std::string_view end_;  // of the last line; a literal
  bool begun_ = false;
  std::uint64_t lines_ = 0, cut_bytes_ = 0;
};

struct TextBlock {
  explicit TextBlock(std::size_t most) : message(most) {}

  std::array<std::string, static_cast<std::size_t>(HeaderColumn::count)> texts;
  std::array<bool, static_cast<std::size_t>(HeaderColumn::count)> stated{};
  std::size_t labels = 0;
  std::vector<WrittenId> loose_ids;  // of an event that stands on one line
  JoinedLines message;
  Address where;

  void clear(const Address& begin);
  void set(HeaderColumn column, std::string_view value);
  [[nodiscard]] bool has(HeaderColumn column) const { return stated[static_cast<std::size_t>(column)]; }
  [[nodiscard]] bool has_id() const {
    return has(HeaderColumn::id) || has(HeaderColumn::instance_id) || !loose_ids.empty();
  }
};

}  // namespace synclens
