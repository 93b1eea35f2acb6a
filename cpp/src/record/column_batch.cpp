#include "record/column_batch.hpp"

#include <algorithm>

#include "synclens/error.hpp"

namespace synclens {
namespace {

constexpr std::size_t first_rows = 1024;
constexpr std::size_t largest_dictionary = std::size_t{1} << 30;

// Sets or clears the bit behind the last one; `at` bits are there.
void push_bit(ColumnBuffer& bits, std::size_t at, bool set) {
  if (at % 8 == 0) {
    *bits.room(1) = 0;
    bits.took(1);
  }
  if (set) bits.data()[at / 8] = static_cast<std::uint8_t>(bits.data()[at / 8] | (1u << (at % 8)));
}

void push_offset(ColumnBuffer& offsets, std::size_t value) {
  const auto offset = static_cast<std::int32_t>(value);
  std::memcpy(offsets.room(sizeof offset), &offset, sizeof offset);
  offsets.took(sizeof offset);
}

// Appends to a column of text without looking at its validity.
void push_text(Column& column, std::string_view value) {
  if (column.offsets.empty()) push_offset(column.offsets, 0);
  column.bytes.append(value.data(), value.size());
  push_offset(column.offsets, column.bytes.size());
}

void append_rows(Column& to, const Column& from) {
  if (to.nulls == 0 && from.nulls == 0) {
    // all have values
  } else {
    if (to.nulls == 0) {
      for (std::size_t row = 0; row < to.rows; ++row) push_bit(to.validity, row, true);
    }
    for (std::size_t row = 0; row < from.rows; ++row) push_bit(to.validity, to.rows + row, from.valid(row));
  }
  to.values.append(from.values.data(), from.values.size());
  if (!from.offsets.empty()) {
    if (to.offsets.empty()) push_offset(to.offsets, 0);
    const std::size_t base = to.offset_at(to.rows);
    for (std::size_t row = 1; row <= from.rows; ++row) push_offset(to.offsets, base + from.offset_at(row));
  }
  to.bytes.append(from.bytes.data(), from.bytes.size());
  if (to.children.size() < from.children.size()) to.children.resize(from.children.size());
  for (std::size_t i = 0; i < from.children.size(); ++i) append_rows(to.children[i], from.children[i]);
  to.rows += from.rows;
  to.nulls += from.nulls;
}

}  // namespace

void ColumnBuffer::reserve(std::size_t size) {
  if (size <= capacity_) return;
  const std::size_t wanted = std::max({size, capacity_ * 2, std::size_t{64}});
  std::unique_ptr<std::uint8_t[]> bigger(new std::uint8_t[wanted]);
  if (size_ != 0) std::memcpy(bigger.get(), bytes_.get(), size_);
  bytes_ = std::move(bigger);
  capacity_ = wanted;
}

void ColumnBuffer::append(const void* from, std::size_t count) {
  if (count == 0) return;
  std::memcpy(room(count), from, count);
  size_ += count;
}

std::int32_t NameCodes::code(std::string_view value, EventColumn column, Dictionary& dictionary) {
  std::size_t mixed = value.size();
  if (!value.empty()) {
    mixed += static_cast<unsigned char>(value.back()) * std::size_t{7} +
             static_cast<unsigned char>(value[value.size() / 2]) * std::size_t{3};
  }
  std::int32_t& recent = recent_[mixed % recent_count];
  if (recent != 0 && dictionary.at(static_cast<std::size_t>(recent - 1)) == value) return recent - 1;
  if (const auto found = codes_.find(value); found != codes_.end()) {
    recent = found->second + 1;
    return found->second;
  }
  if (dictionary.bytes.size() + value.size() > largest_dictionary) {
    throw LimitExceeded("more than 1 GiB of distinct values in the column " +
                        std::string(event_columns[index_of(column)].name));
  }
  const auto made = static_cast<std::int32_t>(dictionary.size());
  dictionary.bytes.append(value);
  dictionary.offsets.push_back(static_cast<std::int32_t>(dictionary.bytes.size()));
  codes_.emplace(value, made);
  recent = made + 1;
  return made;
}

void BatchWriter::mark_bit(Column& column, bool valid) {
  if (column.nulls == 0) {
    for (std::size_t row = 0; row < column.rows; ++row) push_bit(column.validity, row, true);
  }
  push_bit(column.validity, column.rows, valid);
  if (!valid) ++column.nulls;
}

void BatchWriter::grow() {
  capacity_ = std::max(first_rows, capacity_ * 2);
  for (std::size_t at = 0; at < event_column_count; ++at) {
    if (!built_.has(static_cast<EventColumn>(at))) continue;
    Column& column = batch_->columns[at];
    if (const std::size_t width = width_of(event_columns[at].type)) {
      column.values.reserve(capacity_ * width);
    } else {
      column.offsets.reserve((capacity_ + 1) * sizeof(std::int32_t));
    }
  }
}

void BatchWriter::text(EventColumn column, std::string_view value) {
  if (!built_.has(column)) return;
  Column& to = batch_->columns[index_of(column)];
  push_text(to, value);
  mark(to, !value.empty());
  bytes_ += value.size();
}

void BatchWriter::items(std::span<const DataItem> data) {
  if (!built_.has(EventColumn::data)) return;
  Column& list = batch_->columns[index_of(EventColumn::data)];
  if (list.children.empty()) {
    list.children.resize(2);
    for (Column& child : list.children) push_offset(child.offsets, 0);
    push_offset(list.offsets, 0);
  }
  Column& names = list.children[0];
  Column& values = list.children[1];
  for (const DataItem& item : data) {
    push_text(names, item.name);
    mark(names, !item.name.empty());
    push_text(values, item.value);
    ++values.rows;
    bytes_ += item.name.size() + item.value.size() + 8;
  }
  push_offset(list.offsets, names.rows);
  ++list.rows;
}

void BatchWriter::append(const Batch& from) {
  for (std::size_t at = 0; at < event_column_count; ++at) {
    if (!built_.has(static_cast<EventColumn>(at))) continue;
    append_rows(batch_->columns[at], from.columns[at]);
    for (const Column& child : from.columns[at].children) bytes_ += child.bytes.size() + child.rows * 4;
    bytes_ += from.columns[at].bytes.size();
  }
  batch_->rows += from.rows;
  capacity_ = batch_->rows;  // what the buffers have more of is not known to be the same for all
}

std::shared_ptr<Batch> BatchWriter::finish() {
  std::shared_ptr<Batch> full = std::move(batch_);
  batch_ = std::make_shared<Batch>();
  capacity_ = bytes_ = 0;
  return full;
}

}  // namespace synclens
