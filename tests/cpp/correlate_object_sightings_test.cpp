// What an object's own text shows of its user.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

Given object(std::string_view flag, double collected, std::string_view type = "user", std::string_view set = {}) {
  std::string text = "## Export CS object all\n\nConnectorName : contoso.com\nObjectType : " + std::string(type) +
                     "\nDistinguishedName : " + std::string(ana) +
                     "\nHasExportError : False\n\n## Export CS object Lineage\n\nSyncRuleName : In from AD - User "
                     "AccountEnabled\nPasswordSync : " +
                     std::string(flag) + "\n\n";
  if (!set.empty())
    text += "## Export CS object Attributes\n\nName : pwdLastSet\nValues : {" + std::string(set) + "}\n\n";
  return {"OBJECT/cs" + std::to_string(collected) + ".txt", text, at(collected)};
}

const Given well = xml(heart(0, 720) + noise(0, 720));

}  // namespace

TEST_CASE("objects: a lineage that carries no hash, until a later one does") {
  CHECK(fate(diagnose({well, object("False", 100)}), "sync-rule-missing") == "ongoing");
  CHECK_FALSE(found(diagnose({well, object("True", 100)}), "sync-rule-missing"));
  CHECK(fate(diagnose({well, object("False", 100), object("True", 200)}), "sync-rule-missing") ==
        "recovered at " + iso_at(200));
  CHECK(fate(diagnose({well, object("True", 100), object("False", 200)}), "sync-rule-missing") == "ongoing");
  CHECK(finding(diagnose({well, object("False", 100)}), "sync-rule-missing").scope.name == std::string(ana));
}

TEST_CASE("objects: what is no user needs no password rule") {
  for (const char* type : {"contact", "group", "computer"}) {
    CHECK_FALSE(found(diagnose({well, object("False", 100, type)}), "sync-rule-missing"));
  }
}

TEST_CASE("objects: a password set while the log goes on, and nothing asked") {
  const std::string when = "20260310060000.0Z";  // minute 360
  const Given changed = object("True", 700, "user", when);
  CHECK(fate(diagnose({well, changed}), "hash-unreadable") == "ongoing");
  CHECK_FALSE(found(diagnose({xml(heart(0, 720) + noise(0, 720) + change(361)), changed}), "hash-unreadable"));
  // nobody's passwords went through after it: another cause holds
  CHECK_FALSE(found(diagnose({xml(heart(0, 360) + noise(0, 720)), changed}), "hash-unreadable"));
  // the log ends too soon, or does not reach it
  CHECK_FALSE(found(diagnose({xml(heart(0, 370) + noise(0, 370)), changed}), "hash-unreadable"));
  CHECK_FALSE(found(diagnose({xml(heart(400, 900) + noise(400, 900)), changed}), "hash-unreadable"));
  // a rule that is missing explains it
  CHECK_FALSE(found(diagnose({well, object("False", 700, "user", when)}), "hash-unreadable"));
  // results are kept for seven days only
  const Given week = xml(heart(0, 9 * day) + noise(0, 9 * day));
  CHECK_FALSE(found(diagnose({week, changed}), "hash-unreadable"));
}

TEST_CASE("objects: a smart card keeps an old password working on builds below 2.4.18.0") {
  const auto card = [](std::string_view control, std::string_view version) {
    const std::string text =
        "## Export CS object all\n\nConnectorName : contoso.com\nObjectType : user\nDistinguishedName : " +
        std::string(ana) + "\nHasExportError : False\n\n## Export CS object Attributes\n\nName : userAccountControl\n" +
        "Values : {" + std::string(control) + "}\n\n";
    std::vector<Given> given{well, {"OBJECT/cs.txt", text, at(700)}};
    if (!version.empty()) given.push_back(build(version, 700));
    return found(diagnose(given), "smart-card-required");
  };
  CHECK(card("262656", "2.3.20.0"));  // 0x40200
  CHECK_FALSE(card("512", "2.3.20.0"));
  CHECK_FALSE(card("262656", "2.4.18.0"));
  CHECK_FALSE(card("262656", ""));
  CHECK_FALSE(card("0x40200", "2.3.20.0"));
  CHECK_FALSE(card("262656 or so", "2.3.20.0"));
  // the text of an object need not state it
  CHECK_FALSE(found(diagnose({well, object("True", 700), build("2.3.20.0", 700)}), "smart-card-required"));
}

