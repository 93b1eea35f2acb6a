// Everybody named, and how each one's password stands.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string bo = "CN=Bo,DC=contoso,DC=com";

MadeLog well() {
  return heart(0, 720) + noise(0, 720);
}

UserState user(const Diagnosis& d, std::string_view dn) {
  for (const UserState& u : d.users) {
    if (u.dn == dn) return u;
  }
  return {};
}

}  // namespace

TEST_CASE("users: success, failure, and the later of both") {
  CHECK(user_status(diagnose(well() + change(100)), ana) == "Success");
  CHECK(user_status(diagnose(well() + result(100, "Failed")), ana) == "Failed");
  CHECK(user_status(diagnose(well() + result(100, "Failed") + result(200, "Success")), ana) == "Success");
  CHECK(user_status(diagnose(well() + result(100, "Success") + result(200, "Failed")), ana) == "Failed");
}

TEST_CASE("users: pending until ten covered minutes have passed, then no answer") {
  const auto asked = [](double end) {
    return diagnose(heart(0, 91) + noise(0, 100) + request(100) + ev(end, 16384, "x", "x"));
  };
  CHECK(user_status(asked(109), ana) == "Pending");
  CHECK(user_status(asked(110), ana) == "Pending");
  CHECK(user_status(asked(111), ana) == "NoAnswer");
  CHECK_FALSE(found(asked(109), "result-missing"));
  CHECK(fate(asked(111), "result-missing") == "ongoing");
  CHECK(finding(asked(111), "result-missing").scope.kind == ScopeKind::user);
}

TEST_CASE("users: a batch that failed within ten minutes explains a missing answer") {
  const MadeLog asked = well() + request(100);
  CHECK(user_status(diagnose(asked + ev(105, 652, "Failed batch. Error Code: 81.")), ana) == "Pending");
  CHECK_FALSE(found(diagnose(asked + ev(105, 652, "Failed batch. Error Code: 81.")), "result-missing"));
  CHECK(user_status(diagnose(asked + ev(111, 652, "Failed batch. Error Code: 81.")), ana) == "NoAnswer");
  CHECK(user_status(diagnose(asked + ev(99, 652, "Failed batch. Error Code: 81.")), ana) == "NoAnswer");
}

TEST_CASE("users: an answer by the anchor, or by the DN where the anchor is another") {
  CHECK(user_status(diagnose(well() + request(100) + result(101, "Success")), ana) == "Success");
  CHECK(user_status(diagnose(well() + request(100) + result(101, "Success", ana, "OTHER==")), ana) == "Success");
  const Diagnosis moved = diagnose(well() + request(100) + result(101, "Success", "CN=Ana Lima,DC=contoso,DC=com"));
  CHECK(moved.users.size() == 1);
  CHECK(user_status(moved, "CN=Ana Lima,DC=contoso,DC=com") == "Success");
  CHECK(user_status(diagnose(well() + request(100) + result(101, "Success", bo, "B==")), ana) == "NoAnswer");
}

TEST_CASE("users: a DN is the same in any case") {
  const Diagnosis d = diagnose(well() + request(100, "CN=ANA,DC=contoso,DC=com", "A==") +
                               result(101, "Success", "cn=ana,dc=contoso,dc=com", "B=="));
  CHECK(d.users.size() == 1);
  CHECK(d.users[0].dn == "CN=ANA,DC=contoso,DC=com");  // as the log writes it first
}

TEST_CASE("users: many in one event") {
  const std::string line = "Password Change Result - Anchor : ";
  const Diagnosis d = diagnose(
      well() + ev(200, 657,
                  line + "A==, Dn : CN=One,DC=contoso,DC=com, PwdChangeOnLogon=False, Result : Success.\r\n" + line +
                      "B==, Dn : CN=Two,DC=contoso,DC=com, PwdChangeOnLogon=False, Result : Failed.\r\n" + line +
                      "C==, Dn : CN=Three,DC=contoso,DC=com, PwdChangeOnLogon=False, Result : Success." +
                      trailer(contoso_id, "CONTOSO.COM")));
  CHECK(d.users.size() == 3);
  CHECK(said(d) == "healthy: service-error user CN=Two,DC=contoso,DC=com ongoing");
  CHECK(user(d, "CN=Two,DC=contoso,DC=com").cause == "service-error");
  CHECK_FALSE(user(d, "CN=One,DC=contoso,DC=com").cause);
}

