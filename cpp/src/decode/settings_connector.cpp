// Get-ADSyncConnector: the summary of each connector and the sections that a collector prints after it.
#include "record/ascii.hpp"
#include "settings_state.hpp"
#include "settings_topics.hpp"

namespace synclens::settings {
namespace {

using powershell::Object;
using powershell::Property;

constexpr std::string_view topic = "connector";

// The parameters that later stages ask for, under the names that they ask for.
std::string_view common_name(std::string_view parameter) {
  const std::string small = lower(parameter);
  if (small == "forest-login-user" || small == "username") return "AccountName";
  if (small == "forest-login-domain") return "AccountDomain";
  if (small == "forest-name") return "ForestName";
  return {};
}

// "{contoso.com, emea.contoso.com}" item by item.
void put_items(State& state, std::string_view name, const Property& property) {
  std::string_view rest = without_braces(property.value);
  const std::string_view separator = rest.find("DC=") == std::string_view::npos ? "," : ", ";
  while (!rest.empty()) {
    const std::size_t end = rest.find(separator);
    const std::string_view item = trim(rest.substr(0, end));
    if (!item.empty()) state.writer.put(topic, state.connector, name, item, property.line);
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + separator.size());
  }
}

void put_parameter(State& state, const Object& object) {
  const Property* name = object.find("Name");
  const Property* value = object.find("Value");
  if (name == nullptr || value == nullptr) {
    state.writer.understood();
    return;
  }
  state.writer.put(topic, state.connector, name->value, value->value, value->line);
  if (const std::string_view common = common_name(name->value); !common.empty()) {
    state.writer.put(topic, state.connector, common, value->value, value->line);
  }
}

void put_summary(State& state, const Object& object) {
  state.connector = object.value("Name");
  for (const Property& property : object.properties) {
    if (equal_ignoring_case(property.name, "Name")) continue;
    state.writer.put(topic, state.connector, property.name, property.value, property.line);
    if (equal_ignoring_case(property.name, "Partitions")) put_items(state, "Partition", property);
    if (lower(property.name).starts_with("preferreddc")) put_items(state, "PreferredDC", property);
  }
  state.writer.understood();
}

}  // namespace

bool put_connector_object(State& state, const Object& object) {
  const std::string_view heading = state.heading;
  // "## ConnectivityParameters contoso.com" above a table of Name and Value
  constexpr std::string_view parameters = "connectivityparameters";
  if (heading.starts_with(parameters) && object.find("Name") != nullptr && object.find("Value") != nullptr) {
    put_parameter(state, object);
    return true;
  }
  const bool sections = heading.starts_with("connector ") && !heading.starts_with("connector statistics");
  if (!sections || heading.starts_with("connector summary")) {
    if (object.find("Name") == nullptr) return false;
    if (!sections && topic_of_object(object) != topic) return false;
    if (object.find("Identifier") == nullptr && object.find("ConnectivityParameters") == nullptr) return false;
    put_summary(state, object);
    return true;
  }
  const std::string_view section = trim(heading.substr(std::string_view("connector").size()));
  if (section == "connectivityparameters" || section == "globalparameters") {
    put_parameter(state, object);
    return true;
  }
  if (section == "passwordhashconfiguration") {
    for (const Property& property : object.properties) {
      const std::string name = "PasswordHashConfiguration." + std::string(property.name);
      state.writer.put(topic, state.connector, name, property.value, property.line);
    }
    return true;
  }
  if (section == "partitions") {
    const Property* name = object.find("Name");
    if (name == nullptr) name = object.find("DN");
    if (name != nullptr) state.writer.put(topic, state.connector, "Partition", name->value, name->line);
    for (const Property& property : object.properties) {
      if (lower(property.name).starts_with("preferreddc")) put_items(state, "PreferredDC", property);
    }
    state.writer.understood();
    return true;
  }
  // some collectors head the summary with the connector's name
  if (object.find("Identifier") != nullptr && equal_ignoring_case(section, object.value("Name"))) {
    put_summary(state, object);
    return true;
  }
  state.writer.understood();  // run profiles, inclusion lists and the like
  return true;
}

}  // namespace synclens::settings