TEST_CASE("objects: a hash is unreadable by a failure of its own domain only") {
  const Given changed = object("True", 700, "user", "20260310060000.0Z");
  const MadeLog log = heart(0, 360) + noise(0, 720);
  CHECK(found(diagnose({xml(log + failure(700, 1722)), changed}), "hash-unreadable"));
  CHECK_FALSE(found(diagnose({xml(log + failure(700, 1722, "elsewhere.example")), changed}), "hash-unreadable"));
}

TEST_CASE("objects: ten covered minutes to ask, within seven days, of people only") {
  const auto unread = [](double set, double end, double collected, std::string_view type = "user") {
    const std::string iso = iso_at(set);  // 2026-03-10T06:00:00Z
    std::string written;
    for (const char c : iso.substr(0, 19)) written += c >= '0' && c <= '9' ? std::string(1, c) : "";
    const int whole = static_cast<int>(end);
    const MadeLog log = heart(0, whole) + noise(0, whole) + ping(set + 2) + ev(end, 1, "The last record.", "Somebody");
    return found(diagnose({xml(log), object("True", collected, type, written + ".0Z")}), "hash-unreadable");
  };
  CHECK_FALSE(unread(360, 370, 700));
  CHECK(unread(360, 371, 700));
  CHECK(unread(360, 375, 700));
  CHECK(unread(360, 360 + 7 * day, 700));
  CHECK_FALSE(unread(360, 361 + 7 * day, 700));
  CHECK_FALSE(unread(360, 371, 700, "computer"));
}

TEST_CASE("objects: a time that is neither a FILETIME nor a generalized time is none") {
  const auto unread = [](std::string_view set) {
    return found(diagnose({well, object("True", 700, "user", set)}), "hash-unreadable");
  };
  CHECK(unread("20260310060000.0Z"));
  CHECK(unread("20260310060000"));
  CHECK(unread("134175960000000000"));  // the same as a FILETIME
  CHECK_FALSE(unread("134175960000000000 or so"));
  CHECK_FALSE(
      unread("20260310060000"
             "0000Z"));
  CHECK_FALSE(unread("0"));
}

TEST_CASE("objects: a domain's fault explains a missing hash while it goes on, and only a grave one") {
  const Given changed = object("True", 700, "user", "20260310060000.0Z");
  const MadeLog log = heart(0, 121) + noise(0, 720);
  CHECK(found(diagnose({xml(log + failure(700, 1722)), changed}), "hash-unreadable"));
  CHECK_FALSE(found(diagnose({xml(log + failure(130, 1722)), changed}), "hash-unreadable"));
  const MadeLog stored =
      ev(716, 665, "Storing the state failed for domain: contoso.com.", "Directory Synchronization", 2) +
      failure(717, 1722, "emea.contoso.com");
  CHECK_FALSE(found(diagnose({xml(log + stored), changed}), "hash-unreadable"));
  // nobody knows of which domain the fault is, nor the user
  Given elsewhere = changed;
  std::size_t at_ = elsewhere.bytes.find("DC=contoso");
  REQUIRE(at_ != std::string::npos);
  elsewhere.bytes.replace(at_, 10, "DC=another");
  CHECK_FALSE(found(diagnose({xml(log + ev(715, 604, "It failed.", "Directory Synchronization", 2)), elsewhere}),
                    "hash-unreadable"));
}
