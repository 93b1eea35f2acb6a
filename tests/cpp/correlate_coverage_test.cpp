// What the logs cover: only there does the absence of a record mean anything.
#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <initializer_list>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog host(double minute, std::uint32_t id, std::string provider = "EventLog") {
  return in_channel("System", ev(minute, id, "The host.", std::move(provider)));
}

// Alive until 02:00 and from 08:00 on; other programs all the time.
MadeLog broken_off() {
  return heart(0, 121) + heart(480, 720) + noise(0, 121) + noise(480, 720);
}

bool silent(const MadeLog& log, const MadeLog& system = {}) {
  std::vector<Given> given{xml(log)};
  if (!system.empty()) given.push_back(xml(system, "system.xml"));
  return found(diagnose(given), "channel-silent");
}

}  // namespace

TEST_CASE("coverage: a stretch without a record inside a file is covered") {
  CHECK(silent(broken_off()));
}

TEST_CASE("coverage: not while the host was off, asleep or down") {
  const MadeLog up = host(0, 7, "disk") + host(719, 7, "disk");
  CHECK_FALSE(silent(broken_off(), up + host(130, 6006) + host(470, 6005)));
  CHECK_FALSE(silent(broken_off(), up + host(130, 42, "Microsoft-Windows-Kernel-Power") +
                                       host(470, 107, "Microsoft-Windows-Kernel-Power")));
  CHECK_FALSE(silent(broken_off(), up + host(130, 42, "Microsoft-Windows-Kernel-Power") +
                                       host(470, 1, "Microsoft-Windows-Power-Troubleshooter")));
  CHECK(silent(broken_off(), up + host(130, 42, "Microsoft-Windows-Kernel-Power") +
                                 host(470, 1, "Microsoft-Windows-Kernel-General")));  // a clock that was set
  CHECK_FALSE(silent(broken_off(), up + host(130, 13, "Microsoft-Windows-Kernel-General") +
                                       host(470, 12, "Microsoft-Windows-Kernel-General")));
  CHECK_FALSE(silent(broken_off(), up + host(470, 6008)));
  CHECK_FALSE(silent(broken_off(), up + host(470, 41, "Microsoft-Windows-Kernel-Power")));
  // a crash of ten minutes: the host's own log goes on until just before it
  CHECK(silent(broken_off(), up + host(460, 7, "disk") + host(470, 6008)));
  CHECK(silent(broken_off(), up + host(460, 7, "disk") + host(470, 12, "Microsoft-Windows-Kernel-General")));
  // off for a short while only, or ids of another provider
  CHECK(silent(broken_off(), up + host(130, 6006) + host(140, 6005)));
  CHECK(silent(broken_off(), up + host(130, 6006, "disk") + host(470, 6005, "disk")));
}

TEST_CASE("coverage: not while the service was known to be stopped") {
  CHECK_FALSE(silent(broken_off() + stopped(130) + started(470)));
  const Diagnosis d = diagnose(broken_off() + stopped(130) + started(470));
  CHECK(fate(d, "service-stopped") == "recovered at " + iso_at(470));
  CHECK(verdict_of(d) == "healthy");
}

TEST_CASE("coverage: the last covered hours leave out the time of a stopped service, whichever record says so") {
  const MadeLog log = heart(0, 121) + noise(0, 720) + ev(700, 2001, "The service was started.", "ADSync");
  for (const std::uint32_t id : {602u, 609u, 2002u}) {
    CAPTURE(id);
    CHECK(verdict_of(diagnose(log + ev(130, id, "It stopped.", id == 2002 ? "ADSync" : "Directory Synchronization"))) ==
          "healthy");
  }
  CHECK(verdict_of(diagnose(log + ev(130, 7036, "The Microsoft Azure AD Sync service entered the stopped state.",
                                     "Service Control Manager"))) == "healthy");
  CHECK(verdict_of(diagnose(log)) == "failing");
}

TEST_CASE("coverage: not between two files") {
  const Diagnosis d =
      diagnose({xml(heart(0, 121) + noise(0, 121), "a.xml"), xml(heart(480, 720) + noise(480, 720), "b.xml")});
  CHECK_FALSE(found(d, "channel-silent"));
  REQUIRE(d.gaps.size() == 1);
  CHECK(d.gaps[0].reason == "no log covers this time");
  CHECK(d.gaps[0].to == at(480));
}

