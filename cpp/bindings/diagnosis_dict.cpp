#include "diagnosis_dict.hpp"

namespace synclens::bindings {
namespace {

py::object line(const std::string& value) {
  return text(value);
}

py::dict scope_dict(const Scope& scope) {
  py::dict result;
  result["kind"] = text(to_string(scope.kind));
  result["name"] = optional_text(scope.name);
  return result;
}

py::dict input_dict(const InputReport& input) {
  py::dict result;
  result["path"] = text(input.path);
  result["kind"] = text(to_string(input.kind));
  result["sha256"] = py::none();
  result["records"] = input.records;
  result["problems"] = each(input.problems, problem_dict);
  result["more_problems"] = input.more_problems;
  result["notes"] = each(input.notes, line);
  result["first_time"] = time_or_none(input.first_time);
  result["last_time"] = time_or_none(input.last_time);
  result["account"] = input.account ? py::object(account_dict(*input.account)) : py::object(py::none());
  return result;
}

py::dict check_dict(const Check& check) {
  py::dict result;
  result["id"] = text(check.id);
  result["title"] = text(check.title);
  result["status"] = text(to_string(check.status));
  result["why"] = text(check.why);
  result["scope"] = check.scope ? py::object(scope_dict(*check.scope)) : py::object(py::none());
  return result;
}

py::dict step_dict(const FilledStep& step) {
  py::dict result;
  result["text"] = text(step.text);
  result["command"] = text_or_none(step.command);
  result["role"] = text_or_none(step.role);
  result["restarts"] = text_or_none(step.restarts);
  result["once"] = step.once;
  result["verify"] = step.verify;
  return result;
}

py::dict reference_dict(const Reference& reference) {
  py::dict result;
  result["title"] = text(reference.title);
  result["url"] = text(reference.url);
  return result;
}

py::dict evidence_dict(const Evidence& evidence) {
  py::dict result;
  result["source"] = text(evidence.source);
  result["record_id"] = number_or_none(evidence.record_id);
  result["offset"] = number_or_none(evidence.offset);
  result["line"] = number_or_none(evidence.line);
  result["time"] = time_or_none(evidence.time);
  result["excerpt"] = text(evidence.excerpt);
  return result;
}

py::dict finding_dict(const Finding& finding) {
  py::dict result, fields;
  for (const auto& [name, values] : finding.fields) fields[text(name)] = each(values, line);
  result["id"] = text(finding.id);
  result["cause"] = text(finding.cause);
  result["rule"] = text_or_none(finding.rule);
  result["severity"] = text(to_string(finding.severity));
  result["status"] = text(to_string(finding.status));
  result["confidence"] = text(to_string(finding.confidence));
  result["scope"] = scope_dict(finding.scope);
  result["title"] = text(finding.title);
  result["summary"] = text(finding.summary);
  result["why"] = text(finding.why);
  result["fix"] = each(finding.fix, step_dict);
  result["references"] = each(finding.references, reference_dict);
  result["fields"] = fields;
  result["first_seen"] = time_or_none(finding.first_seen);
  result["last_seen"] = time_or_none(finding.last_seen);
  result["recovered_at"] = time_or_none(finding.recovered_at);
  result["count"] = finding.count;
  result["evidence"] = each(finding.evidence, evidence_dict);
  result["password_sync"] = finding.password_sync;
  return result;
}

py::dict user_dict(const UserState& user) {
  py::dict result;
  result["dn"] = optional_text(user.dn);
  result["anchor"] = optional_text(user.anchor);
  result["status"] = text(user.status);
  result["last_request"] = time_or_none(user.last_request);
  result["last_result"] = time_or_none(user.last_result);
  result["cause"] = optional_text(user.cause);
  result["history"] = each(user.history, line);
  return result;
}

py::dict log_dict(const LogCoverage& log) {
  py::dict result;
  result["path"] = text(log.path);
  result["computer"] = text_or_none(log.computer);
  result["channel"] = text_or_none(log.channel);
  result["records"] = log.records;
  result["password_sync_records"] = log.password_sync_records;
  result["missing_records"] = log.missing_records;
  result["first_time"] = time_or_none(log.first_time);
  result["last_time"] = time_or_none(log.last_time);
  result["remarks"] = each(log.remarks, line);
  return result;
}

py::dict coverage_dict(const Diagnosis& diagnosis) {
  py::dict result;
  result["logs"] = each(diagnosis.logs, log_dict);
  result["gaps"] = each(diagnosis.gaps, [](const Gap& gap) {
    py::dict one;
    one["path"] = text(gap.path);
    one["from"] = time_or_none(gap.from);
    one["to"] = time_or_none(gap.to);
    one["reason"] = text(gap.reason);
    return one;
  });
  result["not_evaluated"] = each(diagnosis.not_evaluated, [](const NotEvaluated& missing) {
    py::dict one;
    one["check"] = text(missing.check);
    one["missing"] = text(missing.missing);
    return one;
  });
  return result;
}

}  // namespace

py::dict diagnosis_dict(const Diagnosis& diagnosis) {
  py::dict result, verdict, server;
  verdict["status"] = text(to_string(diagnosis.verdict.status));
  verdict["summary"] = text(diagnosis.verdict.summary);
  verdict["since"] = time_or_none(diagnosis.verdict.since);
  server["build"] = text_or_none(diagnosis.build);
  server["identity"] = text_or_none(diagnosis.identity);
  result["inputs"] = each(diagnosis.inputs, input_dict);
  result["verdict"] = verdict;
  result["checks"] = each(diagnosis.checks, check_dict);
  result["findings"] = each(diagnosis.findings, finding_dict);
  result["users"] = each(diagnosis.users, user_dict);
  result["coverage"] = coverage_dict(diagnosis);
  result["unclassified"] = each(diagnosis.unclassified, [](const Unclassified& kind) {
    py::dict one;
    one["provider"] = text(kind.provider);
    one["event_id"] = kind.event_id;
    one["count"] = kind.count;
    one["example"] = text(kind.example);
    return one;
  });
  result["timeline"] = each(diagnosis.timeline, [](const TimelineMark& mark) {
    py::dict one;
    one["time"] = time_or_none(mark.time);
    one["lane"] = text(mark.lane);
    one["kind"] = text(mark.kind);
    one["text"] = text(mark.text);
    return one;
  });
  result["server"] = server;
  return result;
}

}  // namespace synclens::bindings
