// Every row of "States and their opposites", and what ongoing, recovered and past mean.
#include <doctest/doctest.h>

#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("judge: a stopped service is over with 601, 2001, 7036 running or a sign of life of its server") {
  for (const std::uint32_t id : {602u, 609u}) {
    const MadeLog stop = base() + ev(150, id, "Password Synchronization manager has stopped");
    CHECK(fate(diagnose(stop), "service-stopped") == "ongoing");
    CHECK(fate(diagnose(stop + ev(400, 601, "Password synchronization manager has started")), "service-stopped") ==
          over_at_400);
  }
  const MadeLog stop = base() + ev(150, 2002, "The service was stopped successfully.", "ADSync");
  CHECK(fate(diagnose(stop + ev(400, 2001, "The service was started successfully.", "ADSync")), "service-stopped") ==
        over_at_400);
  CHECK(fate(diagnose(stop + scm(400, 7036, "The Microsoft Azure AD Sync service entered the running state.")),
             "service-stopped") == over_at_400);
  CHECK(fate(diagnose(stop + result(400, "Success")), "service-stopped") == over_at_400);
  // another service, a stop, a sign of another server
  CHECK(fate(diagnose(stop + scm(400, 7036, "The Windows Update service entered the running state.")),
             "service-stopped") == "ongoing");
  CHECK(fate(diagnose(stop + scm(400, 7036, "The Microsoft Azure AD Sync service entered the stopped state.")),
             "service-stopped") == "ongoing");
  CHECK(fate(diagnose(stop + on("sync02.contoso.com", result(400, "Success"))), "service-stopped") == "ongoing");
}

TEST_CASE("judge: a 7036 that stops the service is a finding until it runs; a mere restart is none") {
  const MadeLog stop = base() + scm(150, 7036, "The Microsoft Entra ID Sync service entered the stopped state.");
  CHECK(fate(diagnose(stop), "service-stopped") == "ongoing");
  CHECK(fate(diagnose(stop + scm(155, 7036, "The Microsoft Entra ID Sync service entered the running state.")),
             "service-stopped") == "none");
}

