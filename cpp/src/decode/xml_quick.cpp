#include "decode/xml_quick.hpp"

#include <algorithm>
#include <cstring>

#include "decode/xml_unescape.hpp"
#include "decode/xml_values.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

bool blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Letters of names as Windows writes them: no prefix, nothing but ASCII.
constexpr std::array<bool, 256> make_name_letters() {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    table[c] =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  }
  return table;
}
constexpr std::array<bool, 256> name_letters = make_name_letters();

std::string_view read_name(const char*& at) {
  const char* const from = at;
  if ((*at >= '0' && *at <= '9') || *at == '-' || *at == '.') return {};
  while (name_letters[static_cast<unsigned char>(*at)]) ++at;
  return {from, static_cast<std::size_t>(at - from)};
}

// Eight bytes at a time: which of them are `c`.
std::uint64_t bytes_equal(std::uint64_t eight, char c) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  const std::uint64_t x = eight ^ (ones * static_cast<unsigned char>(c));
  return (x - ones) & ~x & (ones << 7);
}

// The first of '<', '&', zero and `other` from `at` on. The text ends with a zero; `end` is where it stands.
const char* find_mark(const char* at, const char* end, char other) {
  while (end - at >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    if ((bytes_equal(eight, '<') | bytes_equal(eight, '&') | bytes_equal(eight, other)) != 0) break;
    at += 8;
  }
  while (*at != '<' && *at != '&' && *at != '\0' && *at != other) ++at;
  return at;
}

}  // namespace

std::size_t QuickXmlEvent::scan(const char* text, std::size_t size) {
  begin_ = at_ = text;
  end_ = text + size;
  event_ = EventView{};
  data_.clear();
  escaped_fields_.clear();
  escaped_names_.clear();
  escaped_values_.clear();
  if (limits_.xml_depth < deepest + 4 || limits_.xml_attributes < most_attributes || !event()) return 0;
  const auto read = static_cast<std::size_t>(at_ - begin_);
  if (read > limits_.xml_event_bytes) return 0;
  event_.data = data_;
  return read;
}

const EventView& QuickXmlEvent::finish(char* text) {
  const auto resolve = [&](std::string_view& place) {
    const auto from = static_cast<std::size_t>(place.data() - begin_);
    place = {text + from, unescape_in_place(text + from, place.size())};
  };
  for (std::string_view* place : escaped_fields_) resolve(*place);
  for (const std::size_t i : escaped_names_) resolve(data_[i].name);
  for (const std::size_t i : escaped_values_) resolve(data_[i].value);
  return event_;
}

bool QuickXmlEvent::event() {
  Tag root;
  if (!open(root) || root.name != "Event" || root.closed) return false;
  bool has_system = false;
  while (true) {
    if (!between()) return false;
    if (at_end_tag()) return has_system && close("Event");
    Tag part;
    if (!open(part)) return false;
    if (part.name == "System") {
      has_system = true;
      if (!part.closed && !system()) return false;
    } else if (part.name == "EventData") {
      if (!part.closed && !event_data()) return false;
    } else if (part.name == "RenderingInfo") {
      if (!part.closed && !rendering()) return false;
    } else if (part.name == "BinaryEventData") {
      Text words;
      if (!leaf(part, words) || !put(words, event_.binary)) return false;
    } else if (!leaves(part, true)) {
      return false;
    }
  }
}

bool QuickXmlEvent::system() {
  while (true) {
    if (!between()) return false;
    if (at_end_tag()) return close("System");
    Tag part;
    if (!open(part) || part.name == "UserData" || !system_field(part)) return false;
  }
}

