// Every tie-break of the list of root causes: one hit, one miss.
#include <doctest/doctest.h>

#include "support/tie_break_logs.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("tie-breaks: a missing connector is what its status says, unless a filter was changed") {
  for (const auto& [given_status, cause] : {std::pair{"SourceConnectorNotPresent", "source-object-missing"},
                                            std::pair{"NoTargetConnection", "no-target-object"}}) {
    const auto& status = given_status;
    CAPTURE(status);
    CHECK(causes(diagnose({xml(well()), rows(status)})) == cause);
    for (const std::uint32_t id : {2505u, 2511u, 2512u}) {
      CHECK(causes(diagnose({xml(well() + ev(500, id, "It was changed.")), rows(status)})) == "scope-changed");
    }
    CHECK(causes(diagnose({xml(well() + ev(500, 2510, "It was changed.")), rows(status)})) == cause);
  }
}

TEST_CASE("tie-breaks: an object that was not exported is a duplicate only when an export error names it") {
  const Given table = rows("TargetNotExportedToDirectory");
  CHECK(causes(diagnose({xml(well()), table})) == "not-exported");
  const std::string duplicate = "AttributeValueMustBeUnique: an object with the same proxyAddresses exists. ";
  for (const std::uint32_t id : {6941u, 6803u}) {
    const MadeLog named = ev(700, id, duplicate + std::string(ana), "ADSync", 2);
    CHECK(holds(causes(diagnose({xml(well() + named), table})), "duplicate-attribute"));
    CHECK_FALSE(holds(causes(diagnose({xml(well() + named), table})), "not-exported"));
  }
  const MadeLog another = ev(700, 6941, duplicate + "CN=Bo,DC=contoso,DC=com", "ADSync", 2);
  CHECK(holds(causes(diagnose({xml(well() + another), table})), "not-exported"));
}

TEST_CASE("tie-breaks: 609 and 2002 are a stopped service unless the settings say that the feature is off") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + stopped(125);
  CHECK(causes(diagnose(log)) == "service-stopped");
  CHECK(causes(diagnose({xml(log), feature("True", 720)})) == "service-stopped");
  const Diagnosis off = diagnose({xml(log), feature("False", 720)});
  CHECK(causes(off) == "tenant-feature-disabled");
  CHECK(off.findings.at(0).count == 3);  // the line and the two records that it explains
  const Given names = connectors("contoso.com", contoso_id);
  CHECK(causes(diagnose({xml(log), names, channel("False", 720)})) == "connector-channel-disabled");
  CHECK(causes(diagnose({xml(log), names, channel("True", 720)})) == "service-stopped");
  // a service that the service controller saw crash is more than a switch
  const MadeLog crash = in_channel(
      "System",
      ev(126, 7034, "The Microsoft Azure AD Sync service terminated unexpectedly.", "Service Control Manager"));
  CHECK(holds(causes(diagnose({xml(log + crash), feature("False", 720)})), "service-stopped"));
}

TEST_CASE("tie-breaks: one channel of two that is off does not explain a stopped service") {
  const MadeLog log = heart(0, 121) + heart(3, 121, fabrikam_id, "FABRIKAM.NET") + noise(0, 720) + stopped(125);
  CHECK(holds(causes(diagnose({xml(log), connectors("contoso.com", contoso_id), channel("False", 720)})),
              "service-stopped"));
}

TEST_CASE("tie-breaks: both syncs off needs both settings") {
  const MadeLog log = heart(0, 121) + noise(0, 720);
  CHECK(causes(diagnose({xml(log), feature("False", 720), scheduler("False", 720, "False")})) ==
        "directory-sync-disabled");
  CHECK(causes(diagnose({xml(log), feature("False", 720), scheduler("False", 720, "True")})) ==
        "tenant-feature-disabled");
  CHECK_FALSE(holds(causes(diagnose({xml(well()), scheduler("False", 720, "False")})), "directory-sync-disabled"));
}

