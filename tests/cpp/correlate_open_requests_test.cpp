// Pings and batches without a TrackingID: which answer is theirs, and what is missing.
#include <doctest/doctest.h>

#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const MadeLog well = heart(0, 91) + noise(0, 240);

// 653 or 650 to 655 of a connector; with a TrackingID only where one is given.
MadeLog bare(double minute, std::uint32_t id, std::string_view connector = contoso_id, std::string_view tracking = {}) {
  const std::string named = tracking.empty() ? "" : " TrackingID : " + std::string(tracking);
  const std::string place =
      connector.empty() ? "" : trailer(connector, connector == contoso_id ? "CONTOSO.COM" : "FABRIKAM.NET");
  const char* what = id == 650   ? "Provision credentials batch start. Count: 1."
                     : id == 651 ? "Provision credentials batch end. Count: 1."
                     : id == 652 ? "Failed credential provisioning batch. Error: an odd one."
                     : id == 653 ? "Provision credentials ping start."
                     : id == 654 ? "Provision credentials ping end."
                                 : "Failed credential provisioning ping. Error: an odd one.";
  return ev(minute, id, what + named + place);
}

std::string missing(const MadeLog& log) {
  return fate(diagnose(log), "result-missing");
}

constexpr std::string_view some_id = "6f0e0000-0000-4000-8000-00000000000a";
constexpr std::string_view other_id = "6f0e0000-0000-4000-8000-00000000000b";

}  // namespace

TEST_CASE("open requests: a ping and a batch without a TrackingID are missed as those with one") {
  for (const std::uint32_t id : {650u, 653u}) {
    CAPTURE(id);
    const Diagnosis d = diagnose(well + bare(100, id));
    CHECK(fate(d, "result-missing") == "ongoing");
    CHECK(finding(d, "result-missing").scope.kind == ScopeKind::connector);
    CHECK(finding(d, "result-missing").scope.name == contoso_id);
    CHECK(finding(d, "result-missing").count == 1);
    CHECK(verdict_of(d) == "healthy");
    CHECK(missing(heart(0, 91) + noise(0, 129) + bare(100, id)) == "none");
    CHECK(missing(heart(0, 91) + noise(0, 132) + bare(100, id)) == "ongoing");
  }
}

TEST_CASE("open requests: each kind has its own answers") {
  struct Pair {
    std::uint32_t request, answer;
    bool closes;
  };
  for (const Pair& p : {Pair{650, 651, true}, Pair{650, 652, true}, Pair{650, 654, false}, Pair{650, 655, false},
                        Pair{653, 654, true}, Pair{653, 655, true}, Pair{653, 652, false}}) {
    CAPTURE(p.request);
    CAPTURE(p.answer);
    CHECK((missing(well + bare(100, p.request) + bare(100.2, p.answer)) == "none") == p.closes);
    // before it is no answer to it
    CHECK(missing(well + bare(100, p.request) + bare(99.8, p.answer)) == "ongoing");
  }
}

TEST_CASE("open requests: an answer after thirty covered minutes is late") {
  CHECK(missing(well + bare(100, 653) + bare(130, 654)) == "none");
  CHECK(missing(well + bare(100, 653) + bare(131, 655)) == "recovered at " + iso_at(131));
  CHECK(missing(well + bare(100, 653) + bare(131, 654)) == "recovered at " + iso_at(131));
  // minutes in which the host was off do not count
  const MadeLog off = in_channel("System", ev(101, 6006, "The Event log service was stopped.", "EventLog") +
                                               ev(135, 6005, "The Event log service was started.", "EventLog"));
  CHECK(fate(diagnose({xml(well + bare(100, 653) + bare(140, 655)), xml(off, "system.xml")}), "result-missing") ==
        "none");
}

TEST_CASE("open requests: an answer is of the connector that it names, of any where it names none") {
  const MadeLog both = well + heart(3, 91, fabrikam_id, "FABRIKAM.NET");
  CHECK(missing(both + bare(100, 653) + bare(100.2, 655, fabrikam_id)) == "ongoing");
  CHECK(missing(both + bare(100, 653) + bare(100.2, 655, {})) == "none");
  CHECK(missing(both + bare(100, 653, {}) + bare(100.2, 655, fabrikam_id)) == "none");
  CHECK(missing(both + bare(100, 653, {})) == "ongoing");
  // the answer in a file of its own
  const auto apart = [&](const MadeLog& request, const MadeLog& answer) {
    return fate(diagnose({xml(both + request, "a.xml"), xml(answer, "b.xml")}), "result-missing");
  };
  CHECK(apart(bare(100, 653), bare(100.2, 655, fabrikam_id)) == "ongoing");
  CHECK(apart(bare(100, 653), bare(100.2, 655, {})) == "none");
  CHECK(apart(bare(100, 653, {}), bare(100.2, 655, fabrikam_id)) == "none");
  // of several that may be it the first
  CHECK(apart(bare(100, 653), bare(100.2, 655, {}) + bare(140, 655)) == "none");
}

