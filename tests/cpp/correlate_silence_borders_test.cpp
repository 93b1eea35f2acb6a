// Silence where several servers, connectors and domains are in evidence, and what belongs to a silence or stands beside
// it.
#include <doctest/doctest.h>

#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string fabrikam{"FABRIKAM.NET"};

}  // namespace

TEST_CASE("silence: a fault of the first server does not explain the connector of the second") {
  const MadeLog first = on("sync01.contoso.com", heart(0, 121) + noise(0, 720) + stopped(125));
  const MadeLog second = on("sync02.contoso.com", heart(3, 121, fabrikam_id, fabrikam) + noise(0, 720));
  const Diagnosis d = diagnose({xml(first, "one.xml"), xml(second, "two.xml")});
  CHECK(fate(d, "service-stopped") == "ongoing");
  CHECK(finding(d, "channel-silent").scope.name == fabrikam_id);
}

TEST_CASE("silence: a fault of another server explains no past one, whatever its domain is called") {
  // fabrikam.net is the second of two domains, as the server that failed is the second of two
  const MadeLog first = on("sync01.contoso.com", heart(3, 121, fabrikam_id, fabrikam) +
                                                     heart(400, 720, fabrikam_id, fabrikam) + noise(0, 720));
  const MadeLog second = on("sync02.contoso.com", heart(0, 720) + noise(0, 720) + ev(200, 603, "The manager failed."));
  const Diagnosis d = diagnose({xml(first, "one.xml"), xml(second, "two.xml")});
  CHECK(fate(d, "channel-silent") == "recovered at " + iso_at(400.1));
}

TEST_CASE("silence: a past one is not explained by the first of all domains when it is another connector's") {
  const MadeLog log = heart(0, 720) + heart(3, 121, fabrikam_id, fabrikam) + heart(400, 720, fabrikam_id, fabrikam) +
                      noise(0, 720) + failure(200, 1722, "contoso.com");
  CHECK(finding(diagnose(log), "channel-silent").scope.name == fabrikam_id);
}

TEST_CASE("silence: a state that began before a past one and lasted into it explains it") {
  const MadeLog log = heart(0, 121) + heart(400, 720) + noise(0, 720);
  Given over = scheduler("False", 500);
  over.name = "later/" + over.name;
  const Diagnosis d = diagnose({xml(log), scheduler("True", 60), over});
  CHECK(fate(d, "staging-mode") == "recovered at " + iso_at(500));
  CHECK_FALSE(found(d, "channel-silent"));
  // over before the last sign of life
  Given sooner = scheduler("False", 100);
  sooner.name = "later/" + sooner.name;
  CHECK(found(diagnose({xml(log), scheduler("True", 60), sooner}), "channel-silent"));
}

TEST_CASE("silence: what explains one keeps its own evidence") {
  const Diagnosis d =
      diagnose({xml(heart(0, 121) + noise(0, 720)), connectors("contoso.com", contoso_id), channel("False", 400)});
  CHECK(finding(d, "connector-channel-disabled").count == 1);
  CHECK_FALSE(finding(d, "connector-channel-disabled").evidence.empty());
}

TEST_CASE("silence: its evidence begins with the last sign of life") {
  const auto shown = [](const MadeLog& log) {
    const Diagnosis d = diagnose(log + noise(0, 720));
    REQUIRE_FALSE(finding(d, "channel-silent").evidence.empty());
    return finding(d, "channel-silent").evidence[0];
  };
  // one that nothing links to one of two connectors
  MadeLog bare = ping(110);
  for (MadeEvent& e : bare) e.text = e.text.substr(0, e.text.find(" TrackingID"));
  CHECK(shown(heart(0, 91) + heart(3, 91, fabrikam_id, fabrikam) + bare).time == at(110.1));
  // of two at one moment the one that was written first; what else is of that moment is none
  const MadeLog log = heart(0, 91);
  const MadeLog both = ev(100, 651, "Provision credentials batch end." + trailer(contoso_id, "CONTOSO.COM")) +
                       ev(100, 654, "Provision credentials ping end." + trailer(contoso_id, "CONTOSO.COM"));
  CHECK(holds(shown(log + both).excerpt, "event 651"));
  CHECK(holds(shown(log + failure(100, 1722, "elsewhere.example") + ping(99.9)).excerpt, "event 654"));
  CHECK(holds(shown(log + ev(100, 6005, "The Event log service was started.", "EventLog") + ping(99.9)).excerpt,
              "event 654"));
}

TEST_CASE("silence: a recorded connector is silent although nothing links it to a configured name") {
  const Diagnosis d =
      diagnose({xml(heart(0, 121, contoso_id, "EMEA.CONTOSO.COM") + noise(0, 720)), channel("True", 720)});
  CHECK(d.findings.size() == 1);
  CHECK(finding(d, "channel-silent").scope.name == contoso_id);
}

TEST_CASE("silence: a ping after it, that nothing answers, stays a finding") {
  MadeLog open = ping(440);
  open.pop_back();
  const MadeLog log = heart(0, 121) + heart(400, 431) + open + heart(480, 720) + noise(0, 720);
  const Diagnosis d = diagnose(log);
  CHECK(fate(d, "channel-silent") == "recovered at " + iso_at(400.1));
  CHECK(fate(d, "result-missing") == "recovered at " + iso_at(480.1));
}
