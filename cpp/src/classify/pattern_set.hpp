// Patterns matched together in one pass over a text. Nothing is compiled before the first text comes.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens {

// What is left of the memory that the sets of one classifier may use.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::int64_t bytes) : left_(bytes) {}
  // Takes up to `wanted` bytes and returns how many it took; 0 where less than `least` is left.
  [[nodiscard]] std::int64_t take(std::int64_t wanted, std::int64_t least);

 private:
  std::atomic<std::int64_t> left_;
};

// One rule's pattern on its own: for captures, and where a set cannot be used. Borrows the rule.
// Safe to use from several threads.
class RulePattern {
 public:
  explicit RulePattern(const Rule& rule);
  [[nodiscard]] const Rule& rule() const { return rule_; }
  // Throws CatalogueError when the pattern does not compile (Catalogue::load has refused such a one).
  [[nodiscard]] const re2::RE2& compiled() const;
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  const Rule& rule_;
  std::string words_;  // in lower case: a text that has them matches; empty where that isn't known
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

// Borrows the patterns and the budget. All patterns must be of the same kind (whole or not).
class PatternSet {
 public:
  PatternSet(std::vector<const RulePattern*> patterns, std::int64_t memory, MemoryBudget& budget);
  // Appends the rules whose pattern matches, in no order.
  void match(std::string_view text, std::vector<const Rule*>& found) const;

 private:
  void compile() const;

  std::vector<const RulePattern*> patterns_;
  std::int64_t memory_;
  MemoryBudget& budget_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2::Set> set_;  // null: one pattern, or no memory for a set
  mutable std::atomic<int> failures_ = 0;
};

}  // namespace synclens
