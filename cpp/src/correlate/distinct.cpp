#include "correlate/distinct.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace synclens::correlate {
namespace {

Ticks second_of(Ticks time) {
  return time == no_time ? no_time : time / ticks_per_second;
}

bool could_be_the_same(const Fact& a, const Fact& b) {
  if (a.source == b.source) return false;
  if (a.server != nobody && b.server != nobody && a.server != b.server) return false;
  if (a.record_id != 0 && b.record_id != 0 && a.record_id != b.record_id) return false;
  // two exports that both state the fraction of a second must agree on it
  if (a.time != b.time && a.time % ticks_per_second != 0 && b.time % ticks_per_second != 0) return false;
  if (a.text_hash == b.text_hash) return true;
  const bool same_id = a.record_id != 0 && a.record_id == b.record_id;
  return same_id || a.sentence != b.sentence;
}

// The richer of two exports of one record speaks for it.
bool richer(const Fact& a, const Fact& b) {
  const auto rank = [](const Fact& f) {
    return std::make_tuple(f.sentence, f.server != nobody, f.record_id != 0, f.time % ticks_per_second != 0);
  };
  return rank(a) > rank(b);
}

bool before(const Fact* a, const Fact* b) {
  const auto key = [](const Fact* f) {
    return std::make_tuple(f->time == no_time, f->time, f->record_id, f->event_id, f->text_hash, f->source, f->line);
  };
  return key(a) < key(b);
}

// Groups beyond this are not compared pair by pair, which would take time by the square of their size.
constexpr std::size_t largest_compared_group = 256;

// Of items that are equal by `key`: as many as the source has that holds most of them. Appends to `kept`.
template <typename Item, typename KeyOf>
void keep_most(std::vector<const Item*>& items, const KeyOf& key, std::vector<const Item*>& kept) {
  std::stable_sort(items.begin(), items.end(), [&](const Item* a, const Item* b) {
    return std::make_tuple(key(a), a->source) < std::make_tuple(key(b), b->source);
  });
  for (std::size_t i = 0; i < items.size();) {
    std::size_t end = i;
    std::size_t most = 0;
    std::size_t of_this_source = 0;
    for (; end < items.size() && key(items[end]) == key(items[i]); ++end) {
      of_this_source = end > i && items[end]->source == items[end - 1]->source ? of_this_source + 1 : 1;
      most = std::max(most, of_this_source);
    }
    kept.insert(kept.end(), items.begin() + static_cast<std::ptrdiff_t>(i),
                items.begin() + static_cast<std::ptrdiff_t>(i + most));
    i = end;
  }
}

struct Key {
  std::uint32_t id;
  Ticks second;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& k) const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(k.second) * 1000003u + k.id);
  }
};

// A stretch of time in which a source has records of one event id.
struct Stretch {
  std::uint32_t event_id = 0;
  Ticks from = no_time, to = no_time;
  std::uint32_t source = 0, series = no_series;
};

// The series beside which another source has records of the same event id: perhaps the same records, which only a look
// at each can tell.
std::vector<bool> shared_series(const Facts& facts) {
  std::vector<Stretch> stretches;
  std::set<std::uint32_t> ids;
  for (const Fact& f : facts.events) {
    if (f.series != no_series) ids.insert(f.event_id);
  }
  for (const Fact& f : facts.events) {
    if (!ids.contains(f.event_id) || f.time == no_time) continue;
    Stretch stretch{f.event_id, f.time, f.time, f.source, f.series};
    if (f.series != no_series) {
      stretch.from = facts.series[f.series].earliest();
      stretch.to = facts.series[f.series].latest();
    }
    stretches.push_back(stretch);
  }
  std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
    return std::tie(a.event_id, a.from) < std::tie(b.event_id, b.from);
  });
  std::vector<bool> shared(facts.series.size());
  for (auto begin = stretches.begin(); begin != stretches.end();) {
    Ticks to = begin->to;
    bool of_several = false;
    auto end = std::next(begin);
    for (; end != stretches.end() && end->event_id == begin->event_id && end->from <= to + 2 * ticks_per_second;
         ++end) {
      to = std::max(to, end->to);
      of_several = of_several || end->source != begin->source;
    }
    for (; begin != end; ++begin) {
      if (of_several && begin->series != no_series) shared[begin->series] = true;
    }
  }
  return shared;
}

Fact recalled(const Fact& first, const Place& place) {
  Fact fact = first;
  fact.series = no_series;
  fact.previous = no_time;
  fact.time = place.time;
  fact.record_id = place.record_id;
  fact.offset = place.offset;
  fact.line = place.line;
  return fact;
}

