// Days and weeks of log, as they arrive at a support desk.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string ongoing_silence = "channel-silent connector " + std::string(contoso_id) + " ongoing";

}  // namespace

TEST_CASE("scenario: a healthy and idle week") {
  CHECK(said(diagnose(heart(0, 7 * day) + noise(0, 7 * day, 30) + change(3000) + change(7000))) == "healthy: none");
}

TEST_CASE("scenario: a healthy and busy day without a single 654") {
  MadeLog log = noise(0, day);
  for (int t = 0; t < day; t += 6) {
    log = std::move(log) + change(t, {"CN=User " + std::to_string(t) + ",DC=contoso,DC=com", std::to_string(t) + "=="});
  }
  const Diagnosis d = diagnose(log);
  CHECK(said(d) == "healthy: none");
  CHECK(check_of(d, "heartbeat") == "pass");
  CHECK(d.users.size() == 240);
}

TEST_CASE("scenario: a log too short to say anything") {
  CHECK(said(diagnose(noise(0, 40, 2))) == "unknown: none");
  CHECK(said(diagnose(noise(0, 40, 2) + failure(20, 8453))) ==
        "failing: replication-permission-missing domain contoso.com ongoing");
}

TEST_CASE("scenario: a log that ends in the middle of a batch") {
  const Diagnosis d = diagnose(heart(0, 600) + noise(0, 600) +
                               change(600, {"CN=Late One,DC=contoso,DC=com", "L==", "Success", "False", false}));
  CHECK(said(d) == "healthy: none");
  CHECK(user_status(d, "CN=Late One,DC=contoso,DC=com") == "Pending");
}

TEST_CASE("scenario: silent from a moment on") {
  const Diagnosis d = diagnose(heart(0, 121) + noise(0, 720));
  CHECK(said(d) == "failing: " + ongoing_silence);
  CHECK(since_of(d) == iso_at(120.1));
  CHECK(d.verdict.summary.find("2026-03-10 02:00 UTC") != std::string::npos);
}

TEST_CASE("scenario: one connector of two silent") {
  const Diagnosis d = diagnose(heart(0, 720, fabrikam_id, "FABRIKAM.NET") + heart(3, 120) + noise(0, 720));
  CHECK(said(d) == "degraded: " + ongoing_silence);
  CHECK(finding(d, "channel-silent").fields.at("connector_id") == std::vector<std::string>{std::string(contoso_id)});
}

TEST_CASE("scenario: the service stopped, and restarted") {
  const MadeLog log = heart(0, 120) + stopped(125) + noise(0, 720);
  const Diagnosis d = diagnose(log);
  CHECK(said(d) == "failing: service-stopped server sync01.contoso.com ongoing");
  CHECK(since_of(d) == iso_at(125));
  const Diagnosis again = diagnose(log + started(180) + heart(190, 720));
  CHECK(said(again) == "healthy: service-stopped server sync01.contoso.com recovered");
  CHECK(fate(again, "service-stopped") == "recovered at " + iso_at(180));
}

TEST_CASE("scenario: failing for a while, then recovered") {
  MadeLog log = heart(0, 60) + heart(130, 600) + noise(0, 600) + change(140);
  for (int t = 60; t < 120; t += 2) log = std::move(log) + failure(t, 1722);
  const Diagnosis d = diagnose(log);
  CHECK(said(d) == "healthy: dc-unreachable domain contoso.com recovered");
  CHECK(fate(d, "dc-unreachable") == "recovered at " + iso_at(140.05));
  CHECK(finding(d, "dc-unreachable").count == 30);
}

TEST_CASE("scenario: failing every two minutes for a day is one finding with the exact count") {
  MadeLog log = heart(0, day, contoso_id, "EMEA.EXAMPLE") + noise(0, day);
  for (int t = 4; t < day; t += 2) log = std::move(log) + failure(t, 8453, "emea.example");
  const Diagnosis d = diagnose(log);
  CHECK(said(d) == "failing: replication-permission-missing domain emea.example ongoing");
  CHECK(d.findings[0].count == 718);
  CHECK(d.findings[0].first_seen == at(4));
  CHECK(d.findings[0].last_seen == at(1438));
  CHECK(d.findings[0].evidence.size() <= 8);
}

TEST_CASE("scenario: the same ids from other providers") {
  MadeLog log = heart(0, day) + noise(0, day);
  int minute = 100;
  for (const auto& [id, provider] :
       {std::pair{611u, "ESENT"}, std::pair{650u, "VSS"}, std::pair{652u, "MSSQLSERVER"}, std::pair{0u, "edgeupdate"},
        std::pair{115u, "Perflib"}, std::pair{6900u, "SceCli"}, std::pair{609u, "MsiInstaller"},
        std::pair{2002u, "Microsoft-Windows-Winlogon"}, std::pair{660u, "ESENT"}}) {
    log = std::move(log) +
          ev(++minute, id, "Something failed. RPC Error 8453 : Replication access was denied.", provider, 2);
  }
  const Diagnosis d = diagnose(log);
  CHECK(said(d) == "healthy: none");
  CHECK(d.unclassified.empty());
}

TEST_CASE("scenario: old texts and new texts are one finding") {
  MadeLog old = failure(700, 8453);
  old.front().text.replace(0, std::string_view("Password hash synchronization failed").size(),
                           "Password synchronization failed");
  const Diagnosis d = diagnose(heart(0, 720) + noise(0, 720) + old + failure(710, 8453));
  CHECK(said(d) == "failing: replication-permission-missing domain contoso.com ongoing");
  CHECK(d.findings[0].count == 2);
}

