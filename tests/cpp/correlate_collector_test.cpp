// What is kept of a record, and which records count.
#include <doctest/doctest.h>

#include "support/collecting.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("collector: providers in any case; a record counts for its provider and id together") {
  for (const char* provider : {"Directory Synchronization", "directory synchronization", "DIRECTORY SYNCHRONIZATION"}) {
    MadeLog failing = failure(235, 8453);
    failing.front().provider = provider;
    CHECK(found(diagnose(heart(0, 240) + noise(0, 240) + failing), "replication-permission-missing"));
  }
  MadeLog other = failure(235, 8453);
  other.front().provider = "Directory Sync";
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240) + other)) == "healthy: none");
}

TEST_CASE("collector: without a provider a record is of password sync when its id and its text are") {
  const auto table = [](const std::string& row) {
    return Given{"log.csv",
                 "\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"Message\"\r\n\"03/10/2026 01:00:00 AM\"," + row,
                 no_time};
  };
  const std::string denied =
      "\"Error\",\"Password hash synchronization failed for domain: contoso.com, RPC Error 8453 : x\"\r\n";
  CHECK(found(diagnose({table("\"611\"," + denied)}), "replication-permission-missing"));
  CHECK(said(diagnose({table("\"612345\"," + denied)})) == "unknown: none");
  CHECK(said(diagnose({table("\"611\",\"Error\",\"The database engine attached a database.\"\r\n")})) ==
        "unknown: none");
}

TEST_CASE("collector: what no rule knows is counted by provider and id, never dropped") {
  const Diagnosis d =
      diagnose(heart(0, 240) + noise(0, 240) + ev(1, 6999, "b", "ADSync", 4) + ev(2, 6999, "a", "ADSync", 4) +
               ev(3, 6998, "c", "ADSync", 4) + ev(4, 6999, "x", "Another", 2));
  REQUIRE(d.unclassified.size() == 2);
  CHECK(d.unclassified[0].event_id == 6998);
  CHECK(d.unclassified[1].count == 2);
  CHECK(d.unclassified[1].example == "a");
  const Diagnosis rows =
      diagnose({status_table("2026-03-09 10:00:00,Success,\r\n2026-03-09 11:00:00,NobodyKnows,\r\n")});
  REQUIRE(rows.unclassified.size() == 1);
  CHECK(rows.unclassified[0].example == "NobodyKnows");
}

TEST_CASE("collector: another service's events of the service controller do not count") {
  const Diagnosis d = diagnose(
      heart(0, 240) + noise(0, 240) +
      in_channel("System",
                 ev(200, 7036, "The Windows Update service entered the stopped state.", "Service Control Manager") +
                     ev(201, 7034, "The Print Spooler service terminated unexpectedly.", "Service Control Manager")));
  CHECK(said(d) == "healthy: none");
}

TEST_CASE("collector: a domain in any case and with a full stop is one domain") {
  const Diagnosis d =
      diagnose(heart(0, 240) + noise(0, 240) + failure(230, 8453, "Contoso.COM") + failure(231, 8453, "contoso.com."));
  REQUIRE(d.findings.size() == 1);
  CHECK(d.findings[0].count == 2);
  CHECK(d.findings[0].scope.name == "contoso.com");
}

TEST_CASE("collector: fields that repeat are kept once, and each record still has its own") {
  MadeLog log = heart(0, 240) + noise(0, 240);
  for (int t = 10; t < 230; t += 2) {
    log = std::move(log) + failure(t, 8453) + failure(t + 1, t < 100 ? 1722 : 1753, "fabrikam.net");
  }
  const Diagnosis d = diagnose(log);
  const Finding denied = finding(d, "replication-permission-missing");
  CHECK(denied.count == 110);
  CHECK(denied.fields.at("rpc") == std::vector<std::string>{"8453"});
  CHECK(denied.fields.at("domain") == std::vector<std::string>{"contoso.com"});
  const Finding unreachable = finding(d, "dc-unreachable");
  CHECK(unreachable.count == 110);
  CHECK(unreachable.scope.name == "fabrikam.net");
  CHECK(unreachable.fields.at("rpc") == std::vector<std::string>{"1722", "1753"});
}

TEST_CASE("collector: pings and failures of an export without providers are those of password sync") {
  Given log = csv(heart(0, 240) + change(100) + failure(235, 8453));
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\",\"Directory Synchronization\",\"", "\",\""},
                                 {"\"ProviderName\",", ""}}) {
    for (std::size_t at_ = log.bytes.find(from); at_ != std::string::npos; at_ = log.bytes.find(from, at_ + 1))
      log.bytes.replace(at_, from.size(), to);
  }
  CHECK(said(diagnose({log})) == "failing: replication-permission-missing domain contoso.com ongoing");
  CHECK(check_of(diagnose({log}), "heartbeat") == "pass");
}

