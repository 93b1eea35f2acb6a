#include "record/column_batch.hpp"

#include <algorithm>

namespace synclens {
namespace {

// Appends `count` bits behind the `at` that are there: those of `from`, or ones where it is null.
void append_bits(ColumnBuffer& bits, std::size_t at, const std::uint8_t* from, std::size_t count) {
  if (count == 0) return;
  const std::size_t before = bits.size(), size = (at + count + 7) / 8;
  std::uint8_t* const fresh = bits.room(size - before);
  std::memset(fresh, 0, size - before);
  bits.took(size - before);
  std::uint8_t* to = bits.data() + at / 8;
  const auto shift = static_cast<unsigned>(at % 8);
  for (std::size_t done = 0; done < count; done += 8, ++to) {
    unsigned byte = from == nullptr ? 0xFFu : from[done / 8];
    if (count - done < 8) byte &= (1u << (count - done)) - 1;
    *to = static_cast<std::uint8_t>(*to | (byte << shift));
    if (byte << shift > 0xFF) to[1] = static_cast<std::uint8_t>((byte << shift) >> 8);
  }
}

void append_offsets(ColumnBuffer& to, std::size_t base, const ColumnBuffer& from, std::size_t rows) {
  std::uint8_t* out = to.room(rows * sizeof(std::int32_t));
  const std::uint8_t* in = from.data() + sizeof(std::int32_t);
  const auto first = static_cast<std::int32_t>(base);
  for (std::size_t row = 0; row < rows; ++row, in += sizeof first, out += sizeof first) {
    std::int32_t offset = 0;
    std::memcpy(&offset, in, sizeof offset);
    offset += first;
    std::memcpy(out, &offset, sizeof offset);
  }
  to.took(rows * sizeof(std::int32_t));
}

std::size_t append_rows(Column& to, const Column& from) {
  if (from.nulls != 0 || to.nulls != 0) {
    if (to.nulls == 0) append_bits(to.validity, 0, nullptr, to.rows);
    append_bits(to.validity, to.rows, from.nulls == 0 ? nullptr : from.validity.data(), from.rows);
  }
  to.values.append(from.values.data(), from.values.size());
  if (!from.offsets.empty()) {
    if (to.offsets.empty()) push_offset(to.offsets, 0);
    append_offsets(to.offsets, to.offset_at(to.rows), from.offsets, from.rows);
  }
  to.bytes.append(from.bytes.data(), from.bytes.size());
  std::size_t copied = from.values.size() + from.offsets.size() + from.bytes.size();
  if (to.children.size() < from.children.size()) to.children.resize(from.children.size());
  for (std::size_t i = 0; i < from.children.size(); ++i) copied += append_rows(to.children[i], from.children[i]);
  to.rows += from.rows;
  to.nulls += from.nulls;
  return copied;
}

void reserve_like(Column& to, const Column& like) {
  to.validity.reserve(like.validity.size());
  to.values.reserve(like.values.size());
  to.offsets.reserve(like.offsets.size());
  to.bytes.reserve(like.bytes.size() + like.bytes.size() / 16);
  to.children.resize(like.children.size());
  for (std::size_t i = 0; i < like.children.size(); ++i) reserve_like(to.children[i], like.children[i]);
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

void push_offset(ColumnBuffer& offsets, std::size_t value) {
  const auto offset = static_cast<std::int32_t>(value);
  std::memcpy(offsets.room(sizeof offset), &offset, sizeof offset);
  offsets.took(sizeof offset);
}

Batch batch_like(const Batch& like) {
  Batch made;
  for (std::size_t at = 0; at < event_column_count; ++at) reserve_like(made.columns[at], like.columns[at]);
  return made;
}

std::size_t append_rows(Batch& to, const Batch& from) {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < event_column_count; ++at) copied += append_rows(to.columns[at], from.columns[at]);
  to.rows += from.rows;
  return copied;
}

}  // namespace synclens
