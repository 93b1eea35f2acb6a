#include <algorithm>
#include <utility>

#include "convert.hpp"
#include "python_stream.hpp"
#include "synclens/classify.hpp"
#include "synclens/columns.hpp"
#include "synclens/decode.hpp"
#include "synclens/error.hpp"
#include "synclens/render.hpp"
#include "table_shape.hpp"

namespace synclens::bindings {
namespace {

// Says what the catalogue makes of events, and which of them are wanted for that.
struct Explainer {
  const Classifier* classifier = nullptr;  // null: nothing is explained and all are wanted
  const std::vector<std::string>& causes;

  // False where the event is not wanted.
  bool explain(const EventView& event, std::string& words, std::string_view& rule, std::string_view& cause) const {
    if (classifier == nullptr) return true;
    words.clear();
    append_event_text(event, words);
    const std::optional<Explanation> found = classifier->match(event, words);
    if (found && found->rule != nullptr) {
      rule = found->rule->id;
      cause = found->rule->cause;
    }
    return causes.empty() || std::find(causes.begin(), causes.end(), cause) != causes.end();
  }
};

// Counts the events that are wanted, and puts them into columns where there are any.
class Gatherer : public PartedSink {
 public:
  Gatherer(Explainer explainer, EventColumns& columns, bool count_only)
      : explainer_(explainer), columns_(columns), count_only_(count_only) {}

  void event(const EventView& event) override {
    std::string_view rule, cause;
    if (!explainer_.explain(event, words_, rule, cause)) return;
    ++count;
    if (!count_only_) columns_.add(event, rule, cause);
  }
  void problem(Problem problem) override { columns_.problem(std::move(problem)); }
  void note(std::string note) override { columns_.note(std::move(note)); }

  [[nodiscard]] std::unique_ptr<RecordSink> part() override {
    return std::make_unique<Part>(explainer_, count_only_ ? nullptr : columns_.column_part());
  }
  void take(RecordSink& part) override {
    auto& filled = dynamic_cast<Part&>(part);
    if (filled.columns) {
      count += filled.columns->added() - std::exchange(filled.count, filled.columns->added());
      columns_.take(*filled.columns);
    } else {
      count += std::exchange(filled.count, 0);
    }
  }

  std::uint64_t count = 0;

 private:
  struct Part : RecordSink {
    Part(Explainer e, std::unique_ptr<EventColumns::Part> c) : explainer(e), columns(std::move(c)) {}
    void event(const EventView& event) override {
      std::string_view rule, cause;
      if (!explainer.explain(event, words, rule, cause)) return;
      if (columns) {
        columns->add(event, rule, cause);
      } else {
        ++count;
      }
    }
    // Only what is explained must be seen as an event.
    RowWriter* rows() override { return columns && explainer.classifier == nullptr ? columns->rows() : nullptr; }
    void problem(Problem) override {}  // go to the whole, never to a part

    Explainer explainer;
    std::unique_ptr<EventColumns::Part> columns;
    std::uint64_t count = 0;  // that was counted and not put into columns; else how many the whole knows of
    std::string words;
  };

  Explainer explainer_;
  EventColumns& columns_;
  bool count_only_;
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
              std::shared_ptr<Catalogue> catalogue, std::vector<std::string> causes,
              const std::optional<std::vector<std::string>>& columns, const std::string& time, unsigned threads,
              bool count_only)
      : zone_(Zone::named(tz)),
        filter_(filter_from(wanted, zone_)),
        catalogue_(std::move(catalogue)),
        causes_(std::move(causes)),
        count_only_(count_only),
        columns_(shape_of(columns, time)) {
    options_.columns = catalogue_ != nullptr ? ColumnSet::all()
                       : count_only          ? ColumnSet()
                                             : shape_of(columns, time).set();
    options_.marks = false;
    options_.threads = threads;
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
  std::string add_bytes(const py::object& data, const std::string& name, const std::optional<std::string>& collected) {
    Pending pending;
    const HeldBuffer held(data);
    return add(stream_over(open_memory(held.bytes()), pending), name, collected, pending);
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
  [[nodiscard]] std::uint64_t count() const { return count_; }

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
      Gatherer gatherer({classifier_ ? &*classifier_ : nullptr, causes_}, columns_, count_only_);
      const SourceKind found = decode_in_parts(std::move(source), options_, gatherer);
      count_ += gatherer.count;
      return found;
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
  bool count_only_ = false;
  std::uint64_t count_ = 0;
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
              bool recover, bool verify) {
  RenderOptions options;
  if (format != "xml" && format != "jsonl") throw Error("no such format: " + format + " (known: xml, jsonl)");
  options.format = format == "xml" ? RenderFormat::xml : RenderFormat::jsonl;
  options.threads = threads;
  options.decode.recover = recover;
  options.decode.verify = verify;
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
  result["account"] = account_dict(report.account);
  return result;
}

}  // namespace

void bind_decode(py::module_& m) {
  py::class_<EventReader>(m, "EventReader", "Reads the events of sources, one after the other, into columns.")
      .def(py::init<const py::dict&, const std::string&, bool, bool, const py::dict&, std::shared_ptr<Catalogue>,
                    std::vector<std::string>, const std::optional<std::vector<std::string>>&, const std::string&,
                    unsigned, bool>(),
           py::arg("wanted") = py::dict(), py::kw_only(), py::arg("tz") = "UTC", py::arg("recover") = false,
           py::arg("open_closed") = false, py::arg("limits") = py::dict(), py::arg("catalogue") = py::none(),
           py::arg("causes") = std::vector<std::string>(), py::arg("columns") = py::none(), py::arg("time") = "us",
           py::arg("threads") = 1, py::arg("count_only") = false)
      .def("add_path", &EventReader::add_path, py::arg("path"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_bytes", &EventReader::add_bytes, py::arg("data"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_stream", &EventReader::add_stream, py::arg("file"), py::arg("name"), py::arg("collected") = py::none())
      .def("add_unread", &EventReader::add_unread, py::arg("name"), py::arg("kind"), py::arg("reason"),
           py::arg("is_problem"))
      .def("finish", &EventReader::finish, "All events since the last call.")
      .def("count", &EventReader::count, "How many events were read in all; with count_only they are not kept.")
      .def("problems", &EventReader::problems, "What could not be read, each with its source.");
  m.def("dump", &dump, py::arg("source"), py::arg("write"), py::kw_only(), py::arg("format") = "xml",
        py::arg("threads") = 1, py::arg("recover") = false, py::arg("verify") = false,
        "Prints every record of an event log (a path or a binary file) through write(bytes).");
}

}  // namespace synclens::bindings
