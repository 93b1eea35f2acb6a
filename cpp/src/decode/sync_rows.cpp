#include "decode/sync_rows.hpp"

#include <algorithm>
#include <array>

#include "decode/line_reader.hpp"
#include "decode/text_label.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

using Cells = std::vector<std::string_view>;

Address address(const TextLine& line) {
  return {line.offset, Address::none, line.line};
}

bool is_dashes(std::string_view line) {
  line = trim(line);
  return line.find_first_not_of("-= ") == line.npos && line.find("--") != line.npos;
}

// Cells between runs of two blanks or more, or tabs.
Cells wide_cells(std::string_view line) {
  Cells cells;
  line = trim_marks(line);
  while (!line.empty()) {
    const std::size_t end = std::min({line.find("  "), line.find('\t'), line.size()});
    cells.push_back(trim_marks(line.substr(0, end)));
    line = trim_marks(line.substr(end));
  }
  return cells;
}

// Where the columns of a dashed rule begin, in characters.
std::vector<std::size_t> rule_columns(std::string_view rule) {
  std::vector<std::size_t> begins;
  bool blank = true;
  for (std::size_t i = 0; i < rule.size(); ++i) {
    const bool dash = rule[i] == '-' || rule[i] == '=';
    if (dash && blank) begins.push_back(i);
    blank = !dash;
  }
  return begins;
}

// Cells cut at these characters.
Cells cut_cells(std::string_view line, std::span<const std::size_t> begins) {
  Cells cells;
  std::size_t character = 0, next = 1, from = 0;
  for (std::size_t i = 0; i < line.size() && next < begins.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
    if (character++ != begins[next]) continue;
    cells.push_back(trim_marks(line.substr(from, i - from)));
    from = i;
    ++next;
  }
  cells.push_back(trim_marks(line.substr(from)));
  return cells;
}

Cells views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

// "**Success**" and "`Success`" of Markdown.
std::string_view without_markup(std::string_view cell) {
  while (cell.size() > 2 && cell.front() == cell.back() && (cell.front() == '`' || cell.front() == '*')) {
    cell = cell.substr(1, cell.size() - 2);
  }
  return cell;
}

