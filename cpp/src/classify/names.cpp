#include "classify/names.hpp"

#include <array>
#include <cstddef>

namespace synclens {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> severities = {"critical", "high", "medium", "low", "info"};
constexpr std::array<std::string_view, 3> confidences = {"documented", "field", "inferred"};
constexpr std::array<std::string_view, 6> scopes = {"tenant", "server", "forest", "domain", "connector", "user"};
constexpr std::array<std::string_view, 4> field_types = {"text", "int", "guid", "time"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& words, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Severity severity) {
  return severities[static_cast<std::size_t>(severity)];
}
std::string_view to_string(Confidence confidence) {
  return confidences[static_cast<std::size_t>(confidence)];
}
std::string_view to_string(ScopeKind scope) {
  return scopes[static_cast<std::size_t>(scope)];
}

std::optional<Severity> severity_named(std::string_view word) {
  return named<Severity>(severities, word);
}
std::optional<Confidence> confidence_named(std::string_view word) {
  return named<Confidence>(confidences, word);
}
std::optional<ScopeKind> scope_named(std::string_view word) {
  return named<ScopeKind>(scopes, word);
}
std::optional<FieldType> field_type_named(std::string_view word) {
  return named<FieldType>(field_types, word);
}

}  // namespace synclens
