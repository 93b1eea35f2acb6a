// Rows into the buffers of one batch.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "synclens/columns.hpp"

namespace synclens {

inline constexpr std::size_t index_of(EventColumn column) {
  return static_cast<std::size_t>(column);
}

// Codes for the values of one column of names, in the order in which they are first seen.
class NameCodes {
 public:
  // Throws LimitExceeded past 1 GiB of distinct values.
  [[nodiscard]] std::int32_t code(std::string_view value, EventColumn column, Dictionary& dictionary);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  static constexpr std::size_t recent_count = 32;
  std::array<std::int32_t, recent_count> recent_{};  // code + 1 of the last value of that hash
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

// Fills a batch row by row. Columns that are not in `built` stay empty.
class BatchWriter {
 public:
  explicit BatchWriter(ColumnSet built) : built_(built), batch_(std::make_shared<Batch>()) {}

  [[nodiscard]] std::size_t rows() const { return batch_->rows; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // Every row is one begin_row(), one call for each column that is built, then end_row().
  void begin_row() {
    if (batch_->rows == capacity_) grow();
  }
  template <typename Number>
  void number(EventColumn column, Number value, bool valid) {
    if (!built_.has(column)) return;
    Column& to = batch_->columns[index_of(column)];
    if (!valid) value = Number{};
    std::memcpy(to.values.data() + to.rows * sizeof value, &value, sizeof value);
    to.values.took(sizeof value);
    mark(to, valid);
  }
  void text(EventColumn column, std::string_view value);
  void items(std::span<const DataItem> data);
  void end_row() { ++batch_->rows; }

  // Copies the rows of another batch of the same columns.
  void append(const Batch& from);
  // The batch; the writer is empty afterwards.
  [[nodiscard]] std::shared_ptr<Batch> finish();

 private:
  void grow();
  void mark(Column& column, bool valid) {
    if (!valid || column.nulls != 0) mark_bit(column, valid);
    ++column.rows;
  }
  static void mark_bit(Column& column, bool valid);

  ColumnSet built_;
  std::shared_ptr<Batch> batch_;
  std::size_t capacity_ = 0;  // rows that the buffers of fixed width have space for
  std::size_t bytes_ = 0;     // of texts
};

}  // namespace synclens
