#include <doctest/doctest.h>

#include <algorithm>
#include <array>

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

TEST_CASE("fixes: of two collections the newer one names the account, in whatever order they come") {
  const MadeLog log = heart(0, 240) + noise(0, 240) + failure(60, 8453) + failure(230, 8453);
  Given older = connectors("contoso.com", contoso_id, "CONTOSO\\MSOL_old");
  Given newer = connectors("contoso.com", contoso_id, "CONTOSO\\MSOL_new");
  older.collected = at(100);
  newer.collected = at(200);
  for (const bool turned : {false, true}) {
    older.name = turned ? "b/Get-ADSyncConnector.txt" : "a/Get-ADSyncConnector.txt";
    newer.name = turned ? "a/Get-ADSyncConnector.txt" : "b/Get-ADSyncConnector.txt";
    const Diagnosis d = diagnose({xml(log), older, newer, channel("True")});
    const std::string commands = all_commands(finding(d, "replication-permission-missing"));
    CHECK(holds(commands, "'MSOL_new'"));
    CHECK_FALSE(holds(commands, "'MSOL_old'"));
  }
}

TEST_CASE("fixes: a build before application identity signs in by its account") {
  const MadeLog log = noise(0, 240) + credential(100, 115) + credential(220, 655);
  const auto steps_of = [&](std::string_view version, std::string_view who) {
    std::vector<Given> given{xml(log), build(version, 200)};
    if (!who.empty()) given.push_back(identity(who));
    const Finding f = finding(diagnose(given), "cloud-credential");
    return all_steps(f) + all_commands(f);
  };
  const std::string old = steps_of("2.0.3.0", "");
  CHECK(holds(old, "Add-ADSyncAADServiceAccount"));
  CHECK_FALSE(holds(old, "Get-ADSyncEntraConnectorCredential"));
  CHECK_FALSE(holds(old, "certificate"));
  const std::string application = steps_of("2.5.190.0", "Application");
  CHECK(holds(application, "certificate"));
  CHECK_FALSE(holds(application, "Sync_"));
  CHECK_FALSE(holds(application, "the account's credential"));
  CHECK(holds(steps_of("2.5.190.0", ""), "Get-ADSyncEntraConnectorCredential"));
}

