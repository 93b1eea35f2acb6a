// Each clause of "Verdict" in the contract, and `since`.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog every_two_minutes(int a, int b, int rpc, std::string_view domain = "contoso.com") {
  MadeLog log;
  for (int t = a; t < b; t += 2) log = std::move(log) + failure(t, rpc, domain);
  return log;
}

const Change of_fabrikam{"CN=Bo,DC=fabrikam,DC=net", "FAB==", "Success", "False", true, "FABRIKAM.NET",
                         std::string(fabrikam_id)};

}  // namespace

TEST_CASE("verdict: healthy needs a sign of life of every connector within the last three covered hours") {
  CHECK(verdict_of(diagnose(heart(0, 240) + noise(0, 240))) == "healthy");
  // the last sign is 2 h 59 min, and 3 h 1 min before the end
  CHECK(verdict_of(diagnose(heart(0, 31) + noise(0, 200) + noise(209, 210))) == "healthy");
  CHECK(verdict_of(diagnose(heart(0, 31) + noise(0, 200) + noise(211, 212))) != "healthy");
  CHECK(verdict_of(diagnose(heart(0, 241) + noise(0, 241) + heart(3, 4, fabrikam_id, "FABRIKAM.NET"))) != "healthy");
}

TEST_CASE("verdict: a batch end or a successful result is as good as a heartbeat, a failed one is not") {
  CHECK(verdict_of(diagnose(heart(0, 1) + noise(0, 400) + change(390))) == "healthy");
  CHECK(verdict_of(diagnose(ping(0) + noise(0, 150) + result(140, "Failed"))) == "healthy");
  const Diagnosis d = diagnose(noise(0, 150) + result(140, "Failed"));
  CHECK(verdict_of(d) == "unknown");
}

TEST_CASE("verdict: pings that start without an end are no life") {
  CHECK(verdict_of(diagnose(noise(0, 100) +
                            ev(50, 653, "Provision credentials ping start." + trailer(contoso_id, "CONTOSO.COM")))) ==
        "unknown");
}

TEST_CASE("verdict: an unclassified error of a password sync provider in the last three hours forbids healthy") {
  const MadeLog well = heart(0, 600) + noise(0, 600);
  CHECK(verdict_of(diagnose(well + ev(500, 6999, "Nobody knows.", "ADSync", 2))) == "unknown");
  CHECK(verdict_of(diagnose(well + ev(500, 6999, "Nobody knows.", "ADSync", 1))) == "unknown");
  CHECK(verdict_of(diagnose(well + ev(500, 6999, "Nobody knows.", "ADSync", 3))) == "healthy");
  CHECK(verdict_of(diagnose(well + ev(500, 6999, "Nobody knows.", "ADSync", 4))) == "healthy");
  CHECK(verdict_of(diagnose(well + ev(300, 6999, "Nobody knows.", "ADSync", 2))) == "healthy");
  CHECK(verdict_of(diagnose(well + ev(500, 6999, "Nobody knows.", "Somebody Else", 2))) == "healthy");
}

TEST_CASE("verdict: failing by a critical finding of the tenant or of the server") {
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240) + tenant_off(235))) ==
        "failing: tenant-feature-disabled tenant ongoing");
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240) + stopped(235))) ==
        "failing: service-stopped server sync01.contoso.com ongoing");
  // the same severity, but over
  CHECK(verdict_of(diagnose(heart(0, 240) + noise(0, 240) + tenant_off(205))) == "healthy");
}

TEST_CASE("verdict: failing when every connector has a finding, degraded when one is left") {
  const MadeLog both = heart(0, 121) + noise(0, 720);
  CHECK(said(diagnose(both + heart(3, 121, fabrikam_id, "FABRIKAM.NET"))) ==
        "failing: channel-silent connector " + std::string(fabrikam_id) + " ongoing; channel-silent connector " +
            std::string(contoso_id) + " ongoing");
  CHECK(said(diagnose(both + heart(3, 720, fabrikam_id, "FABRIKAM.NET"))) ==
        "degraded: channel-silent connector " + std::string(contoso_id) + " ongoing");
}

