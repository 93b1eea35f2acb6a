// Which event rules can concern a provider and an event id, found by hashing and never by going through the rules.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "record/ascii.hpp"
#include "synclens/classify.hpp"

namespace synclens {

// Hashes and compares names without regard to ASCII case, without copying them.
struct NameHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view name) const;
};
struct NameEqual {
  using is_transparent = void;
  [[nodiscard]] bool operator()(std::string_view a, std::string_view b) const { return equal_ignoring_case(a, b); }
};
template <typename Value>
using NameMap = std::unordered_map<std::string, Value, NameHash, NameEqual>;

// Places of event rules, grouped into buckets by what they say of provider and id.
class EventIndex {
 public:
  // `place` is the caller's number for the rule. Call before anything is asked.
  void add(const Rule& rule, std::size_t place);

  // The places of the rules of one bucket.
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& buckets() const { return buckets_; }

  // Appends the numbers of the buckets whose rules accept this provider and id, at most a handful: a rule is in at
  // most one of them unless it names a provider twice (exactly and with '*').
  void find(std::string_view provider, std::uint32_t id, std::vector<std::size_t>& found) const;

  // The ids that a rule for this provider names; nothing where one of them accepts any id.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> ids_of(std::string_view provider) const;

 private:
  struct Key {
    std::uint32_t provider;  // 0: any; else 1 + number of the name
    std::uint32_t id;
    bool any_id;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  std::uint32_t provider_number(const std::string& pattern);
  [[nodiscard]] bool may_have_prefix(std::string_view provider) const;
  void look_up(std::uint32_t provider, std::uint32_t id, std::vector<std::size_t>& found) const;

  NameMap<std::uint32_t> exact_;
  NameMap<std::uint32_t> prefixes_;          // names with a trailing '*', without it
  std::vector<std::size_t> prefix_lengths_;  // sorted, each once
  std::bitset<256> prefix_beginnings_;       // the first characters of all, without the bit that tells cases apart
  std::unordered_set<std::uint32_t> ids_;
  bool has_any_id_ = false;
  std::uint32_t providers_ = 0;
  std::unordered_map<Key, std::size_t, KeyHash> places_;
  std::vector<std::vector<std::size_t>> buckets_;
};

}  // namespace synclens
