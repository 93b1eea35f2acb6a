// record: what the decoders deliver. Everything here is about what a source says, nothing about what it means.
//
// Views (std::string_view, std::span) in EventView, SyncLogRow and Setting are borrowed from the decoder and
// valid only inside the RecordSink call that passes them. All text is UTF-8; what was not valid in the source
// has U+FFFD in its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/time.hpp"

namespace synclens {

// Where in a source something stands; each part only where it has a meaning for the format.
struct Address {
  static constexpr std::uint64_t none = ~std::uint64_t{0};
  std::uint64_t offset = none;  // bytes from the start of the source (of the decoded text for UTF-16 sources)
  std::uint64_t chunk = none;   // EVTX chunk, from 0
  std::uint64_t line = none;    // text line, from 1
};

// Something that could not be read. `what` is a sentence part in our words: "record 17: size past the chunk".
struct Problem {
  std::string what;
  Address where;
  Ticks near_time = no_time;  // time of the last record read before it, where there is one
  std::uint64_t bytes = 0;    // how many bytes were passed over
};

// What became of every byte of an event log: read() + skipped == size. Only EVTX has one.
struct Account {
  // Bytes of which nothing was delivered.
  struct Stretch {
    Address where;
    std::uint64_t bytes = 0;
    std::string reason;
  };
  static constexpr std::size_t most_stretches = 1000;  // further ones are counted, and their bytes too

  std::uint64_t size = 0;     // of the source
  std::uint64_t headers = 0;  // of the file and its chunks
  std::uint64_t records = 0;  // that were read; with recovery also those found elsewhere
  std::uint64_t free = 0;     // where the log says that no record stands: behind the last one, chunks never used
  std::uint64_t skipped = 0;  // what should hold records and could not be read
  std::vector<Stretch> stretches;
  std::uint64_t more_stretches = 0;

  std::uint64_t chunks = 0;              // that hold anything
  std::uint64_t checked = 0, wrong = 0;  // checksums: only of damaged chunks unless all were asked for

