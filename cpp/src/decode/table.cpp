#include <algorithm>
#include <optional>
#include <string>

#include "decode/csv_reader.hpp"
#include "decode/event_fields.hpp"
#include "decode/head_stream.hpp"
#include "decode/table_layout.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

// Sorts the cells of rows into fields, through headers that repeat or change in the middle of the table.
class RowSorter {
 public:
  enum class Row : std::uint8_t { blank, header, event, no_event, before_header };

  // `fields` borrows from the row, and from this sorter until its next row.
  Row sort(const CsvRow& row, EventFields& fields, std::optional<WrittenId>& id) {
    if (row.blank() || is_directive(row)) return Row::blank;
    if (!columns_) {
      columns_ = event_header(row);
      if (columns_) return Row::header;
      columns_ = viewer_row_without_header(row);
      if (!columns_) return Row::before_header;
    }
    fields.clear();
    std::size_t i = 0;
    for (; i < row.cells.size() && !columns_->message_has_no_name(i); ++i) {
      fields.set(columns_->at(i), row.cells[i].text);
    }
    if (i < row.cells.size()) fields.set(HeaderColumn::message, rest_of(row, i));
    id = fields.id();
    if (id) return Row::event;
    if (std::optional<HeaderColumns> repeated = event_header(row)) {
      columns_ = std::move(repeated);
      return Row::header;
    }
    return Row::no_event;
  }

  // Where in a cell that a quote left open has grown another row of this table begins; npos where none does.
  // A row is taken for certain when it has an id and, if the table has times, a time.
  [[nodiscard]] std::size_t row_inside(std::string_view cell) const {
    if (!columns_) return cell.npos;
    const bool timed =
        std::find(columns_->columns.begin(), columns_->columns.end(), HeaderColumn::time) != columns_->columns.end();
    for (std::size_t at = cell.find('\n'); at != cell.npos; at = cell.find('\n', at + 1)) {
      constexpr std::size_t longest_beginning = 1024;
      std::string_view line = cell.substr(at + 1, longest_beginning);
      line = line.substr(0, std::min(line.find_first_of("\r\n"), line.size()));
      EventFields fields;
      for (std::size_t i = 0; i < columns_->columns.size() && !line.empty(); ++i) {
        const std::size_t end = std::min(line.find(separator_), line.size());
        std::string_view text = line.substr(0, end);
        if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
        fields.set(columns_->at(i), text);
        line.remove_prefix(std::min(end + 1, line.size()));
      }
      if (fields.id() && (!timed || parse_written_date(fields.get(HeaderColumn::time)))) return at + 1;
    }
    return cell.npos;
  }

  [[nodiscard]] const std::optional<HeaderColumns>& columns() const { return columns_; }
  void set_separator(char separator) { separator_ = separator; }

 private:
  // The unnamed message; one that was not quoted has been cut at its separators.
  std::string_view rest_of(const CsvRow& row, std::size_t from) {
    if (from + 1 == row.cells.size()) return row.cells[from].text;
    rest_.assign(row.cells[from].text);
    for (std::size_t i = from + 1; i < row.cells.size(); ++i) {
      rest_.push_back(separator_);
      rest_.append(row.cells[i].text);
    }
    return rest_;
  }

  std::optional<HeaderColumns> columns_;
  char separator_ = ',';
  std::string rest_;
};

void look_ahead(std::string_view head, char separator, const Limits& limits, SourceClock& clock) {
  const auto stream = open_memory(as_bytes(head));
  CsvReader reader(*stream, separator, limits);
  RowSorter sorter;
  CsvRow row;
  EventFields fields;
  std::optional<WrittenId> id;
  std::string last_level;
  while (reader.next(row)) {
    const RowSorter::Row kind = sorter.sort(row, fields, id);
    if (kind == RowSorter::Row::header) {
      for (const Language language : sorter.columns()->languages) clock.look_at(language);
    }
    if (kind != RowSorter::Row::event) continue;
    std::string_view time = fields.get(HeaderColumn::time);
    if (time.empty()) time = fields.get(HeaderColumn::time_written);
    clock.look_at(time);
    for (const HeaderColumn column : {HeaderColumn::level, HeaderColumn::level_word, HeaderColumn::entry_type}) {
      const std::string_view word = fields.get(column);
      if (word.empty() || word == last_level) continue;
      last_level = word;
      if (const auto level = level_of_word(word)) clock.look_at(level->language);
    }
  }
  clock.settle();
}

