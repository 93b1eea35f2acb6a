// Channels that show no life over a covered window, and what explains them.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string silent_now = "channel-silent connector " + std::string(contoso_id) + " ongoing";

MadeLog alive_663(double minute) {
  return ev(minute, 663,
            "Password hash synchronization manager is alive and running." + trailer(contoso_id, "CONTOSO.COM"));
}

}  // namespace

TEST_CASE("silence: three covered hours, not less") {
  CHECK(said(diagnose(ping(0) + noise(0, 181))) == "failing: " + silent_now);
  CHECK_FALSE(found(diagnose(ping(0) + noise(0, 171)), "channel-silent"));
  CHECK_FALSE(found(diagnose(heart(0, 31) + heart(209, 600) + noise(0, 600)), "channel-silent"));
  CHECK(fate(diagnose(heart(0, 31) + heart(211, 600) + noise(0, 600)), "channel-silent") ==
        "recovered at " + iso_at(211.1));
}

TEST_CASE("silence: it begins at the last sign of life; with none before it the beginning is not known") {
  const Diagnosis after = diagnose(heart(0, 121) + noise(0, 720));
  CHECK(finding(after, "channel-silent").first_seen == at(120.1));
  CHECK(since_of(after) == iso_at(120.1));
  CHECK(finding(after, "channel-silent").count == 0);
  CHECK_FALSE(finding(after, "channel-silent").evidence.empty());
  const Diagnosis before = diagnose(noise(0, 720) + heart(600, 720));
  CHECK(fate(before, "channel-silent") == "recovered at " + iso_at(600.1));
  const Diagnosis never = diagnose({xml(noise(0, 720)), channel("True", 720)});
  CHECK(said(never) == "failing: channel-silent connector contoso.com ongoing");
  CHECK(since_of(never) == "null");
  CHECK(finding(never, "channel-silent").first_seen == no_time);
  CHECK(holds(finding(never, "channel-silent").summary, "at least 2026-03-10 00:00"));
}

TEST_CASE("silence: each of 654, 651, 657 Success and 663 breaks it; 653, 650, 656 and 657 Failed do not") {
  const MadeLog base = heart(0, 121) + noise(0, 720);
  for (int t = 0; t < 3; ++t) {
    MadeLog life;
    for (int m = 240; m < 720; m += 120) {
      if (t == 0) life = std::move(life) + ping(m);
      if (t == 1) life = std::move(life) + result(m, "Success");
      if (t == 2) life = std::move(life) + alive_663(m);
    }
    CHECK_FALSE(found(diagnose(base + life), "channel-silent"));
  }
  MadeLog no_life;
  for (int m = 240; m < 720; m += 120) {
    MadeLog start = ping(m);
    start.pop_back();
    no_life = std::move(no_life) + start + result(m + 1, "Failed") + request(m + 2);
  }
  CHECK(found(diagnose(base + no_life), "channel-silent"));
}

TEST_CASE("silence: 663 does not help after a cloud failure that has not recovered") {
  MadeLog alive;
  for (int m = 140; m < 720; m += 60) alive = std::move(alive) + alive_663(m);
  const MadeLog base = heart(0, 121) + noise(0, 720) + alive;
  CHECK_FALSE(found(diagnose(base), "channel-silent"));
  CHECK(said(diagnose(base + credential(130))) == "failing: " + silent_now + "; cloud-credential tenant past");
  // recovered by a later heartbeat: 663 is worth something again
  CHECK_FALSE(found(diagnose(base + credential(130) + ping(135)), "channel-silent"));
}

TEST_CASE("silence: 663 alone never makes a connector healthy") {
  MadeLog alive;
  for (int m = 0; m < 720; m += 60) alive = std::move(alive) + alive_663(m);
  CHECK(said(diagnose(alive + noise(0, 720))) == "unknown: none");
}

TEST_CASE("silence: a lone 653 is enough evidence that the connector exists") {
  MadeLog start = ping(100);
  start.pop_back();
  const Diagnosis d = diagnose(start + noise(0, 720));
  CHECK(said(d) == "failing: " + silent_now);
}

