#include "synclens/small_table.hpp"

#include <cstring>
#include <limits>
#include <utility>

#include "record/arrow_nodes.hpp"
#include "record/arrow_stream.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

const char* format_of(CellKind kind) {
  switch (kind) {
    case CellKind::integer:
      return "l";
    case CellKind::natural:
      return "L";
    case CellKind::truth:
      return "b";
    case CellKind::time:
      return "tsu:UTC";
    case CellKind::list:
      return "+l";
    case CellKind::record:
      return "+s";
    case CellKind::text:
      break;
  }
  return "u";
}

std::unique_ptr<ArrowSchema> schema_of_type(const CellType& type) {
  arrow::Schemas parts;
  parts.reserve(type.parts.size());
  for (const CellType& part : type.parts) parts.push_back(schema_of_type(part));
  return arrow::schema_of(format_of(type.kind), type.name, arrow_nullable, std::move(parts));
}

}  // namespace

CellColumn::CellColumn(CellType type) : type_(std::move(type)) {
  if (type_.kind == CellKind::text || type_.kind == CellKind::list) offsets_.push_back(0);
  parts_.reserve(type_.parts.size());
  for (const CellType& part : type_.parts) parts_.emplace_back(part);
}

void CellColumn::mark(bool valid) {
  if (rows_ % 8 == 0) validity_.push_back(0);
  if (valid) {
    validity_.back() = static_cast<std::uint8_t>(validity_.back() | (1u << (rows_ % 8)));
  } else {
    ++nulls_;
  }
  ++rows_;
}

void CellColumn::end_at(std::size_t offset) {
  if (offset > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw LimitExceeded("column " + type_.name + " is too large for a small table");
  }
  offsets_.push_back(static_cast<std::int32_t>(offset));
}

void CellColumn::add_null() {
  switch (type_.kind) {
    case CellKind::text:
    case CellKind::list:
      offsets_.push_back(offsets_.back());
      break;
    case CellKind::truth:
      if (rows_ % 8 == 0) values_.push_back(0);
      break;
    case CellKind::record:
      for (CellColumn& part : parts_) part.add_null();
      break;
    default:
      values_.resize(values_.size() + sizeof(std::int64_t));
  }
  mark(false);
}

void CellColumn::add_text(std::string_view utf8) {
  end_at(bytes_.size() + utf8.size());
  bytes_.append(utf8);
  mark(true);
}

void CellColumn::add_natural(std::uint64_t value) {
  const std::size_t at = values_.size();
  values_.resize(at + sizeof value);
  std::memcpy(values_.data() + at, &value, sizeof value);
  mark(true);
}

void CellColumn::add_integer(std::int64_t value) {
  add_natural(static_cast<std::uint64_t>(value));
}

void CellColumn::add_truth(bool value) {
  if (rows_ % 8 == 0) values_.push_back(0);
  if (value) values_.back() = static_cast<std::uint8_t>(values_.back() | (1u << (rows_ % 8)));
  mark(true);
}

void CellColumn::add_list() {
  end_at(parts_.front().rows());
  mark(true);
}

void CellColumn::add_record() {
  mark(true);
}

// Reads what the columns hold.
struct SmallTableExport {
  static std::unique_ptr<ArrowArray> array(const arrow::Keep& keep, const CellColumn& column) {
    std::vector<const void*> buffers = {column.nulls_ == 0 ? nullptr : column.validity_.data()};
    if (!column.offsets_.empty()) buffers.push_back(column.offsets_.data());
    if (column.type_.kind == CellKind::text) {
      buffers.push_back(column.bytes_.data());
    } else if (column.type_.parts.empty()) {
      buffers.push_back(column.values_.data());
    }
    arrow::Arrays parts;
    parts.reserve(column.parts_.size());
    for (const CellColumn& part : column.parts_) parts.push_back(array(keep, part));
    return arrow::array_of(keep, column.rows_, 0, static_cast<std::int64_t>(column.nulls_), std::move(buffers),
                           std::move(parts));
  }
};

namespace {

struct WholeTable {
  std::shared_ptr<const SmallTable> table;
  bool given = false;

  void schema(ArrowSchema* out) const { export_arrow_schema(*table, out); }
  bool next(ArrowArray* out) {
    if (std::exchange(given, true)) return false;
    arrow::Arrays columns;
    columns.reserve(table->columns.size());
    for (const CellColumn& column : table->columns) columns.push_back(SmallTableExport::array(table, column));
    *out = *arrow::array_of(table, table->rows, 0, 0, {nullptr}, std::move(columns));
    return true;
  }
};

}  // namespace

void export_arrow_schema(const SmallTable& table, ArrowSchema* out) {
  arrow::Schemas columns;
  columns.reserve(table.columns.size());
  for (const CellColumn& column : table.columns) columns.push_back(schema_of_type(column.type()));
  arrow::make_schema(out, "+s", "", 0, std::move(columns));
}

void export_arrow_stream(std::shared_ptr<const SmallTable> table, ArrowArrayStream* out) {
  auto state = std::make_unique<WholeTable>();
  state->table = std::move(table);
  arrow::Stream<WholeTable>::make(std::move(state), out);
}

}  // namespace synclens
