#include <algorithm>
#include <iterator>
#include <system_error>

#include "correlate/checks.hpp"
#include "correlate/collector.hpp"
#include "correlate/findings.hpp"
#include "correlate/parts.hpp"
#include "correlate/source_order.hpp"
#include "correlate/user_checks.hpp"
#include "correlate/verdict.hpp"
#include "correlate/wanted_events.hpp"
#include "record/ascii.hpp"
#include "synclens/correlate.hpp"
#include "synclens/error.hpp"

namespace synclens {

using namespace correlate;

std::string_view to_string(VerdictStatus status) {
  switch (status) {
    case VerdictStatus::failing:
      return "failing";
    case VerdictStatus::degraded:
      return "degraded";
    case VerdictStatus::healthy:
      return "healthy";
    case VerdictStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view to_string(FindingStatus status) {
  switch (status) {
    case FindingStatus::ongoing:
      return "ongoing";
    case FindingStatus::recovered:
      return "recovered";
    case FindingStatus::past:
      return "past";
  }
  return "past";
}

std::string_view to_string(CheckStatus status) {
  switch (status) {
    case CheckStatus::pass:
      return "pass";
    case CheckStatus::fail:
      return "fail";
    case CheckStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

namespace {

// MECLOG/<time>/EVENTLOG/<HOST>_Application.evtx: which bundle a member belongs to, and the host its logs name.
void place_in_bundle(SourceFacts& s) {
  const std::string& path = s.report.path;
  for (const std::string_view folder : {"/EVENTLOG/", "/CONFIG/", "/RUNHISTORY/", "/OBJECT/", "/CSEXPORT/"}) {
    const std::size_t at = path.find(folder);
    if (at == std::string::npos) continue;
    s.bundle = path.substr(0, at);
    if (folder != "/EVENTLOG/") continue;
    const std::string file = path.substr(at + folder.size());
    const std::size_t bar = file.find('_');
    if (bar != std::string::npos && bar > 0 && file.find('/') == std::string::npos) s.host = file.substr(0, bar);
  }
}

}  // namespace

struct Analyzer::Impl {
  Impl(std::unique_ptr<const Classifier> kept, const Classifier& c, AnalyzeOptions o)
      : options(std::move(o)), own(std::move(kept)), classifier(c), filter(make_filter()) {
    facts.since = options.since;
    facts.until = options.until;
  }

  [[nodiscard]] EventFilter make_filter() const {
    EventFilter f = wanted_events(classifier);
    f.since = options.since;
    f.until = options.until;
    return f;
  }

  AnalyzeOptions options;
  std::unique_ptr<const Classifier> own;  // null where the caller has one
  const Classifier& classifier;
  CompiledFilter filter;
  Facts facts;
};

Analyzer::Analyzer(const Catalogue& catalogue, AnalyzeOptions options) {
  auto own = std::make_unique<const Classifier>(catalogue, options.limits.regex_memory);
  const Classifier& classifier = *own;
  impl_ = std::make_unique<Impl>(std::move(own), classifier, std::move(options));
}
Analyzer::Analyzer(const Classifier& classifier, AnalyzeOptions options)
    : impl_(std::make_unique<Impl>(nullptr, classifier, std::move(options))) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;

SourceKind Analyzer::add(Source source) {
  Facts& facts = impl_->facts;
  const auto index = static_cast<std::uint32_t>(facts.sources.size());
  facts.sources.emplace_back();
  facts.sources[index].report.path = source.name;
  facts.sources[index].collected_at = source.collected_at;
  place_in_bundle(facts.sources[index]);
  Collector collector(impl_->classifier.catalogue(), impl_->classifier, impl_->options.limits, facts, index);
  DecodeOptions options;
  options.columns = Collector::looked_at;
  options.zone = impl_->options.zone;
  options.filter = &impl_->filter;
  options.recover = impl_->options.recover;
  options.open_closed = impl_->options.open_closed;
  options.limits = impl_->options.limits;
  SourceKind kind = SourceKind::unknown;
  try {
    kind = decode(std::move(source), options, collector);
  } catch (const std::system_error& error) {
    collector.problem({"reading failed: " + std::string(error.what()), {}, no_time, 0});
  } catch (const LimitExceeded& error) {
    collector.problem({error.what(), {}, no_time, 0});
  }
  facts.sources[index].report.kind = kind;
  return kind;
}

void Analyzer::add_unread(std::string name, SourceKind kind, std::string reason, bool is_problem, bool may_be_log) {
  SourceFacts s;
  s.report.path = std::move(name);
  s.report.kind = kind;
  s.may_be_log = may_be_log;
  const auto index = static_cast<std::uint32_t>(impl_->facts.sources.size());
  if (is_problem) {
    s.report.problems.push_back({std::move(reason), {}, no_time, 0});
    impl_->facts.damages.push_back({index, no_time, no_time});
  } else {
    s.report.notes.push_back(std::move(reason));
  }
  impl_->facts.sources.push_back(std::move(s));
}

Diagnosis Analyzer::conclude() const {
  order_sources(impl_->facts);
  const World world = build_world(impl_->facts, impl_->classifier.catalogue());
  const Users users = find_users(world);
  Diagnosing d{world, users, {}, {}};
  Diagnosis result;
  result.build = build_in_evidence(world);
  result.identity = identity_in_evidence(world);
  collect_sightings(d);
  collect_setting_sightings(d);
  collect_object_sightings(d);
  break_ties(d);
  judge_build(d, result.build);
  judge(d);
  drop_explained_states(d);
  find_silences(d);
  find_unreadable_hashes(d);
  name_changes(d);

  std::vector<const Incident*> incidents;
  result.findings = make_findings(d, incidents, result.build, result.identity);
  result.verdict = reach_verdict(d, result.findings, incidents);
  result.checks = make_checks(d, result.build, result.not_evaluated);
  if (!impl_->options.user.empty()) {
    std::vector<Check> own = make_user_checks(d, impl_->options.user, result.not_evaluated);
    std::move(own.begin(), own.end(), std::back_inserter(result.checks));
  }
  result.users = list_users(d, result.findings, incidents);
  result.logs = list_logs(world);
  result.gaps = list_gaps(world);
  result.unclassified = list_unclassified(world);
  result.timeline = list_timeline(world);
  for (const SourceFacts& s : impl_->facts.sources) result.inputs.push_back(s.report);
  std::stable_sort(result.inputs.begin(), result.inputs.end(),
                   [](const InputReport& a, const InputReport& b) { return a.path < b.path; });
  return result;
}

}  // namespace synclens
