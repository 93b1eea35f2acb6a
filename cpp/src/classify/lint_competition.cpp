#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "classify/lint_checks.hpp"
#include "classify/rule_test.hpp"
#include "classify/specificity.hpp"
#include "record/ascii.hpp"
#include "synclens/limits.hpp"

namespace synclens {
namespace {

// What a rule matches, spelled so that two rules with the same conditions have the same.
auto condition_key(const Rule& rule) {
  std::vector<std::string> providers;
  for (const std::string& provider : rule.providers) providers.push_back(lower(provider));
  std::vector<std::uint32_t> ids = rule.event_ids;
  std::vector<std::uint8_t> levels = rule.levels;
  std::sort(providers.begin(), providers.end());
  std::sort(ids.begin(), ids.end());
  std::sort(levels.begin(), levels.end());
  return std::tuple(providers, ids, levels, rule.text, rule.status, lower(rule.setting), rule.value);
}

// The best of the rules that match a sample and have another cause, when only the id decided against it.
const Rule* rival(const Explanation& found) {
  const bool rivals =
      found.runner_up != nullptr && !found.rule->cause.empty() && same_rank(*found.rule, *found.runner_up);
  return rivals ? found.runner_up : nullptr;
}

}  // namespace

void check_competition(const Catalogue& catalogue, std::vector<std::string>& findings) {
  std::map<decltype(condition_key(Rule{})), const Rule*> first;
  for (const Rule& rule : catalogue.rules()) {
    const auto [it, fresh] = first.emplace(condition_key(rule), &rule);
    if (fresh) continue;
    const bool better = more_specific(rule, *it->second);
    const Rule& winner = better ? rule : *it->second;
    const Rule& loser = better ? *it->second : rule;
    findings.push_back(about(loser, "can never win: rule " + winner.id + " has the same conditions"));
    it->second = &winner;
  }

  const Classifier classifier(catalogue, Limits{}.regex_memory);
  for (const Rule& rule : catalogue.rules()) {
    std::size_t hits = 0;
    std::size_t lost = 0;
    const Rule* winner = nullptr;
    for (const Rule::Test& test : rule.tests) {
      if (test.hit.empty()) continue;
      ++hits;
      const std::optional<Explanation> found = classify_sample(classifier, rule, test);
      if (!found) continue;
      if (found->rule != &rule) {
        ++lost;
        winner = found->rule;
      }
      const Rule* other = rival(*found);
      if (other != nullptr && (found->rule == &rule || other == &rule)) {
        findings.push_back(about(rule, "overlaps: only the id decides between " + found->rule->id + " and " +
                                           other->id + " on its own sample"));
      }
    }
    if (hits > 0 && lost == hits) {
      findings.push_back(
          about(rule, "never wins: each of its samples goes to another rule, the last to " + winner->id));
    }
  }
}

}  // namespace synclens