TEST_CASE(
    "tie-breaks: 2506 and 609 without settings is a switch; without the 2506, or with another direction, a stop") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + stopped(125);
  const Diagnosis off = diagnose(log + ev(124, 2506, "Password hash sync was disabled."));
  CHECK(found(off, "directory-sync-disabled"));
  CHECK(verdict_of(off) == "failing");
  // the tenant's, so a sign of life on another server ends it
  CHECK(fate(diagnose(log + ev(124, 2506, "Password hash sync was disabled.") + on("sync02.contoso.com", ping(400))),
             "directory-sync-disabled") == "recovered at " + iso_at(400.1));
  CHECK(found(diagnose(log + ev(124, 2506, "Password hash sync was changed.")), "directory-sync-disabled"));
  CHECK_FALSE(found(diagnose(log + ev(124, 2506, "Password hash sync was enabled.")), "directory-sync-disabled"));
  CHECK_FALSE(found(diagnose(log + ev(50, 2506, "Password hash sync was disabled.")), "directory-sync-disabled"));
  CHECK_FALSE(found(diagnose(log + ev(130, 2506, "Password hash sync was disabled.")), "directory-sync-disabled"));
  CHECK_FALSE(found(diagnose(log + ev(124, 2513, "Sign-in was changed.")), "directory-sync-disabled"));
  CHECK_FALSE(found(diagnose({xml(log + ev(124, 2506, "Password hash sync was disabled.")), feature("True", 720)}),
                    "directory-sync-disabled"));
}

TEST_CASE("tie-breaks: another sign-in method says why the feature is off") {
  const MadeLog log = heart(0, 121) + noise(0, 720);
  const Given method = global_settings("Microsoft.UserSignIn.SignOnMethod", "PassThroughAuthentication", 720);
  const Diagnosis d = diagnose({xml(log), feature("False", 720), method});
  CHECK(causes(d) == "sign-in-method-changed");
  CHECK(d.findings.at(0).severity == Severity::critical);
  CHECK(d.findings.at(0).scope.kind == ScopeKind::tenant);
  CHECK(d.findings.at(0).fields.at("sign_on_method") == std::vector<std::string>{"PassThroughAuthentication"});
  CHECK(causes(diagnose({xml(well()), method})).empty());  // a method beside a feature that is on
  const Given same = global_settings("Microsoft.UserSignIn.SignOnMethod", "PasswordHashSync", 720);
  CHECK(causes(diagnose({xml(log), feature("False", 720), same})) == "tenant-feature-disabled");
  CHECK(causes(diagnose({xml(log), connectors("contoso.com", contoso_id), channel("False", 720), method})) ==
        "sign-in-method-changed");
}

TEST_CASE("tie-breaks: an unknown 0, 655 or 6900 within an hour of a credential text is its symptom") {
  for (const std::uint32_t id : {0u, 655u, 6900u}) {
    CAPTURE(id);
    const MadeLog odd = cloud(160, id, "An odd text that nobody knows.");
    CHECK(causes(diagnose(noise(0, 200) + credential(101, 115) + odd)) == "cloud-credential");
    CHECK(causes(diagnose(noise(0, 200) + credential(219, 655) + odd + noise(200, 220))) == "cloud-credential");
    CHECK(holds(causes(diagnose(noise(0, 200) + credential(99, 115) + odd)), "cloud-error"));
  }
  CHECK(holds(causes(diagnose(noise(0, 200) + credential(150, 115) + cloud(160, 652, "An odd text."))), "cloud-error"));
  const Diagnosis together = diagnose(noise(0, 200) + credential(150, 115) + cloud(160, 655, "An odd text."));
  CHECK(together.findings.at(0).count == 2);
}

TEST_CASE("tie-breaks: codes of domain controllers") {
  const auto cause_of = [](int rpc) { return causes(diagnose(heart(0, 240) + noise(0, 240) + failure(235, rpc))); };
  for (const int rpc : {1355, 1722, 1723, 1726, 1727, 1728, 1753, 1818, 1908, 8524})
    CHECK(cause_of(rpc) == "dc-unreachable");
  for (const int rpc : {14, 1127, 1130, 1450, 8341, 8446, 8451}) CHECK(cause_of(rpc) == "dc-unhealthy");
  for (const int rpc : {8456, 8457}) CHECK(cause_of(rpc) == "dc-replication-disabled");
  for (const int rpc : {8333, 8420, 8465}) CHECK(cause_of(rpc) == "dc-object-not-found");
  for (const int rpc : {1326, 1330, 1331, 1907, 1909}) CHECK(cause_of(rpc) == "ad-account-credential");
  for (const int rpc : {1396, 1398, 1825}) CHECK(cause_of(rpc) == "dc-authentication");
  CHECK(cause_of(8453) == "replication-permission-missing");
  CHECK(cause_of(8439) == "windows-2003-dc");
  CHECK(cause_of(5) == "dc-access-denied");
  CHECK(cause_of(6) == "domain-sync-error");
  CHECK(cause_of(99999) == "domain-sync-error");
  CHECK(causes(diagnose(heart(0, 240) + noise(0, 240) +
                        ev(235, 616, "No domain controller for domain: contoso.com.", "Directory Synchronization",
                           2))) == "dc-unreachable");
}

