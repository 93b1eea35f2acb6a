// Each check, passed, failed and unknown.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog well() {
  return heart(0, 240) + noise(0, 240);
}

const MadeLog nothing = noise(0, 40, 2);

std::string why_of(const Diagnosis& d, std::string_view id) {
  for (const Check& c : d.checks) {
    if (c.id == id) return c.why;
  }
  return "";
}

bool asked_for(const Diagnosis& d, std::string_view id) {
  for (const NotEvaluated& n : d.not_evaluated) {
    if (n.check == id) return !n.missing.empty();
  }
  return false;
}

}  // namespace

TEST_CASE("checks: every unknown one says what is missing, every other one is not listed") {
  for (const Diagnosis& d : {diagnose(nothing), diagnose(well()), diagnose(well() + tenant_off(235))}) {
    for (const Check& c : d.checks) {
      CAPTURE(c.id);
      CHECK_FALSE(c.why.empty());
      CHECK(asked_for(d, c.id) == (c.status == CheckStatus::unknown));
    }
  }
}

TEST_CASE("checks: in the wizard's own order") {
  std::string ids;
  for (const Check& c : diagnose(nothing).checks) ids += c.id + " ";
  CHECK(ids ==
        "tenant-feature staging-mode connector-enabled heartbeat domain-reachable account-credential "
        "account-permission cloud-reachable object-sync-healthy build-supported full-sync-complete ");
}

TEST_CASE("checks: tenant-feature") {
  CHECK(check_of(diagnose(nothing), "tenant-feature") == "unknown");
  CHECK(check_of(diagnose({xml(nothing), feature("True", 40)}), "tenant-feature") == "pass");
  CHECK(check_of(diagnose({xml(well()), feature("False", 240)}), "tenant-feature") == "fail");
  CHECK(check_of(diagnose(well() + tenant_off(235)), "tenant-feature") == "fail");
  CHECK(check_of(diagnose(well()), "tenant-feature") == "pass");
  CHECK(holds(why_of(diagnose(well()), "tenant-feature"), "Inferred"));
  CHECK_FALSE(holds(why_of(diagnose({xml(well()), feature("True", 40)}), "tenant-feature"), "Inferred"));
}

TEST_CASE("checks: staging-mode") {
  CHECK(check_of(diagnose(nothing), "staging-mode") == "unknown");
  CHECK(check_of(diagnose({xml(nothing), scheduler("False", 40)}), "staging-mode") == "pass");
  CHECK(check_of(diagnose({xml(nothing), scheduler("True", 40)}), "staging-mode") == "fail");
  CHECK(check_of(diagnose(well()), "staging-mode") == "pass");
  CHECK(check_of(diagnose({xml(nothing), global_settings("Microsoft.Synchronize.StagingMode", "False", 40)}),
                 "staging-mode") == "pass");
}

TEST_CASE("checks: connector-enabled") {
  CHECK(check_of(diagnose(nothing), "connector-enabled") == "unknown");
  CHECK(check_of(diagnose({xml(nothing), channel("True", 40)}), "connector-enabled", "contoso.com") == "pass");
  CHECK(check_of(diagnose({xml(nothing), channel("False", 40)}), "connector-enabled", "contoso.com") == "fail");
  CHECK(check_of(diagnose(well()), "connector-enabled", contoso_id) == "pass");
  CHECK(check_of(diagnose({xml(nothing), connectors("contoso.com", contoso_id)}), "connector-enabled", "contoso.com") ==
        "unknown");
}

TEST_CASE("checks: heartbeat of each connector") {
  CHECK(check_of(diagnose(nothing), "heartbeat") == "unknown");
  const Diagnosis d = diagnose(heart(0, 720) + heart(3, 120, fabrikam_id, "FABRIKAM.NET") + noise(0, 720));
  CHECK(check_of(d, "heartbeat", contoso_id) == "pass");
  CHECK(check_of(d, "heartbeat", fabrikam_id) == "fail");
  // explained by a cause: still none
  CHECK(check_of(diagnose(heart(0, 120) + noise(0, 720) + tenant_off(700)), "heartbeat") == "fail");
  // four hours ago is too long
  CHECK(check_of(diagnose(heart(0, 31) + noise(0, 270) + tenant_off(265)), "heartbeat") == "fail");
  CHECK(check_of(diagnose(heart(0, 121) + noise(0, 270) + tenant_off(265)), "heartbeat") == "pass");
  CHECK(check_of(diagnose({xml(nothing), channel("True", 40)}), "heartbeat") == "unknown");
}

