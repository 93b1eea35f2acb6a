// What the tests of the settings decoders share: a sink that keeps everything, and questions to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/decode.hpp"

namespace synclens::test {

struct Row {
  std::string topic, subject, name, value;
  Ticks time = no_time;
  std::uint64_t line = 0;
};

class SettingRows final : public RecordSink {
 public:
  void event(const EventView&) override { ++events; }
  void setting(const Setting& setting) override {
    rows.push_back({std::string(setting.topic), std::string(setting.subject), std::string(setting.name),
                    std::string(setting.value), setting.time, setting.where.line});
  }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }

  // The row of this name; nullptr where there is none. An empty subject asks for rows without one.
  [[nodiscard]] const Row* find(std::string_view topic, std::string_view subject, std::string_view name) const {
    for (const Row& row : rows) {
      if (row.topic == topic && row.subject == subject && row.name == name) return &row;
    }
    return nullptr;
  }
  // Its value, or "<none>".
  [[nodiscard]] std::string value(std::string_view topic, std::string_view subject, std::string_view name) const {
    const Row* row = find(topic, subject, name);
    return row == nullptr ? "<none>" : row->value;
  }
  [[nodiscard]] std::vector<std::string> values(std::string_view topic, std::string_view name) const {
    std::vector<std::string> found;
    for (const Row& row : rows) {
      if (row.topic == topic && row.name == name) found.push_back(row.value);
    }
    return found;
  }

  std::vector<Row> rows;
  std::vector<Problem> problems;
  std::size_t events = 0;
};

inline SettingRows read_settings(std::string_view text, std::string_view name = "settings.txt",
                                 const DecodeOptions& options = {}) {
  SettingRows sink;
  const auto stream = open_memory(as_bytes(text));
  decode_settings(*stream, name, options, sink);
  return sink;
}

// Decodes the text cut after each of its bytes: it must come back, with rows or with a problem, or be blank.
inline bool survives_every_cut(std::string_view text, std::string_view name = "settings.txt") {
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view part = text.substr(0, size);
    const SettingRows result = read_settings(part, name);
    const bool blank = part.find_first_not_of(" \r\n\t") == std::string_view::npos;
    if (result.events != 0) return false;
    if (blank && !(result.rows.empty() && result.problems.empty())) return false;
    for (const Row& row : result.rows) {
      if (row.line == 0 || row.topic.empty() || row.name.empty()) return false;
    }
  }
  return true;
}

}  // namespace synclens::test
