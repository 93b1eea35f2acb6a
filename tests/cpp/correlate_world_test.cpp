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

TEST_CASE("world: a GUID with braces is the same without, under either name that cmdlets have for it") {
  const MadeLog log = heart(0, 240, contoso_id, "EMEA.CONTOSO.COM") + noise(0, 240);
  std::string upper;
  for (const char c : contoso_id) upper += static_cast<char>(c >= 'a' && c <= 'f' ? c - 32 : c);
  CHECK(count_of(diagnose({xml(log), connectors("contoso.com", "{" + upper + "}")}), "heartbeat") == 1);
  const Given named{"Get-ADSyncConnector.txt",
                    "\r\nName                   : contoso.com\r\nGuid                   : " + std::string(contoso_id) +
                        "\r\nConnectivityParameters : {forest-login-user}\r\n\r\n",
                    no_time};
  CHECK(check_of(diagnose({xml(log), named}), "heartbeat", "contoso.com") == "pass");
}

TEST_CASE("world: what shows that a connector is one") {
  const auto is_one = [](const std::string& properties) {
    const Given list{"Get-ADSyncConnector.txt",
                     "\r\nName                   : contoso.com\r\n" + properties +
                         "ConnectivityParameters : {forest-login-user}\r\n\r\n",
                     no_time};
    return check_of(diagnose({list}), "connector-enabled", "contoso.com") != "none";
  };
  CHECK(is_one("Type                   : AD\r\n"));
  CHECK(is_one("ConnectorTypeName      : AD\r\n"));
  CHECK_FALSE(is_one(""));
  CHECK_FALSE(is_one("Type                   : Extensible2\r\n"));  // the cloud's
  // Microsoft's diagnosis of its channel, and of its heartbeat
  for (const char* line : {"Password Hash Synchronization is enabled\r\n",
                           "No recent Password Hash Synchronization heartbeat is detected\r\n"}) {
    CAPTURE(line);
    const Diagnosis d =
        diagnose({diagnosis_text("Password Hash Synchronization cloud configuration is enabled\r\n\r\n"
                                 "AD Connector - contoso.com\r\n" +
                                 std::string(line))});
    CHECK(check_of(d, "heartbeat", "contoso.com") != "none");
  }
}

TEST_CASE("world: whether a channel is on is told by the latest collection, whatever is printed after it") {
  const auto enabled = [](const std::vector<Given>& given) {
    return check_of(diagnose(given), "connector-enabled", "contoso.com");
  };
  const auto named = [](Given given, const std::string& folder) {
    given.name = folder + given.name;
    return given;
  };
  CHECK(enabled({named(channel("True", 110), "a/"), named(channel("False", 60), "b/")}) == "pass");
  CHECK(enabled({named(channel("False", 60), "a/"), named(channel("True", 110), "b/")}) == "pass");
  const Given first{"Get-ADSyncAADPasswordSyncConfiguration.txt",
                    "\r\nEnabled         : True\r\nSourceConnector : contoso.com\r\nTargetConnector : x - AAD\r\n\r\n",
                    no_time};
  CHECK(enabled({first}) == "pass");
}

TEST_CASE("world: records that name no computer stand apart where two servers are named, and join the only one") {
  const MadeLog one = on("sync01.contoso.com", heart(0, 121) + noise(0, 720));
  const MadeLog two = on("sync02.contoso.com", started(5) + noise(0, 720));
  const Given stop = csv(stopped(125), "stop.csv");
  CHECK_FALSE(
      finding(diagnose({xml(one, "a.xml"), xml(two, "b.xml"), stop}), "service-stopped").scope.name.has_value());
  CHECK(finding(diagnose({xml(one, "a.xml"), stop}), "service-stopped").scope.name == "sync01.contoso.com");
}

TEST_CASE("world: a failed ping by itself shows a connector, and one that names none is nobody's alone") {
  const Diagnosis d = diagnose(noise(0, 100) + credential(50));
  for (const Check& c : d.checks) {
    if (c.id == "heartbeat") CHECK(holds(c.why, "No log covers three hours"));
  }
  // both connectors were alive with it
  const MadeLog log = heart(0, 91) + heart(3, 91, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  const Diagnosis both = diagnose(log + without_trailer(ping(200)));
  REQUIRE(both.findings.size() == 2);
  for (const Finding& f : both.findings) CHECK(f.first_seen == at(200.1));
}

TEST_CASE("world: of two configured connectors one that no record names is silent although the other is not") {
  Given names = connectors("contoso.com", contoso_id);
  names.bytes += connectors("fabrikam.net", fabrikam_id).bytes;
  const Diagnosis d = diagnose({xml(heart(0, 720) + noise(0, 720)), names});
  CHECK(finding(d, "channel-silent").scope.name == "fabrikam.net");
}

TEST_CASE("world: whose DN is a domain in evidence, and what else names one") {
  const auto known = [](const std::vector<Given>& given, const char* domain) {
    return check_of(diagnose(given), "domain-reachable", domain) != "none";
  };
  const MadeLog log = heart(0, 240, contoso_id, "default") + noise(0, 240);
  CHECK_FALSE(known({xml(log)}, "default"));
  CHECK(known({xml(log + result(100, "Failed", "CN=Z,DC=other,DC=example"))}, "other.example"));
  CHECK_FALSE(
      known({xml(log + ev(100, 620, "It will not be retried.\r\nDN = CN=Z,DC=other,DC=example"))}, "other.example"));
  const Given timeless{
      "log.csv",
      "\"Id\",\"ProviderName\",\"Message\"\r\n\"656\",\"Directory Synchronization\",\"Password Change Request - "
      "Anchor : A==, Dn : CN=Z,DC=other,DC=example\"\r\n",
      no_time};
  CHECK(known({xml(log), timeless}, "other.example"));
  const std::string head = "Password Hash Synchronization cloud configuration is enabled\r\n\r\n";
  for (const char* line :
       {"Domain \"other.example\" is NOT reachable\r\n",
        "The AD Connector account had a permission error for the domain "
        "\"other.example\"\r\n",
        "The AD Connector account username or password is incorrect for the domain \"other.example\"\r\n",
        "Password Hash Synchronization agent is continuously getting failures for domain \"other.example\". Please "
        "check "
        "611 error events in the application event logs for details\r\n"}) {
    CAPTURE(line);
    CHECK(known({diagnosis_text(head + line)}, "other.example"));
  }
  CHECK_FALSE(known({diagnosis_text(head + "Domain \"OTHER\" is NOT reachable\r\n")}, "other"));
}

TEST_CASE("world: a partition's state is a sign of life only if it succeeded, and at the time of its collection") {
  const auto reachable = [](const std::string& properties, double collected) {
    const Given state{"Get-ADSyncPartitionPasswordSyncState.txt",
                      "ConnectorId : b891884f-051e-4a83-95af-2544101c9083\r\nDN : DC=contoso,DC=com\r\n" + properties,
                      collected == not_known ? no_time : at(collected)};
    return check_of(diagnose({state}), "domain-reachable", "contoso.com");
  };
  const std::string success = "PasswordSyncLastCycleStatus : Successful\r\n";
  CHECK(reachable(success, 100) == "pass");
  CHECK(reachable(success, not_known) == "unknown");
  const std::string ended = "PasswordSyncLastSuccessfulCycleEndTimestamp : 2026-03-10T01:00:00Z\r\n";
  CHECK(reachable(ended, 100) == "pass");
  CHECK(reachable("PasswordSyncLastCycleEndTimestamp : 2026-03-10T01:00:00Z\r\n", 100) == "unknown");
}
