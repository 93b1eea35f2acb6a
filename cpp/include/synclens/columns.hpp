// record: events as typed columns, for tables and for Arrow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "synclens/record.hpp"

struct ArrowSchema;  // of the Arrow C data interface
struct ArrowArrayStream;

namespace synclens {

enum class ColumnType : std::uint8_t {
  u8,
  u16,
  u32,
  u64,
  i64,
  time,   // microseconds since 1970 in UTC; null outside the years 1601 to 9999
  text,   // UTF-8
  name,   // UTF-8 that repeats: 32-bit codes into a dictionary
  items,  // list of (name, value), the name null where the event gives none
};

struct ColumnInfo {
  std::string_view name;
  ColumnType type;
};

// By EventColumn. All may be null but `source` and `state`.
inline constexpr std::array<ColumnInfo, event_column_count> event_columns = {{
    {"source", ColumnType::name},        {"record_id", ColumnType::u64},
    {"time", ColumnType::time},          {"provider", ColumnType::name},
    {"provider_guid", ColumnType::name}, {"event_id", ColumnType::u32},
    {"version", ColumnType::u8},         {"qualifiers", ColumnType::u16},
    {"level", ColumnType::u8},           {"level_text", ColumnType::name},
    {"task", ColumnType::u16},           {"opcode", ColumnType::u8},
    {"keywords", ColumnType::u64},       {"channel", ColumnType::name},
    {"computer", ColumnType::name},      {"user_sid", ColumnType::name},
    {"process_id", ColumnType::u32},     {"thread_id", ColumnType::u32},
    {"activity_id", ColumnType::text},   {"related_activity_id", ColumnType::text},
    {"message", ColumnType::text},       {"data", ColumnType::items},
    {"binary", ColumnType::text},        {"state", ColumnType::name},
    {"offset", ColumnType::u64},         {"chunk", ColumnType::u64},
    {"line", ColumnType::u64},           {"filetime", ColumnType::i64},
    {"rule", ColumnType::name},          {"cause", ColumnType::name},
}};
[[nodiscard]] std::string_view to_string(RecordState state);

// One column of one batch, in Arrow's layout.
struct Column {
  std::vector<std::uint8_t> validity;  // one bit per row, least significant first; 1 is a value
  std::vector<std::uint8_t> values;    // fixed-width values, native byte order; codes of a dictionary
  std::vector<std::int32_t> offsets;   // text and items: rows + 1
  std::string bytes;                   // text
  std::vector<Column> children;        // items: names and values
  std::size_t rows = 0, nulls = 0;

  [[nodiscard]] bool valid(std::size_t row) const { return ((validity[row / 8] >> (row % 8)) & 1u) != 0; }
  [[nodiscard]] std::string_view text_at(std::size_t row) const;
  template <typename Number>
  [[nodiscard]] Number number_at(std::size_t row) const;
};

// The distinct values of one `name` column; unique, never null.
struct Dictionary {
  std::vector<std::int32_t> offsets{0};
  std::string bytes;
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::string_view at(std::size_t code) const;
};

struct Batch {
  std::array<Column, event_columns.size()> columns;
  std::size_t rows = 0;
  [[nodiscard]] const Column& operator[](EventColumn column) const { return columns[static_cast<std::size_t>(column)]; }
};

using Dictionaries = std::array<Dictionary, event_columns.size()>;

// Events that were read. Immutable; copies and slices share the buffers.
class EventTable {
 public:
  struct Part {
    std::shared_ptr<const Batch> batch;
    std::size_t first = 0, rows = 0;  // of the batch
  };
  EventTable();
  EventTable(std::shared_ptr<const Dictionaries> dictionaries, std::vector<Part> parts);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] const Dictionaries& dictionaries() const { return *dictionaries_; }
  [[nodiscard]] const std::shared_ptr<const Dictionaries>& shared_dictionaries() const { return dictionaries_; }
  // Rows first to last - 1; both are cut to the table.
  [[nodiscard]] EventTable slice(std::size_t first, std::size_t last) const;
  // The batch and its row for a row of the table. Precondition: row < size().
  [[nodiscard]] std::pair<const Batch*, std::size_t> locate(std::size_t row) const;

 private:
  std::shared_ptr<const Dictionaries> dictionaries_;
  std::vector<Part> parts_;
  std::vector<std::size_t> ends_;
  std::size_t size_ = 0;
};

// Fills columns from what a decoder delivers. Memory grows with the events that it is given.
class EventColumns : public RecordSink {
 public:
  EventColumns();
  ~EventColumns() override;

  // The name of the source that follows.
  void begin_source(std::string_view name);
  void event(const EventView& event) override { add(event, {}, {}); }
  // The same with what the classifier says. An event too large for a batch (1 GiB) becomes a problem.
  void add(const EventView& event, std::string_view rule, std::string_view cause);
  void problem(Problem problem) override;
  void note(std::string note) override;

  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  // All events so far; the builder is empty afterwards.
  [[nodiscard]] EventTable finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::vector<Problem> problems_;
  std::vector<std::string> notes_;
};

// Arrow C data interface. The table's buffers live until the consumer releases the stream and its arrays.
void export_arrow_schema(ArrowSchema* out);
void export_arrow_stream(EventTable table, ArrowArrayStream* out);

}  // namespace synclens
