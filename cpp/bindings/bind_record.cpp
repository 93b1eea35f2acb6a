#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

#include "arrow_capsule.hpp"
#include "convert.hpp"
#include "synclens/columns.hpp"
#include "synclens/error.hpp"
#include "table_shape.hpp"

namespace synclens::bindings {
namespace {

py::object items_of(const EventTable& table, const Column& column, std::size_t row) {
  const Column& names = column.children[0];
  const Dictionary& known = table.dictionaries()[static_cast<std::size_t>(EventColumn::data)];
  const auto first = column.offset_at(row);
  const auto last = column.offset_at(row + 1);
  py::tuple result(last - first);
  for (std::size_t i = first; i < last; ++i) {
    py::object name = py::none();
    if (names.valid(i)) name = text(known.at(static_cast<std::size_t>(names.number_at<std::int32_t>(i))));
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
      return items_of(table, column, row);
    case ColumnType::text:
      break;
  }
  return text(column.text_at(row));
}

// All columns, None for those that the table does not have.
py::tuple row_tuple(const EventTable& table, std::size_t row) {
  if (row >= table.size()) throw py::index_error("no such event");
  const auto [batch, at] = table.locate(row);
  const ColumnSet shown = table.shape().set();
  py::tuple result(event_columns.size());
  for (std::size_t c = 0; c < event_columns.size(); ++c) {
    result[c] = shown.has(static_cast<EventColumn>(c)) ? value_at(table, *batch, at, c) : py::object(py::none());
  }
  return result;
}

// A column that the table has.
std::size_t column_of(const EventTable& table, const std::string& name) {
  for (const EventColumn column : table.shape().columns) {
    if (event_columns[static_cast<std::size_t>(column)].name == name) return static_cast<std::size_t>(column);
  }
  throw py::key_error("no column " + name);
}

// A writable block of memory of a NumPy array.
class Writable {
 public:
  Writable(const py::object& of, std::size_t size) {
    if (PyObject_GetBuffer(of.ptr(), &view_, PyBUF_WRITABLE | PyBUF_SIMPLE) != 0) throw py::error_already_set();
    if (static_cast<std::size_t>(view_.len) != size) {
      PyBuffer_Release(&view_);
      throw py::value_error("the buffer has another size than the column");
    }
  }
  Writable(const Writable&) = delete;
  Writable& operator=(const Writable&) = delete;
  ~Writable() { PyBuffer_Release(&view_); }
  [[nodiscard]] std::uint8_t* data() const { return static_cast<std::uint8_t*>(view_.buf); }

