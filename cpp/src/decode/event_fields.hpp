// From named texts, as tables and pasted texts have them, to one event.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "decode/column_names.hpp"
#include "decode/level_words.hpp"
#include "decode/source_clock.hpp"
#include "synclens/decode.hpp"

namespace synclens {

// An id and, of an InstanceId, what stands above its low 16 bits.
struct WrittenId {
  std::uint32_t id = 0;
  std::optional<std::uint16_t> qualifiers;
};

// A decimal number with nothing around it; of one above 65,535 (or below zero) the halves are taken apart.
[[nodiscard]] std::optional<WrittenId> parse_event_id(std::string_view text);

// The fields of one event while it is put together. Borrows the texts it is given until clear().
class EventFields {
 public:
  void clear() { texts_.fill({}); }
  // The first text of a column counts, unless it is empty or the name of a .NET array ("System.Byte[]").
  void set(HeaderColumn column, std::string_view text);
  [[nodiscard]] std::string_view get(HeaderColumn column) const { return texts_[static_cast<std::size_t>(column)]; }
  // The id stated, from the id column or else from InstanceId.
  [[nodiscard]] std::optional<WrittenId> id() const;

 private:
  std::array<std::string_view, static_cast<std::size_t>(HeaderColumn::count)> texts_{};
};

// Makes events of fields and delivers them, or marks of those that the filter turns down. Borrows everything.
class EventMaker {
 public:
  EventMaker(const DecodeOptions& options, RecordSink& sink, SourceClock& clock, ProblemList& problems)
      : options_(options), sink_(sink), clock_(clock), problems_(problems) {}

  // `id` is what fields.id() gave.
  void deliver(const EventFields& fields, const WrittenId& id, const Address& where);

 private:
  [[nodiscard]] std::optional<LevelWord> level(std::string_view word);
  void read_level(const EventFields& fields, EventView& event);

  const DecodeOptions& options_;
  RecordSink& sink_;
  SourceClock& clock_;
  ProblemList& problems_;
  std::unordered_map<std::string, std::optional<LevelWord>> levels_seen_;  // few words, many rows
  std::string message_;
};

// Line ends as '\n' if the text has more than one kind of them; otherwise the text as it is. May use `buffer`.
[[nodiscard]] std::string_view even_line_ends(std::string_view text, std::string& buffer);

// The inserted strings of "The description for Event ID ... cannot be found ..."; other texts as they are.
// May use `buffer`.
[[nodiscard]] std::string_view unwrap_description(std::string_view text, std::string& buffer);

}  // namespace synclens