TEST_CASE("coverage: not in a stretch that could not be read") {
  std::string text = xml(broken_off()).bytes;
  // newest first: the damage stands between the two stretches
  const std::size_t at_ = text.find("2026-03-10T02:00:30");
  REQUIRE(at_ != std::string::npos);
  text.insert(text.rfind("<Event ", at_), "<Event xmlns='x'><System><EventID>1</EventID><Broken></System></Event>");
  const Diagnosis d = diagnose({Given{"log.xml", text, no_time}});
  CHECK(d.inputs.at(0).problems.size() == 1);
  CHECK_FALSE(found(d, "channel-silent"));
  CHECK(verdict_of(d) == "healthy");
}

TEST_CASE("coverage: an export of errors only covers nothing") {
  MadeLog errors;
  for (int t = 10; t < 700; t += 30) errors = std::move(errors) + failure(t, 8453);
  MadeLog filtered = numbered(heart(0, 720) + noise(0, 720) + errors);
  std::erase_if(filtered, [](const MadeEvent& e) { return e.id != 611; });
  const Diagnosis d = diagnose({xml(filtered)});
  CHECK_FALSE(found(d, "channel-silent"));
  CHECK(found(d, "replication-permission-missing"));
  CHECK(check_of(d, "heartbeat") == "unknown");
  // the whole log of the same server covers its time
  CHECK(verdict_of(diagnose(heart(0, 720) + noise(0, 720))) == "healthy");
}

TEST_CASE("coverage: an export of password sync ids covers its time") {
  MadeLog filtered = numbered(heart(0, 121) + noise(0, 720) + change(60));
  std::erase_if(filtered, [](const MadeEvent& e) { return e.id == 16384; });
  const Diagnosis d = diagnose({xml(filtered + ev(719, 658, "Something ordinary."))});
  CHECK(found(d, "channel-silent"));
}

TEST_CASE("coverage: a System log beside it neither covers nor ends the Application log") {
  const MadeLog later = in_channel("System", ev(0, 7, "x", "disk") + ev(2000, 7, "x", "disk"));
  const Diagnosis d = diagnose({xml(heart(0, 240) + noise(0, 240)), xml(later, "system.xml")});
  CHECK(verdict_of(d) == "healthy");
}

TEST_CASE("coverage: the end is the last record of any kind, not the time of a collection") {
  CHECK(verdict_of(diagnose({xml(heart(0, 240) + noise(0, 240)), feature("True", 5000)})) == "healthy");
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240) + ev(1000, 1, "x", "x"))).starts_with("failing: channel-silent"));
}

TEST_CASE("coverage: clearing, missing ids and a late beginning are said of each log") {
  MadeLog log = numbered(heart(0, 240) + noise(0, 240));
  const std::size_t whole = log.size();
  log.erase(log.begin() + 10, log.begin() + 14);
  const Diagnosis d = diagnose(
      {xml(log + in_channel("System", ev(1, 104, "The System log file was cleared.", "Microsoft-Windows-Eventlog")))});
  REQUIRE(d.logs.size() == 1);
  CHECK(d.logs[0].records == whole - 3);
  std::string remarks;
  for (const std::string& r : d.logs[0].remarks) remarks += r + "|";
  CHECK(holds(remarks, "begins at record"));
  CHECK(holds(remarks, "was cleared at 2026-03-10T00:01:00Z"));
  CHECK(d.logs[0].first_time == at(0));
  CHECK(d.logs[0].computer == "sync01.contoso.com");
}

