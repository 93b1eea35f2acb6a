// What an administrator changed before it broke, and builds that are too old.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

MadeLog changed(double minute, std::uint32_t id) {
  return ev(minute, id, "It was changed.");
}

std::string change_named(const MadeLog& log, std::string_view cause) {
  const Finding f = finding(diagnose(log), cause);
  REQUIRE_FALSE(f.cause.empty());
  const auto named = f.fields.find("changed_before");
  return named == f.fields.end() ? "" : named->second.at(0).substr(0, 4);
}

}  // namespace

TEST_CASE("changes: a finding names the last change of its scope within the day before it began") {
  const MadeLog log = heart(0, 2 * day) + noise(0, 2 * day) + failure(2 * day - 10, 8453);
  const std::string cause = "replication-permission-missing";
  CHECK(change_named(log, cause).empty());
  CHECK(change_named(log + changed(2 * day - 100, 2517), cause) == "2517");
  CHECK(change_named(log + changed(2 * day - 100, 2517) + changed(2 * day - 50, 2518), cause) == "2518");
  CHECK(change_named(log + changed(day - 9, 2517), cause) == "2517");
  CHECK(change_named(log + changed(day - 11, 2517), cause).empty());      // more than a day before
  CHECK(change_named(log + changed(2 * day - 5, 2517), cause).empty());   // after it began
  CHECK(change_named(log + changed(2 * day - 50, 2513), cause).empty());  // of another scope
}

TEST_CASE("changes: which concern which scope") {
  const MadeLog base = heart(0, 240) + noise(0, 240);
  const MadeLog tenant = base + tenant_off(235);
  const MadeLog domain = base + failure(235, 8453);
  const MadeLog silent = heart(0, 31) + noise(0, 400);
  for (std::uint32_t id = 2503; id <= 2521; ++id) {
    CAPTURE(id);
    const bool of_tenant =
        id == 2503 || id == 2504 || id == 2506 || id == 2507 || id == 2513 || id == 2518 || id == 2519;
    const bool of_domain =
        id == 2503 || id == 2505 || id == 2508 || id == 2509 || id == 2511 || id == 2517 || id == 2518;
    const bool of_connector =
        id == 2503 || id == 2505 || id == 2506 || id == 2511 || id == 2513 || id == 2517 || id == 2518;
    CHECK((change_named(tenant + changed(200, id), "tenant-feature-disabled") == std::to_string(id)) == of_tenant);
    CHECK((change_named(domain + changed(200, id), "replication-permission-missing") == std::to_string(id)) ==
          of_domain);
    CHECK((change_named(silent + changed(20, id), "channel-silent") == std::to_string(id)) == of_connector);
  }
}

TEST_CASE("changes: of filters and sync rules for objects out of scope, none for what the service answered") {
  const MadeLog log = heart(0, 720) + noise(0, 720);
  const Given row = status_table("2026-03-10 10:00:00,NoTargetConnection,\"" + std::string(ana) + "\"\r\n");
  for (std::uint32_t id = 2503; id <= 2521; ++id) {
    CAPTURE(id);
    const Diagnosis d = diagnose({xml(log + changed(500, id)), row});
    REQUIRE(d.findings.size() == 1);
    const bool filter = id == 2505 || id == 2510 || id == 2511 || id == 2512;
    CHECK((d.findings[0].fields.count("changed_before") == 1) == filter);
    CHECK(change_named(log + changed(500, id) + result(600, "Failed"), "service-error").empty());
  }
}

TEST_CASE("changes: they are said in the summary, shown as evidence and marked on the timeline") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) + failure(235, 8453) + changed(200, 2518));
  const Finding f = finding(d, "replication-permission-missing");
  CHECK(holds(f.summary, "2518"));
  CHECK(holds(f.evidence.back().excerpt, "2518"));
  CHECK(f.count == 1);  // a change is no sighting
  bool marked = false;
  for (const TimelineMark& m : d.timeline) marked = marked || (m.kind == "change" && m.time == at(200));
  CHECK(marked);
  CHECK(said(diagnose(heart(0, 240) + noise(0, 240) + changed(200, 2518))) == "healthy: none");
}

TEST_CASE("changes: a silence may be explained by a change within half an hour of the last heartbeat") {
  const MadeLog silent = heart(0, 31) + noise(0, 400);
  CHECK(change_named(silent + changed(55, 2506), "channel-silent") == "2506");
  CHECK(change_named(silent + changed(65, 2506), "channel-silent").empty());
}

