// Events that stand on one line of a text, and rows of tables drawn with '|'.
#include <algorithm>

#include "decode/text_events.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

Address address(const TextLine& line) {
  return {line.offset, Address::none, line.line};
}

bool begins_a_block(std::string_view line) {
  const auto label = label_line(line, false);
  if (!label) return false;
  const ColumnName& name = label->name;
  if (name.column == HeaderColumn::id) return !name.property && !leading_number(label->value).empty();
  if (name.column == HeaderColumn::time) return parse_written_date(label->value).has_value();
  return name.column == HeaderColumn::channel || (name.property && name.column == HeaderColumn::provider) ||
         is_list_line(*label);
}

}  // namespace

void TextEvents::begin_loose(const LooseEvent& event, const TextLine& line) {
  block_.clear(address(line));
  before_.clear();
  in_ = In::loose;
  block_.loose_ids = event.ids;
  const auto state = [this](HeaderColumn column, std::string_view value) {
    if (!value.empty()) block_.set(column, value);
  };
  state(HeaderColumn::time, event.time);
  state(HeaderColumn::level, event.level);
  state(HeaderColumn::provider,
        event.provider.empty() ? std::string_view(provider_) : std::string_view(event.provider));
  if (!event.message.empty()) block_.message.add(event.message, line.end);
}

bool TextEvents::take_cells(const std::vector<std::string>& cells, const TextLine& line) {
  if (is_rule(cells)) return true;
  std::vector<HeaderColumn> columns;
  std::size_t known = 0;
  bool id = false;
  for (const std::string& cell : cells) {
    const ColumnName name = column_named(cell, NameUse::table);
    columns.push_back(name.column);
    known += name.known ? 1 : 0;
    id = id || name.column == HeaderColumn::id || name.column == HeaderColumn::instance_id;
    if (name.known) sink_.language(name.language);
  }
  if (known >= 2 && id) {
    flush();
    cell_columns_ = std::move(columns);
    return true;
  }
  if (cell_columns_.empty()) {
    const auto event = event_of_cells(cells);
    if (!event) return false;
    flush();
    begin_loose(*event, line);
    return true;
  }
  EventFields fields;
  std::string last;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i < cell_columns_.size()) {
      fields.set(cell_columns_[i], cells[i]);
    } else {
      last += (last.empty() ? "" : " | ") + cells[i];
    }
  }
  const auto stated = fields.id();
  if (!stated) {
    sink_.damage("a row without an event id: " + quoted(trim(line.text)), address(line), 0);
    return true;
  }
  flush();
  block_.clear(address(line));
  before_.clear();
  in_ = In::loose;
  block_.loose_ids.push_back(*stated);
  for (std::size_t i = 0; i < static_cast<std::size_t>(HeaderColumn::count); ++i) {
    const auto column = static_cast<HeaderColumn>(i);
    if (column != HeaderColumn::message && !fields.get(column).empty()) block_.set(column, fields.get(column));
  }
  std::string message(fields.get(HeaderColumn::message));
  if (!last.empty() && !message.empty()) message += " | ";
  message += last;
  if (!message.empty()) block_.message.add(message, line.end);
  return true;
}

bool TextEvents::take_one_line_event(const TextLine& line) {
  const std::string_view text = trim_marks(line.text);
  for (const char separator : {'|', '\t'}) {
    if (text.find(separator) == text.npos) continue;
    const bool drawn = text.front() == '|' || separator == '\t' || !cell_columns_.empty();
    const std::vector<std::string> cells = pipe_cells(text, separator);
    if ((drawn ? cells.size() >= 2 : cells.size() >= 3) || (cells.size() == 2 && !cells[0].empty())) {
      if (separator == '\t' && cells.size() < 4) continue;
      if (take_cells(cells, line)) return true;
    }
  }
  cell_columns_.clear();
  const auto event = loose_event(line.text);
  if (!event) return false;
  flush();
  begin_loose(*event, line);
  return true;
}

void TextEvents::take_loose(const TextLine& line) {
  const std::string_view text = trim_marks(line.text);
  if (text.empty()) {
    block_.message.add({}, line.end);
    return;
  }
  if (begins_a_block(line.text)) {
    flush();
    begin(*label_line(line.text, false), line);
    return;
  }
  if (text.starts_with("```")) {
    flush();
    return;
  }
  if (!take_one_line_event(line)) block_.message.add(line.text, line.end);
}

}  // namespace synclens
