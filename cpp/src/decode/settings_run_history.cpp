// Run history: Get-ADSyncRunProfileResult as CSV or list, and the XML inside run steps.
#include <re2/re2.h>

#include "record/ascii.hpp"
#include "settings_state.hpp"
#include "settings_topics.hpp"

namespace synclens::settings {
namespace {

constexpr std::string_view topic = "run-history";

}  // namespace

bool put_run_history(State& state, std::string_view of, const powershell::Object& object) {
  if (of != topic) return false;
  const std::string_view key = subject_of(topic, object);
  const std::string subject(key.empty() ? std::string_view(state.connector) : object.value(key));
  // The engine keeps the times of its runs in UTC.
  Ticks time = parse_culture_time(object.value("EndDate"));
  if (time == no_time) time = parse_culture_time(object.value("StartDate"));
  if (!key.empty()) state.connector = subject;
  for (const powershell::Property& property : object.properties) {
    if (property.name == key) continue;
    state.writer.put(topic, subject, property.name, property.value, property.line, time);
    if (property.value.find("<connection-result>") != std::string::npos ||
        property.value.find("<error-literal>") != std::string::npos) {
      powershell::Line line;
      line.text = property.value;
      line.number = property.line;
      put_run_step_line(state, line);
    }
  }
  state.writer.understood();
  return true;
}

bool put_run_step_line(State& state, const powershell::Line& line) {
  static const re2::RE2 element(
      R"(<(connection-result|server|error-code|error-literal|ma-connection|run-profile-name|step-result)>([^<]+)</)");
  re2::StringPiece rest(line.text.data(), line.text.size());
  re2::StringPiece name, value;
  bool any = false;
  while (re2::RE2::FindAndConsume(&rest, element, &name, &value)) {
    any = true;
    state.writer.put(topic, state.connector, {name.data(), name.size()}, trim({value.data(), value.size()}),
                     line.number);
  }
  return any;
}

}  // namespace synclens::settings
