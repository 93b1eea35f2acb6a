// What a finding says: order, counts, evidence, scope.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog well() {
  return heart(0, 720) + noise(0, 720);
}

std::string causes(const Diagnosis& d) {
  std::string text;
  for (const Finding& f : d.findings) text += (text.empty() ? "" : " ") + f.cause;
  return text;
}

}  // namespace

TEST_CASE("findings: first what is password sync, then by status, severity, order, time and id") {
  const MadeLog ordered[] = {
      // status: ongoing low before past critical before recovered critical
      result(700, "Failed") + credential(200) + ev(100, 660, "Start of self-healing.") + ev(101, 661, "End.")};
  CHECK(causes(diagnose(noise(0, 720) + ping(150) + ordered[0])).starts_with("channel-silent service-error "));
  CHECK(said(diagnose(heart(0, 720) + noise(0, 720) + result(700, "Failed") + stopped(710) + failure(705, 1722))) ==
        "failing: service-stopped server sync01.contoso.com ongoing; dc-unreachable domain contoso.com ongoing; "
        "service-error user " +
            std::string(ana) + " ongoing");
  // the order of the list of causes, not of time: permission before reachability
  CHECK(causes(diagnose(well() + failure(700, 1722, "b.example") + failure(710, 8453, "a.example"))) ==
        "replication-permission-missing dc-unreachable");
  // the same cause: by first seen, then by id
  const Diagnosis d = diagnose(well() + failure(700, 8453, "b.example") + failure(701, 8453, "a.example") +
                               failure(701, 8453, "aa.example"));
  REQUIRE(d.findings.size() == 3);
  CHECK(d.findings[0].scope.name == "b.example");
  CHECK(d.findings[1].scope.name == "a.example");
  CHECK(d.findings[2].scope.name == "aa.example");
}

TEST_CASE("findings: what is not password sync comes last, also when it is ongoing and graver") {
  CHECK(causes(diagnose(well() + ev(100, 6100, "errors", "ADSync", 3) + ev(710, 6100, "errors", "ADSync", 3) +
                        result(50, "Failed") + result(60, "Success"))) == "service-error object-sync-error");
}

TEST_CASE("findings: past before recovered") {
  const Diagnosis d = diagnose(noise(0, 720) + ping(300) + ping(480) + ping(600) + credential(200) +
                               ev(490, 603, "The manager failed.", "Directory Synchronization", 2) +
                               ev(20, 1011, "The certificate is due.", "ADSync", 3));
  CHECK(fate(d, "certificate-expiring") == "past");
  CHECK(fate(d, "cloud-credential").starts_with("recovered"));
  CHECK(causes(d).find("certificate-expiring") < causes(d).find("cloud-credential"));
}

TEST_CASE("findings: every one has a fix, a reference, a reason and evidence") {
  MadeLog log = well() + stopped(710) + tenant_off(705) + credential(706) + result(700, "Failed") +
                ev(707, 6329, "x", "ADSync", 2) + ev(708, 613, "x") + ev(709, 620, "x\r\nDN = CN=A,DC=b");
  for (const int rpc : {5, 14, 1326, 1396, 1722, 8333, 8439, 8453, 8456, 8593, 99999}) {
    log = std::move(log) + failure(711, rpc, "d" + std::to_string(rpc) + ".example");
  }
  const Diagnosis d = diagnose(log);
  CHECK(d.findings.size() >= 17);
  for (const Finding& f : d.findings) {
    CAPTURE(f.cause);
    CHECK_FALSE(f.fix.empty());
    CHECK_FALSE(f.references.empty());
    CHECK_FALSE(f.why.empty());
    CHECK_FALSE(f.summary.empty());
    CHECK_FALSE(holds(f.summary, "{"));
    CHECK((!f.evidence.empty() || f.cause == "channel-silent"));
  }
}

