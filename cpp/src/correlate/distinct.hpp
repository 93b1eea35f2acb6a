// Each record once, even when two files hold it.
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "correlate/facts.hpp"
#include "correlate/times.hpp"

namespace synclens::correlate {

// The events of all sources, each record once, by time (records without a time last), then by record id and text.
// The same record in two exports has the same id and second, and either the same text or, where one of the two
// exports lacks the sentence, nothing that speaks against it.
struct DistinctEvents {
  std::vector<const Fact*> events;  // by time
  // Of a series its first two records, its last two and the first of each hour are among the events; here the times of
  // the others, sorted, by the series' first record.
  std::unordered_map<const Fact*, Times> repeats;
  std::deque<Fact> recalled;  // records of series that are among the events
};

[[nodiscard]] DistinctEvents distinct_events(const Facts& facts);
[[nodiscard]] std::vector<const RowFact*> distinct_rows(const Facts& facts);
[[nodiscard]] std::vector<const UnclassifiedFact*> distinct_unclassified(const Facts& facts);

}  // namespace synclens::correlate