TEST_CASE("verdict: failing when every domain has a finding, degraded when one works") {
  const MadeLog base = heart(0, 240) + noise(0, 240) + every_two_minutes(10, 240, 8453);
  CHECK(verdict_of(diagnose(base)) == "failing");
  CHECK(verdict_of(diagnose(base + heart(3, 240, fabrikam_id, "FABRIKAM.NET") + change(100, of_fabrikam))) ==
        "degraded");
  CHECK(said(diagnose(base + heart(3, 240, fabrikam_id, "FABRIKAM.NET") +
                      every_two_minutes(10, 240, 1722, "fabrikam.net"))) ==
        "failing: replication-permission-missing domain contoso.com ongoing; dc-unreachable domain fabrikam.net "
        "ongoing");
}

TEST_CASE("verdict: a high finding of the tenant counts for every connector that does not live") {
  MadeLog errors;
  for (int t = 5; t < 600; t += 20) {
    errors = std::move(errors) +
             ev(t, 655, "Failed credential provisioning ping. Error: an odd one.", "Directory Synchronization", 2);
  }
  const Diagnosis dead = diagnose(noise(0, 600) + errors);
  CHECK(said(dead).starts_with("failing: cloud-error tenant ongoing"));
  const Diagnosis alive = diagnose(heart(0, 600) + noise(0, 600) + errors);
  CHECK(said(alive) == "degraded: cloud-error tenant ongoing");
}

TEST_CASE("verdict: a high finding of the server with a living connector is degraded") {
  const MadeLog log =
      heart(0, 240) + noise(0, 240) + ev(235, 603, "The password sync manager failed.", "Directory Synchronization", 2);
  CHECK(said(diagnose(log)) == "degraded: manager-error server sync01.contoso.com ongoing");
}

TEST_CASE("verdict: medium is degraded; low and info do not weigh") {
  const Diagnosis medium = diagnose({xml(heart(0, 240) + noise(0, 240)), scheduler("False", 230, "False")});
  CHECK(said(medium) == "degraded: scheduler-disabled server sync01.contoso.com ongoing");
  const Diagnosis certificate =
      diagnose(heart(0, 240) + noise(0, 240) + ev(230, 1011, "The certificate is due for rotation.", "ADSync", 3));
  CHECK(said(certificate) == "degraded: certificate-expiring tenant ongoing");
  const Diagnosis low = diagnose(heart(0, 240) + noise(0, 240) + result(230, "Failed"));
  CHECK(said(low) == "healthy: service-error user " + std::string(ana) + " ongoing");
  const Diagnosis info =
      diagnose(heart(0, 240) + noise(0, 240) + ev(230, 617, "Full password sync started for forest: contoso.com."));
  CHECK(verdict_of(info) == "healthy");
  CHECK(fate(info, "full-sync-running") == "ongoing");
}

TEST_CASE("verdict: what is not password hash sync never weighs") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) + ev(200, 6329, "An unexpected error.", "ADSync", 2) +
                               ev(201, 33008, "Details: x", "PasswordResetService", 2) +
                               ev(238, 6100, "The management agent completed with errors.", "ADSync", 3) +
                               ev(239, 10016, "x", "Microsoft-AzureADPasswordProtection-DCAgent", 2));
  CHECK(verdict_of(d) == "healthy");
  CHECK(found(d, "writeback-error"));
  for (const Finding& f : d.findings) CHECK_FALSE(f.password_sync);
}

TEST_CASE("verdict: two servers, one stopped and one alive, is degraded; both stopped is failing") {
  const MadeLog alive = on("new01.contoso.com", heart(0, 720) + noise(0, 720));
  const MadeLog dead = on("old01.contoso.com", heart(0, 120) + stopped(125) + noise(0, 720));
  CHECK(said(diagnose({xml(alive, "new.xml"), xml(dead, "old.xml")})) ==
        "degraded: service-stopped server old01.contoso.com ongoing");
  const MadeLog dead_too = on("new01.contoso.com", heart(0, 120) + stopped(140) + noise(0, 720));
  CHECK(verdict_of(diagnose({xml(dead_too, "new.xml"), xml(dead, "old.xml")})) == "failing");
}

