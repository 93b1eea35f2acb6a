// A rule's table, and what other tables of the catalogue have in common with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/toml_reader.hpp"
#include "synclens/classify.hpp"

namespace synclens {

// Reads a [[rule]] and checks whatever can be seen without its patterns. Throws CatalogueError.
[[nodiscard]] Rule read_rule(TomlReader reader);

// The [[...reference]] tables of the reader's table.
[[nodiscard]] std::vector<Reference> read_references(TomlReader& reader);

// A build number; "" where the key is missing.
[[nodiscard]] std::string read_build(TomlReader& reader, std::string_view key);

// Fails at `key` unless from < below, where both are given.
void check_build_range(const TomlReader& reader, std::string_view key, const std::string& from,
                       const std::string& below);

// One word of a closed list; where the key is missing, the kind's usual value (a severity and a scope must be given).
template <typename Enum>
[[nodiscard]] Enum read_word(TomlReader& reader, std::string_view key, std::optional<Enum> (*named)(std::string_view),
                             std::string_view words) {
  std::string word = reader.text(key);
  if constexpr (std::is_same_v<Enum, Confidence>) {
    if (!reader.has(key)) return Confidence::documented;
  }
  const std::optional<Enum> value = named(word);
  if (!value)
    reader.fail(key, reader.has(key) ? "'" + word + "' is none of " + std::string(words) : std::string("is missing"));
  return *value;
}

}  // namespace synclens
