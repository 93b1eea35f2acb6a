// From a catalogue file's tables to causes, rules, builds and entries. Looks at one file at a time: what concerns
// several (unique ids, causes that a rule names) is catalogue.cpp's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/classify.hpp"

namespace synclens {

struct CatalogueParts {
  std::optional<std::string> version;
  std::string version_file;  // where the version stands
  std::vector<Cause> causes;
  std::vector<Rule> rules;
  std::vector<Build> builds;
  std::vector<Entry> entries;
};

// Appends what the text defines. Throws CatalogueError with file, line and reason.
void read_catalogue_text(std::string_view text, const std::string& file, bool with_entries, CatalogueParts& parts);

}  // namespace synclens