TEST_CASE("open requests: an answer without a TrackingID closes what one with it asked, and the other way round") {
  CHECK(missing(well + bare(100, 653, contoso_id, some_id) + bare(100.2, 655)) == "none");
  CHECK(missing(well + bare(100, 653) + bare(100.2, 655, contoso_id, some_id)) == "none");
  CHECK(missing(well + bare(100, 653, contoso_id, some_id) + bare(100.2, 655, contoso_id, other_id)) == "ongoing");
}

TEST_CASE("open requests: in which file the answer is, in how many and in which order, changes nothing") {
  MadeLog requests;
  MadeLog answers;
  for (int t = 0; t < 300; t += 30) {
    requests = std::move(requests) + bare(t, 653);
    answers = std::move(answers) + bare(t + 0.1, 654);
  }
  const MadeLog log = requests + answers + noise(0, 300);
  CHECK(said(diagnose(log)) == "healthy: none");
  CHECK(said(diagnose({xml(requests + noise(0, 300), "a.xml"), xml(answers, "b.xml")})) == "healthy: none");
  CHECK(said(diagnose({xml(log, "a.xml"), csv(requests, "b.csv")})) == "healthy: none");
  // one that nothing answers, in two exports, is one
  const MadeLog open = log + bare(305, 653) + noise(300, 400);
  const Diagnosis twice = diagnose({xml(open, "a.xml"), csv(open, "b.csv")});
  CHECK(finding(twice, "result-missing").count == 1);
  CHECK(finding(twice, "result-missing").first_seen == at(305));
  // oldest first, as a service writes them
  Given rising = xml({});
  for (const MadeEvent& e : numbered(open)) {
    const std::string one = xml({e}).bytes;
    const std::size_t begin = one.find("<Event ");
    rising.bytes.insert(rising.bytes.size() - std::string_view("</Events>").size(),
                        one.substr(begin, one.rfind("</Events>") - begin));
  }
  CHECK(said(diagnose({rising})) == said(diagnose({xml(open)})));
}

TEST_CASE("open requests: of several answers the first counts, wherever they stand") {
  const MadeLog request = bare(100, 653, contoso_id, some_id);
  const MadeLog late = bare(140, 654, contoso_id, some_id);
  CHECK(missing(well + request + late) == "recovered at " + iso_at(140));
  CHECK(missing(well + request + late + bare(100.2, 654)) == "none");
  CHECK(fate(diagnose({xml(well + request + late, "a.xml"), xml(bare(100.2, 654, contoso_id, some_id), "b.xml")}),
             "result-missing") == "none");
}

TEST_CASE("open requests: of two exports of one the exact time counts, be it answered late in one of them or not") {
  for (const std::string& id : {std::string(), std::string(some_id)}) {
    CAPTURE(id);
    const MadeLog request = well + bare(100.005, 653, contoso_id, id);
    const MadeLog late = bare(140, 655, contoso_id, id);
    for (const std::string coarse : {"a", "c"}) {
      const auto seen = [&](const MadeLog& in_csv, const MadeLog& in_xml) {
        const Diagnosis d = diagnose({csv(request + in_csv, coarse + ".csv"), xml(request + in_xml, "b.xml")});
        CHECK(finding(d, "result-missing").count == 1);
        return finding(d, "result-missing").first_seen;
      };
      CHECK(seen({}, {}) == at(100.005));
      CHECK(seen(late, {}) == at(100.005));
      CHECK(seen({}, late) == at(100.005));
    }
  }
}

TEST_CASE("open requests: other records beside them are neither requests nor answers") {
  const MadeLog asked = well + bare(100, 653) + bare(100.2, 654);
  CHECK(missing(asked + failure(150, 1722)) == "none");
  CHECK(
      missing(well + bare(100, 653, contoso_id, some_id) +
              ev(100.2, 657,
                 "Password Change Result - Anchor : A==, Dn : CN=X,DC=contoso,DC=com, Result : Failed. TrackingID : " +
                     std::string(some_id))) == "ongoing");
  // an answer that states no time hides none that does
  const MadeLog answered = well + bare(100, 653, contoso_id, some_id) + bare(100.2, 655, contoso_id, some_id);
  const Given timeless{"log.csv",
                       "\"Id\",\"ProviderName\",\"Message\"\r\n\"655\",\"Directory Synchronization\",\"Failed "
                       "credential provisioning ping. Error: an odd one. TrackingID : " +
                           std::string(some_id) + "\"\r\n",
                       no_time};
  CHECK(fate(diagnose({xml(answered), timeless}), "result-missing") == "none");
}

TEST_CASE("open requests: many at once are all known") {
  MadeLog many;
  for (int i = 0; i < 300; ++i) many = std::move(many) + bare(100 + i * 0.02, 650);
  CHECK(finding(diagnose(well + many), "result-missing").count == 300);
  CHECK(missing(well + many + bare(107, 651)) == "none");
}
