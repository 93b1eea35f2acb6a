// Small tables out of Python values, as Arrow producers.
#include <memory>
#include <string>
#include <utility>

#include "arrow_capsule.hpp"
#include "convert.hpp"
#include "synclens/error.hpp"
#include "synclens/small_table.hpp"

namespace synclens::bindings {
namespace {

constexpr int most_depth = 8;

CellKind cell_kind_named(const std::string& name) {
  if (name == "text") return CellKind::text;
  if (name == "integer") return CellKind::integer;
  if (name == "natural") return CellKind::natural;
  if (name == "truth") return CellKind::truth;
  if (name == "time") return CellKind::time;
  if (name == "list") return CellKind::list;
  if (name == "record") return CellKind::record;
  throw py::value_error("no kind of column " + name);
}

// "text", or ("list", kind), or ("record", ((name, kind), ...)).
CellType type_of(const std::string& name, const py::handle& kind, int depth = 0) {
  if (depth > most_depth) throw py::value_error("columns are nested too deeply");
  if (py::isinstance<py::str>(kind)) {
    const CellKind plain = cell_kind_named(kind.cast<std::string>());
    if (plain == CellKind::list || plain == CellKind::record) throw py::value_error("say what " + name + " holds");
    return {name, plain, {}};
  }
  const auto pair = py::cast<py::tuple>(kind);
  if (pair.size() != 2) throw py::value_error("a kind is a name, or a name and what it holds");
  CellType type{name, cell_kind_named(pair[0].cast<std::string>()), {}};
  if (type.kind == CellKind::list) {
    type.parts.push_back(type_of("item", pair[1], depth + 1));
  } else if (type.kind == CellKind::record) {
    for (const py::handle& part : py::cast<py::tuple>(pair[1])) {
      const auto named = py::cast<py::tuple>(part);
      type.parts.push_back(type_of(named[0].cast<std::string>(), named[1], depth + 1));
    }
  }
  if (type.parts.empty()) throw py::value_error("only lists and records hold something");
  return type;
}

void add_text(CellColumn& column, const py::handle& value) {
  if (!PyUnicode_Check(value.ptr())) throw py::type_error("column " + column.type().name + " takes text");
  Py_ssize_t size = 0;
  if (const char* const utf8 = PyUnicode_AsUTF8AndSize(value.ptr(), &size)) {
    column.add_text({utf8, static_cast<std::size_t>(size)});
    return;
  }
  PyErr_Clear();  // lone surrogates: out of names of files
  const auto bytes = py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(value.ptr(), "utf-8", "replace"));
  if (!bytes) throw py::error_already_set();
  column.add_text(std::string_view(bytes));
}

void add(CellColumn& column, const py::handle& value) {
  if (value.is_none()) return column.add_null();
  switch (column.type().kind) {
    case CellKind::text:
      return add_text(column, value);
    case CellKind::integer:
    case CellKind::time:
      return column.add_integer(value.cast<std::int64_t>());
    case CellKind::natural:
      return column.add_natural(value.cast<std::uint64_t>());
    case CellKind::truth:
      return column.add_truth(value.cast<bool>());
    case CellKind::list:
      for (const py::handle& item : value) add(column.part(0), item);
      return column.add_list();
    case CellKind::record: {
      const auto parts = py::cast<py::tuple>(value);
      if (parts.size() != column.type().parts.size()) throw py::value_error("a record lacks a part, or has one more");
      for (std::size_t at = 0; at < parts.size(); ++at) add(column.part(at), parts[at]);
      return column.add_record();
    }
  }
}

using Shared = std::shared_ptr<const SmallTable>;

struct PySmallTable {
  Shared table;
};

PySmallTable table_from(const py::sequence& columns) {
  auto table = std::make_shared<SmallTable>();
  for (const py::handle& given : columns) {
    const auto column = py::cast<py::tuple>(given);
    if (column.size() != 3) throw py::value_error("a column is a name, a kind and values");
    CellColumn filled(type_of(column[0].cast<std::string>(), column[1]));
    for (const py::handle& value : column[2]) add(filled, value);
    if (!table->columns.empty() && filled.rows() != table->rows) {
      throw py::value_error("column " + filled.type().name + " has another length");
    }
    table->rows = filled.rows();
    table->columns.push_back(std::move(filled));
  }
  return {std::move(table)};
}

}  // namespace

void bind_small_table(py::module_& m) {
  py::class_<PySmallTable>(m, "SmallTable", "A few columns as an Arrow producer. Immutable; read as often as asked.")
      .def(py::init(&table_from), py::arg("columns"), "(name, kind, values) for each column.")
      .def("__len__", [](const PySmallTable& self) { return self.table->rows; })
      .def("__arrow_c_schema__",
           [](const PySmallTable& self) {
             return capsule<ArrowSchema>("arrow_schema",
                                         [&](ArrowSchema* out) { export_arrow_schema(*self.table, out); });
           })
      .def(
          "__arrow_c_stream__",
          [](const PySmallTable& self, const py::object& requested) {
            (void)requested;  // a wish, which the protocol lets a producer ignore
            return capsule<ArrowArrayStream>("arrow_array_stream",
                                             [&](ArrowArrayStream* out) { export_arrow_stream(self.table, out); });
          },
          py::arg("requested_schema") = py::none());
}

}  // namespace synclens::bindings
