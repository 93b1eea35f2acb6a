#include <doctest/doctest.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <random>
#include <thread>

#include "support/catalogue_text.hpp"
#include "support/naive_classifier.hpp"
#include "synclens/error.hpp"
#include "synclens/limits.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view rules = R"(
[[rule]]
id = "rpc"
cause = "a"
title = "t"
match.provider = ["Directory Synchronization"]
match.event_id = [611]
match.text = '''RPC Error\s+(?P<rpc>\d+)'''
fields.rpc = "int"
constant.family = "rpc"
[[rule]]
id = "rpc-8453"
cause = "b"
title = "t"
match.provider = ["Directory Synchronization"]
match.event_id = [611, 612]
match.text = '''RPC Error\s+(?P<rpc>8453)\b'''
fields.rpc = "int"
constant.family = "rpc"
[[rule]]
id = "any-611"
cause = "c"
title = "t"
confidence = "inferred"
match.provider = ["Directory Synchronization"]
match.event_id = [611]
[[rule]]
id = "alive"
title = "t"
match.provider = ["Directory Synchronization", "ADSync"]
match.event_id = [663]
[[rule]]
id = "ping-end"
title = "t"
match.provider = ["Directory Synchronization"]
match.event_id = [654]
match.text = '''ping end.*TrackingID : (?P<tracking>\S+)'''
fields.tracking = "guid"
[[rule]]
id = "token"
cause = "a"
title = "t"
match.provider = ["directory synchronization"]
match.event_id = [906]
match.text = 'AADSTS(?P<code>\d+)'
[[rule]]
id = "sql"
cause = "c"
title = "t"
match.provider = ["SQLLocalDB *"]
match.event_id = [528]
[[rule]]
id = "sql-15"
cause = "a"
title = "t"
match.provider = ["SQLLocalDB 15.0"]
match.event_id = [528]
match.text = 'WaitFor'
[[rule]]
id = "anyone"
cause = "b"
title = "t"
match.text = 'not part of the Windows Platform FIPS'
[[rule]]
id = "level"
cause = "a"
title = "t"
match.provider = ["ADSync"]
match.event_id = [6100]
match.level = [2, 3]
[[rule]]
id = "filtered"
cause = "a"
title = "t"
match.status = 'FilteredBy(?P<by>Target)'
[[rule]]
id = "filtered-any"
cause = "b"
title = "t"
confidence = "field"
match.status = '(?:Filtered|No).*'
[[rule]]
id = "staging"
cause = "a"
title = "t"
match.setting = "scheduler/StagingModeEnabled"
match.value = 'True|1'
[[rule]]
id = "any-error"
cause = "b"
title = "t"
match.setting = "*/LastError"
match.value = '(?P<what>.+)'
[[rule]]
id = "scheduler-known"
title = "t"
match.setting = "scheduler/*"
)";

struct Fixture {
  Catalogue catalogue = catalogue_of(rules);
  Classifier classifier{catalogue, Limits{}.regex_memory};

  std::optional<Explanation> event(std::string_view provider, std::uint32_t id, std::string_view text,
                                   std::uint8_t level = 4) const {
    EventView view;
    view.provider = provider;
    view.event_id = id;
    view.level = level;
    return classifier.event(view, text);
  }
  std::string rule(std::string_view provider, std::uint32_t id, std::string_view text, std::uint8_t level = 4) const {
    return answer_of(event(provider, id, text, level)).rule;
  }
  std::optional<Explanation> setting(std::string_view topic, std::string_view name, std::string_view value) const {
    Setting s;
    s.topic = topic;
    s.name = name;
    s.value = value;
    return classifier.setting(s);
  }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the most specific rule wins, with its fields and the next best of another cause") {
  const auto found =
      event("Directory Synchronization", 611, "Details: RPC Error   8453 : Replication access was denied.");
  REQUIRE(found);
  CHECK(found->rule->id == "rpc-8453");  // as many conditions as rpc, and the longer pattern
  REQUIRE(found->runner_up != nullptr);
  CHECK(found->runner_up->id == "rpc");
  CHECK(found->fields == Fields{{"family", "rpc"}, {"rpc", "8453"}});
  CHECK(rule("Directory Synchronization", 611, "RPC Error 1722") == "rpc");
  CHECK(rule("Directory Synchronization", 611, "nothing known") == "any-611");
  CHECK(rule("Directory Synchronization", 612, "RPC Error 8453") == "rpc-8453");
  CHECK(rule("Directory Synchronization", 612, "RPC Error 1722").empty());
}

