// What was found out about a text is found again for the same text only.
#include <doctest/doctest.h>

#include "correlate/said_before.hpp"

using namespace synclens;
using namespace synclens::correlate;

namespace {

std::string forest(std::string_view connector) {
  return "\r\n<forest-info>\r\n  <partition-name>CONTOSO.COM</partition-name>\r\n  <connector-id>" +
         std::string(connector) + "</connector-id>\r\n</forest-info>";
}

}  // namespace

TEST_CASE("said before: the end of a text, and whether it holds a tracking id") {
  Names names;
  ForestInfos infos;
  for (int i = 0; i < 2; ++i) {
    const std::string text = "Text " + std::to_string(i) + forest("A-1");
    CHECK(names[infos.of(text, names).connector] == "a-1");
    CHECK(names[infos.of(text, names).partition] == "contoso.com");
    CHECK(infos.of(text, names).untracked == forest("A-1").size() - 2);
  }
  CHECK(names[infos.of("Text" + forest("B"), names).connector] == "b");
  CHECK(names[infos.of("Text" + forest("A-1"), names).connector] == "a-1");
  CHECK(infos.of("Text", names).connector == nobody);
  CHECK(infos.of("Text", names).untracked == 0);
  const std::string tracked = forest("A-1") + " TrackingID : 6f0e0000-0000-4000-8000-0000000000d2";
  CHECK(infos.of(tracked, names).untracked == 0);
  CHECK(names[infos.of(tracked, names).connector] == "a-1");
  // of several the last one counts
  CHECK(names[infos.of(forest("A-1") + forest("B"), names).connector] == "b");
}

TEST_CASE("said before: the beginning of a text ends where its own part begins") {
  Beginnings beginnings;
  int made = 0;
  const auto shown = [&](std::string_view text) {
    std::string made_of = "known";
    beginnings.of(650, text, [&](std::string_view beginning) {
      made_of = beginning;
      return static_cast<Id>(++made);
    });
    return made_of;
  };
  CHECK(shown("Batch start. TrackingID : 1") == "Batch start. ");
  CHECK(shown("Batch start. TrackingID : 2\nMore") == "known");
  CHECK(shown("Batch start.\nTrackingID : 2") == "Batch start.");
  CHECK(shown("Batch start.\nAnother line") == "known");
  CHECK(shown("Change - Anchor : a\n") == "Change");
  CHECK(shown("Change - Anchor : b TrackingID") == "known");
  CHECK(shown("Change\n - Anchor : b") == "Change");
  CHECK(shown("no end at all") == "no end at all");
  CHECK(shown("no end at all") == "no end at all");
  CHECK(shown("no end at all, but one here - Anchor") == "no end at all, but one here");
}

TEST_CASE("said before: a fact of the same text, id, level, provider and computer") {
  SaidBefore said;
  EventView event;
  event.event_id = 611;
  event.level = 2;
  event.provider = "P";
  event.computer = "c";
  event.message = "Text.";
  Fact fact;
  fact.event_id = 611;
  fact.level = 2;
  fact.cause = 5;
  CHECK(said.find(event, "Text.") == nullptr);
  said.keep(event, "Text.", fact);
  REQUIRE(said.find(event, "Text.") != nullptr);
  CHECK(said.find(event, "Text.")->cause == 5);
  CHECK(said.find(event, "text.") == nullptr);
  const auto other = [&](const auto& change) {
    EventView changed = event;
    change(changed);
    return said.find(changed, "Text.") == nullptr;
  };
  CHECK(other([](EventView& e) { e.event_id = 612; }));
  CHECK(other([](EventView& e) { e.level = 3; }));
  CHECK(other([](EventView& e) { e.provider = "p"; }));
  CHECK(other([](EventView& e) { e.computer = "C"; }));
  CHECK(other([](EventView& e) { e.message = {}; }));
  CHECK_FALSE(other([](EventView& e) { e.record_id = 7; }));
}

TEST_CASE("said before: a user's anchor and DN") {
  Names names;
  UserNames users;
  for (const std::string& text :
       {std::string("Anchor : a==, Dn : CN=a,DC=x, Change Date : 1"), std::string("Anchor : a==, Dn : CN=a,DC=x"),
        std::string("Anchor : a==, Dn : CN=b,DC=x"), std::string("Anchor : b==, Dn : CN=b,DC=x"),
        std::string("Anchor:b==,Dn:CN=b,DC=x"), std::string("Anchor : b=="), std::string("Dn : CN=b,DC=x"),
        "Anchor : a==, Dn : CN=" + std::string(300, 'l') + ",DC=x"}) {
    CAPTURE(text);
    const std::string line = "Password Change Request - " + text;
    for (int i = 0; i < 2; ++i) {
      const std::vector<PasswordChange> changes = password_changes(line);
      REQUIRE(changes.size() == 1);
      const UserNames::Numbers numbers = users.of(changes[0], names);
      CHECK(names[numbers.anchor] == changes[0].anchor);
      CHECK(names[numbers.dn] == changes[0].dn);
    }
  }
}
