// The shipped rules: lint and their own samples say nothing, and the slow oracle agrees on every sample.
#include <doctest/doctest.h>

#include <filesystem>

#include "classify/rule_test.hpp"
#include "classify/specificity.hpp"
#include "support/naive_classifier.hpp"
#include "support/source_folder.hpp"
#include "synclens/limits.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string directory = support::source_folder() + "/python/synclens/catalogue";

}  // namespace

TEST_CASE("the shipped catalogue") {
  if (!std::filesystem::exists(directory)) {
    MESSAGE("skipped: this checkout has no catalogue");
    return;
  }
  const std::vector<std::string> directories = {directory};
  const Catalogue catalogue = Catalogue::load(directories, true);
  CHECK(lint(catalogue) == std::vector<std::string>{});
  CHECK(run_rule_tests(catalogue) == std::vector<std::string>{});

  const Classifier classifier(catalogue, Limits{}.regex_memory);
  std::vector<std::string> samples;
  for (const Rule& rule : catalogue.rules()) {
    for (const Rule::Test& sample : rule.tests) {
      const std::string& text = sample.hit.empty() ? sample.miss : sample.hit;
      CAPTURE(rule.id);
      CAPTURE(text);
      const NaiveAnswer answer = answer_of(classify_sample(classifier, rule, sample));
      if (!rule.status.empty()) {
        CHECK(answer == naive_status(catalogue, text));
      } else if (!rule.setting.empty()) {
        const SettingName name = setting_name(rule);
        Setting setting;
        setting.topic = name.topic;
        setting.name = name.name;
        setting.value = text;
        CHECK(answer == naive_setting(catalogue, setting));
      } else {
        // Every sample also as a record of each of the rule's ids, and without a provider.
        for (const std::uint32_t id : rule.event_ids) {
          EventView event;
          event.event_id = id;
          for (const std::string_view provider : {"Directory Synchronization", "adsync", ""}) {
            event.provider = provider;
            CHECK(answer_of(classifier.event(event, text)) == naive_event(catalogue, event, text));
          }
        }
      }
    }
  }
}