TEST_CASE_FIXTURE(Fixture, "the provider counts, its case does not") {
  CHECK(rule("DIRECTORY synchronization", 611, "x") == "any-611");
  CHECK(rule("Directory Synchronisation", 611, "x").empty());
  CHECK(rule("adsync", 663, "") == "alive");
  CHECK(rule("Application Error", 611, "RPC Error 8453").empty());
  CHECK(rule("Directory Synchronization", 906, "AADSTS50076") == "token");
}

TEST_CASE_FIXTURE(Fixture, "a trailing star matches any ending, and competes with exact names") {
  CHECK(rule("SQLLocalDB 11.0", 528, "WaitFor") == "sql");
  CHECK(rule("sqllocaldb 15.0", 528, "WaitFor") == "sql-15");
  CHECK(rule("SQLLocalDB 15.0", 528, "x") == "sql");
  CHECK(rule("SQLLocalDB", 528, "x").empty());
  CHECK(rule("SQLLocalDB 15.0", 529, "x").empty());
}

TEST_CASE_FIXTURE(Fixture, "a record without a provider needs an id of password sync and a text that a rule knows") {
  CHECK(rule("", 611, "RPC Error 8453") == "rpc-8453");
  CHECK(rule("", 611, "something else").empty());  // any-611 has no text
  CHECK(rule("", 663, "").empty());
  CHECK(rule("", 906, "AADSTS50076").empty());                            // not an id of password sync
  CHECK(rule("", 611, "not part of the Windows Platform FIPS").empty());  // that rule is about any provider
  CHECK(rule("ADSync", 611, "RPC Error 8453").empty());
}

TEST_CASE_FIXTURE(Fixture, "rules without ids and levels") {
  CHECK(rule("Any", 4711, "is not part of the Windows Platform FIPS validated") == "anyone");
  CHECK(rule("Any", 4711, "x").empty());
  CHECK(rule("ADSync", 6100, "", 2) == "level");
  CHECK(rule("ADSync", 6100, "", 4).empty());
}

TEST_CASE_FIXTURE(Fixture, "fields are trimmed and typed; what does not fit its type is left out") {
  auto found = event("Directory Synchronization", 654, "ping end. TrackingID : 6F0E0000-0000-4000-8000-0000000000D2");
  REQUIRE(found);
  CHECK(found->fields == Fields{{"tracking", "6f0e0000-0000-4000-8000-0000000000d2"}});
  found = event("Directory Synchronization", 654, "ping end. TrackingID : none");
  REQUIRE(found);
  CHECK(found->fields.empty());
  found = event("Directory Synchronization", 611, "RPC Error 99999999999999999999999");
  REQUIRE(found);
  CHECK(found->fields == Fields{{"family", "rpc"}});
}

TEST_CASE_FIXTURE(Fixture, "a status is matched as a whole word in any case") {
  const auto found = classifier.status(" filteredbytarget\r\n");
  REQUIRE(found);
  CHECK(found->rule->id == "filtered");
  CHECK(found->runner_up->id == "filtered-any");
  CHECK(found->fields == Fields{{"by", "target"}});
  CHECK(answer_of(classifier.status("NoTargetConnection")).rule == "filtered-any");
  CHECK_FALSE(classifier.status("Success"));
  CHECK_FALSE(classifier.status("xFilteredByTarget"));
  CHECK_FALSE(classifier.status(""));
}

