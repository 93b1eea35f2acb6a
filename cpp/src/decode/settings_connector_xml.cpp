// Connector_{guid}.xml of the server configuration: who the connector is, its account, its partitions.
#include <pugixml.hpp>

#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {
namespace {

constexpr std::string_view topic = "connector";

// Element names in small letters without dashes and namespace: revisions write both "forest-name" and "ForestName".
std::string plain(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  std::string result;
  for (const char c : name) {
    if (c != '-' && c != '_') result += to_lower(c);
  }
  return result;
}

struct Found {
  std::string name, id, type;
  std::vector<std::pair<std::string, std::string>> values;  // Setting name and value, in the file's order
};

class Walker {
 public:
  Walker(const Limits& limits, Found& found) : limits_(limits), found_(found) {}
  bool too_deep = false;

  void element(const pugi::xml_node node, std::size_t depth, bool partition) {
    if (depth > limits_.xml_depth) {
      too_deep = true;
      return;
    }
    const std::string name = plain(node.name());
    take(node, name, depth, partition);
    const bool inside = partition || name == "partition";
    for (const pugi::xml_node child : node.children()) {
      if (child.type() == pugi::node_element) element(child, depth + 1, inside);
    }
  }

 private:
  void add(std::string_view name, std::string_view value) {
    if (value.empty() || found_.values.size() >= limits_.event_data_items) return;
    found_.values.emplace_back(name, value);
  }

  static std::string_view setting_of(std::string_view name) {
    if (name == "forestloginuser" || name == "username") return "AccountName";
    if (name == "forestlogindomain") return "AccountDomain";
    if (name == "forestname") return "ForestName";
    if (name == "preferreddc" || name == "preferreddomaincontroller") return "PreferredDC";
    if (name == "onlyusepreferreddcs" || name == "useonlypreferreddcs") return "OnlyUsePreferredDCs";
    return {};
  }

  void take(const pugi::xml_node node, const std::string& name, std::size_t depth, bool partition) {
    const std::string_view text = trim(node.child_value());
    if (const std::string_view setting = setting_of(name); !setting.empty()) {
      add(setting, text);
    } else if (name == "parameter") {
      take_parameter(node);
    } else if (partition) {
      if (name == "name" && plain(node.parent().name()) == "partition") add("Partition", text);
      if (name == "dn") add("PartitionDN", text);
    } else if (depth <= 3) {
      if (name == "name" && found_.name.empty()) found_.name = text;
      if ((name == "id" || name == "identifier") && found_.id.empty()) found_.id = text;
      if ((name == "category" || name == "type" || name == "connectortype") && found_.type.empty()) found_.type = text;
    }
  }

  // <parameter name="forest-login-user">x</parameter>, or name and value as elements.
  void take_parameter(const pugi::xml_node node) {
    std::string_view name;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      if (plain(attribute.name()) == "name") name = attribute.value();
    }
    std::string_view value = trim(node.child_value());
    for (const pugi::xml_node child : node.children()) {
      const std::string child_name = plain(child.name());
      if (child_name == "name" && name.empty()) name = trim(child.child_value());
      if (child_name == "value") value = trim(child.child_value());
    }
    if (const std::string_view setting = setting_of(plain(name)); !setting.empty()) add(setting, value);
  }

  const Limits& limits_;
  Found& found_;
};

std::string_view guid_in(std::string_view file_name) {
  const std::size_t open = file_name.find('{');
  const std::size_t close = file_name.find('}', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return file_name.substr(open, close + 1 - open);
}

std::uint64_t line_of(std::string_view text, std::ptrdiff_t offset) {
  std::uint64_t line = 1;
  const std::size_t end = offset < 0 ? 0 : std::min(text.size(), static_cast<std::size_t>(offset));
  for (std::size_t i = 0; i < end; ++i) line += text[i] == '\n' ? 1u : 0u;
  return line;
}

// A first look before anything is built: what a real file never has, a hostile one would fill the memory with.
// Comments and CDATA count too, which does not matter at these sizes.
bool is_out_of_bounds(std::string_view text) {
  constexpr std::size_t most_elements = std::size_t{1} << 20;
  constexpr std::size_t deepest = 1000;
  std::size_t elements = 0;
  std::size_t depth = 0;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (next == '/') {
      if (depth > 0) --depth;
    } else if (next != '!' && next != '?') {
      const std::size_t end = text.find('>', at);
      if (++elements > most_elements) return true;
      if (end != std::string_view::npos && text[end - 1] != '/' && ++depth > deepest) return true;
      if (end == std::string_view::npos) return false;
    }
  }
  return false;
}

}  // namespace

bool is_connector_xml(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('<') || text.size() < 2) return false;
  const char next = to_lower(text[1]);
  return next == '?' || next == '!' || (next >= 'a' && next <= 'z');
}

void read_connector_xml(std::string& text, std::string_view file_name, Writer& writer) {
  if (is_out_of_bounds(text)) {
    Problem problem;
    problem.what = "an XML with more elements, or deeper ones, than any configuration has; it was not read";
    problem.where.line = 1;
    problem.bytes = text.size();
    writer.problem(std::move(problem));
    writer.understood();
    return;
  }
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!result) {
    Problem problem;
    problem.what = std::string("a configuration file that is not complete XML: ") + result.description();
    problem.where.offset = static_cast<std::uint64_t>(result.offset < 0 ? 0 : result.offset);
    problem.where.line = line_of(text, result.offset);
    writer.problem(std::move(problem));
  }
  for (const pugi::xml_node node : document.children()) {
    if (node.type() != pugi::node_doctype) continue;
    Problem problem;
    problem.what = "an XML with a DOCTYPE, which is not read";
    problem.where.line = line_of(text, node.offset_debug());
    writer.problem(std::move(problem));
    writer.understood();
    return;
  }
  if (read_space_xml(document.document_element(), text, writer)) return;
  if (read_machine_config(document.document_element(), text, writer)) return;
  Found found;
  Walker walker(writer.options().limits, found);
  walker.element(document.document_element(), 1, false);
  if (walker.too_deep) {
    Problem problem;
    problem.what = "elements nested deeper than " + std::to_string(writer.options().limits.xml_depth) +
                   "; what is below was passed over";
    problem.where.line = 1;
    writer.problem(std::move(problem));
  }
  if (found.id.empty()) found.id = guid_in(file_name);
  if (found.name.empty() && found.values.empty()) return;
  const std::string_view subject = found.name.empty() ? std::string_view(found.id) : std::string_view(found.name);
  if (!found.id.empty()) writer.put(topic, subject, "Identifier", found.id, 1);
  if (!found.type.empty()) writer.put(topic, subject, "Type", found.type, 1);
  for (const auto& [name, value] : found.values) writer.put(topic, subject, name, value, 1);
}

}  // namespace synclens::settings