bool QuickXmlEvent::system_field(const Tag& tag) {
  const std::string_view name = tag.name;
  Text words;
  if (!leaf(tag, words)) return false;
  const auto give = [this](const std::string_view& place, EventField field) {
    if (!place.empty()) event_.give(field);
    return true;
  };
  if (name == "Provider") {
    Text provider = attribute("Name");
    if (provider.words.empty()) provider = attribute("EventSourceName");
    return put(provider, event_.provider) && give(event_.provider, EventField::provider) &&
           put(attribute("Guid"), event_.provider_guid);
  }
  if (name == "EventID") {
    return number(words, EventField::event_id, event_.event_id) &&
           number(attribute("Qualifiers"), EventField::qualifiers, event_.qualifiers);
  }
  if (name == "Version") return number(words, EventField::version, event_.version);
  if (name == "Level") return number(words, EventField::level, event_.level);
  if (name == "Task") return number(words, EventField::task, event_.task);
  if (name == "Opcode") return number(words, EventField::opcode, event_.opcode);
  if (name == "Keywords") return number(words, EventField::keywords, event_.keywords);
  if (name == "EventRecordID") return number(words, EventField::record_id, event_.record_id);
  if (name == "TimeCreated") {
    const Text written = attribute("SystemTime");
    const std::string_view time = trim(written.words);
    if (written.escaped || time.empty()) return !written.escaped;
    const std::optional<Ticks> ticks = xml_system_time(time);
    if (!ticks) return false;
    event_.time = *ticks;
    event_.give(EventField::time);
    return true;
  }
  if (name == "Correlation") {
    return put(attribute("ActivityID"), event_.activity_id) &&
           put(attribute("RelatedActivityID"), event_.related_activity_id);
  }
  if (name == "Execution") {
    return number(attribute("ProcessID"), EventField::process_id, event_.process_id) &&
           number(attribute("ThreadID"), EventField::thread_id, event_.thread_id);
  }
  if (name == "Channel") return put(words, event_.channel) && give(event_.channel, EventField::channel);
  if (name == "Computer") return put(words, event_.computer) && give(event_.computer, EventField::computer);
  if (name == "Security") return put(attribute("UserID"), event_.user_sid);
  return true;
}

bool QuickXmlEvent::event_data() {
  while (true) {
    if (!between()) return false;
    if (at_end_tag()) return close("EventData");
    Tag part;
    if (!open(part) || part.name == "UserData") return false;
    if (part.name == "Data") {
      const Text name = attribute("Name");
      Text value;
      if (!leaf(part, value) || !add(name.words, name.escaped, value)) return false;
    } else if (part.name == "Binary") {
      Text value;
      if (!leaf(part, value) || !put(value, event_.binary)) return false;
    } else if (!leaves(part, true)) {
      return false;
    }
  }
}

bool QuickXmlEvent::rendering() {
  while (true) {
    if (!between()) return false;
    if (at_end_tag()) return close("RenderingInfo");
    Tag part;
    if (!open(part) || part.name == "UserData") return false;
    if (part.name == "Message") {
      Text words;
      if (!leaf(part, words) || !put(words, event_.message)) return false;
      if (!words.words.empty()) event_.give(EventField::message);
    } else if (part.name == "Level") {
      Text words;
      if (!leaf(part, words) || !put(words, event_.level_text)) return false;
    } else if (!leaves(part, false)) {
      return false;
    }
  }
}

// An element with all that is in it; with `keep` each element without elements is a value, the top one only where it
// holds something.
bool QuickXmlEvent::leaves(const Tag& top, bool keep) {
  if (top.closed) return true;
  std::array<std::string_view, deepest> names;
  std::size_t depth = 0;
  names[depth++] = top.name;
  bool childless = true;
  while (depth > 0) {
    Text words;
    if (!text(words)) return false;
    if (at_end_tag()) {
      const std::string_view name = names[--depth];
      if (!close(name)) return false;
      if (childless && keep) {
        // A reference may stand for a blank: the general parser looks at what it stands for.
        if (depth == 0 && words.escaped) return false;
        if ((depth > 0 || !trim(words.words).empty()) && !add(name, false, words)) return false;
      }
      childless = false;
      continue;
    }
    Tag inner;
    if (!open(inner) || inner.name == "UserData") return false;
    if (inner.closed) {
      if (keep && !add(inner.name, false, {})) return false;
      childless = false;
      continue;
    }
    if (depth == deepest) return false;
    names[depth++] = inner.name;
    childless = true;
  }
  return true;
}