// Takes the rows that an open quote drew into the last cell of this row out of it again. They are given back as
// text, with their first byte's address in `where`.
std::string take_swallowed_rows(const RowSorter& sorter, CsvRow& row, Address& where) {
  if ((row.open_line == 0 && row.stray_line == 0) || row.cells.empty()) return {};
  std::string_view& cell = row.cells.back().text;
  const std::size_t at = sorter.row_inside(cell);
  if (at == cell.npos) return {};
  std::string swallowed(cell.substr(at));
  if (row.open_line == 0) swallowed.push_back('"');  // the one that closed this cell belongs to the last of them
  const auto lines = std::count(cell.begin(), cell.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  where.line = std::max(row.open_line, row.line) + static_cast<std::uint64_t>(lines);
  cell = cell.substr(0, at);
  return swallowed;
}

void tell_damage(const CsvRow& row, ProblemList& problems) {
  if (row.open_line != 0) {
    problems.add("a quote that is not closed before the end: the last row goes on to the end",
                 {row.offset, Address::none, row.open_line});
  }
  if (row.stray_line != 0) {
    problems.add("a quote that is not closed before another is opened: the row may hold parts of others",
                 {row.offset, Address::none, row.stray_line});
  }
  if (row.cut_bytes != 0) {
    problems.add("a cell or row longer than the limit was cut", {row.offset, Address::none, row.line}, row.cut_bytes);
  }
  if (row.cut_cells != 0) {
    problems.add("a row with more columns than the limit was cut by " + std::to_string(row.cut_cells),
                 {row.offset, Address::none, row.line});
  }
}

}  // namespace

void decode_event_table(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  HeadStream source(utf8);
  ProblemList problems(sink, options.limits);
  const std::optional<char> separator = event_separator(source.head());
  if (!separator) {
    if (!trim_marks(source.head()).empty()) {
      problems.add("no header with an event id was found: nothing of this table was read", {0, Address::none, 1},
                   source.head().size());
    }
    return;
  }
  SourceClock clock(options.zone, sink, problems);
  look_ahead(source.head(), *separator, options.limits, clock);

  CsvReader reader(source, *separator, options.limits);
  RowSorter sorter;
  sorter.set_separator(*separator);
  EventMaker maker(options, sink, clock, problems);
  CsvRow row;
  EventFields fields;
  std::optional<WrittenId> id;
  const auto take = [&] {
    const Address where{row.offset, Address::none, row.line};
    switch (sorter.sort(row, fields, id)) {
      case RowSorter::Row::event:
        maker.deliver(fields, *id, where);
        break;
      case RowSorter::Row::no_event:
        problems.add("a row without an event id: " + quoted(trim(row.cells.front().text)), where);
        break;
      case RowSorter::Row::before_header:
      case RowSorter::Row::blank:
      case RowSorter::Row::header:
        break;
    }
    tell_damage(row, problems);
  };
  while (reader.next(row)) {
    Address inside{row.offset, Address::none, row.line};
    const std::string swallowed = take_swallowed_rows(sorter, row, inside);
    take();
    if (swallowed.empty()) continue;
    // once only: a quote left open in what was swallowed is told like any other
    const auto rest = open_memory(as_bytes(swallowed));
    CsvReader again(*rest, *separator, options.limits);
    again.start_at(inside.offset, inside.line);
    while (again.next(row)) take();
  }
  problems.finish();
}

}  // namespace synclens
