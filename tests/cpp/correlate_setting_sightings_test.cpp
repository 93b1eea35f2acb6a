// What the settings show; of several collections the latest decides.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

Given named(Given g, std::string name) {
  g.name = std::move(name);
  return g;
}

}  // namespace

TEST_CASE("settings: each switch is a finding when it is off and none when it is on") {
  const MadeLog quiet = noise(0, 100);
  CHECK(said(diagnose({xml(quiet), scheduler("True", 100)})) == "failing: staging-mode server ongoing");
  CHECK(said(diagnose({xml(quiet), scheduler("False", 100)})) == "unknown: none");
  CHECK(
      found(diagnose({xml(quiet), global_settings("Microsoft.Synchronize.StagingMode", "True", 100)}), "staging-mode"));
  CHECK(said(diagnose({xml(quiet), feature("False", 100)})) == "failing: tenant-feature-disabled tenant ongoing");
  CHECK(said(diagnose({xml(quiet), feature("True", 100)})) == "unknown: none");
  CHECK(said(diagnose({xml(quiet), channel("False", 100)})) ==
        "failing: connector-channel-disabled connector contoso.com ongoing");
  CHECK(said(diagnose({xml(quiet), channel("True", 100)})) == "unknown: none");
}

TEST_CASE("settings: without any log, and logs without settings") {
  CHECK(said(diagnose({scheduler("True"), feature("True"), channel("True")})) ==
        "failing: staging-mode server ongoing");
  CHECK(said(diagnose({scheduler("False"), feature("True"), channel("True")})) == "unknown: none");
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240))) == "healthy: none");
}

TEST_CASE("settings: an earlier opposite is recovered at the later time; a later one holds") {
  const MadeLog log = heart(0, 720) + noise(0, 720);
  const Given yes = named(scheduler("True", 100), "a/Get-ADSyncScheduler.txt");
  const Given no = named(scheduler("False", 700), "b/Get-ADSyncScheduler.txt");
  CHECK(fate(diagnose({xml(log), yes, no}), "staging-mode") == "recovered at " + iso_at(700));
  CHECK(verdict_of(diagnose({xml(log), yes, no})) == "healthy");
  const Given no_before = named(scheduler("False", 50), "b/Get-ADSyncScheduler.txt");
  CHECK(fate(diagnose({xml(log), yes, no_before}), "staging-mode") == "ongoing");
  // another cmdlet that states the same thing
  const Given elsewhere = global_settings("Microsoft.Synchronize.StagingMode", "False", 700);
  CHECK(fate(diagnose({xml(log), yes, elsewhere}), "staging-mode") == "recovered at " + iso_at(700));
  // another connector's channel is another matter
  CHECK(fate(diagnose({xml(log), named(channel("False", 100), "a/c.txt"),
                       named(channel("True", 700, "fabrikam.net"), "b/c.txt")}),
             "connector-channel-disabled") == "ongoing");
}

TEST_CASE("settings: where no time tells the newer one the worse is used, and both are shown") {
  const Diagnosis d = diagnose({named(scheduler("True"), "a/s.txt"), named(scheduler("False"), "b/s.txt")});
  CHECK(fate(d, "staging-mode") == "ongoing");
  const Diagnosis timed = diagnose({named(scheduler("True"), "a/s.txt"), named(scheduler("False", 700), "b/s.txt")});
  CHECK(fate(timed, "staging-mode") == "ongoing");
}

TEST_CASE("settings: a setting however long ago is ongoing until its opposite is collected") {
  const MadeLog log = heart(0, 720) + noise(0, 720);
  CHECK(fate(diagnose({xml(log), feature("False", -30.0 * day)}), "tenant-feature-disabled") == "ongoing");
}

TEST_CASE("settings: two copies of one file count once, two collections twice") {
  const MadeLog log = noise(0, 100);
  CHECK(finding(diagnose({xml(log), named(feature("False", 90), "a/f.txt"), named(feature("False", 90), "b/f.txt")}),
                "tenant-feature-disabled")
            .count == 1);
  CHECK(finding(diagnose({xml(log), named(feature("False", 80), "a/f.txt"), named(feature("False", 90), "b/f.txt")}),
                "tenant-feature-disabled")
            .count == 2);
}

TEST_CASE("settings: the diagnosis of the wizard") {
  const Diagnosis d =
      diagnose({xml(heart(0, 240) + noise(0, 240)),
                diagnosis_text("Password Hash Synchronization cloud configuration is NOT enabled\r\n\r\n"
                               "AD Connector - contoso.com\r\n"
                               "-----------------------------------------------------------------\r\n"
                               "Password Hash Synchronization is enabled\r\n",
                               240)});
  CHECK(found(d, "tenant-feature-disabled"));
  CHECK_FALSE(found(d, "connector-channel-disabled"));
}

