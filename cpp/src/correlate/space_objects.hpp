// What the texts of connector space and metaverse objects say, and which of them are one user.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/world.hpp"

namespace synclens::correlate {

// One object in one collection; the facts are in the order of its text.
struct SpaceObject {
  std::string subject;  // as written: the DN of a connector space object, the id of a metaverse object
  Ticks collected = no_time;
  std::vector<const SettingFact*> facts;
};

// Collections of one object by time; one without a time comes first, because a later one decides.
using Collections = std::vector<SpaceObject>;

struct SpaceObjects {
  std::map<std::string, Collections, std::less<>> connector_space, metaverse;  // by subject, lower case
  std::map<std::string, std::string, std::less<>> joined;  // connector space DN to metaverse subject; lower case
  std::map<Id, bool> rules;                                // Get-ADSyncRule: whether the rule carries hashes
};

[[nodiscard]] SpaceObjects find_space_objects(const World& world);

// Cloud objects are named after their anchor: CN={...}.
[[nodiscard]] bool is_cloud_dn(std::string_view dn);

// The value of an attribute or property, of any letter case; null when the text has none.
[[nodiscard]] const SettingFact* property(const World& world, const SpaceObject& object, std::string_view name);

// The metaverse object of a connector space object; null when the bundle has no text of it.
[[nodiscard]] const SpaceObject* metaverse_of(const SpaceObjects& objects, const World& world, std::string_view dn);

// The text of the object in the cloud connector space that a metaverse object names; null when there is none.
[[nodiscard]] const SpaceObject* cloud_of(const SpaceObjects& objects, const World& world,
                                          const SpaceObject& metaverse);

// The DN of the cloud object that a metaverse object names; empty when its lineage names none.
[[nodiscard]] std::string_view cloud_dn_of(const World& world, const SpaceObject& metaverse);

enum class Carries { unknown, yes, no };

// Whether a sync rule of the object's lineage carries password hashes. Not known without a lineage, or when it says
// nothing of the flag and Get-ADSyncRule does not tell either. `shown` receives the fact that decides.
[[nodiscard]] Carries carries_hashes(const SpaceObjects& objects, const World& world, const SpaceObject& object,
                                     const SettingFact** shown = nullptr);

}  // namespace synclens::correlate
