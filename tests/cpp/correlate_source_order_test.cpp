// The order in which sources are given does not show.
#include <doctest/doctest.h>

#include "correlate/source_order.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("sources: sorted by name, with all that was kept of them") {
  correlate::Facts facts;
  for (const char* path : {"c", "a", "b"}) {
    facts.sources.emplace_back();
    facts.sources.back().report.path = path;
  }
  for (const std::uint32_t source : {0u, 1u, 1u, 2u}) {
    facts.events.emplace_back();
    facts.events.back().source = source;
    facts.events.back().record_id = facts.events.size();
  }
  facts.settings.emplace_back();
  facts.settings.back().source = 2;
  correlate::order_sources(facts);
  CHECK(facts.sources[0].report.path == "a");
  CHECK(facts.sources[2].report.path == "c");
  std::string order;
  for (const correlate::Fact& f : facts.events)
    order += std::to_string(f.source) + ":" + std::to_string(f.record_id) + " ";
  CHECK(order == "0:2 0:3 1:4 2:1 ");
  CHECK(facts.settings[0].source == 1);
}

TEST_CASE("sources: of two exports the same one speaks, whichever came first") {
  const MadeLog log = heart(0, 720) + failure(100, 8453);
  const auto source_of = [](const Diagnosis& d) {
    return finding(d, "replication-permission-missing").evidence.at(0).source;
  };
  const Given a = xml(log, "a.xml");
  const Given b = xml(log, "b.xml");
  CHECK(source_of(diagnose({a, b})) == "a.xml");
  CHECK(source_of(diagnose({b, a})) == "a.xml");
}
