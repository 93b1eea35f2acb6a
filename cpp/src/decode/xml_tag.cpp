#include "decode/xml_tag.hpp"

namespace synclens {

bool ends_xml_name(int c) {
  return c < 0 || c == '>' || c == '/' || c == '<' || c == '"' || c == '\'' || c <= ' ';
}

std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

XmlTag read_xml_tag(XmlWindow& window, std::uint64_t name_at, std::uint64_t end) {
  XmlTag tag;
  std::uint64_t at = name_at;
  while (!ends_xml_name(window.byte(at)) && at - name_at < longest_xml_name) ++at;
  const std::uint64_t name_end = at;
  int quote = 0;
  for (;; ++at) {
    const int c = at < end ? window.byte(at) : -1;
    if (c < 0) {
      tag.cut = true;
      tag.end = at;
      break;
    }
    if (c == '<') {  // no tag holds one: this tag was broken off
      tag.end = at;
      break;
    }
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      tag.closes_itself = at > name_at && window.byte(at - 1) == '/';
      tag.end = at + 1;
      break;
    }
  }
  tag.name = without_prefix(window.view(name_at, name_end));
  return tag;
}

}  // namespace synclens