TEST_CASE("findings: a setting and a row count one, a silence none, symptoms each") {
  CHECK(finding(diagnose({xml(noise(0, day)), scheduler("True", day)}), "staging-mode").count == 1);
  CHECK(finding(diagnose({status_table("2026-03-09 10:00:00,FilteredByTarget,\r\n")}), "must-change-password").count ==
        1);
  CHECK(finding(diagnose(heart(0, 121) + noise(0, 720)), "channel-silent").count == 0);
  MadeLog log = noise(0, 600);
  for (int t = 10; t < 600; t += 30) {
    log = std::move(log) + credential(t, 115) + credential(t + 0.1, 0) + credential(t + 0.2, 655) +
          credential(t + 0.3, 6900);
  }
  const Finding f = finding(diagnose(log), "cloud-credential");
  CHECK(f.count == 80);
  CHECK(f.fields.at("event_ids") == std::vector<std::string>{"0", "115", "655", "6900"});
  CHECK(f.evidence.size() <= 8);
}

TEST_CASE("findings: evidence names its source, record, time and words") {
  const Diagnosis d = diagnose({xml(well() + failure(715, 8453), "a/b.xml")});
  const Evidence& e = d.findings.at(0).evidence.at(0);
  CHECK(e.source == "a/b.xml");
  CHECK(e.record_id.has_value());
  CHECK(e.time == at(715));
  CHECK(holds(e.excerpt, "event 611, Directory Synchronization"));
  CHECK(holds(e.excerpt, "8453"));
}

TEST_CASE("findings: one per domain; the text of an unknown failure is kept") {
  const Diagnosis d = diagnose(well() + failure(710, 8453, "a.example") + failure(711, 8453, "b.example") +
                               failure(712, 8453, "a.example"));
  REQUIRE(d.findings.size() == 2);
  CHECK(d.findings[0].count == 2);
  const Diagnosis odd = diagnose(well() + failure_text(715, "System.Exception: no such thing was ever seen"));
  CHECK(holds(odd.findings.at(0).evidence.at(0).excerpt, "no such thing was ever seen"));
}

TEST_CASE("findings: settings and their values are shown, also where they contradict each other") {
  const Diagnosis d = diagnose({xml(heart(0, 240) + noise(0, 240)), feature("False")});
  CHECK(finding(d, "tenant-feature-disabled").fields.at("setting") ==
        std::vector<std::string>{"PasswordHashSync = False"});
  Given other = feature("True");
  other.name = "later/Get-ADSyncAADCompanyFeature.txt";
  const Diagnosis both = diagnose({xml(heart(0, 240) + noise(0, 240)), feature("False"), other});
  CHECK(fate(both, "tenant-feature-disabled") == "ongoing");
}

TEST_CASE("findings: of many records those are shown that say something else, a few at most") {
  const auto shows = [](const Diagnosis& d, std::string_view cause, std::string_view words) {
    const std::vector<Evidence> evidence = finding(d, cause).evidence;
    return std::any_of(evidence.begin(), evidence.end(), [&](const Evidence& e) { return holds(e.excerpt, words); });
  };
  MadeLog log = heart(0, 121) + noise(0, 720);
  for (int t = 500; t < 700; t += 10) log = std::move(log) + credential(t);
  const Diagnosis one = diagnose(log + credential(605, 115));
  CHECK(shows(one, "cloud-credential", "event 115"));
  CHECK(finding(one, "cloud-credential").evidence.size() == 5);
  MadeLog texts = heart(0, 720) + noise(0, 720);
  for (int t = 500; t < 700; t += 10) texts = std::move(texts) + failure_text(t, "Nobody knows it.");
  CHECK(shows(diagnose(texts + failure_text(605, "Another one.")), "domain-sync-error", "Another one."));
  for (int t = 500; t < 700; t += 10) texts = std::move(texts) + failure_text(t + 1, "Unknown " + std::to_string(t));
  CHECK(finding(diagnose(texts), "domain-sync-error").evidence.size() == 6);
  // pings without an answer beside a silence
  MadeLog open;
  for (int t = 150; t < 700; t += 30) {
    open = std::move(open) + ping(t);
    open.pop_back();
  }
  CHECK(finding(diagnose(heart(0, 121) + noise(0, 720) + open), "channel-silent").evidence.size() == 8);
}

