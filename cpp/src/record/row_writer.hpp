// Events into batches of columns, with codes of its own for what repeats.
//
// Most of what an event says of itself it shares with many others (its common part); the rest is a row of numbers, a
// few texts and its data. Rows are kept as they come and become columns when a batch is full.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "record/column_batch.hpp"
#include "record/name_codes.hpp"
#include "synclens/columns.hpp"

namespace synclens {

inline constexpr std::array name_columns = {EventColumn::source,     EventColumn::provider, EventColumn::provider_guid,
                                            EventColumn::level_text, EventColumn::channel,  EventColumn::computer,
                                            EventColumn::user_sid,   EventColumn::state,    EventColumn::rule,
                                            EventColumn::cause,      EventColumn::reason};
inline constexpr std::size_t rows_per_batch = 65'536;
inline constexpr std::size_t bytes_per_batch = std::size_t{64} << 20;

// How many rows of a column have a value.
enum class Presence : std::uint8_t { none, some, all };

class RowWriter {
 public:
  static constexpr std::int32_t no_name = -1;

  // What differs from event to event.
  struct Row {
    std::uint64_t record_id = 0;
    Ticks time = no_time;
    Address where;
    std::uint32_t process_id = 0, thread_id = 0;
    std::uint32_t common = 0;
    std::uint32_t given = 0;  // EventField bits, of which only record_id, process_id and thread_id are looked at
  };

  explicit RowWriter(ColumnSet built) : built_(built) {}
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  void set_source(std::string_view source) { source_ = source; }

  // Before each row; `size`: about how many bytes of text it will have.
  void begin_row(std::size_t size) {
    const bool full_of_rows = rows_.size() >= rows_per_batch || commons_.size() >= 2 * rows_per_batch;
    if (full_of_rows || (!rows_.empty() && bytes() + size > bytes_per_batch)) finish_batch();
  }
  // Then what it has of texts and items, in any order, and its end. Of several texts of one column the last counts.
  void text(EventColumn column, std::string_view value);
  void item(std::string_view name, std::string_view value);
  void end_row(const Row& row);
  // Instead of an end: nothing was said.
  void drop_row();
  // The number of what an event has in common with others: of all but a row's own. Valid while age() stays the same.
  [[nodiscard]] std::uint32_t common(const EventView& event, std::string_view rule = {}, std::string_view cause = {});
  // Differs from that of every other writer.
  [[nodiscard]] std::uint64_t age() const { return age_; }
  [[nodiscard]] std::uint64_t id() const { return id_; }
  // A whole event.
  void add(const EventView& event, std::string_view rule, std::string_view cause);

  // Items without copies: room for so many of so many bytes of text in all, and where the next ones go. What was
  // written counts once it is given back.
  struct ItemPlace {
    std::uint8_t* names = nullptr;  // 32-bit codes
    std::uint8_t* ends = nullptr;   // 32-bit offsets
    char* text = nullptr;
    const char* base = nullptr;  // where offset 0 is

    void end_item(std::int32_t name, char* text_end) {
      text = text_end;
      const auto end = static_cast<std::int32_t>(text_end - base);
      std::memcpy(names, &name, sizeof name);
      std::memcpy(ends, &end, sizeof end);
      names += sizeof name;
      ends += sizeof end;
    }
  };
  [[nodiscard]] ItemPlace place_of_items(std::size_t count, std::size_t bytes);
  void give_back(const ItemPlace& place);
  [[nodiscard]] std::int32_t item_name(std::string_view name);
  [[nodiscard]] bool wants(EventColumn column) const { return built_.has(column); }
  // Of the row that is being written.
  [[nodiscard]] std::size_t items_in_row() const { return items() - items_before_; }
  [[nodiscard]] std::size_t item_bytes_in_row() const { return values_.bytes.size() - item_bytes_before_; }
  // What stands in the row that is being written; valid until something is added.
  [[nodiscard]] DataItem item_in_row(std::size_t i) const;
  [[nodiscard]] std::string_view binary_in_row() const;
  [[nodiscard]] std::size_t known_names() const { return dictionaries[index_of(EventColumn::data)].bytes.size(); }

  [[nodiscard]] std::uint64_t added() const { return added_; }  // rows, in all batches
  // Ends the batch that is being filled, if it has rows.
  void finish_batch();

  std::vector<std::shared_ptr<Batch>> full;
  Dictionaries dictionaries;

 private:
  struct Common {
    std::array<std::int32_t, name_columns.size()> names{};
    std::uint64_t keywords = 0;
    std::uint32_t event_id = 0, given = 0;
    std::uint16_t qualifiers = 0, task = 0;
    std::uint8_t version = 0, level = 0, opcode = 0;
  };
  static constexpr std::array text_columns = {EventColumn::activity_id, EventColumn::related_activity_id,
                                              EventColumn::message, EventColumn::binary};

  [[nodiscard]] static std::uint64_t next_number();
  [[nodiscard]] std::size_t items() const { return item_names_.size() / sizeof(std::int32_t); }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = values_.bytes.size() + item_names_.size() * 2;
    for (const Column& texts : texts_) sum += texts.bytes.size();
    return sum;
  }
  static void pad(Column& texts, std::size_t rows);
  static void cut(Column& texts, std::size_t rows);
  template <typename Number, typename Get, typename Has>
  void fill(Batch& batch, EventColumn column, Presence presence, Get get, Has has) const;
  template <typename Number, typename Get, typename Has>
  void fill_common(Batch& batch, EventColumn column, Get get, Has has) const;
  void fill_numbers(Batch& batch) const;
  void fill_items(Batch& batch);
  [[nodiscard]] std::shared_ptr<Batch> made_batch();

  ColumnSet built_;
  std::string source_;
  std::vector<Row> rows_;
  std::vector<Common> commons_;  // also of rows that were dropped
  std::uint64_t added_ = 0;
  std::uint64_t id_ = next_number(), age_ = next_number();
  std::array<Column, text_columns.size()> texts_;  // of which few rows have one
  ColumnBuffer item_names_;                        // 32-bit codes, or no_name
  Column values_;                                  // offsets and bytes of the items' values
  ColumnBuffer item_offsets_;                      // by row
  std::size_t items_before_ = 0, item_bytes_before_ = 0;
  std::array<NameCodes, event_column_count> codes_;
};

}  // namespace synclens
