// The words by which the catalogue, the reports and the command line spell the classes of a cause.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "synclens/classify.hpp"

namespace synclens {

// The value that a word of the catalogue names; nothing when there is no such word. Case matters.
[[nodiscard]] std::optional<Severity> severity_named(std::string_view word);
[[nodiscard]] std::optional<Confidence> confidence_named(std::string_view word);
[[nodiscard]] std::optional<ScopeKind> scope_named(std::string_view word);
[[nodiscard]] std::optional<FieldType> field_type_named(std::string_view word);

}  // namespace synclens
