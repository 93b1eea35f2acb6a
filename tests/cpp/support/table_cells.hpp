// What a table of events holds, as text: the same for tables whose dictionaries differ.
#pragma once

#include <string>

#include "synclens/columns.hpp"

namespace support {

using synclens::Column;
using synclens::ColumnType;
using synclens::EventColumn;
using synclens::EventTable;

template <typename Number>
std::string number_of(const Column& column, std::size_t row) {
  return std::to_string(column.number_at<Number>(row));
}

inline std::string cell(const EventTable& table, std::size_t row, EventColumn which) {
  const auto [batch, at] = table.locate(row);
  const Column& column = (*batch)[which];
  if (!column.valid(at)) return "null";
  const auto name_in = [&](EventColumn of, std::int32_t code) {
    return std::string(table.dictionaries()[static_cast<std::size_t>(of)].at(static_cast<std::size_t>(code)));
  };
  switch (synclens::event_columns[static_cast<std::size_t>(which)].type) {
    case ColumnType::u8:
      return number_of<std::uint8_t>(column, at);
    case ColumnType::u16:
      return number_of<std::uint16_t>(column, at);
    case ColumnType::u32:
      return number_of<std::uint32_t>(column, at);
    case ColumnType::u64:
      return number_of<std::uint64_t>(column, at);
    case ColumnType::i64:
    case ColumnType::time:
      return number_of<std::int64_t>(column, at);
    case ColumnType::name:
      return name_in(which, column.number_at<std::int32_t>(at));
    case ColumnType::text:
      return std::string(column.text_at(at));
    case ColumnType::items:
      break;
  }
  std::string items;
  for (std::size_t i = column.offset_at(at); i < column.offset_at(at + 1); ++i) {
    const Column& names = column.children[0];
    items += names.valid(i) ? name_in(which, names.number_at<std::int32_t>(i)) : "(none)";
    items += "=" + std::string(column.children[1].text_at(i)) + "\n";
  }
  return items;
}

}  // namespace support
