// record: events as typed columns, for tables and for Arrow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  items,  // list of (name, value): names as codes, null where the event gives none, and texts
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
    {"reason", ColumnType::name},
}};
[[nodiscard]] std::string_view to_string(RecordState state);

// Bytes of one value; 0 where values differ in size. Of names, those of a code.
[[nodiscard]] constexpr std::size_t width_of(ColumnType type) {
  switch (type) {
    case ColumnType::u8:
      return 1;
    case ColumnType::u16:
      return 2;
    case ColumnType::u32:
    case ColumnType::name:
      return 4;
    case ColumnType::u64:
    case ColumnType::i64:
    case ColumnType::time:
      return 8;
    case ColumnType::text:
    case ColumnType::items:
      break;
  }
  return 0;
}

// Bytes of a column, grown without being cleared first.
class ColumnBuffer {
 public:
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.get(); }
  [[nodiscard]] std::uint8_t* data() { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  // Space for `count` more bytes, valid until the next call that adds; took() says how many were written.
  [[nodiscard]] std::uint8_t* room(std::size_t count) {
    if (count > capacity_ - size_) reserve(size_ + count);
    return bytes_.get() + size_;
  }
  void took(std::size_t count) { size_ += count; }
  void cut(std::size_t size) { size_ = size; }
  void append(const void* from, std::size_t count);
  // Capacity for at least `size` bytes in all.
  void reserve(std::size_t size);

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

// One column of one batch, in Arrow's layout.
struct Column {
  ColumnBuffer validity;  // one bit per row, least significant first; 1 is a value. Empty where all rows have one
  ColumnBuffer values;    // fixed-width values, native byte order; 32-bit codes of a dictionary
  ColumnBuffer offsets;   // text and items: rows + 1 numbers of 32 bits
  ColumnBuffer bytes;     // text
  std::vector<Column> children;  // items: names and values
  std::size_t rows = 0, nulls = 0;

  [[nodiscard]] bool valid(std::size_t row) const {
    return nulls == 0 || ((unsigned{validity.data()[row / 8]} >> (row % 8)) & 1u) != 0;
  }
  [[nodiscard]] std::size_t offset_at(std::size_t row) const {
    std::int32_t offset = 0;
    std::memcpy(&offset, offsets.data() + row * sizeof offset, sizeof offset);
    return static_cast<std::size_t>(offset);
  }
  [[nodiscard]] std::string_view text_at(std::size_t row) const {
    const std::size_t begin = offset_at(row);
    return {reinterpret_cast<const char*>(bytes.data()) + begin, offset_at(row + 1) - begin};
  }
  template <typename Number>
  [[nodiscard]] Number number_at(std::size_t row) const {
    Number value;
    std::memcpy(&value, values.data() + row * sizeof value, sizeof value);
    return value;
  }
};

// The distinct values of one `name` column, or of the names of `items`; unique, never null.
struct Dictionary {
  std::vector<std::int32_t> offsets{0};
  std::string bytes;
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::string_view at(std::size_t code) const;
};

struct Batch {
  std::array<Column, event_column_count> columns;
  std::size_t rows = 0;
  [[nodiscard]] const Column& operator[](EventColumn column) const { return columns[static_cast<std::size_t>(column)]; }
};

using Dictionaries = std::array<Dictionary, event_column_count>;

// What the column `time` holds when it leaves: microseconds or nanoseconds since 1970, or FILETIME as it is.
enum class TimeUnit : std::uint8_t { us, ns, ticks };

// None outside the years 1677 to 2262, which have no such number.
[[nodiscard]] std::optional<std::int64_t> nanoseconds_since_1970(Ticks ticks);

// Which columns a table shows, in which order, and how it shows times.
struct TableShape {
  std::vector<EventColumn> columns;
  TimeUnit time = TimeUnit::us;

  // All columns.
  [[nodiscard]] static TableShape whole();
  [[nodiscard]] ColumnSet set() const;
};

// Events that were read. Immutable; copies and slices share the buffers.
class EventTable {
 public:
  struct Part {
    std::shared_ptr<const Batch> batch;
    std::size_t first = 0, rows = 0;  // of the batch
  };
  explicit EventTable(TableShape shape = TableShape::whole());
  EventTable(std::shared_ptr<const Dictionaries> dictionaries, std::vector<Part> parts, TableShape shape);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] const TableShape& shape() const { return shape_; }
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
  TableShape shape_;
};

// Fills columns from what decoders deliver, in parts by several threads or event by event. Memory grows with the
// events that it is given.
class EventColumns : public PartedSink {
 public:
  // Part of a table: what one thread fills.
  class Part : public RecordSink {
   public:
    // The event with what the classifier says. One too large for a batch (1 GiB) becomes a problem.
    virtual void add(const EventView& event, std::string_view rule, std::string_view cause) = 0;
    // How many events it was given so far, in all its batches.
    [[nodiscard]] virtual std::uint64_t added() const = 0;
    // What it holds, with codes of the part's own, instead of giving it to a table. It is empty afterwards.
    [[nodiscard]] virtual std::vector<std::shared_ptr<Batch>> take_batches() = 0;
    void event(const EventView& view) final { add(view, {}, {}); }
  };

  explicit EventColumns(TableShape shape = TableShape::whole());
  ~EventColumns() override;

  // The name of the source that follows.
  void begin_source(std::string_view name);
  void event(const EventView& event) override { add(event, {}, {}); }
  void add(const EventView& event, std::string_view rule, std::string_view cause);
  void problem(Problem problem) override;
  void note(std::string note) override;
  [[nodiscard]] std::unique_ptr<RecordSink> part() override { return column_part(); }
  [[nodiscard]] std::unique_ptr<Part> column_part() const;
  void take(RecordSink& part) override;

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
void export_arrow_schema(const TableShape& shape, ArrowSchema* out);
void export_arrow_stream(EventTable table, ArrowArrayStream* out);

}  // namespace synclens
