// Format-Table views and CSV blocks: the parts of powershell_text that know about columns.
#pragma once

#include <functional>

#include "powershell_text.hpp"

namespace synclens::powershell {

struct Column {
  std::string_view name;
  std::size_t begin = 0, end = 0;  // code points, of the rule's dashes or the header's word
};

// Columns by the dashes of `rule`; empty when the header and the rule do not belong together.
// `more` is set when there are more than `most`, which are left out.
[[nodiscard]] std::vector<Column> columns_of_rule(std::string_view header, std::string_view rule, std::size_t most,
                                                  bool& more);
// Columns by the words of the header.
[[nodiscard]] std::vector<Column> columns_of_words(std::string_view header, std::size_t most, bool& more);

// Where between two columns the cells part is not in the header: a left-aligned column is as wide as its longest
// cell and a right-aligned one too, on its other side. The rows tell: a column of blanks runs through all of them.
class ColumnBorders {
 public:
  explicit ColumnBorders(const std::vector<Column>& columns);
  void see(std::string_view row);
  // To be called when all rows were seen.
  void settle();
  // The cells of a row, trimmed; a row that ends early has fewer.
  void split(std::string_view row, std::vector<std::string_view>& cells) const;

 private:
  const std::vector<Column>& columns_;
  std::vector<bool> used_;
  std::vector<std::size_t> starts_;
};

// What separates the cells of a CSV header: a comma, semicolon or tab; 0 when the line is no header of a CSV.
[[nodiscard]] char csv_separator(std::string_view header);

// Reads one CSV record (which may span lines) from the lines. Returns false at the end.
// `cut` is set when the text ends inside quotes.
[[nodiscard]] bool read_csv_record(std::string_view text, Lines& lines, char separator, std::size_t most_cells,
                                   std::vector<std::string>& cells, Line& first, bool& cut);

}  // namespace synclens::powershell
