// The status script of the documentation: its first line, its heartbeat line and its warnings.
#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool put_status_line(State& state, const powershell::Line& line) {
  constexpr std::string_view topic = "status-script";
  const std::string_view text = trim(line.text);
  if (text.size() > 1000) return false;
  const std::string small = lower(text);
  Writer& writer = state.writer;
  // The script asks for each connector: the table before the line says which one it was.
  const std::string_view subject = state.channels > 0 ? std::string_view(state.channel) : std::string_view();
  if (small.starts_with("password sync feature enabled")) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    writer.put("company-feature", {}, "PasswordHashSync", trim(text.substr(colon + 1)), line.number);
  } else if (contains(small, "password sync channel status begin")) {
    state.channels = 0;
    state.channel.clear();
    writer.understood();
  } else if (contains(small, "password sync channel status end")) {
    state.channels = 0;
    writer.understood();
  } else if (contains(small, "latest heart beat event")) {
    const std::size_t word = small.rfind("time");
    if (word == std::string::npos) return false;
    const std::string_view value = trim(text.substr(word + 4));
    const Ticks local = parse_culture_time(value);
    const Ticks time = local == no_time ? no_time : writer.options().zone.to_utc(local);
    writer.put(topic, subject, "heartbeat", value, line.number, time);
  } else if (contains(small, "no ping event found")) {
    writer.put(topic, subject, "heartbeat", "none", line.number);
  } else if (contains(small, "more than one azure ad connector")) {
    writer.put(topic, {}, "multiple-aad-connectors", text, line.number);
  } else if (contains(small, "no azure ad connector was found")) {
    writer.put(topic, {}, "no-aad-connector", text, line.number);
  } else if (contains(small, "no ad ds connector was found")) {
    writer.put(topic, {}, "no-ad-connector", text, line.number);
  } else {
    return false;
  }
  return true;
}

}  // namespace synclens::settings
