#include "checks.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace fuzz {

void fail(const char* what, std::string_view about) {
  std::fprintf(stderr, "CHECK FAILED: %s\n%.*s\n", what, static_cast<int>(std::min<std::size_t>(about.size(), 4000)),
               about.data());
  std::abort();
}

std::size_t Pieces::read(std::span<std::uint8_t> into) {
  const std::size_t n = std::min({into.size(), left_.size(), most_});
  if (n != 0) std::memcpy(into.data(), left_.data(), n);
  left_ = left_.subspan(n);
  return n;
}

void CheckedSink::text(std::string_view text) {
  require(valid_utf8(text), "text that is not UTF-8", text);
  for (const char c : text) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
  number(text.size());
}

void CheckedSink::number(std::uint64_t number) {
  digest_ = (digest_ ^ number) * 0x9E3779B97F4A7C15u;
  digest_ ^= digest_ >> 29;
}

void CheckedSink::place(const synclens::Address& where) {
  require(where.offset == synclens::Address::none || where.offset <= bytes_, "an address behind the end");
  require(where.line != 0, "lines count from 1");
  number(where.offset);
  number(where.chunk);
  number(where.line);
}

void CheckedSink::event(const synclens::EventView& e) {
  ++events;
  for (const std::string_view t : {e.provider, e.provider_guid, e.channel, e.computer, e.user_sid, e.activity_id,
                                   e.related_activity_id, e.message, e.level_text, e.binary}) {
    text(t);
  }
  for (const synclens::DataItem& item : e.data) {
    text(item.name);
    text(item.value);
  }
  for (const std::uint64_t n :
       {e.record_id, e.keywords, static_cast<std::uint64_t>(e.time), std::uint64_t{e.event_id},
        std::uint64_t{e.process_id}, std::uint64_t{e.thread_id}, std::uint64_t{e.qualifiers}, std::uint64_t{e.task},
        std::uint64_t{e.level}, std::uint64_t{e.opcode}, std::uint64_t{e.version}, std::uint64_t{e.given}}) {
    number(n);
  }
  require(!e.has(synclens::EventField::time) || e.time != synclens::no_time, "a time that is given and none");
  place(e.where);
}

void CheckedSink::passed_over(const synclens::RecordMark& mark) {
  ++passed;
  number(mark.record_id);
  number(static_cast<std::uint64_t>(mark.time));
  text(mark.channel);
  place(mark.where);
}

void CheckedSink::sync_log_row(const synclens::SyncLogRow& row) {
  ++rows;
  for (const std::string_view t : {row.status, row.dn, row.anchor, row.details}) text(t);
  number(static_cast<std::uint64_t>(row.time));
  place(row.where);
}

void CheckedSink::setting(const synclens::Setting& setting) {
  ++settings;
  require(!setting.topic.empty(), "a setting without a topic");
  for (const std::string_view t : {setting.topic, setting.subject, setting.name, setting.value}) text(t);
  number(static_cast<std::uint64_t>(setting.time));
  place(setting.where);
}

void CheckedSink::problem(synclens::Problem problem) {
  ++problems;
  require(!problem.what.empty(), "a problem without words");
  text(problem.what);
  place(problem.where);
}

void CheckedSink::note(std::string note) {
  ++notes;
  require(!note.empty(), "a note without words");
  text(note);
}

Input split(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return {};
  return {synclens::ByteView(data, size - 1), data[size - 1]};
}

}  // namespace fuzz
