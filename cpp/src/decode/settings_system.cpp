// What the machine says: WinHTTP proxy, TLS 1.2 registry values, and outputs that are one bare word or name.
#include "record/ascii.hpp"
#include "settings_state.hpp"
#include "settings_topics.hpp"

namespace synclens::settings {
namespace {

constexpr std::string_view global = "global-settings";
constexpr std::string_view proxy_subject = "winhttp";

bool is_proxy_file(const State& state) {
  return lower(state.file_name).find("winhttp") != std::string::npos;
}

// The words are in the server's language; the order is not: the proxy, then what goes round it.
bool put_proxy_pair(State& state, std::string_view name, std::string_view value, std::uint64_t line) {
  const std::string small = lower(name);
  const bool english = small.starts_with("proxy server") || small.starts_with("bypass list");
  if (!english && !is_proxy_file(state)) return false;
  const bool bypass = english ? small.front() == 'b' : state.proxy_lines > 0;
  ++state.proxy_lines;
  state.writer.put(global, proxy_subject, bypass ? "ProxyBypass" : "Proxy", value, line);
  return true;
}

// "CN=Ann,OU=Staff,DC=emea,DC=contoso,DC=com" is of emea.contoso.com.
std::string domain_of(std::string_view dn) {
  const std::string small = lower(dn);
  std::string domain;
  for (std::size_t at = small.find("dc="); at != std::string::npos; at = small.find("dc=", at + 3)) {
    if (at != 0 && small[at - 1] != ',' && small[at - 1] != ' ') continue;
    const std::string_view part = trim(dn.substr(at + 3, dn.find(',', at) - at - 3));
    if (!domain.empty()) domain += '.';
    domain += part;
  }
  return domain;
}

bool put_inheritance(State& state, std::string_view dn, std::uint64_t line) {
  if (dn.size() > 4096) return false;
  const std::string domain = domain_of(dn);
  if (domain.empty()) return false;
  state.writer.put("connector", domain, "InheritanceDisabled", dn, line);
  return true;
}

}  // namespace

bool put_system_object(State& state, const powershell::Object& object) {
  const powershell::Property* name = object.find("Name");
  const powershell::Property* path = object.find("Path");
  if (path == nullptr) path = object.find("RegPath");
  if (name != nullptr && path != nullptr && lower(path->value).starts_with("hklm")) {
    state.writer.put(global, path->value, name->value, object.value("Value"), name->line);
    return true;
  }
  bool any = false;
  if (state.command() == inheritance_command) {
    for (const powershell::Property& property : object.properties) {
      any = put_inheritance(state, property.value, property.line) || any;
    }
    return any;
  }
  for (const powershell::Property& property : object.properties) {
    any = put_proxy_pair(state, property.name, property.value, property.line) || any;
  }
  return any;
}

bool put_system_line(State& state, const powershell::Line& line) {
  const std::string_view text = trim(line.text);
  const std::string small = lower(text.substr(0, 200));
  if (small.starts_with("direct access (no proxy")) {
    state.writer.put(global, proxy_subject, "Proxy", "direct", line.number);
    return true;
  }
  if (state.command() == "auto-upgrade" && (small == "enabled" || small == "disabled" || small == "suspended")) {
    state.writer.put("auto-upgrade", {}, "AutoUpgradeState", text, line.number);
    return true;
  }
  if (state.command() == inheritance_command) return put_inheritance(state, text, line.number);
  const bool indented = line.text.front() == ' ' || line.text.front() == '\t';
  if (!indented || !is_proxy_file(state)) return false;
  if (const auto pair = powershell::split_property(line.text); pair && !pair->value.empty()) {
    return put_proxy_pair(state, pair->name, pair->value, line.number);
  }
  state.writer.put(global, proxy_subject, "Proxy", text, line.number);
  return true;
}

}  // namespace synclens::settings
