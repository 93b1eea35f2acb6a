// How a table of separated values is laid out: what separates its cells and what its columns are.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "decode/column_names.hpp"
#include "decode/csv_reader.hpp"

namespace synclens {

struct HeaderColumns {
  std::vector<HeaderColumn> columns;
  std::vector<Language> languages;  // of the header's names, those that say something
  bool has_message = false;

  // The meaning of cell `i`. Event Viewer's header has no name for the message after its last column.
  [[nodiscard]] HeaderColumn at(std::size_t i) const;
  [[nodiscard]] bool message_has_no_name(std::size_t i) const { return !has_message && i >= columns.size(); }
};

// The columns if this row is a header: two known names or more, an id among them. Nothing otherwise.
[[nodiscard]] std::optional<HeaderColumns> event_header(const CsvRow& row);

// The columns of Event Viewer's export for a row that must be one of it: level word, time, source, id.
[[nodiscard]] std::optional<HeaderColumns> viewer_row_without_header(const CsvRow& row);

// Lines of a table that are neither header nor row: "#TYPE ...", "sep=;".
[[nodiscard]] bool is_directive(const CsvRow& row);

// The separator whose header is the best among the first lines; nothing where no line is a header.
[[nodiscard]] std::optional<char> event_separator(std::string_view head);

}  // namespace synclens
