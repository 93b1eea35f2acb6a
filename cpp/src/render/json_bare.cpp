// Elements without a template as members of an object: what element_value() prints of the tree that they become.
#include <array>
#include <charconv>

#include "render/bare_text.hpp"
#include "render/json_printer.hpp"

namespace synclens::evtx {
namespace {

// What comes before an element's start is printed can depend on what comes later: texts beside elements, and the Data
// of EventData and UserData. Both are rare here and end the walk.
template <typename Text>
class JsonSink final : public BareText {
 public:
  JsonSink(const BareNames& names, char* to, std::size_t room_of_names, Text text)
      : BareText(names, to, room_of_names), text_(text) {}

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool open(std::uint16_t number, std::size_t depth) {
    const KnownName known = names_[number].known;
    std::uint32_t before = 0;
    if (depth != 0) {
      Element& around = open_[depth - 1];
      if (around.holds_text || (around.holds_data && known == KnownName::data)) return false;
      if (around.is_object) {
        put(",");
      } else {
        put("{");
        around.is_object = true;
      }
      around.holds_elements = true;
      if (!count_child(number, around.first_child, before)) return false;
    } else if (known == KnownName::data) {
      return false;
    }
    put("\"");
    if (!put_name(number)) return false;
    if (before != 0) {
      put("_");
      to_ = std::to_chars(to_, to_ + 10, before).ptr;
    }
    put("\":");
    open_[last_ = depth] = Element{};
    open_[depth].first_child = children_;
    open_[depth].holds_data = known == KnownName::event_data || known == KnownName::user_data;
    any_attribute_ = false;
    return true;
  }

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute(std::uint16_t number) {
    attribute_ = number;
    in_attribute_ = false;
    return true;
  }
  // An attribute without text is left out.
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_text(const std::uint8_t* at, std::size_t bytes) {
    if (units_without_nuls(at, bytes) == 0) return true;
    if (!in_attribute_) {
      if (any_attribute_) {
        put(",\"");
      } else {
        put("{\"#attributes\":{\"");
      }
      if (!put_name(attribute_)) return false;
      put("\":\"");
      any_attribute_ = in_attribute_ = true;
    }
    to_ = text_.template put<Escape::json>(to_, at, bytes);
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_end() {
    if (in_attribute_) put("\"");
    return true;
  }

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool content() {
    end_attributes();
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool text(const std::uint8_t* at, std::size_t bytes) {
    if (units_without_nuls(at, bytes) == 0) return true;
    Element& element = open_[last_];
    if (element.holds_elements) return false;
    if (!element.holds_text) {
      if (element.is_object) put(",\"#text\":");
      put("\"");
      element.holds_text = true;
    }
    to_ = text_.template put<Escape::json>(to_, at, bytes);
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool empty() {
    end_attributes();
    return close();
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool close() {
    const Element& element = open_[last_];
    children_ = element.first_child;
    if (element.holds_text) put("\"");
    if (element.is_object) {
      put("}");
    } else if (!element.holds_text) {
      put("null");
    }
    --last_;
    return true;
  }

 private:
  static constexpr std::uint32_t most_children = 128;  // of different names, in all elements that are open

  struct Element {
    bool is_object = false;  // has an attribute or an element
    bool holds_elements = false, holds_text = false;
    bool holds_data = false;  // is EventData or UserData
    std::uint32_t first_child = 0;
  };
  struct Child {
    std::uint16_t name;
    std::uint32_t count;
  };

  // How many of that name came before in the element.
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool count_child(std::uint16_t name, std::uint32_t first,
                                                        std::uint32_t& before) {
    for (std::uint32_t i = first; i < children_; ++i) {
      if (counts_[i].name != name) continue;
      before = counts_[i].count++;
      return true;
    }
    if (children_ == most_children) return false;
    counts_[children_++] = {name, 1};
    return true;
  }
  SYNCLENS_ALWAYS_INLINE void end_attributes() {
    if (!any_attribute_) return;
    put("}");
    open_[last_].is_object = true;
  }

  Text text_;
  std::size_t last_ = 0;  // the depth of the innermost that is open
  std::uint16_t attribute_ = BareNames::none;
  bool in_attribute_ = false, any_attribute_ = false;
  std::uint32_t children_ = 0;
  std::array<Element, most_bare_depth> open_;
  std::array<Child, most_children> counts_;
};

}  // namespace

// What an element holds alone is a member whose name nothing beside it can have.
bool JsonPrinter::print_bare(Cursor& in, Level level, TextBuffer& out) {
  return level == Level::alone && print_bare_element<JsonSink>(fragments_, in, most_size_, out);
}

}  // namespace synclens::evtx
