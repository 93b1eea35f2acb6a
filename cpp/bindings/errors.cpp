// The error tree of Python, one class per class of error.hpp, and the values that all bindings convert.
#include <cerrno>
#include <exception>
#include <system_error>

#include "convert.hpp"
#include "synclens/error.hpp"

namespace synclens::bindings {
namespace {

struct Tree {
  py::object error, damaged, unsupported, limit, catalogue;
};

// Lives as long as the interpreter: exceptions may be raised at any time.
Tree& tree() {
  static auto* const made = new Tree;
  return *made;
}

py::object make_class(py::module_& m, const char* name, const char* doc, const py::object& bases) {
  const std::string full = std::string("synclens.") + name;
  PyObject* const made = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), nullptr);
  if (made == nullptr) throw py::error_already_set();
  const auto result = py::reinterpret_steal<py::object>(made);
  m.attr(name) = result;
  return result;
}

void set(const py::object& type, const std::exception& error) {
  PyErr_SetObject(type.ptr(), text(error.what()).ptr());
}

void translate(std::exception_ptr thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const DamagedInput& e) {
    set(tree().damaged, e);
  } catch (const UnsupportedInput& e) {
    set(tree().unsupported, e);
  } catch (const LimitExceeded& e) {
    set(tree().limit, e);
  } catch (const CatalogueError& e) {
    set(tree().catalogue, e);
  } catch (const Error& e) {
    set(tree().error, e);
  } catch (const std::system_error& e) {
    const py::tuple arguments = py::make_tuple(e.code().value(), text(e.what()));
    PyErr_SetObject(PyExc_OSError, arguments.ptr());
  }
}

template <typename Number>
void take(const py::dict& values, const char* name, Number& into, std::size_t& known) {
  if (!values.contains(name)) return;
  into = values[name].cast<Number>();
  ++known;
}

}  // namespace

void bind_errors(py::module_& m) {
  Tree& t = tree();
  t.error = make_class(m, "SynclensError", "Base of all errors of synclens.",
                       py::reinterpret_borrow<py::object>(PyExc_Exception));
  t.damaged = make_class(m, "DamagedInput", "A source of a kind we read, of which nothing can be used.",
                         py::make_tuple(t.error, py::reinterpret_borrow<py::object>(PyExc_ValueError)));
  t.unsupported = make_class(m, "UnsupportedInput", "A source of no kind we read.", t.error);
  t.limit = make_class(m, "LimitExceeded", "A limit was reached; the message names it.", t.error);
  t.catalogue =
      make_class(m, "CatalogueError", "A catalogue file is wrong; the message has file, line and reason.", t.error);
  py::register_exception_translator(&translate);
}

Ticks ticks_from(const std::optional<std::string>& iso, const Zone& zone) {
  if (!iso || iso->empty()) return no_time;
  const std::optional<IsoTime> time = parse_iso(*iso);
  if (!time)
    throw Error("not a time: '" + *iso + "'; write it like 2026-03-10, 2026-03-10T02:00 or 2026-03-10T02:00:00Z");
  return time->zoned ? time->ticks : zone.to_utc(time->ticks);
}

py::dict problem_dict(const Problem& problem) {
  py::dict result;
  result["what"] = text(problem.what);
  result["offset"] = address_part(problem.where.offset);
  result["chunk"] = address_part(problem.where.chunk);
  result["line"] = address_part(problem.where.line);
  result["near_time"] = time_or_none(problem.near_time);
  result["bytes"] = problem.bytes;
  return result;
}

py::dict account_dict(const Account& account) {
  py::dict result;
  result["size"] = account.size;
  result["read"] = account.read();
  result["skipped"] = account.skipped;
  py::list stretches;
  for (const Account::Stretch& stretch : account.stretches) {
    py::dict one;
    one["chunk"] = address_part(stretch.where.chunk);
    one["offset"] = address_part(stretch.where.offset);
    one["bytes"] = stretch.bytes;
    one["reason"] = text(stretch.reason);
    stretches.append(one);
  }
  result["stretches"] = stretches;
  result["more_stretches"] = account.more_stretches;
  result["headers"] = account.headers;
  result["records"] = account.records;
  result["free"] = account.free;
  result["chunks"] = account.chunks;
  result["checksums"] = account.checked;
  result["wrong_checksums"] = account.wrong;
  return result;
}

Limits limits_from(const py::dict& values) {
  Limits limits;
  std::size_t known = 0;
  take(values, "binxml_depth", limits.binxml_depth, known);
  take(values, "xml_event_bytes", limits.xml_event_bytes, known);
  take(values, "xml_depth", limits.xml_depth, known);
  take(values, "xml_attributes", limits.xml_attributes, known);
  take(values, "table_cell_bytes", limits.table_cell_bytes, known);
  take(values, "table_columns", limits.table_columns, known);
  take(values, "text_line_bytes", limits.text_line_bytes, known);
  take(values, "settings_bytes", limits.settings_bytes, known);
  take(values, "event_data_items", limits.event_data_items, known);
  take(values, "problems_per_source", limits.problems_per_source, known);
  take(values, "regex_memory", limits.regex_memory, known);
  if (known != values.size()) throw py::type_error("unknown limit; known are the members of limits.hpp");
  return limits;
}

}  // namespace synclens::bindings
