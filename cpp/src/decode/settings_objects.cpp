// Connector space and metaverse objects: their properties, lineage, attributes and errors.
#include "record/ascii.hpp"
#include "settings_state.hpp"
#include "settings_topics.hpp"

namespace synclens::settings {
namespace {

using powershell::Object;
using powershell::Property;

// Which section of an object's text we are in; `rest` is its title without "Export CS object".
struct Section {
  std::string_view topic, rest;
};

Section section_of(std::string_view heading) {
  Section section;
  if (heading.starts_with("export cs")) section.topic = "cs-object";
  if (heading.starts_with("export mv")) section.topic = "mv-object";
  if (section.topic.empty()) return section;
  heading = trim(heading.substr(std::string_view("export cs").size()));
  if (heading.starts_with("object")) heading = trim(heading.substr(std::string_view("object").size()));
  section.rest = heading;
  return section;
}

// "Get-ADSyncCSObject_CN=x,DC=y.txt" names the object when the text does not.
std::string_view named_by_file(std::string_view file) {
  const std::size_t underscore = file.find('_');
  if (underscore == std::string_view::npos || topic_of_command(file.substr(0, underscore)).empty()) return {};
  file.remove_prefix(underscore + 1);
  if (file.ends_with(".txt")) file.remove_suffix(4);
  return file;
}

std::string_view subject(State& state) {
  if (state.object.empty()) state.object = named_by_file(state.file_name);
  return state.object;
}

bool is_true(std::string_view value) {
  return equal_ignoring_case(value, "True");
}

// A row of a lineage: which rule, and whether it carries password hashes where the row says so.
void put_lineage(State& state, std::string_view topic, const Object& object) {
  const std::string_view about = subject(state);
  const Property* rule = object.find("SyncRuleName");
  if (rule == nullptr) rule = object.find("Name");
  const Property* flag = object.find("PasswordSync");
  if (flag == nullptr) flag = object.find("EnablePasswordSync");
  if (rule != nullptr) {
    state.writer.put(topic, about, "SyncRule", rule->value, rule->line);
    if (flag != nullptr) {
      const std::string value = rule->value + "=" + (is_true(flag->value) ? "True" : flag->value);
      state.writer.put(topic, about, "PasswordSync", value, flag->line);
    }
  }
  for (const std::string_view name : {"ConnectorName", "ConnectedCsObjectDN", "ConnectedCsObjectId"}) {
    if (topic != "mv-object") break;
    if (const Property* property = object.find(name)) {
      state.writer.put(topic, about, name, property->value, property->line);
    }
  }
  state.writer.understood();
}

void put_attribute(State& state, std::string_view topic, const Object& object) {
  const Property* name = object.find("Name");
  const Property* values = object.find("Values");
  if (values == nullptr) values = object.find("Value");
  state.writer.understood();
  if (name == nullptr || values == nullptr) return;
  state.writer.put(topic, subject(state), name->value, without_braces(values->value), name->line);
}

void put_all(State& state, std::string_view topic, const Object& object, std::string_view prefix) {
  const std::string_view about = subject(state);
  for (const Property& property : object.properties) {
    const std::string name = std::string(prefix) + std::string(property.name);
    state.writer.put(topic, about, name, property.value, property.line);
  }
}

}  // namespace

bool put_space_object(State& state, const Object& object) {
  const Section section = section_of(state.heading);
  std::string_view topic = section.topic;
  const std::string_view rest = section.rest;
  if (topic.empty()) {
    topic = topic_of_object(object);
    if (topic.empty()) topic = state.command();
    if (topic != "cs-object" && topic != "mv-object") return false;
  }
  if (rest == "lineage") {
    put_lineage(state, topic, object);
  } else if (rest == "attributes") {
    put_attribute(state, topic, object);
  } else if (rest == "exporterror" || rest == "synchronizationerror") {
    put_all(state, topic, object, rest == "exporterror" ? "ExportError." : "SynchronizationError.");
  } else if (object.find("SyncRuleName") != nullptr || object.find("ConnectedCsObjectDN") != nullptr) {
    if (object.find("Values") != nullptr) {
      put_attribute(state, topic, object);
    } else {
      put_lineage(state, topic, object);
    }
  } else if (object.find("Values") != nullptr && object.find("Name") != nullptr) {
    put_attribute(state, topic, object);
  } else {
    const std::string_view key = subject_of(topic, object);
    if (!key.empty()) {
      state.object = object.value(key);
    } else if (rest == "objectid" && object.find("Guid") != nullptr) {
      state.object = object.value("Guid");
    }
    put_all(state, topic, object, {});
  }
  return true;
}

bool put_space_line(State& state, const powershell::Line& line) {
  const Section section = section_of(state.heading);
  if (section.topic.empty()) return false;
  const std::string_view text = trim(line.text);
  if (section.rest == "objectid") {
    if (text.size() < 32 || text.size() > 40) return false;
    state.object = text;
    state.writer.put(section.topic, state.object, "ObjectId", text, line.number);
  } else if (section.rest == "anchorvalue") {
    state.writer.put(section.topic, subject(state), "AnchorValue", text, line.number);
  } else if (section.rest == "exporterror" || section.rest == "synchronizationerror") {
    state.writer.put(section.topic, subject(state),
                     section.rest == "exporterror" ? "ExportError" : "SynchronizationError", text, line.number);
  } else {
    return section.rest == "serializedxml";
  }
  return true;
}

}  // namespace synclens::settings
