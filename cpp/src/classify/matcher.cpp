#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "classify/bounds.hpp"
#include "classify/event_index.hpp"
#include "classify/failure_head.hpp"
#include "classify/fields.hpp"
#include "classify/pattern_set.hpp"
#include "classify/patterns.hpp"
#include "classify/specificity.hpp"
#include "record/ascii.hpp"
#include "synclens/classify.hpp"
#include "synclens/error.hpp"

namespace synclens {
namespace {

constexpr std::string_view assumed_provider = "Directory Synchronization";

// The ids of password hash sync. A record of another id whose source states no provider is nobody's.
bool is_password_sync_id(std::uint32_t id) {
  return id == 0 || (id >= 601 && id <= 623) || (id >= 650 && id <= 668);
}

std::vector<std::string> providers_of(const Catalogue& catalogue) {
  NameMap<bool> seen;
  std::vector<std::string> result;
  for (const Rule& rule : catalogue.rules()) {
    if (!is_event_rule(rule)) continue;
    if (rule.providers.empty() && seen.emplace("*", true).second) result.emplace_back("*");
    for (const std::string& provider : rule.providers) {
      if (seen.emplace(provider, true).second) result.push_back(provider);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

// A bucket: rules that a text must decide upon, and rules that need no text.
struct Bucket {
  const PatternSet* texts = nullptr;
  std::vector<const Rule*> plain;
};

}  // namespace

// What a thread looked up of late: a log has few providers and ids. Of classifiers by number, since one that is gone
// may leave its place to another.
struct Route {
  std::uint64_t classifier = 0;
  std::uint32_t event_id = 0;
  std::string provider;
  std::vector<std::size_t> buckets;
};
constexpr std::size_t routes = 64;

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

struct Classifier::Impl {
  explicit Impl(const Catalogue& c, std::int64_t regex_memory)
      : catalogue(c), memory(regex_memory), budget(regex_memory) {}

  const Catalogue& catalogue;
  std::int64_t memory;
  MemoryBudget budget;
  std::deque<RulePattern> patterns;  // of each rule, in the catalogue's order
  std::vector<std::uint32_t> ranks;  // of each rule: the more specific, the smaller
  std::deque<PatternSet> sets;
  std::map<std::vector<std::size_t>, const PatternSet*> set_of;  // buckets with the same rules share a set
  std::uint64_t pattern_bytes = 0;                               // of all buckets' patterns

  const std::uint64_t number = next_number();
  EventIndex index;
  std::vector<Bucket> events;  // by the index's numbers
  Bucket statuses;
  NameMap<Bucket> settings;  // by "topic/name"
  std::vector<std::string> providers;

  const std::vector<std::size_t>& buckets_of(std::string_view provider, std::uint32_t id) const;
  void rank_rules();
  void build();
  std::vector<std::size_t> with_pattern(const std::vector<std::size_t>& places) const;
  Bucket make_bucket(const std::vector<std::size_t>& places);

  std::size_t place_of(const Rule& rule) const { return static_cast<std::size_t>(&rule - catalogue.rules().data()); }
  const RulePattern& pattern(const Rule& rule) const { return patterns[place_of(rule)]; }
  std::uint32_t rank(const Rule& rule) const { return ranks[place_of(rule)]; }
  std::optional<Explanation> best(const std::vector<const Rule*>& found) const;  // without fields
  std::optional<Explanation> best_with_fields(const std::vector<const Rule*>& found, std::string_view text) const;
};

const std::vector<std::size_t>& Classifier::Impl::buckets_of(std::string_view provider, std::uint32_t id) const {
  thread_local std::array<Route, routes> known;
  Route& route = known[id % routes];
  if (route.classifier != number || route.event_id != id || route.provider != provider) {
    route.classifier = 0;
    route.buckets.clear();
    index.find(provider, id, route.buckets);
    route.provider = provider;
    route.event_id = id;
    route.classifier = number;
  }
  return route.buckets;
}

std::vector<std::size_t> Classifier::Impl::with_pattern(const std::vector<std::size_t>& places) const {
  std::vector<std::size_t> result;
  for (const std::size_t place : places) {
    if (!pattern_of(catalogue.rules()[place]).empty()) result.push_back(place);
  }
  return result;
}

Bucket Classifier::Impl::make_bucket(const std::vector<std::size_t>& places) {
  Bucket bucket;
  for (const std::size_t place : places) {
    const Rule& rule = catalogue.rules()[place];
    if (pattern_of(rule).empty()) bucket.plain.push_back(&rule);
  }
  std::vector<std::size_t> with = with_pattern(places);
  if (with.empty()) return bucket;
  const PatternSet*& known = set_of[with];
  if (known == nullptr) {
    std::vector<const RulePattern*> members;
    double bytes = 0;
    for (const std::size_t place : with) {
      members.push_back(&patterns[place]);
      bytes += static_cast<double>(pattern_of(catalogue.rules()[place]).size());
    }
    // Each set's share of the memory is its share of the patterns.
    const double share = static_cast<double>(memory) * bytes / static_cast<double>(pattern_bytes);
    known = &sets.emplace_back(std::move(members), static_cast<std::int64_t>(share), budget);
  }
  bucket.texts = known;
  return bucket;
}

void Classifier::Impl::rank_rules() {
  const std::vector<Rule>& rules = catalogue.rules();
  std::vector<std::size_t> order(rules.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return more_specific(rules[a], rules[b]); });
  ranks.resize(rules.size());
  std::uint32_t rank_of = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && more_specific(rules[order[i - 1]], rules[order[i]])) ++rank_of;
    ranks[order[i]] = rank_of;
  }
}

void Classifier::Impl::build() {
  rank_rules();
  std::vector<std::size_t> status_places;
  NameMap<std::vector<std::size_t>> setting_places;
  const std::vector<Rule>& rules = catalogue.rules();
  for (std::size_t place = 0; place < rules.size(); ++place) {
    const Rule& rule = rules[place];
    patterns.emplace_back(rule);
    if (!rule.status.empty()) {
      status_places.push_back(place);
    } else if (!rule.setting.empty()) {
      setting_places[rule.setting].push_back(place);
    } else {
      index.add(rule, place);
    }
  }
  std::set<std::vector<std::size_t>> distinct;
  const auto weigh = [&](const std::vector<std::size_t>& places) {
    std::vector<std::size_t> with = with_pattern(places);
    if (!distinct.insert(with).second) return;
    for (const std::size_t place : with) pattern_bytes += pattern_of(rules[place]).size();
  };
  for (const auto& places : index.buckets()) weigh(places);
  weigh(status_places);
  for (const auto& [name, places] : setting_places) weigh(places);

  for (const auto& places : index.buckets()) events.push_back(make_bucket(places));
  statuses = make_bucket(status_places);
  for (const auto& [name, places] : setting_places) settings.emplace(name, make_bucket(places));
  set_of.clear();
  providers = providers_of(catalogue);
}

std::optional<Explanation> Classifier::Impl::best(const std::vector<const Rule*>& found) const {
  const Rule* winner = nullptr;
  for (const Rule* rule : found) {
    if (winner == nullptr || rank(*rule) < rank(*winner)) winner = rule;
  }
  if (winner == nullptr) return std::nullopt;
  Explanation explanation;
  explanation.rule = winner;
  for (const Rule* rule : found) {
    if (rule->cause.empty() || rule->cause == winner->cause) continue;
    if (explanation.runner_up == nullptr || rank(*rule) < rank(*explanation.runner_up)) explanation.runner_up = rule;
  }
  return explanation;
}

std::optional<Explanation> Classifier::Impl::best_with_fields(const std::vector<const Rule*>& found,
                                                              std::string_view text) const {
  std::optional<Explanation> explanation = best(found);
  if (explanation) explanation->fields = fields_of(pattern(*explanation->rule), text);
  return explanation;
}

Classifier::Classifier(const Catalogue& catalogue, std::int64_t regex_memory)
    : impl_(std::make_unique<Impl>(catalogue, regex_memory)) {
  if (regex_memory < bounds::pattern_memory) {
    throw CatalogueError("the patterns need a memory budget of at least " + std::to_string(bounds::pattern_memory) +
                         " bytes");
  }
  impl_->build();
}

Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;

std::optional<Explanation> Classifier::event(const EventView& event, std::string_view text) const {
  std::optional<Explanation> found = match(event, text);
  if (found) add_fields(*found, event, text);
  return found;
}

void Classifier::add_fields(Explanation& found, const EventView& event, std::string_view text) const {
  text = text.substr(0, bounds::matched_text);
  found.fields = fields_of(impl_->pattern(*found.rule), text);
  if (!found.rule->cause.empty()) add_failure_head(event.event_id, text, found.fields);
}

std::optional<Explanation> Classifier::match(const EventView& event, std::string_view text) const {
  const bool provider_missing = event.provider.empty();
  if (provider_missing && !is_password_sync_id(event.event_id)) return std::nullopt;
  // kept from call to call: a million events need no millions of allocations
  thread_local std::vector<const Rule*> found;
  found.clear();
  const std::vector<std::size_t>& buckets =
      impl_->buckets_of(provider_missing ? assumed_provider : event.provider, event.event_id);
  if (buckets.empty()) return std::nullopt;

  text = text.substr(0, bounds::matched_text);
  for (const std::size_t number : buckets) {
    const Bucket& bucket = impl_->events[number];
    if (!provider_missing) found.insert(found.end(), bucket.plain.begin(), bucket.plain.end());
    if (bucket.texts != nullptr) bucket.texts->match(text, found);
  }
  std::erase_if(found, [&](const Rule* rule) {
    if (provider_missing && rule->providers.empty()) return true;
    return !rule->levels.empty() &&
           std::find(rule->levels.begin(), rule->levels.end(), event.level) == rule->levels.end();
  });
  return impl_->best(found);
}

std::optional<Explanation> Classifier::status(std::string_view status) const {
  if (impl_->statuses.texts == nullptr) return std::nullopt;
  status = trim(status.substr(0, bounds::matched_text));
  std::vector<const Rule*> found;
  impl_->statuses.texts->match(status, found);
  return impl_->best_with_fields(found, status);
}

std::optional<Explanation> Classifier::setting(const Setting& setting) const {
  const std::string_view value = trim(setting.value.substr(0, bounds::matched_text));
  std::vector<const Rule*> found;
  for (const std::string_view topic : {setting.topic, std::string_view("*")}) {
    for (const std::string_view name : {setting.name, std::string_view("*")}) {
      std::string key(topic);
      key.append("/").append(name);
      const auto it = impl_->settings.find(key);
      if (it == impl_->settings.end()) continue;
      found.insert(found.end(), it->second.plain.begin(), it->second.plain.end());
      if (it->second.texts != nullptr) it->second.texts->match(value, found);
    }
  }
  return impl_->best_with_fields(found, value);
}

const Catalogue& Classifier::catalogue() const {
  return impl_->catalogue;
}

std::vector<std::string> Classifier::providers() const {
  return impl_->providers;
}

std::optional<std::vector<std::uint32_t>> Classifier::ids_of(std::string_view provider) const {
  return impl_->index.ids_of(provider);
}

}  // namespace synclens
