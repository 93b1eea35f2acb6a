#include "settings_topics.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "record/ascii.hpp"

namespace synclens::settings {
namespace {

using Map = std::unordered_map<std::string_view, std::string_view>;

const Map& commands() {
  static const Map map = {
      {"adsyncscheduler", "scheduler"},
      {"adsyncglobalsettings", "global-settings"},
      {"adsyncglobalsettingsparameter", "global-settings"},
      {"adsynctoolstls12", "global-settings"},
      {"adsyncaadcompanyfeature", "company-feature"},
      {"adsyncaadpasswordsyncconfiguration", "password-sync"},
      {"adsyncpartitionpasswordsyncstate", "partition-state"},
      {"adsyncconnector", "connector"},
      {"adsyncconnectorrunstatus", "connector"},
      {"adsyncschedulerconnectoroverride", "connector"},
      {"adsyncaadpasswordresetconfiguration", ignored_command},
      {"adsyncschema", ignored_command},
      {"adsyncexportdeletionthreshold", ignored_command},
      {"adsyncobjectswithinheritancedisabled", inheritance_command},
      {"adsyncrule", "rule"},
      {"adsyncconnectorstatistics", "connector-statistics"},
      {"adsyncautoupgrade", "auto-upgrade"},
      {"adsyncdatabaseconfiguration", "database"},
      {"adsyncentraconnectorcredential", "connector-credential"},
      {"adsyncrunprofileresult", "run-history"},
      {"adsyncrunstepresult", "run-history"},
      {"adsyncdomainreachabilitystatus", "reachability"},
      {"adsynccsobject", "cs-object"},
      {"adsyncmvobject", "mv-object"},
      {"adsyncdiagnostics", "diagnostics"},
  };
  return map;
}

// Keys in small letters.
const Map& properties() {
  static const Map map = {
      {"allowedsynccycleinterval", "scheduler"},
      {"currentlyeffectivesynccycleinterval", "scheduler"},
      {"customizedsynccycleinterval", "scheduler"},
      {"nextsynccyclepolicytype", "scheduler"},
      {"nextsynccyclestarttimeinutc", "scheduler"},
      {"purgerunhistoryinterval", "scheduler"},
      {"synccycleenabled", "scheduler"},
      {"maintenanceenabled", "scheduler"},
      {"stagingmodeenabled", "scheduler"},
      {"schedulersuspended", "scheduler"},
      {"synccycleinprogress", "scheduler"},
      {"sqlschemaversion", "global-settings"},
      {"passwordhashsync", "company-feature"},
      {"forcepasswordchangeonlogon", "company-feature"},
      {"userwriteback", "company-feature"},
      {"devicewriteback", "company-feature"},
      {"unifiedgroupwriteback", "company-feature"},
      {"groupwritebackv2", "company-feature"},
      {"sourceconnector", "password-sync"},
      {"targetconnector", "password-sync"},
      {"passwordsynclastsuccessfulcyclestarttimestamp", "partition-state"},
      {"passwordsynclastsuccessfulcycleendtimestamp", "partition-state"},
      {"passwordsynclastcyclestarttimestamp", "partition-state"},
      {"passwordsynclastcycleendtimestamp", "partition-state"},
      {"passwordsynclastcyclestatus", "partition-state"},
      {"connectivityparameters", "connector"},
      {"passwordhashconfiguration", "connector"},
      {"objectinclusionlist", "connector"},
      {"attributeinclusionlist", "connector"},
      {"connectortypename", "connector"},
      {"runstate", "connector"},
      {"fullimportrequired", "connector"},
      {"fullsyncrequired", "connector"},
      {"enablepasswordsync", "rule"},
      {"immutabletag", "rule"},
      {"attributeflowmappings", "rule"},
      {"scopefilter", "rule"},
      {"joinfilter", "rule"},
      {"linktype", "rule"},
      {"runhistoryid", "run-history"},
      {"runprofilename", "run-history"},
      {"runnumber", "run-history"},
      {"runsteptype", "run-history"},
      {"stephistoryid", "run-history"},
      {"stepresult", "run-history"},
      {"sqlservername", "database"},
      {"sqlinstancename", "database"},
      {"sqldatabasename", "database"},
      {"autoupgradestate", "auto-upgrade"},
      {"connectoridentitytype", "connector-credential"},
      {"certificatesha256hash", "connector-credential"},
      {"connectedmvobjectid", "cs-object"},
      {"isplaceholder", "cs-object"},
      {"hasexporterror", "cs-object"},
      {"hassyncerror", "cs-object"},
      {"connectedcsobjectdn", "mv-object"},
      {"isreachable", "reachability"},
  };
  return map;
}

// Names that tables without a rule and pasted "name: value" lines use, and that say nothing about the cmdlet.
constexpr std::array<std::string_view, 36> shared = {"name",
                                                     "value",
                                                     "enabled",
                                                     "connectorname",
                                                     "connectorid",
                                                     "dn",
                                                     "type",
                                                     "fullname",
                                                     "result",
                                                     "startdate",
                                                     "enddate",
                                                     "exceptionmessage",
                                                     "identifier",
                                                     "version",
                                                     "description",
                                                     "direction",
                                                     "precedence",
                                                     "disabled",
                                                     "passwordsync",
                                                     "path",
                                                     "partitions",
                                                     "objecttype",
                                                     "lineage",
                                                     "attributes",
                                                     "objectid",
                                                     "connector",
                                                     "username",
                                                     "syncrulename",
                                                     "anchorvalue",
                                                     "operation",
                                                     "distinguishedname",
                                                     "values",
                                                     "connectortype",
                                                     "isrunning",
                                                     "isrunsuccessful",
                                                     "displayname"};

}  // namespace

std::string_view topic_of_command(std::string_view text) {
  const std::string small = lower(text);
  for (std::size_t at = small.find("-adsync"); at != std::string::npos; at = small.find("-adsync", at + 1)) {
    std::size_t end = at + 1;
    while (end < small.size() &&
           ((small[end] >= 'a' && small[end] <= 'z') || (small[end] >= '0' && small[end] <= '9'))) {
      ++end;
    }
    const auto found = commands().find(std::string_view(small).substr(at + 1, end - at - 1));
    if (found != commands().end()) return found->second;
  }
  return {};
}

std::string_view topic_of_property(std::string_view name) {
  if (name.size() > 64) return {};
  const std::string small = lower(name);
  const auto found = properties().find(small);
  return found == properties().end() ? std::string_view() : found->second;
}

bool is_known_property(std::string_view name) {
  if (!topic_of_property(name).empty()) return true;
  return std::any_of(shared.begin(), shared.end(),
                     [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

std::string_view topic_of_object(const powershell::Object& object) {
  // Only the first properties: a hostile object has thousands, a real one says it early.
  std::size_t looked = 0;
  for (const powershell::Property& property : object.properties) {
    const std::string_view topic = topic_of_property(property.name);
    if (!topic.empty()) return topic;
    if (++looked == 256) break;
  }
  return {};
}

std::string_view subject_of(std::string_view topic, const powershell::Object& object) {
  const auto first_of = [&](std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      if (const powershell::Property* property = object.find(name); property != nullptr && !property->value.empty()) {
        return property->name;
      }
    }
    return std::string_view();
  };
  if (topic == "password-sync") return first_of({"SourceConnector"});
  if (topic == "partition-state") return first_of({"DN"});
  if (topic == "connector") return first_of({"Name", "ConnectorName", "Connector"});
  if (topic == "rule") return first_of({"Name"});
  if (topic == "connector-statistics") return first_of({"ConnectorName", "Name", "DisplayName", "ConnectorId"});
  if (topic == "run-history") return first_of({"ConnectorName", "ConnectorId"});
  if (topic == "reachability") return first_of({"FullName"});
  if (topic == "cs-object") return first_of({"DistinguishedName", "ObjectId"});
  if (topic == "mv-object") return first_of({"ObjectId"});
  return {};
}

}  // namespace synclens::settings