TEST_CASE("coverage: a clock that was set back is said of the log, whichever way it is written") {
  MadeLog log = numbered(heart(0, 240) + noise(0, 240));
  const auto remarks_of = [](const Diagnosis& d) {
    std::string remarks;
    for (const std::string& r : d.logs.at(0).remarks) remarks += r + "|";
    return remarks;
  };
  CHECK_FALSE(holds(remarks_of(diagnose({xml(log)})), "clock"));
  const std::size_t half = log.size() / 2;
  for (std::size_t i = half; i < log.size(); ++i) log[i].minute -= 45;
  const std::string before = "before record " + std::to_string(log[half].record);
  MadeLog newest_first(log.rbegin(), log.rend());
  for (const MadeLog& order : {log, newest_first}) {
    Given file = xml({});
    for (const MadeEvent& e : order) {  // one by one: written together they would be sorted by time
      const std::string one = xml({e}).bytes;
      const std::size_t begin = one.find("<Event ");
      file.bytes.insert(file.bytes.size() - std::string_view("</Events>").size(),
                        one.substr(begin, one.rfind("</Events>") - begin));
    }
    const std::string remarks = remarks_of(diagnose({file}));
    CHECK(holds(remarks, before));
    CHECK(holds(remarks, "the clock was set back by"));
  }
}

TEST_CASE(
    "coverage: an export of the cloud side's errors, or of users' results, says nothing of the pings it left out") {
  const MadeLog whole = numbered(heart(0, 720) + noise(0, 720) + change(100) + change(600) + credential(130));
  const auto only = [&](std::initializer_list<std::uint32_t> ids) {
    MadeLog chosen = whole;
    std::erase_if(chosen, [&](const MadeEvent& e) { return std::find(ids.begin(), ids.end(), e.id) == ids.end(); });
    return chosen;
  };
  CHECK_FALSE(found(diagnose({xml(whole)}), "channel-silent"));
  for (const MadeLog& chosen : {only({611, 652, 655}), only({656, 657})}) {
    CHECK_FALSE(found(diagnose({xml(chosen)}), "channel-silent"));
    CHECK_FALSE(found(diagnose({csv(chosen)}), "channel-silent"));
  }
  CHECK(said(diagnose({csv(only({656, 657}))})) == "unknown: none");
  CHECK(check_of(diagnose({csv(only({656, 657}))}), "heartbeat") == "unknown");
  // whoever exported pings exported all of them
  CHECK(found(diagnose({xml(numbered(heart(0, 121)) + ev(719, 658, "Something ordinary."))}), "channel-silent"));
}

TEST_CASE("coverage: what an export without pings covers is told by its record numbers") {
  // the scheduler's events only, every ten minutes; a connector is configured
  const auto scheduled = [](std::uint64_t step, std::string_view provider) {
    MadeLog log;
    for (int t = 0; t < 720; t += 10) {
      log = std::move(log) + ev(t, 904, "Finished: Delta Sync.", std::string(provider));
      log.back().record = 1000 + static_cast<std::uint64_t>(t / 10) * step;
    }
    return found(diagnose({xml(log), channel("True", 720)}), "channel-silent");
  };
  CHECK(scheduled(1, "Directory Synchronization"));
  CHECK_FALSE(scheduled(5, "Directory Synchronization"));
  CHECK(scheduled(1, "Somebody"));
  CHECK_FALSE(scheduled(5, "Somebody"));
}

TEST_CASE("coverage: logs in which password sync could not stand cover nothing") {
  const MadeLog system = in_channel("System", noise(0, 720));
  CHECK_FALSE(found(diagnose({xml(system), channel("True", 720)}), "channel-silent"));
  CHECK(found(diagnose({xml(system + noise(3, 720)), channel("True", 720)}), "channel-silent"));
  CHECK(found(diagnose({xml(noise(0, 720)), channel("True", 720)}), "channel-silent"));
  // whichever of two channels comes first; a record that names none is of neither
  CHECK(found(diagnose({xml(system + noise(3, 700)), channel("True", 720)}), "channel-silent"));
  CHECK_FALSE(found(diagnose({xml(system + in_channel("", ev(0.1, 1, "x", "Somebody"))), channel("True", 720)}),
                    "channel-silent"));
}

