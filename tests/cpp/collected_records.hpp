// A sink that keeps copies of all that it is given, and the shared folder of real logs.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/source_folder.hpp"
#include "synclens/record.hpp"

namespace synclens::test {

struct KeptEvent {
  EventView fields;  // numbers only: the texts are below
  std::string provider, provider_guid, channel, computer, user_sid, activity_id, related_activity_id, message,
      level_text, binary;
  std::vector<std::pair<std::string, std::string>> data;

  explicit KeptEvent(const EventView& e)
      : fields(e),
        provider(e.provider),
        provider_guid(e.provider_guid),
        channel(e.channel),
        computer(e.computer),
        user_sid(e.user_sid),
        activity_id(e.activity_id),
        related_activity_id(e.related_activity_id),
        message(e.message),
        level_text(e.level_text),
        binary(e.binary) {
    for (const DataItem& item : e.data) data.emplace_back(item.name, item.value);
  }
  [[nodiscard]] std::uint32_t id() const { return fields.event_id; }
  [[nodiscard]] bool has(EventField field) const { return fields.has(field); }
};

struct KeptSetting {
  std::string topic, subject, name, value;
  Ticks time;
};

class CollectedRecords : public RecordSink {
 public:
  void event(const EventView& e) override { events.emplace_back(e); }
  void passed_over(const RecordMark& mark) override { marks.push_back(mark); }
  void setting(const Setting& s) override {
    settings.push_back(
        {std::string(s.topic), std::string(s.subject), std::string(s.name), std::string(s.value), s.time});
  }
  void problem(Problem p) override { problems.push_back(std::move(p)); }
  void note(std::string n) override { notes.push_back(std::move(n)); }

  [[nodiscard]] std::string value(std::string_view topic, std::string_view name) const {
    for (const KeptSetting& s : settings) {
      if (s.topic == topic && s.name == name) return s.value;
    }
    return "(none)";
  }

  std::vector<KeptEvent> events;
  std::vector<RecordMark> marks;
  std::vector<KeptSetting> settings;
  std::vector<Problem> problems;
  std::vector<std::string> notes;
};

// The folder of real logs; empty (and the test is to be skipped) where it is missing, which CI must not be.
inline std::filesystem::path shared_folder() {
  const char* given = std::getenv("SYNCLENS_SHARED");
  const std::filesystem::path path = given != nullptr
                                         ? std::filesystem::path(given)
                                         : std::filesystem::path(support::source_folder()) / ".." / "shared";
  if (std::filesystem::exists(path / "data")) return path;
  const char* ci = std::getenv("CI");
  REQUIRE_MESSAGE((ci == nullptr || std::string(ci) != "true"), "the shared folder is missing");
  MESSAGE("skipped: no shared folder (SYNCLENS_SHARED)");
  return {};
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace synclens::test