TEST_CASE("changes: a feature switched off by an administrator is off since then") {
  const MadeLog log = heart(0, 541) + noise(0, day) + ev(540.2, 2506, "Password hash sync was disabled.");
  const Diagnosis d = diagnose({xml(log), feature("False", day)});
  CHECK(said(d) == "failing: tenant-feature-disabled tenant ongoing");
  CHECK(since_of(d) == iso_at(540.2));
  // switched on again later, or life after it: the setting alone
  CHECK(since_of(diagnose({xml(log + ev(600, 2506, "Password hash sync was enabled.")), feature("False", day)})) !=
        iso_at(540.2));
}

TEST_CASE("builds: retired by the time of the evidence") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const auto retired = [&](std::string_view version, double minute) {
    return found(diagnose({xml(log), build(version, minute)}), "version-retired");
  };
  CHECK(retired("1.6.16.0", 240));  // every 1.x since 2023-10-01
  CHECK_FALSE(retired("1.6.16.0", -900.0 * day));
  CHECK_FALSE(retired("2.5.190.0", 240));
  const Diagnosis d = diagnose({xml(log), build("1.6.16.0", 240)});
  CHECK(verdict_of(d) == "healthy");
  CHECK(finding(d, "version-retired").severity == Severity::low);
  CHECK(check_of(d, "build-supported") == "fail");
  CHECK(check_of(diagnose({xml(log), build("2.5.190.0", 240)}), "build-supported") == "pass");
  CHECK(check_of(diagnose(log), "build-supported") == "unknown");
}

TEST_CASE("builds: one between two rows is judged by the next row, an undated one by the dated row above it") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const std::vector<Build>& builds = shipped_catalogue().builds();
  const auto date_of = [&](std::size_t i) {
    while (i > 0 && builds[i].end_of_support.empty()) --i;
    return builds[i].end_of_support;
  };
  for (std::size_t i = 0; i < builds.size(); ++i) {
    if (compare_builds(builds[i].version, "2.0.0.0") < 0) continue;
    const auto gone = [&](const std::string& version, const std::string& date, double after) {
      const auto days = static_cast<double>((parse_iso(date)->ticks - at(0)) / ticks_per_day);
      return found(diagnose({xml(log), build(version, (days + after) * day)}), "version-retired");
    };
    CAPTURE(builds[i].version);
    CHECK(gone(builds[i].version, date_of(i), 0));
    CHECK_FALSE(gone(builds[i].version, date_of(i), -1));
    const std::string between = builds[i].version.substr(0, builds[i].version.rfind('.')) + ".9";
    if (i + 1 == builds.size()) {
      CHECK_FALSE(gone("9.9.9.9", "2099-01-01", 0));
    } else if (compare_builds(between, builds[i].version) > 0 && compare_builds(between, builds[i + 1].version) < 0) {
      CHECK(gone(between, date_of(i + 1), 0));
      CHECK_FALSE(gone(between, date_of(i + 1), -1));
    }
  }
  // a build of 2020 was in support in 2020, although the row before it was long retired
  CHECK_FALSE(found(diagnose({xml(log), build("1.4.18.0", -2000.0 * day)}), "version-retired"));
}

TEST_CASE("builds: the service's floor holds for evidence after 2026-09-30 only") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const auto floor = [&](std::string_view version, std::string_view date) {
    Given g = build(version);
    g.collected = parse_iso(date)->ticks;
    return found(diagnose({xml(log), g}), "build-below-service-floor");
  };
  CHECK(floor("2.5.76.0", "2026-10-02"));
  CHECK_FALSE(floor("2.5.76.0", "2026-09-30"));
  CHECK_FALSE(floor("2.5.76.0", "2026-10-01"));  // the first moment after it begins a day
  CHECK_FALSE(floor("2.5.79.0", "2026-10-02"));
  CHECK_FALSE(floor("2.5.190.0", "2026-10-02"));
  const Diagnosis before = diagnose({xml(log), build("2.5.76.0", 240)});
  std::string why;
  for (const Check& c : before.checks) {
    if (c.id == "build-supported") why = c.why;
  }
  CHECK(holds(why, "2.5.79.0"));
}

TEST_CASE("builds: one that a trace states is as good as a setting") {
  const Diagnosis d = diagnose(heart(0, 240) + noise(0, 240) +
                               ev(200, 6329, "An unexpected error.\r\nAzure AD Sync 1.4.18.0\"", "ADSync", 2));
  CHECK(d.build == "1.4.18.0");
  CHECK(found(d, "version-retired"));
}