TEST_CASE("coverage: only what stops the service or the host takes time away") {
  const MadeLog up = host(0, 7, "disk") + host(719, 7, "disk");
  // asleep, although the host's log has a record between
  struct Pair {
    std::uint32_t down, comes_up;
    const char* provider;
  };
  for (const Pair& p : {Pair{42, 107, "Microsoft-Windows-Kernel-Power"}, Pair{6006, 6005, "EventLog"},
                        Pair{13, 12, "Microsoft-Windows-Kernel-General"}}) {
    CAPTURE(p.down);
    CHECK_FALSE(silent(broken_off(),
                       up + host(130, p.down, p.provider) + host(469, 7, "disk") + host(470, p.comes_up, p.provider)));
  }
  // asleep and then shut down: off since the first of the two
  CHECK_FALSE(silent(broken_off(), up + host(130, 42, "Microsoft-Windows-Kernel-Power") + host(460, 6006) +
                                       host(469, 7, "disk") + host(470, 6005)));
  const MadeLog quiet = heart(0, 121) + noise(0, 720);
  CHECK(silent(quiet + ev(122, 2506, "Password hash sync was disabled.")));
  CHECK(silent(quiet,
               up + in_channel("System", ev(122, 7036, "The Microsoft Azure AD Sync service entered the running state.",
                                            "Service Control Manager"))));
  // stopped, alive again without a start in the log, and then silent
  CHECK(silent(heart(0, 121) + stopped(130) + ping(200) + started(470) + heart(480, 720) + noise(0, 720)));
}

TEST_CASE("coverage: a part of a log in which everything failed covers its time as the whole does") {
  MadeLog failing;
  for (int t = 150; t < 400; t += 30) failing = std::move(failing) + credential(t) + credential(t + 0.5, 115);
  const MadeLog pings = heart(0, 121);
  const Diagnosis whole = diagnose({csv(pings + failing)});
  const Diagnosis parts = diagnose({csv(pings, "a.csv"), csv(failing, "b.csv")});
  CHECK(said(parts) == said(whole));
  CHECK(check_of(parts, "heartbeat") == check_of(whole, "heartbeat"));
  // alone it says nothing of pings
  CHECK(check_of(diagnose({csv(failing)}), "heartbeat") == "unknown");
}

TEST_CASE("coverage: an export of faults only covers nothing, other programs' faults in it or not") {
  // as a CSV, or as XML that somebody wrote without record numbers, which could tell what was left out
  const auto without_numbers = [](const MadeLog& log) {
    Given given = xml(log);
    RE2::GlobalReplace(&given.bytes, "<EventRecordID>[0-9]+</EventRecordID>", "");
    return given;
  };
  const auto faults = [&](int level, bool as_xml) {
    MadeLog log;
    for (int t = 10; t < 700; t += 20) {
      log = std::move(log) + ev(t, 1000, "Faulting application name: a.exe", "Application Error", level);
      if (t % 60 == 10) log = std::move(log) + failure(t + 1, 8453);
    }
    return std::vector<Given>{as_xml ? without_numbers(log) : csv(log), channel("True", 720)};
  };
  for (const bool as_xml : {false, true}) {
    for (const int level : {1, 2, 3}) {
      CAPTURE(as_xml);
      CAPTURE(level);
      const Diagnosis d = diagnose(faults(level, as_xml));
      CHECK_FALSE(found(d, "channel-silent"));
      CHECK(found(d, "replication-permission-missing"));
      CHECK(check_of(d, "heartbeat") == "unknown");
    }
    // with what is well in it, it is the log
    CHECK(check_of(diagnose(faults(4, as_xml)), "heartbeat") == "fail");
  }
}

TEST_CASE("coverage: life hours before the end of any log is not life in the last three hours") {
  // an export of chosen ids goes on for hours after the pings end; it says nothing of what it left out
  MadeLog chosen;
  for (int t = 300; t < 700; t += 20) {
    chosen = std::move(chosen) + ev(t, 658, "Something ordinary.");
    chosen.back().record = 90'000 + static_cast<std::uint64_t>(t) * 10;
  }
  const Diagnosis d = diagnose({xml(heart(0, 121) + noise(0, 121), "a.xml"), xml(chosen, "b.xml")});
  CHECK_FALSE(found(d, "channel-silent"));
  CHECK(verdict_of(d) == "unknown");
  CHECK(check_of(d, "heartbeat") != "pass");
  CHECK(verdict_of(diagnose({xml(heart(0, 121) + noise(0, 121), "a.xml")})) == "healthy");
}
