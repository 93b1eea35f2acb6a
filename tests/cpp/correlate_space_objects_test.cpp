// Which texts of objects are one user, and what their lineage says of password hashes.
#include <doctest/doctest.h>

#include "correlate/space_objects.hpp"
#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::correlate;

namespace {

// Settings as the collector keeps them.
struct Kept {
  Facts facts;
  World world;

  Kept() {
    world.facts = &facts;
    facts.sources.emplace_back();
  }
  void put(std::string_view topic, std::string_view subject, std::string_view name, std::string_view value,
           Ticks time = 1) {
    SettingFact s;
    s.time = time;
    s.topic = facts.names.add(topic);
    s.subject = facts.names.add(subject);
    s.name = facts.names.add(name);
    s.value = facts.names.add(value);
    facts.settings.push_back(s);
  }
  [[nodiscard]] Carries carries(std::string_view dn) const {
    const SpaceObjects objects = find_space_objects(world);
    return carries_hashes(objects, world, objects.connector_space.find(dn)->second.back());
  }
};

}  // namespace

TEST_CASE("lineage: one rule is enough, none is none, and a cut flag says nothing") {
  Kept kept;
  kept.put("cs-object", "cn=a", "PasswordSync", "Join=False");
  CHECK(kept.carries("cn=a") == Carries::no);
  kept.put("cs-object", "cn=a", "PasswordSync", "Enabled=True");
  CHECK(kept.carries("cn=a") == Carries::yes);
  kept.put("cs-object", "cn=b", "PasswordSync", "Enabled=Tr...");
  CHECK(kept.carries("cn=b") == Carries::unknown);
  kept.put("cs-object", "cn=c", "ObjectId", "1");
  CHECK(kept.carries("cn=c") == Carries::unknown);
}

TEST_CASE("lineage: without flags the rules themselves tell, when all are known") {
  Kept kept;
  kept.put("cs-object", "cn=a", "SyncRule", "Join");
  kept.put("cs-object", "cn=a", "SyncRule", "Enabled");
  CHECK(kept.carries("cn=a") == Carries::unknown);
  kept.put("rule", "Join", "EnablePasswordSync", "False");
  CHECK(kept.carries("cn=a") == Carries::unknown);
  kept.put("rule", "Enabled", "EnablePasswordSync", "False");
  CHECK(kept.carries("cn=a") == Carries::no);
  kept.put("rule", "Enabled", "EnablePasswordSync", "True");
  CHECK(kept.carries("cn=a") == Carries::yes);
}

TEST_CASE("objects: joined by the metaverse id, or by what the metaverse names") {
  Kept kept;
  kept.put("cs-object", "CN=A,DC=x", "ConnectedMVObjectId", "{AAAA}");
  kept.put("mv-object", "aaaa", "ConnectedCsObjectDN", "CN={4948}");
  kept.put("mv-object", "bbbb", "ConnectedCsObjectDN", "CN=B,DC=x");
  kept.put("cs-object", "CN={4948}", "ObjectId", "7");
  const SpaceObjects objects = find_space_objects(kept.world);
  const SpaceObject* a = metaverse_of(objects, kept.world, "cn=a,dc=x");
  REQUIRE(a != nullptr);
  CHECK(a->subject == "aaaa");
  CHECK(cloud_dn_of(kept.world, *a) == "CN={4948}");
  REQUIRE(cloud_of(objects, kept.world, *a) != nullptr);
  CHECK(property(kept.world, *cloud_of(objects, kept.world, *a), "objectid") != nullptr);
  const SpaceObject* b = metaverse_of(objects, kept.world, "CN=B,DC=x");
  REQUIRE(b != nullptr);
  CHECK(cloud_of(objects, kept.world, *b) == nullptr);
  CHECK(metaverse_of(objects, kept.world, "CN=C,DC=x") == nullptr);
}

TEST_CASE("objects: the latest collection is the last, one without a time the first") {
  Kept kept;
  kept.put("cs-object", "cn=a", "X", "new", 9);
  kept.put("cs-object", "cn=a", "X", "timeless", no_time);
  kept.put("cs-object", "CN=A", "X", "old", 5);
  const SpaceObjects objects = find_space_objects(kept.world);
  const Collections& all = objects.connector_space.at("cn=a");
  REQUIRE(all.size() == 3);
  CHECK(kept.world.text(property(kept.world, all[0], "X")->value) == "timeless");
  CHECK(kept.world.text(property(kept.world, all[2], "X")->value) == "new");
}
