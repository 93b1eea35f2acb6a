// Each record once, even when two files hold it.
#pragma once

#include <vector>

#include "correlate/facts.hpp"

namespace synclens::correlate {

// The events of all sources, each record once, by time (records without a time last), then by record id and text.
// The same record in two exports has the same id and second, and either the same text or, where one of the two
// exports lacks the sentence, nothing that speaks against it.
[[nodiscard]] std::vector<const Fact*> distinct_events(const Facts& facts);
[[nodiscard]] std::vector<const RowFact*> distinct_rows(const Facts& facts);
[[nodiscard]] std::vector<const UnclassifiedFact*> distinct_unclassified(const Facts& facts);

}  // namespace synclens::correlate