 private:
  Py_buffer view_{};
};

template <typename Number>
void put_where_missing(const Column& column, const EventTable::Part& part, std::uint8_t* values, Number gap) {
  if (column.nulls == 0) return;
  for (std::size_t row = 0; row < part.rows; ++row) {
    if (!column.valid(part.first + row)) std::memcpy(values + row * sizeof gap, &gap, sizeof gap);
  }
}

// FILETIME to nanoseconds since 1970, in place; the smallest number where there are none.
void to_nanoseconds(std::uint8_t* values, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    std::int64_t value = 0;
    std::memcpy(&value, values + row * sizeof value, sizeof value);
    const std::optional<std::int64_t> since_1970 = nanoseconds_since_1970(value);
    value = since_1970.value_or((std::numeric_limits<std::int64_t>::min)());
    std::memcpy(values + row * sizeof value, &value, sizeof value);
  }
}

// The values of a fixed-width column into `values`. What is missing is one byte of 1 in `missing`, where that is given;
// else -1 for a code and the smallest number for a time.
void fill(const EventTable& table, const std::string& name, const py::object& values, const py::object& missing) {
  std::size_t at = column_of(table, name);
  const std::size_t width = width_of(event_columns[at].type);
  if (width == 0) throw py::type_error("not a column of fixed width");
  const bool is_time = event_columns[at].type == ColumnType::time && table.shape().time != TimeUnit::us;
  if (is_time) at = static_cast<std::size_t>(EventColumn::filetime);
  const Writable to(values, table.size() * width);
  std::optional<Writable> gaps;
  if (!missing.is_none()) gaps.emplace(missing, table.size());
  std::size_t done = 0;
  for (const EventTable::Part& part : table.parts()) {
    const Column& column = part.batch->columns[at];
    std::uint8_t* const place = to.data() + done * width;
    std::memcpy(place, column.values.data() + part.first * width, part.rows * width);
    if (gaps) {
      std::uint8_t* const gap = gaps->data() + done;
      for (std::size_t row = 0; row < part.rows; ++row) gap[row] = column.valid(part.first + row) ? 0 : 1;
    } else if (width == sizeof(std::int32_t)) {
      put_where_missing(column, part, place, std::int32_t{-1});
    } else if (width == sizeof(std::int64_t)) {
      put_where_missing(column, part, place, (std::numeric_limits<std::int64_t>::min)());
    }
    if (is_time && table.shape().time == TimeUnit::ns) to_nanoseconds(place, part.rows);
    done += part.rows;
  }
}

// A value per row. Rows without one are not looked at further, which is quick where a column is nearly empty.
py::list values_of(const EventTable& table, const std::string& name) {
  const std::size_t at = column_of(table, name);
  py::list result(table.size());
  std::size_t done = 0;
  for (const EventTable::Part& part : table.parts()) {
    for (std::size_t row = part.first; row < part.first + part.rows; ++row) {
      PyList_SET_ITEM(result.ptr(), static_cast<Py_ssize_t>(done++),
                      value_at(table, *part.batch, row, at).release().ptr());
    }
  }
  return result;
}

// How many rows have a value in a column.
std::size_t count_values(const EventTable& table, const std::string& name) {
  const std::size_t at = column_of(table, name);
  std::size_t count = 0;
  for (const EventTable::Part& part : table.parts()) {
    const Column& column = part.batch->columns[at];
    if (column.nulls == column.rows) continue;
    for (std::size_t row = part.first; row < part.first + part.rows; ++row)
      count += static_cast<std::size_t>(column.valid(row));
  }
  return count;
}

py::object data_of(const EventTable& table, std::size_t row) {
  if (row >= table.size()) throw py::index_error("no such event");
  const auto [batch, at] = table.locate(row);
  return value_at(table, *batch, at, column_of(table, "data"));
}

py::tuple columns_of(const EventTable& table) {
  const std::vector<EventColumn>& columns = table.shape().columns;
  py::tuple result(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    result[i] = text(event_columns[static_cast<std::size_t>(columns[i])].name);
  }
  return result;
}

py::list dictionary_of(const EventTable& table, const std::string& name) {
  const Dictionary& names = table.dictionaries()[column_of(table, name)];
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

TableShape shape_of(const std::optional<std::vector<std::string>>& columns, const std::string& time) {
  TableShape shape = TableShape::whole();
  if (columns) {
    shape.columns.clear();
    for (const std::string& name : *columns) {
      const auto* const found =
          std::find_if(event_columns.begin(), event_columns.end(), [&](const ColumnInfo& c) { return c.name == name; });
      if (found == event_columns.end()) throw py::key_error("no column " + name);
      shape.columns.push_back(static_cast<EventColumn>(found - event_columns.begin()));
    }
  }
  if (time == "ns") {
    shape.time = TimeUnit::ns;
  } else if (time == "ticks") {
    shape.time = TimeUnit::ticks;
  } else if (time != "us") {
    throw py::value_error("no such unit of time: " + time + " (known: us, ns, ticks)");
  }
  return shape;
}

void bind_record(py::module_& m) {
  m.attr("EVENT_COLUMNS") = py::tuple(column_list());
  py::class_<EventTable>(m, "EventTable", "Events as typed columns. Immutable; slices share the buffers.")
      .def(py::init([](const std::optional<std::vector<std::string>>& columns, const std::string& time) {
             return EventTable(shape_of(columns, time));
           }),
           py::arg("columns") = py::none(), py::arg("time") = "us", "A table without rows.")
      .def("__len__", &EventTable::size)
      .def_property_readonly("columns", &columns_of)
      .def("slice", &EventTable::slice, py::arg("first"), py::arg("last"))
      .def("row", &row_tuple, py::arg("index"),
           "The values of a row, in the order of EVENT_COLUMNS; None for columns that the table does not have.")
      .def("data", &data_of, py::arg("index"), "The (name, value) pairs of a row.")
      .def("fill", &fill, py::arg("column"), py::arg("values"), py::arg("missing") = py::none(),
           "Copies a fixed-width column into a writable buffer; `missing` takes one byte per row.")
      .def("values", &values_of, py::arg("column"))
      .def("count", &count_values, py::arg("column"), "How many rows have a value.")
      .def("dictionary", &dictionary_of, py::arg("column"), "The distinct values of a column of names.")
      .def("__arrow_c_schema__",
           [](const EventTable& table) {
             return capsule<ArrowSchema>("arrow_schema",
                                         [&](ArrowSchema* out) { export_arrow_schema(table.shape(), out); });
           })
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
