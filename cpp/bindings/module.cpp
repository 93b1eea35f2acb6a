// Table of contents of synclens._core: one call per stage, in the order of the data's way.
#include "convert.hpp"

namespace synclens::bindings {

void bind_errors(py::module_& m);
void bind_read(py::module_& m);
void bind_record(py::module_& m);
void bind_small_table(py::module_& m);
void bind_decode(py::module_& m);
void bind_classify(py::module_& m);
void bind_correlate(py::module_& m);

}  // namespace synclens::bindings

PYBIND11_MODULE(_core, m, pybind11::mod_gil_not_used()) {
  using namespace synclens::bindings;
  m.doc() = "The C++ core of synclens: read, decode, record, classify, correlate.";
  m.attr("__version__") = SYNCLENS_VERSION;
  bind_errors(m);
  bind_read(m);
  bind_record(m);
  bind_small_table(m);
  bind_decode(m);
  bind_classify(m);
  bind_correlate(m);
}
