// One <Event> in the shape in which Windows writes it, scanned straight to fields without a tree.
//
// What is unusual (comments, CDATA, prefixes, a reference that is not XML's own, anything not well-formed, a limit
// reached) is left to the general parser: either both agree on an event, or this one does not take it.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens {

class QuickXmlEvent {
 public:
  explicit QuickXmlEvent(const Limits& limits) : limits_(limits) {}

  // Scans the event at the front of `text`, which ends with a zero. Its size; 0 where the event is not taken. The
  // text is not changed.
  [[nodiscard]] std::size_t scan(const char* text, std::size_t size);

  // The event that was scanned, with its references resolved in place: `text` is overwritten. The view borrows from it
  // and from this scanner until the next call.
  [[nodiscard]] const EventView& finish(char* text);

 private:
  struct Attribute {
    std::string_view name, value;
    bool escaped = false;
  };
  struct Tag {
    std::string_view name;
    bool closed = false;  // <name/>
  };
  struct Text {
    std::string_view words;
    bool escaped = false;
  };
  static constexpr std::size_t most_attributes = 8;
  static constexpr std::size_t deepest = 16;

  bool event();
  bool system();
  bool system_field(const Tag& tag);
  bool event_data();
  bool rendering();
  bool leaves(const Tag& top, bool keep);
  bool open(Tag& tag);
  bool close(std::string_view name);
  bool attributes(Tag& tag);
  bool text(Text& into);
  bool leaf(const Tag& tag, Text& into);
  bool between();
  bool at_end_tag() const { return at_[0] == '<' && at_[1] == '/'; }
  bool add(std::string_view name, bool name_escaped, const Text& value);
  bool put(const Text& value, std::string_view& place);
  [[nodiscard]] Text attribute(std::string_view name) const;
  template <typename T>
  bool number(const Text& written, EventField field, T& into);

  Limits limits_;
  const char* at_ = nullptr;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  EventView event_;
  std::vector<DataItem> data_;
  std::vector<std::string_view*> escaped_fields_;
  std::vector<std::size_t> escaped_names_, escaped_values_;  // of data_
  std::array<Attribute, most_attributes> attributes_;
  std::size_t attribute_count_ = 0;
};

}  // namespace synclens
