// Elements without a template as XML: what print_by_rules() prints of the plan that they compile to.
#include <array>

#include "render/bare_text.hpp"
#include "render/xml_printer.hpp"

namespace synclens::evtx {
namespace {

template <typename Text>
class XmlSink final : public BareText {
 public:
  XmlSink(const BareNames& names, char* to, std::size_t room_of_names, Text text)
      : BareText(names, to, room_of_names), text_(text) {}

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool open(std::uint16_t number, std::size_t depth) {
    open_[last_ = depth] = number;
    put("<");
    return put_name(number) && count(names_[number]);  // it stands at the end too
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute(std::uint16_t number) {
    put(" ");
    if (!put_name(number)) return false;
    put("='");
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_text(const std::uint8_t* at, std::size_t bytes) {
    to_ = text_.template put<Escape::xml_attribute>(to_, at, bytes);
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_end() {
    put("'");
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool content() {
    put(">");
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool text(const std::uint8_t* at, std::size_t bytes) {
    to_ = text_.template put<Escape::xml_text>(to_, at, bytes);
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool empty() {
    put("/>");
    --last_;
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool close() {
    put("</");
    copy(names_[open_[last_--]]);
    put(">");
    return true;
  }

 private:
  Text text_;
  std::size_t last_ = 0;  // the depth of the innermost that is open
  std::array<std::uint16_t, most_bare_depth> open_;
};

}  // namespace

bool XmlPrinter::print_bare(Cursor& in, Level, TextBuffer& out) {
  return print_bare_element<XmlSink>(fragments_, in, most_size_, out);
}

}  // namespace synclens::evtx
