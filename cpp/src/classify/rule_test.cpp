#include "classify/rule_test.hpp"

#include "classify/specificity.hpp"
#include "synclens/limits.hpp"

namespace synclens {
namespace {

// A sample as a line of a message can hold it.
std::string quoted(std::string_view sample) {
  constexpr std::size_t most = 80;
  std::string result = "\"";
  for (const char c : sample.substr(0, most)) result += (c >= 0 && c < ' ') || c == '\x7f' ? ' ' : c;
  return result + (sample.size() > most ? "...\"" : "\"");
}

}  // namespace

std::string about(const Rule& rule, std::string_view reason) {
  return rule.file + ":" + std::to_string(rule.line) + ": rule " + rule.id + ": " + std::string(reason);
}

std::optional<Explanation> classify_sample(const Classifier& classifier, const Rule& rule, const Rule::Test& test) {
  const std::string& sample = test.hit.empty() ? test.miss : test.hit;
  if (!rule.status.empty()) return classifier.status(sample);
  if (!rule.setting.empty()) {
    const SettingName name = setting_name(rule);
    Setting setting;
    setting.topic = name.topic;
    setting.name = name.name;
    setting.value = sample;
    return classifier.setting(setting);
  }
  EventView event;
  std::string provider = test.provider;
  if (provider.empty() && !rule.providers.empty()) {
    provider = rule.providers.front();
    if (provider.back() == '*') provider.pop_back();
  }
  if (provider.empty()) provider = "any provider";
  event.provider = provider;
  event.event_id = test.event_id.value_or(rule.event_ids.empty() ? 0 : rule.event_ids.front());
  event.level = rule.levels.empty() ? std::uint8_t{0} : rule.levels.front();
  return classifier.event(event, sample);
}

std::vector<std::string> run_rule_tests(const Catalogue& catalogue) {
  std::vector<std::string> findings;
  const Classifier classifier(catalogue, Limits{}.regex_memory);
  for (const Rule& rule : catalogue.rules()) {
    for (const Rule::Test& test : rule.tests) {
      const std::optional<Explanation> found = classify_sample(classifier, rule, test);
      const bool won = found && found->rule == &rule;
      if (test.hit.empty()) {
        if (won) findings.push_back(about(rule, "explains " + quoted(test.miss) + ", which it must not"));
      } else if (!found) {
        findings.push_back(about(rule, "does not match " + quoted(test.hit)));
      } else if (!won) {
        findings.push_back(about(rule, "loses " + quoted(test.hit) + " to rule " + found->rule->id));
      }
    }
  }
  return findings;
}

}  // namespace synclens
