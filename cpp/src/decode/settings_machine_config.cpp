// machine.config: the proxy by which programs of .NET, the sync service among them, reach the cloud.
#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <string>

#include "settings_state.hpp"

namespace synclens::settings {
namespace {

constexpr std::array<const char*, 2> of_default{"enabled", "useDefaultCredentials"};
constexpr std::array<const char*, 5> of_proxy{"usesystemdefault", "proxyaddress", "bypassonlocal", "scriptLocation",
                                              "autoDetect"};

template <std::size_t n>
void put_attributes(const pugi::xml_node node, const std::array<const char*, n>& names, std::string_view text,
                    Writer& writer) {
  const auto offset = static_cast<std::ptrdiff_t>(
      std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)), text.size()));
  const auto line = static_cast<std::uint64_t>(std::count(text.begin(), text.begin() + offset, '\n')) + 1;
  for (const char* name : names) {
    const pugi::xml_attribute attribute = node.attribute(name);
    if (attribute)
      writer.put("global-settings", "machine.config", std::string(node.name()) + "." + name, attribute.value(), line);
  }
}

}  // namespace

bool read_machine_config(const pugi::xml_node root, std::string_view text, Writer& writer) {
  if (std::string_view(root.name()) != "configuration") return false;
  writer.understood();
  const pugi::xml_node proxy = root.child("system.net").child("defaultProxy");
  put_attributes(proxy, of_default, text, writer);
  put_attributes(proxy.child("proxy"), of_proxy, text, writer);
  return true;
}

}  // namespace synclens::settings
