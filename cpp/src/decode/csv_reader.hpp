// Rows of separated values: CSV and TSV as spreadsheets, PowerShell and Event Viewer write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/bytes.hpp"
#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens {

// One row. The views are the reader's and change with its next row.
struct CsvRow {
  struct Cell {
    std::string_view text;
    bool quoted = false;
  };
  std::vector<Cell> cells;
  std::uint64_t offset = 0;      // of its first byte
  std::uint64_t line = 1;        // of its first byte
  std::uint64_t open_line = 0;   // where a quote was opened that the end of the source closes; 0: none
  std::uint64_t stray_line = 0;  // where a quote inside a quoted cell looks like the beginning of another; 0: none
  std::uint64_t cut_bytes = 0;   // what did not fit the limits of a cell or a row
  std::uint64_t cut_cells = 0;   // cells past the limit of columns

  [[nodiscard]] bool blank() const;
};

// Reads rows one by one; memory is bounded by the limits. Rows end at CRLF, LF or CR. A cell that begins with a quote
// goes on to the quote before a separator or the row's end; a quote elsewhere inside it is text, doubled or not.
class CsvReader {
 public:
  // `quotes`: whether they enclose cells at all. Borrows the stream.
  CsvReader(ByteStream& stream, char separator, const Limits& limits, bool quotes = true);

  // False at the end of the source.
  [[nodiscard]] bool next(CsvRow& row);

  void set_separator(char separator) { separator_ = separator; }
  [[nodiscard]] char separator() const { return separator_; }
  // Where the first byte of the stream stands in the source, for a part of one.
  void start_at(std::uint64_t offset, std::uint64_t line) { offset_ = offset, line_ = line; }

 private:
  enum class State : std::uint8_t { cell_start, plain, quoted, after_quote };

  bool fill();
  void keep(const char* from, const char* to);
  void end_cell();
  void end_row(CsvRow& row);
  // Each takes what belongs to its state from the block; true when the row is complete.
  bool take_plain();
  void take_quoted();
  bool take_after_quote();
  bool take_line_end();

  ByteStream& stream_;
  char separator_;
  bool quotes_;
  std::size_t most_cell_, most_row_, most_columns_;

  std::vector<std::uint8_t> block_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t offset_ = 0, line_ = 1;
  bool skip_line_feed_ = false;  // the last row ended with CR at the end of a block

  State state_ = State::cell_start;
  struct Extent {
    std::size_t begin, end;
    bool quoted;
  };
  std::string text_;  // of the row's cells, one after the other
  std::vector<Extent> cells_;
  std::size_t cell_begin_ = 0;
  bool cell_quoted_ = false;
  bool cell_cut_ = false;  // the rest of the cell does not fit the limit
  std::uint64_t opened_line_ = 0, stray_line_ = 0, cut_bytes_ = 0, cut_cells_ = 0;
  char before_quote_ = 0;  // the character before the quote that after_quote judges
};

}  // namespace synclens
