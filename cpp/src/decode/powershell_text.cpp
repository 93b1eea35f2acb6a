#include "powershell_text.hpp"

#include <algorithm>

#include "powershell_table.hpp"
#include "read/utf8.hpp"
#include "record/ascii.hpp"

namespace synclens::powershell {

std::optional<Line> Lines::next() {
  if (at_ >= text_.size()) return std::nullopt;
  std::size_t end = text_.find_first_of("\r\n", at_);
  Line line;
  line.offset = at_;
  line.number = ++number_;
  line.ended = end != std::string_view::npos;
  if (!line.ended) end = text_.size();
  line.text = text_.substr(at_, end - at_);
  at_ = end;
  if (line.ended) at_ += text_.substr(end, 2) == "\r\n" ? 2u : 1u;
  if (line.text.size() > longest_) {
    line.text = without_cut_character(line.text.substr(0, longest_));
    line.shortened = true;
  }
  return line;
}

const Property* Object::find(std::string_view name) const {
  for (const Property& property : properties) {
    if (equal_ignoring_case(property.name, name)) return &property;
  }
  return nullptr;
}

std::string_view Object::value(std::string_view name) const {
  const Property* property = find(name);
  return property == nullptr ? std::string_view() : std::string_view(property->value);
}

bool is_rule(std::string_view line) {
  line = trim(line);
  if (line.empty()) return false;
  return std::all_of(line.begin(), line.end(), [](char c) { return c == '-' || c == ' ' || c == '\t'; });
}

std::optional<Pair> split_property(std::string_view line) {
  constexpr std::size_t longest_name = 200;
  Pair pair;
  while (pair.indent < line.size() && (line[pair.indent] == ' ' || line[pair.indent] == '\t')) ++pair.indent;
  if (pair.indent == line.size()) return std::nullopt;
  const auto first = static_cast<unsigned char>(line[pair.indent]);
  const bool letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first >= 0x80;
  if (!letter && first != '_' && !(first >= '0' && first <= '9')) return std::nullopt;
  const std::size_t last = std::min(line.size(), pair.indent + longest_name);
  for (std::size_t i = pair.indent + 1; i < last; ++i) {
    if (line[i] != ':') continue;
    if (i + 1 < line.size() && !is_space(line[i + 1])) return std::nullopt;
    pair.spaced = is_space(line[i - 1]);
    pair.name = trim(line.substr(pair.indent, i - pair.indent));
    pair.value = trim(line.substr(i + 1));
    pair.value_column = i + 2;
    return pair;
  }
  return std::nullopt;
}

namespace {

class Reader {
 public:
  Reader(std::string_view text, const Limits& limits, Handler& handler)
      : text_(text), limits_(limits), handler_(handler), lines_(text, limits.text_line_bytes) {
    Lines all = lines_;
    while (const auto line = all.next()) widest_ = std::max(widest_, line->text.size());
  }

  void run() {
    while (std::optional<Line> line = lines_.next()) {
      if (line->shortened) tell(*line, "a line is longer than the limit; the rest of it was passed over");
      if (trim(line->text).empty()) {
        close_list();
      } else if (!continue_list(*line) && !read_table(*line) && !read_csv(*line)) {
        handler_.line(*line);
      }
    }
    close_list();
  }

 private:
  void tell(const Line& line, std::string what) {
    Problem problem;
    problem.what = std::move(what);
    problem.where.line = line.number;
    problem.where.offset = line.offset;
    handler_.problem(std::move(problem));
  }

  // Hands out what was collected of a Format-List block.
  void close_list() {
    open_ = false;
    if (list_.properties.empty()) return;
    if (!handler_.object(list_)) {
      for (const Property& property : list_.properties) {
        if (property.whole.data() == nullptr) continue;
        Line line;
        line.text = property.whole;
        line.number = property.line;
        line.offset = static_cast<std::size_t>(property.whole.data() - text_.data());
        line.ended = true;
        handler_.line(line);
      }
    }
    list_.properties.clear();
  }

  // Format-List wraps at the host's width, at blanks where it can and inside a word where it must. A line that
  // is as long as the longest of the text, at a width hosts have, was broken inside a word.
  [[nodiscard]] bool was_full(std::string_view line) const {
    if (line.empty() || line.size() != widest_) return false;
    const std::size_t width = line.size() + 1;
    return width == 80 || width == 81 || width % 40 == 0 || width % 40 == 1 || width == 128;
  }

  [[nodiscard]] static bool is_name(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) {
      const char small = to_lower(c);
      return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    });
  }

  bool continue_list(const Line& line) {
    const std::optional<Pair> pair = split_property(line.text);
    const bool indented = line.text.front() == ' ' || line.text.front() == '\t';
    if (open_ && indented) {
      const std::size_t indent = line.text.find_first_not_of(" \t");
      const bool wrapped = indent + 1 >= value_column_ || !pair || !pair->spaced;
      if (wrapped && indent > indent_) {
        std::string& value = list_.properties.back().value;
        if (!value.empty() && !was_full(last_line_)) value += ' ';
        value += trim(line.text);
        last_line_ = line.text;
        return true;
      }
    }
    const bool is_property =
        pair && !pair->name.empty() &&
        (pair->spaced || handler_.knows_property(pair->name) ||
         (open_ && pair->name.find(' ') == std::string_view::npos && !list_.properties.empty() && !list_spaced_));
    if (!is_property) {
      if (open_ && !line.ended && is_name(trim(line.text))) {
        tell(line, "the text ends in the middle of a property");
        close_list();
        return true;
      }
      close_list();
      return false;
    }
    if (open_ && equal_ignoring_case(list_.properties.front().name, pair->name)) close_list();
    if (list_.properties.size() >= limits_.event_data_items) {
      if (!told_many_) tell(line, "an object has more properties than the limit; it is read in parts");
      told_many_ = true;
      close_list();
    }
    if (!open_) {
      list_.shape = Shape::list;
      list_.line = line.number;
      value_column_ = pair->value_column;
      indent_ = pair->indent;
      list_spaced_ = pair->spaced;
    }
    open_ = true;
    last_line_ = line.text;
    list_.properties.push_back({pair->name, std::string(pair->value), line.number, line.text});
    return true;
  }

