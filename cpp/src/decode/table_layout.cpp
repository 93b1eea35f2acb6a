#include "decode/table_layout.hpp"

#include <algorithm>
#include <array>

#include "decode/culture_date.hpp"
#include "decode/event_fields.hpp"
#include "decode/level_words.hpp"

namespace synclens {
namespace {

constexpr std::array<char, 4> separators = {',', ';', '\t', '|'};
constexpr std::size_t lines_before_a_header = 64;
constexpr std::size_t bytes_before_a_header = 256u << 10;

}  // namespace

HeaderColumn HeaderColumns::at(std::size_t i) const {
  return i < columns.size() ? columns[i] : HeaderColumn::none;
}

std::optional<HeaderColumns> event_header(const CsvRow& row) {
  HeaderColumns result;
  std::size_t known = 0;
  bool id = false;
  for (const CsvRow::Cell& cell : row.cells) {
    const ColumnName name = column_named(cell.text, NameUse::table);
    result.columns.push_back(name.column);
    if (!name.known) continue;
    ++known;
    id = id || name.column == HeaderColumn::id || name.column == HeaderColumn::instance_id;
    result.has_message = result.has_message || name.column == HeaderColumn::message;
    if (name.language != Language::neutral) result.languages.push_back(name.language);
  }
  if (known < 2 || !id) return std::nullopt;
  return result;
}

std::optional<HeaderColumns> viewer_row_without_header(const CsvRow& row) {
  if (row.cells.size() < 4) return std::nullopt;
  if (!level_of_word(row.cells[0].text) || !parse_written_date(row.cells[1].text) ||
      !parse_event_id(row.cells[3].text)) {
    return std::nullopt;
  }
  HeaderColumns result;
  result.columns = {HeaderColumn::level, HeaderColumn::time, HeaderColumn::provider, HeaderColumn::id,
                    HeaderColumn::task};
  return result;
}

bool is_directive(const CsvRow& row) {
  if (row.cells.empty()) return false;
  const std::string_view first = trim_marks(row.cells.front().text);
  return first.starts_with("#TYPE") || (row.cells.size() <= 2 && first.starts_with("sep="));
}

std::optional<char> event_separator(std::string_view head) {
  std::size_t best = 0;
  std::optional<char> result;
  const Limits limits;
  for (const char separator : separators) {
    const auto stream = open_memory(as_bytes(head.substr(0, bytes_before_a_header)));
    CsvReader reader(*stream, separator, limits);
    CsvRow row;
    for (std::size_t i = 0; i < lines_before_a_header && reader.next(row); ++i) {
      std::optional<HeaderColumns> columns = event_header(row);
      if (!columns) columns = viewer_row_without_header(row);
      if (!columns) continue;
      const auto useful = static_cast<std::size_t>(std::count_if(
          columns->columns.begin(), columns->columns.end(), [](HeaderColumn c) { return c != HeaderColumn::none; }));
      if (useful <= best) break;
      best = useful;
      result = separator;
      break;
    }
  }
  return result;
}

}  // namespace synclens