TEST_CASE("judge: faults of the server are over with its next sign of life") {
  struct Fault {
    std::uint32_t id;
    const char* provider;
    const char* cause;
    const char* text;
    bool lasts;
  };
  const Fault faults[] = {
      {603, "Directory Synchronization", "manager-error", "The manager failed.", false},
      {607, "Directory Synchronization", "manager-error", "The manager failed.", false},
      {610, "Directory Synchronization", "manager-error", "The manager failed.", false},
      {2005, "ADSync", "database-unavailable", "The service could not reach the database.", true},
      {6028, "ADSync", "encryption-key-lost", "The encryption key cannot be read.", true},
      {6226, "ADSync", "database-unavailable", "The database is not there.", true},
      {6323, "ADSync", "local-database-full",
       "The server encountered an error because SQL Server is out of disk space.", true},
      {528, "SQLLocalDB 15.0", "database-unavailable", "Windows API call WaitForMultipleObjects returned 575.", true},
  };
  for (const Fault& f : faults) {
    CAPTURE(f.id);
    const MadeLog log = base() + ev(150, f.id, f.text, f.provider, 2);
    CHECK(fate(diagnose(log), f.cause) == (f.lasts ? "ongoing" : "past"));
    CHECK(fate(diagnose(log + ev(400, 601, "Password synchronization manager has started")), f.cause) == over_at_400);
    CHECK(fate(diagnose(log + result(400, "Success")), f.cause) == over_at_400);
    CHECK(fate(diagnose(log + on("sync02.contoso.com", result(400, "Success"))), f.cause) != over_at_400);
  }
  for (const auto& [given_id, cause] : {std::pair{7038u, "service-logon-failure"}, std::pair{7031u, "service-stopped"},
                                        std::pair{7034u, "service-stopped"}, std::pair{7000u, "service-stopped"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    const MadeLog log = base() + scm(150, id, "The Microsoft Azure AD Sync service terminated unexpectedly.");
    const Diagnosis d = diagnose(log);
    if (!found(d, cause)) continue;  // texts of 7000 and 7038 have their own words, see the catalogue
    CHECK(fate(d, cause) == "ongoing");
    CHECK(fate(diagnose(log + ping(400)), cause) == "recovered at " + iso_at(400.1));
  }
}

TEST_CASE("judge: self-healing is over with 661 or a sign of life of the tenant") {
  const MadeLog log = base() + ev(150, 660, "Start of self-healing.");
  CHECK(fate(diagnose(log), "tenant-feature-disabled") == "ongoing");
  CHECK(fate(diagnose(log + ev(400, 661, "End of self-healing.")), "tenant-feature-disabled") == over_at_400);
  CHECK(fate(diagnose(log + result(400, "Success")), "tenant-feature-disabled") == over_at_400);
  CHECK(fate(diagnose(log + on("sync02.contoso.com", result(400, "Success"))), "tenant-feature-disabled") ==
        over_at_400);
}

TEST_CASE("judge: a full sync of a forest is over with its 623, one of a domain with its 622") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  const std::string cause = "full-sync-running";
  CHECK(fate(diagnose(well + full_sync(150, 617, "contoso.com")), cause) == "ongoing");
  CHECK(fate(diagnose(well + full_sync(150, 618, "contoso.com")), cause) == "ongoing");
  CHECK(fate(diagnose(well + full_sync(150, 617, "contoso.com") + full_sync(400, 623, "contoso.com")), cause) ==
        over_at_400);
  CHECK(fate(diagnose(well + full_sync(150, 618, "contoso.com") + full_sync(400, 622, "contoso.com")), cause) ==
        over_at_400);
  CHECK(fate(diagnose(well + full_sync(150, 618, "contoso.com") + full_sync(400, 622, "emea.contoso.com")), cause) ==
        "ongoing");
}

TEST_CASE("judge: a full sync that failed is a fault of the domain") {
  const Diagnosis d =
      diagnose(heart(0, 720) + noise(0, 720) + full_sync(600, 618, "contoso.com") + full_sync(700, 621, "contoso.com"));
  CHECK(fate(d, "domain-sync-error") == "ongoing");
  CHECK(fate(d, "full-sync-running") == "recovered at " + iso_at(700));
}

TEST_CASE("judge: a ping and a batch without an answer within thirty covered minutes") {
  MadeLog start = ping(100);
  start.pop_back();
  const MadeLog begun = heart(0, 91) + noise(0, 240) + start;
  const Diagnosis d = diagnose(begun);
  CHECK(fate(d, "result-missing") == "ongoing");
  CHECK(finding(d, "result-missing").scope.kind == ScopeKind::connector);
  CHECK(finding(d, "result-missing").evidence.size() == 1);
  // answered by a success, by a failure, or not yet
  CHECK_FALSE(found(diagnose(heart(0, 91) + noise(0, 240) + ping(100)), "result-missing"));
  MadeLog failed = ping(100);
  failed.back().id = 655;
  failed.back().text = "Failed credential provisioning ping. Error: x" + failed.back().text.substr(30);
  CHECK_FALSE(found(diagnose(heart(0, 91) + noise(0, 240) + failed), "result-missing"));
  CHECK_FALSE(found(diagnose(heart(0, 91) + noise(0, 129) + start), "result-missing"));
  CHECK(found(diagnose(heart(0, 91) + noise(0, 132) + start), "result-missing"));
  // the connector's next sign of life ends it
  CHECK(fate(diagnose(begun + ping(150)), "result-missing") == "recovered at " + iso_at(150.1));
}

TEST_CASE("judge: an answer after thirty covered minutes is late, and ends what was missing") {
  const auto answered = [](double minute) {
    MadeLog late = ping(100);
    late.back().minute = minute;
    return heart(0, 91) + noise(0, 240) + late;
  };
  CHECK_FALSE(found(diagnose(answered(130)), "result-missing"));
  CHECK(fate(diagnose(answered(131)), "result-missing") == "recovered at " + iso_at(131));
  CHECK(verdict_of(diagnose(answered(131))) == "healthy");
  MadeLog failed = answered(140);
  for (MadeEvent& e : failed) {
    if (e.id == 654 && e.minute == 140) {
      e.id = 655;
      e.text = "Failed credential provisioning ping. Error: x" + e.text.substr(30);
    }
  }
  CHECK(fate(diagnose(failed), "result-missing") == "recovered at " + iso_at(140));
  // minutes in which the host was off do not count
  const MadeLog off = in_channel("System", ev(101, 6006, "The Event log service was stopped.", "EventLog") +
                                               ev(135, 6005, "The Event log service was started.", "EventLog"));
  CHECK_FALSE(found(diagnose({xml(answered(140)), xml(off, "system.xml")}), "result-missing"));
  // inside a silence it is that silence's evidence
  const Diagnosis d = diagnose(answered(400) + noise(240, 600));
  CHECK(fate(d, "channel-silent") != "none");
  CHECK_FALSE(found(d, "result-missing"));
}

TEST_CASE("judge: in which file the answer is, or in how many, changes nothing") {
  const MadeLog log = heart(0, 300);
  MadeLog requests;
  MadeLog answers;
  for (const MadeEvent& e : log) (e.id == 653 ? requests : answers).push_back(e);
  CHECK(said(diagnose({xml(requests + noise(0, 300), "a.xml"), xml(answers, "b.xml")})) == "healthy: none");
  CHECK(said(diagnose({xml(log + noise(0, 300), "a.xml"), csv(requests, "b.csv")})) == "healthy: none");
  CHECK(said(diagnose({csv(answers, "a.csv"), xml(log + noise(0, 300), "b.xml"), csv(requests, "c.csv")})) ==
        "healthy: none");
}

TEST_CASE("judge: a batch is answered by 651 and by 652") {
  MadeLog batch = change(100);
  batch.pop_back();  // the 651
  const MadeLog log = heart(0, 91) + noise(0, 240);
  CHECK(fate(diagnose(log + batch), "result-missing") != "none");
  MadeLog failed = change(100);
  failed.back().id = 652;
  CHECK(fate(diagnose(log + failed), "result-missing") == "none");
}

TEST_CASE("judge: a user's failures are over with that user's next success") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  CHECK(fate(diagnose(well + result(150, "Failed")), "service-error") == "ongoing");
  CHECK(fate(diagnose(well + result(150, "Failed") + result(400, "Success")), "service-error") == over_at_400);
  CHECK(fate(diagnose(well + result(150, "Failed") + result(400, "Failed")), "service-error") == "ongoing");
  CHECK(fate(diagnose(well + result(150, "Failed") + result(400, "Success", "CN=Bo,DC=contoso,DC=com", "BBBB==")),
             "service-error") == "ongoing");
  const MadeLog never =
      well + ev(150, 620, "Password changes failed and will not be retried.\r\nDN = " + std::string(ana));
  CHECK(fate(diagnose(never), "no-retry") == "ongoing");
  CHECK(fate(diagnose(never + result(400, "Success")), "no-retry") == over_at_400);
  const MadeLog single = well + ev(150, 664, "Single object sync failed.\r\nDN = " + std::string(ana));
  CHECK(fate(diagnose(single), "service-error") == "ongoing");
  CHECK(fate(diagnose(single + result(400, "Success")), "service-error") == over_at_400);
}

