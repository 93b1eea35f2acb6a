#include "decode/text_events.hpp"

#include <algorithm>

#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t most_tentative = 24;
constexpr std::size_t longest_label_line = 4096;  // inside a description
constexpr std::size_t most_before = 256u << 10;

Address address(const TextLine& line) {
  return {line.offset, Address::none, line.line};
}

bool is_number(std::string_view text) {
  return !leading_number(text).empty();
}

// Labels that begin a block for certain, even below lines that are events themselves.
bool is_sure_begin(const LabelLine& label) {
  const HeaderColumn c = label.name.column;
  if (label.indented && c != HeaderColumn::provider) return false;
  if (c == HeaderColumn::id) return !label.name.property && is_number(label.value);
  if (c == HeaderColumn::time) return parse_written_date(label.value).has_value();
  return c == HeaderColumn::channel || (c == HeaderColumn::provider && label.name.property) || is_list_line(label);
}

}  // namespace

TextEvents::TextEvents(TextEventSink& sink, const Limits& limits, std::size_t console_width)
    : sink_(sink),
      width_(console_width),
      block_(limits.table_cell_bytes),
      before_(std::min(most_before, limits.table_cell_bytes)),
      after_(std::min(most_before, limits.table_cell_bytes)) {}

void TextEvents::line(const TextLine& line) {
  if (line.cut_bytes != 0) sink_.damage("a line longer than the limit was cut", address(line), line.cut_bytes);
  if (in_ == In::xml) {
    const auto label = label_line(line.text, false);
    if (!label || !is_sure_begin(*label)) {
      if (line.text.find("</Event>") != line.text.npos) in_ = In::header;
      return;
    }
    in_ = In::header;
  }
  switch (in_) {
    case In::outside:
      take_outside(line);
      break;
    case In::header:
      take_header(line);
      break;
    case In::description:
      take_description(line);
      break;
    case In::list:
      take_list(line);
      break;
    case In::loose:
      take_loose(line);
      break;
    case In::xml:
      break;
  }
  after_blank_ = trim_marks(line.text).empty();
}

void TextEvents::end() {
  if (in_ == In::description) tentative_is_text();
  flush();
  lines_outside_ += before_.lines();
  before_.clear();
}

void TextEvents::take_outside(const TextLine& line) {
  if (trim_marks(line.text).empty()) {
    if (!before_.blank()) before_.add({}, line.end);
    return;
  }
  if (const auto label = label_line(line.text, false); label && label->name.column != HeaderColumn::none) {
    begin(*label, line);
    return;
  }
  if (take_one_line_event(line)) return;
  before_.add(line.text, line.end);
}

// A label that begins a block.
void TextEvents::begin(const LabelLine& label, const TextLine& line) {
  block_.clear(address(line));
  in_ = In::header;
  set(label, line);
}

void TextEvents::set(const LabelLine& label, const TextLine& line) {
  const HeaderColumn column = label.name.column;
  if (is_list_line(label)) in_ = In::list;
  list_column_ = column;
  sink_.language(label.name.language);
  if (column == HeaderColumn::event_xml) {
    in_ = In::xml;
    return;
  }
  if (column == HeaderColumn::message) {
    block_.set(column, {});
    block_.message.clear();
    if (!label.value.empty()) block_.message.add(label.value, line.end);
    last_width_ = width_of(line.text);
    last_one_word_ = false;
    if (in_ == In::header) in_ = In::description;
    return;
  }
  if (column == HeaderColumn::id) id_is_property_ = label.name.property;
  if (column != HeaderColumn::none) block_.set(column, label.value);
}

void TextEvents::take_header(const TextLine& line) {
  if (trim_marks(line.text).empty()) {
    if (!block_.message.blank()) block_.message.add({}, line.end);
    if (!after_.blank()) after_.add({}, line.end);
    return;
  }
  const auto label = label_line(line.text, false);
  if (label) {
    const bool again = label->name.column != HeaderColumn::none && block_.has(label->name.column);
    if (again) {
      flush();
      begin(*label, line);
    } else {
      set(*label, line);
    }
    return;
  }
  if (!block_.has_id()) {
    // "ProviderName: ..." is also the heading of the lines that follow it
    std::string heading = block_.texts[static_cast<std::size_t>(HeaderColumn::provider)];
    const In was = in_;
    provider_.swap(heading);
    if (take_one_line_event(line)) return;
    provider_.swap(heading);
    in_ = was;
    if (block_.has(HeaderColumn::provider) && block_.labels == 1) return;  // the header and the rule of a printed table
  } else if (!before_.blank() && !block_.has(HeaderColumn::message)) {
    after_.add(line.text, line.end);
    return;
  } else {
    in_ = In::description;
  }
  block_.message.add(line.text, line.end);
}

