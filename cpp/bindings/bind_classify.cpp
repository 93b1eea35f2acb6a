
#include "convert.hpp"
#include "synclens/classify.hpp"

namespace synclens::bindings {
namespace {

py::list references_list(const std::vector<Reference>& references) {
  py::list result;
  for (const Reference& reference : references) {
    py::dict one;
    one["title"] = text(reference.title);
    one["url"] = text(reference.url);
    result.append(one);
  }
  return result;
}

py::list texts(const std::vector<std::string>& values) {
  py::list result;
  for (const std::string& value : values) result.append(text(value));
  return result;
}

py::dict fix_dict(const FixStep& step) {
  py::dict result, when;
  result["text"] = text(step.text);
  result["command"] = text_or_none(step.command);
  result["role"] = text_or_none(step.role);
  result["restarts"] = text_or_none(step.restarts);
  result["once"] = step.once;
  result["verify"] = step.verify;
  const auto condition = [&when](const char* name, const std::string& value) {
    if (!value.empty()) when[name] = text(value);
  };
  condition("identity", step.when.identity);
  condition("build_from", step.when.build_from);
  condition("build_below", step.when.build_below);
  condition("field", step.when.field);
  condition("equals", step.when.equals);
  result["when"] = when;
  return result;
}

py::dict cause_dict(const Cause& cause) {
  py::dict result;
  py::list fix;
  for (const FixStep& step : cause.fix) fix.append(fix_dict(step));
  result["id"] = text(cause.id);
  result["title"] = text(cause.title);
  result["severity"] = text(to_string(cause.severity));
  result["scope"] = text(to_string(cause.scope));
  result["confidence"] = text(to_string(cause.confidence));
  result["password_sync"] = cause.password_sync;
  result["order"] = cause.order;
  result["why"] = text(cause.why);
  result["fix"] = fix;
  result["reference"] = references_list(cause.references);
  return result;
}

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::integer:
      return "int";
    case FieldType::guid:
      return "guid";
    case FieldType::time:
      return "time";
    case FieldType::text:
      break;
  }
  return "text";
}

py::dict match_dict(const Rule& rule) {
  py::dict match;
  if (!rule.providers.empty()) match["provider"] = texts(rule.providers);
  if (!rule.event_ids.empty()) match["event_id"] = py::cast(rule.event_ids);
  if (!rule.levels.empty()) {
    py::list levels;
    for (const std::uint8_t level : rule.levels) levels.append(static_cast<int>(level));
    match["level"] = levels;
  }
  if (!rule.text.empty()) match["text"] = text(rule.text);
  if (!rule.status.empty()) match["status"] = text(rule.status);
  if (!rule.setting.empty()) match["setting"] = text(rule.setting);
  if (!rule.value.empty()) match["value"] = text(rule.value);
  return match;
}

py::dict rule_dict(const Rule& rule) {
  py::dict result, fields, constants, builds;
  py::list tests;
  for (const auto& [name, type] : rule.fields) fields[text(name)] = text(type_name(type));
  for (const auto& [name, value] : rule.constants) constants[text(name)] = text(value);
  if (!rule.build_from.empty()) builds["from"] = text(rule.build_from);
  if (!rule.build_below.empty()) builds["below"] = text(rule.build_below);
  for (const Rule::Test& test : rule.tests) {
    py::dict one;
    if (!test.hit.empty()) one["hit"] = text(test.hit);
    if (!test.miss.empty()) one["miss"] = text(test.miss);
    if (!test.provider.empty()) one["provider"] = text(test.provider);
    if (test.event_id) one["event_id"] = *test.event_id;
    tests.append(one);
  }
  result["id"] = text(rule.id);
  result["cause"] = text_or_none(rule.cause);
  result["title"] = text(rule.title);
  result["summary"] = text(rule.summary);
  result["severity"] = rule.severity ? py::object(text(to_string(*rule.severity))) : py::object(py::none());
  result["confidence"] = text(to_string(rule.confidence));
  result["match"] = match_dict(rule);
  result["fields"] = fields;
  result["constant"] = constants;
  result["builds"] = builds;
  result["reference"] = references_list(rule.references);
  result["test"] = tests;
  result["file"] = text(rule.file);
  result["line"] = rule.line;
  return result;
}

