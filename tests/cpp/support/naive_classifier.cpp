#include "support/naive_classifier.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <map>

namespace synclens::test {
namespace {

std::string small(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string stripped(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n\v\f");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n\v\f") - from + 1));
}

bool name_fits(const std::string& pattern, std::string_view name) {
  if (pattern.back() != '*') return small(pattern) == small(name);
  const std::string prefix = small(pattern.substr(0, pattern.size() - 1));
  return small(name).substr(0, prefix.size()) == prefix;
}

template <typename T>
bool lists(const std::vector<T>& values, T value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

// The order of explanations, spelled out once more.
int weight(const Rule& r) {
  if (!r.setting.empty()) {
    const auto slash = r.setting.find('/');
    return (r.setting.substr(0, slash) != "*") + (r.setting.substr(slash + 1) != "*") + !r.value.empty();
  }
  return !r.providers.empty() + !r.event_ids.empty() + !r.levels.empty() + !r.text.empty() + !r.status.empty();
}

bool better(const Rule& a, const Rule& b) {
  if (weight(a) != weight(b)) return weight(a) > weight(b);
  if (a.confidence != b.confidence) return a.confidence < b.confidence;
  const auto length = [](const Rule& r) { return std::max({r.text.size(), r.status.size(), r.value.size()}); };
  if (length(a) != length(b)) return length(a) > length(b);
  return a.id < b.id;
}

NaiveAnswer decide(std::vector<const Rule*> found) {
  std::sort(found.begin(), found.end(), [](const Rule* a, const Rule* b) { return better(*a, *b); });
  NaiveAnswer answer;
  if (found.empty()) return answer;
  answer.rule = found.front()->id;
  for (const Rule* rule : found) {
    if (!rule->cause.empty() && rule->cause != found.front()->cause) {
      answer.runner_up = rule->id;
      break;
    }
  }
  return answer;
}

// Compiling is what takes the time; each pattern is compiled once.
const re2::RE2& expression(const std::string& pattern) {
  static std::map<std::string, re2::RE2> known;
  return known.try_emplace(pattern, pattern).first->second;
}

bool whole_match(const std::string& text, const std::string& pattern) {
  return re2::RE2::FullMatch(stripped(text), expression("(?i)" + pattern));
}

}  // namespace

NaiveAnswer naive_event(const Catalogue& catalogue, const EventView& event, std::string_view text) {
  std::vector<const Rule*> found;
  for (const Rule& rule : catalogue.rules()) {
    if (!rule.status.empty() || !rule.setting.empty()) continue;
    if (event.provider.empty()) {
      const std::uint32_t id = event.event_id;
      const bool password_sync = id == 0 || (id > 600 && id < 624) || (id > 649 && id < 669);
      if (!password_sync || rule.text.empty() || rule.providers.empty()) continue;
    }
    const std::string_view provider = event.provider.empty() ? "Directory Synchronization" : event.provider;
    const auto fits = [&](const std::string& p) { return name_fits(p, provider); };
    if (!rule.providers.empty() && std::none_of(rule.providers.begin(), rule.providers.end(), fits)) continue;
    if (!lists(rule.event_ids, event.event_id) || !lists(rule.levels, event.level)) continue;
    if (!rule.text.empty() && !re2::RE2::PartialMatch(std::string(text), expression(rule.text))) continue;
    found.push_back(&rule);
  }
  return decide(std::move(found));
}

NaiveAnswer naive_status(const Catalogue& catalogue, std::string_view status) {
  std::vector<const Rule*> found;
  for (const Rule& rule : catalogue.rules()) {
    if (!rule.status.empty() && whole_match(std::string(status), rule.status)) found.push_back(&rule);
  }
  return decide(std::move(found));
}

NaiveAnswer naive_setting(const Catalogue& catalogue, const Setting& setting) {
  std::vector<const Rule*> found;
  for (const Rule& rule : catalogue.rules()) {
    if (rule.setting.empty()) continue;
    const std::string wanted = small(rule.setting);
    const auto slash = wanted.find('/');
    const std::string topic = wanted.substr(0, slash);
    const std::string name = wanted.substr(slash + 1);
    if (topic != "*" && topic != small(setting.topic)) continue;
    if (name != "*" && name != small(setting.name)) continue;
    if (!rule.value.empty() && !whole_match(std::string(setting.value), rule.value)) continue;
    found.push_back(&rule);
  }
  return decide(std::move(found));
}

NaiveAnswer answer_of(const std::optional<Explanation>& explanation) {
  NaiveAnswer answer;
  if (!explanation) return answer;
  answer.rule = explanation->rule->id;
  if (explanation->runner_up != nullptr) answer.runner_up = explanation->runner_up->id;
  return answer;
}

}  // namespace synclens::test
