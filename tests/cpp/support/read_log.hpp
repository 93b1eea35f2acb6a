// decode_evtx into values that outlive it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/decode.hpp"

namespace support {

struct ReadEvent {
  std::uint64_t id = 0, chunk = 0, offset = 0;
  synclens::RecordState state = synclens::RecordState::intact;
  std::string reason, provider, computer, channel;
  std::uint32_t event_id = 0, given = 0;
  synclens::Ticks time = synclens::no_time;
  std::vector<std::pair<std::string, std::string>> data;

  [[nodiscard]] bool has(synclens::EventField field) const { return (given & static_cast<std::uint32_t>(field)) != 0; }
};

struct ReadLog : synclens::RecordSink {
  std::vector<ReadEvent> events;
  std::vector<synclens::Problem> problems;
  synclens::Account account_read;
  int accounts = 0;

  void event(const synclens::EventView& e) override {
    ReadEvent one{e.record_id,
                  e.where.chunk,
                  e.where.offset,
                  e.state,
                  std::string(e.reason),
                  std::string(e.provider),
                  std::string(e.computer),
                  std::string(e.channel),
                  e.event_id,
                  e.given,
                  e.time,
                  {}};
    for (const synclens::DataItem& item : e.data) one.data.emplace_back(item.name, item.value);
    events.push_back(std::move(one));
  }
  void problem(synclens::Problem p) override { problems.push_back(std::move(p)); }
  void account(const synclens::Account& a) override {
    account_read = a;
    ++accounts;
  }

  [[nodiscard]] std::size_t count(synclens::RecordState state) const {
    std::size_t n = 0;
    for (const ReadEvent& e : events) n += e.state == state ? 1u : 0u;
    return n;
  }
};

inline ReadLog read_log(std::string_view file, bool recover = false, bool verify = false) {
  ReadLog log;
  synclens::DecodeOptions options;
  options.recover = recover;
  options.verify = verify;
  const auto stream = synclens::open_memory(synclens::as_bytes(file));
  synclens::decode_evtx(*stream, options, log);
  return log;
}

}  // namespace support