TEST_CASE("users: failed after 0, 605, 620 and 664 that name them") {
  for (const auto& [given_id, text] :
       {std::pair{0u, "password changes failed to synchronize"},
        std::pair{605u, "changes have failed for one or more users"}, std::pair{620u, "will not be retried"},
        std::pair{664u, "single object sync failed"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    const Diagnosis d = diagnose(well() + ev(100, id, std::string(text) + "\r\nDN = " + bo + "\r\n"));
    CHECK(user_status(d, bo) == "Failed");
    CHECK(user(d, bo).cause.has_value());
  }
}

TEST_CASE("users: the status word of a table, and who is known by the anchor only") {
  const Diagnosis d = diagnose({status_table("2026-03-10 10:00:00,NoTargetConnection,\"" + bo + "\"\r\n")});
  CHECK(user_status(d, bo) == "NoTargetConnection");
  const Diagnosis anchors = diagnose({Given{
      "log.csv", "Date,Password Sync Status,Anchor\r\n2026-03-09 10:00:00,FilteredByTarget,ABCD==\r\n", no_time}});
  REQUIRE(anchors.users.size() == 1);
  CHECK_FALSE(anchors.users[0].dn);
  CHECK(anchors.users[0].anchor == "ABCD==");
  CHECK(anchors.users[0].status == "FilteredByTarget");
  CHECK(anchors.findings.at(0).scope.name == "ABCD==");
}

TEST_CASE("users: a Success row ends a failure, and later rows decide") {
  const Given table = status_table("2026-03-10 10:00:00,Success,\"" + std::string(ana) + "\"\r\n");
  const Diagnosis d = diagnose({xml(well() + result(100, "Failed")), table});
  CHECK(fate(d, "service-error") == "recovered at " + iso_at(600));
  CHECK(user_status(d, ana) == "Success");
}

TEST_CASE("users: times of the last request and of the last result, null where there is none") {
  const Diagnosis d = diagnose(well() + request(100) + result(101, "Success") + request(300) + result(301, "Failed"));
  CHECK(user(d, ana).last_request == at(300));
  CHECK(user(d, ana).last_result == at(301));
  CHECK(user(d, ana).history.size() == 4);
  CHECK(user(diagnose(well() + request(100)), ana).last_result == no_time);
  CHECK(user(diagnose(well() + result(100, "Success")), ana).last_request == no_time);
}

TEST_CASE("users: what holds one back is an own cause, else the domain's, else everybody's") {
  const MadeLog asked = well() + request(100);
  CHECK(user(diagnose(asked + failure(715, 8453)), ana).cause == "result-missing");
  const MadeLog pending = well() + request(715);
  CHECK(user(diagnose(pending + failure(715, 8453)), ana).cause == "replication-permission-missing");
  CHECK(user(diagnose(pending + failure(715, 8453, "emea.example")), ana).cause.value_or("none") == "none");
  CHECK(user(diagnose(pending + tenant_off(716)), ana).cause == "tenant-feature-disabled");
  CHECK(user(diagnose(pending + ev(715, 6329, "x", "ADSync", 2)), ana).cause.value_or("none") == "none");
  // a success after it began shows that it does not hold this one
  CHECK(user(diagnose(well() + failure(700, 8453, "fabrikam.net") + change(710)), ana).cause.value_or("none") ==
        "none");
}

TEST_CASE("users: sorted by DN, whatever the order of the files") {
  const Diagnosis d =
      diagnose(well() + result(100, "Success", "CN=b,DC=x", "1") + result(101, "Success", "CN=A,DC=x", "2"));
  REQUIRE(d.users.size() == 2);
  CHECK(d.users[0].dn == "CN=A,DC=x");
}

TEST_CASE("users: an object that moved is named as the log saw it last") {
  const std::string old_place = "CN=Ana,OU=Old,DC=contoso,DC=com";
  const std::string new_place = "CN=Ana,OU=New,DC=contoso,DC=com";
  const MadeLog log = heart(0, 240) + noise(0, 240) + change(100, {old_place, "M=="});
  const Diagnosis d = diagnose(log + result(200, "Failed", new_place, "M=="));
  REQUIRE(d.users.size() == 1);
  CHECK(d.users[0].dn == new_place);
  CHECK(finding(d, "service-error").scope.name == new_place);
  CHECK_FALSE(holds(all_commands(finding(d, "service-error")), "OU=Old"));
  // another letter case is no move
  CHECK(diagnose(log + result(200, "Failed", "cn=ana,ou=old,dc=contoso,dc=com", "M==")).users.at(0).dn == old_place);
}

TEST_CASE("users: a 652 within ten covered minutes answers a request, whatever the host was off between") {
  const MadeLog asked = heart(0, 91) + noise(0, 101) + request(100) + noise(160, 300);
  const MadeLog off = in_channel("System", ev(104, 6006, "The Event log service was stopped.", "EventLog") +
                                               ev(158, 6005, "The Event log service was started.", "EventLog"));
  CHECK(user_status(diagnose({xml(asked), xml(off, "system.xml")}), ana) == "NoAnswer");
  CHECK(user_status(diagnose({xml(asked + tenant_off(160)), xml(off, "system.xml")}), ana) == "Pending");
}

TEST_CASE("users: only a failed batch excuses a missing answer") {
  const MadeLog asked = heart(0, 240) + noise(0, 240) + request(100);
  CHECK(user_status(diagnose(asked + failure(105, 1722, "elsewhere.example")), ana) == "NoAnswer");
  CHECK(user_status(diagnose(asked + tenant_off(105)), ana) == "Pending");
}

TEST_CASE("users: a retry or a failure of the user after the request says more than that no answer came") {
  const MadeLog asked = heart(0, 240) + noise(0, 240) + request(100);
  for (const std::uint32_t id : {0u, 605u, 620u, 664u}) {
    CAPTURE(id);
    const Diagnosis d =
        diagnose(asked + ev(105, id, "It failed.\r\nDN = " + std::string(ana), "Directory Synchronization", 2));
    CHECK(user_status(d, ana) == "Failed");
    CHECK(fate(d, "result-missing") == "ongoing");
  }
}

TEST_CASE("users: the anchor tells a user before the DN does") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  // whether the first or the second of two users is named by the DN of the other one
  for (const bool first : {true, false}) {
    CAPTURE(first);
    const Diagnosis d = diagnose(log + result(100, "Success", ana, "A==") + result(110, "Success", bo, "B==") +
                                 result(200, "Failed", first ? std::string_view(bo) : ana, first ? "A==" : "B=="));
    REQUIRE(d.users.size() == 2);
    for (const UserState& u : d.users) CHECK(u.status == (u.anchor == (first ? "A==" : "B==") ? "Failed" : "Success"));
  }
}

TEST_CASE("users: who is known by the anchor only, or by the DN only") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  for (const char* how : {"Success", "Failed"}) {
    CAPTURE(how);
    const Diagnosis anchor = diagnose(log + result(100, how, "", "A=="));
    REQUIRE(anchor.users.size() == 1);
    CHECK(anchor.users[0].anchor == "A==");
    CHECK(anchor.users[0].status == how);
    const Diagnosis dn = diagnose(log + result(100, how, ana, ""));
    REQUIRE(dn.users.size() == 1);
    CHECK(dn.users[0].dn == ana);
    CHECK(dn.users[0].status == how);
  }
  // a later record that names only the anchor takes no name away
  const Diagnosis kept = diagnose(log + change(100, {std::string(ana), "A=="}) + result(200, "Failed", "", "A=="));
  REQUIRE(kept.users.size() == 1);
  CHECK(kept.users[0].dn == ana);
  CHECK(kept.users[0].status == "Failed");
}