TEST_CASE("scenario: failures at the level Information") {
  const Diagnosis error = diagnose(heart(0, 240) + noise(0, 240) + failure(235, 8453));
  const Diagnosis information = diagnose(heart(0, 240) + noise(0, 240) + failure(235, 8453, "contoso.com", 4));
  CHECK(all_findings(error) == all_findings(information));
}

TEST_CASE("scenario: two forests with different causes") {
  const Change of_fabrikam{"CN=Bo,DC=fabrikam,DC=net", "F==", "Success", "False", true, "FABRIKAM.NET",
                           std::string(fabrikam_id)};
  MadeLog log =
      heart(0, 720) + heart(3, 720, fabrikam_id, "FABRIKAM.NET") + noise(0, 720) + change(50) + change(55, of_fabrikam);
  for (int t = 400; t < 720; t += 2) log = std::move(log) + failure(t, 8453) + failure(t + 1, 1722, "fabrikam.net");
  const Diagnosis d = diagnose(log);
  CHECK(said(d) ==
        "failing: replication-permission-missing domain contoso.com ongoing; dc-unreachable domain fabrikam.net "
        "ongoing");
  CHECK(since_of(d) == iso_at(401));
  CHECK(check_of(d, "account-permission", "contoso.com") == "fail");
  CHECK(check_of(d, "domain-reachable", "fabrikam.net") == "fail");
  CHECK(check_of(d, "heartbeat", contoso_id) == "pass");
}

TEST_CASE("scenario: staging mode is not silence") {
  const Diagnosis d = diagnose({xml(noise(0, day)), scheduler("True", day), channel("True", day)});
  CHECK(d.findings.size() == 1);
  CHECK(d.findings[0].cause == "staging-mode");
  CHECK(verdict_of(d) == "failing");
}

TEST_CASE("scenario: the feature off in the settings while pings run: both are shown") {
  const Diagnosis d = diagnose({xml(heart(0, day) + noise(0, day)), feature("False", day)});
  CHECK(said(d) == "failing: tenant-feature-disabled tenant ongoing");
  CHECK(check_of(d, "tenant-feature") == "fail");
  CHECK(check_of(d, "heartbeat") == "pass");
}

TEST_CASE("scenario: settings without logs, logs without settings") {
  CHECK(said(diagnose({feature("False", 100)})) == "failing: tenant-feature-disabled tenant ongoing");
  const Diagnosis d = diagnose({feature("True", 100), scheduler("False", 100), channel("True", 100)});
  CHECK(said(d) == "unknown: none");
  CHECK(check_of(d, "heartbeat") == "unknown");
  CHECK(check_of(d, "staging-mode") == "pass");
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240))) == "healthy: none");
}

TEST_CASE("scenario: local time without a zone across a clock change") {
  // 2026-03-29 in Berlin: 02:00 becomes 03:00. The log is written by the wall clock.
  const double sunday = 19.0 * day;
  MadeLog log;
  for (int t = 0; t < 600; t += 30) {
    const double wall = sunday + t + (t >= 120 ? 60 : 0);
    for (MadeEvent e : ping(t)) {
      e.minute = wall + (e.id == 654 ? 0.1 : 0);
      log.push_back(e);
    }
  }
  AnalyzeOptions options;
  options.zone = Zone::named("Europe/Berlin");
  const Diagnosis d = diagnose({csv(log)}, options);
  CHECK(said(d) == "healthy: none");
  CHECK(d.inputs.at(0).first_time == at(sunday - 60));
  // without the hour that never was: 570 minutes of log
  CHECK((d.inputs.at(0).last_time - d.inputs.at(0).first_time) / ticks_per_minute == 570);
}

TEST_CASE("scenario: a silence of three hours by the clock is two when the clock was set forward") {
  const double sunday = 19.0 * day;
  MadeLog log;
  for (const double m : {0.0, 30.0, 60.0, 90.0, 285.0, 300.0}) {
    for (MadeEvent e : ping(m)) {
      e.minute += sunday;
      log.push_back(e);
    }
  }
  AnalyzeOptions berlin;
  berlin.zone = Zone::named("Europe/Berlin");
  CHECK(said(diagnose({csv(log)}, berlin)) == "healthy: none");
  CHECK(found(diagnose({csv(log)}), "channel-silent"));
}

TEST_CASE("scenario: one credential, four symptoms, every half hour") {
  MadeLog log = noise(0, 600);
  for (int t = 10; t < 600; t += 30) {
    log = std::move(log) + credential(t, 115) + credential(t + 0.1, 0) + credential(t + 0.2, 655) +
          credential(t + 0.3, 6900);
  }
  CHECK(said(diagnose(log)) == "failing: cloud-credential tenant ongoing");
}

TEST_CASE("scenario: what to mend first") {
  MadeLog log = noise(0, 720) + heart(130, 290) + change(140) + result(200, "Failed", "CN=X,DC=contoso,DC=com", "X==") +
                ev(310, 6329, "An unexpected error.", "ADSync", 2);
  for (int t = 4; t < 120; t += 2) log = std::move(log) + failure(t, 1722);
  for (int t = 300; t < 720; t += 30) log = std::move(log) + tenant_off(t);
  const Diagnosis d = diagnose(log);
  CHECK(said(d) ==
        "failing: tenant-feature-disabled tenant ongoing; service-error user CN=X,DC=contoso,DC=com ongoing; "
        "dc-unreachable domain contoso.com recovered; writeback-error server sync01.contoso.com past");
  CHECK(since_of(d) == iso_at(300));
}
