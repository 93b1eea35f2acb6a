#include <doctest/doctest.h>

#include <algorithm>

#include "classify/lint_checks.hpp"
#include "support/catalogue_text.hpp"

using namespace synclens;
using test::catalogue_of;

namespace {

// A rule that lint has nothing against, with `more` in its table.
std::string rule(const std::string& id, const std::string& cause, const std::string& text, const std::string& more = "",
                 const std::string& hit = "") {
  return "[[rule]]\nid = '" + id + "'\ncause = '" + cause +
         "'\ntitle = 't'\nmatch.provider = ['Directory Synchronization']\nmatch.event_id = [611]\nmatch.text = '" +
         text + "'\n" + more + "\n[[rule.test]]\nhit = '" + (hit.empty() ? text : hit) +
         "'\n[[rule.test]]\nmiss = 'nothing of it'\n";
}

std::vector<std::string> findings(const std::string& rules) {
  return lint(catalogue_of(rules));
}

std::string only(const std::string& rules) {
  const std::vector<std::string> found = findings(rules);
  return found.size() == 1 ? found[0] : std::to_string(found.size()) + " findings";
}

bool says(const std::string& finding, std::string_view part) {
  CAPTURE(finding);
  CAPTURE(part);
  const bool found = finding.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("nothing is said about a catalogue in order") {
  CHECK(findings("").empty());
  CHECK(findings(rule("R", "a", "RPC Error 8453") + rule("S", "b", "RPC Error 1722!")).empty());
}

TEST_CASE("each finding has file, line and rule") {
  const std::string finding = only(rule("R_1", "a", "x"));
  CHECK(finding.rfind("test.toml:", 0) == 0);
  CHECK(says(finding, ": rule R_1: the id may hold letters, digits, '.' and '-' only"));
}

TEST_CASE("links must be https") {
  says(only(rule("R", "a", "x", "reference = [{ title = 't', url = 'http://example.com' }]")), "is not https");
  says(only(rule("R", "a", "x", "reference = [{ title = 't', url = 'javascript:alert(1)' }]")), "is not https");
  says(only(rule("R", "a", "x", "reference = [{ title = 't', url = 'https://a b.example' }]")), "is not https");
  CHECK(findings(rule("R", "a", "x", "reference = [{ title = 't', url = 'https://example.com/a' }]")).empty());
  says(only("[[entry]]\nkind='event'\nid='1'\ntitle='t'\nreference = [{ title = 't', url = 'ftp://example.com' }]\n"),
       "entry 1: the link");
}

TEST_CASE("each rule needs a sample that hits and one that does not") {
  const std::string bare = "[[rule]]\nid = 'R'\ntitle = 't'\nmatch.provider = ['P']\nmatch.event_id = [1]\n";
  const std::vector<std::string> both = findings(bare);
  REQUIRE(both.size() == 2);
  says(both[0], "has no sample that hits");
  says(both[1], "has no sample that must not hit");
  says(only(bare + "[[rule.test]]\nhit = 'x'\n"), "has no sample that must not hit");
  CHECK(findings(bare + "[[rule.test]]\nhit = 'x'\n[[rule.test]]\nmiss = 'x'\nevent_id = 2\n").empty());
}

TEST_CASE("a summary names what is captured, given or filled in by the program") {
  CHECK(findings(
            rule("R", "a", "E(?P<rpc>1)", "constant.family = 'f'\nsummary = '{rpc} {family} {domain} {server}'", "E1"))
            .empty());
  says(only(rule("R", "a", "E(?P<rpc>1)", "summary = '{code}'", "E1")),
       "the summary names {code}, which nothing fills in");
}

TEST_CASE("a rule about any program's events is pointed out") {
  says(only("[[rule]]\nid = 'R'\ntitle = 't'\nmatch.event_id = [611]\n[[rule.test]]\nhit = 'x'\n[[rule.test]]\nmiss = "
            "'x'\nevent_id = 2\n"),
       "names no provider");
}

TEST_CASE("causes: why, fix, reference, placeholders, fields of conditions") {
  const auto cause = [](const std::string& more) {
    return only("[[cause]]\nid = 'd'\ntitle = 'D'\nseverity = 'low'\nscope = 'user'\n" + more);
  };
  const std::string why = "why = 'w'\n";
  const std::string fix = "fix = [{ text = 't' }]\n";
  const std::string reference = "reference = [{ title = 't', url = 'https://example.com' }]\n";
  CHECK(
      findings("[[cause]]\nid = 'd'\ntitle = 'D'\nseverity = 'low'\nscope = 'user'\n" + why + fix + reference).empty());
  says(cause(fix + reference), "cause d: does not say why");
  says(cause(why + reference), "cause d: has no fix");
  says(cause(why + fix), "cause d: has no reference");
  const auto command = [&](const std::string& text) {
    return cause(why + reference + "[[cause.fix]]\ntext = 't'\ncommand = '''" + text + "'''\n");
  };
  CHECK(command("Get-X -Name {connector} | Where {$_.Type -eq \"Extensible2\"} | % { $_.Name }") == "0 findings");
  says(command("Get-X {conector}"), "the fix names {conector}, which nothing fills in");
  const std::string conditional = why + reference + "fix = [{ text = 't', when = { field = 'rpc', equals = '5' } }]\n";
  says(cause(conditional), "a fix asks for field 'rpc', which no rule of it gives");
  CHECK(cause(conditional + rule("R", "d", "E(?P<rpc>5)", "", "E5")) == "0 findings");
}

TEST_CASE("placeholders are names in braces and nothing else") {
  CHECK(placeholders("{a} {b_c}{d}") == std::vector<std::string>{"a", "b_c", "d"});
  CHECK(placeholders("{} { a } {A} {$_} {a {b} {").size() == 1);
}

TEST_CASE("a catalogue without a version") {
  const Catalogue c = Catalogue::parse(std::vector<std::pair<std::string, std::string>>{{"x", ""}});
  CHECK(lint(c) == std::vector<std::string>{"no file has a [catalogue] with a version"});
}

TEST_CASE("a rule with the conditions of another can never win") {
  const std::vector<std::string> found = findings(rule("R", "a", "same") + rule("S", "b", "same"));
  const auto said = [&](std::string_view part) {
    return std::any_of(found.begin(), found.end(),
                       [&](const std::string& f) { return f.find(part) != std::string::npos; });
  };
  CHECK(said("rule S: can never win: rule R has the same conditions"));
  CHECK(said("rule S: never wins: each of its samples goes to another rule, the last to R"));
  CHECK(said("rule R: overlaps: only the id decides between R and S on its own sample"));
  CHECK_FALSE(said("rule R: can never win"));
}

TEST_CASE("a rule whose samples all go to a better one never wins") {
  const std::vector<std::string> found =
      findings(rule("R", "a", "RPC Error 8453") + rule("S", "b", "Error", "", "RPC Error 8453"));
  REQUIRE(found.size() == 1);
  says(found[0], "rule S: never wins: each of its samples goes to another rule, the last to R");
}

TEST_CASE("patterns of one length and two causes that match one sample overlap") {
  const std::vector<std::string> found = findings(rule("R", "a", "abc", "", "abc xyz") + rule("S", "b", "xyz"));
  REQUIRE(found.size() == 1);
  says(found[0], "rule R: overlaps: only the id decides between R and S on its own sample");
  CHECK(findings(rule("R", "a", "abc", "", "abc xyz") + rule("S", "a", "xyz")).empty());    // one cause
  CHECK(findings(rule("R", "a", "abcd", "", "abcd xyz") + rule("S", "b", "xyz")).empty());  // the longer wins
}