TEST_CASE("silence: what was asked inside it is its evidence and no finding beside it") {
  MadeLog starts;
  for (int m = 150; m < 720; m += 30) {
    MadeLog start = ping(m);
    start.pop_back();
    starts = std::move(starts) + start;
  }
  const Diagnosis d = diagnose(heart(0, 121) + noise(0, 720) + starts);
  CHECK(said(d) == "failing: " + silent_now);
}

TEST_CASE("silence: pings that nothing links to one of two silent connectors are evidence as well") {
  MadeLog start = ping(300);
  start.pop_back();
  start.front().text = start.front().text.substr(0, start.front().text.find("\r\n"));
  const Diagnosis d = diagnose(heart(0, 121) + heart(3, 121, fabrikam_id, "FABRIKAM.NET") + noise(0, 720) + start);
  CHECK(d.findings.size() == 2);
  CHECK_FALSE(found(d, "result-missing"));
}

TEST_CASE("silence: explained by what is ongoing in its scope or above, not reported then") {
  const MadeLog base = heart(0, 121) + noise(0, 720);
  CHECK_FALSE(found(diagnose(base + stopped(125)), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + tenant_off(300) + tenant_off(700)), "channel-silent"));
  CHECK_FALSE(found(diagnose({xml(base), scheduler("True", 720)}), "channel-silent"));
  CHECK_FALSE(
      found(diagnose({xml(base), connectors("contoso.com", contoso_id), channel("False", 720)}), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + ev(130, 613, "Waiting for the first directory sync.")), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + failure(700, 8453)), "channel-silent"));
  // what is over, of low weight, of one domain of two or of another connector explains nothing
  CHECK(found(diagnose(base + failure(150, 8453)), "channel-silent"));
  CHECK(found(diagnose(base + credential(130)), "channel-silent"));
  CHECK(found(diagnose(base + result(700, "Failed")), "channel-silent"));
  CHECK(found(diagnose(base + failure(700, 8453) + change(60, {"CN=E,DC=emea,DC=contoso,DC=com", "E=="})),
              "channel-silent"));
}

TEST_CASE("silence: a channel that is off explains only itself") {
  const MadeLog base = heart(0, 121) + heart(3, 121, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  const Diagnosis d = diagnose({xml(base), connectors("contoso.com", contoso_id), channel("False", 720)});
  CHECK(found(d, "connector-channel-disabled"));
  CHECK(finding(d, "channel-silent").scope.name == std::string(fabrikam_id));
}

TEST_CASE("silence: a past one is explained by a cause that was seen in it") {
  const MadeLog base = heart(0, 121) + heart(400, 720) + noise(0, 720);
  CHECK(fate(diagnose(base), "channel-silent") == "recovered at " + iso_at(400.1));
  CHECK_FALSE(found(diagnose(base + credential(130)), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + failure(200, 1722)), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + stopped(125) + started(390)), "channel-silent"));
  CHECK(found(diagnose(base + failure(60, 1722)), "channel-silent"));
  CHECK(found(diagnose(base + result(200, "Failed")), "channel-silent"));
}

TEST_CASE("silence: a past one is not explained by the domain of another connector") {
  const MadeLog base = heart(0, 121) + heart(400, 720) + heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  CHECK(found(diagnose(base + failure(200, 1722, "fabrikam.net")), "channel-silent"));
  CHECK_FALSE(found(diagnose(base + failure(200, 1722, "contoso.com")), "channel-silent"));
}

TEST_CASE("silence: the status script's missing ping is not silence by itself") {
  const Diagnosis d = diagnose({diagnosis_text(
      "\r\nPassword sync feature enabled in your Azure AD directory:  True\r\n\r\nPassword sync channel status BEGIN "
      "------------------------------------------------------- \r\n\r\nSourceConnector TargetConnector               "
      "Enabled\r\n--------------- ---------------               -------\r\ncontoso.com     contoso.onmicrosoft.com - "
      "AAD    True\r\n\r\n\r\n\r\nWARNING: No ping event found within last 3 hours.\r\n\r\nPassword sync channel "
      "status END ------------------------------------------------------- \r\n")});
  CHECK(said(d) == "unknown: none");
  CHECK(check_of(d, "heartbeat") == "unknown");
}

TEST_CASE("silence: several silences of one connector are one finding, ongoing when the last is") {
  const Diagnosis d = diagnose(heart(0, 31) + heart(300, 331) + noise(0, 720));
  CHECK(said(d) == "failing: " + silent_now);
  CHECK(finding(d, "channel-silent").first_seen == at(30.1));
  CHECK(since_of(d) == iso_at(330.1));
}