TEST_CASE("checks: a name that nothing links to a recorded connector is unknown, and the report says so") {
  const Diagnosis d =
      diagnose({xml(heart(0, 600, contoso_id, "somewhere.else") + noise(0, 600)), channel("True", 600)});
  CHECK(check_of(d, "heartbeat", contoso_id) == "pass");
  CHECK(check_of(d, "heartbeat", "contoso.com") == "unknown");
  CHECK_FALSE(found(d, "channel-silent"));
  // linked by Get-ADSyncConnector, or by a partition of the connector's name
  CHECK(check_of(diagnose({xml(heart(0, 600, contoso_id, "somewhere.else") + noise(0, 600)), channel("True", 600),
                           connectors("contoso.com", contoso_id)}),
                 "heartbeat", "contoso.com") == "pass");
  CHECK(check_of(diagnose({xml(heart(0, 600) + noise(0, 600)), channel("True", 600)}), "heartbeat", "contoso.com") ==
        "pass");
}

TEST_CASE("checks: those of a domain") {
  const auto three = [](const Diagnosis& d, std::string_view domain) {
    return check_of(d, "domain-reachable", domain) + " " + check_of(d, "account-credential", domain) + " " +
           check_of(d, "account-permission", domain);
  };
  CHECK(three(diagnose(nothing), "") == "unknown unknown unknown");
  CHECK(three(diagnose(well()), "contoso.com") == "unknown unknown unknown");
  CHECK(three(diagnose(well() + change(100)), "contoso.com") == "pass pass pass");
  CHECK(three(diagnose(well() + failure(235, 1722)), "contoso.com") == "fail unknown unknown");
  CHECK(three(diagnose(well() + failure(235, 1326)), "contoso.com") == "pass fail unknown");
  CHECK(three(diagnose(well() + failure(235, 8453)), "contoso.com") == "pass pass fail");
  CHECK(three(diagnose(well() + change(100) + failure(235, 8446)), "contoso.com") == "unknown unknown unknown");
  CHECK(three(diagnose(well() + change(100) + failure(235, 1722, "emea.example")), "contoso.com") == "pass pass pass");
}

TEST_CASE("checks: cloud-reachable") {
  CHECK(check_of(diagnose(nothing), "cloud-reachable") == "unknown");
  CHECK(check_of(diagnose(well()), "cloud-reachable") == "pass");
  CHECK(check_of(diagnose(heart(0, 60) + noise(0, 720)), "cloud-reachable") == "unknown");
  CHECK(check_of(diagnose(well() + credential(235)), "cloud-reachable") == "fail");
  for (const char* text :
       {"AADSTS50076: MFA.", "AADSTS700027: key.", "AADSTS65001: no.", "remote name could not be resolved"}) {
    CHECK(check_of(diagnose(well() + ev(235, 906, text, "Directory Synchronization", 2)), "cloud-reachable") == "fail");
  }
}

TEST_CASE("checks: object-sync-healthy") {
  CHECK(check_of(diagnose(well()), "object-sync-healthy") == "unknown");
  CHECK(check_of(diagnose(well() + ev(200, 904, "Finished: Delta Sync.")), "object-sync-healthy") == "pass");
  CHECK(check_of(diagnose(well() + ev(200, 904, "Finished: Delta Sync.") + ev(210, 6100, "errors", "ADSync", 3)),
                 "object-sync-healthy") == "fail");
  CHECK(check_of(diagnose({xml(well()), scheduler("False", 240, "False")}), "object-sync-healthy") == "fail");
}

TEST_CASE("checks: full-sync-complete") {
  CHECK(check_of(diagnose(nothing), "full-sync-complete") == "unknown");
  CHECK(check_of(diagnose(well()), "full-sync-complete") == "pass");
  CHECK(check_of(diagnose(nothing + ev(20, 613, "Waiting.")), "full-sync-complete") == "fail");
  CHECK(check_of(diagnose(well() + ev(230, 617, "Full sync started for forest: contoso.com.")), "full-sync-complete") ==
        "fail");
}