TEST_CASE("findings: name the rule that most of their records have, be it another cause's") {
  const MadeLog log = heart(0, 720) + noise(0, 720);
  const auto rule = [&](int first, int second) {
    MadeLog failing;
    for (int i = 0; i < 5; ++i) failing = std::move(failing) + failure(700 + i, i < 4 ? first : second);
    return finding(diagnose(log + failing), "dc-unreachable").rule;
  };
  CHECK(rule(1722, 1753) == rule(1722, 1722));
  CHECK(rule(1753, 1722) == rule(1753, 1753));
  CHECK(rule(1722, 1753) != rule(1753, 1722));
  const Diagnosis duplicate =
      diagnose({xml(log + ev(700, 6941, "AttributeValueMustBeUnique: " + std::string(ana), "ADSync", 2)),
                status_table("2026-03-10 10:00:00,TargetNotExportedToDirectory,\"" + std::string(ana) + "\"\r\n")});
  CHECK_FALSE(finding(duplicate, "duplicate-attribute").rule.empty());
}

TEST_CASE("findings: one without a time stands behind those of its kind, and says nothing of how often it was seen") {
  const Given timeless{"log.csv",
                       "\"Id\",\"ProviderName\",\"Message\"\r\n\"611\",\"Directory Synchronization\",\"Password hash "
                       "synchronization failed for domain: a.example. RPC Error 1722 : x\"\r\n",
                       no_time};
  const Diagnosis d = diagnose({xml(well() + failure(715, 1722, "b.example")), timeless});
  REQUIRE(d.findings.size() == 2);
  CHECK(d.findings[0].scope.name == "b.example");
  CHECK(d.findings[1].scope.name == "a.example");
  CHECK_FALSE(holds(d.findings[1].summary, "records without"));
}

TEST_CASE("findings: the words and the confidence of another cause's rule are not taken over") {
  const Diagnosis d =
      diagnose({xml(well() + ev(700, 6941, "AttributeValueMustBeUnique: " + std::string(ana), "ADSync", 2)),
                status_table("2026-03-10 10:00:00,TargetNotExportedToDirectory,\"" + std::string(ana) + "\"\r\n")});
  const Finding f = finding(d, "duplicate-attribute");
  CHECK(f.summary.starts_with(f.title));
  CHECK(f.confidence == shipped_catalogue().cause("duplicate-attribute")->confidence);
  MadeLog open = ping(605);
  open.pop_back();
  const Finding missing = finding(diagnose(well() + open), "result-missing");
  CHECK(missing.summary.starts_with(missing.title));
  CHECK(missing.confidence == shipped_catalogue().cause("result-missing")->confidence);
}

TEST_CASE("findings: of a connector, which one it is") {
  const Finding f = finding(diagnose(heart(0, 121) + noise(0, 720)), "channel-silent");
  CHECK(f.fields.at("connector_id") == std::vector<std::string>{std::string(contoso_id)});
  CHECK(f.fields.at("partition") == std::vector<std::string>{"contoso.com"});
}

TEST_CASE("findings: evidence shows a change as it is written, and of an ordinary record its first words") {
  const Finding f = finding(diagnose(heart(0, 720) + noise(0, 720) + failure(715, 1326) +
                                     ev(700, 2518, "It was changed.\r\nBy an administrator.")),
                            "ad-account-credential");
  REQUIRE_FALSE(f.evidence.empty());
  CHECK(holds(f.evidence.back().excerpt, "By an administrator."));
  const Finding silent = finding(diagnose(heart(0, 121) + noise(0, 720)), "channel-silent");
  REQUIRE_FALSE(silent.evidence.empty());
  CHECK(holds(silent.evidence[0].excerpt, "Provision credentials ping end."));
  CHECK_FALSE(holds(silent.evidence[0].excerpt, "TrackingID"));
  const MadeLog bare = ev(130, 654, "Provision credentials ping end." + trailer(contoso_id, "CONTOSO.COM"));
  CHECK_FALSE(holds(finding(diagnose(heart(0, 121) + bare + noise(0, 720)), "channel-silent").evidence[0].excerpt,
                    "forest-info"));
}