TEST_CASE("fixes: commands that do not fit the build are not given") {
  const auto commands_of = [&](const MadeLog& log, std::string_view version, std::string_view cause) {
    const Finding f = finding(diagnose({xml(log), build(version, 200)}), cause);
    REQUIRE(!f.cause.empty());
    return all_commands(f);
  };
  const MadeLog lost = noise(0, 240) + ev(200, 6028, "The server encryption key could not be accessed.", "ADSync", 2);
  CHECK(holds(commands_of(lost, "1.1.400.0", "encryption-key-lost"), "miiskmu.exe"));
  CHECK_FALSE(holds(commands_of(lost, "2.5.190.0", "encryption-key-lost"), "miiskmu.exe"));
  const MadeLog off = noise(0, 240) + heart(0, 100) + tenant_off(200) + tenant_off(230);
  CHECK(holds(commands_of(off, "2.5.190.0", "tenant-feature-disabled"), "Set-ADSyncAADPasswordSyncState"));
  CHECK_FALSE(holds(commands_of(off, "2.6.3.0", "tenant-feature-disabled"), "Set-ADSyncAADPasswordSyncState"));
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

namespace {

// What PowerShell sees of a command: each single-quoted string as '', the rest as it stands. Double-quoted strings stay
// whole, so that a name inside one would show.
std::string structure_of(std::string_view command) {
  constexpr std::array<std::string_view, 5> quotes{"'", "\u2018", "\u2019", "\u201A", "\u201B"};
  const auto quote_at = [&](std::size_t at) -> std::size_t {
    for (const std::string_view q : quotes) {
      if (command.substr(at).starts_with(q)) return q.size();
    }
    return 0;
  };
  std::string seen;
  bool inside = false;
  bool in_double = false;
  for (std::size_t at = 0; at < command.size();) {
    const std::size_t quote = in_double ? 0 : quote_at(at);
    if (quote == 0) {
      if (!inside) {
        if (command[at] == '"') in_double = !in_double;
        seen.push_back(command[at]);
      }
      ++at;
      continue;
    }
    at += quote;
    if (inside) {
      if (const std::size_t second = at < command.size() ? quote_at(at) : 0; second > 0) {
        at += second;  // a doubled quote is one of the string
        continue;
      }
      seen += "''";
    }
    inside = !inside;
  }
  return inside ? seen + "<open>" : seen;
}

constexpr std::array<std::string_view, 10> names{
    "connector", "aad_connector", "domain", "account", "account_domain", "dc", "dn", "user", "partition", "build"};

const std::vector<std::string> hostile{
    "a'; calc; '",  "a''; calc; ''", "a\"; calc; \"", "a; calc",         "$(calc)",       "`n calc",
    "a | calc",     "a & calc",      "x\u2018; calc", "x\u2019; calc",   "x\u201A; calc", "x\u201B; calc",
    "x\u201C calc", "x\u201D calc",  "x\u201E calc",  "x\u201F calc",    "a\ncalc",       "a\r\ncalc",
    "a\tcalc",      "a\u2028calc",   "a\u202Ecalc",   "-DISABLE \"-X\"", "{connector}",   "'{dn}'",
    "@(calc)",      "#calc",         "a\\' calc",     "%calc%",          "--% calc",      "CN=\"Doe, J\",DC=x"};

}  // namespace

TEST_CASE("fixes: no name breaks out of any command of any cause") {
  std::size_t filled_commands = 0;
  for (const Cause& cause : shipped_catalogue().causes()) {
    for (const FixStep& step : cause.fix) {
      CAPTURE(cause.id);
      CAPTURE(step.command);
      Placeholders benign;
      for (const std::string_view name : names) benign.emplace(name, "x");
      const std::string plain = fill_command(step.command, benign);
      if (plain == step.command) continue;
      ++filled_commands;
      for (const std::string& bad : hostile) {
        CAPTURE(bad);
        Placeholders known;
        for (const std::string_view name : names) known.emplace(name, bad);
        const std::string command = fill_command(step.command, known);
        CHECK(structure_of(command) == structure_of(plain));
        CHECK(std::count(command.begin(), command.end(), '\n') == std::count(plain.begin(), plain.end(), '\n'));
      }
      // nothing is left to be filled by hand without saying what it is
      for (const std::string_view name : names) {
        CHECK_FALSE(holds(fill_command(step.command, {}), "{" + std::string(name) + "}"));
      }
    }
  }
  CHECK(filled_commands > 20);
}

TEST_CASE("fixes: programs that parse their line themselves get names of hosts only") {
  for (const std::string_view bad : {"a\" -DISABLE_OUTBOUND_REPL \"b", "-DISABLE", "a b", "a;b", "a'b", ""}) {
    const std::string command = fill_command("repadmin /options {dc}", {{"dc", std::string(bad)}});
    CHECK(command == "repadmin /options '<domain controller>'");
  }
  for (const std::string_view good : {"dc1.contoso.com", "DC1", "10.1.1.5", "fe80::1", "d\u00FCren.example"}) {
    CHECK(fill_command("repadmin /options {dc}", {{"dc", std::string(good)}}) ==
          "repadmin /options '" + std::string(good) + "'");
  }
  // whatever is no cmdlet takes no other placeholder
  for (const Cause& cause : shipped_catalogue().causes()) {
    for (const FixStep& step : cause.fix) {
      const std::string program = step.command.substr(0, step.command.find(' '));
      if (program.find('-') != std::string::npos || program.find_first_of("$(0123456789") == 0) continue;
      for (const std::string_view name : {"connector", "aad_connector", "account", "dn", "user", "partition"}) {
        CAPTURE(step.command);
        CHECK_FALSE(holds(step.command, "{" + std::string(name) + "}"));
      }
    }
  }
}