TEST_CASE("collector: a record that was recovered can show a fault, and covers nothing") {
  const auto kept = [&](std::uint32_t id, std::string_view message, RecordState state) {
    Collecting collecting;
    correlate::Facts& facts = collecting.facts;
    correlate::Collector& collector = collecting.collector;
    EventView event;
    event.provider = "Directory Synchronization";
    event.event_id = id;
    event.message = message;
    event.time = at(100);
    event.state = state;
    collector.event(event);
    CHECK(facts.sources[0].report.records == 1);
    CHECK((facts.sources[0].report.first_time == no_time) == (state != RecordState::intact));
    for (const correlate::Fact& f : facts.events) CHECK(f.previous == no_time);
    return facts.events.size() + facts.unclassified.size() + (facts.ordinary.empty() ? 0u : 1u);
  };
  const std::string_view fault = "Password hash synchronization failed for domain: contoso.com. RPC Error 8453 : x";
  for (const RecordState state : {RecordState::intact, RecordState::slack}) {
    CHECK(kept(611, fault, state) == 1);
  }
  CHECK(kept(654, "Provision credentials ping end.", RecordState::intact) == 1);
  CHECK(kept(654, "Provision credentials ping end.", RecordState::slack) == 0);
  CHECK(kept(6999, "Nobody knows it.", RecordState::intact) == 1);
  CHECK(kept(6999, "Nobody knows it.", RecordState::slack) == 0);
  CHECK(kept(611, fault, RecordState::without_template) == 0);
}

TEST_CASE("collector: a record that was recovered does not stand behind the one before it") {
  const auto event = [](double minute, RecordState state) {
    EventView e;
    e.provider = "Directory Synchronization";
    e.event_id = 611;
    e.message = "Password hash synchronization failed for domain: contoso.com. RPC Error 8453 : x";
    e.time = at(minute);
    e.state = state;
    return e;
  };
  for (const auto& [first, second] :
       {std::pair{RecordState::intact, RecordState::slack}, {RecordState::slack, RecordState::intact}}) {
    Collecting collecting;
    correlate::Facts& facts = collecting.facts;
    correlate::Collector& collector = collecting.collector;
    collector.event(event(first == RecordState::intact ? 90 : 110, first));
    collector.event(event(100, second));
    REQUIRE(facts.events.size() == 2);
    for (const correlate::Fact& f : facts.events) {
      if (f.time != at(100) || second == RecordState::slack) CHECK(f.previous == no_time);
    }
  }
}

TEST_CASE("collector: a failure that finds its connector by a TrackingID keeps all pings of a long log") {
  constexpr int pings = 60'000;
  const auto kept = [&](const std::string& failure) {
    Collecting collecting;
    correlate::Facts& facts = collecting.facts;
    correlate::Collector& collector = collecting.collector;
    EventView event;
    event.provider = "Directory Synchronization";
    const auto say = [&](std::uint32_t id, double minute, const std::string& text) {
      event.event_id = id;
      event.time = at(minute);
      event.message = text;
      collector.event(event);
    };
    say(652, 0, failure);
    const std::string tail = trailer(contoso_id, "CONTOSO.COM");
    for (int i = 0; i < pings; ++i) {
      const std::string tracking = "TrackingID : 6f0e0000-0000-4000-8000-" + std::to_string(100'000'000'000 + i) + tail;
      say(653, i / 60.0, "Provision credentials ping start. " + tracking);
      say(654, i / 60.0, "Provision credentials ping end. " + tracking);
    }
    std::size_t n = 0;
    facts.ordinary.for_each([&](const correlate::OrdinaryRecord&) { ++n; });
    return n;
  };
  const std::string failed = "Failed credential provisioning batch. Error: 0x80230405.";
  const std::string tracking = " TrackingID : 07e93e8a-cf2d-4f67-9e95-53169c4875e0";
  CHECK(kept(failed + tracking) == 2 * pings);
  CHECK(kept(failed) < 2 * pings);
  CHECK(kept(failed + tracking + trailer(contoso_id, "CONTOSO.COM")) < 2 * pings);
}

TEST_CASE("collector: a note is kept once, and a line of a diagnosis that nobody could read is listed") {
  Collecting collecting;
  correlate::Facts& facts = collecting.facts;
  correlate::Collector& collector = collecting.collector;
  collector.note("a date could be read in two ways");
  collector.note("a date could be read in two ways");
  collector.note("another");
  CHECK(facts.sources[0].report.notes.size() == 2);
  const Diagnosis d =
      diagnose({diagnosis_text("Troubleshoot Password Hash Synchronization\r\nPassword Hash Synchronization cloud "
                               "configuration is enabled\r\nAnother sentence about password synchronization "
                               "that failed\r\n")});
  REQUIRE(d.unclassified.size() == 1);
  CHECK(d.unclassified[0].provider == "Invoke-ADSyncDiagnostics");
  const Diagnosis two =
      diagnose({diagnosis_text("Password Hash Synchronization cloud configuration is enabled\r\nThe moon is full\r\nIt "
                               "rains\r\nThe moon is full\r\n"),
                status_table("3/10/2026,Success,\"CN=A,DC=contoso,DC=com\"\r\n3/10/"
                             "2026,Odd,\"CN=A,DC=contoso,DC=com\"\r\n3/10/2026,Odder,\"CN=A,DC=contoso,DC=com\"\r\n")});
  std::vector<std::string> listed;
  for (const Unclassified& u : two.unclassified) listed.push_back(u.example + " " + std::to_string(u.count));
  CHECK(listed == std::vector<std::string>{"It rains 1", "The moon is full 2", "Odd 1", "Odder 1"});
}

TEST_CASE("collector: the warnings of the status script are notes of its output") {
  const Diagnosis d = diagnose(
      {Given{"status.txt",
             "Password sync feature enabled in your Azure AD directory: True\r\n"
             "WARNING: More than one Azure AD Connectors found. Please update the script to use the appropriate "
             "Connector.\r\n",
             no_time}});
  REQUIRE(d.inputs.size() == 1);
  REQUIRE(d.inputs[0].notes.size() == 1);
  CHECK(holds(d.inputs[0].notes[0], "More than one Azure AD Connectors found"));
}
