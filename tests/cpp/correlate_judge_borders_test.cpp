// What the judgement of an incident must not be misled by: borders of time, several servers, what nothing links.
#include <doctest/doctest.h>

#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("judge: a service that runs is no sign of life of the password sync manager in it") {
  const MadeLog runs = scm(150.5, 7036, "The Microsoft Azure AD Sync service entered the running state.");
  for (const auto& [given_id, cause] :
       {std::pair{603u, "manager-error"}, std::pair{607u, "manager-error"}, std::pair{610u, "manager-error"},
        std::pair{6028u, "encryption-key-lost"}, std::pair{2005u, "database-unavailable"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    const MadeLog log =
        base() + ev(150, id, "It failed.", id > 2000 ? "ADSync" : "Directory Synchronization", 2) + runs;
    CHECK(fate(diagnose(log), cause) == (id > 2000 ? "ongoing" : "past"));
  }
  // it is the opposite of what the service controller itself said
  const MadeLog crash = base() + scm(150, 7034, "The Microsoft Azure AD Sync service terminated unexpectedly.");
  CHECK(fate(diagnose(crash), "service-stopped") == "ongoing");
  CHECK(fate(diagnose(crash + runs), "service-stopped") == "recovered at " + iso_at(150.5));
}

TEST_CASE("judge: what a silence takes for its evidence leaves the rest of a finding as it was") {
  MadeLog early = ping(100);
  early.pop_back();
  MadeLog late = ping(400);
  late.pop_back();
  const Diagnosis d = diagnose(heart(0, 91) + early + heart(150, 181) + late + noise(0, 720));
  CHECK(fate(d, "channel-silent") == "ongoing");
  CHECK(fate(d, "result-missing") == "recovered at " + iso_at(150.1));
  CHECK(finding(d, "result-missing").count == 1);
  CHECK(finding(d, "result-missing").last_seen == at(100));
}

TEST_CASE("judge: a record with two lines about one user is one record") {
  const std::string line = "Password Change Result - Anchor : A==, Dn : CN=X,DC=contoso,DC=com, Result : Failed.";
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) + ev(230, 657, line + "\r\n" + line));
  CHECK(finding(d, "service-error").count == 1);
}

TEST_CASE("judge: within three hours of the end is ongoing, to the minute") {
  const auto ends = [](double end) {
    return fate(diagnose(heart(0, 91) + noise(0, 100) + ev(100, 603, "The manager failed.") +
                         ev(end, 1, "The last record.", "Somebody")),
                "manager-error");
  };
  CHECK(ends(280) == "ongoing");
  CHECK(ends(280.1) == "past");
}

TEST_CASE("judge: where no record links a domain to a connector, the life of any of them counts") {
  MadeLog failing;
  for (int t = 61; t < 120; t += 2) failing = std::move(failing) + failure(t, 1722, "elsewhere.example");
  const MadeLog both = heart(0, 320) + heart(3, 60, fabrikam_id, "FABRIKAM.NET") + noise(0, 320);
  CHECK(fate(diagnose(both + failing), "dc-unreachable") == "recovered at " + iso_at(120.1));
}

TEST_CASE("judge: three quiet hours begin a new episode, to the minute and of covered time only") {
  // failures every two minutes for an hour, then again from `again` on, then near the end
  const auto failing = [](int again) {
    return every(400, 461, 2, 1722) + every(again, again + 21, 2, 1722) + every(780, 800, 2, 1722);
  };
  const MadeLog log = heart(0, 800) + noise(0, 800);
  CHECK(since_of(diagnose(log + failing(640))) == iso_at(640));
  CHECK(since_of(diagnose(log + failing(639))) == iso_at(400));
  // the host was off for most of the three hours
  const MadeLog off = in_channel("System", ev(475, 6006, "The Event log service was stopped.", "EventLog") +
                                               ev(625, 6005, "The Event log service was started.", "EventLog"));
  const MadeLog up = heart(0, 475) + heart(630, 800) + noise(0, 475) + noise(626, 800);
  CHECK(since_of(diagnose({xml(up + failing(645)), xml(off, "system.xml")})) == iso_at(400));
}

TEST_CASE("judge: a ping that nothing links is answered by the life of any connector") {
  MadeLog bare = ping(100);
  bare.pop_back();
  bare.front().text = bare.front().text.substr(0, bare.front().text.find("\r\n"));
  const MadeLog log = heart(0, 91) + heart(3, 91, fabrikam_id, "FABRIKAM.NET") + noise(0, 240) + bare;
  CHECK(fate(diagnose(log), "result-missing") == "ongoing");
  CHECK(fate(diagnose(log + ping(150, fabrikam_id, "FABRIKAM.NET")), "result-missing") ==
        "recovered at " + iso_at(150.1));
}

TEST_CASE("judge: a full sync that names no domain is over with anybody's end, and one that names nobody ends all") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  CHECK(fate(diagnose(well + ev(150, 618, "Full password sync started.") + full_sync(400, 622, "contoso.com")),
             "full-sync-running") == over_at_400);
  CHECK(fate(diagnose(well + full_sync(150, 618, "contoso.com") + ev(400, 622, "Full sync completed.")),
             "full-sync-running") == over_at_400);
}

TEST_CASE("judge: what has no time is ongoing beside a log that has") {
  const Given timeless{"log.csv",
                       "\"Id\",\"ProviderName\",\"Message\"\r\n\"611\",\"Directory Synchronization\",\"Password hash "
                       "synchronization failed for domain: contoso.com. RPC Error 8453 : Replication access was "
                       "denied.\"\r\n",
                       no_time};
  const Diagnosis d = diagnose({xml(heart(0, 720) + noise(0, 720)), timeless});
  CHECK(fate(d, "replication-permission-missing") == "ongoing");
  CHECK(finding(d, "replication-permission-missing").first_seen == no_time);
  CHECK(fate(diagnose({timeless}), "replication-permission-missing") == "ongoing");
}

TEST_CASE("judge: a second stop is no start") {
  const MadeLog log = base() + ev(150, 2002, "The service was stopped successfully.", "ADSync") +
                      scm(400, 7036, "The Microsoft Azure AD Sync service entered the stopped state.");
  CHECK(since_of(diagnose(log)) == iso_at(150));
}

TEST_CASE("judge: a 663 is a sign of life of its server") {
  const MadeLog alive = ev(400, 663, "The manager is alive." + trailer(contoso_id, "CONTOSO.COM"));
  CHECK(fate(diagnose(base() + ev(150, 603, "The manager failed.") + alive), "manager-error") == over_at_400);
}

TEST_CASE("judge: a success beside a failure in one record is a sign of life of the domain") {
  const std::string line = "Password Change Result - Anchor : ";
  const MadeLog both = ev(170, 657,
                          line + "A==, Dn : CN=X,DC=contoso,DC=com, Result : Failed.\r\n" + line +
                              "B==, Dn : CN=Y,DC=contoso,DC=com, Result : Success.");
  const MadeLog log = heart(0, 300) + noise(0, 300) + every(100, 160, 2, 1722);
  CHECK(fate(diagnose(log + both), "dc-unreachable") == "recovered at " + iso_at(170));
}