TEST_CASE("changes: of a finding that is over, the change before its last episode") {
  const MadeLog log = heart(0, 720) + noise(0, 720) + stopped(60) + started(62) + stopped(400) + started(500);
  CHECK(change_named(log + changed(390, 2506), "service-stopped") == "2506");
  CHECK(change_named(log + changed(50, 2506) + changed(390, 2519), "service-stopped") == "2519");
}

TEST_CASE("changes: at the very moment, a day before it to the tick, and half an hour into a silence") {
  const auto names = [](const MadeLog& log, std::string_view cause) {
    return finding(diagnose(log), cause).fields.contains("changed_before");
  };
  const MadeLog well = heart(0, 2000) + noise(0, 2000);
  const auto changed = [](double minute) { return ev(minute, 2518, "It was changed."); };
  CHECK(names(well + failure(1900, 1326) + changed(1900), "ad-account-credential"));
  CHECK(names(well + failure(1900, 1326) + changed(1900 - day), "ad-account-credential"));
  CHECK_FALSE(names(well + failure(1900, 1326) + changed(1899.9 - day), "ad-account-credential"));
  const MadeLog silent = heart(0, 121) + noise(0, 720);
  CHECK(names(silent + changed(150.1), "channel-silent"));
  CHECK_FALSE(names(silent + changed(150.2), "channel-silent"));
  // one without a time hides none that has; what is not password sync names none
  const Given timeless{
      "log.csv",
      "\"Id\",\"ProviderName\",\"Message\"\r\n\"2518\",\"Directory Synchronization\",\"It was changed.\"\r\n", no_time};
  CHECK(finding(diagnose({xml(well + failure(1900, 1326) + changed(1890)), timeless}), "ad-account-credential")
            .fields.contains("changed_before"));
  CHECK_FALSE(names(well + ev(1900, 6329, "An unexpected error.", "ADSync", 2) + ev(1890, 2503, "It was changed."),
                    "writeback-error"));
}

TEST_CASE("builds: of one build in several collections the latest is the time of the evidence") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const auto collected = [](std::string_view date, std::string_view folder) {
    Given g = build("2.5.3.0");
    g.collected = parse_iso(date)->ticks;
    g.name = std::string(folder) + g.name;
    return g;
  };
  CHECK(found(diagnose({xml(log), collected("2026-07-01", "a/"), collected("2026-08-01", "b/")}), "version-retired"));
  CHECK(found(diagnose({xml(log), collected("2026-08-01", "a/"), collected("2026-07-01", "b/")}), "version-retired"));
  CHECK_FALSE(found(diagnose({xml(log), collected("2026-07-01", "a/")}), "version-retired"));
}

TEST_CASE("builds: the time of the evidence is that of the settings, else of the record, else the end of the log") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const auto trace = [](std::string_view version) {
    return "An unexpected error.\r\nAzure AD Sync " + std::string(version);
  };
  CHECK(found(diagnose({xml(log), build("1.4.18.0")}), "version-retired"));
  CHECK(found(diagnose({xml(log),
                        {"log.csv",
                         "\"Id\",\"ProviderName\",\"Message\"\r\n\"6329\",\"ADSync\",\"" + trace("1.4.18.0") + "\"\r\n",
                         no_time}}),
              "version-retired"));
  Given later = build("2.5.3.0");
  later.collected = parse_iso("2026-08-01")->ticks;
  const MadeLog named = log + ev(200, 6329, trace("2.5.3.0"), "ADSync", 2);
  CHECK_FALSE(found(diagnose(named), "version-retired"));
  CHECK(found(diagnose({xml(named), later}), "version-retired"));
  // however long ago it was collected
  CHECK(fate(diagnose({xml(heart(0, 720) + noise(0, 720)), build("1.4.18.0", 60)}), "version-retired") == "ongoing");
}

TEST_CASE("builds: DirSync has a day of its own, every later 1.x the one on which the service left it") {
  const MadeLog log = heart(0, 240) + noise(0, 240);
  const auto gone = [&](std::string_view version, std::string_view date) {
    Given g = build(version);
    g.collected = parse_iso(date)->ticks;
    return found(diagnose({xml(log), g}), "version-retired");
  };
  for (const char* version : {"1.0.6455.0807", "1.0.6385.0012"}) {
    CAPTURE(version);
    CHECK(gone(version, "2018-01-01"));
    CHECK_FALSE(gone(version, "2017-12-30"));
  }
  CHECK_FALSE(gone("1.0.8641.0", "2023-09-30"));
  CHECK(gone("1.0.8641.0", "2023-10-01"));
}