TEST_CASE("checks: what failed last and never worked again is not passed by a life before it") {
  MadeLog unreachable;
  for (int t = 60; t < 120; t += 2) unreachable = std::move(unreachable) + failure(t, 1722);
  const Diagnosis domain = diagnose(heart(0, 60) + change(30) + unreachable + noise(0, 720));
  for (const char* id : {"domain-reachable", "account-credential", "account-permission"}) {
    CHECK(check_of(domain, id, "contoso.com") == "unknown");
    CHECK(holds(why_of(domain, id), "01:58"));
  }
  const Diagnosis tenant = diagnose(heart(0, 60) + change(30) + tenant_off(70) + tenant_off(100) + noise(0, 720));
  CHECK(check_of(tenant, "tenant-feature") == "unknown");
  CHECK(holds(why_of(tenant, "tenant-feature"), "01:40"));
  // a setting that was collected later says more than a failure before it, one collected earlier does not
  const MadeLog log = heart(0, 60) + change(30) + tenant_off(100) + noise(0, 720);
  CHECK(check_of(diagnose({xml(log), feature("True", 720)}), "tenant-feature") == "pass");
  CHECK(check_of(diagnose({xml(log), feature("True", 50)}), "tenant-feature") == "unknown");
}

TEST_CASE("checks: what Microsoft's diagnosis and the status script say passes and fails them") {
  const auto said_of = [](std::string_view text) {
    return diagnose({diagnosis_text("AADConnect Troubleshooting\r\n" + std::string(text), 720)});
  };
  CHECK(check_of(said_of("Password Hash Synchronization cloud configuration is enabled\r\n"), "tenant-feature") ==
        "pass");
  CHECK(check_of(said_of("Password Hash Synchronization cloud configuration is NOT enabled\r\n"), "tenant-feature") ==
        "fail");
  const std::string cloud = "Password Hash Synchronization cloud configuration is enabled\r\n";
  CHECK(check_of(said_of(cloud + "Staging mode is disabled\r\n"), "staging-mode") == "pass");
  CHECK(check_of(said_of(cloud + "Staging mode is enabled\r\n"), "staging-mode") == "fail");
  const std::string connector = "AD Connector - contoso.com\r\nPassword Hash Synchronization is enabled\r\n";
  const Diagnosis d = said_of(connector +
                              "Latest Password Hash Synchronization heartbeat is detected at: 03/10/2026 11:50:00 "
                              "UTC\r\nDirectory Partition - contoso.com\r\nDomain \"contoso.com\" is reachable\r\n");
  CHECK(check_of(d, "connector-enabled", "contoso.com") == "pass");
  CHECK(check_of(d, "heartbeat", "contoso.com") == "pass");
  CHECK(check_of(d, "domain-reachable", "contoso.com") == "pass");
  CHECK(holds(why_of(d, "domain-reachable"), "diagnosis"));
  CHECK(check_of(d, "account-permission", "contoso.com") == "unknown");
  CHECK(verdict_of(d) == "unknown");
  CHECK(check_of(said_of(connector + "No recent Password Hash Synchronization heartbeat\r\n"), "heartbeat",
                 "contoso.com") == "fail");
  // what the log shows since weighs more
  const Diagnosis log = diagnose({xml(heart(0, 720) + noise(0, 720) + failure(710, 1722)),
                                  diagnosis_text("AADConnect Troubleshooting\r\n" + connector +
                                                     "Directory Partition - contoso.com\r\nDomain \"contoso.com\" is "
                                                     "reachable\r\n",
                                                 700)});
  CHECK(check_of(log, "domain-reachable", "contoso.com") == "fail");
}

TEST_CASE("checks: the server that is in staging mode is named") {
  const auto member = [](Given g, std::string name) {
    g.name = std::move(name);
    return g;
  };
  const Diagnosis d =
      diagnose({member(xml(on("STAGE01", noise(0, 720))), "A/20260310-120000/EVENTLOG/STAGE01_Application.xml"),
                member(scheduler("True", 720), "A/20260310-120000/CONFIG/MEC/Get-ADSyncScheduler.txt"),
                member(xml(on("ACTIVE01", heart(0, 720) + noise(0, 720))),
                       "B/20260310-120000/EVENTLOG/ACTIVE01_Application.xml"),
                member(scheduler("False", 720), "B/20260310-120000/CONFIG/MEC/Get-ADSyncScheduler.txt")});
  CHECK(check_of(d, "staging-mode", "stage01") == "fail");
}

