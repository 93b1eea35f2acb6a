// decode_settings: tells an XML from a text and hands each part of a text to the family that knows it.
#include <algorithm>
#include <vector>

#include "read/utf8.hpp"
#include "record/ascii.hpp"
#include "settings_state.hpp"
#include "settings_topics.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

using powershell::Line;
using powershell::Object;
using powershell::Property;
using settings::State;
using settings::Writer;

constexpr std::string_view statistics = "connector statistics for";  // a heading; the name follows it or stands below

class TextSettings final : public powershell::Handler {
 public:
  TextSettings(Writer& writer, std::string_view file_name) : state_(writer, file_name) {
    state_.file_topic = settings::topic_of_command(file_name);
    if (state_.file_topic == "diagnostics") state_.diagnosis = true;
  }

  bool knows_header(const std::vector<std::string_view>& names, powershell::Shape shape) const override {
    std::size_t known = 0;
    bool telling = false;
    for (const std::string_view name : names) {
      if (settings::is_known_property(name)) ++known;
      telling = telling || !settings::topic_of_property(name).empty();
    }
    if (names.size() == 2 && equal_ignoring_case(names[0], "Name") && equal_ignoring_case(names[1], "Value"))
      return true;
    // Words of prose stand in a row too: there all have to be known. What Export-Csv writes is no prose.
    return telling && (known == names.size() || shape == powershell::Shape::csv);
  }

  bool knows_property(std::string_view name) const override {
    return !settings::topic_of_property(name).empty() || name.starts_with("Microsoft.");
  }

  bool ends_table(std::string_view line) const override {
    return line.starts_with("WARNING: ") || line.starts_with("## ") || line.starts_with("PS ") ||
           line.starts_with("Latest heart beat event") || line.starts_with("Password sync channel status");
  }

  bool object(const Object& object) override {
    if (put_error(object)) return true;
    if (state_.command() == settings::ignored_command) {
      state_.writer.understood();
      return true;
    }
    if (settings::put_connector_object(state_, object) || settings::put_space_object(state_, object) ||
        settings::put_system_object(state_, object) || put_global(object)) {
      return true;
    }
    std::string_view topic = settings::topic_of_object(object);
    if (topic.empty()) topic = state_.command();
    if (topic.empty() || topic == "diagnostics" || topic == settings::inheritance_command) return false;
    if (settings::put_run_history(state_, topic, object)) return true;
    put_columns(topic, object);
    return true;
  }

  void line(const Line& line) override {
    const std::string_view text = trim(line.text);
    if (text.starts_with('#')) {
      start_section(text);
      return;
    }
    const std::size_t prompt = text.find('>');
    const bool prompted = text.starts_with("PS") && prompt != std::string_view::npos;
    const std::string_view command = settings::topic_of_command(prompted ? text.substr(prompt) : text);
    if (prompted || (!command.empty() && text.find(' ') == std::string_view::npos)) {
      start_section(text);
      return;
    }
    settings::put_builds(state_, text, line.number);
    if (state_.heading == statistics) {
      state_.connector = text;
      state_.heading.clear();
      return;
    }
    if (settings::put_status_line(state_, line) || settings::put_space_line(state_, line) ||
        settings::put_system_line(state_, line) || settings::put_run_step_line(state_, line)) {
      return;
    }
    (void)settings::put_diagnosis_line(state_, line);
  }

  void problem(Problem problem) override { state_.writer.problem(std::move(problem)); }

 private:
  void start_section(std::string_view text) {
    const std::string_view topic = settings::topic_of_command(text);
    state_.section_topic = topic;
    state_.diagnosis = topic == "diagnostics";
    state_.diagnosis_connector.clear();
    state_.diagnosis_partition.clear();
    state_.diagnosis_object.clear();
    while (!text.empty() && (text.front() == '#' || is_space(text.front()))) text.remove_prefix(1);
    state_.heading = lower(text.substr(0, 200));
    if (state_.heading.starts_with(statistics)) state_.connector = trim(text.substr(statistics.size()));
  }

  // "Get-ADSyncScheduler : <why it failed>", as PowerShell prints an error.
  bool put_error(const Object& object) {
    if (object.shape != powershell::Shape::list) return false;
    const Property& first = object.properties.front();
    std::string_view topic = settings::topic_of_command(first.name);
    if (topic.empty() || topic == settings::ignored_command) return false;
    if (topic == settings::inheritance_command) topic = "connector";
    state_.writer.put(topic, {}, "error", first.value, first.line);
    return true;
  }

