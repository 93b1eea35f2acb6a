#include <algorithm>
#include <limits>
#include <utility>

#include "synclens/columns.hpp"

namespace synclens {

std::string_view Dictionary::at(std::size_t code) const {
  const auto begin = static_cast<std::size_t>(offsets[code]);
  return std::string_view(bytes).substr(begin, static_cast<std::size_t>(offsets[code + 1]) - begin);
}

std::optional<std::int64_t> nanoseconds_since_1970(Ticks ticks) {
  constexpr Ticks most = (std::numeric_limits<std::int64_t>::max)() / 100;
  if (ticks < unix_epoch_ticks - most || ticks > unix_epoch_ticks + most) return std::nullopt;
  return (ticks - unix_epoch_ticks) * 100;
}

TableShape TableShape::whole() {
  TableShape shape;
  for (std::size_t at = 0; at < event_column_count; ++at) shape.columns.push_back(static_cast<EventColumn>(at));
  return shape;
}

ColumnSet TableShape::set() const {
  ColumnSet set;
  for (const EventColumn column : columns) set.add(column);
  return set;
}

EventTable::EventTable(TableShape shape)
    : dictionaries_(std::make_shared<const Dictionaries>()), shape_(std::move(shape)) {}

EventTable::EventTable(std::shared_ptr<const Dictionaries> dictionaries, std::vector<Part> parts, TableShape shape)
    : dictionaries_(std::move(dictionaries)), parts_(std::move(parts)), shape_(std::move(shape)) {
  for (const Part& part : parts_) {
    size_ += part.rows;
    ends_.push_back(size_);
  }
}

EventTable EventTable::slice(std::size_t first, std::size_t last) const {
  last = std::min(last, size_);
  std::vector<Part> parts;
  std::size_t begin = 0;
  for (const Part& part : parts_) {
    const std::size_t from = std::max(first, begin), to = std::min(last, begin + part.rows);
    if (from < to) parts.push_back({part.batch, part.first + from - begin, to - from});
    begin += part.rows;
  }
  return {dictionaries_, std::move(parts), shape_};
}

std::pair<const Batch*, std::size_t> EventTable::locate(std::size_t row) const {
  const auto after = std::upper_bound(ends_.begin(), ends_.end(), row);
  const Part& part = parts_[static_cast<std::size_t>(after - ends_.begin())];
  return {part.batch.get(), part.first + row - (*after - part.rows)};
}

}  // namespace synclens
