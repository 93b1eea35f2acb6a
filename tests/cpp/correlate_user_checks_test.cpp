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

TEST_CASE("user checks: what Microsoft's diagnosis of the object says, where nothing else does") {
  const std::string who = "CN=Eva Sand,OU=Staff,DC=contoso,DC=com";
  const auto ask = [&](const std::string& lines) {
    return diagnose({xml(heart(0, 720) + noise(0, 720)),
                     diagnosis_text("AD Connector - contoso.com\nDistinguished Name: " + who + "\n" + lines, 700)},
                    about(who));
  };
  const Diagnosis good =
      ask("The object is present in the AD Connector Space\nThe object is found in the Metaverse\n"
          "The object is present in the Azure AD connector space\n"
          "A synchronization rule with password sync is applied to the object\nResult of the last attempt: Success\n");
  CHECK(own_checks(good) == "pass pass pass pass pass");
  CHECK(said(good) == "healthy: none");
  const Diagnosis missing = ask("There is no corresponding object in the Microsoft Entra tenant\n");
  CHECK(check_of(missing, "object-in-cloud-space", who) == "fail");
  CHECK(finding(missing, "not-exported").scope.name == who);
  CHECK(verdict_of(missing) == "healthy");  // one user's trouble
  const Diagnosis temporary = ask("The user has a temporary password\n");
  CHECK(check_of(temporary, "last-attempt", who) == "fail");
  CHECK(finding(temporary, "must-change-password").scope.name == who);
  const Diagnosis ruleless = ask("No synchronization rule with password sync is applied to the object\n");
  CHECK(check_of(ruleless, "sync-rule", who) == "fail");
  CHECK(found(ruleless, "sync-rule-missing"));
  const Diagnosis none = ask("Results of the last attempt to synchronize the password aren't available\n");
  CHECK(check_of(none, "last-attempt", who) == "unknown");
  CHECK(said(none) == "healthy: none");
}

TEST_CASE("user checks: a metaverse object with the domain of another") {
  const std::string who = "CN=Eva Sand,OU=Staff,DC=contoso,DC=com";
  const auto ask = [&](const std::string& domain) {
    const std::string id = "0b5f2a51-3333-4444-8555-666677778888";
    const Given source{"Get-ADSyncCSObject_eva.txt",
                       "DistinguishedName : " + who + "\nConnectedMVObjectId : " + id + "\nObjectType : user\n",
                       at(700)};
    const Given metaverse{"Get-ADSyncMVObject_" + id + ".txt",
                          "## Export MV object ObjectId\n\n" + id +
                              "\n\n## Export MV object Attributes\n\nName : domainFQDN\nValues : {" + domain +
                              "}\n\nName : domainNetBios\nValues : {CONTOSO}\n",
                          at(700)};
    return diagnose({xml(heart(0, 720) + noise(0, 720)), source, metaverse}, about(who));
  };
  CHECK(check_of(ask("contoso.com"), "object-in-metaverse", who) == "pass");
  CHECK(check_of(ask("fabrikam.net"), "object-in-metaverse", who) == "fail");
}

TEST_CASE("user checks: a short domain name that is not the connector account's is not passed") {
  const std::string id = "0d2c3f4e-1111-4222-8333-944455556666";
  const auto with = [&](const std::string& short_name, std::string_view account) {
    const std::string text =
        "## Export MV object\n\nObjectId : " + id +
        "\n\n## Export MV object Lineage\n\nConnectorName : contoso.com\nConnectedCsObjectDN : " + std::string(ana) +
        "\n\n## Export MV object Attributes\n\nName : domainFQDN\nValues : {contoso.com}\n\n"
        "Name : domainNetBios\nValues : {" +
        short_name + "}\n";
    std::vector<Given> given = well;
    given.push_back({"mv.txt", text, at(700)});
    if (!account.empty()) given.push_back(connectors("contoso.com", contoso_id, account));
    return check_of(diagnose(given, about(std::string(ana))), "object-in-metaverse", ana);
  };
  CHECK(with("CONTOSO", "") == "pass");
  CHECK(with("CONTOSO", "contoso\\MSOL_0123") == "pass");
  CHECK(with("FABRIKAM", "CONTOSO\\MSOL_0123") == "unknown");
  CHECK(with("FABRIKAM", "MSOL_0123") == "pass");  // nothing says what it should be
  CHECK(with("FABRIKAM", "") == "pass");
}