TEST_CASE("verdict: unknown for what says nothing of password sync, with what to ask for") {
  const Diagnosis d = diagnose(noise(0, 40, 2));
  CHECK(said(d) == "unknown: none");
  CHECK(holds(d.verdict.summary, "Application log"));
  CHECK(said(diagnose(noise(0, 1000))) == "unknown: none");  // nor is it silence
}

TEST_CASE("verdict: staging is failing for this server, as configured") {
  const Diagnosis d = diagnose({xml(noise(0, day)), scheduler("True", day)});
  CHECK(verdict_of(d) == "failing");
  CHECK(holds(d.verdict.summary, "for this server, as configured"));
  CHECK(d.findings.size() == 1);
}

TEST_CASE("verdict: damage within the last hours, without an end or of unknown time forbids healthy") {
  const std::string good = xml(heart(0, 600) + noise(0, 600)).bytes;
  const auto with_damage = [&](std::string_view where) {
    std::string text = good;
    const std::size_t at_ = text.find(where);
    REQUIRE(at_ != std::string::npos);
    const std::size_t begin = text.rfind("<Event ", at_);
    // an element that is never closed: the scanner passes over it up to the next event
    text.insert(begin, "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
    return diagnose({Given{"log.xml", text, no_time}});
  };
  const Diagnosis late = with_damage("2026-03-10T09:00");
  CHECK(verdict_of(late) == "unknown");
  CHECK(holds(late.verdict.summary, "could not be read"));
  CHECK_FALSE(late.inputs.at(0).problems.empty());
  CHECK(verdict_of(with_damage("2026-03-10T02:00")) == "healthy");
}

TEST_CASE("verdict: damage of a log that carries no password sync provider does not matter") {
  Analyzer analyzer(shipped_catalogue());
  const Given log = xml(heart(0, 600) + noise(0, 600));
  const Given other = xml(in_channel("System", ev(10, 7, "x", "disk") + ev(500, 7, "x", "disk")), "system.xml");
  std::string broken = other.bytes;
  broken.insert(broken.find("<Event "), "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
  for (const Given& g : {log, Given{"system.xml", broken, no_time}}) {
    Source source;
    source.name = g.name;
    source.stream = open_memory(as_bytes(g.bytes));
    analyzer.add(std::move(source));
  }
  const Diagnosis d = analyzer.conclude();
  CHECK(d.inputs.at(1).problems.size() == 1);
  CHECK(verdict_of(d) == "healthy");
  analyzer.add_unread("Application.evtx", SourceKind::evtx, "the member is encrypted", true);
  CHECK(verdict_of(analyzer.conclude()) == "unknown");
}

TEST_CASE("verdict: what was not read makes health unknown where an event log may be lost with it") {
  const auto beside = [](SourceKind kind, bool is_problem, bool may_be_log) {
    Analyzer analyzer(shipped_catalogue());
    const Given log = xml(heart(0, 600) + noise(0, 600));
    Source source;
    source.name = log.name;
    source.stream = open_memory(as_bytes(log.bytes));
    analyzer.add(std::move(source));
    analyzer.add_unread("other", kind, "not read", is_problem, may_be_log);
    return verdict_of(analyzer.conclude());
  };
  CHECK(beside(SourceKind::unknown, true, false) == "healthy");
  CHECK(beside(SourceKind::settings, true, false) == "healthy");
  CHECK(beside(SourceKind::event_table, false, false) == "healthy");
  CHECK(beside(SourceKind::unknown, true, true) == "unknown");
  for (const SourceKind kind :
       {SourceKind::evtx, SourceKind::event_xml, SourceKind::clixml, SourceKind::event_table, SourceKind::event_text}) {
    CHECK(beside(kind, true, false) == "unknown");
  }
}

TEST_CASE("since: the start of the present episode, not of an earlier one") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 720) + stopped(60) + started(62) + stopped(250));
  CHECK(since_of(d) == iso_at(250));
  CHECK(finding(d, "service-stopped").first_seen == at(60));
}

