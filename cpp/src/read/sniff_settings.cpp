#include <algorithm>
#include <array>
#include <string>

#include "read/sniff_text.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;

// Properties and columns that only these cmdlets have: one is enough where it stands as a name, in lower case.
constexpr std::array<std::string_view, 44> telling_names = {"allowedsynccycleinterval",
                                                            "currentlyeffectivesynccycleinterval",
                                                            "customizedsynccycleinterval",
                                                            "nextsynccyclepolicytype",
                                                            "nextsynccyclestarttimeinutc",
                                                            "purgerunhistoryinterval",
                                                            "synccycleenabled",
                                                            "maintenanceenabled",
                                                            "stagingmodeenabled",
                                                            "schedulersuspended",
                                                            "synccycleinprogress",
                                                            "passwordhashsync",
                                                            "forcepasswordchangeonlogon",
                                                            "userwriteback",
                                                            "devicewriteback",
                                                            "unifiedgroupwriteback",
                                                            "groupwritebackv2",
                                                            "sourceconnector",
                                                            "targetconnector",
                                                            "passwordhashconfiguration",
                                                            "passwordsynclastsuccessfulcyclestarttimestamp",
                                                            "passwordsynclastsuccessfulcycleendtimestamp",
                                                            "passwordsynclastcyclestarttimestamp",
                                                            "passwordsynclastcycleendtimestamp",
                                                            "passwordsynclastcyclestatus",
                                                            "runstate",
                                                            "isreachable",
                                                            "runhistoryid",
                                                            "runprofilename",
                                                            "runprofileid",
                                                            "currentstepnumber",
                                                            "runstepresults",
                                                            "connectoridentitytype",
                                                            "sqldatabasename",
                                                            "sqlservername",
                                                            "sqlinstancename",
                                                            "autoupgradestate",
                                                            "suspensionreason",
                                                            "immutabletag",
                                                            "sourceobjecttype",
                                                            "targetobjecttype",
                                                            "isstandardrule",
                                                            "totalconnectors",
                                                            "placeholders"};

// Names that other texts have too: two different ones are enough.
constexpr std::array<std::string_view, 30> common_names = {"identifier",
                                                           "connectorid",
                                                           "connectorname",
                                                           "connectortypename",
                                                           "distinguishedname",
                                                           "objecttype",
                                                           "anchor",
                                                           "anchorvalue",
                                                           "objectid",
                                                           "precedence",
                                                           "direction",
                                                           "linktype",
                                                           "enablepasswordsync",
                                                           "passwordsync",
                                                           "isconnectedtometaverse",
                                                           "lineage",
                                                           "serializedxml",
                                                           "dn",
                                                           "subtype",
                                                           "partitions",
                                                           "runprofiles",
                                                           "connectivityparameters",
                                                           "globalparameters",
                                                           "certificateid",
                                                           "accountname",
                                                           "forestname",
                                                           "fullname",
                                                           "exceptionmessage",
                                                           "newexports",
                                                           "pendingexports"};

// How lines of netsh, the status script and of the diagnosis begin, in lower case, after signs and blanks.
constexpr std::array<std::string_view, 23> sentences = {
    "current winhttp proxy settings",
    "password sync feature enabled in your azure ad directory",
    "password sync channel status begin",
    "password sync channel status end",
    "latest heart beat event (within",
    "warning: no ping event found within last",
    "no ping event found within last",
    "warning: more than one azure ad connectors found",
    "warning: no azure ad connector was found",
    "warning: no ad ds connector was found",
    "password hash synchronization cloud configuration is",
    "latest password hash synchronization heartbeat is",
    "no password hash synchronization heartbeat",
    "no recent password hash synchronization heartbeat",
    "directory partition - ",
    "ad connector - ",
    "only use preferred domain controllers:",
    "last successful attempt to synchronize passwords from this directory partition",
    "password hash synchronization agent is continuously getting failures",
    "the ad connector account had a permission",
    "enter '2' - troubleshoot password hash synchronization",
    "password hash synchronization is not enabled for",
    "password hash synchronization is enabled for"};

template <std::size_t n>
bool one_of(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_telling(std::string_view name) {
  return one_of(telling_names, name) || name.substr(0, 22) == "microsoft.synchronize." ||
         name.substr(0, 21) == "microsoft.usersignin." || name.substr(0, 25) == "microsoft.optionalfeature";
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '#';
  });
}

// The names of one line of a table, in lower case: a header, a CSV header. Empty for anything that is no row of names.
std::vector<std::string> row_of_names(const std::string& line) {
  std::vector<std::string> names;
  std::string name;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    if (c == ' ' || c == ',' || c == ';' || c == '\t' || c == '|') {
      if (!name.empty()) names.push_back(std::move(name));
      name.clear();
    } else if (c != '"') {
      name.push_back(c);
    }
  }
  if (!std::all_of(names.begin(), names.end(), [](const std::string& n) { return is_name(n); })) names.clear();
  return names;
}