  [[nodiscard]] std::uint64_t read() const { return headers + records + free; }
  void skip(const Address& where, std::uint64_t bytes, std::string_view reason);
  // Takes what stands behind: all but `size`.
  void add(Account&& next);
};

struct DataItem {
  std::string_view name;  // Data/@Name; empty for classic events, where position is the name
  std::string_view value;
};

enum class RecordState : std::uint8_t { intact, slack, damaged_chunk, without_template };

enum class EventField : std::uint32_t {  // bits of EventView::given
  record_id = 1u << 0,
  time = 1u << 1,
  provider = 1u << 2,
  event_id = 1u << 3,
  qualifiers = 1u << 4,
  level = 1u << 5,
  task = 1u << 6,
  opcode = 1u << 7,
  keywords = 1u << 8,
  channel = 1u << 9,
  computer = 1u << 10,
  version = 1u << 11,
  process_id = 1u << 12,
  thread_id = 1u << 13,
  message = 1u << 14,
};

// The columns of a table of events, in order.
enum class EventColumn : std::uint8_t {
  source,
  record_id,
  time,
  provider,
  provider_guid,
  event_id,
  version,
  qualifiers,
  level,
  level_text,
  task,
  opcode,
  keywords,
  channel,
  computer,
  user_sid,
  process_id,
  thread_id,
  activity_id,
  related_activity_id,
  message,
  data,
  binary,
  state,
  offset,
  chunk,
  line,
  filetime,
  rule,
  cause,
  reason,
};
inline constexpr std::size_t event_column_count = 31;

// Some of the columns.
class ColumnSet {
 public:
  constexpr ColumnSet() = default;
  constexpr ColumnSet(std::initializer_list<EventColumn> columns) {
    for (const EventColumn column : columns) add(column);
  }
  [[nodiscard]] static constexpr ColumnSet all() {
    ColumnSet set;
    set.bits_ = (std::uint32_t{1} << event_column_count) - 1;
    return set;
  }
  constexpr void add(EventColumn column) { bits_ |= std::uint32_t{1} << static_cast<unsigned>(column); }
  [[nodiscard]] constexpr bool has(EventColumn column) const {
    return ((bits_ >> static_cast<unsigned>(column)) & 1u) != 0;
  }
  [[nodiscard]] constexpr bool has_any(ColumnSet other) const { return (bits_ & other.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(ColumnSet, ColumnSet) = default;

 private:
  std::uint32_t bits_ = 0;
};

// One event record, however it was exported.
struct EventView {
  std::string_view provider;  // Provider/@Name, or the Source column
  std::string_view provider_guid;
  std::string_view channel;
  std::string_view computer;
  std::string_view user_sid;
  std::string_view activity_id;
  std::string_view related_activity_id;
  std::string_view message;        // the sentence as Windows renders it; EVTX has none
  std::string_view level_text;     // the level as a word, as the source writes it
  std::span<const DataItem> data;  // EventData/UserData values in order
  std::string_view binary;         // EventData/Binary as hex text

  std::uint64_t record_id = 0;
  std::uint64_t keywords = 0;
  Ticks time = no_time;
  std::uint32_t event_id = 0;
  std::uint32_t process_id = 0;
  std::uint32_t thread_id = 0;
  std::uint16_t qualifiers = 0;
  std::uint16_t task = 0;
  std::uint8_t level = 0;
  std::uint8_t opcode = 0;
  std::uint8_t version = 0;
  RecordState state = RecordState::intact;
  std::string_view reason;  // why it is not intact; empty where it is
  std::uint32_t given = 0;  // EventField bits: what the source states
  Address where;

  [[nodiscard]] bool has(EventField field) const { return (given & static_cast<std::uint32_t>(field)) != 0; }
  void give(EventField field) { given |= static_cast<std::uint32_t>(field); }
};

// The text that rules look at: the message where there is one, else the data values.
// Values are joined by line feeds; a value as long as the event log API allows in one string (31,839
// characters and more) is joined to the next without one, because the API cut it there.
inline constexpr std::size_t longest_string_of_the_event_log_api = 31'839;
void append_event_text(const EventView& event, std::string& out);

// One row of a password sync log (the object log; a table with a status column).
struct SyncLogRow {
  std::string_view status;  // as written
  std::string_view dn;      // empty where the table has none
  std::string_view anchor;
  std::string_view details;  // all other cells, "column: value" joined by "; "
  Ticks time = no_time;
  Address where;
};

// One fact out of a settings text (a cmdlet's output, a script's transcript, a diagnosis).
struct Setting {
  std::string_view topic;    // names in decode.hpp: setting_topics
  std::string_view subject;  // what it is about: connector, partition, object DN; empty for the server or tenant
  std::string_view name;     // as the cmdlet writes it: "StagingModeEnabled"
  std::string_view value;
  Ticks time = no_time;  // only where the line itself has a time
  Address where;
};

// A record that the filter turned down, or whose content nobody asked for: enough for coverage.
struct RecordMark {
  std::uint64_t record_id = 0;
  Ticks time = no_time;
  std::string_view channel;  // borrowed like EventView's; empty where it was not looked at
  Address where;
  RecordState state = RecordState::intact;
  std::uint8_t level = 0;  // 0: not stated, or not looked at
};

class RowWriter;  // of the core alone

// Receives what a source holds, in the source's order.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void event(const EventView& event) = 0;
  virtual void passed_over(const RecordMark& mark) { (void)mark; }
  virtual void sync_log_row(const SyncLogRow& row) { (void)row; }
  virtual void setting(const Setting& setting) { (void)setting; }
  virtual void problem(Problem problem) = 0;
  virtual void account(const Account& account) { (void)account; }  // once, at the end of an EVTX source
  virtual void note(std::string note) { (void)note; }  // worth knowing, not a loss: a date that could be swapped
  // Where a decoder may write events straight into columns instead of calling event(); null: nowhere.
  [[nodiscard]] virtual RowWriter* rows() { return nullptr; }
};

// A sink that threads fill in parts. Problems and notes go to it and not to its parts.
class PartedSink : public RecordSink {
 public:
  // An empty part, for one thread. It is filled, taken, and filled again.
  [[nodiscard]] virtual std::unique_ptr<RecordSink> part() = 0;
  // Takes what a part holds and empties it. Called in the order of the source, from any of the threads, one at a time.
  virtual void take(RecordSink& part) = 0;
};

// What events to deliver. An empty list or a missing value accepts everything.
struct EventFilter {
  std::vector<std::string> providers;   // case does not matter; a trailing '*' matches any ending
  bool accept_missing_provider = true;  // events whose source states no provider
  std::vector<std::uint32_t> ids;
  std::vector<std::uint8_t> levels;
  std::vector<std::string> channels, computers;  // case does not matter
  Ticks since = no_time, until = no_time;        // since <= time < until; events without a time pass
  std::optional<std::uint64_t> first_record, last_record;
  std::string text;  // RE2 over append_event_text; empty: any