  void put_setting(const Property& at, std::string_view name, std::string_view value) {
    Writer& writer = state_.writer;
    writer.put("global-settings", {}, name, value, at.line);
    if (equal_ignoring_case(name, "Microsoft.Synchronize.ServerConfigurationVersion")) {
      settings::put_builds(state_, "Version : " + std::string(value), at.line);
    }
    if (equal_ignoring_case(name, "Microsoft.UserSignIn.SignOnMethod")) {
      writer.put("sign-in", {}, "SignOnMethod", value, at.line);
    }
  }

  // The settings are Name and Value columns, or one list with a property each.
  bool put_global(const Object& object) {
    const Property* name = object.find("Name");
    if (name != nullptr && name->value.starts_with("Microsoft.")) {
      put_setting(*name, name->value, object.value("Value"));
      return true;
    }
    const bool listed = std::any_of(object.properties.begin(), object.properties.end(),
                                    [](const Property& p) { return p.name.starts_with("Microsoft."); });
    if (!listed) return false;
    for (const Property& property : object.properties) put_setting(property, property.name, property.value);
    return true;
  }

  static Ticks time_of(std::string_view topic, const Object& object, const Property& property) {
    if (topic != "partition-state") return no_time;
    if (equal_ignoring_case(property.name, "PasswordSyncLastCycleStatus")) {
      return settings::parse_culture_time(object.value("PasswordSyncLastCycleEndTimestamp"));
    }
    if (!lower(property.name).ends_with("timestamp")) return no_time;
    return settings::parse_culture_time(property.value);
  }

  void put_columns(std::string_view topic, const Object& object) {
    Writer& writer = state_.writer;
    const std::string_view key = settings::subject_of(topic, object);
    std::string_view subject = key.empty() ? std::string_view() : object.value(key);
    if (topic == "partition-state" && equal_ignoring_case(subject, "default")) {
      writer.understood();
      return;
    }
    if (topic == "connector-statistics" && !state_.connector.empty()) subject = state_.connector;
    if (topic == "password-sync") {
      ++state_.channels;
      state_.channel = subject;
    }
    for (const Property& property : object.properties) {
      if (equal_ignoring_case(property.name, "Version") || equal_ignoring_case(property.name, "ProductVersion")) {
        settings::put_builds(state_, "Version : " + property.value, property.line);
      }
      if (property.name == key && property.value == subject) continue;
      writer.put(topic, subject, property.name, property.value, property.line, time_of(topic, object, property));
      if (topic == "rule" && equal_ignoring_case(property.name, "EnablePasswordSync")) {
        writer.put(topic, subject, "PasswordSync", property.value, property.line);
      }
    }
    writer.understood();
  }

  State state_;
};

// Reads the text whole, up to the limit; says so when there was more.
std::string read_bounded(ByteStream& stream, std::size_t most, Writer& writer) {
  std::string text;
  std::uint8_t block[std::size_t{1} << 16];
  while (const std::size_t got = stream.read(block)) {
    const std::size_t room = std::min(got, most - text.size());
    text.append(reinterpret_cast<const char*>(block), room);
    if (room == got) continue;
    text.resize(without_cut_character(text).size());
    Problem problem;
    problem.what = "a settings text of more than " + std::to_string(most) + " bytes; only its beginning was read";
    problem.where.offset = most;
    writer.problem(std::move(problem));
    break;
  }
  return text;
}

}  // namespace

bool settings::put_object(Writer& writer, std::string_view cmdlet, const Object& object) {
  return !object.properties.empty() && TextSettings(writer, cmdlet).object(object);
}

void decode_settings(ByteStream& utf8, std::string_view name, const DecodeOptions& options, RecordSink& sink) {
  Writer writer(options, sink);
  std::string text = read_bounded(utf8, options.limits.settings_bytes, writer);
  const std::size_t slash = name.find_last_of("/\\");
  const std::string_view file_name = slash == std::string_view::npos ? name : name.substr(slash + 1);
  if (settings::is_connector_xml(text)) {
    settings::read_connector_xml(text, file_name, writer);
  } else {
    TextSettings reader(writer, file_name);
    powershell::read_text(text, options.limits, reader);
  }
  writer.finish();
  if (writer.anything() || trim(text).empty()) return;
  Problem problem;
  problem.what = "nothing in this settings text was understood";
  problem.where.line = 1;
  problem.bytes = text.size();
  sink.problem(std::move(problem));
}

}  // namespace synclens
