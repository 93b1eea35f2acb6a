// The slow oracle of the classifier: goes through all rules, one regular expression after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens::test {

struct NaiveAnswer {
  std::string rule, runner_up;  // ids; empty where there is none
  bool operator==(const NaiveAnswer&) const = default;
};

[[nodiscard]] NaiveAnswer naive_event(const Catalogue& catalogue, const EventView& event, std::string_view text);
[[nodiscard]] NaiveAnswer naive_status(const Catalogue& catalogue, std::string_view status);
[[nodiscard]] NaiveAnswer naive_setting(const Catalogue& catalogue, const Setting& setting);
[[nodiscard]] NaiveAnswer answer_of(const std::optional<Explanation>& explanation);

}  // namespace synclens::test
