// From records and rows to findings: what makes one, in which scope, of what weight.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog well() {
  return heart(0, 720) + noise(0, 720);
}

}  // namespace

TEST_CASE("sightings: the scope of each cause") {
  const auto scope = [](const MadeLog& log, std::string_view cause) {
    const Finding f = finding(diagnose(log), cause);
    return std::string(to_string(f.scope.kind)) + " " + f.scope.name.value_or("null");
  };
  CHECK(scope(well() + credential(715), "cloud-credential") == "tenant null");
  CHECK(scope(well() + stopped(715), "service-stopped") == "server sync01.contoso.com");
  CHECK(scope(well() + failure(715, 1722), "dc-unreachable") == "domain contoso.com");
  CHECK(scope(well() + result(715, "Failed"), "service-error") == "user " + std::string(ana));
  CHECK(scope(heart(0, 30) + noise(0, 720), "channel-silent") == "connector " + std::string(contoso_id));
  CHECK(scope(well() + ev(715, 617, "Full sync started for forest: contoso.com."), "full-sync-running") ==
        "forest contoso.com");
}

TEST_CASE("sightings: a failure without a domain is of a domain without a name") {
  const Diagnosis d = diagnose(well() + ev(715, 604, "It failed.", "Directory Synchronization", 2));
  CHECK(said(d) == "degraded: domain-sync-error domain ongoing");
  // and over with a sign of life of the server
  CHECK(fate(diagnose(well() + ev(600, 604, "It failed.", "Directory Synchronization", 2)), "domain-sync-error") ==
        "recovered at " + iso_at(600.1));
}

TEST_CASE("sightings: a failed user is one finding however often") {
  MadeLog log = well();
  for (int t = 100; t < 200; t += 10) log = std::move(log) + result(t, "Failed");
  CHECK(finding(diagnose(log), "service-error").count == 10);
}

TEST_CASE("sightings: a batch error of the table is the tenant's, the others are the user's") {
  const auto scope = [](std::string_view status) {
    const Diagnosis d =
        diagnose({status_table("2026-03-10 10:00:00," + std::string(status) + ",\"" + std::string(ana) + "\"\r\n")});
    return d.findings.empty() ? "none" : d.findings[0].cause + " " + std::string(to_string(d.findings[0].scope.kind));
  };
  CHECK(scope("Unknown") == "batch-error tenant");
  CHECK(scope("Error") == "service-error user");
  CHECK(scope("FilteredByTarget") == "must-change-password user");
  CHECK(scope("MissingAttribute") == "domain-services-hash-missing user");
  CHECK(scope("MigratedCheckDetailsForMoreInfo") == "legacy-log-entry user");
  CHECK(scope("Success") == "none");
}

TEST_CASE("sightings: users' failures never fail everybody") {
  const Diagnosis d =
      diagnose(well() + result(715, "Failed") + result(716, "Failed", "CN=Bo,DC=contoso,DC=com", "B=="));
  CHECK(verdict_of(d) == "healthy");
  CHECK(d.findings.size() == 2);
}

TEST_CASE("sightings: 663, 658, 659, 661, 668 and the like are ordinary") {
  MadeLog log = well();
  for (const std::uint32_t id : {601u, 606u, 614u, 622u, 623u, 658u, 659u, 661u, 663u, 668u, 104u, 107u, 114u, 904u}) {
    log = std::move(log) + ev(715, id, "Something ordinary.");
  }
  CHECK(said(diagnose(log)) == "healthy: none");
}

TEST_CASE("sightings: a service that entered the running state is no stop") {
  const MadeLog runs = in_channel(
      "System",
      ev(719.8, 7036, "The Microsoft Azure AD Sync service entered the running state.", "Service Control Manager"));
  CHECK(said(diagnose(heart(0, 720) + noise(0, 720) + runs)) == "healthy: none");
}

