// One source from sniffing to the verdict, with the shipped catalogue.
#include <cstdlib>
#include <memory>
#include <string>

#include "checks.hpp"
#include "synclens/correlate.hpp"

using namespace synclens;

namespace {

// Compiled once: patterns that each input compiled anew took most of the time.
const Classifier& classifier() {
  static const Catalogue loaded = [] {
    const std::string folder = SYNCLENS_SOURCE_DIR "/python/synclens/catalogue";
    return Catalogue::load(std::span(&folder, 1));
  }();
  static const Classifier compiled(loaded, Limits{}.regex_memory);
  return compiled;
}

void check(std::string_view text) {
  fuzz::require(fuzz::valid_utf8(text), "a diagnosis that is not UTF-8", text);
}

void check(const Diagnosis& d) {
  check(d.verdict.summary);
  for (const Finding& f : d.findings) {
    fuzz::require(!f.cause.empty() && !f.title.empty(), "a finding without a cause");
    // A silence is the one finding that no record carries.
    fuzz::require(f.count > 0 || f.cause == "channel-silent", "a finding of nothing", f.cause);
    fuzz::require(f.first_seen <= f.last_seen, "a finding that ends before it began", f.cause);
    check(f.summary);
    check(f.title);
    for (const FilledStep& step : f.fix) check(step.text), check(step.command);
    for (const auto& [name, value] : f.fields) check(name);
  }
  for (const UserState& user : d.users)
    check(user.dn.value_or("")), check(user.anchor.value_or("")), check(user.status);
  for (const LogCoverage& log : d.logs) {
    fuzz::require(log.first_time <= log.last_time, "a log that ends before it begins");
  }
  // "Healthy" has to rest on records.
  if (d.verdict.status == VerdictStatus::healthy) {
    fuzz::require(!d.inputs.empty() && d.inputs[0].records > 0, "healthy without a record");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input = fuzz::split(data, size);
  constexpr const char* names[] = {"log.evtx", "MECLOG/20261103/EVENTLOG/AADC01_Application.evtx", "settings.txt",
                                   "CONFIG/x.xml"};
  Source source;
  source.name = names[input.choice & 3];
  source.stream = std::make_unique<fuzz::Pieces>(input.bytes, (input.choice & 4) != 0 ? 7 : input.bytes.size() + 1);
  AnalyzeOptions options;
  options.recover = (input.choice & 8) != 0;
  if ((input.choice & 16) != 0) options.user = "Ana";
  Analyzer analyzer(classifier(), options);
  analyzer.add(std::move(source));
  check(analyzer.conclude());
  return 0;
}
