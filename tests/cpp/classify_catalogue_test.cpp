#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "support/catalogue_text.hpp"
#include "synclens/error.hpp"
#include "synclens/limits.hpp"

using namespace synclens;
using test::catalogue_of;
namespace fs = std::filesystem;

namespace {

// A folder that is gone when the test is.
struct Folder {
  Folder() : path(fs::temp_directory_path() / (std::string("synclens-") + std::to_string(std::random_device{}()))) {
    fs::create_directories(path);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string put(const std::string& name, std::string_view text) const {
    const fs::path file = path / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  fs::path path;
};

std::string reason(const std::vector<std::pair<std::string, std::string>>& files) {
  try {
    (void)Catalogue::parse(files);
  } catch (const CatalogueError& error) {
    return error.what();
  }
  return "accepted";
}

std::string load_reason(std::vector<std::string> directories) {
  try {
    (void)Catalogue::load(directories);
  } catch (const CatalogueError& error) {
    return error.what();
  }
  return "accepted";
}

constexpr std::string_view plain_rule = R"(
[[rule]]
id = "R"
title = "t"
match.event_id = [1]
)";

}  // namespace

TEST_CASE("a catalogue holds what its tables say") {
  const Catalogue c = catalogue_of(R"(
[[rule]]
id = "PHS-611-8453"
cause = "a"
title = "No permission"
summary = "Domain {domain}: RPC {rpc}"
severity = "medium"
confidence = "field"
match.provider = ["Directory Synchronization"]
match.event_id = [611, 612]
match.level = [2]
match.text = '''RPC Error\s+(?P<rpc>8453)\b'''
fields.rpc = "int"
constant.family = "rpc"
builds = { from = "1.0.6455.0807", below = "2.0" }
[[rule.reference]]
title = "doc"
url = "https://example.com"
[[rule.test]]
hit = "RPC Error 8453"
[[rule.test]]
miss = "RPC Error 1"
provider = "Other"
event_id = 5
[[build]]
version = "2.4.129.0"
source = "s"
[[build]]
version = "2.4.18.0"
end_of_support = "2025-10-09"
note = "n"
[[entry]]
kind = "event"
id = "611"
title = "t"
aliases = []
causes = ["a"]
)");
  CHECK(c.version() == "1");
  REQUIRE(c.causes().size() == 3);
  CHECK(c.causes()[0].id == "b");  // order 1
  CHECK(c.causes()[1].id == "a");
  CHECK(c.causes()[2].id == "c");  // no order: after those that have one
  CHECK(c.cause("a")->severity == Severity::high);
  CHECK(c.cause("nobody") == nullptr);
  const Rule* r = c.rule("PHS-611-8453");
  REQUIRE(r != nullptr);
  CHECK(r->severity == Severity::medium);
  CHECK(r->confidence == Confidence::field);
  CHECK(r->event_ids == std::vector<std::uint32_t>{611, 612});
  CHECK(r->levels == std::vector<std::uint8_t>{2});
  CHECK(r->fields.at("rpc") == FieldType::integer);
  CHECK(r->constants.at("family") == "rpc");
  CHECK(r->build_below == "2.0");
  CHECK(r->references.size() == 1);
  REQUIRE(r->tests.size() == 2);
  CHECK(r->tests[0].hit == "RPC Error 8453");
  CHECK(r->tests[1].provider == "Other");
  CHECK(r->tests[1].event_id == 5u);
  CHECK(r->file == "test.toml");
  CHECK(r->line > 30);
  CHECK(c.rule("PHS-611") == nullptr);
  REQUIRE(c.builds().size() == 2);
  CHECK(c.builds()[0].version == "2.4.18.0");
  CHECK(c.entries().size() == 1);
}

TEST_CASE("a fix step's condition") {
  const Catalogue c = Catalogue::parse(std::vector<std::pair<std::string, std::string>>{{"x", R"(
[[cause]]
id = "a"
title = "A"
severity = "high"
scope = "domain"
[[cause.fix]]
text = "t"
command = "c {connector}"
once = true
when = { identity = "ServiceAccount", build_from = "2.0", build_below = "2.5", field = "rpc", equals = "8456" }
)"}});
  const FixStep& step = c.causes().at(0).fix.at(0);
  CHECK(step.once);
  CHECK_FALSE(step.verify);
  CHECK(step.when.identity == "ServiceAccount");
  CHECK(step.when.build_below == "2.5");
  CHECK(step.when.equals == "8456");
}

TEST_CASE("what is wrong is said with file, line and reason") {
  struct Bad {
    const char* text;
    const char* line;
    const char* reason;
  };
  const std::vector<Bad> table = {
      {"[[rule]\n", "1", ""},
      {"x = 1\n", "1", "unknown key 'x'"},
      {"\n[catalogue]\nversion = 3\n", "3", "version: must be a text"},
      {"[catalogue]\n", "1", "version: is missing"},
      {"rule = 3\n", "1", "rule: must be a list"},
      {"rule = [3]\n", "1", "must be tables"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nsevrity = 'high'\n", "5", "unknown key 'sevrity'"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nmatch.eventid = [2]\n", "5", "unknown key 'eventid'"},
      {"[[rule]]\ntitle = 't'\nmatch.event_id = [1]\n", "1", "id: is missing"},
      {"[[rule]]\nid = ''\ntitle = 't'\nmatch.event_id = [1]\n", "2", "id: must not be empty"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\n", "1", "match: is missing"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch = 3\n", "4", "match: must be a table"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.level = [1]\n", "4", "a level alone is no rule"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = []\n", "4", "event_id: must not be empty"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = 5\n", "4", "event_id: must be a list"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [-1]\n", "4", "whole numbers from 0 to 4294967295"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [4294967296]\n", "4", "whole numbers"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = ['611']\n", "4", "whole numbers"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nmatch.level = [256]\n", "5", "from 0 to 255"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.provider = ['']\n", "4", "texts that are not empty"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = ''\n", "4", "text: must not be empty"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = '('\n", "1", "not a pattern that RE2 takes"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = '(?=x)'\n", "1", "not a pattern that RE2 takes"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.status = '['\n", "1", "not a pattern that RE2 takes"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = '((\\pL{100}){10}){10}'\n", "1", "not a pattern that RE2 takes"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = 'x'\nfields.rpc = 'int'\n", "1",
       "no group of the pattern captures it"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nfields.rpc = 'int'\n", "1", "there is no pattern"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = '(?P<rpc>x)'\nfields.rpc = 'float'\n", "5",
       "none of text, int, guid or time"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nconstant.x = 1\n", "5", "x: must be a text"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.value = 'x'\n", "4", "needs match.setting"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.setting = 'x'\n", "4", "must be written topic/name"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.setting = 'x/'\n", "4", "must be written topic/name"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.status = 'x'\nmatch.event_id = [1]\n", "4", "not about two of them"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nseverity = 'fatal'\n", "5",
       "'fatal' is none of critical"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nconfidence = 'sure'\n", "5",
       "'sure' is none of documented"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\ncause = 'nope'\n", "1", "unknown cause 'nope'"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nbuilds = { from = '2.x' }\n", "5",
       "'2.x' is no build number"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nbuilds = { from = '' }\n", "5", "'' is no build number"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nbuilds = { from = '2.1', below = '2.1.0' }\n", "5",
       "no build is from 2.1"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\nbuilds = { to = '2' }\n", "5", "unknown key 'to'"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\n[[rule.test]]\n", "5", "either a hit or a miss"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\n[[rule.test]]\nhit = 'x'\nmiss = 'y'\n", "5",
       "either a hit or a miss"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\n[[rule.test]]\nhit = ''\n", "6",
       "hit: must not be empty"},
      {"[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [1]\n[[rule.reference]]\ntitle = 'x'\n", "5",
       "url: is missing"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nscope = 'user'\n", "1", "severity: is missing"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'planet'\n", "5", "'planet' is none of tenant"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'user'\norder = 1.5\n", "6",
       "order: must be a whole number"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'user'\npassword_sync = 'no'\n", "6",
       "must be true or false"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'user'\nfix = [{ text = 't', when = { identity = "
       "'X' } }]\n",
       "6", "ServiceAccount or Application"},
      {"[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'user'\nfix = [{ text = 't', when = { field = 'X' "
       "} }]\n",
       "6", "goes with the other"},
      {"[[build]]\nsource = 'x'\n", "1", "version: is missing"},
      {"[[build]]\nversion = '2.0'\nend_of_support = 'soon'\n", "3", "must be a date"},
      {"[[build]]\nversion = '2.0'\nend_of_support = '2026-02-30'\n", "3", "must be a date"},
      {"[[entry]]\nkind = 'event'\nid = '1'\ntitle = 't'\ncauses = ['nope']\n", "1", "unknown cause 'nope'"},
  };
  for (const Bad& bad : table) {
    CAPTURE(bad.text);
    const std::string said = reason({{"bad.toml", bad.text}});
    CAPTURE(said);
    CHECK(said.rfind(std::string("bad.toml:") + std::string(bad.line) + ": ", 0) == 0);
    CHECK(said.find(bad.reason) != std::string::npos);
  }
  CHECK(reason({{"good.toml", std::string(plain_rule)}}) == "accepted");
}

TEST_CASE("an id is defined once in a directory, whatever the file") {
  CHECK(reason({{"one.toml", std::string(plain_rule)}, {"two.toml", std::string(plain_rule)}}) ==
        "two.toml:2: rule R is already defined at one.toml:2");
  const std::string cause = "[[cause]]\nid = 'a'\ntitle = 't'\nseverity = 'low'\nscope = 'user'\n";
  CHECK(reason({{"one.toml", cause + cause}}) == "one.toml:6: cause a is already defined at one.toml:1");
  const std::string head = "[catalogue]\nversion = '1'\n";
  CHECK(reason({{"one.toml", head}, {"two.toml", head}}) ==
        "two.toml:1: a second [catalogue]; the first is at one.toml:1");
}

TEST_CASE("a message has no control characters, whatever an id holds") {
  const std::string said = reason({{"x.toml", "[[rule]]\nid = \"R\\u001b[31m\"\ntitle = 't'\n"}});
  CHECK(said.find('\x1b') == std::string::npos);
  CHECK(said.find("rule R?[31m") != std::string::npos);
}

TEST_CASE("bounds: pattern, file, nesting") {
  const auto rule = [](const std::string& pattern) {
    return "[[rule]]\nid = 'R'\ntitle = 't'\nmatch.text = '" + pattern + "'\n";
  };
  CHECK(reason({{"x", rule(std::string(8000, 'a'))}}) == "accepted");
  CHECK(reason({{"x", rule(std::string(9000, 'a'))}}).find("longer than 8192") != std::string::npos);
  CHECK(reason({{"x", std::string("#") + std::string(std::size_t{4} << 20, 'a')}}).find("larger than 4194304") !=
        std::string::npos);
  CHECK(reason({{"x", std::string("#") + std::string((std::size_t{4} << 20) - 1, 'a')}}) == "accepted");
  CHECK(reason({{"x", std::string("rule = ") + std::string(100000, '[')}}).rfind("x:1: ", 0) == 0);
}

TEST_CASE("too many rules are refused") {
  std::vector<std::pair<std::string, std::string>> files;
  for (int part = 0; part < 2; ++part) {
    std::string text = "rule = [\n";
    for (int i = 0; i < 50001; ++i) {
      text += "{id='" + std::to_string(part * 60000 + i) + "',title='t',match={event_id=[1]}},\n";
    }
    files.emplace_back(std::string("part") + std::to_string(part), text + "]\n");
  }
  CHECK(reason(files).find("more than 100000 rules") != std::string::npos);
}

TEST_CASE("directories are read in order and the later one replaces by id") {
  const Folder shipped;
  const Folder own;
  shipped.put("cause.toml", test::three_causes);
  shipped.put("deeper/rule.toml", plain_rule);
  shipped.put("note.txt", "not toml at all [[[");
  own.put("rule-own.toml",
          "[[rule]]\nid = 'R'\ntitle = 'mine'\ncause = 'a'\nmatch.event_id = [2]\n[[rule]]\nid = 'S'\ntitle = "
          "'s'\nmatch.event_id = [3]\n");
  const std::vector<std::string> both = {shipped.path.string(), own.path.string()};
  const Catalogue c = Catalogue::load(both);
  CHECK(c.rules().size() == 2);
  CHECK(c.rule("R")->title == "mine");
  CHECK(c.rule("R")->file == (own.path / "rule-own.toml").string());
  CHECK(c.version() == "1");
  CHECK(Catalogue::load(std::vector<std::string>{shipped.path.string()}).rule("R")->title == "t");
}

TEST_CASE("entries are loaded only when asked for") {
  const Folder folder;
  folder.put("entry-event.toml", "[[entry]]\nkind = 'event'\nid = '611'\ntitle = 't'\n");
  folder.put("rule.toml", plain_rule);
  const std::vector<std::string> one = {folder.path.string()};
  CHECK(Catalogue::load(one).entries().empty());
  CHECK(Catalogue::load(one, true).entries().size() == 1);
}

TEST_CASE("a directory of one's own with a bad pattern is refused with file and line") {
  const Folder shipped;
  const Folder own;
  shipped.put("rule.toml", plain_rule);
  const std::string file = own.put("mine.toml", "\n[[rule]]\nid = 'S'\ntitle = 's'\nmatch.text = 'a(b'\n");
  CHECK(load_reason({shipped.path.string(), own.path.string()})
            .rfind(file + ":2: rule S: not a pattern that RE2 takes", 0) == 0);
}

TEST_CASE("of the shipped directory a pattern's syntax and fields are checked at load, its size at lint") {
  const Folder shipped;
  const auto load = [&](const std::string& pattern) {
    shipped.put("rule.toml", "[[rule]]\nid = 'S'\ntitle = 's'\nmatch.text = '" + pattern + "'\nfields.f = 'int'\n");
    return load_reason({shipped.path.string()});
  };
  CHECK(load("(?P<f>x)") == "accepted");
  CHECK(load("(?P<f>x)(").find(":1: rule S: not a pattern that RE2 takes") != std::string::npos);
  CHECK(load("(?P<g>x)").find("no group of the pattern captures it") != std::string::npos);
  CHECK(load("(?P<f>\\pL{900})") == "accepted");
  const std::vector<std::string> one = {shipped.path.string()};
  const Catalogue catalogue = Catalogue::load(one);
  const std::vector<std::string> findings = lint(catalogue);
  CHECK(std::any_of(findings.begin(), findings.end(), [](const std::string& finding) {
    return finding.find("rule S: not a pattern that RE2 takes") != std::string::npos;
  }));
  const Classifier classifier(catalogue, Limits{}.regex_memory);
  EventView event;
  event.provider = "P";
  CHECK_THROWS_AS((void)classifier.event(event, "text"), CatalogueError);
  const std::vector<std::string> twice = {shipped.path.string(), shipped.path.string()};
  CHECK_THROWS_AS((void)Catalogue::load(twice), CatalogueError);  // the second is somebody's own
}

TEST_CASE("directories that are none") {
  const Folder empty;
  CHECK(load_reason({(empty.path / "missing").string()}).find("missing") != std::string::npos);
  CHECK(load_reason({empty.path.string()}).find("holds no catalogue file") != std::string::npos);
  CHECK(load_reason({empty.put("file.toml", plain_rule)}) != "accepted");
}

TEST_CASE("bounds of a directory: bytes, files, depth") {
  const Folder bytes;
  for (int i = 0; i < 17; ++i) fs::resize_file(bytes.put("f" + std::to_string(i) + ".toml", ""), std::size_t{4} << 20);
  CHECK(load_reason({bytes.path.string()}).find("more than 67108864 bytes of catalogue") != std::string::npos);
  const Folder files;
  for (int i = 0; i < 2001; ++i) files.put(std::to_string(i) + ".toml", "");
  CHECK(load_reason({files.path.string()}).find("more than 2000 catalogue files") != std::string::npos);
  const Folder deep;
  deep.put("1/2/3/4/5/6/7/8/rule.toml", plain_rule);
  CHECK(load_reason({deep.path.string()}) == "accepted");
  deep.put("1/2/3/4/5/6/7/8/9/rule.toml", plain_rule);
  CHECK(load_reason({deep.path.string()}).find("nested too deeply") != std::string::npos);
}

TEST_CASE("a catalogue with broken bytes is taken or refused with file and line, never more") {
  const std::string whole = std::string(test::three_causes) + R"(
[[rule]]
id = "R"
cause = "a"
title = "t"
match.provider = ["P"]
match.event_id = [1, 2]
match.text = '''a(?P<rpc>\d+)b*'''
fields.rpc = "int"
builds = { from = "1.0", below = "2.0" }
[[rule.test]]
hit = "a1"
)";
  const std::string_view bytes = "[]{}=\"'.,\n#\\ (?P<0-9\xFF\x80";
  std::mt19937 random(3);
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (auto n = random() % 3 + 1; n > 0; --n) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, random() % 20 + 1);
      } else {
        text[at] = bytes[random() % bytes.size()];
      }
    }
    const std::string said = reason({{"x.toml", text}});
    if (said == "accepted") {
      ++accepted;
    } else {
      ++refused;
      const bool addressed = said.rfind("x.toml:", 0) == 0 && said[7] >= '0' && said[7] <= '9';
      CAPTURE(text);
      CHECK(addressed);
    }
  }
  CHECK(accepted > 100);
  CHECK(refused > 100);
}