TEST_CASE("judge: a retry is over with the user's success; a 605 also with 606") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  const std::string named =
      "The following password changes failed to synchronize and have been scheduled for retry.\r\n"
      "DN = " +
      std::string(ana);
  const MadeLog zero = well + ev(150, 0, named, "Directory Synchronization", 2);
  CHECK(fate(diagnose(zero), "retry-pending") == "ongoing");
  CHECK(fate(diagnose(zero + result(400, "Success")), "retry-pending") == over_at_400);
  CHECK(fate(diagnose(zero + ev(400, 606, "Retry done.")), "retry-pending") == "ongoing");
  const std::string changes = "Password changes have failed for one or more users.";
  const MadeLog with_dn = well + ev(150, 605, changes + "\r\nDN = " + std::string(ana));
  CHECK(fate(diagnose(with_dn), "retry-pending") == "ongoing");
  CHECK(fate(diagnose(with_dn + ev(400, 606, "Retry done.")), "retry-pending") == over_at_400);
  CHECK(fate(diagnose(with_dn + result(400, "Success")), "retry-pending") == over_at_400);
}

TEST_CASE("judge: a 605 that names nobody is over with 606 as well") {
  const MadeLog log =
      heart(0, 720) + noise(0, 720) + ev(150, 605, "Password changes have failed for one or more users.");
  CHECK(fate(diagnose(log), "retry-pending") == "ongoing");
  CHECK(fate(diagnose(log + ev(400, 606, "Retry done.")), "retry-pending") == over_at_400);
}

TEST_CASE("judge: a temporary password is a fact until the flag is gone, and weighs nothing") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  const MadeLog flagged = well + result(150, "Success", ana, "AAAA==", "True");
  const Diagnosis d = diagnose(flagged);
  CHECK(fate(d, "must-change-password") == "ongoing");
  CHECK(finding(d, "must-change-password").severity == Severity::info);
  CHECK(verdict_of(d) == "healthy");
  CHECK(user_status(d, ana) == "Success");
  CHECK(fate(diagnose(flagged + result(400, "Success")), "must-change-password") == over_at_400);
  CHECK(fate(diagnose(flagged + result(400, "Success", ana, "AAAA==", "True")), "must-change-password") == "ongoing");
  const Diagnosis failed = diagnose(well + result(150, "Failed", ana, "AAAA==", "True"));
  CHECK(finding(failed, "must-change-password").severity == Severity::low);
  CHECK_FALSE(found(failed, "service-error"));
}

