// One tag of an XML text, for scanners that build no tree.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/xml_window.hpp"

namespace synclens {

inline constexpr std::uint64_t longest_xml_name = 256;

struct XmlTag {
  std::string_view name;  // without prefix; valid until the window moves
  std::uint64_t end = 0;  // after '>', or before the '<' that broke the tag off
  bool closes_itself = false;
  bool cut = false;  // the text, or what may be looked at, ends inside
};

// The tag whose name begins at `name_at`, looked for before `end`. Knows quotes.
[[nodiscard]] XmlTag read_xml_tag(XmlWindow& window, std::uint64_t name_at, std::uint64_t end);

[[nodiscard]] bool ends_xml_name(int c);
[[nodiscard]] std::string_view without_prefix(std::string_view name);

}  // namespace synclens
