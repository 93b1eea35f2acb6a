// Which logs say something of what they do not hold: exports of chosen ids and levels, parts, damage, logs of others.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "support/failing_stream.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

bool silent(const MadeLog& log) {
  return found(diagnose(log), "channel-silent");
}

}  // namespace

TEST_CASE("coverage: how far apart record numbers may be in the log of one program") {
  // two records, twelve hours apart
  const auto covers = [](std::uint64_t step) {
    MadeLog log = ev(0, 904, "Finished: Delta Sync.") + ev(719, 904, "Finished: Delta Sync.");
    log[0].record = 1000;
    log[1].record = 1000 + step;
    return check_of(diagnose({xml(log), channel("True", 720)}), "heartbeat") == "fail";
  };
  CHECK(covers(1));
  CHECK(covers(3));
  CHECK_FALSE(covers(4));
  CHECK_FALSE(covers(6));
}

TEST_CASE("coverage: beside the pings of its own computer, or of one that nobody names, a log of failures covers") {
  const auto failing = [](const std::string& computer) {
    std::string text = "\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"ProviderName\",\"MachineName\",\"Message\"\r\n";
    for (int hour = 2; hour < 8; ++hour) {
      text += "\"03/10/2026 0" + std::to_string(hour) +
              ":30:00 AM\",\"655\",\"Error\",\"Directory Synchronization\",\"" + computer +
              "\",\"Failed credential provisioning ping. Error: The user name or password is incorrect.\"\r\n";
    }
    return Given{"failing.csv", text, no_time};
  };
  const auto covers = [&](const std::string& pings, const std::string& failures) {
    return check_of(diagnose({xml(on(pings, heart(0, 121))), failing(failures)}), "heartbeat", contoso_id) == "fail";
  };
  CHECK(covers("sync01.contoso.com", "sync01.contoso.com"));
  CHECK_FALSE(covers("sync01.contoso.com", "sync02.contoso.com"));
  CHECK(covers("sync01.contoso.com", ""));
  CHECK(covers("", "sync01.contoso.com"));
}

TEST_CASE("coverage: a log without a channel and one of forwarded events can hold password sync") {
  CHECK(check_of(diagnose({csv(noise(0, 720)), channel("True", 720)}), "heartbeat") == "fail");
  CHECK(silent(in_channel("ForwardedEvents", heart(0, 121) + noise(0, 720))));
}

TEST_CASE("coverage: only what was asked for is covered") {
  const std::vector<Given> log{xml(heart(0, 121) + heart(600, 720) + noise(0, 720))};
  const auto within = [&](Ticks since, Ticks until) {
    AnalyzeOptions options;
    options.since = since;
    options.until = until;
    return fate(diagnose(log, options), "channel-silent");
  };
  CHECK(within(no_time, at(200)) == "none");
  CHECK(within(no_time, at(400)) == "ongoing");
  CHECK(within(at(500), no_time) == "none");
  CHECK(within(at(300), no_time) != "none");
}

TEST_CASE("coverage: a log of one record begins and ends with it") {
  const Diagnosis d = diagnose(failure(100, 8453));
  CHECK(since_of(d) == "null");
  CHECK(holds(d.verdict.summary, "at least since"));
}

TEST_CASE("coverage: a service that started is running from then on, alive or not") {
  const MadeLog stop = heart(0, 121) + noise(0, 720) + stopped(130) + started(300);
  CHECK(silent(stop));
  const Diagnosis d = diagnose(stop + heart(500, 720));
  REQUIRE(d.gaps.size() == 1);
  CHECK(d.gaps[0].from == at(130));
  CHECK(d.gaps[0].to == at(300));
  // as the service controller says it, which is no sign of life
  const MadeLog runs = in_channel(
      "System",
      ev(300, 7036, "The Microsoft Azure AD Sync service entered the running state.", "Service Control Manager"));
  for (const MadeLog& later : {MadeLog{}, heart(500, 720)}) {
    const Diagnosis said =
        diagnose({xml(heart(0, 121) + noise(0, 720) + stopped(130) + later), xml(runs, "system.xml")});
    REQUIRE(said.gaps.size() == 1);
    CHECK(said.gaps[0].to == at(300));
  }
  const Diagnosis never = diagnose(heart(0, 121) + noise(0, 720) + stopped(130));
  REQUIRE(never.gaps.size() == 1);
  CHECK(never.gaps[0].to == at(710.5));
}

TEST_CASE("coverage: where no log can hold password sync, the others end the time that is looked at") {
  const MadeLog log = in_channel(
      "System", ev(100, 7009, "A timeout was reached while waiting for the Microsoft Azure AD Sync service to connect.",
                   "Service Control Manager") +
                    noise(0, 720));
  CHECK(fate(diagnose(log), "service-stopped") == "past");
}