// "## Connector PasswordHashConfiguration", "## Export CS object Lineage": headings that the collector writes.
bool is_section(std::string_view line) {
  constexpr std::array<std::string_view, 6> words = {"connector", "cs object", "mv object",
                                                     "csobject",  "mvobject",  "lineage"};
  return line.substr(0, 3) == "## " &&
         std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.find(word) != nowhere; });
}

// "[10:10:10.101] [  1] [INFO ] Azure AD Connect version 2.1.20.0": a line of the wizard's trace that names its build.
// Prose names builds, too, but not behind a time in brackets.
bool names_a_build(std::string_view line) {
  if (line.front() != '[') return false;
  constexpr std::array<std::string_view, 5> programs = {
      "azure ad connect", "azure ad sync", "azure active directory connect", "entra connect", "entra id connect"};
  constexpr std::size_t near = 40;  // bytes between the two
  for (const std::string_view program : programs) {
    const std::size_t found = line.find(program);
    if (found == nowhere) continue;
    std::string_view rest = line.substr(found + program.size(), near);
    rest.remove_prefix(std::min(rest.find_first_of("123"), rest.size()));
    const std::string_view build = rest.substr(0, rest.find_first_not_of("0123456789."));
    if (std::count(build.begin(), build.end(), '.') == 3 && build.find("..") == nowhere && build.back() != '.')
      return true;
  }
  return false;
}

// "CN=Ann Lee,OU=Staff,DC=contoso,DC=com", in lower case.
bool is_dn(std::string_view line) {
  const std::string_view first = line.substr(0, 3);
  return (first == "cn=" || first == "ou=" || first == "dc=") && line.find("dc=") != nowhere;
}

bool is_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 3 && line.find_first_not_of("- ") == nowhere;
}

}  // namespace

SourceKind sniff_settings(const std::vector<std::string_view>& lines, std::string_view name) {
  std::vector<std::string> common;
  std::size_t properties = 0;  // "Name : value"
  bool rule = false;
  bool section = false;
  bool dn = false;
  bool asked = false;  // at a prompt, for what a cmdlet of the product prints
  const auto note_common = [&](const std::string& n) {
    if (one_of(common_names, n) && std::find(common.begin(), common.end(), n) == common.end()) common.push_back(n);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = lower(trim(lines[i].substr(0, 4096)));
    if (line.empty()) continue;
    const std::size_t letter = line.find_first_not_of("-+*=> ");
    const std::string_view sentence = letter == nowhere ? std::string_view() : std::string_view(line).substr(letter);
    for (const std::string_view known : sentences) {
      if (sentence.substr(0, known.size()) == known) return SourceKind::settings;
    }
    if (letter != nowhere && letter >= 8 &&
        (sentence.substr(0, 26) == "aadconnect troubleshooting" ||
         sentence.substr(0, 42) == "troubleshoot password hash synchronization")) {
      return SourceKind::settings;
    }
    if (names_a_build(line)) return SourceKind::settings;
    section = section || is_section(line);
    dn = dn || is_dn(line);
    asked = asked || (line.substr(0, 3) == "ps " && line.find("get-adsync") != nowhere);
    rule = rule || is_rule(line);

    const std::size_t colon = line.find(':');
    if (colon != nowhere && colon > 0) {
      const std::string property(trim(std::string_view(line).substr(0, colon)));
      if (is_name(property)) {
        if (is_telling(property)) return SourceKind::settings;
        if (line[colon - 1] == ' ') ++properties;
        note_common(property);
      }
    }
    const std::vector<std::string> names = row_of_names(line);
    const bool ruled = i + 1 < lines.size() && is_rule(lines[i + 1]);
    const bool delimited = line.find_first_of(",;\t|") != nowhere;
    if (names.size() > 1 && (ruled || delimited)) {
      if (std::any_of(names.begin(), names.end(), [](const std::string& n) { return is_telling(n); })) {
        return SourceKind::settings;
      }
      std::for_each(names.begin(), names.end(), note_common);
    }
    if (rule && !names.empty() && is_telling(names[0])) return SourceKind::settings;  // a row of a Name/Value table
    if (rule && line.substr(0, 22) == "microsoft.synchronize.") return SourceKind::settings;
  }
  if (common.size() >= 2 || (section && properties >= 2)) return SourceKind::settings;
  const std::string file = lower(name.substr(name.find_last_of("/\\") == nowhere ? 0 : name.find_last_of("/\\") + 1));
  // in another language than English nothing else tells it
  if (file.find("winhttpproxy") != nowhere && lines.size() >= 2) return SourceKind::settings;
  const bool named = asked || file.find("get-adsync") != nowhere || file.find("connector_{") != nowhere;
  return named && (properties >= 2 || rule || dn) ? SourceKind::settings : SourceKind::unknown;
}

}  // namespace synclens
