// The single-object checks of the user that AnalyzeOptions names.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

AnalyzeOptions about(std::string who) {
  AnalyzeOptions options;
  options.user = std::move(who);
  return options;
}

std::string own_checks(const Diagnosis& d) {
  std::string all;
  for (const Check& c : d.checks) {
    if (!c.scope || c.scope->kind != ScopeKind::user) continue;
    all += (all.empty() ? "" : " ") + std::string(to_string(c.status));
  }
  return all;
}

const std::vector<Given> well{xml(heart(0, 720) + noise(0, 720) + change(100))};

}  // namespace

TEST_CASE("user checks: only for somebody who is asked for") {
  CHECK(own_checks(diagnose(well)).empty());
  CHECK(own_checks(diagnose(well, about(std::string(ana)))) == "pass pass pass pass pass");
}

TEST_CASE("user checks: a DN, an anchor or a part of a DN, in any letter case") {
  for (const char* who :
       {"cn=ANA lima,OU=Staff,DC=contoso,DC=com", "H552hI9GwEykZwosf74JeOQ==", "ana lima", " Lima "}) {
    CHECK(own_checks(diagnose(well, about(who))) == "pass pass pass pass pass");
  }
  const Diagnosis stranger = diagnose(well, about("CN=Nobody"));
  CHECK(own_checks(stranger) == "unknown unknown unknown unknown unknown");
  CHECK(check_of(stranger, "last-attempt", "CN=Nobody") == "unknown");
}

TEST_CASE("user checks: what is unknown is not evaluated, with what is missing") {
  const Diagnosis d = diagnose(well, about("CN=Nobody"));
  std::size_t listed = 0;
  for (const NotEvaluated& n : d.not_evaluated) {
    if (n.check == "sync-rule" || n.check == "last-attempt" || n.check.starts_with("object-in-")) ++listed;
  }
  CHECK(listed == 5);
}

TEST_CASE("user checks: a WHO that fits everybody gives no more than twenty users") {
  MadeLog log = heart(0, 720);
  for (int i = 0; i < 50; ++i) {
    Change one;
    one.dn = "CN=User " + std::to_string(i) + ",DC=contoso,DC=com";
    one.anchor = std::to_string(i) + "AAAA==";
    log = log + change(i + 1, one);
  }
  const Diagnosis d = diagnose({xml(log)}, about("dc=com"));
  std::size_t attempts = 0;
  for (const Check& c : d.checks) attempts += c.id == "last-attempt" ? 1u : 0u;
  CHECK(attempts == 20);
}
