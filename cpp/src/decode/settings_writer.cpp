#include "settings_writer.hpp"

namespace synclens::settings {

void Writer::put(std::string_view topic, std::string_view subject, std::string_view name, std::string_view value,
                 std::uint64_t line, Ticks time) {
  // A real text has thousands of rows; a stranger's may have as many as it has lines.
  constexpr std::size_t most_rows = std::size_t{1} << 20;
  understood_ = true;
  if (rows_ == most_rows) {
    Problem cut;
    cut.what = "more than " + std::to_string(most_rows) + " values; the others were passed over";
    cut.where.line = line;
    problem(std::move(cut));
  }
  if (++rows_ > most_rows) return;
  Setting setting;
  setting.topic = topic;
  setting.subject = subject;
  setting.name = name;
  setting.value = value;
  setting.time = time;
  setting.where.line = line;
  sink_.setting(setting);
}

void Writer::build(std::string_view version, std::uint64_t line) {
  if (builds_.size() >= 64 || builds_.contains(version)) return;
  builds_.emplace(version);
  put("build", {}, "version", version, line);
}

}  // namespace synclens::settings
