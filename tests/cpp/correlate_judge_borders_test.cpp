// What the judgement of an incident must not be misled by: borders of time, several servers, what nothing links.
#include <doctest/doctest.h>

#include "correlate/incidents.hpp"
#include "support/collecting.hpp"
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

TEST_CASE("judge: neither a third stop nor the wizard's word is a start of the service") {
  const MadeLog stop = ev(150, 2002, "The service was stopped successfully.", "ADSync");
  const auto stopped_again = [](double minute) {
    return scm(minute, 7036, "The Microsoft Azure AD Sync service entered the stopped state.");
  };
  CHECK(since_of(diagnose(base() + stop + stopped_again(400) + stopped_again(500))) == iso_at(150));
  CHECK(fate(diagnose(base() + stop + ev(400, 2506, "Password hash sync was enabled.", "Azure AD Connect")),
             "service-stopped") == "ongoing");
}

TEST_CASE("judge: a full sync of a domain that begins breaks no quiet") {
  const MadeLog log = heart(0, 350) + noise(0, 350) + every(60, 120, 2, 1722) + full_sync(200, 618, "contoso.com");
  CHECK(fate(diagnose(log), "dc-unreachable") == "recovered at " + iso_at(120.1));
}

TEST_CASE("judge: a success beside a failure in one record is a sign of life of the connector") {
  const std::string line = "Password Change Result - Anchor : ";
  const MadeLog both =
      ev(390, 657,
         line + "A==, Dn : CN=X,DC=contoso,DC=com, Result : Failed.\r\n" + line +
             "B==, Dn : CN=Y,DC=contoso,DC=com, Result : Success." + trailer(contoso_id, "CONTOSO.COM"));
  CHECK(verdict_of(diagnose(ping(0) + noise(0, 400) + both)) == "healthy");
}

TEST_CASE("judge: a success beside a failure in one record is a sign of life of the domain") {
  const std::string line = "Password Change Result - Anchor : ";
  const MadeLog both = ev(170, 657,
                          line + "A==, Dn : CN=X,DC=contoso,DC=com, Result : Failed.\r\n" + line +
                              "B==, Dn : CN=Y,DC=contoso,DC=com, Result : Success.");
  const MadeLog log = heart(0, 300) + noise(0, 300) + every(100, 160, 2, 1722);
  CHECK(fate(diagnose(log + both), "dc-unreachable") == "recovered at " + iso_at(170));
}

TEST_CASE("judge: a connector's ping is not answered by the life of another one, be it the first of them or not") {
  for (const bool first : {true, false}) {  // in the order of their GUIDs
    CAPTURE(first);
    const std::string_view silent = first ? fabrikam_id : contoso_id;
    const std::string_view alive = first ? contoso_id : fabrikam_id;
    MadeLog open = ping(100, silent, first ? "FABRIKAM.NET" : "CONTOSO.COM");
    open.pop_back();
    const MadeLog log = heart(0, 91) + heart(3, 91, fabrikam_id, "FABRIKAM.NET") + noise(0, 240) + open;
    CHECK(fate(diagnose(log + ping(150, alive, first ? "CONTOSO.COM" : "FABRIKAM.NET")), "result-missing") ==
          "ongoing");
  }
}

TEST_CASE("judge: an end that states no time hides none that does") {
  const MadeLog log = base() + ev(150, 660, "Start of self-healing.") + ev(160, 661, "End of self-healing.");
  const Given timeless{"log.csv",
                       "\"Id\",\"ProviderName\",\"Message\"\r\n\"661\",\"Directory Synchronization\",\"End of "
                       "self-healing.\"\r\n",
                       no_time};
  CHECK(fate(diagnose({xml(log), timeless}), "tenant-feature-disabled") == "recovered at " + iso_at(160));
}

TEST_CASE("judge: a domain's own success at the very moment at which its quiet is complete is the sign") {
  const Diagnosis d = diagnose(heart(0, 400) + noise(0, 400) + failure(100, 1722) + result(280, "Success"));
  CHECK(fate(d, "dc-unreachable") == "recovered at " + iso_at(280));
}

TEST_CASE("judge: a state that lasts keeps a finding ongoing, whatever else of it is long past") {
  const MadeLog log = base() + ev(150, 660, "Start of self-healing.") + tenant_off(151);
  CHECK(fate(diagnose(log), "tenant-feature-disabled") == "ongoing");
}

TEST_CASE("judge: a setting of a server that nobody knows is judged as well") {
  const Diagnosis d =
      diagnose({xml(on("sync01.contoso.com", heart(0, 240) + noise(0, 240)), "a.xml"),
                xml(on("sync02.contoso.com", started(5) + noise(0, 240)), "b.xml"), scheduler("True", 100)});
  CHECK(fate(d, "staging-mode") == "ongoing");
  CHECK_FALSE(finding(d, "staging-mode").scope.name.has_value());
}

TEST_CASE("judge: since when is known where a sign of life of the scope precedes, else only by the usual interval") {
  // collected twice, an hour apart, the first time half an hour after the first record
  const auto twice = [](const Given& first, Given second) {
    second.name = "later/" + second.name;
    return std::vector<Given>{first, second};
  };
  const auto since = [&](const MadeLog& log, const Given& first, const Given& second) {
    std::vector<Given> given = twice(first, second);
    given.push_back(xml(log + noise(0, 240)));
    given.push_back(connectors("contoso.com", contoso_id));
    return since_of(diagnose(given));
  };
  const Given off_at_30 = channel("False", 30);
  const Given off_at_90 = channel("False", 90);
  CHECK(since(heart(5, 240), off_at_30, off_at_90) == iso_at(30));
  CHECK(since(heart(95, 240), off_at_30, off_at_90) == "null");
  const auto rule_less = [](double minute) {
    return Given{"Get-ADSyncCSObject_" + std::string(ana) + ".txt",
                 "## Export CS object Lineage\r\n\r\nSyncRuleName : In from AD - User Join\r\nOperation    : "
                 "Provision\r\nPasswordSync : False\r\n\r\n",
                 at(minute)};
  };
  const auto of_user = [&](const MadeLog& log) {
    std::vector<Given> given = twice(rule_less(30), rule_less(90));
    given.push_back(xml(heart(0, 240) + noise(0, 240) + log));
    const Diagnosis d = diagnose(given);
    CHECK(fate(d, "sync-rule-missing") == "ongoing");
    return since_of(d);
  };
  CHECK(of_user(change(10)) == iso_at(30));
  CHECK(of_user({}) == "null");
}

TEST_CASE("judge: a fault out of a record that was recovered, beside no log at all, is not known to be over") {
  Collecting collecting;
  const correlate::Facts& facts = collecting.facts;
  EventView event;
  event.provider = "Directory Synchronization";
  event.event_id = 611;
  event.message = "Password hash synchronization failed for domain: contoso.com. RPC Error 8453 : x";
  event.time = at(100);
  event.state = RecordState::slack;
  collecting.collector.event(event);
  const correlate::World world = correlate::build_world(facts, shipped_catalogue());
  const correlate::Users users = correlate::find_users(world);
  correlate::Diagnosing d{world, users, {}, {}};
  correlate::collect_sightings(d);
  correlate::judge(d);
  REQUIRE(d.incidents.size() == 1);
  CHECK(d.incidents.begin()->second.status == FindingStatus::ongoing);
}
