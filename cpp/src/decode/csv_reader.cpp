#include "decode/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include "read/block_bytes.hpp"
#include "read/utf8.hpp"

namespace synclens {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\0' || c == '\r' || c == '\n';
}

}  // namespace

bool CsvRow::blank() const {
  return std::all_of(cells.begin(), cells.end(),
                     [](const Cell& cell) { return std::all_of(cell.text.begin(), cell.text.end(), is_blank); });
}

CsvReader::CsvReader(ByteStream& stream, char separator, const Limits& limits, bool quotes)
    : stream_(stream),
      separator_(separator),
      quotes_(quotes),
      most_cell_(limits.table_cell_bytes),
      most_row_(2 * limits.table_cell_bytes),
      most_columns_(std::max<std::size_t>(1, limits.table_columns)),
      block_(block_bytes(128u << 10)) {}

bool CsvReader::fill() {
  const std::size_t got = stream_.read(block_);
  at_ = reinterpret_cast<const char*>(block_.data());
  end_ = at_ + got;
  return got != 0;
}

void CsvReader::keep(const char* from, const char* to) {
  const auto size = static_cast<std::size_t>(to - from);
  line_ += static_cast<std::uint64_t>(std::count(from, to, '\n'));
  std::size_t room = 0;
  if (cells_.size() < most_columns_) {
    const std::size_t cell = text_.size() - cell_begin_;
    room = std::min(most_cell_ - std::min(most_cell_, cell), most_row_ - std::min(most_row_, text_.size()));
  }
  if (cell_cut_) room = 0;
  text_.append(from, std::min(size, room));
  if (size <= room) return;
  cut_bytes_ += size - room;
  if (cell_cut_ || cells_.size() >= most_columns_) return;
  cell_cut_ = true;
  const std::size_t kept = cell_begin_ + without_cut_character(std::string_view(text_).substr(cell_begin_)).size();
  cut_bytes_ += text_.size() - kept;
  text_.resize(kept);
}

void CsvReader::end_cell() {
  if (cells_.size() < most_columns_) {
    cells_.push_back({cell_begin_, text_.size(), cell_quoted_});
  } else {
    ++cut_cells_;
  }
  cell_begin_ = text_.size();
  cell_quoted_ = false;
  cell_cut_ = false;
  state_ = State::cell_start;
}

void CsvReader::end_row(CsvRow& row) {
  row.cells.clear();
  for (const Extent& cell : cells_) {
    row.cells.push_back({std::string_view(text_).substr(cell.begin, cell.end - cell.begin), cell.quoted});
  }
  row.stray_line = stray_line_;
  row.cut_bytes = cut_bytes_;
  row.cut_cells = cut_cells_;
}

bool CsvReader::take_line_end() {
  const bool carriage_return = *at_ == '\r';
  ++at_, ++offset_, ++line_;
  if (carriage_return) {
    if (at_ == end_) {
      skip_line_feed_ = true;
    } else if (*at_ == '\n') {
      ++at_, ++offset_;
    }
  }
  return true;
}

bool CsvReader::take_plain() {
  const char* const from = at_;
  while (at_ != end_ && *at_ != separator_ && *at_ != '\n' && *at_ != '\r') ++at_;
  offset_ += static_cast<std::uint64_t>(at_ - from);
  keep(from, at_);
  if (at_ == end_) return false;
  end_cell();
  if (*at_ != separator_) return take_line_end();
  ++at_, ++offset_;
  return false;
}

void CsvReader::take_quoted() {
  const void* const quote = std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_));
  const char* const to = quote != nullptr ? static_cast<const char*>(quote) : end_;
  if (to != at_) before_quote_ = *(to - 1);
  keep(at_, to);
  offset_ += static_cast<std::uint64_t>(to - at_);
  at_ = to;
  if (quote == nullptr) return;
  ++at_, ++offset_;
  state_ = State::after_quote;
}

bool CsvReader::take_after_quote() {
  const char c = *at_;
  if (c == separator_) {
    end_cell();
    ++at_, ++offset_;
    return false;
  }
  if (c == '\n' || c == '\r') {
    end_cell();
    return take_line_end();
  }
  static constexpr char quote[] = "\"";
  keep(quote, quote + 1);
  if (c == '"') {
    ++at_, ++offset_;
    before_quote_ = '"';
  } else if (before_quote_ == separator_ || before_quote_ == '\n' || before_quote_ == '\r') {
    if (stray_line_ == 0) stray_line_ = line_;
  }
  state_ = State::quoted;
  return false;
}

bool CsvReader::next(CsvRow& row) {
  text_.clear();
  cells_.clear();
  cell_begin_ = 0;
  cell_quoted_ = false;
  cell_cut_ = false;
  state_ = State::cell_start;
  opened_line_ = stray_line_ = cut_bytes_ = cut_cells_ = 0;
  row.open_line = 0;
  bool begun = false;
  while (true) {
    if (at_ == end_ && !fill()) break;
    if (skip_line_feed_) {
      skip_line_feed_ = false;
      if (*at_ == '\n') {
        ++at_, ++offset_;
        continue;
      }
    }
    if (!begun) {
      begun = true;
      row.offset = offset_;
      row.line = line_;
    }
    bool complete = false;
    switch (state_) {
      case State::cell_start:
        if (quotes_ && *at_ == '"') {
          cell_quoted_ = true;
          opened_line_ = line_;
          before_quote_ = 0;
          ++at_, ++offset_;
          state_ = State::quoted;
          break;
        }
        state_ = State::plain;
        [[fallthrough]];
      case State::plain:
        complete = take_plain();
        break;
      case State::quoted:
        take_quoted();
        break;
      case State::after_quote:
        complete = take_after_quote();
        break;
    }
    if (complete) {
      end_row(row);
      return true;
    }
  }
  if (!begun) return false;
  if (state_ == State::quoted) row.open_line = opened_line_;
  end_cell();
  end_row(row);
  return true;
}

}  // namespace synclens