// Unquoted DNs are cut at their commas: the parts are one text in the source, and become one cell again.
void rejoin_dn(Cells& cells, std::size_t wanted) {
  for (std::size_t i = 0; i < cells.size() && cells.size() > wanted; ++i) {
    const bool begins = cells[i].starts_with("CN=") || cells[i].starts_with("OU=") || cells[i].starts_with("cn=");
    while (begins && i + 1 < cells.size() && cells.size() > wanted) {
      const std::string_view next = cells[i + 1];
      const std::size_t equals = next.find('=');
      if (equals == next.npos || equals > 4) break;
      const char* const end = next.data() + next.size();
      cells[i] = std::string_view(cells[i].data(), static_cast<std::size_t>(end - cells[i].data()));
      cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
}

class SeparatedRows {
 public:
  SeparatedRows(const SyncLayout& layout, SyncRowSink& sink) : layout_(layout), sink_(sink) {}

  std::uint64_t read(ByteStream& stream, const Limits& limits) {
    CsvReader reader(stream, layout_.separator, limits);
    CsvRow row;
    std::uint64_t outside = 0;
    while (reader.next(row)) {
      if (row.blank() || row.cells.front().text.starts_with("#TYPE")) continue;
      Cells cells;
      bool quoted = false;
      for (const CsvRow::Cell& cell : row.cells) {
        cells.push_back(trim_marks(cell.text));
        quoted = quoted || cell.quoted;
      }
      const Address where{row.offset, Address::none, row.line};
      if (row.open_line != 0) {
        sink_.damage("a quote that is not closed before the end", {row.offset, Address::none, row.open_line}, 0);
      }
      if (row.cut_bytes != 0 || row.cut_cells != 0) {
        sink_.damage("a row longer than the limits was cut", where, row.cut_bytes);
      }
      if (std::vector<SyncColumn> header = sync_header(cells); is_new_header(header)) {
        columns_ = std::move(header);
        continue;
      }
      if (columns_.empty()) {
        ++outside;
        continue;
      }
      if (!quoted && layout_.separator == ',') {
        // the cells of an unquoted row lie one behind the other, without their separators
        rejoined_.clear();
        rejoin(cells, where);
        continue;
      }
      sink_.row(columns_, cells, where);
    }
    return outside;
  }

 private:
  bool is_new_header(const std::vector<SyncColumn>& header) const {
    if (header.empty()) return false;
    if (columns_.empty()) return true;
    return header.size() == columns_.size() &&
           std::equal(header.begin(), header.end(), columns_.begin(),
                      [](const SyncColumn& a, const SyncColumn& b) { return a.name == b.name; });
  }

  void rejoin(const Cells& cells, const Address& where) {
    std::vector<std::size_t> begins;
    for (const std::string_view cell : cells) {
      if (!rejoined_.empty()) rejoined_.push_back(',');
      begins.push_back(rejoined_.size());
      rejoined_.append(cell);
    }
    Cells whole;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      whole.push_back(std::string_view(rejoined_).substr(begins[i], cells[i].size()));
    }
    rejoin_dn(whole, columns_.size());
    sink_.row(columns_, whole, where);
  }

  SyncLayout layout_;
  SyncRowSink& sink_;
  std::vector<SyncColumn> columns_;
  std::string rejoined_;
};

// Tables drawn with '|'.
std::uint64_t read_drawn(ByteStream& stream, const Limits& limits, SyncRowSink& sink) {
  LineReader reader(stream, limits.text_line_bytes);
  TextLine line;
  std::vector<SyncColumn> columns;
  std::uint64_t outside = 0;
  while (reader.next(line)) {
    if (line.cut_bytes != 0) sink.damage("a line longer than the limit was cut", address(line), line.cut_bytes);
    if (trim_marks(line.text).empty()) continue;
    const std::vector<std::string> texts = pipe_cells(line.text);
    if (line.text.find('|') == line.text.npos) {
      if (!is_dashes(line.text)) ++outside;
      continue;
    }
    if (is_rule(texts)) continue;
    Cells cells = views(texts);
    for (std::string_view& cell : cells) cell = without_markup(cell);
    if (std::vector<SyncColumn> header = sync_header(cells);
        !header.empty() && (columns.empty() || header.front().name == columns.front().name)) {
      columns = std::move(header);
    } else if (columns.empty()) {
      ++outside;
    } else {
      sink.row(columns, cells, address(line));
    }
  }
  return outside;
}

// Columns of blanks, with or without a dashed rule under the header.
class AlignedRows {
 public:
  explicit AlignedRows(SyncRowSink& sink) : sink_(sink) {}

  std::uint64_t read(ByteStream& stream, const Limits& limits) {
    LineReader reader(stream, limits.text_line_bytes);
    TextLine line;
    while (reader.next(line)) {
      if (line.cut_bytes != 0) sink_.damage("a line longer than the limit was cut", address(line), line.cut_bytes);
      take(line);
    }
    return outside_;
  }

 private:
  void take(const TextLine& line) {
    const std::string_view text = trim_marks(line.text);
    if (text.empty()) return;
    if (is_dashes(line.text)) {
      // the rule says where the columns begin, also where one blank parts them
      const std::vector<std::size_t> begins = rule_columns(line.text);
      std::vector<SyncColumn> header = sync_header(cut_cells(last_, begins));
      if (header.empty()) return;
      columns_ = std::move(header);
      begins_ = begins;
      return;
    }
    last_ = line.text;
    const Cells wide = wide_cells(line.text);
    if (std::vector<SyncColumn> header = sync_header(wide); !header.empty() && (columns_.empty() || same(header))) {
      columns_ = std::move(header);
      begins_.clear();
      return;
    }
    if (columns_.empty()) {
      ++outside_;
      return;
    }
    // cells as far apart as they should be need no rule; long values may have pushed them out of their columns
    if (begins_.empty() || wide.size() == columns_.size()) {
      sink_.row(columns_, wide, address(line));
    } else {
      sink_.row(columns_, cut_cells(line.text, begins_), address(line));
    }
  }

  bool same(const std::vector<SyncColumn>& header) const {
    return header.front().name == columns_.front().name && header.back().name == columns_.back().name;
  }

  SyncRowSink& sink_;
  std::vector<SyncColumn> columns_;
  std::vector<std::size_t> begins_;
  std::string last_;
  std::uint64_t outside_ = 0;
};

// "Name : Value", a row per group of lines.
class ListRows {
 public:
  explicit ListRows(SyncRowSink& sink) : sink_(sink) {}

  std::uint64_t read(ByteStream& stream, const Limits& limits) {
    LineReader reader(stream, limits.text_line_bytes);
    TextLine line;
    while (reader.next(line)) {
      if (line.cut_bytes != 0) sink_.damage("a line longer than the limit was cut", address(line), line.cut_bytes);
      size_ += line.text.size();
      if (size_ > limits.table_cell_bytes && !columns_.empty()) {
        sink_.damage("a row longer than the limits was cut into parts", where_, 0);
        flush();
      }
      take(line, limits.table_columns);
    }
    flush();
    return outside_;
  }

 private:
  void take(const TextLine& line, std::size_t most_columns) {
    const std::string_view text = trim_marks(line.text);
    if (text.empty()) {
      flush();
      return;
    }
    const bool indented = line.text.front() == ' ' || line.text.front() == '\t';
    const std::size_t colon = text.find(" : ") != text.npos ? text.find(" : ") + 1 : text.find(':');
    if (colon == text.npos || (indented && !columns_.empty())) {
      if (columns_.empty()) {
        ++outside_;
      } else {
        values_.back().append(values_.back().empty() ? "" : " ").append(text);
      }
      return;
    }
    const std::string_view name = trim_marks(text.substr(0, colon));
    const bool again =
        std::any_of(columns_.begin(), columns_.end(), [name](const SyncColumn& c) { return c.name == name; });
    if (again || columns_.size() >= most_columns) flush();
    if (columns_.empty()) where_ = address(line);
    columns_.push_back(sync_column(name));
    values_.emplace_back(trim_marks(text.substr(colon + 1)));
  }

  void flush() {
    const bool status =
        std::any_of(columns_.begin(), columns_.end(), [](const SyncColumn& c) { return c.status != 0; });
    if (status) {
      sink_.row(columns_, views(values_), where_);
    } else {
      outside_ += columns_.size();
    }
    columns_.clear();
    values_.clear();
    size_ = 0;
  }

  SyncRowSink& sink_;
  std::vector<SyncColumn> columns_;
  std::vector<std::string> values_;
  Address where_;
  std::size_t size_ = 0;
  std::uint64_t outside_ = 0;
};

}  // namespace