TEST_CASE("judge: a domain recovers by a success of a DN in it or a 622 for it") {
  const MadeLog log = heart(0, 300) + noise(0, 300) + every(100, 160, 2, 1722);
  CHECK(fate(diagnose(log), "dc-unreachable") == "ongoing");
  CHECK(fate(diagnose(log + change(170)), "dc-unreachable") == "recovered at " + iso_at(170.05));
  CHECK(fate(diagnose(log + full_sync(170, 622, "contoso.com")), "dc-unreachable") == "recovered at " + iso_at(170));
  CHECK(fate(diagnose(log + change(170, {"CN=E,DC=emea,DC=contoso,DC=com", "E=="})), "dc-unreachable") == "ongoing");
  CHECK(fate(diagnose(log + full_sync(170, 622, "emea.contoso.com")), "dc-unreachable") == "ongoing");
  CHECK(fate(diagnose(log + result(170, "Failed")), "dc-unreachable") == "ongoing");
}

TEST_CASE("judge: a domain recovers by three covered quiet hours while its connector lives") {
  const auto log = [](int end) { return heart(0, end) + noise(0, end) + every(61, 120, 2, 1722); };
  CHECK(fate(diagnose(log(290)), "dc-unreachable") == "ongoing");
  // recovered at the first sign of life of the connector after the last sighting, not at the end of the quiet
  CHECK(fate(diagnose(log(310)), "dc-unreachable") == "recovered at " + iso_at(120.1));
  // any other failure of the domain within the quiet hours breaks them
  CHECK(fate(diagnose(log(310) + failure(200, 8453)), "dc-unreachable") == "past");
  CHECK(fate(diagnose(log(310) + failure(200, 8453, "emea.example")), "dc-unreachable") ==
        "recovered at " + iso_at(120.1));
  // a connector that is silent in them shows nothing
  CHECK(fate(diagnose(heart(0, 61) + noise(0, 720) + every(61, 120, 2, 1722)), "dc-unreachable") == "past");
}

TEST_CASE("judge: each of the failures of a domain breaks its quiet") {
  for (const std::uint32_t id : {604u, 612u, 615u, 616u, 621u}) {
    CAPTURE(id);
    const MadeLog log = heart(0, 310) + noise(0, 310) + every(61, 120, 2, 1722) +
                        ev(200, id, "It failed for domain: contoso.com.", "Directory Synchronization", 2);
    CHECK(fate(diagnose(log), "dc-unreachable") != "recovered at " + iso_at(120.1));
  }
}

TEST_CASE("judge: quiet is the larger of three hours and twice the median interval") {
  // every 150 minutes: Q is five hours
  const MadeLog failures = failure(10, 1722) + failure(160, 1722) + failure(310, 1722);
  CHECK(fate(diagnose(heart(0, 600) + noise(0, 600) + failures), "dc-unreachable") == "ongoing");
  CHECK(fate(diagnose(heart(0, 630) + noise(0, 630) + failures), "dc-unreachable") == "recovered at " + iso_at(330.1));
  // the median, not the mean: one long pause among short ones changes nothing
  const MadeLog uneven = every(10, 20, 2, 1722) + failure(300, 1722);
  CHECK(fate(diagnose(heart(0, 490) + noise(0, 490) + uneven), "dc-unreachable").starts_with("recovered"));
}

TEST_CASE("judge: the first of the explicit sign and the quiet hours counts") {
  const MadeLog log = heart(0, 720) + noise(0, 720) + every(61, 120, 2, 1722);
  CHECK(fate(diagnose(log + change(200)), "dc-unreachable") == "recovered at " + iso_at(200.05));
  CHECK(fate(diagnose(log + change(600)), "dc-unreachable") == "recovered at " + iso_at(120.1));
}

TEST_CASE("judge: ongoing within Q of the end, past beyond it") {
  const auto log = [](int end) { return noise(0, end) + ping(1) + credential(50); };
  CHECK(fate(diagnose(log(220)), "cloud-credential") == "ongoing");
  CHECK(fate(diagnose(log(240)), "cloud-credential") == "past");
}

