#include <doctest/doctest.h>

#include <algorithm>
#include <system_error>

#include "support/failing_stream.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("analyzer: nothing at all is unknown") {
  const Diagnosis d = Analyzer(shipped_catalogue()).conclude();
  CHECK(said(d) == "unknown: none");
  CHECK_FALSE(d.checks.empty());
  CHECK_FALSE(d.verdict.summary.empty());
}

TEST_CASE("analyzer: the words of the report") {
  CHECK(to_string(VerdictStatus::failing) == "failing");
  CHECK(to_string(VerdictStatus::degraded) == "degraded");
  CHECK(to_string(VerdictStatus::healthy) == "healthy");
  CHECK(to_string(VerdictStatus::unknown) == "unknown");
  CHECK(to_string(FindingStatus::ongoing) == "ongoing");
  CHECK(to_string(FindingStatus::recovered) == "recovered");
  CHECK(to_string(FindingStatus::past) == "past");
  CHECK(to_string(CheckStatus::pass) == "pass");
  CHECK(to_string(CheckStatus::fail) == "fail");
  CHECK(to_string(CheckStatus::unknown) == "unknown");
}

TEST_CASE("analyzer: what was left closed is a note, what could not be opened a problem") {
  Analyzer analyzer(shipped_catalogue());
  analyzer.add_unread("Security.evtx", SourceKind::closed, "left closed on purpose", false);
  analyzer.add_unread("broken.evtx", SourceKind::evtx, "the member is damaged", true);
  const Diagnosis d = analyzer.conclude();
  REQUIRE(d.inputs.size() == 2);
  CHECK(d.inputs[0].notes == std::vector<std::string>{"left closed on purpose"});
  CHECK(d.inputs[0].problems.empty());
  CHECK(d.inputs[1].problems.at(0).what == "the member is damaged");
}

TEST_CASE("analyzer: a source that fails while it is read is a problem, what came before it counts") {
  Source source;
  source.name = "log.xml";
  source.stream = std::make_unique<support::FailingStream>(xml(heart(0, 6000) + noise(0, 6000)).bytes);
  Analyzer analyzer(shipped_catalogue());
  analyzer.add(std::move(source));
  const Diagnosis d = analyzer.conclude();
  CHECK_FALSE(d.inputs.at(0).problems.empty());
  CHECK(verdict_of(d) == "unknown");
}