TEST_CASE("tie-breaks: codes of the sign-in service") {
  const auto cause_of = [](int code) {
    return causes(diagnose(noise(0, 240) + cloud(235, 906, "AADSTS" + std::to_string(code) + ": something.")));
  };
  for (const int code : {50034, 50053, 50055, 50057, 50126}) CHECK(cause_of(code) == "cloud-credential");
  for (const int code : {50076, 50079, 53003}) CHECK(cause_of(code) == "cloud-sign-in-blocked");
  for (const int code : {700027, 7000215, 7000222, 700024}) CHECK(cause_of(code) == "cloud-certificate");
  for (const int code : {65001, 700016, 90002, 123456}) CHECK(cause_of(code) == "cloud-error");
}

TEST_CASE("tie-breaks: one closed connection is a fact; repeated or with a TLS text it is the network") {
  const std::string closed = "The underlying connection was closed: The connection was closed unexpectedly.";
  const Diagnosis once = diagnose(well() + cloud(700, 662, closed));
  CHECK(causes(once) == "cloud-error");
  CHECK(once.findings.at(0).severity == Severity::low);
  CHECK(verdict_of(once) == "healthy");
  const Diagnosis beside = diagnose(well() + cloud(700, 662, closed) + cloud(705, 662, "Something else."));
  CHECK(causes(beside) == "cloud-error");
  CHECK(beside.findings.at(0).severity == Severity::high);
  CHECK(causes(diagnose(well() + cloud(700, 662, closed) + cloud(705, 662, closed))) == "tls-or-proxy");
  CHECK(causes(diagnose(well() + cloud(700, 662, "Could not create SSL/TLS secure channel."))) == "tls-or-proxy");
  CHECK(causes(diagnose(well() + cloud(700, 662,
                                       "The remote server returned an error: (407) Proxy Authentication "
                                       "Required."))) == "tls-or-proxy");
  CHECK(causes(diagnose(well() + cloud(700, 662, "Something else."))) == "cloud-error");
}

TEST_CASE("tie-breaks: 528, 2005 and 6226 of one start are one finding") {
  const MadeLog log = noise(0, 240) + ev(100, 528, "Windows API call returned 575.", "SQLLocalDB 15.0", 2) +
                      ev(101, 2005, "The service could not reach the database.", "ADSync", 2) +
                      ev(102, 6226, "The database is not there.", "ADSync", 2);
  const Diagnosis d = diagnose(log);
  CHECK(causes(d) == "database-unavailable");
  CHECK(d.findings.at(0).count == 3);
  CHECK(d.findings.at(0).severity == Severity::critical);
}

TEST_CASE("tie-breaks: 8593 is a defect of old builds, and of unknown ones with the old words, else a rename") {
  const MadeLog now = well() + failure(715, 8593);
  CHECK(causes(diagnose(now)) == "domain-rename");
  CHECK(holds(causes(diagnose({xml(now), build("1.0.6454.0", 720)})), "known-issue-fixed"));
  CHECK(holds(causes(diagnose({xml(now), build("1.0.6455.807", 720)})), "domain-rename"));
  CHECK(causes(diagnose({xml(now), build("2.5.190.0", 720)})) == "domain-rename");
  MadeLog old = failure(715, 8593);
  old.front().text.replace(0, std::string_view("Password hash synchronization failed").size(),
                           "Password synchronization failed");
  CHECK(causes(diagnose(well() + old)) == "known-issue-fixed");
  CHECK(causes(diagnose({xml(well() + old), build("2.5.190.0", 720)})) == "domain-rename");
  // other codes stay what they are on any build
  CHECK(holds(causes(diagnose({xml(well() + failure(715, 8453)), build("1.0.6454.0", 720)})),
              "replication-permission-missing"));
}

TEST_CASE("tie-breaks: code 81 is a busy service") {
  CHECK(causes(diagnose(well() + cloud(715, 652,
                                       "Failed credential provisioning batch. Error: Error Code: 81. Error "
                                       "Description: busy."))) == "cloud-throttled");
  CHECK(causes(diagnose(well() + cloud(715, 652,
                                       "Failed credential provisioning batch. Error: Error Code: 82. Error "
                                       "Description: odd."))) == "cloud-error");
}