  bool read_table(const Line& header) {
    Lines ahead = lines_;
    const std::optional<Line> second = ahead.next();
    bool more = false;
    std::vector<Column> columns;
    if (second && is_rule(second->text)) {
      columns = columns_of_rule(header.text, second->text, limits_.table_columns, more);
    } else {
      columns = columns_of_words(header.text, limits_.table_columns, more);
      std::vector<std::string_view> names;
      for (const Column& column : columns) names.push_back(column.name);
      if (columns.size() < 2 || !handler_.knows_header(names, Shape::table)) return false;
      ahead = lines_;
    }
    if (columns.empty()) return false;
    if (more) tell(header, "a table has more columns than the limit; the others were passed over");
    read_rows(header, columns, ahead);
    return true;
  }

  [[nodiscard]] bool row_ends_table(const Line& row, const Lines& after) const {
    if (trim(row.text).empty() || handler_.ends_table(row.text)) return true;
    Lines ahead = after;
    const auto next = ahead.next();
    return next && is_rule(next->text);
  }

  void read_rows(const Line& header, const std::vector<Column>& columns, const Lines& rows_begin) {
    ColumnBorders borders(columns);
    Lines ahead = rows_begin;
    for (Lines rows = ahead; const auto row = rows.next(); ahead = rows) {
      if (row_ends_table(*row, rows)) break;
      borders.see(row->text);
    }
    borders.settle();
    const std::size_t end = ahead.offset();
    Lines rows = rows_begin;
    Object object;
    object.shape = Shape::table;
    std::vector<std::string_view> cells;
    std::optional<Line> last;
    bool understood = true;
    while (rows.offset() < end) {
      const auto row = rows.next();
      last = *row;
      if (row->shortened) tell(*row, "a line is longer than the limit; the rest of it was passed over");
      borders.split(row->text, cells);
      object.properties.clear();
      object.line = row->number;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        object.properties.push_back({columns[i].name, std::string(cells[i]), row->number, {}});
      }
      if (handler_.object(object)) continue;
      if (understood) handler_.line(header);
      understood = false;
      handler_.line(*row);
    }
    const bool at_end = end >= text_.size();
    if (understood && at_end &&
        (!last ? !ends_with_line_end() : !last->ended && (cells.size() < columns.size() || cells.back().empty()))) {
      tell(last ? *last : header, "the text ends in the middle of a table");
    }
    lines_ = rows;
  }

  [[nodiscard]] bool ends_with_line_end() const {
    return !text_.empty() && (text_.back() == '\n' || text_.back() == '\r');
  }

  bool read_csv(const Line& line) {
    Lines from = lines_;
    std::vector<std::string> names;
    Line first = line;
    bool cut = false;
    if (line.text.starts_with("#TYPE ")) {
      const auto header = from.next();
      if (!header) return false;
      first = *header;
    }
    const char separator = csv_separator(first.text);
    if (separator == 0) return false;
    Lines header_only(first.text, limits_.text_line_bytes);
    Line unused;
    if (!read_csv_record(first.text, header_only, separator, limits_.table_columns, names, unused, cut) || cut) {
      return false;
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    if (names.size() < 2 || !handler_.knows_header(views, Shape::csv)) return false;
    lines_ = from;
    read_csv_rows(views, separator, first);
    return true;
  }

  void read_csv_rows(const std::vector<std::string_view>& names, char separator, const Line& header) {
    Object object;
    object.shape = Shape::csv;
    std::vector<std::string> cells;
    Line first = header;
    bool any = false;
    bool cut = false;
    for (Lines before = lines_; read_csv_record(text_, lines_, separator, limits_.table_columns, cells, first, cut);
         before = lines_) {
      if (cells.size() == 1 && (cells.front().empty() || names.size() > 1)) {
        if (!cells.front().empty() && !cut && first.ended) lines_ = before;
        if (!cells.front().empty() && (cut || !first.ended)) tell(first, "the text ends in the middle of a table");
        return;
      }
      any = true;
      object.properties.clear();
      object.line = first.number;
      for (std::size_t i = 0; i < cells.size() && i < names.size(); ++i) {
        object.properties.push_back({names[i], std::move(cells[i]), first.number, {}});
      }
      (void)handler_.object(object);
      if (cut || (lines_.offset() >= text_.size() && !ends_with_line_end() && cells.size() < names.size())) {
        tell(first, "the text ends in the middle of a table");
      }
    }
    if (!any && !ends_with_line_end()) tell(header, "the text ends in the middle of a table");
  }

  std::string_view text_;
  const Limits& limits_;
  Handler& handler_;
  Lines lines_;
  std::size_t widest_ = 0;
  Object list_;
  bool open_ = false;
  bool list_spaced_ = true;
  bool told_many_ = false;
  std::size_t value_column_ = 0;
  std::size_t indent_ = 0;
  std::string_view last_line_;
};

}  // namespace

void read_text(std::string_view text, const Limits& limits, Handler& handler) {
  Reader(text, limits, handler).run();
}

}  // namespace synclens::powershell