TEST_CASE("checks: the feature is off by whatever name its cause has") {
  const Given method = global_settings("Microsoft.UserSignIn.SignOnMethod", "PassThroughAuthentication", 240);
  CHECK(check_of(diagnose({xml(well()), feature("False", 240), method}), "tenant-feature") == "fail");
  CHECK(check_of(diagnose({xml(well()), feature("False", 240), scheduler("False", 240, "False")}), "tenant-feature") ==
        "fail");
}

TEST_CASE("checks: of several collections the latest counts, whichever file is first") {
  const auto named = [](Given given, const std::string& folder) {
    given.name = folder + given.name;
    return given;
  };
  for (const auto& [off, on] : {std::pair{"a/", "b/"}, std::pair{"b/", "a/"}}) {
    const Diagnosis d = diagnose({named(feature("False", 60), off), named(feature("True", 110), on)});
    CHECK(check_of(d, "tenant-feature") == "pass");
    CHECK(holds(why_of(d, "tenant-feature"), on));
  }
  // of a cmdlet and Microsoft's diagnosis the later one, of two at one time the cmdlet
  const auto why = [](double cmdlet, double diagnosis) {
    return why_of(
        diagnose({scheduler("False", cmdlet),
                  diagnosis_text("Password Hash Synchronization cloud configuration is enabled\r\nThe server is "
                                 "not in staging mode\r\n",
                                 diagnosis)}),
        "staging-mode");
  };
  CHECK(holds(why(60, 100), "Inferred"));
  CHECK(holds(why(100, 60), "StagingModeEnabled is False"));
  CHECK(holds(why(60, 60), "StagingModeEnabled is False"));
}

TEST_CASE("checks: a setting from before the last failure, or of no time, passes nothing that failed") {
  const MadeLog log = noise(0, 720) + tenant_off(150);
  CHECK(fate(diagnose(log), "tenant-feature-disabled") == "past");
  CHECK(check_of(diagnose({xml(log), feature("True", 700)}), "tenant-feature") == "pass");
  CHECK(check_of(diagnose({xml(log), feature("True", 100)}), "tenant-feature") == "unknown");
  CHECK(check_of(diagnose({xml(log), feature("True")}), "tenant-feature") == "unknown");
}

TEST_CASE("checks: the only server is named where the log names it") {
  CHECK(check_of(diagnose(well()), "staging-mode", "sync01.contoso.com") == "pass");
  for (const Check& c : diagnose(on("", well())).checks) {
    if (c.id == "staging-mode") CHECK_FALSE(c.scope->name.has_value());
  }
}

TEST_CASE("checks: why there is a heartbeat, or none") {
  CHECK(holds(why_of(diagnose(heart(0, 121) + noise(0, 720)), "heartbeat"), "channel-silent"));
  // three hours to the tick
  const MadeLog three = ev(0, 1, "First.", "Somebody") +
                        ev(60, 653, "Ping start." + trailer(contoso_id, "CONTOSO.COM")) +
                        ev(180, 1, "Last.", "Somebody");
  CHECK(check_of(diagnose(three), "heartbeat") == "fail");
  // a recorded connector is linked to the log, whatever a configured name is
  const Diagnosis apart =
      diagnose({xml(noise(0, 100) + ev(50, 653, "Ping start." + trailer(contoso_id, "EMEA.CONTOSO.COM"))),
                channel("True", 100)});
  std::string why;
  for (const Check& c : apart.checks) {
    if (c.id == "heartbeat" && c.scope && c.scope->name == contoso_id) why = c.why;
  }
  CHECK(holds(why, "No log covers three hours"));
  // Microsoft's script and diagnosis
  const auto script = [](const std::string& line) {
    return diagnose({diagnosis_text(
        "\r\nPassword sync feature enabled in your Azure AD directory:  True\r\n\r\nPassword sync channel status BEGIN "
        "------------------------------------------------------- \r\n\r\nSourceConnector TargetConnector               "
        "Enabled\r\n--------------- ---------------               -------\r\ncontoso.com     contoso.onmicrosoft.com - "
        "AAD    True\r\n\r\n\r\n\r\n" +
            line +
            "\r\n\r\nPassword sync channel status END ------------------------------------------------------- \r\n",
        240)});
  };
  CHECK(holds(why_of(script("WARNING: No ping event found within last 3 hours."), "heartbeat"), "found no ping event"));
  // a script that names no connector
  const Given bare = diagnosis_text(
      "\r\nPassword sync feature enabled in your Azure AD directory:  True\r\n\r\nWARNING: No "
      "ping event found within last 3 hours.\r\n");
  CHECK(holds(why_of(diagnose({bare, channel("True")}), "heartbeat"), "found no ping event"));
  const Diagnosis beat = script("Latest heart beat event (within last 3 hours). Time  03/10/2026 02:00:00");
  CHECK(check_of(beat, "heartbeat") == "pass");
  CHECK_FALSE(holds(why_of(beat, "heartbeat"), "It was at"));
  const Diagnosis none = diagnose({diagnosis_text(
      "Password Hash Synchronization cloud configuration is enabled\r\n\r\nAD Connector - contoso.com\r\n"
      "No recent Password Hash Synchronization heartbeat is detected\r\n")});
  CHECK(check_of(none, "heartbeat") == "fail");
  CHECK_FALSE(holds(why_of(none, "heartbeat"), "It was at"));
}