TEST_CASE("tie-breaks: records that only support make no finding when nothing else is wrong") {
  for (const auto& [given_id, provider] :
       {std::pair{665u, "Directory Synchronization"}, std::pair{106u, "Directory Synchronization"},
        std::pair{6110u, "ADSync"}, std::pair{6126u, "ADSync"}, std::pair{6127u, "ADSync"},
        std::pair{1014u, "ADSync"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    CHECK(causes(diagnose(well() + ev(700, id, "Something went wrong.", provider, 2))).empty());
  }
  // whatever its text says
  CHECK(causes(diagnose(well() + ev(700, 106, "AADSTS50055: The password is expired.", "Directory Synchronization", 2)))
            .empty());
  CHECK(causes(diagnose(well() +
                        ev(700, 665, "The database would exceed your licensed limit.", "Directory Synchronization", 2)))
            .empty());
  // beside another fault a 665 is a medium finding of the database
  const Diagnosis d =
      diagnose(well() + ev(700, 665, "Something went wrong.", "Directory Synchronization", 2) + failure(715, 1722));
  CHECK(finding(d, "database-unavailable").severity == Severity::medium);
  CHECK(found(d, "dc-unreachable"));
}

TEST_CASE("tie-breaks: a FIPS text in a 611 is the server's") {
  const Diagnosis d = diagnose(well() + failure_text(715,
                                                     "System.InvalidOperationException: This implementation is "
                                                     "not part of the Windows Platform FIPS validated "
                                                     "cryptographic algorithms."));
  CHECK(causes(d) == "fips-md5");
  CHECK(d.findings.at(0).scope.kind == ScopeKind::server);
  CHECK(causes(diagnose(well() + failure_text(715, "COMException (0x80005000): Unknown error (0x80005000)"))) ==
        "dc-unreachable");
}

TEST_CASE("tie-breaks: the state Failed of a partition says no more than what the log says of its domain") {
  const std::string failed =
      "\r\nDN                                          : DC=contoso,DC=com\r\n"
      "PasswordSyncLastSuccessfulCycleStartTimestamp : 3/9/2026 1:00:00 AM\r\n"
      "PasswordSyncLastSuccessfulCycleEndTimestamp   : 3/9/2026 1:00:05 AM\r\n"
      "PasswordSyncLastCycleStartTimestamp           : 3/10/2026 1:00:00 AM\r\n"
      "PasswordSyncLastCycleEndTimestamp             : 3/10/2026 1:00:05 AM\r\n"
      "PasswordSyncLastCycleStatus                   : Failed\r\n\r\n";
  const Given state{"Get-ADSyncPartitionPasswordSyncState.txt", failed, at(720)};
  CHECK(causes(diagnose({xml(well()), state})) == "domain-sync-error");
  CHECK(causes(diagnose({xml(well() + failure(700, 8453)), state})) == "replication-permission-missing");
}

TEST_CASE("tie-breaks: a text with a rule of its own is no symptom of a credential near it") {
  const Diagnosis d = diagnose(noise(0, 200) + credential(150, 115) +
                               cloud(160, 655, "AADSTS65001: The user or administrator has not consented."));
  CHECK(holds(causes(d), "cloud-credential"));
  CHECK(holds(causes(d), "cloud-error"));
  // a code without a rule of its own is as good as no text
  CHECK(causes(diagnose(noise(0, 200) + credential(150, 115) + cloud(160, 655, "AADSTS123456: Odd."))) ==
        "cloud-credential");
}

TEST_CASE("tie-breaks: a user whose object moved is out of scope, one that was renamed in place is not") {
  const auto moved = [](const std::string& before, const std::string& after) {
    const MadeLog log = well() + change(100, {before, "M=="}) + change(200, {after, "M=="});
    return causes(diagnose({xml(log), status_table("2026-03-10 10:00:00,NoTargetConnection,\"" + after + "\"\r\n")}));
  };
  CHECK(moved("CN=Ana,OU=Old,DC=contoso,DC=com", "CN=Ana,OU=New,DC=contoso,DC=com") == "scope-changed");
  CHECK(moved("CN=Ana,OU=Old,DC=contoso,DC=com", "CN=Ana Maria,OU=Old,DC=contoso,DC=com") == "no-target-object");
  CHECK(moved("CN=Ana,OU=Old,DC=contoso,DC=com", "cn=ana,ou=old,dc=contoso,dc=com") == "no-target-object");
}

TEST_CASE("tie-breaks: an export error of the object says that its attribute is a duplicate") {
  const auto exported = [](std::string_view error) {
    const std::string text =
        "## Export CS object\r\n\r\n"
        "DistinguishedName : " +
        std::string(ana) +
        "\r\n"
        "HasExportError    : True\r\n\r\n## Export CS object ExportError\r\n\r\n"
        "ErrorCode         : " +
        std::string(error) + "\r\n\r\n";
    return causes(diagnose({xml(well()),
                            rows("TargetNotExportedToDirectory"),
                            {"Get-ADSyncCSObject_" + std::string(ana) + ".txt", text, at(720)}}));
  };
  CHECK(exported("AttributeValueMustBeUnique") == "duplicate-attribute");
  CHECK(exported("InvalidSoftMatch") == "duplicate-attribute");
  CHECK(exported("DataValidationFailed") == "not-exported");
}

TEST_CASE("tie-breaks: a 665 beside another fault is of its domain") {
  const Diagnosis d = diagnose(
      well() + ev(719, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2) +
      failure(715, 1722, "fabrikam.net"));
  const Finding f = finding(d, "database-unavailable");
  CHECK(f.severity == Severity::medium);
  CHECK(f.scope.kind == ScopeKind::domain);
  CHECK(f.scope.name == "contoso.com");
  // with a failure of the database itself it is that one's symptom
  const Diagnosis down =
      diagnose(well() + ev(717, 6226, "The database is not there.", "ADSync", 2) +
               ev(719, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2));
  CHECK(causes(down) == "database-unavailable");
  CHECK(finding(down, "database-unavailable").severity == Severity::critical);
  CHECK(finding(down, "database-unavailable").count == 2);
}

TEST_CASE("tie-breaks: a setting decides in its latest collection only") {
  const MadeLog log = heart(0, 121) + noise(0, 720);
  const auto member = [](Given g, const char* folder) {
    g.name = std::string(folder) + "/" + g.name;
    return g;
  };
  // the scheduler ran again when the feature was found off
  for (const auto& [old_one, new_one] : {std::pair{"a", "b"}, std::pair{"b", "a"}}) {
    CHECK(causes(diagnose({xml(log), feature("False", 720), member(scheduler("False", 100, "False"), old_one),
                           member(scheduler("False", 720, "True"), new_one)}))
              .starts_with("tenant-feature-disabled"));
  }
  // the feature was on again when the service stopped
  const Diagnosis on_again =
      diagnose({xml(log + stopped(300)), member(feature("False", 100), "a"), member(feature("True", 200), "b")});
  CHECK(fate(on_again, "service-stopped") == "ongoing");
}

TEST_CASE("tie-breaks: a manager that says it is stopping is explained by the feature as well") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + ev(125, 602, "Password sync is stopping.");
  CHECK(causes(diagnose(log)) == "service-stopped");
  CHECK(causes(diagnose({xml(log), feature("False", 720)})) == "tenant-feature-disabled");
}

TEST_CASE("tie-breaks: another sign-in method does not explain one channel of two that is off") {
  const MadeLog log = heart(0, 121) + heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  const Given method = global_settings("Microsoft.UserSignIn.SignOnMethod", "PassThroughAuthentication", 720);
  const Diagnosis d = diagnose({xml(log), connectors("contoso.com", contoso_id), channel("False", 720), method});
  CHECK(causes(d) == "connector-channel-disabled");
  CHECK(verdict_of(d) == "degraded");
}

TEST_CASE("tie-breaks: a 665 beside a fault of another product is still no finding") {
  CHECK(causes(diagnose(well() + ev(700, 665, "Something went wrong.", "Directory Synchronization", 2) +
                        ev(701, 6329, "An unexpected error.", "ADSync", 2))) == "writeback-error");
}

TEST_CASE("tie-breaks: a domain's own failures stay beside a failure of everybody") {
  const Diagnosis d = diagnose(noise(0, 720) + failure_text(715, "System.Exception: nobody knows it") +
                               cloud(716, 655, "Failed credential provisioning ping. Error: an odd one."));
  CHECK(found(d, "domain-sync-error"));
  CHECK(found(d, "cloud-error"));
}
