// Small catalogues for tests, from TOML text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens::test {

// Causes "a", "b" and "c", complete in lint's eyes.
inline constexpr std::string_view three_causes = R"(
[catalogue]
version = "1"
[[cause]]
id = "a"
title = "A"
severity = "high"
scope = "domain"
order = 2
why = "because"
fix = [{ text = "do" }]
reference = [{ title = "t", url = "https://example.com/a" }]
[[cause]]
id = "b"
title = "B"
severity = "low"
scope = "user"
order = 1
why = "because"
fix = [{ text = "do" }]
reference = [{ title = "t", url = "https://example.com/b" }]
[[cause]]
id = "c"
title = "C"
severity = "info"
scope = "server"
why = "because"
fix = [{ text = "do" }]
reference = [{ title = "t", url = "https://example.com/c" }]
)";

// The catalogue of "test.toml" that holds the three causes and then `rules`.
inline Catalogue catalogue_of(std::string_view rules) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"test.toml", std::string(three_causes) + std::string(rules)}};
  return Catalogue::parse(files);
}

}  // namespace synclens::test