TEST_CASE("judge: faults of the cloud are over with a 654, 651 or 657 Success, not with 663") {
  const MadeLog log = base() + credential(150) + credential(700);
  CHECK(fate(diagnose(log), "cloud-credential") == "ongoing");
  CHECK(fate(diagnose(log + ping(710)), "cloud-credential") == "recovered at " + iso_at(710.1));
  CHECK(fate(diagnose(log + change(710)), "cloud-credential") == "recovered at " + iso_at(710.05));
  CHECK(fate(diagnose(log + ev(710, 651, "Provision credentials batch end.")), "cloud-credential") ==
        "recovered at " + iso_at(710));
  CHECK(fate(diagnose(log + ev(710, 663, "The manager is alive." + trailer(contoso_id, "CONTOSO.COM"))),
             "cloud-credential") == "ongoing");
  CHECK(fate(diagnose(log + result(710, "Failed")), "cloud-credential") == "ongoing");
}

TEST_CASE("judge: each failure of the cloud side ends so") {
  struct Fault {
    std::uint32_t id;
    const char* text;
    const char* provider;
  };
  const std::string says = "The user name or password is incorrect. Verify your user name";
  for (const auto& [given_id, provider] :
       {std::pair{0u, "Directory Synchronization"}, std::pair{652u, "Directory Synchronization"},
        std::pair{655u, "Directory Synchronization"}, std::pair{662u, "Directory Synchronization"},
        std::pair{904u, "Directory Synchronization"}, std::pair{906u, "Directory Synchronization"},
        std::pair{6801u, "ADSync"}, std::pair{6900u, "ADSync"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    const MadeLog log = base() + ev(700, id, says, provider, 2);
    CHECK(fate(diagnose(log), "cloud-credential") == "ongoing");
    CHECK(fate(diagnose(log + ping(710)), "cloud-credential") == "recovered at " + iso_at(710.1));
  }
  const MadeLog expired = base() + ev(700, 1012, "The certificate has expired.", "ADSync", 2);
  CHECK(fate(diagnose(expired), "cloud-certificate") == "ongoing");
  CHECK(fate(diagnose(expired + ping(710)), "cloud-certificate") == "recovered at " + iso_at(710.1));
}

TEST_CASE("judge: waiting for the first sync is over with 617, 618, 650 or 653") {
  const MadeLog log = noise(0, 720) + ev(100, 613, "Waiting for the first directory sync.");
  CHECK(fate(diagnose(log), "initial-sync-incomplete") == "ongoing");
  CHECK(fate(diagnose(log + full_sync(400, 617, "contoso.com")), "initial-sync-incomplete") == over_at_400);
  CHECK(fate(diagnose(log + full_sync(400, 618, "contoso.com")), "initial-sync-incomplete") == over_at_400);
  CHECK(fate(diagnose(log + change(400)), "initial-sync-incomplete") == over_at_400);
  CHECK(fate(diagnose(log + ping(400)), "initial-sync-incomplete") == over_at_400);
}

TEST_CASE("judge: certificate warnings and what is not password sync are ongoing or past by time alone") {
  const MadeLog well = heart(0, 720) + noise(0, 720);
  CHECK(fate(diagnose(well + ev(100, 1011, "The certificate is due.", "ADSync", 3)), "certificate-expiring") == "past");
  CHECK(fate(diagnose(well + ev(700, 1011, "The certificate is due.", "ADSync", 3)), "certificate-expiring") ==
        "ongoing");
  for (const auto& [given_id, cause] : {std::pair{6329u, "writeback-error"}, std::pair{6800u, "writeback-error"},
                                        std::pair{6050u, "object-sync-error"}, std::pair{6100u, "object-sync-error"},
                                        std::pair{6803u, "object-sync-error"}, std::pair{6941u, "object-sync-error"}}) {
    const auto& id = given_id;
    CAPTURE(id);
    CHECK(fate(diagnose(well + ev(100, id, "It failed.", "ADSync", 2)), cause) == "past");
    CHECK(fate(diagnose(well + ev(700, id, "It failed.", "ADSync", 2)), cause) == "ongoing");
  }
}

TEST_CASE("judge: a deadlock is over with a sign of life of its domain; without a domain of the server") {
  const MadeLog log = base() + ev(700, 666, "A SQL deadlock stopped the run.", "Directory Synchronization", 2);
  CHECK(fate(diagnose(log), "database-deadlock") == "ongoing");
  CHECK(fate(diagnose(log + ev(710, 601, "Password synchronization manager has started")), "database-deadlock") ==
        "recovered at " + iso_at(710));
}

TEST_CASE("judge: several sightings are one finding, with its first, its last and its count") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) + every(100, 240, 2, 8453));
  const Finding f = finding(d, "replication-permission-missing");
  CHECK(f.count == 70);
  CHECK(f.first_seen == at(100));
  CHECK(f.last_seen == at(238));
  CHECK(f.fields.at("event_ids") == std::vector<std::string>{"611"});
  CHECK(f.fields.at("dc") == std::vector<std::string>{"dc1.contoso.com"});
}
