// What the readers of the settings families share while one text is read.
#pragma once

#include <string>
#include <string_view>

#include "powershell_text.hpp"
#include "settings_writer.hpp"

namespace pugi {
class xml_node;
}

namespace synclens::settings {

struct State {
  State(Writer& to, std::string_view name) : writer(to), file_name(name) {}

  // What printed the lines here: the last prompt or heading says it, else the file's name.
  [[nodiscard]] std::string_view command() const { return section_topic.empty() ? file_topic : section_topic; }

  Writer& writer;
  std::string_view file_name;      // last part of the source's name
  std::string_view file_topic;     // by the file's name; empty where it does not say
  std::string_view section_topic;  // by the last prompt or heading; empty where there was none
  std::string heading;             // of the last "## ..." line, in small letters
  std::string connector;           // the connector whose sections follow each other
  std::string object;              // DN or id of the object whose sections follow each other
  std::size_t proxy_lines = 0;     // lines of winhttpproxy.txt so far
  bool diagnosis = false;          // inside the diagnosis' output
  std::string diagnosis_connector, diagnosis_partition, diagnosis_object;
  std::size_t channels = 0;  // connectors in the status script's table so far
  std::string channel;       // the last of them
};

// Each of these returns false when the object or line is not of its family.
bool put_connector_object(State& state, const powershell::Object& object);
bool put_space_object(State& state, const powershell::Object& object);
bool put_space_line(State& state, const powershell::Line& line);
bool put_status_line(State& state, const powershell::Line& line);
bool put_diagnosis_line(State& state, const powershell::Line& line);
bool put_system_line(State& state, const powershell::Line& line);
bool put_system_object(State& state, const powershell::Object& object);
bool put_run_history(State& state, std::string_view topic, const powershell::Object& object);
bool put_run_step_line(State& state, const powershell::Line& line);

// One object that did not come as text (Export-Clixml). `cmdlet` is the one that gave it, empty where that is not
// known. False when the object means nothing here.
bool put_object(Writer& writer, std::string_view cmdlet, const powershell::Object& object);

// The server configuration of one connector, Connector_{guid}.xml.
[[nodiscard]] bool is_connector_xml(std::string_view text);
void read_connector_xml(std::string& text, std::string_view file_name, Writer& writer);

// Objects of csexport. False when the document is none.
[[nodiscard]] bool read_space_xml(pugi::xml_node root, std::string_view text, Writer& writer);

// The proxy of machine.config. False when the document is none.
[[nodiscard]] bool read_machine_config(pugi::xml_node root, std::string_view text, Writer& writer);

// The build numbers that a line names.
void put_builds(State& state, std::string_view text, std::uint64_t line);

// A date and time as a server's culture prints it, or ISO. `no_time` where day and month could be swapped.
[[nodiscard]] Ticks parse_culture_time(std::string_view text);

// "{a, b}" without its braces.
[[nodiscard]] std::string_view without_braces(std::string_view value);

}  // namespace synclens::settings
