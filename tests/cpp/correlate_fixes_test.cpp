#include <doctest/doctest.h>

#include "correlate/fixes.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

Cause with_steps(std::vector<FixStep> steps) {
  Cause cause;
  cause.fix = std::move(steps);
  return cause;
}

FixStep step(std::string text, FixCondition when = {}) {
  FixStep s;
  s.text = std::move(text);
  s.when = std::move(when);
  return s;
}

std::string texts(const std::vector<FilledStep>& steps) {
  std::string all;
  for (const FilledStep& s : steps) all += s.text + "|";
  return all;
}

}  // namespace

TEST_CASE("fixes: names are put in quoted; what is not known says what belongs there") {
  const Placeholders known{{"connector", "O'Neil; calc"}, {"domain", "contoso.com"}};
  CHECK(fill_command("Set-X -Name {connector} -Domain {domain}", known) ==
        "Set-X -Name 'O''Neil; calc' -Domain 'contoso.com'");
  CHECK(fill_command("Set-X {account}", known) == "Set-X '<AD DS connector account>'");
  CHECK(fill_command("Set-X {connector}", {{"connector", "a\nb"}}) == "Set-X '<AD connector name, case sensitive>'");
}

TEST_CASE("fixes: script blocks and unknown braces stay as they are") {
  CHECK(fill_command("Get-X | Where-Object { $_.Name -eq 1 } | % {$_}", {}) ==
        "Get-X | Where-Object { $_.Name -eq 1 } | % {$_}");
  CHECK(fill_command("{nobody} {} {", {{"nobody", "x"}}) == "{nobody} {} {");
  CHECK(fill_command("{connector", {{"connector", "x"}}) == "{connector");
}

TEST_CASE("fixes: a value that looks like a placeholder is not filled again") {
  CHECK(fill_command("X {connector}", {{"connector", "{domain}"}, {"domain", "'; calc"}}) == "X '{domain}'");
}

TEST_CASE("fixes: sentences take bare values") {
  CHECK(fill_sentence("Domain {domain}, {dc}", {{"domain", "contoso.com"}}, "(not known)") ==
        "Domain contoso.com, (not known)");
}

TEST_CASE("fixes: steps by build") {
  FixCondition early;
  early.build_below = "2.5.3.0";
  FixCondition late;
  late.build_from = "2.5.3.0";
  const Cause cause = with_steps({step("old", early), step("new", late), step("any")});
  CHECK(texts(fill_steps(cause, {}, "2.4.18.0", "")) == "old|any|");
  CHECK(texts(fill_steps(cause, {}, "2.5.3.0", "")) == "new|any|");
  CHECK(texts(fill_steps(cause, {}, "2.10.0.0", "")) == "new|any|");
  CHECK(texts(fill_steps(cause, {}, "", "")) == "old|new|any|");
}

TEST_CASE("fixes: steps by identity; both with how to find out when it is not known") {
  FixCondition account;
  account.identity = "ServiceAccount";
  FixCondition application;
  application.identity = "Application";
  const Cause cause = with_steps({step("password", account), step("certificate", application)});
  CHECK(texts(fill_steps(cause, {}, "", "ServiceAccount")) == "password|");
  CHECK(texts(fill_steps(cause, {}, "", "application")) == "certificate|");
  const std::string both = texts(fill_steps(cause, {}, "", ""));
  CHECK(holds(both, "Get-ADSyncEntraConnectorCredential"));
  CHECK(holds(both, "password"));
  CHECK(holds(both, "certificate"));
}

TEST_CASE("fixes: steps by a field of the finding") {
  FixCondition when;
  when.field = "rpc";
  when.equals = "8456";
  const Cause cause = with_steps({step("only 8456", when)});
  CHECK(texts(fill_steps(cause, {{"rpc", "8456"}}, "", "")) == "only 8456|");
  CHECK(texts(fill_steps(cause, {{"rpc", "8457"}}, "", "")).empty());
  CHECK(texts(fill_steps(cause, {}, "", "")).empty());
}

TEST_CASE("fixes: what a step needs and breaks is kept") {
  FixStep s = step("once");
  s.role = "Hybrid Identity Administrator";
  s.restarts = "the service";
  s.once = s.verify = true;
  const auto filled = fill_steps(with_steps({s}), {}, "", "");
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].role == "Hybrid Identity Administrator");
  CHECK(filled[0].restarts == "the service");
  CHECK(filled[0].once);
  CHECK(filled[0].verify);
}

TEST_CASE("fixes: names of this bundle reach the commands") {
  const MadeLog log = heart(0, 240) + noise(0, 240) + failure(60, 8453) + failure(230, 8453);
  const Diagnosis d =
      diagnose({xml(log), connectors("contoso.com", contoso_id, "CONTOSO\\MSOL_0123"), channel("True")});
  const std::string commands = all_commands(finding(d, "replication-permission-missing"));
  INFO(commands);
  CHECK(holds(commands, "'MSOL_0123'"));
  CHECK(holds(commands, "'CONTOSO'"));
  CHECK_FALSE(holds(commands, "{connector}"));
  CHECK_FALSE(holds(commands, "{account}"));
}

TEST_CASE("fixes: a hostile domain name cannot leave its quotes") {
  const std::string evil = "x';calc;'y.example";
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) + failure(60, 1722, evil) + failure(230, 1722, evil));
  const Finding f = finding(d, "dc-unreachable");
  REQUIRE_FALSE(f.cause.empty());
  CHECK_FALSE(holds(all_commands(f), "x';calc"));
}

TEST_CASE("fixes: the identity type chooses the cure of a cloud credential") {
  const MadeLog log = noise(0, 240) + credential(100, 115) + credential(220, 655);
  const std::string account =
      all_commands(finding(diagnose({xml(log), identity("ServiceAccount")}), "cloud-credential"));
  const std::string application =
      all_commands(finding(diagnose({xml(log), identity("Application")}), "cloud-credential"));
  CHECK(holds(account, "Add-ADSyncAADServiceAccount"));
  CHECK_FALSE(holds(application, "Add-ADSyncAADServiceAccount"));
  const std::string either = all_steps(finding(diagnose(log), "cloud-credential"));
  CHECK(holds(either, "Get-ADSyncEntraConnectorCredential"));
}
