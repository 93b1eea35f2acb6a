// The real logs of other programs hold nothing of password hash sync: no finding, verdict unknown.
#include <doctest/doctest.h>

#include "collected_records.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("shared logs: no finding in any of them, verdict unknown") {
  const std::filesystem::path shared = shared_folder();
  if (shared.empty()) return;
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / "data" / "evtx")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".evtx") continue;
    CAPTURE(entry.path().filename().string());
    ++logs;
    Analyzer analyzer(shipped_catalogue());
    Source source;
    source.name = entry.path().filename().string();
    source.stream = open_file(entry.path().string());
    analyzer.add(std::move(source));
    REQUIRE(said(analyzer.conclude()) == "unknown: none");
  }
  CHECK(logs > 100);
}