TEST_CASE_FIXTURE(Fixture, "a setting is matched by topic, name and whole value") {
  CHECK(answer_of(setting("scheduler", "StagingModeEnabled", " true ")).rule == "staging");
  CHECK(answer_of(setting("SCHEDULER", "stagingmodeenabled", "1")).rule == "staging");
  CHECK(answer_of(setting("scheduler", "StagingModeEnabled", "False")).rule == "scheduler-known");
  CHECK(answer_of(setting("scheduler", "StagingModeEnabled", "True1")).rule == "scheduler-known");
  CHECK_FALSE(setting("global-settings", "StagingModeEnabled", "True"));
  const auto found = setting("database", "LastError", " full ");
  REQUIRE(found);
  CHECK(found->rule->id == "any-error");
  CHECK(found->fields == Fields{{"what", "full"}});
  CHECK_FALSE(setting("database", "LastError", ""));
}

TEST_CASE_FIXTURE(Fixture, "providers are listed once, and a rule about any provider as a star") {
  CHECK(classifier.providers() ==
        std::vector<std::string>{"*", "ADSync", "Directory Synchronization", "SQLLocalDB *", "SQLLocalDB 15.0"});
}

TEST_CASE_FIXTURE(Fixture, "only the first 256 KiB of a text are looked at") {
  const std::string hit = "RPC Error 8453 ";
  CHECK(rule("Directory Synchronization", 611, std::string(200000, ' ') + hit) == "rpc-8453");
  CHECK(rule("Directory Synchronization", 611, std::string(300000, ' ') + hit) == "any-611");
}

TEST_CASE("no memory for a set is not a reason to miss a match") {
  const Catalogue catalogue = catalogue_of(rules);
  const Classifier small(catalogue, std::int64_t{1} << 20);
  EventView view;
  view.provider = "Directory Synchronization";
  view.event_id = 611;
  CHECK(answer_of(small.event(view, "RPC Error 8453")).rule == "rpc-8453");
  CHECK(answer_of(small.status("FilteredByTarget")).rule == "filtered");
  CHECK_THROWS_AS(Classifier(catalogue, 1000), CatalogueError);
}

TEST_CASE("patterns that are too large for one set are tried one by one") {
  constexpr std::int64_t memory = std::int64_t{1} << 20;
  std::string text(rules);
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  re2::RE2::Set set(options, re2::RE2::UNANCHORED);
  for (int i = 2; i < 12; ++i) {
    const std::string n = std::to_string(i);
    const std::string pattern = "a\\pL{" + n + "}c" + n + "\\b";
    text.append("[[rule]]\nid='many").append(n).append("'\ncause='a'\ntitle='t'\nmatch.provider=['P']\n");
    text.append("match.event_id=[1]\nmatch.text='").append(pattern).append("'\n");
    REQUIRE(set.Add(pattern, nullptr) >= 0);
  }
  REQUIRE_FALSE(set.Compile());  // else this test shows nothing
  const Catalogue catalogue = catalogue_of(text);
  const Classifier classifier(catalogue, memory);
  std::mt19937 random(7);
  EventView view;
  view.provider = "P";
  view.event_id = 1;
  int found = 0;
  for (int round = 0; round < 12; ++round) {
    std::string message;
    for (int i = 0; i < 400; ++i) message += "ab "[random() % 3];
    if (round % 3 != 0) message.append("aaaaaaaaaaaac").append(std::to_string(round));
    const NaiveAnswer expected = naive_event(catalogue, view, message);
    found += expected.rule.empty() ? 0 : 1;
    CHECK(answer_of(classifier.event(view, message)) == expected);
  }
  CHECK(found > 3);
}