// White space up to the next tag.
bool QuickXmlEvent::between() {
  while (blank(*at_)) ++at_;
  return *at_ == '<';
}

bool QuickXmlEvent::open(Tag& tag) {
  if (*at_ != '<') return false;
  ++at_;
  tag.name = read_name(at_);
  // Events in one another are for the general parser to judge.
  if (tag.name == "Event" && tag.name.data() != begin_ + 1) return false;
  return !tag.name.empty() && tag.name.size() < 256 && attributes(tag);
}

bool QuickXmlEvent::close(std::string_view name) {
  at_ += 2;
  for (const char c : name) {  // short: a call costs more than the comparison
    if (*at_++ != c) return false;
  }
  return *at_++ == '>';
}

bool QuickXmlEvent::attributes(Tag& tag) {
  attribute_count_ = 0;
  while (true) {
    const char* const before = at_;
    while (blank(*at_)) ++at_;
    if (*at_ == '>') {
      ++at_;
      return true;
    }
    if (*at_ == '/') {
      if (at_[1] != '>') return false;
      at_ += 2;
      return tag.closed = true;
    }
    if (at_ == before || attribute_count_ == most_attributes) return false;
    Attribute& found = attributes_[attribute_count_];
    found.name = read_name(at_);
    if (found.name.empty() || *at_ != '=') return false;
    const char quote = at_[1];
    if (quote != '"' && quote != '\'') return false;
    at_ += 2;
    const char* const from = at_;
    found.escaped = false;
    for (at_ = find_mark(at_, end_, quote); *at_ != quote; at_ = find_mark(at_, end_, quote)) {
      const std::size_t length = *at_ == '&' ? reference_length(at_) : 0;
      if (length == 0) return false;
      found.escaped = true;
      at_ += length;
    }
    found.value = {from, static_cast<std::size_t>(at_ - from)};
    ++at_;
    ++attribute_count_;
  }
}

// What stands up to the next tag.
bool QuickXmlEvent::text(Text& into) {
  const char* const from = at_;
  for (at_ = find_mark(at_, end_, '<'); *at_ != '<'; at_ = find_mark(at_, end_, '<')) {
    const std::size_t length = *at_ == '&' ? reference_length(at_) : 0;
    if (length == 0) return false;
    into.escaped = true;
    at_ += length;
  }
  into.words = {from, static_cast<std::size_t>(at_ - from)};
  return true;
}

// The text of an element without elements, and its end.
bool QuickXmlEvent::leaf(const Tag& tag, Text& into) {
  if (tag.closed) return true;
  return text(into) && at_end_tag() && close(tag.name);
}

QuickXmlEvent::Text QuickXmlEvent::attribute(std::string_view name) const {
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    if (attributes_[i].name == name) return {attributes_[i].value, attributes_[i].escaped};
  }
  return {};
}

bool QuickXmlEvent::put(const Text& value, std::string_view& place) {
  if (value.escaped) {
    if (std::find(escaped_fields_.begin(), escaped_fields_.end(), &place) != escaped_fields_.end()) return false;
    escaped_fields_.push_back(&place);
  }
  place = value.words;
  return true;
}

bool QuickXmlEvent::add(std::string_view name, bool name_escaped, const Text& value) {
  if (data_.size() >= limits_.event_data_items) return false;
  if (name_escaped) escaped_names_.push_back(data_.size());
  if (value.escaped) escaped_values_.push_back(data_.size());
  data_.push_back({name, value.words});
  return true;
}

template <typename T>
bool QuickXmlEvent::number(const Text& written, EventField field, T& into) {
  const std::string_view digits = trim(written.words);
  if (digits.empty()) return true;
  const std::optional<T> value = xml_number<T>(digits);
  if (!value) return false;
  into = *value;
  event_.give(field);
  return true;
}

}  // namespace synclens
