#include "classify/specificity.hpp"

#include <tuple>

#include "classify/patterns.hpp"

namespace synclens {
namespace {

// Smaller is better; the confidences are declared from the best to the weakest.
auto rank(const Rule& rule) {
  return std::tuple(-conditions(rule), static_cast<int>(rule.confidence), -static_cast<long>(pattern_of(rule).size()));
}

}  // namespace

SettingName setting_name(const Rule& rule) {
  const std::string_view setting = rule.setting;
  const std::size_t slash = setting.find('/');
  if (slash == std::string_view::npos) return {setting, {}};
  return {setting.substr(0, slash), setting.substr(slash + 1)};
}

int conditions(const Rule& rule) {
  if (!rule.status.empty()) return 1;
  if (!rule.setting.empty()) {
    const SettingName setting = setting_name(rule);
    return (setting.topic != "*" ? 1 : 0) + (setting.name != "*" ? 1 : 0) + (rule.value.empty() ? 0 : 1);
  }
  return (rule.providers.empty() ? 0 : 1) + (rule.event_ids.empty() ? 0 : 1) + (rule.levels.empty() ? 0 : 1) +
         (rule.text.empty() ? 0 : 1);
}

bool more_specific(const Rule& a, const Rule& b) {
  const auto x = rank(a);
  const auto y = rank(b);
  return x != y ? x < y : a.id < b.id;
}

bool same_rank(const Rule& a, const Rule& b) {
  return rank(a) == rank(b);
}

}  // namespace synclens