  // What else the events of a provider must have, named in full; case does not matter.
  struct Narrowed {
    std::string provider;
    std::vector<std::uint32_t> ids;  // empty: any
    // Lower-case letters that stand, in any case, in each of its texts that says anything to whoever asks; empty:
    // nothing is known. Where they stand in none of its values an event may be turned down; nobody promises that it is.
    std::string letters;
  };
  std::vector<Narrowed> narrowed;

  [[nodiscard]] bool empty() const;
};

// The filter in the form that decoders ask. Throws Error when the text is not a valid RE2 pattern.
class CompiledFilter {
 public:
  explicit CompiledFilter(const EventFilter& filter);
  ~CompiledFilter();
  CompiledFilter(const CompiledFilter&) = delete;
  CompiledFilter& operator=(const CompiledFilter&) = delete;
  [[nodiscard]] bool accepts(const EventView& event) const;
  [[nodiscard]] bool accepts_provider(std::string_view provider) const;
  // What the filter knows of a provider; null: nothing.
  [[nodiscard]] const EventFilter::Narrowed* narrowed(std::string_view provider) const;
  [[nodiscard]] bool accepts_channel(std::string_view channel) const;
  [[nodiscard]] bool accepts_computer(std::string_view computer) const;
  // All but the text, which is the costly part: nothing of the event's data or message is looked at.
  [[nodiscard]] bool accepts_system(const EventView& event) const;
  [[nodiscard]] bool has_text() const { return !filter_.text.empty(); }
  [[nodiscard]] const EventFilter& plain() const { return filter_; }

 private:
  struct Impl;
  EventFilter filter_;
  std::unique_ptr<Impl> impl_;
};

// One user line of a 656 or 657 event.
struct PasswordChange {
  enum class Kind : std::uint8_t { request, result };
  Kind kind = Kind::request;
  std::string_view anchor;
  std::string_view dn;           // as written; empty where the line has none
  std::string_view change_date;  // as written: its culture and zone are not documented
  std::string_view result;       // "Success", "Failed" as written, without the full stop
  std::string_view extended_error;
  std::optional<bool> change_on_logon;
};

// All user lines of a text, in order; lines that are none are passed over.
[[nodiscard]] std::vector<PasswordChange> password_changes(std::string_view text);

// The <forest-info> trailer of a PHS event; empty views where it is missing.
struct ForestInfo {
  std::string_view partition, connector_id;
};
[[nodiscard]] ForestInfo forest_info(std::string_view text);

// The GUID after "TrackingID :"; empty where there is none.
[[nodiscard]] std::string_view tracking_id(std::string_view text);

}  // namespace synclens
