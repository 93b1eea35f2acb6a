// A sink that keeps copies of everything it is given.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "synclens/bytes.hpp"
#include "synclens/decode.hpp"

namespace synclens {

struct Recorded final : RecordSink {
  struct Event {
    std::string provider, channel, computer, user_sid, message, level_text;
    std::vector<std::string> data;
    std::uint64_t record_id = 0, keywords = 0;
    Ticks time = no_time;
    std::uint32_t id = 0, process_id = 0, thread_id = 0, given = 0;
    std::uint16_t qualifiers = 0, task = 0;
    std::uint8_t level = 0, opcode = 0, version = 0;
    Address where;
    [[nodiscard]] bool has(EventField field) const { return (given & static_cast<std::uint32_t>(field)) != 0; }
  };
  struct Row {
    std::string status, dn, anchor, details;
    Ticks time = no_time;
    Address where;
  };

  std::vector<Event> events;
  std::vector<RecordMark> marks;
  std::vector<Row> rows;
  std::vector<Problem> problems;
  std::vector<std::string> notes;

  void event(const EventView& e) override {
    Event kept;
    kept.provider = e.provider;
    kept.channel = e.channel;
    kept.computer = e.computer;
    kept.user_sid = e.user_sid;
    kept.message = e.message;
    kept.level_text = e.level_text;
    for (const DataItem& item : e.data) kept.data.emplace_back(item.value);
    kept.record_id = e.record_id;
    kept.keywords = e.keywords;
    kept.time = e.time;
    kept.id = e.event_id;
    kept.process_id = e.process_id;
    kept.thread_id = e.thread_id;
    kept.given = e.given;
    kept.qualifiers = e.qualifiers;
    kept.task = e.task;
    kept.level = e.level;
    kept.opcode = e.opcode;
    kept.version = e.version;
    kept.where = e.where;
    events.push_back(std::move(kept));
  }
  void passed_over(const RecordMark& mark) override { marks.push_back(mark); }
  void sync_log_row(const SyncLogRow& r) override {
    rows.push_back(
        {std::string(r.status), std::string(r.dn), std::string(r.anchor), std::string(r.details), r.time, r.where});
  }
  void problem(Problem p) override { problems.push_back(std::move(p)); }
  void note(std::string n) override { notes.push_back(std::move(n)); }

  [[nodiscard]] bool says(std::string_view words) const {
    return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(words) != n.npos; });
  }
};

// What a decoder gives for a text.
template <typename Decoder>
Recorded record(Decoder decoder, std::string_view text, const DecodeOptions& options = {}) {
  Recorded result;
  const auto stream = open_memory(as_bytes(text));
  decoder(*stream, options, result);
  return result;
}

}  // namespace synclens
