// Which of several findings decide the verdict and its `since`: times that are missing, servers and connectors beside
// each other, names that nothing links.
#include <doctest/doctest.h>

#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string fabrikam{"FABRIKAM.NET"};

Given timeless(std::uint32_t id, const std::string& text) {
  return {"log.csv",
          "\"Id\",\"ProviderName\",\"Message\"\r\n\"" + std::to_string(id) + "\",\"Directory Synchronization\",\"" +
              text + "\"\r\n",
          no_time};
}

}  // namespace

TEST_CASE("since: a finding without a time is none that was first") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const Given off = timeless(652,
                             "Failed. Error Code: 90. Error Description: Password Synchronization has not been "
                             "activated for this company.");
  const Diagnosis one = diagnose({xml(log + stopped(235)), off});
  CHECK(one.findings.size() == 2);
  CHECK(since_of(one) == iso_at(235));
  const Diagnosis other = diagnose({xml(log + tenant_off(235)), timeless(609, "The manager has stopped.")});
  CHECK(other.findings.size() == 2);
  CHECK(since_of(other) == iso_at(235));
}

TEST_CASE("since: of several findings of a domain the one that began first") {
  const MadeLog log = heart(0, 720) + noise(0, 720);
  CHECK(since_of(diagnose(log + every(100, 720, 20, 8453) + every(150, 720, 20, 1722))) == iso_at(100));
  CHECK(since_of(diagnose(log + every(150, 720, 20, 8453) + every(100, 720, 20, 1722))) == iso_at(100));
}

TEST_CASE("since: of several findings of a connector the one that began first, of several connectors the last") {
  MadeLog errors;
  for (int t = 300; t < 715; t += 20)
    errors = std::move(errors) +
             ev(t, 655, "Failed credential provisioning ping. Error: an odd one.", "Directory Synchronization", 2);
  const Diagnosis d = diagnose(heart(0, 121) + noise(0, 720) + errors);
  CHECK(d.findings.size() == 2);
  CHECK(since_of(d) == iso_at(120.1));
  for (const auto& [one, other] : {std::pair{61, 121}, std::pair{121, 61}}) {
    CHECK(since_of(diagnose(heart(0, one) + heart(0, other, fabrikam_id, fabrikam) + noise(0, 720))) == iso_at(120.1));
  }
}

TEST_CASE("verdict: what a stopped server did before it stopped is no other server that is alive") {
  const MadeLog one = on("sync01.contoso.com", heart(0, 231) + noise(0, 240) + stopped(235));
  const MadeLog two = on("sync02.contoso.com", started(5) + noise(0, 240));
  CHECK(said(diagnose({xml(one, "a.xml"), xml(two, "b.xml")})) ==
        "failing: service-stopped server sync01.contoso.com ongoing");
}

TEST_CASE("verdict: of two configured channels one that is off leaves the other") {
  Given both = channel("False");
  both.bytes += channel("True", not_known, "fabrikam.net").bytes;
  CHECK(said(diagnose({both})) == "degraded: connector-channel-disabled connector contoso.com ongoing");
}

TEST_CASE("verdict: of two recorded connectors beside a name that nothing links one that is silent leaves the other") {
  const MadeLog log =
      heart(0, 121, contoso_id, "EMEA.CONTOSO.COM") + heart(3, 720, fabrikam_id, "EMEA.FABRIKAM.NET") + noise(0, 720);
  CHECK(said(diagnose({xml(log), channel("True", 720)})) ==
        "degraded: channel-silent connector " + std::string(contoso_id) + " ongoing");
}

TEST_CASE("verdict: what it asks for depends on what there is") {
  const auto summary = [](const std::vector<Given>& given) { return diagnose(given).verdict.summary; };
  const MadeLog manager = noise(0, 100) + ev(50, 601, "Password synchronization manager has started.");
  CHECK(holds(summary({xml(noise(0, 100))}), "no record of password hash synchronization"));
  CHECK(holds(summary({xml(manager)}), "no connector is in evidence"));
  CHECK(holds(summary({channel("True")}), "no log covers a stretch of time"));
  const std::string short_log = summary({xml(noise(0, 100)), channel("True")});
  CHECK(holds(short_log, "Ask for a log that goes on for at least three hours"));
  CHECK_FALSE(holds(short_log, "nothing links"));
}

TEST_CASE("verdict: an unknown error without a time forbids healthy as well") {
  const Given unknown{
      "log.csv",
      "\"Id\",\"LevelDisplayName\",\"ProviderName\",\"Message\"\r\n\"6999\",\"Error\",\"ADSync\",\"Nobody "
      "knows.\"\r\n",
      no_time};
  const Diagnosis d = diagnose({xml(heart(0, 240) + noise(0, 240)), unknown});
  CHECK(d.unclassified.size() == 1);
  CHECK(verdict_of(d) == "unknown");
}

TEST_CASE("verdict: the summary says since when only where that is known, and of staging only where it is") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const Diagnosis untimed = diagnose({xml(log), timeless(609, "The manager has stopped.")});
  CHECK(verdict_of(untimed) == "failing");
  CHECK_FALSE(holds(untimed.verdict.summary, "since"));
  CHECK_FALSE(holds(diagnose(log + stopped(235)).verdict.summary, "as configured"));
  CHECK(holds(diagnose({xml(log), scheduler("True", 235)}).verdict.summary, "as configured"));
}

TEST_CASE("verdict: damage between two records of one moment is inside the last hours") {
  std::string text =
      xml(heart(0, 240) + noise(0, 240) + ev(200, 1, "a", "Somebody") + ev(200, 1, "b", "Somebody")).bytes;
  const std::size_t at_ = text.find("2026-03-10T03:20:00");
  REQUIRE(at_ != std::string::npos);
  const std::size_t next = text.find("<Event ", at_);
  text.insert(next, "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
  CHECK(verdict_of(diagnose({Given{"log.xml", text, no_time}})) == "unknown");
}
