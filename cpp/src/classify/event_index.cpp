#include "classify/event_index.hpp"

#include <algorithm>
#include <cstring>

namespace synclens {
namespace {

std::size_t beginning(std::string_view name) {
  return static_cast<unsigned char>(name.front()) | 0x20u;
}

}  // namespace

std::size_t NameHash::operator()(std::string_view name) const {
  constexpr std::size_t word = sizeof(std::uint64_t);
  std::uint64_t hash = name.size();
  for (std::size_t at = 0; at < name.size(); at += word) {
    std::uint64_t next = 0;
    std::memcpy(&next, name.data() + at, std::min(word, name.size() - at));
    next |= 0x2020'2020'2020'2020u;  // letters of both cases are the same; some other characters as well
    hash = (hash ^ next) * 0x9E37'79B9'7F4A'7C15u;
    hash ^= hash >> 32;
  }
  return static_cast<std::size_t>(hash);
}

std::size_t EventIndex::KeyHash::operator()(const Key& key) const {
  std::uint64_t mixed = (std::uint64_t{key.provider} << 33) ^ (std::uint64_t{key.any_id} << 32) ^ key.id;
  mixed *= 0x9E3779B97F4A7C15u;
  return static_cast<std::size_t>(mixed ^ (mixed >> 29));
}

std::uint32_t EventIndex::provider_number(const std::string& pattern) {
  const bool prefix = !pattern.empty() && pattern.back() == '*';
  const std::string name = prefix ? pattern.substr(0, pattern.size() - 1) : pattern;
  auto& names = prefix ? prefixes_ : exact_;
  const auto [it, fresh] = names.emplace(name, providers_ + 1);
  if (!fresh) return it->second;
  ++providers_;
  if (prefix) {
    const auto at = std::lower_bound(prefix_lengths_.begin(), prefix_lengths_.end(), name.size());
    if (at == prefix_lengths_.end() || *at != name.size()) prefix_lengths_.insert(at, name.size());
    if (name.empty()) {
      prefix_beginnings_.set();
    } else {
      prefix_beginnings_.set(beginning(name));
    }
  }
  return it->second;
}

void EventIndex::add(const Rule& rule, std::size_t place) {
  std::vector<std::uint32_t> providers;
  for (const std::string& provider : rule.providers) providers.push_back(provider_number(provider));
  if (providers.empty()) providers.push_back(0);
  const auto put = [&](const Key& key) {
    const auto [it, fresh] = places_.emplace(key, buckets_.size());
    if (fresh) buckets_.emplace_back();
    std::vector<std::size_t>& bucket = buckets_[it->second];
    if (bucket.empty() || bucket.back() != place) bucket.push_back(place);
  };
  for (const std::uint32_t provider : providers) {
    if (rule.event_ids.empty()) {
      has_any_id_ = true;
      put({provider, 0, true});
    }
    for (const std::uint32_t id : rule.event_ids) {
      ids_.insert(id);
      put({provider, id, false});
    }
  }
}

bool EventIndex::may_have_prefix(std::string_view provider) const {
  return provider.empty() || prefix_beginnings_.test(beginning(provider));
}

void EventIndex::look_up(std::uint32_t provider, std::uint32_t id, std::vector<std::size_t>& found) const {
  if (const auto it = places_.find({provider, id, false}); it != places_.end()) found.push_back(it->second);
  if (!has_any_id_) return;
  if (const auto it = places_.find({provider, 0, true}); it != places_.end()) found.push_back(it->second);
}

void EventIndex::find(std::string_view provider, std::uint32_t id, std::vector<std::size_t>& found) const {
  if (!has_any_id_ && !ids_.contains(id)) return;
  look_up(0, id, found);
  if (const auto it = exact_.find(provider); it != exact_.end()) look_up(it->second, id, found);
  if (!may_have_prefix(provider)) return;
  for (const std::size_t length : prefix_lengths_) {
    if (length > provider.size()) break;
    const auto it = prefixes_.find(provider.substr(0, length));
    if (it != prefixes_.end()) look_up(it->second, id, found);
  }
}

std::optional<std::vector<std::uint32_t>> EventIndex::ids_of(std::string_view provider) const {
  std::vector<std::size_t> found;
  std::uint32_t in_no_rule = 0;
  while (ids_.contains(in_no_rule)) ++in_no_rule;
  find(provider, in_no_rule, found);
  if (!found.empty()) return std::nullopt;
  std::vector<std::uint32_t> ids;
  for (const std::uint32_t id : ids_) {
    found.clear();
    find(provider, id, found);
    if (!found.empty()) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace synclens
