#include <array>
#include <cstring>

#include "arrow_capsule.hpp"
#include "convert.hpp"
#include "synclens/columns.hpp"
#include "synclens/error.hpp"

namespace synclens::bindings {
namespace {

py::object items_of(const Column& column, std::size_t row) {
  const auto first = static_cast<std::size_t>(column.offsets[row]);
  const auto last = static_cast<std::size_t>(column.offsets[row + 1]);
  py::tuple result(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const Column& names = column.children[0];
    const py::object name = names.valid(i) ? py::object(text(names.text_at(i))) : py::object(py::none());
    result[i - first] = py::make_tuple(name, text(column.children[1].text_at(i)));
  }
  return result;
}

// A value as Python's own type; a time as FILETIME text in ISO 8601 (Python's datetime would drop the 100 ns).
py::object value_at(const EventTable& table, const Batch& batch, std::size_t row, std::size_t at) {
  const Column& column = batch.columns[at];
  if (!column.valid(row)) return py::none();
  switch (event_columns[at].type) {
    case ColumnType::u8:
      return py::int_(column.number_at<std::uint8_t>(row));
    case ColumnType::u16:
      return py::int_(column.number_at<std::uint16_t>(row));
    case ColumnType::u32:
      return py::int_(column.number_at<std::uint32_t>(row));
    case ColumnType::u64:
      return py::int_(column.number_at<std::uint64_t>(row));
    case ColumnType::i64:
      return py::int_(column.number_at<std::int64_t>(row));
    case ColumnType::time:
      return time_or_none(batch[EventColumn::filetime].number_at<std::int64_t>(row));
    case ColumnType::name:
      return text(table.dictionaries()[at].at(static_cast<std::size_t>(column.number_at<std::int32_t>(row))));
    case ColumnType::items:
      return items_of(column, row);
    case ColumnType::text:
      break;
  }
  return text(column.text_at(row));
}

py::tuple row_tuple(const EventTable& table, std::size_t row) {
  if (row >= table.size()) throw py::index_error("no such event");
  const auto [batch, at] = table.locate(row);
  py::tuple result(event_columns.size());
  for (std::size_t c = 0; c < event_columns.size(); ++c) result[c] = value_at(table, *batch, at, c);
  return result;
}

std::size_t column_named(const std::string& name) {
  for (std::size_t at = 0; at < event_columns.size(); ++at) {
    if (event_columns[at].name == name) return at;
  }
  throw py::key_error("no column " + name);
}

std::size_t width_of(ColumnType type) {
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
  throw py::type_error("not a column of fixed width");
}

// All values of a fixed-width column and one byte per row that is 1 where there is none, for NumPy's frombuffer.
py::tuple buffers(const EventTable& table, const std::string& name) {
  const std::size_t at = column_named(name), width = width_of(event_columns[at].type);
  std::string values, missing;
  for (const EventTable::Part& part : table.parts()) {
    const Column& column = part.batch->columns[at];
    const auto* const begin = reinterpret_cast<const char*>(column.values.data());
    values.append(begin + part.first * width, part.rows * width);
    for (std::size_t row = part.first; row < part.first + part.rows; ++row)
      missing.push_back(column.valid(row) ? '\0' : '\1');
  }
  return py::make_tuple(py::bytes(values), py::bytes(missing));
}

py::list values_of(const EventTable& table, const std::string& name) {
  const std::size_t at = column_named(name);
  py::list result;
  for (const EventTable::Part& part : table.parts()) {
    for (std::size_t row = part.first; row < part.first + part.rows; ++row) {
      result.append(value_at(table, *part.batch, row, at));
    }
  }
  return result;
}

py::list dictionary_of(const EventTable& table, const std::string& name) {
  const Dictionary& names = table.dictionaries()[column_named(name)];
  py::list result;
  for (std::size_t code = 0; code < names.size(); ++code) result.append(text(names.at(code)));
  return result;
}

py::list column_list() {
  py::list result;
  for (const ColumnInfo& column : event_columns) {
    static constexpr std::array<const char*, 9> names = {"u8",   "u16",  "u32",  "u64",  "i64",
                                                         "time", "text", "name", "items"};
    result.append(py::make_tuple(text(column.name), names[static_cast<std::size_t>(column.type)]));
  }
  return result;
}

}  // namespace

void bind_record(py::module_& m) {
  m.attr("EVENT_COLUMNS") = py::tuple(column_list());
  py::class_<EventTable>(m, "EventTable", "Events as typed columns. Immutable; slices share the buffers.")
      .def(py::init<>())
      .def("__len__", &EventTable::size)
      .def("slice", &EventTable::slice, py::arg("first"), py::arg("last"))
      .def("row", &row_tuple, py::arg("index"), "The values of a row, in the order of EVENT_COLUMNS.")
      .def("buffers", &buffers, py::arg("column"), "(values, missing) of a fixed-width column, as bytes.")
      .def("values", &values_of, py::arg("column"))
      .def("dictionary", &dictionary_of, py::arg("column"), "The distinct values of a column of names.")
      .def("__arrow_c_schema__",
           [](const EventTable&) { return capsule<ArrowSchema>("arrow_schema", &export_arrow_schema); })
      .def(
          "__arrow_c_stream__",
          [](const EventTable& table, const py::object& requested) {
            (void)requested;  // a wish, which the protocol lets a producer ignore
            return capsule<ArrowArrayStream>("arrow_array_stream",
                                             [&](ArrowArrayStream* out) { export_arrow_stream(table, out); });
          },
          py::arg("requested_schema") = py::none());
}

}  // namespace synclens::bindings