std::uint64_t read_sync_rows(ByteStream& stream, const SyncLayout& layout, const Limits& limits, SyncRowSink& sink) {
  switch (layout.shape) {
    case SyncShape::separated:
      return SeparatedRows(layout, sink).read(stream, limits);
    case SyncShape::drawn:
      return read_drawn(stream, limits, sink);
    case SyncShape::aligned:
      return AlignedRows(sink).read(stream, limits);
    case SyncShape::list:
      return ListRows(sink).read(stream, limits);
  }
  return 0;
}

std::optional<SyncLayout> sync_layout(std::string_view head) {
  constexpr std::size_t lines_before_a_header = 256;
  constexpr std::size_t longest_header = 64u << 10;
  const auto stream = open_memory(as_bytes(head));
  LineReader reader(*stream, longest_header);
  TextLine line;
  std::optional<SyncLayout> weak;
  for (std::size_t i = 0; i < lines_before_a_header && reader.next(line); ++i) {
    const std::string_view text = trim_marks(line.text);
    if (text.empty() || text.starts_with("#TYPE")) continue;
    if (text.find('|') != text.npos && !sync_header(views(pipe_cells(text))).empty()) {
      return SyncLayout{SyncShape::drawn, '|'};
    }
    std::optional<SyncLayout> best;
    std::size_t most_cells = 1;
    for (const char separator : {',', ';', '\t'}) {
      const auto one = open_memory(as_bytes(line.text));
      CsvReader csv(*one, separator, Limits{});
      CsvRow row;
      if (!csv.next(row) || row.cells.size() <= most_cells) continue;
      Cells cells;
      for (const CsvRow::Cell& cell : row.cells) cells.push_back(cell.text);
      if (sync_header(cells).empty()) continue;
      most_cells = cells.size();
      best = SyncLayout{SyncShape::separated, separator};
    }
    if (best) return best;
    if (const std::size_t colon = text.find(':'); colon != text.npos) {
      if (sync_column(text.substr(0, colon)).status != 0 && colon < 64) return SyncLayout{SyncShape::list, ':'};
      continue;
    }
    const Cells wide = wide_cells(line.text);
    if (sync_header(wide).empty()) continue;
    if (wide.size() > 1) return SyncLayout{SyncShape::aligned, ' '};
    // one name alone, or names parted by single blanks: what follows decides
    TextLine next;
    const std::string header(text);
    if (!weak && reader.next(next)) {
      const bool one_column = !is_dashes(next.text) && header.find(' ') == header.npos;
      weak = SyncLayout{one_column ? SyncShape::separated : SyncShape::aligned, ','};
      if (is_dashes(next.text)) return weak;
    }
  }
  return weak;
}

}  // namespace synclens