TEST_CASE("users: a DN is written as the log writes it first") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const Diagnosis d = diagnose(log + result(100, "Failed", "CN=Bo,DC=contoso,DC=com", "B==") +
                               change(200, {"cn=bo,dc=contoso,dc=com", "B=="}));
  REQUIRE(d.users.size() == 1);
  CHECK(d.users[0].dn == "CN=Bo,DC=contoso,DC=com");
}

TEST_CASE("users: a row is a result and no request") {
  const Given row = status_table("2026-03-10 02:00:00,Success,\"" + std::string(ana) + "\"\r\n");
  const Diagnosis d = diagnose({row});
  CHECK(user(d, ana).last_result == at(120));
  CHECK(user(d, ana).last_request == no_time);
}

TEST_CASE("users: of two exports of a record the history has the more exact time, once") {
  const MadeLog log = heart(0, 240) + noise(0, 240) + request(100.005) + result(100.105, "Success");
  for (const std::string first : {"a", "c"}) {
    const Diagnosis d = diagnose({csv(log, first + ".csv"), xml(log, "b.xml")});
    REQUIRE(user(d, ana).history.size() == 2);
    CHECK(user(d, ana).history[0].starts_with(iso_at(100.005)));
  }
}

TEST_CASE(
    "users: a request without a time is not known to be late, and a 652 without one excuses none and hides none") {
  const auto timeless = [](std::uint32_t id, const std::string& text) {
    return Given{"log.csv",
                 "\"Id\",\"ProviderName\",\"Message\"\r\n\"" + std::to_string(id) +
                     "\",\"Directory Synchronization\",\"" + text + "\"\r\n",
                 no_time};
  };
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const Diagnosis d =
      diagnose({xml(log), timeless(656, "Password Change Request - Anchor : A==, Dn : " + std::string(ana))});
  CHECK(user_status(d, ana) == "Pending");
  CHECK_FALSE(found(d, "result-missing"));
  const Given failed = timeless(652, "Failed credential provisioning batch. Error: x");
  CHECK(user_status(diagnose({xml(log + request(100)), failed}), ana) == "NoAnswer");
  CHECK(user_status(diagnose({xml(log + request(100) + tenant_off(105)), failed}), ana) == "Pending");
}

