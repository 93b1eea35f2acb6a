#include <algorithm>
#include <utility>

#include "convert.hpp"
#include "python_stream.hpp"
#include "synclens/classify.hpp"
#include "synclens/columns.hpp"
#include "synclens/decode.hpp"
#include "synclens/error.hpp"
#include "synclens/render.hpp"

namespace synclens::bindings {
namespace {

// Puts what a decoder delivers into columns, explained where there is a classifier.
class Explaining : public RecordSink {
 public:
  Explaining(EventColumns& columns, const Classifier* classifier, const std::vector<std::string>& causes)
      : columns_(columns), classifier_(classifier), causes_(causes) {}

  void event(const EventView& event) override {
    if (classifier_ == nullptr) return columns_.event(event);
    words_.clear();
    append_event_text(event, words_);
    const std::optional<Explanation> found = classifier_->event(event, words_);
    const Rule* const rule = found ? found->rule : nullptr;
    const std::string_view cause = rule != nullptr ? std::string_view(rule->cause) : std::string_view();
    if (!causes_.empty() && std::find(causes_.begin(), causes_.end(), cause) == causes_.end()) return;
    columns_.add(event, rule != nullptr ? std::string_view(rule->id) : std::string_view(), cause);
  }
  void problem(Problem problem) override { columns_.problem(std::move(problem)); }
  void note(std::string note) override { columns_.note(std::move(note)); }

 private:
  EventColumns& columns_;
  const Classifier* classifier_;
  const std::vector<std::string>& causes_;
  std::string words_;
};

EventFilter filter_from(const py::dict& wanted, const Zone& zone) {
  EventFilter filter;
  const auto texts = [&wanted](const char* name) { return wanted[name].cast<std::vector<std::string>>(); };
  for (const auto& item : wanted) {
    const auto name = item.first.cast<std::string>();
    if (name == "providers")
      filter.providers = texts("providers"), filter.accept_missing_provider = false;
    else if (name == "ids")
      filter.ids = item.second.cast<std::vector<std::uint32_t>>();
    else if (name == "levels")
      filter.levels = item.second.cast<std::vector<std::uint8_t>>();
    else if (name == "channels")
      filter.channels = texts("channels");
    else if (name == "computers")
      filter.computers = texts("computers");
    else if (name == "since")
      filter.since = ticks_from(item.second.cast<std::string>(), zone);
    else if (name == "until")
      filter.until = ticks_from(item.second.cast<std::string>(), zone);
    else if (name == "first_record")
      filter.first_record = item.second.cast<std::uint64_t>();
    else if (name == "last_record")
      filter.last_record = item.second.cast<std::uint64_t>();
    else if (name == "text")
      filter.text = item.second.cast<std::string>();
    else
      throw py::type_error("unknown condition of a filter: " + name);
  }
  return filter;
}

class EventReader {
 public:
  EventReader(const py::dict& wanted, const std::string& tz, bool recover, bool open_closed, const py::dict& limits,
              std::shared_ptr<Catalogue> catalogue, std::vector<std::string> causes)
      : zone_(Zone::named(tz)),
        filter_(filter_from(wanted, zone_)),
        catalogue_(std::move(catalogue)),
        causes_(std::move(causes)) {
    options_.zone = zone_;
    options_.filter = &filter_;
    options_.recover = recover;
    options_.open_closed = open_closed;
    options_.limits = limits_from(limits);
    if (catalogue_ != nullptr) classifier_.emplace(*catalogue_, options_.limits.regex_memory);
  }
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  std::string add_path(const std::string& path, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    return add(stream_over(open_file(path), pending), name, collected, pending);
  }
  std::string add_bytes(const py::bytes& data, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    const auto view = static_cast<std::string_view>(data);
    return add(stream_over(open_memory(as_bytes(view)), pending), name, collected, pending);
  }
  std::string add_stream(const py::object& file, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    return add(stream_over(file, pending), name, collected, pending);
  }
  void add_unread(const std::string& name, const std::string& kind, const std::string& reason, bool is_problem) {
    (void)kind;
    if (is_problem) unread_.emplace_back(name, Problem{reason, {}, no_time, 0});
  }

