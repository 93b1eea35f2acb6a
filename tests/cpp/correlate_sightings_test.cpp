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