TEST_CASE("coverage: a log of any kind of which nothing could be read may belong to the last hours") {
  const Given well = xml(heart(0, 240) + noise(0, 240));
  const Given broken[] = {
      {"a.xml", "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1<",
       no_time},
      {"b.clixml",
       "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj "
       "RefId=\"0\"><Props><I32 "
       "N=\"Id\">611",
       no_time},
      {"c.csv",
       "\"TimeCreated\",\"Id\",\"ProviderName\",\"Message\"\r\n\"03/10/2026 01:00:00 AM\",\"six\",\"x\",\"y\"\r\n",
       no_time},
      {"d.txt",
       "Log Name:      Application\r\nSource:        Directory Synchronization\r\nDate:          3/10/2026 1:00:00 "
       "AM\r\nEvent ID:      9999999999\r\nLevel:         Error\r\nDescription:\r\nIt failed.\r\n",
       no_time}};
  CHECK(verdict_of(diagnose({well})) == "healthy");
  for (const Given& one : broken) {
    CAPTURE(one.name);
    const Diagnosis d = diagnose({well, one});
    CHECK_FALSE(d.inputs[0].problems.empty());
    CHECK(verdict_of(d) == "unknown");
  }
}

TEST_CASE("coverage: a log that failed while it was read is damaged to its end") {
  const std::string whole = xml(heart(0, 240) + noise(0, 240)).bytes;
  Analyzer analyzer(shipped_catalogue(), {});
  Source source;
  source.name = "log.xml";
  source.stream = std::make_unique<support::FailingStream>(whole.substr(0, whole.size() * 3 / 4));
  analyzer.add(std::move(source));
  const Diagnosis d = analyzer.conclude();
  CHECK(d.logs.size() == 1);
  CHECK(check_of(d, "heartbeat") == "pass");
  CHECK(verdict_of(d) == "unknown");
}

TEST_CASE("coverage: damage of a log without a record of password sync says nothing of it") {
  std::string text = xml(noise(0, 240)).bytes;
  text.insert(text.rfind("<Event "), "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
  const Diagnosis d = diagnose({xml(heart(0, 240) + noise(0, 240)), Given{"other.xml", text, no_time}});
  CHECK(verdict_of(d) == "healthy");
}

TEST_CASE("coverage: which records are the rhythm of a channel, whatever else was left out") {
  const auto covers = [](std::uint32_t id) {
    MadeLog log;
    for (const int t : {0, 30, 60, 719}) {
      log = std::move(log) + ev(t, id, "It is known." + trailer(contoso_id, "CONTOSO.COM"));
      log.back().record = 1000 + static_cast<std::uint64_t>(t) * 100;
    }
    log.back().id = 658;
    return check_of(diagnose({xml(log)}), "heartbeat") == "fail";
  };
  for (const std::uint32_t id : {650u, 651u, 653u, 654u, 663u}) {
    CAPTURE(id);
    CHECK(covers(id));
  }
  for (const std::uint32_t id : {652u, 655u, 656u, 657u}) {
    CAPTURE(id);
    CHECK_FALSE(covers(id));
  }
}

TEST_CASE("coverage: an export that states no levels may hold everything") {
  std::string text = "\"TimeCreated\",\"Id\",\"ProviderName\",\"Message\"\r\n";
  for (int hour = 1; hour < 10; ++hour)
    text += "\"03/10/2026 0" + std::to_string(hour) + ":00:00 AM\",\"1\",\"Somebody\",\"Something.\"\r\n";
  CHECK(check_of(diagnose({{"log.csv", text, no_time}, channel("True", 720)}), "heartbeat") == "fail");
}

TEST_CASE("coverage: a clock that was set back by two minutes or more, ten times at most") {
  const auto jumps = [](double minutes, int times) {
    MadeLog log;
    double t = 0;
    for (int i = 0; i < 60; ++i) {
      log = std::move(log) + ev(t, 1, "x", "Somebody");
      log.back().record = 1000 + static_cast<std::uint64_t>(i);
      t += i < times ? -minutes : 1;
    }
    Given file = xml({});
    for (const MadeEvent& e : log) {  // one by one: written together they would be sorted by time
      const std::string one = xml({e}).bytes;
      const std::size_t begin = one.find("<Event ");
      file.bytes.insert(file.bytes.size() - std::string_view("</Events>").size(),
                        one.substr(begin, one.rfind("</Events>") - begin));
    }
    const Diagnosis d = diagnose({file});
    return std::count_if(d.logs.at(0).remarks.begin(), d.logs.at(0).remarks.end(),
                         [](const std::string& remark) { return holds(remark, "the clock was set back"); });
  };
  CHECK(jumps(1.9, 1) == 0);
  CHECK(jumps(2, 1) == 1);
  CHECK(jumps(3, 1) == 1);
  CHECK(jumps(3, 9) == 9);
  CHECK(jumps(3, 20) == 10);
}

TEST_CASE("coverage: of two exports of a sign of life the exact time ends what it ends") {
  const MadeLog log =
      heart(0, 91) + noise(0, 720) + ev(95, 603, "The manager failed.") + ping(100.005) + heart(130, 720);
  for (const std::string coarse : {"a", "c"}) {
    CHECK(fate(diagnose({csv(log, coarse + ".csv"), xml(log, "b.xml")}), "manager-error") ==
          "recovered at " + iso_at(100.105));
  }
}
