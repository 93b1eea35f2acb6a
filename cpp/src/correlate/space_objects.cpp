#include "correlate/space_objects.hpp"

#include <tuple>
#include <utility>

#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::string_view no_object = "00000000-0000-0000-0000-000000000000";

std::string_view without_guid_braces(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') text = text.substr(1, text.size() - 2);
  return text;
}

const SpaceObject* latest(const std::map<std::string, Collections, std::less<>>& objects, std::string_view subject) {
  const auto found = objects.find(lower(subject));
  return found == objects.end() ? nullptr : &found->second.back();
}

// "In from AD - User AccountEnabled=True": whether the rule is said to carry hashes, or said not to.
bool ends_with(const std::string& row, std::string_view ending) {
  return row.size() > ending.size() &&
         equal_ignoring_case(std::string_view(row).substr(row.size() - ending.size()), ending);
}

}  // namespace

SpaceObjects find_space_objects(const World& w) {
  SpaceObjects objects;
  std::map<std::tuple<bool, std::string, Ticks>, SpaceObject> found;  // in the order of their times
  for (const SettingFact& s : w.facts->settings) {
    if (s.subject == nobody) continue;
    const std::string& topic = w.text(s.topic);
    const std::string& name = w.text(s.name);
    if (topic == "rule" &&
        (equal_ignoring_case(name, "PasswordSync") || equal_ignoring_case(name, "EnablePasswordSync")))
      objects.rules[s.subject] = equal_ignoring_case(w.text(s.value), "True");
    const bool metaverse = topic == "mv-object";
    if (!metaverse && topic != "cs-object") continue;
    const std::string& subject = w.text(s.subject);
    SpaceObject& object = found[{metaverse, lower(subject), s.time}];
    object.subject = subject;
    object.collected = s.time;
    object.facts.push_back(&s);
    if (metaverse && name == "ConnectedCsObjectDN") objects.joined[lower(w.text(s.value))] = lower(subject);
  }
  for (auto& [key, object] : found) {
    auto& space = std::get<0>(key) ? objects.metaverse : objects.connector_space;
    space[std::get<1>(key)].push_back(std::move(object));
  }
  return objects;
}

bool is_cloud_dn(std::string_view dn) {
  return dn.size() > 4 && equal_ignoring_case(dn.substr(0, 4), "CN={");
}

const SettingFact* property(const World& w, const SpaceObject& object, std::string_view name) {
  for (const SettingFact* s : object.facts) {
    if (equal_ignoring_case(w.text(s->name), name)) return s;
  }
  return nullptr;
}

const SpaceObject* metaverse_of(const SpaceObjects& objects, const World& w, std::string_view dn) {
  if (const SpaceObject* own = latest(objects.connector_space, dn)) {
    const SettingFact* id = property(w, *own, "ConnectedMVObjectId");
    if (id != nullptr && without_guid_braces(w.text(id->value)) != no_object) {
      if (const SpaceObject* found = latest(objects.metaverse, without_guid_braces(w.text(id->value)))) return found;
    }
  }
  const auto named = objects.joined.find(lower(dn));
  return named == objects.joined.end() ? nullptr : latest(objects.metaverse, named->second);
}

std::string_view cloud_dn_of(const World& w, const SpaceObject& metaverse) {
  for (const SettingFact* s : metaverse.facts) {
    if (w.text(s->name) == "ConnectedCsObjectDN" && is_cloud_dn(w.text(s->value))) return w.text(s->value);
  }
  return {};
}

const SpaceObject* cloud_of(const SpaceObjects& objects, const World& w, const SpaceObject& metaverse) {
  const std::string_view dn = cloud_dn_of(w, metaverse);
  return dn.empty() ? nullptr : latest(objects.connector_space, dn);
}

Carries carries_hashes(const SpaceObjects& objects, const World& w, const SpaceObject& object,
                       const SettingFact** shown) {
  const SettingFact* no = nullptr;
  bool every_rule_known = true;
  bool flags = false;
  for (const SettingFact* s : object.facts) {
    const std::string& name = w.text(s->name);
    if (name == "PasswordSync") {
      const bool carries = ends_with(w.text(s->value), "=true");
      if (!carries && !ends_with(w.text(s->value), "=false")) continue;  // cut, or nothing at all
      flags = true;
      if (no == nullptr) no = s;
      if (!carries) continue;
      if (shown != nullptr) *shown = s;
      return Carries::yes;
    }
    if (name != "SyncRule") continue;
    const auto rule = objects.rules.find(s->value);
    if (rule == objects.rules.end()) every_rule_known = false;
    if (no == nullptr) no = s;
    if (rule != objects.rules.end() && rule->second) {
      if (shown != nullptr) *shown = s;
      return Carries::yes;
    }
  }
  if (no == nullptr || (!flags && !every_rule_known)) return Carries::unknown;
  if (shown != nullptr) *shown = no;
  return Carries::no;
}

}  // namespace synclens::correlate
