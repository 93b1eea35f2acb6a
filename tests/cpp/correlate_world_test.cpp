// Who is in evidence: servers, connectors, domains, and which records belong to whom.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

// The trailer of an event cut off, as older builds write it: no partition, no GUID.
MadeLog without_trailer(MadeLog log) {
  for (MadeEvent& e : log) e.text = e.text.substr(0, e.text.find("\r\n\r\n<forest-info>"));
  return log;
}

std::size_t count_of(const Diagnosis& d, std::string_view id) {
  std::size_t n = 0;
  for (const Check& c : d.checks) n += c.id == id ? 1u : 0u;
  return n;
}

}  // namespace

TEST_CASE("world: a server is told apart by its computer, short and full names are one") {
  const MadeLog log = heart(0, 120) + stopped(125) + noise(0, 720);
  CHECK(said(diagnose(on("sync01", log))) == "failing: service-stopped server sync01 ongoing");
  const MadeLog system = in_channel(
      "System",
      ev(180, 7036, "The Microsoft Azure AD Sync service entered the running state.", "Service Control Manager"));
  CHECK(fate(diagnose({xml(log), xml(on("SYNC01", system), "system.xml")}), "service-stopped") ==
        "recovered at " + iso_at(180));
  CHECK(fate(diagnose({xml(log), xml(on("SYNC02", system), "system.xml")}), "service-stopped") == "ongoing");
}

TEST_CASE("world: records that name no computer are of the only server") {
  const Diagnosis d = diagnose(on("", heart(0, 120) + stopped(125) + noise(0, 720)));
  CHECK(said(d) == "failing: service-stopped server ongoing");
}

TEST_CASE("world: the host of a bundle's log names the server of its settings") {
  const MadeLog log = on("", noise(0, day));
  Given scheduler_text = scheduler("True", day);
  scheduler_text.name = "MECLOG/20260311-000500/CONFIG/MEC/Get-ADSyncScheduler.txt";
  const Diagnosis d = diagnose({xml(log, "MECLOG/20260311-000500/EVENTLOG/SYNC01_Application.xml"), scheduler_text});
  CHECK(said(d) == "failing: staging-mode server sync01 ongoing");
}

TEST_CASE("world: a connector's name and GUID belong together by Get-ADSyncConnector or by a partition of its name") {
  const MadeLog log = heart(0, 240, contoso_id, "EMEA.CONTOSO.COM") + noise(0, 240);
  const Diagnosis linked = diagnose({xml(log), connectors("contoso.com", contoso_id), channel("True", 240)});
  CHECK(count_of(linked, "heartbeat") == 1);
  CHECK(verdict_of(linked) == "healthy");
  const Diagnosis named = diagnose({xml(heart(0, 240) + noise(0, 240)), channel("True", 240)});
  CHECK(count_of(named, "heartbeat") == 1);
  const Diagnosis apart = diagnose({xml(log), channel("True", 240)});
  CHECK(count_of(apart, "heartbeat") == 2);
  CHECK(verdict_of(apart) == "unknown");
  CHECK(holds(apart.verdict.summary, "Get-ADSyncConnector"));
}

TEST_CASE("world: names of connectors are case sensitive in commands and found in any case") {
  const Diagnosis d = diagnose({xml(heart(0, 121) + noise(0, 720)), connectors("Contoso.com", contoso_id)});
  CHECK(finding(d, "channel-silent").scope.name == "Contoso.com");
  CHECK(holds(all_commands(finding(d, "channel-silent")), "'Contoso.com'"));
}

TEST_CASE("world: a record without a GUID takes it from the 650 or 653 of its tracking id") {
  // the answers carry no trailer; of two connectors only contoso's ping is answered
  MadeLog log = noise(0, 720) + heart(3, 720, fabrikam_id, "FABRIKAM.NET");
  for (int t = 0; t < 720; t += 30) {
    MadeLog p = ping(t);
    log = std::move(log) + MadeLog{p[0]} + without_trailer({p[1]});
  }
  CHECK(said(diagnose(log)) == "healthy: none");
  MadeLog half = noise(0, 720) + heart(0, 720);
  for (int t = 3; t < 720; t += 30) {
    MadeLog p = ping(t, fabrikam_id, "FABRIKAM.NET");
    if (t < 100) half = std::move(half) + MadeLog{p[0]} + without_trailer({p[1]});
  }
  CHECK(said(diagnose(half)) == "degraded: channel-silent connector " + std::string(fabrikam_id) + " ongoing");
  // the same for batches
  MadeLog batches = noise(0, 240);
  for (int t = 0; t < 240; t += 30) {
    for (const auto& [id, name] : {std::pair{contoso_id, "CONTOSO.COM"}, std::pair{fabrikam_id, "FABRIKAM.NET"}}) {
      MadeLog c = change(t + (id == contoso_id ? 0 : 3),
                         {std::string(ana), "A==", "Success", "False", true, name, std::string(id)});
      batches = std::move(batches) + MadeLog{c[0]} + without_trailer({c[3]});
    }
  }
  CHECK(said(diagnose(batches)) == "healthy: none");
}

TEST_CASE("world: the bare end of a batch is of the connector whose batch it was, and of no other") {
  MadeLog log = noise(0, 720) + heart(3, 100, fabrikam_id, "FABRIKAM.NET");
  for (int t = 0; t < 720; t += 30) {
    const MadeLog c = change(t);
    log = std::move(log) + MadeLog{c[0]} + without_trailer({c[3]});
  }
  CHECK(said(diagnose(log)) == "degraded: channel-silent connector " + std::string(fabrikam_id) + " ongoing");
}