TEST_CASE("checks: a controller that refuses is reached, whatever failed before") {
  const MadeLog log = noise(0, 720) + failure(100, 14) + failure(700, 1326);
  CHECK(fate(diagnose(log), "dc-unhealthy") == "past");
  CHECK(check_of(diagnose(log), "domain-reachable", "contoso.com") == "pass");
}

TEST_CASE("checks: what of a domain hides the others, and what does not") {
  const MadeLog lived = well() + change(100);
  CHECK(check_of(diagnose(lived + failure(235, 1722)), "account-credential", "contoso.com") == "unknown");
  const MadeLog stored =
      ev(235, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2) +
      failure(236, 1722, "emea.contoso.com");
  CHECK(check_of(diagnose(lived + stored), "domain-reachable", "contoso.com") == "pass");
}

TEST_CASE("checks: that a domain can be reached says nothing of the account") {
  const Given reached{
      "reach.txt",
      "FullName    IsReachable ExceptionMessage\r\n--------    ----------- ----------------\r\ncontoso.com "
      "True\r\n",
      at(100)};
  CHECK(check_of(diagnose({reached}), "domain-reachable", "contoso.com") == "pass");
  CHECK(check_of(diagnose({reached}), "account-credential", "contoso.com") == "unknown");
  // nor does it stand against a failure that goes on
  const Given diagnosis = diagnosis_text(
      "Password Hash Synchronization cloud configuration is enabled\r\nDomain "
      "\"contoso.com\" is reachable\r\n",
      100);
  CHECK(check_of(diagnose({diagnosis}), "domain-reachable", "contoso.com") == "pass");
  CHECK(check_of(diagnose({xml(well() + failure_text(235, "Nobody knows this text.")), diagnosis}), "domain-reachable",
                 "contoso.com") == "unknown");
}

TEST_CASE("checks: which faults stand against the cloud's, and against object synchronization") {
  Given old = build("2.5.76.0");
  old.collected = parse_iso("2026-10-02")->ticks;
  CHECK(check_of(diagnose({xml(noise(0, 240)), old}), "cloud-reachable") == "fail");
  CHECK(
      check_of(diagnose(well() + ev(235, 116, "Prevent Accidental Deletes: too many.", "Directory Synchronization", 3)),
               "object-sync-healthy") == "fail");
  // only a cycle that the scheduler reports without an error, and when, passes it
  const auto healthy = [](const std::vector<Given>& given) { return check_of(diagnose(given), "object-sync-healthy"); };
  CHECK(healthy({xml(well() + ev(230, 904, "Finished: Delta Sync."))}) == "pass");
  CHECK(healthy({xml(well() + ev(230, 601, "The manager has started."))}) == "unknown");
  CHECK(healthy({xml(well() + ev(230, 904, "AADSTS90002: Tenant not found.", "Directory Synchronization", 2))}) ==
        "unknown");
  CHECK(healthy({xml(well()),
                 {"log.csv",
                  "\"Id\",\"ProviderName\",\"Message\"\r\n\"904\",\"Directory Synchronization\",\"Finished: Delta "
                  "Sync.\"\r\n",
                  no_time}}) == "unknown");
  CHECK_FALSE(holds(why_of(diagnose({xml(well()), build("2.5.79.0", 240)}), "build-supported"), "may stop"));
}