TEST_CASE("users: what is no object of a directory is no user") {
  const auto asked_for = [](const std::vector<Given>& given, const char* who) {
    AnalyzeOptions options;
    options.user = who;
    std::vector<std::string> names;
    for (const Check& c : diagnose(given, options).checks) {
      if (c.id == "last-attempt" && c.scope && c.scope->name) names.push_back(*c.scope->name);
    }
    return names;
  };
  const std::vector<std::string> only_asked{"contoso"};
  // a partition, a connector of a diagnosis, an object without a DN
  const Given partition{
      "state.txt", "ConnectorId : 1\r\nDN : DC=contoso,DC=com\r\nPasswordSyncLastCycleStatus : Failed\r\n", no_time};
  CHECK(asked_for({partition}, "contoso") == only_asked);
  CHECK(asked_for({diagnosis_text("Password Hash Synchronization cloud configuration is enabled\r\n\r\n"
                                  "AD Connector - contoso.com\r\nPassword Hash Synchronization is enabled\r\n")},
                  "contoso") == only_asked);
  const Given object{"Get-ADSyncCSObject_x.txt",
                     "ObjectId       : 3184d2b1-contoso\r\nObjectType     : user\r\nHasExportError : False\r\n",
                     no_time};
  CHECK(asked_for({object}, "contoso") == only_asked);
}

TEST_CASE("users: a status without a time answers a request") {
  const Given row = status_table(",Success,\"" + std::string(ana) + "\"\r\n");
  CHECK(user_status(diagnose({xml(heart(0, 240) + noise(0, 240) + request(100)), row}), ana) == "Success");
}