TEST_CASE("silence: after a TLS or proxy failure of the cloud side, 663 is no sign of life") {
  MadeLog running;
  for (int t = 130; t < 720; t += 20)
    running = running + ev(t, 663, "Password sync manager is alive." + trailer(contoso_id, "CONTOSO.COM"));
  const MadeLog log = heart(0, 121) + noise(0, 720) + running;
  CHECK_FALSE(found(diagnose(log), "channel-silent"));
  const MadeLog tls =
      ev(125, 655,
         "Failed credential provisioning ping. Error: The request was aborted: Could not create SSL/TLS "
         "secure channel." +
             trailer(contoso_id, "CONTOSO.COM"));
  const Diagnosis d = diagnose(log + tls);
  CHECK(found(d, "tls-or-proxy"));
  CHECK(fate(d, "channel-silent") == "ongoing");
}

TEST_CASE("silence: of two servers the one that served the connector explains it, the other does not") {
  const MadeLog one = on("sync01.contoso.com", heart(0, 121) + noise(0, 720));
  const MadeLog two = on("sync02.contoso.com", heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720));
  const auto with = [&](std::string_view computer) {
    return diagnose({xml(one, "one.xml"), xml(two + on(computer, stopped(125)), "two.xml")});
  };
  CHECK_FALSE(found(with("sync01.contoso.com"), "channel-silent"));
  CHECK(found(with("sync02.contoso.com"), "channel-silent"));
}

TEST_CASE("silence: a state that the last sign of life ended does not explain what follows it") {
  const MadeLog log = heart(0, 31) + stopped(60) + ping(120) + heart(400, 720) + noise(0, 720);
  CHECK(fate(diagnose(log), "service-stopped") == "recovered at " + iso_at(120.1));
  CHECK(fate(diagnose(log), "channel-silent") == "recovered at " + iso_at(400.1));
}

TEST_CASE("silence: a past one may be explained by a domain that nothing links to a connector") {
  const MadeLog base = heart(0, 121) + heart(400, 720) + heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720);
  CHECK_FALSE(found(diagnose(base + failure(200, 1722, "elsewhere.example")), "channel-silent"));
}

TEST_CASE("silence: a medium finding of a domain explains nothing") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + failure(715, 1722, "emea.contoso.com") +
                      ev(716, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2);
  CHECK(finding(diagnose(log), "database-unavailable").severity == Severity::medium);
  CHECK(found(diagnose(log), "channel-silent"));
  CHECK_FALSE(found(diagnose(log + failure(717, 1722)), "channel-silent"));
}

TEST_CASE("silence: how grave a cause must be to explain a past one") {
  const MadeLog base = heart(0, 121) + heart(400, 720) + noise(0, 720);
  const auto cloud = [](std::string text) {
    return ev(200, 652, "Failed credential provisioning batch. Error: " + text, "Directory Synchronization", 2);
  };
  CHECK_FALSE(found(diagnose(base + cloud("nobody knows it.")), "channel-silent"));  // high, of the tenant
  CHECK(found(diagnose(base + cloud("Error Code: 81. Error Description: busy.")), "channel-silent"));  // low
  const MadeLog stored =
      ev(200, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2);
  CHECK(found(diagnose(base + stored + result(60, "Failed")), "channel-silent"));             // medium, of a domain
  CHECK(found(diagnose(base + ev(200, 1011, "It is due.", "ADSync", 3)), "channel-silent"));  // medium, of the tenant
}

TEST_CASE("silence: what explains a past one was seen in it, not after it") {
  const MadeLog base = heart(0, 121) + heart(400, 720) + noise(0, 720);
  CHECK(found(diagnose(base + failure(500, 1722)), "channel-silent"));
  CHECK(found(diagnose(base + tenant_off(450)), "channel-silent"));
  // a manager that could not start explains it, as the service does that was stopped
  CHECK_FALSE(found(diagnose(base + ev(200, 607, "Password sync is not able to start.")), "channel-silent"));
  // a channel that was off for a while
  const Given names = connectors("contoso.com", contoso_id);
  Given on = channel("True", 390);
  on.name = "later/" + on.name;
  CHECK_FALSE(found(diagnose({xml(base), names, channel("False", 200), on}), "channel-silent"));
  CHECK(found(diagnose({xml(base), names, channel("True", 200), on}), "channel-silent"));
}

