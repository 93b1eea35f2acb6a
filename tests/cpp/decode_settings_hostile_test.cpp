#include <doctest/doctest.h>

#include <random>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("settings, hostile: a text over the limit is read as far as the limit") {
  DecodeOptions options;
  options.limits.settings_bytes = 60;
  const SettingRows rows = read_settings(
      "StagingModeEnabled : True\n" + std::string(100, '\n') + "SyncCycleEnabled : True\n", "x.txt", options);
  CHECK(rows.value("scheduler", "", "StagingModeEnabled") == "True");
  CHECK(rows.find("scheduler", "", "SyncCycleEnabled") == nullptr);
  REQUIRE(rows.problems.size() == 1);
  CHECK(rows.problems[0].where.offset == 60);
  options.limits.settings_bytes = 26;
  CHECK(read_settings("StagingModeEnabled : True\n", "x.txt", options).problems.empty());
}

TEST_CASE("settings, hostile: a million columns") {
  std::string header, rule, row;
  for (int i = 0; i < 1000000; ++i) {
    header += "A ";
    rule += "- ";
    row += "1 ";
  }
  const SettingRows rows =
      read_settings(header + "\n" + rule + "\n" + row + "\n" + row + "\n", "Get-ADSyncScheduler.txt");
  CHECK(rows.rows.size() <= 2 * 4096);
  CHECK(!rows.problems.empty());
  std::string csv = "PasswordHashSync";
  for (int i = 0; i < 1000000; ++i) csv += ",a";
  CHECK(read_settings(csv + "\nTrue" + std::string(1000000, ',') + "\n")
            .value("company-feature", "", "PasswordHashSync") == "True");
}

TEST_CASE("settings, hostile: many short rows under many columns, a long line, nothing but colons") {
  std::string header, rule;
  for (int i = 0; i < 4000; ++i) {
    header += "AB ";
    rule += "-- ";
  }
  std::string text = header + "\n" + rule + "\n";
  for (int i = 0; i < 300000; ++i) text += "x\n";
  CHECK(read_settings(text, "Get-ADSyncScheduler.txt").rows.size() == 300000);
  CHECK(!read_settings("StagingModeEnabled : " + std::string(20u << 20, 'x') + "\n").problems.empty());
  std::string colons;
  for (int i = 0; i < 500000; ++i) colons += "a : b\n";
  CHECK(read_settings(colons).rows.empty());
  std::string prompts;
  for (int i = 0; i < 200000; ++i) prompts += "PS> x-adsync-adsync-adsync\n";
  CHECK(read_settings(prompts).rows.empty());
}

TEST_CASE("settings, hostile: more values than anybody has are cut with one problem") {
  std::string text;
  for (int i = 0; i < 1100000; ++i) text += "StagingModeEnabled: a\n\n";
  const SettingRows rows = read_settings(text);
  CHECK(rows.rows.size() == std::size_t{1} << 20);
  CHECK(rows.problems.size() == 1);
}

TEST_CASE("settings, hostile: garbage and mutations come back") {
  std::mt19937 random(20260311);
  const std::string_view seeds[] = {
      "StagingModeEnabled : True\r\nSyncCycleEnabled   : False\r\n\r\n",
      "SourceConnector TargetConnector Enabled\r\n--------------- --------------- -------\r\na b             c         "
      "      True\r\n\r\n",
      "#TYPE x\r\n\"RunHistoryId\",\"Result\"\r\n\"1\",\"success\"\r\n",
      "## Export CS object all\r\nObjectId : 1\r\nDistinguishedName : CN=x\r\n## Export CS object "
      "Lineage\r\nSyncRuleName : a\r\n",
      "<ma-data><name>a</name><id>b</id><private-configuration><forest-name>x</forest-name></private-configuration></"
      "ma-data>",
      "AD Connector - a\nPassword Hash Synchronization is NOT enabled\nDomain \"x\" is reachable\n"};
  const std::string_view spice = "\r\n\t :-#\"<>{},\0\xC3\xBC\xFF PS";
  std::size_t understood = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text(seeds[static_cast<std::size_t>(round) % std::size(seeds)]);
    const int changes = static_cast<int>(random() % 12);
    for (int i = 0; i < changes; ++i) {
      const std::size_t at = random() % (text.size() + 1);
      const char c = spice[random() % spice.size()];
      if (random() % 3 == 0 && at < text.size()) {
        text.erase(at, 1 + random() % 4);
      } else if (random() % 2 == 0 && at < text.size()) {
        text[at] = c;
      } else {
        text.insert(at, 1 + random() % 3, c);
      }
    }
    const SettingRows rows = read_settings(text, "Get-ADSyncCSObject_x.txt");
    understood += rows.rows.empty() ? 0u : 1u;
    CHECK(rows.events == 0);
  }
  CHECK(understood > 2000);
  std::string garbage(200000, '\0');
  for (char& c : garbage) c = static_cast<char>(random());
  CHECK(read_settings(garbage).rows.size() < 200000);
}

TEST_CASE("settings, hostile: more problems than anybody reads are counted") {
  std::string text = "\r\nSourceConnector : a\r\nEnabled : True\r\n";
  for (int i = 0; i < 50; ++i) text += "Name : " + std::string(200, 'x') + "\r\n";
  DecodeOptions options;
  options.limits.text_line_bytes = 100;
  options.limits.problems_per_source = 4;
  const SettingRows result = read_settings(text, "settings.txt", options);
  REQUIRE(result.problems.size() == 5);
  CHECK(result.problems.back().what.find("counted only: 46") != std::string::npos);
}
