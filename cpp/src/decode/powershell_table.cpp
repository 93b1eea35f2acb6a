#include "powershell_table.hpp"

#include <algorithm>

#include "record/ascii.hpp"

namespace synclens::powershell {
namespace {

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

// Calls visit(code point index, byte offset) for each code point of the text until it returns false.
template <typename Visit>
void each_code_point(std::string_view text, Visit visit) {
  std::size_t index = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (continues(text[at])) continue;
    if (!visit(index, at)) return;
    ++index;
  }
}

std::vector<Column> runs(std::string_view line, std::size_t most, bool& more) {
  std::vector<Column> found;
  bool inside = false;
  std::size_t last = 0;
  std::size_t first_byte = 0;
  more = false;
  each_code_point(line, [&](std::size_t index, std::size_t at) {
    last = index + 1;
    const bool blank = is_space(line[at]);
    if (!blank && !inside) {
      if (found.size() == most) {
        more = true;
        return false;
      }
      first_byte = at;
      found.push_back({{}, index, 0});
    } else if (blank && inside) {
      found.back().end = index;
      found.back().name = line.substr(first_byte, at - first_byte);
    }
    inside = !blank;
    return true;
  });
  if (inside && !more) {
    found.back().end = last;
    found.back().name = line.substr(first_byte);
  }
  return found;
}

}  // namespace

std::vector<Column> columns_of_words(std::string_view header, std::size_t most, bool& more) {
  return runs(header, most, more);
}

std::vector<Column> columns_of_rule(std::string_view header, std::string_view rule, std::size_t most, bool& more) {
  std::vector<Column> columns = runs(rule, most, more);
  for (Column& column : columns) column.name = {};
  std::size_t current = 0;
  std::size_t first_byte = std::string_view::npos;
  const auto close = [&](std::size_t at) {
    if (first_byte != std::string_view::npos) columns[current].name = trim(header.substr(first_byte, at - first_byte));
    first_byte = std::string_view::npos;
  };
  each_code_point(header, [&](std::size_t index, std::size_t at) {
    while (current < columns.size() && index >= columns[current].end) {
      close(at);
      ++current;
    }
    if (current == columns.size()) return false;
    if (index == columns[current].begin) first_byte = at;
    return true;
  });
  if (current < columns.size()) close(header.size());
  const bool named = std::all_of(columns.begin(), columns.end(), [](const Column& c) { return !c.name.empty(); });
  if (!named) columns.clear();
  return columns;
}

ColumnBorders::ColumnBorders(const std::vector<Column>& columns) : columns_(columns) {
  used_.resize(columns.empty() ? 0 : columns.back().begin);
}

void ColumnBorders::see(std::string_view row) {
  each_code_point(row, [&](std::size_t index, std::size_t at) {
    if (index >= used_.size()) return false;
    if (!is_space(row[at])) used_[index] = true;
    return true;
  });
}

void ColumnBorders::settle() {
  starts_.assign(columns_.size(), 0);
  for (std::size_t i = 1; i < columns_.size(); ++i) {
    starts_[i] = columns_[i].begin;
    for (std::size_t at = columns_[i].begin; at-- > columns_[i - 1].end;) {
      if (!used_[at]) {
        starts_[i] = at + 1;
        break;
      }
    }
  }
}

void ColumnBorders::split(std::string_view row, std::vector<std::string_view>& cells) const {
  cells.clear();
  std::size_t first_byte = 0;
  each_code_point(row, [&](std::size_t index, std::size_t at) {
    if (cells.size() + 1 == starts_.size()) return false;
    if (index == starts_[cells.size() + 1]) {
      cells.push_back(trim(row.substr(first_byte, at - first_byte)));
      first_byte = at;
    }
    return true;
  });
  if (!starts_.empty()) cells.push_back(trim(row.substr(first_byte)));
}

char csv_separator(std::string_view header) {
  for (const char separator : {',', ';', '\t'}) {
    if (header.find(separator) != std::string_view::npos) return separator;
  }
  return 0;
}

bool read_csv_record(std::string_view text, Lines& lines, char separator, std::size_t most_cells,
                     std::vector<std::string>& cells, Line& first, bool& cut) {
  cells.clear();
  cut = false;
  std::optional<Line> line = lines.next();
  if (!line) return false;
  first = *line;
  std::string cell;
  bool quoted = false;
  const auto finish = [&] {
    if (cells.size() < most_cells) cells.push_back(std::string(trim(cell)));
    cell.clear();
  };
  while (true) {
    for (std::size_t i = 0; i < line->text.size(); ++i) {
      const char c = line->text[i];
      if (quoted) {
        if (c != '"') {
          cell += c;
        } else if (i + 1 < line->text.size() && line->text[i + 1] == '"') {
          cell += '"';
          ++i;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == separator) {
        finish();
      } else {
        cell += c;
      }
    }
    if (!quoted) break;
    cell += '\n';
    line = lines.next();
    if (!line) {
      cut = true;
      break;
    }
  }
  finish();
  (void)text;
  return true;
}

}  // namespace synclens::powershell