TEST_CASE("since: the earliest of the critical findings that decide") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 720) + tenant_off(300) + stopped(250) + tenant_off(710));
  CHECK(since_of(d) == iso_at(250));
}

TEST_CASE("since: for every connector the time the last of them fell silent") {
  const Diagnosis d = diagnose(heart(0, 121) + heart(3, 190, fabrikam_id, "FABRIKAM.NET") + noise(0, 720));
  CHECK(since_of(d) == iso_at(183.1));
}

TEST_CASE("since: for every domain the time the last of them began") {
  const Diagnosis d = diagnose(heart(0, 600) + heart(3, 600, fabrikam_id, "FABRIKAM.NET") + noise(0, 600) + change(20) +
                               change(20, of_fabrikam) + every_two_minutes(100, 600, 8453) +
                               every_two_minutes(200, 600, 8453, "fabrikam.net"));
  CHECK(verdict_of(d) == "failing");
  CHECK(since_of(d) == iso_at(200));
}

TEST_CASE("since: for degraded that of the first finding in the order") {
  const Diagnosis d = diagnose(heart(0, 600) + heart(3, 600, fabrikam_id, "FABRIKAM.NET") + noise(0, 600) + change(20) +
                               change(590, of_fabrikam) + every_two_minutes(100, 600, 8453) +
                               ev(50, 603, "The manager failed.", "Directory Synchronization", 2));
  CHECK(verdict_of(d) == "degraded");
  CHECK(d.findings.at(0).cause == "replication-permission-missing");
  CHECK(since_of(d) == iso_at(100));
}

TEST_CASE("since: null when it may have begun before the first record, and the summary says at least") {
  MadeLog errors;
  for (int t = 4; t < 600; t += 30) errors = std::move(errors) + credential(t);
  const Diagnosis from_start = diagnose(noise(0, 600) + errors);
  CHECK(verdict_of(from_start) == "failing");
  CHECK(since_of(from_start) == "null");
  CHECK(holds(from_start.verdict.summary, "at least since 2026-03-10 00:00 UTC"));
  MadeLog later;
  for (int t = 100; t < 600; t += 30) later = std::move(later) + credential(t);
  CHECK(since_of(diagnose(noise(0, 600) + later)) == iso_at(100));
  // a sign of life before it makes it known, however near the first record
  CHECK(since_of(diagnose(ping(0) + noise(0, 600) + errors)) == iso_at(4));
}

TEST_CASE("since: a single sighting is null only when it is the first record") {
  CHECK(since_of(diagnose(ev(0, 660, "Start of self-healing.") + noise(0, 720))) == "null");
  CHECK(since_of(diagnose(ev(60, 660, "Start of self-healing.") + noise(0, 720))) == iso_at(60));
}

TEST_CASE("since: null for healthy and unknown") {
  CHECK(since_of(diagnose(heart(0, 240) + noise(0, 240))) == "null");
  CHECK(since_of(diagnose(noise(0, 240))) == "null");
}

TEST_CASE("verdict: a connector of whose domains each one fails has nothing that works") {
  const MadeLog base =
      heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720) + every_two_minutes(200, 720, 8453, "fabrikam.net");
  // contoso lives, then it falls silent
  CHECK(verdict_of(diagnose(base + heart(0, 720))) == "degraded");
  const Diagnosis d = diagnose(base + heart(0, 121));
  CHECK(said(d) == "failing: replication-permission-missing domain fabrikam.net ongoing; channel-silent connector " +
                       std::string(contoso_id) + " ongoing");
  CHECK(since_of(d) == iso_at(200));
  // one of fabrikam's two domains works
  CHECK(verdict_of(diagnose(base + heart(0, 121) + heart(5, 720, fabrikam_id, "EMEA.FABRIKAM.NET"))) == "degraded");
}