py::dict build_dict(const Build& build) {
  py::dict result;
  result["version"] = text(build.version);
  result["end_of_support"] = text_or_none(build.end_of_support);
  result["source"] = text(build.source);
  result["note"] = text_or_none(build.note);
  return result;
}

py::dict entry_dict(const Entry& entry) {
  py::dict result;
  result["kind"] = text(entry.kind);
  result["id"] = text(entry.id);
  result["aliases"] = texts(entry.aliases);
  result["title"] = text(entry.title);
  result["text"] = text(entry.text);
  result["action"] = text_or_none(entry.action);
  result["causes"] = texts(entry.causes);
  result["providers"] = texts(entry.providers);
  result["confidence"] = text(entry.confidence);
  result["source"] = text(entry.source);
  result["reference"] = references_list(entry.references);
  return result;
}

py::object explanation(const std::optional<Explanation>& found) {
  if (!found || found->rule == nullptr) return py::none();
  py::dict result, fields;
  for (const auto& [name, value] : found->fields) fields[text(name)] = text(value);
  result["rule"] = text(found->rule->id);
  result["cause"] = text_or_none(found->rule->cause);
  result["runner_up"] = found->runner_up == nullptr ? py::object(py::none()) : py::object(text(found->runner_up->id));
  result["fields"] = fields;
  return result;
}

py::object classify_event(const Classifier& classifier, const std::optional<std::string>& provider, std::uint32_t id,
                          const std::string& words, std::uint8_t level) {
  EventView event;
  if (provider) {
    event.provider = *provider;
    event.give(EventField::provider);
  }
  event.event_id = id;
  event.give(EventField::event_id);
  event.level = level;
  if (level != 0) event.give(EventField::level);
  event.message = words;
  event.give(EventField::message);
  return explanation(classifier.event(event, words));
}

}  // namespace

void bind_classify(py::module_& m) {
  py::class_<Catalogue, std::shared_ptr<Catalogue>>(m, "Catalogue", "The knowledge as data. Immutable.")
      .def_static(
          "load",
          [](const std::vector<std::string>& directories, bool with_entries) {
            py::gil_scoped_release release;
            return std::make_shared<Catalogue>(Catalogue::load(directories, with_entries));
          },
          py::arg("directories"), py::arg("with_entries") = false,
          "Reads every *.toml below each directory. Raises CatalogueError with file, line and reason.")
      .def_property_readonly("version", [](const Catalogue& c) { return text(c.version()); })
      .def("causes", [](const Catalogue& c) { return each(c.causes(), cause_dict); })
      .def("rules", [](const Catalogue& c) { return each(c.rules(), rule_dict); })
      .def("builds", [](const Catalogue& c) { return each(c.builds(), build_dict); })
      .def("entries", [](const Catalogue& c) { return each(c.entries(), entry_dict); })
      .def(
          "lint", [](const Catalogue& c) { return texts(lint(c)); }, "Findings about the catalogue: file:line: reason.")
      .def(
          "run_tests", [](const Catalogue& c) { return texts(run_rule_tests(c)); }, "Samples that do not behave.");

  py::class_<Classifier>(m, "Classifier", "The rules of a catalogue, compiled.")
      .def(py::init([](const Catalogue& catalogue) { return Classifier(catalogue, Limits{}.regex_memory); }),
           py::arg("catalogue"), py::keep_alive<1, 2>())
      .def("event", &classify_event, py::arg("provider"), py::arg("event_id"), py::arg("text"), py::arg("level") = 0)
      .def(
          "status", [](const Classifier& c, const std::string& word) { return explanation(c.status(word)); },
          py::arg("word"))
      .def(
          "setting",
          [](const Classifier& c, const std::string& topic, const std::string& subject, const std::string& name,
             const std::string& value) {
            Setting setting;
            setting.topic = topic;
            setting.subject = subject;
            setting.name = name;
            setting.value = value;
            return explanation(c.setting(setting));
          },
          py::arg("topic"), py::arg("subject"), py::arg("name"), py::arg("value"))
      .def("providers", [](const Classifier& c) { return texts(c.providers()); });
}

}  // namespace synclens::bindings
