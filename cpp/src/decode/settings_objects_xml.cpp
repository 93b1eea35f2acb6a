// What csexport writes: objects of a connector space with their errors of export. Everything else of it is data of the
// customer's directory that says nothing of passwords.
#include <algorithm>
#include <pugixml.hpp>

#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {
namespace {

// Texts below an element, as far as they name an error: "cd-error", "AttributeValueMustBeUnique".
void add_texts(const pugi::xml_node node, std::size_t depth, std::string& text) {
  constexpr std::size_t deepest = 8;
  constexpr std::size_t longest = 1000;
  if (depth > deepest || text.size() > longest) return;
  const auto add = [&](std::string_view piece) {
    piece = trim(piece.substr(0, longest));
    if (!piece.empty()) text.append(text.empty() ? "" : " ").append(piece);
  };
  for (const pugi::xml_attribute attribute : node.attributes()) {
    if (std::string_view(attribute.name()).find("type") != std::string_view::npos) add(attribute.value());
  }
  add(node.child_value());
  for (const pugi::xml_node child : node.children()) {
    if (child.type() == pugi::node_element) add_texts(child, depth + 1, text);
  }
}

void read_object(const pugi::xml_node object, Writer& writer, std::uint64_t line) {
  const std::string_view dn = object.attribute("cs-dn").value();
  if (dn.empty()) return;
  for (const pugi::xml_node child : object.children()) {
    if (!std::string_view(child.name()).starts_with("export-error")) continue;
    std::string error;
    add_texts(child, 0, error);
    if (!error.empty()) writer.put("cs-object", dn, "ExportError", error, line);
  }
}

}  // namespace

bool read_space_xml(const pugi::xml_node root, std::string_view text, Writer& writer) {
  const std::string_view name = root.name();
  const bool one = name == "cs-object" || name == "mv-object";
  if (!one && name != "cs-objects" && name != "mv-objects") return false;
  writer.understood();
  if (one) read_object(root, writer, 1);
  std::uint64_t line = 1;
  std::size_t counted = 0;
  for (const pugi::xml_node child : root.children()) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(child.offset_debug(), 0));
    for (; counted < std::min(offset, text.size()); ++counted) line += text[counted] == '\n' ? 1u : 0u;
    if (std::string_view(child.name()) == "cs-object") read_object(child, writer, line);
  }
  return true;
}

}  // namespace synclens::settings