TEST_CASE("silence: exactly three hours are one; a user's request without an answer stays a finding beside it") {
  CHECK(found(diagnose(heart(0, 31) + heart(210, 600) + noise(0, 600)), "channel-silent"));
  const Diagnosis d = diagnose(heart(0, 121) + noise(0, 720) + request(300));
  CHECK(found(d, "channel-silent"));
  CHECK(finding(d, "result-missing").scope.kind == ScopeKind::user);
}

TEST_CASE("silence: which failures make a 663 worthless, and until when") {
  MadeLog running;
  for (int t = 140; t < 490; t += 20) running = std::move(running) + alive_663(t);
  const MadeLog base = heart(0, 121) + noise(0, 720) + running + heart(500, 720);
  CHECK_FALSE(found(diagnose(base), "channel-silent"));
  // a certificate that is due is no failure of the cloud side
  CHECK_FALSE(found(diagnose(base + ev(130, 1011, "It is due.", "ADSync", 3)), "channel-silent"));
  // nor is a change of one user that waits for its retry
  CHECK_FALSE(found(diagnose(base + ev(130, 0,
                                       "The following password changes failed to synchronize and have been scheduled "
                                       "for retry.\r\nDN = " +
                                           std::string(ana))),
                    "channel-silent"));
  // a busy service is one, until the tenant shows life
  const MadeLog busy =
      ev(130, 652, "Failed credential provisioning batch. Error: Error Code: 81. Error Description: busy.",
         "Directory Synchronization", 2);
  CHECK(fate(diagnose(base + busy), "channel-silent") == "recovered at " + iso_at(500.1));
}

TEST_CASE("silence: a domain that only the settings link to its connector explains that connector's silence") {
  MadeLog log = noise(0, 720) + heart(0, 720);
  for (int t = 5; t < 720; t += 10) log = std::move(log) + failure(t, 8453, "emea.example");
  const Given forests{
      "Get-ADSyncConnector.txt",
      "## Connector Summary\r\n\r\nName : contoso.com\r\nIdentifier : " + std::string(contoso_id) +
          "\r\nType : AD\r\nPartitions : {contoso.com}\r\n\r\n## Connector Summary\r\n\r\nName : EMEA\r\n"
          "Identifier : " +
          std::string(fabrikam_id) + "\r\nType : AD\r\n",
      no_time};
  const std::string head = "\r\nConnectorId : " + std::string(fabrikam_id) + "\r\nDN : DC=";
  const auto partition = [&](std::string_view dn) {
    return Given{"Get-ADSyncPartitionPasswordSyncState.txt",
                 head + std::string(dn) + ",DC=example\r\nPasswordSyncLastCycleStatus : Failed\r\n", no_time};
  };
  const std::vector<Given> both{xml(numbered(log)), forests, channel("True", 700, "EMEA"), channel("True", 700)};
  const auto with = [&](const Given& more) {
    std::vector<Given> all = both;
    all.push_back(more);
    return diagnose(all);
  };
  CHECK(found(diagnose(both), "channel-silent"));  // nothing says whose domain it is
  const Diagnosis linked = with(partition("emea"));
  CHECK(found(linked, "replication-permission-missing"));
  CHECK_FALSE(found(linked, "channel-silent"));
  // by the partitions of the connector, or by its name
  for (const std::string more : {"Partitions : {EMEA.example}", "Partitions : {DC=emea,DC=example}"}) {
    std::vector<Given> all = both;
    all[1].bytes += more + "\r\n";
    CHECK_FALSE(found(diagnose(all), "channel-silent"));
  }
  std::vector<Given> named = both;
  named[1].bytes.replace(named[1].bytes.find(": EMEA"), 6, ": emea.example");
  named[2] = channel("True", 700, "emea.example");
  CHECK_FALSE(found(diagnose(named), "channel-silent"));
  // another of its domains works, as far as anybody knows
  std::vector<Given> two = both;
  two[1].bytes += "Partitions : {emea.example, apac.example}\r\n";
  CHECK(found(diagnose(two), "channel-silent"));
}