// `whole`: of which series every record is to be seen.
void recall_series(const Facts& facts, const std::vector<bool>& whole, DistinctEvents& into) {
  for (const Fact& first : facts.events) {
    if (first.series == no_series) continue;
    const Series& series = facts.series[first.series];
    Times others;
    if (!whole[first.series]) others.reserve(series.size());
    Place before = place_of(first);
    bool before_is_kept = true;
    const auto hour = [](const Place& place) { return place.time / ticks_per_hour; };
    const auto keep = [&](const Place& place) { into.recalled.push_back(recalled(first, place)); };
    // of those that go backwards, the first of an hour is known when the next one comes
    const auto decide = [&](bool first_of_hour) {
      if (before_is_kept) return;
      if (first_of_hour) {
        keep(before);
      } else {
        others.push_back(before.time);
      }
    };
    series.for_each([&](const Place& place, std::size_t i) {
      const bool another_hour = hour(place) != hour(before);
      decide(series.backwards() && another_hour);
      before_is_kept = whole[first.series] || i == 0 || i + 2 >= series.size() || (!series.backwards() && another_hour);
      if (before_is_kept) keep(place);
      before = place;
    });
    if (series.backwards()) std::reverse(others.begin(), others.end());
    if (!others.empty()) into.repeats.emplace(&first, std::move(others));
  }
}

}  // namespace

DistinctEvents distinct_events(const Facts& facts) {
  DistinctEvents distinct;
  bool several_sources = false;
  for (const Fact& f : facts.events) several_sources = several_sources || f.source != facts.events.front().source;
  recall_series(facts, several_sources ? shared_series(facts) : std::vector<bool>(facts.series.size()), distinct);
  std::vector<const Fact*> kept;
  const auto each = [&](const auto& use) {
    for (const Fact& f : facts.events) use(f);
    for (const Fact& f : distinct.recalled) use(f);
  };
  if (!several_sources) {
    each([&](const Fact& f) { kept.push_back(&f); });
  } else {
    // Records that share id and second, in the order of the richest export first, each taking at most one partner
    // out of every other source.
    std::unordered_map<Key, std::vector<const Fact*>, KeyHash> groups;
    each([&](const Fact& f) { groups[{f.event_id, second_of(f.time)}].push_back(&f); });
    for (auto& [key, group] : groups) {
      if (group.size() > largest_compared_group) {
        keep_most(
            group, [](const Fact* f) { return f->text_hash; }, kept);
        continue;
      }
      std::sort(group.begin(), group.end(), [](const Fact* a, const Fact* b) {
        if (richer(*a, *b) != richer(*b, *a)) return richer(*a, *b);
        return before(a, b);
      });
      struct Taken {
        const Fact* fact;
        std::vector<std::uint32_t> sources;
      };
      std::vector<Taken> taken;
      for (const Fact* f : group) {
        Taken* partner = nullptr;
        for (Taken& t : taken) {
          if (!could_be_the_same(*t.fact, *f)) continue;
          if (std::find(t.sources.begin(), t.sources.end(), f->source) != t.sources.end()) continue;
          if (partner == nullptr || (t.fact->text_hash == f->text_hash && partner->fact->text_hash != f->text_hash)) {
            partner = &t;
          }
        }
        if (partner != nullptr) {
          partner->sources.push_back(f->source);
        } else {
          taken.push_back({f, {f->source}});
        }
      }
      for (const Taken& t : taken) kept.push_back(t.fact);
    }
  }
  std::sort(kept.begin(), kept.end(), before);
  distinct.events = std::move(kept);
  return distinct;
}

std::vector<const RowFact*> distinct_rows(const Facts& facts) {
  std::vector<const RowFact*> all;
  std::vector<const RowFact*> kept;
  for (const RowFact& r : facts.rows) all.push_back(&r);
  keep_most(
      all, [](const RowFact* r) { return std::make_tuple(r->time, r->dn, r->anchor, r->status); }, kept);
  return kept;
}

std::vector<const UnclassifiedFact*> distinct_unclassified(const Facts& facts) {
  std::vector<const UnclassifiedFact*> all;
  std::vector<const UnclassifiedFact*> kept;
  for (const UnclassifiedFact& u : facts.unclassified) all.push_back(&u);
  keep_most(
      all,
      [](const UnclassifiedFact* u) {
        return std::make_tuple(u->provider, u->event_id, second_of(u->time), u->text_hash);
      },
      kept);
  return kept;
}

}  // namespace synclens::correlate