  EventTable finish() {
    py::gil_scoped_release release;
    return columns_.finish();
  }

  py::list problems() const {
    py::list result;
    for (const auto& [name, problem] : unread_) {
      py::dict one = problem_dict(problem);
      one["source"] = text(name);
      result.append(one);
    }
    return result;
  }

 private:
  std::string add(std::unique_ptr<ByteStream> stream, const std::string& name,
                  const std::optional<std::string>& collected, Pending& pending) {
    Source source{name, std::move(stream), ticks_from(collected, zone_)};
    columns_.begin_source(name);
    const std::size_t before = columns_.problems().size();
    const SourceKind kind = without_gil(pending, [&] {
      Explaining sink(columns_, classifier_ ? &*classifier_ : nullptr, causes_);
      return decode(std::move(source), options_, sink);
    });
    for (std::size_t i = before; i < columns_.problems().size(); ++i)
      unread_.emplace_back(name, columns_.problems()[i]);
    return std::string(to_string(kind));
  }

  Zone zone_;
  CompiledFilter filter_;
  std::shared_ptr<Catalogue> catalogue_;
  std::optional<Classifier> classifier_;
  std::vector<std::string> causes_;
  DecodeOptions options_;
  EventColumns columns_;
  std::vector<std::pair<std::string, Problem>> unread_;
};

// Hands text to a Python callable; stops when that raises.
class PythonSink : public TextSink {
 public:
  PythonSink(py::object write, Pending& pending) : write_(std::move(write)), pending_(pending) {}
  [[nodiscard]] bool write(std::string_view words) override {
    py::gil_scoped_acquire acquire;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      write_(py::bytes(words.data(), words.size()));
      return true;
    } catch (py::error_already_set& error) {
      pending_.keep(std::move(error));
      return false;
    }
  }

 private:
  py::object write_;
  Pending& pending_;
};

py::dict dump(const py::object& source, const py::object& write, const std::string& format, unsigned threads,
              bool recover) {
  RenderOptions options;
  if (format != "xml" && format != "jsonl") throw Error("no such format: " + format + " (known: xml, jsonl)");
  options.format = format == "xml" ? RenderFormat::xml : RenderFormat::jsonl;
  options.threads = threads;
  options.decode.recover = recover;
  Pending pending;
  const std::unique_ptr<ByteStream> stream = py::isinstance<py::str>(source)
                                                 ? stream_over(open_file(source.cast<std::string>()), pending)
                                                 : stream_over(source, pending);
  PythonSink out(write, pending);
  const RenderReport report = without_gil(pending, [&] { return render_evtx(*stream, options, out); });
  py::list problems;
  for (const Problem& problem : report.problems) problems.append(problem_dict(problem));
  py::dict result;
  result["records"] = report.records;
  result["problems"] = problems;
  return result;
}

}  // namespace

void bind_decode(py::module_& m) {
  py::class_<EventReader>(m, "EventReader", "Reads the events of sources, one after the other, into columns.")
      .def(py::init<const py::dict&, const std::string&, bool, bool, const py::dict&, std::shared_ptr<Catalogue>,
                    std::vector<std::string>>(),
           py::arg("wanted") = py::dict(), py::kw_only(), py::arg("tz") = "UTC", py::arg("recover") = false,
           py::arg("open_closed") = false, py::arg("limits") = py::dict(), py::arg("catalogue") = py::none(),
           py::arg("causes") = std::vector<std::string>())
      .def("add_path", &EventReader::add_path, py::arg("path"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_bytes", &EventReader::add_bytes, py::arg("data"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_stream", &EventReader::add_stream, py::arg("file"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_unread", &EventReader::add_unread, py::arg("name"), py::arg("kind"), py::arg("reason"),
           py::arg("is_problem"))
      .def("finish", &EventReader::finish, "All events since the last call.")
      .def("problems", &EventReader::problems, "What could not be read, each with its source.");
  m.def("dump", &dump, py::arg("source"), py::arg("write"), py::kw_only(), py::arg("format") = "xml",
        py::arg("threads") = 1, py::arg("recover") = false,
        "Prints every record of an event log (a path or a binary file) through write(bytes).");
}

}  // namespace synclens::bindings
