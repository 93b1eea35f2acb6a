// What the machine says: WinHTTP proxy, TLS 1.2 registry values, and outputs that are one bare word.
#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {

bool put_system_object(State& state, const powershell::Object& object) {
  Writer& writer = state.writer;
  const powershell::Property* name = object.find("Name");
  const powershell::Property* path = object.find("Path");
  if (path == nullptr) path = object.find("RegPath");
  if (name != nullptr && path != nullptr && lower(path->value).starts_with("hklm")) {
    writer.put("global-settings", path->value, name->value, object.value("Value"), name->line);
    return true;
  }
  bool any = false;
  for (const powershell::Property& property : object.properties) {
    const std::string small = lower(property.name);
    if (small.starts_with("proxy server") || small.starts_with("bypass list")) {
      writer.put("global-settings", "winhttp", small.starts_with("proxy") ? "Proxy" : "ProxyBypass", property.value,
                 property.line);
      any = true;
    }
  }
  return any;
}

bool put_system_line(State& state, const powershell::Line& line) {
  const std::string_view text = trim(line.text);
  const std::string small = lower(text.substr(0, 200));
  std::string_view topic = state.section_topic;
  if (topic.empty()) topic = state.file_topic;
  if (small.starts_with("direct access (no proxy")) {
    state.writer.put("global-settings", "winhttp", "Proxy", "direct", line.number);
    return true;
  }
  if (topic == "auto-upgrade" && (small == "enabled" || small == "disabled" || small == "suspended")) {
    state.writer.put("auto-upgrade", {}, "AutoUpgradeState", text, line.number);
    return true;
  }
  return false;
}

}  // namespace synclens::settings