TEST_CASE("since: null near the first record unless a sign of life of its own scope precedes") {
  // every half hour from the fifth minute on: of the server, of the domain, of the tenant
  const auto every = [](const auto& make) {
    MadeLog log;
    for (int t = 5; t < 600; t += 30) log = std::move(log) + make(t);
    return log + noise(0, 600);
  };
  const MadeLog server = every([](int t) { return ev(t, 603, "The manager failed.", "Directory Synchronization", 2); });
  CHECK(since_of(diagnose(server)) == "null");
  CHECK(since_of(diagnose(server + ev(1, 601, "Password synchronization manager has started"))) == iso_at(5));
  CHECK(since_of(diagnose(on("sync02.contoso.com", ev(1, 601, "It has started")) + server)) == "null");
  const MadeLog domain = every([](int t) { return failure(t, 8453); });
  CHECK(since_of(diagnose(domain)) == "null");
  CHECK(since_of(diagnose(domain + result(1, "Success"))) == iso_at(5));
  const Diagnosis other = diagnose(domain + heart(0, 600, contoso_id, "EMEA.EXAMPLE"));
  CHECK(verdict_of(other) == "degraded");
  CHECK(since_of(other) == "null");
}

TEST_CASE("verdict: what leaves something working is degraded, whatever it is alone in") {
  const MadeLog well = heart(0, 240) + noise(0, 240);
  // a medium finding of the only domain
  const Diagnosis stored =
      diagnose(well + result(230, "Failed") +
               ev(238, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2));
  CHECK(finding(stored, "database-unavailable").scope.kind == ScopeKind::domain);
  CHECK(verdict_of(stored) == "degraded");
  // a medium finding of the server, and nobody else in evidence
  CHECK(verdict_of(diagnose({scheduler("False", 100, "False")})) == "degraded");
  // a high finding of the server, and no domain in evidence
  MadeLog bare = well;
  for (MadeEvent& e : bare) e.text = e.text.substr(0, e.text.find("\r\n\r\n<forest-info>"));
  const Diagnosis manager = diagnose(bare + ev(235, 603, "The manager failed.", "Directory Synchronization", 2));
  CHECK(said(manager) == "degraded: manager-error server sync01.contoso.com ongoing");
}

TEST_CASE("verdict: a critical finding of the tenant is failing, however many servers are alive") {
  const MadeLog one = on("sync01.contoso.com", heart(0, 240) + noise(0, 240));
  const MadeLog two = on("sync02.contoso.com", heart(3, 240, fabrikam_id, "FABRIKAM.NET") + noise(0, 240));
  CHECK(verdict_of(diagnose({xml(one, "one.xml"), xml(two, "two.xml"), feature("False", 240)})) == "failing");
}

TEST_CASE("since: where all connectors and all domains fail, the earlier of the two; the summary names what leads") {
  const auto both = [](int cloud, int domain) {
    MadeLog log = heart(0, 61) + noise(0, 700) + every_two_minutes(domain, 700, 8453);
    for (int t = cloud; t < 700; t += 20)
      log = std::move(log) +
            ev(t, 655, "Failed credential provisioning ping. Error: an odd one.", "Directory Synchronization", 2);
    return diagnose(log);
  };
  CHECK(since_of(both(100, 300)) == iso_at(100));
  CHECK(since_of(both(300, 100)) == iso_at(100));
  const Diagnosis d = both(300, 100);
  REQUIRE(d.findings.size() > 1);
  CHECK(holds(d.verdict.summary, d.findings[0].summary.substr(0, 30)));
}

TEST_CASE("verdict: damage before the first readable record of an export may be the newest part of it") {
  std::string text = xml(heart(0, 600) + noise(0, 600)).bytes;
  text.insert(text.find("<Event "), "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
  CHECK(verdict_of(diagnose({Given{"log.xml", text, no_time}})) == "unknown");
}

TEST_CASE("verdict: of a connector that nobody saw alive, neither a medium finding nor one of one domain decides") {
  const MadeLog brief = noise(0, 40, 2);
  CHECK(verdict_of(diagnose({xml(brief), channel("True", 40), scheduler("False", 40, "False")})) == "degraded");
  CHECK(verdict_of(diagnose(brief + failure(20, 8453) + request(21, "CN=E,DC=emea,DC=example", "E=="))) == "degraded");
}
