#include "classify/pattern_set.hpp"

#include <algorithm>
#include <utility>

#include "classify/bounds.hpp"
#include "classify/patterns.hpp"
#include "classify/toml_reader.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

// A set below this is not worth its compilation.
constexpr std::int64_t least_set_memory = std::int64_t{1} << 20;
// A set that ran out of memory this often fits its patterns badly: filling the memory again costs more than
// trying the patterns one by one.
constexpr int most_failures = 8;

// "(?:...)?" and nothing else. A group with a class in it is not looked into.
bool is_optional_group(std::string_view pattern) {
  if (!pattern.starts_with("(?:") || !pattern.ends_with(")?")) return false;
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[') return false;
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '(') {
      ++depth;
    } else if (pattern[i] == ')' && --depth == 0) {
      return i + 2 == pattern.size();
    }
  }
  return false;
}

// Of "(?i)Some words" and "(?i)Some words(?:optional)?": "some words". Empty for other patterns.
std::string words_of(std::string_view pattern) {
  constexpr std::string_view any_case = "(?i)";
  if (!pattern.starts_with(any_case)) return {};
  pattern.remove_prefix(any_case.size());
  const auto is_plain = [](char c) {
    c = to_lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '_';
  };
  const auto end =
      static_cast<std::size_t>(std::find_if_not(pattern.begin(), pattern.end(), is_plain) - pattern.begin());
  const std::string_view rest = pattern.substr(end);
  return rest.empty() || is_optional_group(rest) ? lower(pattern.substr(0, end)) : std::string();
}

// Whether they stand where most events have them, in their first sentence.
bool begins_with_words(std::string_view text, std::string_view words) {
  constexpr std::size_t most = 256;
  text = text.substr(0, most);
  const char first = words.front();
  for (std::size_t at = 0; at + words.size() <= text.size(); ++at) {
    if (to_lower(text[at]) == first && equal_ignoring_case(text.substr(at, words.size()), words)) return true;
  }
  return false;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::int64_t MemoryBudget::take(std::int64_t wanted, std::int64_t least) {
  std::int64_t left = left_.load();
  while (left >= least) {
    const std::int64_t taken = std::min(wanted, left);
    if (left_.compare_exchange_weak(left, left - taken)) return taken;
  }
  return 0;
}

const re2::RE2& RulePattern::compiled() const {
  std::call_once(once_, [this] {
    compiled_ = std::make_unique<re2::RE2>(pattern_of(rule_), pattern_options(is_whole(rule_), bounds::pattern_memory));
  });
  if (!compiled_->ok()) {
    throw_at(rule_.file, rule_.line, "rule " + rule_.id + ": not a pattern that RE2 takes: " + compiled_->error());
  }
  return *compiled_;
}

RulePattern::RulePattern(const Rule& rule)
    : rule_(rule), words_(is_whole(rule) ? std::string() : words_of(pattern_of(rule))) {}

bool RulePattern::matches(std::string_view text) const {
  const re2::RE2& pattern = compiled();  // throws where it does not compile, whatever the text says
  if (!words_.empty() && begins_with_words(text, words_)) return true;
  const auto anchor = is_whole(rule_) ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
  return pattern.Match(piece(text), 0, text.size(), anchor, nullptr, 0);
}

PatternSet::PatternSet(std::vector<const RulePattern*> patterns, std::int64_t memory, MemoryBudget& budget)
    : patterns_(std::move(patterns)), memory_(std::max(memory, least_set_memory)), budget_(budget) {}

void PatternSet::compile() const {
  if (patterns_.size() < 2) return;
  const std::int64_t memory = budget_.take(memory_, least_set_memory);
  if (memory == 0) return;
  const bool whole = is_whole(patterns_.front()->rule());
  auto set = std::make_unique<re2::RE2::Set>(pattern_options(whole, memory),
                                             whole ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED);
  for (const RulePattern* pattern : patterns_) {
    std::string error;
    if (set->Add(piece(pattern_of(pattern->rule())), &error) < 0) {
      throw_at(pattern->rule().file, pattern->rule().line,
               "rule " + pattern->rule().id + ": not a pattern that RE2 takes: " + error);
    }
  }
  // Too large for its memory: the patterns are then tried one by one, which needs less.
  if (set->Compile()) set_ = std::move(set);
}

void PatternSet::match(std::string_view text, std::vector<const Rule*>& found) const {
  std::call_once(once_, [this] { compile(); });
  if (set_ != nullptr && failures_.load(std::memory_order_relaxed) < most_failures) {
    std::vector<int> ids;
    re2::RE2::Set::ErrorInfo info{re2::RE2::Set::kNoError};
    if (set_->Match(piece(text), &ids, &info)) {
      for (const int id : ids) found.push_back(&patterns_[static_cast<std::size_t>(id)]->rule());
      return;
    }
    if (info.kind == re2::RE2::Set::kNoError) return;
    failures_.fetch_add(1, std::memory_order_relaxed);  // out of memory is not "no match"
  }
  for (const RulePattern* pattern : patterns_) {
    if (pattern->matches(text)) found.push_back(&pattern->rule());
  }
}

}  // namespace synclens
