// What must not change the findings: the order of the files, how a log is cut, how often it is given, and what other
// programs wrote in between.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

// A log with a random history, out of everything that this file knows to happen. Whole seconds, as CSV keeps them.
MadeLog random_log(std::mt19937& random, int end) {
  const auto minute = [&] { return static_cast<double>(random() % static_cast<unsigned>(end)); };
  MadeLog log = noise(0, end, 17) + heart(0, static_cast<int>(minute()) + 1);
  if (random() % 2 == 0) log = std::move(log) + heart(3, end, fabrikam_id, "FABRIKAM.NET");
  for (int n = static_cast<int>(random() % 12); n > 0; --n) {
    const double t = minute();
    switch (random() % 12) {
      case 0:
        log = std::move(log) + stopped(t);
        break;
      case 1:
        log = std::move(log) + started(t);
        break;
      case 2:
        for (int i = 0; i < 20; ++i) log = std::move(log) + failure(t + 2 * i, 1722);
        break;
      case 3:
        log = std::move(log) + failure(t, 8453, "fabrikam.net");
        break;
      case 4:
        log = std::move(log) + credential(t) + credential(t + 1, 115);
        break;
      case 5:
        log = std::move(log) + tenant_off(t);
        break;
      case 6:
        log = std::move(log) + change(t);
        break;
      case 7:
        log = std::move(log) + result(t, "Failed", "CN=Bo,DC=contoso,DC=com", "B==");
        break;
      case 8:
        log = std::move(log) + request(t, "CN=Bo,DC=contoso,DC=com", "B==");
        break;
      case 9:
        log = std::move(log) + ev(t, 2506, "Password hash sync was disabled.");
        break;
      case 10:
        log = std::move(log) + ev(t, 6329, "An unexpected error.", "ADSync", 2);
        break;
      default:
        log = std::move(log) + ev(t, 660, "Start of self-healing.");
    }
  }
  return numbered(log);
}

std::vector<Given> settings_of(std::mt19937& random) {
  std::vector<Given> given;
  if (random() % 3 == 0) given.push_back(scheduler(random() % 2 == 0 ? "True" : "False", 700));
  if (random() % 3 == 0) given.push_back(feature(random() % 2 == 0 ? "True" : "False", 700));
  if (random() % 3 == 0) given.push_back(channel(random() % 2 == 0 ? "True" : "False", 700));
  return given;
}

constexpr int rounds = 60;

}  // namespace

TEST_CASE("property: the order of the files changes nothing") {
  std::mt19937 random(11);
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    std::vector<Given> given = settings_of(random);
    given.push_back(xml(random_log(random, 720)));
    given.push_back(xml(on("sync02.contoso.com", random_log(random, 600)), "second.xml"));
    const std::string first = all_findings(diagnose(given));
    std::shuffle(given.begin(), given.end(), random);
    REQUIRE(all_findings(diagnose(given)) == first);
    std::reverse(given.begin(), given.end());
    REQUIRE(all_findings(diagnose(given)) == first);
  }
}

TEST_CASE("property: one log cut into two that overlap is that log") {
  std::mt19937 random(12);
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    const MadeLog whole = random_log(random, 720);
    const std::size_t from = random() % whole.size();
    const std::size_t to = from + random() % (whole.size() - from);
    const auto begin = whole.begin();
    const MadeLog a(begin, begin + static_cast<std::ptrdiff_t>(to) + 1);
    const MadeLog b(begin + static_cast<std::ptrdiff_t>(from), whole.end());
    REQUIRE(all_findings(diagnose({xml(a, "a.xml"), xml(b, "b.xml")})) == all_findings(diagnose({xml(whole)})));
  }
}

TEST_CASE("property: the same log in two formats is that log") {
  std::mt19937 random(13);
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    const MadeLog log = random_log(random, 720);
    const std::string once = all_findings(diagnose({xml(log)}));
    REQUIRE(all_findings(diagnose({xml(log), csv(log)})) == once);
    REQUIRE(all_findings(diagnose({csv(log), xml(log)})) == once);
    REQUIRE(all_findings(diagnose({xml(log), xml(log, "copy.xml")})) == once);
  }
}

TEST_CASE("property: records of other programs in between change nothing") {
  std::mt19937 random(14);
  for (int i = 0; i < rounds; ++i) {
    CAPTURE(i);
    const MadeLog log = random_log(random, 720);
    MadeLog more = log;
    for (int n = 0; n < 200; ++n) {
      MadeLog other = ev(static_cast<double>(random() % 700) + 0.25, static_cast<std::uint32_t>(random() % 7000),
                         "RPC Error 8453 : denied.", random() % 2 == 0 ? "ESENT" : "MsiInstaller",
                         static_cast<int>(1 + random() % 4));
      other.front().record = 500'000 + static_cast<std::uint64_t>(n);
      more = std::move(more) + other;
    }
    REQUIRE(all_findings(diagnose({xml(more)})) == all_findings(diagnose({xml(log)})));
  }
}

TEST_CASE("property: concluding twice, and in between, says the same") {
  std::mt19937 random(15);
  const Given a = xml(random_log(random, 720));
  const Given b = xml(random_log(random, 720), "b.xml");
  Analyzer analyzer(shipped_catalogue());
  const auto add = [&](const Given& g) {
    Source source;
    source.name = g.name;
    source.stream = open_memory(as_bytes(g.bytes));
    analyzer.add(std::move(source));
  };
  add(a);
  CHECK(all_findings(analyzer.conclude()) == all_findings(diagnose({a})));
  CHECK(all_findings(analyzer.conclude()) == all_findings(diagnose({a})));
  add(b);
  CHECK(all_findings(analyzer.conclude()) == all_findings(diagnose({a, b})));
}

TEST_CASE("property: a log so long that its older part is thinned says what its parts say") {
  std::mt19937 random(17);
  MadeLog log;
  constexpr int end = 30'000;  // minutes; more than a hundred thousand ordinary records
  for (int s = 0; s < end * 60; s += 25) log = std::move(log) + ping(s / 60.0);
  // an export of PowerShell begins with the newest record
  for (int t = end - end / 5; t < end - 200; t += 200 + static_cast<int>(random() % 3000)) {
    for (int i = 0; i < 10; ++i) log = std::move(log) + failure(t + 2 * i + 0.6, random() % 2 == 0 ? 1722 : 8453);
    MadeLog off = tenant_off(t + 40.6 + static_cast<int>(random() % 60));
    off[0].text += trailer(contoso_id, "CONTOSO.COM");
    log = std::move(log) + change(t + 31.6) + off;
  }
  log = numbered(log);
  std::vector<Given> parts;
  constexpr std::size_t part = 25'000;
  for (std::size_t from = 0; from < log.size(); from += part) {
    const auto begin = log.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = log.begin() + static_cast<std::ptrdiff_t>(std::min(from + part, log.size()));
    parts.push_back(csv(MadeLog(begin, last), "log-" + std::to_string(from) + ".csv"));
  }
  REQUIRE(log.size() > 140'000);
  CHECK(all_findings(diagnose({csv(log)})) == all_findings(diagnose(parts)));
}
