#include "correlate/source_order.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <utility>

namespace synclens::correlate {

void order_sources(Facts& facts) {
  const auto key = [](const SourceFacts& s) {
    const InputReport& r = s.report;
    return std::tie(r.path, r.kind, r.records, r.first_time, r.last_time, s.collected_at);
  };
  const auto earlier = [&](const SourceFacts& a, const SourceFacts& b) { return key(a) < key(b); };
  if (std::is_sorted(facts.sources.begin(), facts.sources.end(), earlier)) return;

  std::vector<std::uint32_t> order(facts.sources.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return earlier(facts.sources[a], facts.sources[b]); });
  std::vector<SourceFacts> sources;
  sources.reserve(order.size());
  std::vector<std::uint32_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<std::uint32_t>(i);
    sources.push_back(std::move(facts.sources[order[i]]));
  }
  facts.sources = std::move(sources);
  const auto move = [&](auto& items) {
    for (auto& item : items) item.source = place[item.source];
    std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.source < b.source; });
  };
  move(facts.events);
  facts.ordinary.renumber(place);
  move(facts.rows);
  move(facts.settings);
  move(facts.damages);
  move(facts.unclassified);
}

}  // namespace synclens::correlate
