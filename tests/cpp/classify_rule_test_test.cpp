#include <doctest/doctest.h>

#include "classify/rule_test.hpp"
#include "support/catalogue_text.hpp"

using namespace synclens;
using test::catalogue_of;

namespace {

std::vector<std::string> run(const std::string& text) {
  return run_rule_tests(catalogue_of(text));
}

const std::string head = "[[rule]]\nid = 'R'\ncause = 'a'\ntitle = 't'\n";

}  // namespace

TEST_CASE("samples that behave say nothing") {
  CHECK(run(head + "match.provider = ['P *']\nmatch.event_id = [7, 8]\nmatch.level = [2]\nmatch.text = 'x'\n"
                   "[[rule.test]]\nhit = 'axb'\n[[rule.test]]\nhit = 'x'\nprovider = 'p 2'\nevent_id = 8\n"
                   "[[rule.test]]\nmiss = 'y'\n[[rule.test]]\nmiss = 'x'\nprovider = 'Q'\n[[rule.test]]\nmiss = "
                   "'x'\nevent_id = 9\n")
            .empty());
  CHECK(
      run(head + "match.status = 'No.*'\n[[rule.test]]\nhit = 'NoTarget'\n[[rule.test]]\nmiss = 'Success'\n").empty());
  CHECK(run(head +
            "match.setting = '*/X'\nmatch.value = 'True'\n[[rule.test]]\nhit = 'true'\n[[rule.test]]\nmiss = 'False'\n")
            .empty());
}

TEST_CASE("samples that do not behave are named with file, line and rule") {
  auto found = run(
      head + "match.provider = ['P']\nmatch.text = 'x'\n[[rule.test]]\nhit = \"a\\nb\"\n[[rule.test]]\nmiss = 'x'\n");
  REQUIRE(found.size() == 2);
  CHECK(found[0].rfind("test.toml:", 0) == 0);
  CHECK(found[0].find(": rule R: does not match \"a b\"") != std::string::npos);
  CHECK(found[1].find(": rule R: explains \"x\", which it must not") != std::string::npos);
}

TEST_CASE("a hit that another rule wins is not a hit") {
  const auto found = run(head +
                         "match.provider = ['P']\nmatch.text = 'x'\n[[rule.test]]\nhit = 'xy'\n"
                         "[[rule]]\nid = 'S'\ntitle = 't'\nmatch.provider = ['P']\nmatch.text = 'xy'\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("rule R: loses \"xy\" to rule S") != std::string::npos);
}

TEST_CASE("a miss that another rule explains is a miss") {
  CHECK(run(head + "match.provider = ['P']\nmatch.text = 'x'\n[[rule.test]]\nmiss = 'xy'\n"
                   "[[rule]]\nid = 'S'\ntitle = 't'\nmatch.provider = ['P']\nmatch.text = 'xy'\n")
            .empty());
}

TEST_CASE("a long sample is cut in messages") {
  const auto found =
      run(head + "match.provider = ['P']\nmatch.text = 'x'\n[[rule.test]]\nhit = '" + std::string(500, 'y') + "'\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].size() < 200);
  CHECK(found[0].find("yyy...\"") != std::string::npos);
}