TEST_CASE("sightings: a sighting weighs as its rule says, the gravest counts") {
  const auto severity = [](std::string_view first, std::string_view second) {
    std::string rows = "2026-03-10 10:00:00," + std::string(first) + ",\"" + std::string(ana) + "\"\r\n";
    if (!second.empty()) rows += "2026-03-10 11:00:00," + std::string(second) + ",\"" + std::string(ana) + "\"\r\n";
    return finding(diagnose({status_table(rows)}), "domain-services-hash-missing").severity;
  };
  CHECK(severity("RetryRequestedByTarget", "") == Severity::info);
  CHECK(severity("MissingAttribute", "") == Severity::low);
  CHECK(severity("RetryRequestedByTarget", "MissingAttribute") == Severity::low);
  CHECK(severity("MissingAttribute", "RetryRequestedByTarget") == Severity::low);
  // a flag beside a failure
  const auto flagged = [](const char* first, const char* second) {
    return finding(diagnose(well() + result(700, first, ana, "AAAA==", "True") +
                            result(710, second, ana, "AAAA==", "True")),
                   "must-change-password")
        .severity;
  };
  CHECK(flagged("Success", "Success") == Severity::info);
  CHECK(flagged("Success", "Failed") == Severity::low);
  CHECK(flagged("Failed", "Success") == Severity::low);
}

TEST_CASE("sightings: a user's bad status lasts until a success of that user, a batch's until life of the tenant") {
  const auto row = [](std::string_view status) {
    return status_table("2026-03-10 01:00:00," + std::string(status) + ",\"" + std::string(ana) + "\"\r\n");
  };
  CHECK(fate(diagnose({xml(well()), row("FilteredByTarget")}), "must-change-password") == "ongoing");
  CHECK(fate(diagnose({xml(well() + change(200)), row("FilteredByTarget")}), "must-change-password") ==
        "recovered at " + iso_at(200.05));
  CHECK(fate(diagnose({xml(well()), row("Unknown")}), "batch-error") == "recovered at " + iso_at(60.1));
  CHECK(fate(diagnose({xml(noise(0, 720)), row("Unknown")}), "batch-error") == "ongoing");
}

TEST_CASE("sightings: a ping that nothing answers lasts, thirty covered minutes are in time") {
  MadeLog open = ping(100);
  open.pop_back();
  MadeLog running;
  for (int t = 120; t < 720; t += 20)
    running = std::move(running) + ev(t, 663, "Password sync manager is alive." + trailer(contoso_id, "CONTOSO.COM"));
  CHECK(fate(diagnose(heart(0, 91) + noise(0, 720) + open + running), "result-missing") == "ongoing");
  CHECK_FALSE(found(diagnose(heart(0, 91) + open + ev(130, 1, "The last record.", "Somebody")), "result-missing"));
}

TEST_CASE("sightings: the domain is shown that only a partition names") {
  const auto domains = [](const Diagnosis& d, std::string_view cause) { return finding(d, cause).fields["domain"]; };
  const std::vector<std::string> contoso{"contoso.com"};
  CHECK(domains(diagnose(well() + ev(715, 604, "It failed." + trailer(contoso_id, "CONTOSO.COM"),
                                     "Directory Synchronization", 2)),
                "domain-sync-error") == contoso);
}

TEST_CASE("sightings: controllers that the head does not name are those of the exception, fifty at most") {
  const auto failing = [](double minute, const std::string& head, const std::string& inner) {
    return ev(
        minute, 611,
        "Password hash synchronization failed for domain: contoso.com, domain controller hostname: " + head +
            ", domain controller IP address: " + (head.front() == '<' ? head : "10.0.0.1") +
            ".\r\nDetails: \r\nMicrosoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsException: RPC "
            "Error 1722 : Error. Domain controller hostname: " +
            inner + ", domain controller IP address: 10.1.1.9.",
        "Directory Synchronization", 2);
  };
  const Diagnosis d = diagnose(well() + failing(715, "<not available>", "dc7.contoso.com"));
  CHECK(finding(d, "dc-unreachable").fields["dc"] == std::vector<std::string>{"dc7.contoso.com"});
  CHECK(finding(d, "dc-unreachable").fields["ip"] == std::vector<std::string>{"10.1.1.9"});
  CHECK_FALSE(finding(diagnose(well() + failing(715, "<not available>", "<not available>")), "dc-unreachable")
                  .fields.contains("dc"));
  MadeLog many = well();
  for (int i = 0; i < 60; ++i)
    many = std::move(many) + failing(600 + i, "dc" + std::to_string(i) + ".contoso.com", "x");
  CHECK(finding(diagnose(many), "dc-unreachable").fields["dc"].size() == 50);
}
