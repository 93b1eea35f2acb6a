// Which of two matching rules explains better.
#pragma once

#include "synclens/classify.hpp"

namespace synclens {

// How many conditions a rule states: provider, event id, level, text; a status; topic, name, value of a setting.
[[nodiscard]] int conditions(const Rule& rule);

// True when `a` wins over `b`: more conditions, then the better confidence, then the longer pattern, then the
// smaller id.
[[nodiscard]] bool more_specific(const Rule& a, const Rule& b);

// True when only their ids decide between the two.
[[nodiscard]] bool same_rank(const Rule& a, const Rule& b);

// Topic and name of match.setting.
struct SettingName {
  std::string_view topic, name;
};
[[nodiscard]] SettingName setting_name(const Rule& rule);

}  // namespace synclens
