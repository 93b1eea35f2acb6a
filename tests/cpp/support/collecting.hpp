// A collector of one source by itself, for records that no file of a test would give.
#pragma once

#include "correlate/collector.hpp"
#include "support/made_log.hpp"

namespace synclens::test {

struct Collecting {
  Collecting() { facts.sources.emplace_back(); }

  static const Classifier& classifier() {
    static const Classifier shipped(shipped_catalogue(), Limits{}.regex_memory);
    return shipped;
  }

  const Limits limits;
  correlate::Facts facts;
  correlate::Collector collector{shipped_catalogue(), classifier(), limits, facts, 0};
};

}  // namespace synclens::test
