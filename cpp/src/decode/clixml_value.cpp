#include "decode/clixml_value.hpp"

#include <array>
#include <charconv>

#include "read/utf8.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t most_remembered = 1u << 16;
constexpr std::size_t longest_remembered = 1024;
constexpr std::size_t escape_size = 7;  // _x000D_

// The code unit of the escape at the front of `text`; -1 without one.
int escape_at(std::string_view text) {
  if (text.size() < escape_size || text[0] != '_' || (text[1] != 'x' && text[1] != 'X') || text[6] != '_') return -1;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, value, 16);
  return error == std::errc{} && end == text.data() + 6 ? static_cast<int>(value) : -1;
}

template <typename Map>
void keep(Map& map, std::string_view id, std::string value) {
  if (id.empty() || map.size() >= most_remembered || value.size() > longest_remembered) return;
  map.insert_or_assign(std::string(id), std::move(value));
}

std::string_view name_of(const pugi::xml_node& node) {
  return node.name();
}

}  // namespace

void append_clixml_text(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t mark = std::min(text.find('_'), text.size());
    out.append(text.substr(0, mark));
    text.remove_prefix(mark);
    if (text.empty()) return;
    const int unit = escape_at(text);
    if (unit < 0) {
      out.push_back('_');
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(escape_size);
    auto character = static_cast<char32_t>(unit);
    const int low = escape_at(text);
    if (character >= 0xD800 && character <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
      character = 0x10000 + ((character - 0xD800) << 10u) + (static_cast<char32_t>(low) - 0xDC00);
      text.remove_prefix(escape_size);
    }
    append_utf8(character == 0 ? replacement_character : character, out);
  }
}

pugi::xml_node clixml_list(const pugi::xml_node& object) {
  constexpr std::array<const char*, 4> names = {"LST", "IE", "STK", "QUE"};
  for (const char* name : names) {
    if (const pugi::xml_node list = object.child(name)) return list;
  }
  return {};
}

void ClixmlReferences::remember(const pugi::xml_node& object) {
  pugi::xml_node node = object;
  while (node) {
    if (name_of(node) == "TN") {
      keep(types_, node.attribute("RefId").value(), node.child("T").child_value());
    } else if (name_of(node) == "Obj" && node != object) {
      keep(objects_, node.attribute("RefId").value(), value_of(node));
    }
    pugi::xml_node next = node.first_child();
    while (!next && node && node != object) {
      next = node.next_sibling();
      if (!next) node = node.parent();
    }
    if (node == object && !next) return;
    node = next;
  }
}

std::string ClixmlReferences::type_of(const pugi::xml_node& object) const {
  std::string type = object.child("TN").child("T").child_value();
  if (type.empty()) {
    const auto found = types_.find(object.child("TNRef").attribute("RefId").value());
    if (found != types_.end()) type = found->second;
  }
  for (const std::string_view prefix : {"Deserialized.", "Selected."}) {
    if (type.starts_with(prefix)) type.erase(0, prefix.size());
  }
  return type;
}

std::string ClixmlReferences::value_of(const pugi::xml_node& element) const {
  std::string text;
  const std::string_view kind = name_of(element);
  if (kind == "Ref") {
    const auto found = objects_.find(element.attribute("RefId").value());
    return found == objects_.end() ? std::string() : found->second;
  }
  if (kind == "B") return std::string_view(element.child_value()) == "true" ? "True" : "False";
  if (kind != "Obj") {
    append_clixml_text(element.child_value(), text);
    return text;
  }
  if (const pugi::xml_node list = clixml_list(element)) {
    for (const pugi::xml_node& item : list.children()) {
      if (!text.empty()) text += ", ";
      // one level: a list of lists is printed by its type's name, and so it is here
      text += clixml_list(item) ? type_of(item) : value_of(item);
    }
    return "{" + text + "}";
  }
  if (const pugi::xml_node printed = element.child("ToString")) {
    append_clixml_text(printed.child_value(), text);
    return text;
  }
  for (const pugi::xml_node& part : element.children()) {  // an enumeration has its number here
    const std::string_view name = name_of(part);
    if (name != "TN" && name != "TNRef" && name != "Props" && name != "MS" && name != "DCT") return value_of(part);
  }
  return text;
}

}  // namespace synclens