TEST_CASE("world: a record that nothing links counts for all connectors") {
  const MadeLog two = heart(0, 121) + heart(3, 121, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  MadeLog unlinked;
  for (int t = 121; t < 720; t += 60) unlinked = std::move(unlinked) + ev(t, 651, "Provision credentials batch end.");
  CHECK(said(diagnose(two + unlinked)) == "healthy: none");
}

TEST_CASE("world: a partition, and the domain of a DN, count as in evidence") {
  MadeLog failing;
  for (int t = 10; t < 240; t += 2) failing = std::move(failing) + failure(t, 8453);
  const MadeLog base = heart(0, 240) + noise(0, 240) + failing;
  CHECK(verdict_of(diagnose(base)) == "failing");
  CHECK(verdict_of(diagnose(base + heart(5, 240, contoso_id, "EMEA.CONTOSO.COM"))) == "degraded");
  CHECK(verdict_of(diagnose(base + request(230, "CN=E,DC=emea,DC=contoso,DC=com", "E=="))) == "degraded");
  CHECK(verdict_of(diagnose(base + result(230, "Success", "CN=E,DC=emea,DC=contoso,DC=com", "E=="))) == "degraded");
}

TEST_CASE("world: a successful partition state is a sign of life of its domain") {
  const auto state = [](std::string_view status) {
    return Given{"Get-ADSyncPartitionPasswordSyncState.txt",
                 "\r\nDN                                          : DC=contoso,DC=com\r\n"
                 "PasswordSyncLastSuccessfulCycleStartTimestamp : 3/9/2026 1:00:00 AM\r\n"
                 "PasswordSyncLastSuccessfulCycleEndTimestamp   : 3/9/2026 1:00:05 AM\r\n"
                 "PasswordSyncLastCycleStatus                   : " +
                     std::string(status) + "\r\n\r\n",
                 at(250)};
  };
  const MadeLog log = heart(0, 240) + noise(0, 240) + failure(235, 8453);
  CHECK(fate(diagnose({xml(log), state("Successful")}), "replication-permission-missing") ==
        "recovered at " + iso_at(250));
  CHECK(fate(diagnose({xml(log), state("Failed")}), "replication-permission-missing") == "ongoing");
}

TEST_CASE("world: the tenant is named by the cloud connector, null otherwise") {
  CHECK(diagnose({xml(noise(0, 100)), feature("False", 100), channel("True", 100)}).findings.at(0).scope.name ==
        "contoso.onmicrosoft.com");
  CHECK_FALSE(diagnose({xml(noise(0, 100)), feature("False", 100)}).findings.at(0).scope.name);
}

TEST_CASE("world: a partition that is named by its DN is the domain of that name") {
  CHECK(verdict_of(diagnose(heart(0, 240, contoso_id, "DC=contoso,DC=com") + noise(0, 240) + failure(235, 8453))) ==
        "failing");
}

TEST_CASE("world: domains that only the reachability of domains names are told apart") {
  const auto reachable = [](std::string_view second) {
    return Given{"Get-ADSyncDomainReachabilityStatus.txt",
                 "\r\nFullName         : contoso.com\r\nIsReachable      : False\r\nExceptionMessage : \r\n\r\n"
                 "FullName         : emea.contoso.com\r\nIsReachable      : " +
                     std::string(second) + "\r\nExceptionMessage : \r\n\r\n",
                 at(240)};
  };
  const Diagnosis one = diagnose({reachable("True")});
  CHECK(said(one) == "degraded: dc-unreachable domain contoso.com ongoing");
  CHECK(check_of(one, "domain-reachable", "contoso.com") == "fail");
  CHECK(check_of(one, "domain-reachable", "emea.contoso.com") == "pass");
  CHECK(said(diagnose({reachable("False")})) ==
        "failing: dc-unreachable domain contoso.com ongoing; dc-unreachable domain emea.contoso.com ongoing");
}

TEST_CASE("world: a row that says what runs is no connector, and a name with another GUID no link") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const Given running{"status.txt",
                      "\r\nRunState ConnectorName\r\n-------- -------------\r\nBusy     emea.example\r\n\r\n", at(240)};
  const Diagnosis listed = diagnose({xml(log), running});
  CHECK(verdict_of(listed) == "healthy");
  CHECK(count_of(listed, "heartbeat") == 1);
  CHECK(count_of(diagnose({xml(log), connectors("contoso.com", fabrikam_id)}), "heartbeat") == 2);
}

TEST_CASE("world: the bare end of a ping is of the connector whose ping it was, and of no other") {
  MadeLog log = noise(0, 720) + heart(3, 100, fabrikam_id, "FABRIKAM.NET");
  for (int t = 0; t < 720; t += 30) {
    const MadeLog p = ping(t);
    log = std::move(log) + MadeLog{p[0]} + without_trailer({p[1]});
  }
  CHECK(said(diagnose(log)) == "degraded: channel-silent connector " + std::string(fabrikam_id) + " ongoing");
}

TEST_CASE("world: the host of a bundle is the server of that label, of two the one in its own bundle") {
  const auto member = [](Given g, const std::string& bundle, const std::string& name) {
    g.name = bundle + "/20260310-120000/" + name;
    return g;
  };
  const Diagnosis d = diagnose(
      {member(xml(on("sync01.contoso.com", noise(0, 720) + ev(100, 904, "Finished: Delta Sync."))), "A",
              "EVENTLOG/SYNC01_Application.xml"),
       member(scheduler("True", 720), "A", "CONFIG/MEC/Get-ADSyncScheduler.txt"),
       member(xml(on("sync02.contoso.com", heart(0, 720) + noise(0, 720))), "B", "EVENTLOG/SYNC02_Application.xml")});
  CHECK(said(d) == "degraded: staging-mode server sync01.contoso.com ongoing");
}
