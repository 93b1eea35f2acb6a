// An analyzer with a classifier of its own, and with one that others use too.
#include <doctest/doctest.h>

#include "support/made_log.hpp"
#include "synclens/limits.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

Diagnosis by(const Classifier& classifier, const MadeLog& log) {
  Analyzer analyzer(classifier);
  const Given given = xml(log);
  Source source;
  source.name = given.name;
  source.stream = open_memory(as_bytes(given.bytes));
  analyzer.add(std::move(source));
  return analyzer.conclude();
}

}  // namespace

TEST_CASE("analyzer: a classifier that is shared says what one of its own says, whatever it saw before") {
  const Classifier shared(shipped_catalogue(), Limits{}.regex_memory);
  CHECK(&shared.catalogue() == &shipped_catalogue());
  const MadeLog denied = heart(0, day) + noise(0, day) + failure(day - 10, 8453);
  const MadeLog cloud = heart(0, 600) + noise(0, day) + credential(700) + credential(730);
  for (const MadeLog& log : {denied, cloud, heart(0, day) + noise(0, day), denied}) {
    CHECK(said(by(shared, log)) == said(diagnose(log)));
    CHECK(all_findings(by(shared, log)) == all_findings(diagnose(log)));
  }
}
