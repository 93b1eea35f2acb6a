// A catalogue from a stranger: loaded, linted, tested and used.
#include <string>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "synclens/classify.hpp"
#include "synclens/error.hpp"

using namespace synclens;

namespace {

void use(const Catalogue& catalogue) {
  for (const std::string& line : lint(catalogue)) fuzz::require(fuzz::valid_utf8(line), "lint that is not UTF-8");
  const Classifier classifier(catalogue, std::int64_t{8} << 20);
  EventView event;
  event.provider = "Directory Synchronization";
  event.event_id = 611;
  event.give(EventField::provider);
  event.give(EventField::event_id);
  if (const auto found = classifier.event(event, "failed for domain: contoso.com RPC Error 8453 : denied")) {
    fuzz::require(found->rule != nullptr, "an explanation without a rule");
    for (const auto& [name, value] : found->fields) fuzz::require(!name.empty(), "a field without a name", value);
  }
  (void)classifier.status("FilteredByTarget");
  Setting setting;
  setting.topic = "scheduler";
  setting.name = "StagingModeEnabled";
  setting.value = "True";
  (void)classifier.setting(setting);
  (void)run_rule_tests(catalogue);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"rules.toml", std::string(as_text(ByteView(data, size)))}};
  try {
    use(Catalogue::parse(files));
  } catch (const CatalogueError& error) {
    const std::string_view what = error.what();
    fuzz::require(what.substr(0, 10) == "rules.toml", "an error that does not name its file", what);
    fuzz::require(fuzz::valid_utf8(what), "an error that is not UTF-8", what);
  }
  return 0;
}
