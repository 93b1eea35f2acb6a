// Borders of the tie-breaks, and what looks like one of them and is none.
#include <doctest/doctest.h>

#include "support/tie_break_logs.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("tie-breaks: within an hour of the credential text, before it and after it") {
  const auto near = [](double minute) {
    return causes(diagnose(heart(0, 121) + noise(0, 720) +
                           cloud(300, 115,
                                 "Access to Windows Azure Active Directory has "
                                 "been denied.") +
                           cloud(minute, 655, "Failed credential provisioning ping. Error: an odd one.")));
  };
  CHECK_FALSE(holds(near(241), "cloud-error"));
  CHECK_FALSE(holds(near(359), "cloud-error"));
  CHECK(holds(near(239), "cloud-error"));
  CHECK(holds(near(361), "cloud-error"));
}

TEST_CASE("tie-breaks: when an administrator's switch is the beginning of a feature that is off") {
  const Given off = feature("False", 720);
  const auto begins = [&](const MadeLog& log) {
    return finding(diagnose({xml(log + noise(0, 720)), off}), "tenant-feature-disabled").first_seen;
  };
  const MadeLog disabled = ev(130, 2506, "Password hash sync was disabled.");
  CHECK(begins(heart(0, 121) + disabled) == at(130));
  CHECK(begins(heart(0, 301) + disabled) == at(720));  // it worked after it
  CHECK(begins(heart(0, 121) + disabled + ev(140, 2506, "Password hash sync was enabled.")) == at(720));
  // a stop of the service is no switch, and one without a time no beginning
  const auto scm = [](double minute, const char* state) {
    return in_channel(
        "System", ev(minute, 7036, "The Microsoft Azure AD Sync service entered the " + std::string(state) + " state.",
                     "Service Control Manager"));
  };
  CHECK(begins(heart(0, 121) + scm(130, "stopped")) == at(720));
  const Given timeless{
      "log.csv",
      "\"Id\",\"ProviderName\",\"Message\"\r\n\"2506\",\"Directory Synchronization\",\"Password hash sync "
      "was disabled.\"\r\n",
      no_time};
  const Diagnosis d = diagnose({xml(noise(0, 720)), off, timeless});
  CHECK(finding(d, "tenant-feature-disabled").count == 1);
  const MadeLog manager = ev(135, 609, "Password Synchronization manager has stopped");
  CHECK(causes(diagnose({xml(heart(0, 121) + noise(0, 720) + manager), timeless})) == "service-stopped");
}

TEST_CASE("tie-breaks: what does not explain a stopped manager") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + stopped(125);
  const auto stays = [](const std::vector<Given>& given) { return holds(causes(diagnose(given)), "service-stopped"); };
  CHECK(stays({xml(log), scheduler("False", 720, "False")}));  // another setting
  Given on = channel("True", 110);
  on.name = "later/" + on.name;
  CHECK(stays({xml(log), connectors("contoso.com", contoso_id), channel("False", 60), on}));  // over before
  CHECK(
      stays({xml(noise(0, 720) + ev(125, 609, "Password Synchronization manager has stopped"))}));  // nobody's channel
}

TEST_CASE("tie-breaks: a switch explains the manager's stop only, not that of the service") {
  const MadeLog log =
      heart(0, 121) + noise(0, 720) + ev(120.5, 2506, "Password hash sync was disabled.") + stopped(125);
  const Diagnosis d = diagnose(log);
  CHECK(finding(d, "directory-sync-disabled").count == 1);
  CHECK(finding(d, "service-stopped").count == 1);
}

TEST_CASE("tie-breaks: one closed connection is over with the tenant's next sign of life") {
  const MadeLog closed = cloud(300, 655,
                               "Failed credential provisioning ping. Error: The underlying connection was closed: The "
                               "connection was closed unexpectedly.");
  CHECK(fate(diagnose(well() + closed), "cloud-error") == "recovered at " + iso_at(300.1));
}

TEST_CASE("tie-breaks: users without a name, or without a place, are no hindrance") {
  for (const char* status : {"TargetNotExportedToDirectory", "NoTargetConnection"}) {
    CAPTURE(status);
    const Given unnamed{"log.csv", "Date,Password Sync Status\r\n2026-03-10 10:00:00," + std::string(status) + "\r\n",
                        no_time};
    CHECK(diagnose({xml(well()), unnamed}).findings.size() == 1);
    const Given placeless = status_table("2026-03-10 10:00:00," + std::string(status) +
                                         ",CN=X\r\n2026-03-10 11:00:00," + status + ",CN=X\r\n");
    CHECK_FALSE(holds(causes(diagnose({xml(well()), placeless})), "scope-changed"));
  }
  // one known by the anchor only is not named by every error of export
  const Given anchor{"log.csv",
                     "Date,Password Sync Status,Anchor\r\n2026-03-10 10:00:00,TargetNotExportedToDirectory,A==\r\n",
                     no_time};
  const MadeLog error = ev(700, 6941, "AttributeValueMustBeUnique: CN=Bo,DC=contoso,DC=com", "ADSync", 2);
  CHECK(holds(causes(diagnose({xml(well() + error), anchor})), "not-exported"));
}

TEST_CASE("tie-breaks: a word in an attribute of the object is no error of its export") {
  const Given object{"Get-ADSyncCSObject_" + std::string(ana) + ".txt",
                     "## Export CS object Attributes\r\n\r\nName          : description\r\nType          : "
                     "String\r\nIsMultiValued : False\r\nValues        : {a duplicate account}\r\n\r\n",
                     at(600)};
  CHECK(holds(causes(diagnose({xml(well()), rows("TargetNotExportedToDirectory"), object})), "not-exported"));
}

TEST_CASE("tie-breaks: beside another fault what only supports is left out, but for the database's") {
  const MadeLog both = well() + cloud(700, 106, "Something went wrong.") + failure(715, 1722);
  CHECK(causes(diagnose(both)) == "dc-unreachable");
  // a weight of another kind is no support
  const MadeLog writeback =
      ev(700, 32014, "It failed.", "PasswordResetService", 2) + ev(705, 32014, "It failed.", "PasswordResetService", 2);
  CHECK(causes(diagnose(well() + writeback)) == "writeback-error");
}

TEST_CASE("tie-breaks: the state Failed of a partition stays where what the log says of its domain is over or slight") {
  const Given state{
      "Get-ADSyncPartitionPasswordSyncState.txt",
      "ConnectorId                 : b891884f-051e-4a83-95af-2544101c9083\r\nDN                          : "
      "DC=contoso,DC=com\r\nPasswordSyncLastCycleStatus : Failed\r\n",
      at(718)};
  const auto stays = [&](const MadeLog& log) {
    return holds(causes(diagnose({xml(well() + log), state})), "domain-sync-error");
  };
  CHECK_FALSE(stays(failure(715, 1722)));
  CHECK(stays(failure(100, 1722) + change(200)));
  const MadeLog stored =
      ev(716, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2);
  CHECK(stays(stored + failure(717, 1722, "emea.contoso.com")));
  CHECK(stays(ev(716, 666, "A deadlock for domain: contoso.com.", "Directory Synchronization", 2)));
}
