// What the logs cover: only there does the absence of a record mean anything.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <system_error>

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
  // as a CSV, which has no record numbers that could tell what was left out
  const auto faults = [](int level) {
    MadeLog log;
    for (int t = 10; t < 700; t += 20) {
      log = std::move(log) + ev(t, 1000, "Faulting application name: a.exe", "Application Error", level);
      if (t % 60 == 10) log = std::move(log) + failure(t + 1, 8453);
    }
    return std::vector<Given>{csv(log), channel("True", 720)};
  };
  for (const int level : {1, 2, 3}) {
    CAPTURE(level);
    const Diagnosis d = diagnose(faults(level));
    CHECK_FALSE(found(d, "channel-silent"));
    CHECK(found(d, "replication-permission-missing"));
    CHECK(check_of(d, "heartbeat") == "unknown");
  }
  // with what is well in it, it is the log
  CHECK(check_of(diagnose(faults(4)), "heartbeat") == "fail");
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
  class Failing final : public ByteStream {
   public:
    explicit Failing(std::string bytes) : bytes_(std::move(bytes)) {}
    std::size_t read(std::span<std::uint8_t> into) override {
      if (at_ == bytes_.size()) throw std::system_error(std::make_error_code(std::errc::io_error));
      const std::size_t n = std::min(into.size(), bytes_.size() - at_);
      std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), n, into.begin());
      at_ += n;
      return n;
    }

   private:
    std::string bytes_;
    std::size_t at_ = 0;
  };
  const std::string whole = xml(heart(0, 240) + noise(0, 240)).bytes;
  Analyzer analyzer(shipped_catalogue(), {});
  Source source;
  source.name = "log.xml";
  source.stream = std::make_unique<Failing>(whole.substr(0, whole.size() * 3 / 4));
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
