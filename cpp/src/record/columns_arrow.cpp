// A producer for the Arrow C stream interface over the buffers of an EventTable: nothing is copied.
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "record/arrow_nodes.hpp"
#include "record/arrow_stream.hpp"
#include "synclens/columns.hpp"

namespace synclens {
namespace {

using namespace arrow;

const char* format_of(ColumnType type) {
  switch (type) {
    case ColumnType::u8:
      return "C";
    case ColumnType::u16:
      return "S";
    case ColumnType::u32:
      return "I";
    case ColumnType::u64:
      return "L";
    case ColumnType::i64:
      return "l";
    case ColumnType::name:
      return "i";
    case ColumnType::items:
      return "+l";
    case ColumnType::time:  // see time_format
    case ColumnType::text:
      break;
  }
  return "u";
}

std::string time_format(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::ns:
      return "tsn:UTC";
    case TimeUnit::ticks:
      return "l";
    case TimeUnit::us:
      break;
  }
  return "tsu:UTC";
}

std::unique_ptr<ArrowSchema> column_schema(const ColumnInfo& column, TimeUnit unit) {
  std::vector<std::unique_ptr<ArrowSchema>> children;
  std::unique_ptr<ArrowSchema> dictionary;
  if (column.type == ColumnType::name) dictionary = schema_of("u", "", 0);
  if (column.type == ColumnType::items) {
    std::vector<std::unique_ptr<ArrowSchema>> fields;
    fields.push_back(schema_of("i", "name", arrow_nullable, {}, schema_of("u", "", 0)));
    fields.push_back(schema_of("u", "value", 0));
    children.push_back(schema_of("+s", "item", 0, std::move(fields)));
  }
  return schema_of(column.type == ColumnType::time ? time_format(unit) : format_of(column.type), column.name,
                   arrow_nullable, std::move(children), std::move(dictionary));
}

const void* validity_of(const Column& column) {
  return column.nulls == 0 ? nullptr : column.validity.data();
}

std::unique_ptr<ArrowArray> text_array(const Keep& keep, const Column& column, std::size_t first, std::size_t rows,
                                       std::int64_t nulls) {
  const void* const bytes = column.bytes.empty() ? "" : static_cast<const void*>(column.bytes.data());
  return array_of(keep, rows, first, nulls, {validity_of(column), column.offsets.data(), bytes});
}

std::unique_ptr<ArrowArray> names_array(const EventTable& table, const Keep& keep, const Column& column, std::size_t at,
                                        std::size_t first, std::size_t rows, std::int64_t nulls) {
  const Dictionary& names = table.dictionaries()[at];
  const void* const bytes = names.bytes.data();
  auto dictionary = array_of(table.shared_dictionaries(), names.size(), 0, 0, {nullptr, names.offsets.data(), bytes});
  return array_of(keep, rows, first, nulls, {validity_of(column), column.values.data()}, {}, std::move(dictionary));
}

std::int64_t null_count(const Column& column, std::size_t rows) {
  if (column.nulls == 0) return 0;
  return rows == column.rows ? static_cast<std::int64_t>(column.nulls) : -1;  // -1: the consumer counts
}

// Times of a part in nanoseconds, worked out from FILETIME; null outside the years that have them.
std::unique_ptr<ArrowArray> nanoseconds(const EventTable::Part& part) {
  const Column& ticks = (*part.batch)[EventColumn::filetime];
  const auto made = std::make_shared<Column>();
  std::uint8_t* const values = made->values.room(part.rows * sizeof(std::int64_t));
  std::uint8_t* const bits = made->validity.room(part.rows / 8 + 1);
  std::memset(bits, 0, part.rows / 8 + 1);
  std::int64_t nulls = 0;
  for (std::size_t row = 0; row < part.rows; ++row) {
    std::optional<std::int64_t> time;
    if (ticks.valid(part.first + row)) time = nanoseconds_since_1970(ticks.number_at<std::int64_t>(part.first + row));
    const std::int64_t value = time.value_or(0);
    std::memcpy(values + row * sizeof value, &value, sizeof value);
    if (time) {
      bits[row / 8] = static_cast<std::uint8_t>(bits[row / 8] | (1u << (row % 8)));
    } else {
      ++nulls;
    }
  }
  return array_of(made, part.rows, 0, nulls, {bits, values});
}

std::unique_ptr<ArrowArray> column_array(const EventTable& table, const EventTable::Part& part, std::size_t at) {
  if (event_columns[at].type == ColumnType::time && table.shape().time != TimeUnit::us) {
    if (table.shape().time == TimeUnit::ns) return nanoseconds(part);
    at = static_cast<std::size_t>(EventColumn::filetime);
  }
  const Column& column = part.batch->columns[at];
  const std::int64_t nulls = null_count(column, part.rows);
  switch (event_columns[at].type) {
    case ColumnType::text:
      return text_array(part.batch, column, part.first, part.rows, nulls);
    case ColumnType::items: {
      const Column& names = column.children[0];
      const Column& values = column.children[1];
      std::vector<std::unique_ptr<ArrowArray>> fields, children;
      fields.push_back(
          names_array(table, part.batch, names, at, 0, names.rows, static_cast<std::int64_t>(names.nulls)));
      fields.push_back(text_array(part.batch, values, 0, values.rows, 0));
      children.push_back(array_of(part.batch, values.rows, 0, 0, {nullptr}, std::move(fields)));
      return array_of(part.batch, part.rows, part.first, nulls, {validity_of(column), column.offsets.data()},
                      std::move(children));
    }
    case ColumnType::name:
      return names_array(table, part.batch, column, at, part.first, part.rows, nulls);
    default:
      return array_of(part.batch, part.rows, part.first, nulls, {validity_of(column), column.values.data()});
  }
}

struct PartByPart {
  EventTable table;
  std::size_t at = 0;

  void schema(ArrowSchema* out) const { export_arrow_schema(table.shape(), out); }
  bool next(ArrowArray* out) {
    if (at == table.parts().size()) return false;
    const EventTable::Part& part = table.parts()[at];
    Arrays children;
    children.reserve(table.shape().columns.size());
    for (const EventColumn column : table.shape().columns) {
      children.push_back(column_array(table, part, static_cast<std::size_t>(column)));
    }
    // The offset is the columns' own: consumers refuse one on the batch.
    *out = *array_of(part.batch, part.rows, 0, 0, {nullptr}, std::move(children));
    ++at;
    return true;
  }
};

}  // namespace

void export_arrow_schema(const TableShape& shape, ArrowSchema* out) {
  std::vector<std::unique_ptr<ArrowSchema>> children;
  children.reserve(shape.columns.size());
  for (const EventColumn column : shape.columns) {
    children.push_back(column_schema(event_columns[static_cast<std::size_t>(column)], shape.time));
  }
  arrow::make_schema(out, "+s", "", 0, std::move(children));
}

void export_arrow_stream(EventTable table, ArrowArrayStream* out) {
  auto state = std::make_unique<PartByPart>();
  state->table = std::move(table);
  Stream<PartByPart>::make(std::move(state), out);
}

}  // namespace synclens