TEST_CASE("settings: the identity type and the build of the latest collection") {
  const Diagnosis d =
      diagnose({identity("Application"), named(build("2.4.18.0", 100), "a/Get-ADSyncGlobalSettings.txt"),
                named(build("2.5.190.0", 700), "b/Get-ADSyncGlobalSettings.txt")});
  CHECK(d.identity == "Application");
  CHECK(d.build == "2.5.190.0");
  CHECK(diagnose({named(build("2.5.190.0", 100), "a/Get-ADSyncGlobalSettings.txt"),
                  named(build("2.4.18.0", 700), "b/Get-ADSyncGlobalSettings.txt")})
            .build == "2.4.18.0");
}

TEST_CASE("settings: what two servers say of themselves is no contradiction and no recovery") {
  const auto member = [](Given g, const std::string& bundle, std::string name) {
    g.name = bundle + "/20260310-120000/" + std::move(name);
    return g;
  };
  const std::string scheduler_name = "CONFIG/MEC/Get-ADSyncScheduler.txt";
  for (const double later : {-10.0, 10.0}) {
    const Diagnosis d =
        diagnose({member(xml(on("STAGE01", noise(0, 720))), "A", "EVENTLOG/STAGE01_Application.xml"),
                  member(scheduler("True", 700), "A", scheduler_name),
                  member(xml(on("ACTIVE01", heart(0, 720) + noise(0, 720))), "B", "EVENTLOG/ACTIVE01_Application.xml"),
                  member(scheduler("False", 700 + later), "B", scheduler_name)});
    CHECK(said(d) == "degraded: staging-mode server stage01 ongoing");
    CHECK_FALSE(holds(finding(d, "staging-mode").summary, "contradict"));
  }
}

TEST_CASE("settings: values that contradict each other stand side by side with their files") {
  const auto named = [](Given g, std::string name) {
    g.name = std::move(name);
    return g;
  };
  // no time says which is newer: the worse one is used, whichever file comes first
  for (const auto& [off, on] :
       {std::pair{"a/feature.txt", "b/feature.txt"}, std::pair{"b/feature.txt", "a/feature.txt"}}) {
    const Diagnosis d = diagnose({named(feature("False"), off), named(feature("True"), on)});
    CHECK(said(d) == "failing: tenant-feature-disabled tenant ongoing");
    const std::string summary = finding(d, "tenant-feature-disabled").summary;
    CHECK(holds(summary, "PasswordHashSync is False in " + std::string(off)));
    CHECK(holds(summary, "PasswordHashSync is True in " + std::string(on)));
  }
  const Diagnosis newer = diagnose({named(feature("True", 100), "a.txt"), named(feature("False", 200), "b.txt")});
  CHECK(holds(finding(newer, "tenant-feature-disabled").summary, "is True in a.txt, 2026-03-10 01:40 UTC"));
  // two words for the same bad news contradict nothing
  const Diagnosis same =
      diagnose({feature("False", 100),
                diagnosis_text("Password Hash Synchronization cloud configuration is NOT enabled\r\n", 100)});
  CHECK_FALSE(holds(finding(same, "tenant-feature-disabled").summary, "contradict"));
}

TEST_CASE("settings: what one source says is over with the opposite of another that means the same") {
  const std::string head = "Password Hash Synchronization cloud configuration is enabled\r\n";
  const auto said_by_diagnosis = [&](std::string_view text, double when) {
    return diagnosis_text(head + "AD Connector - contoso.com\r\n" + std::string(text) + "\r\n", when);
  };
  const std::string over = "recovered at " + iso_at(200);
  CHECK(fate(diagnose({scheduler("True", 100), said_by_diagnosis("Staging mode is disabled", 200)}), "staging-mode") ==
        over);
  CHECK(fate(diagnose({feature("False", 100), said_by_diagnosis("", 200)}), "tenant-feature-disabled") == over);
  CHECK(fate(diagnose({channel("False", 100), said_by_diagnosis("Password Hash Synchronization is enabled", 200)}),
             "connector-channel-disabled") == over);
  const Given reachable{"Get-ADSyncDomainReachabilityStatus.txt",
                        "\r\nFullName         : contoso.com\r\nIsReachable      : True\r\nExceptionMessage : \r\n\r\n",
                        at(200)};
  CHECK(fate(diagnose({said_by_diagnosis("Domain \"contoso.com\" is NOT reachable", 100), reachable}),
             "dc-unreachable") == over);
}

TEST_CASE("settings: the tenant's are of all servers; the same value twice is one episode") {
  const auto member = [](Given g, const std::string& bundle, const std::string& name) {
    g.name = bundle + "/20260310-120000/" + name;
    return g;
  };
  const std::string name = "CONFIG/MEC/Get-ADSyncAADCompanyFeature.txt";
  const Diagnosis d = diagnose({member(xml(on("ONE", heart(0, 90))), "A", "EVENTLOG/ONE_Application.xml"),
                                member(xml(on("TWO", heart(3, 90))), "B", "EVENTLOG/TWO_Application.xml"),
                                member(feature("False", 100), "A", name), member(feature("True", 200), "B", name)});
  CHECK(fate(d, "tenant-feature-disabled") == "recovered at " + iso_at(200));
  CHECK(since_of(diagnose({feature("False", 100), [] {
                             Given again = feature("False", 200);
                             again.name = "later.txt";
                             return again;
                           }()})) == iso_at(100));
}