TEST_CASE_FIXTURE(Fixture, "agrees with trying one expression after the other on generated records") {
  const std::vector<std::string> pieces = {"RPC Error 8453",
                                           "RPC Error ",
                                           "1722",
                                           " : ",
                                           "ping end",
                                           " TrackingID : ",
                                           "abc",
                                           "AADSTS50076",
                                           "\n",
                                           "WaitFor",
                                           "not part of the Windows Platform FIPS",
                                           "RPC error",
                                           "Directory",
                                           "\xC3\xA9",
                                           std::string("\0", 1),
                                           "\xFF"};
  const std::vector<std::string> providers = {"Directory Synchronization",
                                              "directory SYNCHRONIZATION",
                                              "ADSync",
                                              "SQLLocalDB 15.0",
                                              "SQLLocalDB 11",
                                              "Other",
                                              ""};
  const std::vector<std::uint32_t> ids = {611, 612, 654, 663, 906, 528, 6100, 0, 1};
  const std::vector<std::string> words = {"Filtered", "By", "Target", "No", " ", "TRUE", "1", "success"};
  const std::vector<std::string> names = {"StagingModeEnabled", "lasterror", "Other"};
  const std::vector<std::string> topics = {"scheduler", "database", "Scheduler"};
  std::mt19937 random(1);
  const auto pick = [&](const auto& from) -> const auto& {
    return from[random() % from.size()];
  };
  std::size_t explained = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (auto n = random() % 7; n > 0; --n) text += pick(pieces);
    EventView view;
    view.provider = pick(providers);
    view.event_id = pick(ids);
    view.level = static_cast<std::uint8_t>(random() % 5);
    CAPTURE(text);
    CAPTURE(view.provider);
    CAPTURE(view.event_id);
    const NaiveAnswer expected = naive_event(catalogue, view, text);
    CHECK(answer_of(classifier.event(view, text)) == expected);
    explained += expected.rule.empty() ? 0u : 1u;

    std::string word;
    for (auto n = random() % 4; n > 0; --n) word += pick(words);
    CAPTURE(word);
    CHECK(answer_of(classifier.status(word)) == naive_status(catalogue, word));
    Setting s;
    s.topic = pick(topics);
    s.name = pick(names);
    s.value = word;
    CHECK(answer_of(classifier.setting(s)) == naive_setting(catalogue, s));
  }
  CHECK(explained > 1000);
}

TEST_CASE_FIXTURE(Fixture, "several threads may ask a fresh classifier at once") {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([this, t, &wrong] {
      for (int i = 0; i < 200; ++i) {
        if (rule("Directory Synchronization", 611, "RPC Error 8453") != "rpc-8453") ++wrong[t];
        if (rule("Directory Synchronization", 654, "ping end TrackingID : x") != "ping-end") ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("words in any case are found where the pattern finds them") {
  for (const std::string_view pattern :
       {"(?i)Some words", "(?i)some words(?:\\.\\s*Count\\s*:\\s*(?P<count>\\d+))?", "(?i)Some words(?:[)])?x",
        "(?i)Some words?", "(?i)Some words(?:a)(?:b)?", "(?i)Some words(?:a|b)", "Some words"}) {
    const std::vector<std::pair<std::string, std::string>> files = {
        {"a.toml", "[[rule]]\nid = 'r'\ntitle = 't'\nmatch.provider = ['P']\nmatch.event_id = [1]\nmatch.text = '''" +
                       std::string(pattern) + "'''\n"}};
    const Catalogue catalogue = Catalogue::parse(files);
    const Classifier classifier(catalogue, Limits{}.regex_memory);
    const re2::RE2 expected{re2::StringPiece(pattern.data(), pattern.size())};
    EventView event;
    event.provider = "P";
    event.event_id = 1;
    for (const std::string& text :
         {std::string("Some words"), std::string("so some wordsa. Count: 7"), std::string("some word"),
          std::string("Some  words"), std::string("\xC5\xBFome words"), "Some" + std::string(300, ' ') + "Some Words b",
          std::string("some words)x"), std::string()}) {
      CAPTURE(pattern);
      CAPTURE(text);
      CHECK(classifier.event(event, text).has_value() == re2::RE2::PartialMatch(text, expected));
    }
  }
}
