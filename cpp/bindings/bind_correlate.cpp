#include <utility>

#include "convert.hpp"
#include "diagnosis_dict.hpp"
#include "python_stream.hpp"
#include "synclens/correlate.hpp"
#include "synclens/error.hpp"

namespace synclens::bindings {
namespace {

SourceKind source_kind_named(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(SourceKind::archive); ++i) {
    const auto kind = static_cast<SourceKind>(i);
    if (to_string(kind) == name) return kind;
  }
  throw Error("no kind of source: " + name);
}

// An analyzer with all it borrows.
class PyAnalyzer {
 public:
  PyAnalyzer(std::shared_ptr<Catalogue> catalogue, AnalyzeOptions options)
      : catalogue_(std::move(catalogue)), zone_(options.zone), analyzer_(*catalogue_, std::move(options)) {}

  std::string add_path(const std::string& path, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    return add(stream_over(open_file(path), pending), name, collected, pending);
  }

  std::string add_bytes(const py::object& data, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    const HeldBuffer held(data);
    return add(stream_over(open_memory(held.bytes()), pending), name, collected, pending);
  }

  std::string add_stream(const py::object& file, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    return add(stream_over(file, pending), name, collected, pending);
  }

  void add_unread(const std::string& name, const std::string& kind, const std::string& reason, bool is_problem,
                  bool may_be_log) {
    analyzer_.add_unread(name, source_kind_named(kind), reason, is_problem, may_be_log);
  }

  py::dict conclude() const {
    const Diagnosis diagnosis = [this] {
      py::gil_scoped_release release;
      return analyzer_.conclude();
    }();
    return diagnosis_dict(diagnosis);
  }

 private:
  std::string add(std::unique_ptr<ByteStream> stream, const std::string& name,
                  const std::optional<std::string>& collected, Pending& pending) {
    Source source{name, std::move(stream), ticks_from(collected, zone_)};
    const SourceKind kind = without_gil(pending, [&] { return analyzer_.add(std::move(source)); });
    return std::string(to_string(kind));
  }

  std::shared_ptr<Catalogue> catalogue_;
  Zone zone_;
  Analyzer analyzer_;
};

}  // namespace

void bind_correlate(py::module_& m) {
  py::class_<PyAnalyzer>(m, "Analyzer",
                         "Collects sources one after the other, then concludes. For one thread at a time.")
      .def(py::init([](std::shared_ptr<Catalogue> catalogue, const std::string& tz,
                       const std::optional<std::string>& since, const std::optional<std::string>& until, bool recover,
                       bool open_closed, const std::string& user, const py::dict& limits) {
             AnalyzeOptions options;
             options.zone = Zone::named(tz);
             options.since = ticks_from(since, options.zone);
             options.until = ticks_from(until, options.zone);
             options.recover = recover;
             options.open_closed = open_closed;
             options.user = user;
             options.limits = limits_from(limits);
             return std::make_unique<PyAnalyzer>(std::move(catalogue), std::move(options));
           }),
           py::arg("catalogue"), py::kw_only(), py::arg("tz") = "UTC", py::arg("since") = py::none(),
           py::arg("until") = py::none(), py::arg("recover") = false, py::arg("open_closed") = false,
           py::arg("user") = "", py::arg("limits") = py::dict())
      .def("add_path", &PyAnalyzer::add_path, py::arg("path"), py::arg("name"), py::arg("collected") = py::none(),
           "Reads a file to its end and returns its kind. Raises OSError when it cannot be opened.")
      .def("add_bytes", &PyAnalyzer::add_bytes, py::arg("data"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_stream", &PyAnalyzer::add_stream, py::arg("file"), py::arg("name"), py::arg("collected") = py::none(),
           "Reads a binary file object to its end.")
      .def("add_unread", &PyAnalyzer::add_unread, py::arg("name"), py::arg("kind"), py::arg("reason"),
           py::arg("is_problem"), py::arg("may_be_log") = false,
           "Counts a source that was left closed or could not be opened; nothing is healthy where a log may be lost.")
      .def("conclude", &PyAnalyzer::conclude, "The diagnosis in the shape of the JSON contract.");
}

}  // namespace synclens::bindings