void TextEvents::take_description(const TextLine& line) {
  const auto label = label_line(line.text, false);
  const bool usable = label && !label->indented && line.text.size() <= longest_label_line &&
                      label->name.column != HeaderColumn::none && label->name.column != HeaderColumn::message &&
                      tentative_.size() < most_tentative;
  if (usable && label->name.column == HeaderColumn::event_xml) {
    tentative_is_text();
    in_ = In::xml;
    return;
  }
  if (!usable) {
    tentative_is_text();
    if (in_ == In::description || in_ == In::header) block_.message.add(line.text, line.end);
    in_ = In::description;
    return;
  }
  if (tentative_.empty()) run_after_blank_ = after_blank_;
  tentative_.push_back({label->name.column, label->name.language, std::string(label->value), std::string(line.text),
                        line.end, address(line)});
  const bool id =
      label->name.column == HeaderColumn::id && (!label->name.property || id_is_property_ || !block_.has_id());
  if (id && is_number(label->value)) tentative_begins_block();
}

void TextEvents::tentative_begins_block() {
  std::vector<Tentative> run;
  run.swap(tentative_);
  const bool same_block = !block_.has_id() && std::none_of(run.begin(), run.end(),
                                                           [this](const Tentative& t) { return block_.has(t.column); });
  if (!same_block) {
    flush();
    block_.clear(run.front().where);
  }
  for (const Tentative& t : run) {
    sink_.language(t.language);
    if (t.column != HeaderColumn::none) block_.set(t.column, t.value);
  }
  in_ = In::header;
}

// Labels after the description that say what this block does not say yet, one of them beyond doubt.
bool TextEvents::tentative_fits() const {
  if (tentative_.empty() || run_after_blank_ || !block_.has_id()) return false;
  bool sure = false;
  for (const Tentative& t : tentative_) {
    if (block_.has(t.column)) return false;
    sure = sure || (t.column == HeaderColumn::level && level_of_word(t.value)) ||
           (t.column == HeaderColumn::time && parse_written_date(t.value));
  }
  return sure;
}

void TextEvents::tentative_is_text() {
  const bool fits = tentative_fits();
  for (const Tentative& t : tentative_) {
    if (fits) {
      sink_.language(t.language);
      block_.set(t.column, t.value);
    } else {
      block_.message.add(t.text, t.end);
    }
  }
  tentative_.clear();
}

void TextEvents::take_list(const TextLine& line) {
  widest_ = std::max(widest_, width_of(line.text));
  if (trim_marks(line.text).empty()) {
    if (list_column_ == HeaderColumn::message) block_.message.add({}, line.end);
    last_width_ = 0;
    return;
  }
  if (const auto label = label_line(line.text, true); label && !label->indented) {
    const HeaderColumn column = label->name.column;
    const bool viewer_block = !label->spaced && is_sure_begin(*label);
    if (viewer_block || (label->spaced && column != HeaderColumn::none && block_.has(column))) {
      flush();
      begin(*label, line);
      return;
    }
    if (label->spaced) {
      set(*label, line);
      in_ = In::list;
      return;
    }
  }
  if (line.text.starts_with("PS ") && line.text.find('>') != line.text.npos) {  // a prompt
    flush();
    return;
  }
  if (list_column_ == HeaderColumn::message) continue_list_message(line);
}

// A console wraps where the next word does not fit; any other line end was in the message.
void TextEvents::continue_list_message(const TextLine& line) {
  constexpr std::size_t narrowest = 60, widest = 250;
  const std::string_view text = trim_marks(line.text);
  const std::string_view word = text.substr(0, std::min(text.find(' '), text.size()));
  const bool wrapped = width_ >= narrowest && width_ <= widest && last_width_ + 1 + width_of(word) > width_;
  if (block_.message.blank() || last_width_ == 0 || !wrapped) {
    block_.message.add(text, line.end);
  } else {
    block_.message.join(last_one_word_ ? "" : " ", text, line.end);
  }
  last_width_ = width_of(line.text);
  last_one_word_ = word.size() == text.size();
}

void TextEvents::flush() {
  tentative_.clear();
  in_ = In::outside;
  const bool text_first = block_.message.blank() && !before_.blank() && block_.has_id();
  const std::string_view message = trim_marks(text_first ? before_.text() : block_.message.text());
  EventFields fields;
  for (std::size_t i = 0; i < block_.texts.size(); ++i) fields.set(static_cast<HeaderColumn>(i), block_.texts[i]);
  fields.set(HeaderColumn::message, message);
  std::vector<WrittenId> ids = block_.loose_ids;
  if (ids.empty()) {
    if (const auto id = fields.id()) ids.push_back(*id);
  }
  for (const WrittenId& id : ids) sink_.event(fields, id, block_.where);
  if (block_.message.cut_bytes() != 0) {
    sink_.damage("a message longer than the limit was cut", block_.where, block_.message.cut_bytes());
  }
  if (ids.empty() && block_.labels > 1) {
    sink_.damage("an event block without an event id", block_.where, 0);
  } else if (ids.empty()) {
    lines_outside_ += block_.labels + block_.message.lines();
  }
  if (!text_first) lines_outside_ += before_.lines();
  before_.clear();
  std::swap(before_, after_);
  block_.clear({});
}

}  // namespace synclens
