#include "decode/event_fields.hpp"

#include <charconv>

#include "record/ascii.hpp"

namespace synclens {
namespace {

template <typename T>
std::optional<T> number(std::string_view text) {
  text = trim_marks(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// Get-EventLog's numbers where it has no word.
std::optional<std::uint8_t> level_of_entry_type(std::string_view text) {
  const auto value = number<std::uint32_t>(text);
  if (!value) return std::nullopt;
  switch (*value) {
    case 1:
      return std::uint8_t{2};
    case 2:
      return std::uint8_t{3};
    case 4:
      return std::uint8_t{4};
    case 0:
    case 8:
    case 16:
      return std::uint8_t{0};
    default:
      return std::nullopt;
  }
}

std::optional<std::uint64_t> keywords(std::string_view text) {
  text = trim_marks(text);
  if (text.starts_with("0x") || text.starts_with("0X")) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
  if (const auto value = number<std::int64_t>(text)) return static_cast<std::uint64_t>(*value);
  return number<std::uint64_t>(text);
}

// What Export-Csv writes for a list: the name of its type, "System.Byte[]" or "System.Collections...[System.String]".
bool is_type_name(std::string_view text) {
  return text.starts_with("System.") && text.ends_with("]") && text.find_first_of(" \n") == text.npos;
}

}  // namespace

std::optional<WrittenId> parse_event_id(std::string_view text) {
  const auto value = number<std::int64_t>(text);
  if (!value || *value > std::int64_t{0xFFFFFFFF} || *value < -std::int64_t{0x80000000}) return std::nullopt;
  const auto bits = static_cast<std::uint32_t>(static_cast<std::uint64_t>(*value) & 0xFFFFFFFF);
  if (bits <= 0xFFFF) return WrittenId{bits, std::nullopt};
  return WrittenId{bits & 0xFFFF, static_cast<std::uint16_t>(bits >> 16)};
}

void EventFields::set(HeaderColumn column, std::string_view text) {
  if (column == HeaderColumn::none || column == HeaderColumn::count) return;
  std::string_view& place = texts_[static_cast<std::size_t>(column)];
  if (!place.empty() || is_type_name(text)) return;
  place = text;
}

std::optional<WrittenId> EventFields::id() const {
  const std::optional<WrittenId> instance = parse_event_id(get(HeaderColumn::instance_id));
  std::optional<WrittenId> id = parse_event_id(get(HeaderColumn::id));
  if (!id) id = instance;
  if (!id) return std::nullopt;
  if (instance && !id->qualifiers) id->qualifiers = instance->qualifiers.value_or(std::uint16_t{0});
  return id;
}

std::optional<LevelWord> EventMaker::level(std::string_view word) {
  constexpr std::size_t most_words = 64;
  if (word.empty() || word.size() > 64) return std::nullopt;
  std::string key(word);
  if (const auto found = levels_seen_.find(key); found != levels_seen_.end()) return found->second;
  const std::optional<LevelWord> result = level_of_word(word);
  if (levels_seen_.size() < most_words) levels_seen_.emplace(std::move(key), result);
  return result;
}

void EventMaker::read_level(const EventFields& fields, EventView& event) {
  const auto give = [&event](std::uint8_t value) {
    event.level = value;
    event.give(EventField::level);
  };
  event.level_text = trim_marks(fields.get(HeaderColumn::level_word));
  if (event.level_text.empty()) event.level_text = trim_marks(fields.get(HeaderColumn::entry_type));
  const std::string_view written = trim_marks(fields.get(HeaderColumn::level));
  if (const auto value = number<std::uint8_t>(written)) {
    give(*value);
    return;
  }
  if (event.level_text.empty()) event.level_text = written;
  if (const auto word = level(event.level_text)) {
    give(word->level);
  } else if (const auto type = level_of_entry_type(fields.get(HeaderColumn::entry_type))) {
    give(*type);
    event.level_text = {};
  }
}

void EventMaker::deliver(const EventFields& fields, const WrittenId& id, const Address& where) {
  EventView event;
  event.where = where;
  event.event_id = id.id;
  event.give(EventField::event_id);
  if (const auto stated = number<std::uint16_t>(fields.get(HeaderColumn::qualifiers))) {
    event.qualifiers = *stated;
    event.give(EventField::qualifiers);
  } else if (id.qualifiers) {
    event.qualifiers = *id.qualifiers;
    event.give(EventField::qualifiers);
  }
  const auto text = [&fields, &event](HeaderColumn column, std::string_view& place, EventField bit) {
    place = trim_marks(fields.get(column));
    if (!place.empty()) event.give(bit);
  };
  text(HeaderColumn::provider, event.provider, EventField::provider);
  text(HeaderColumn::channel, event.channel, EventField::channel);
  text(HeaderColumn::computer, event.computer, EventField::computer);
  const auto figure = [&fields, &event]<typename T>(HeaderColumn column, T& place, EventField bit) {
    const auto value = number<T>(fields.get(column));
    if (!value) return;
    place = *value;
    event.give(bit);
  };
  figure(HeaderColumn::record_id, event.record_id, EventField::record_id);
  figure(HeaderColumn::task, event.task, EventField::task);
  figure(HeaderColumn::opcode, event.opcode, EventField::opcode);
  figure(HeaderColumn::version, event.version, EventField::version);
  figure(HeaderColumn::process_id, event.process_id, EventField::process_id);
  figure(HeaderColumn::thread_id, event.thread_id, EventField::thread_id);
  if (const auto value = keywords(fields.get(HeaderColumn::keywords))) {
    event.keywords = *value;
    event.give(EventField::keywords);
  }
  event.provider_guid = trim_marks(fields.get(HeaderColumn::provider_guid));
  event.activity_id = trim_marks(fields.get(HeaderColumn::activity_id));
  event.related_activity_id = trim_marks(fields.get(HeaderColumn::related_activity_id));
  const std::string_view user = trim_marks(fields.get(HeaderColumn::user));
  if (user.starts_with("S-1-")) event.user_sid = user;
  read_level(fields, event);

  std::string_view written_time = trim_marks(fields.get(HeaderColumn::time));
  if (written_time.empty()) written_time = fields.get(HeaderColumn::time_written);
  event.time = clock_.read(written_time, where);
  if (event.time != no_time) event.give(EventField::time);
  problems_.passed(event.time);

  std::string unwrapped;
  event.message = even_line_ends(unwrap_description(fields.get(HeaderColumn::message), unwrapped), message_);
  if (!event.message.empty()) event.give(EventField::message);
  const DataItem strings{{}, fields.get(HeaderColumn::strings)};
  if (!strings.value.empty()) event.data = {&strings, 1};

  if (options_.filter != nullptr && !options_.filter->accepts(event)) {
    sink_.passed_over(RecordMark{event.record_id, event.time, event.channel, where, event.state, event.level});
    return;
  }
  sink_.event(event);
}

std::string_view even_line_ends(std::string_view text, std::string& buffer) {
  bool pairs = false, feeds = false, returns = false;
  for (std::size_t at = text.find_first_of("\r\n"); at != text.npos; at = text.find_first_of("\r\n", at)) {
    const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    (pair ? pairs : text[at] == '\n' ? feeds : returns) = true;
    at += pair ? 2 : 1;
  }
  if (static_cast<int>(pairs) + static_cast<int>(feeds) + static_cast<int>(returns) < 2) return text;
  buffer.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      buffer.push_back('\n');
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      buffer.push_back(text[i]);
    }
  }
  return buffer;
}

}  // namespace synclens