TEST_CASE("settings: the build and the identity that were collected last count, of one time the higher build") {
  const auto named = [](Given g, const std::string& folder, double when) {
    g.name = folder + "/" + g.name;
    g.collected = at(when);
    return g;
  };
  for (const auto& [first, second] : {std::pair{"a", "b"}, std::pair{"b", "a"}}) {
    CHECK(diagnose({named(build("2.3.20.0"), first, 100), named(build("2.5.190.0"), second, 200)}).build ==
          "2.5.190.0");
    CHECK(diagnose({named(build("2.5.190.0"), first, 100), named(build("2.3.20.0"), second, 200)}).build == "2.3.20.0");
    CHECK(diagnose({named(build("2.5.190.0"), first, 100), named(build("2.3.20.0"), second, 100)}).build ==
          "2.5.190.0");
    CHECK(diagnose({named(identity("ServiceAccount"), first, 100), named(identity("Application"), second, 200)})
              .identity == "Application");
  }
}

TEST_CASE("settings: a contradiction is said once, of what holds, with the newest other value") {
  const MadeLog log = noise(0, 720);
  const auto said_of = [&](const std::vector<Given>& settings) {
    std::vector<Given> given = settings;
    given.push_back(xml(log));
    return finding(diagnose(given), "staging-mode").summary;
  };
  const auto times = [](const std::string& text) {
    std::size_t n = 0;
    for (std::size_t at_ = text.find("contradict"); at_ != std::string::npos; at_ = text.find("contradict", at_ + 1))
      ++n;
    return n;
  };
  // the order of the files is not that of their times
  const std::string newest =
      said_of({named(scheduler("True", 200), "a/s.txt"), named(scheduler("False", 100), "b/s.txt"),
               named(scheduler("False", 30), "c/s.txt")});
  CHECK(times(newest) == 1);
  CHECK(holds(newest, "in b/s.txt"));
  CHECK_FALSE(holds(newest, "in c/s.txt"));
  CHECK(times(said_of({named(scheduler("True", 60), "a/s.txt"), named(scheduler("False", 100), "b/s.txt")})) == 0);
  CHECK(times(said_of({named(scheduler("True"), "a/s.txt"), named(scheduler("True"), "b/t.txt"),
                       named(scheduler("False"), "c/s.txt")})) == 1);
}

TEST_CASE("settings: runs that ended differently are a history and no contradiction") {
  const Given runs{"SYNC01_Get-ADSyncRunProfileResult.csv",
                   "\"RunHistoryId\",\"ConnectorName\",\"RunProfileName\",\"EndDate\",\"Result\"\r\n"
                   "\"h1\",\"contoso.com\",\"Export\",\"2026-03-10 01:00:00\",\"success\"\r\n"
                   "\"h2\",\"contoso.com\",\"Export\",\"2026-03-10 02:00:00\",\"stopped-database-disk-full\"\r\n",
                   no_time};
  const Diagnosis d = diagnose({runs});
  CHECK(fate(d, "local-database-full") == "ongoing");
  CHECK_FALSE(holds(finding(d, "local-database-full").summary, "contradict"));
}

TEST_CASE("settings: what a setting is about is named where the scope has no name") {
  const Finding off = finding(diagnose({channel("False", 100)}), "connector-channel-disabled");
  CHECK(off.scope.name == "contoso.com");
  CHECK_FALSE(off.fields.contains("subject"));
  CHECK_FALSE(finding(diagnose({feature("False", 100)}), "tenant-feature-disabled").fields.contains("subject"));
}

TEST_CASE("settings: are of the server whose log is in their bundle, whoever else is in evidence") {
  const Given of_bundle = named(scheduler("True", 100), "MECLOG/20260310-013000/CONFIG/MEC/Get-ADSyncScheduler.txt");
  for (const std::string host : {"SYNC02", "sync02.contoso.com"}) {
    CAPTURE(host);
    const Diagnosis d = diagnose({xml(on("sync01.contoso.com", heart(0, 240) + noise(0, 240)), "a.xml"),
                                  csv(stopped(125) + started(130), "b.csv"),
                                  xml(on("sync02.contoso.com", started(5) + noise(0, 240)),
                                      "MECLOG/20260310-013000/EVENTLOG/" + host + "_Application.xml"),
                                  of_bundle});
    CHECK(finding(d, "staging-mode").scope.name == "sync02.contoso.com");
  }
}
