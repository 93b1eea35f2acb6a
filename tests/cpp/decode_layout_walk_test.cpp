// Walks the page of what a bundle holds: every file, setting and form of line that it names is known to the readers,
// and what a file says of password hash sync comes out. A row that is new on the page, or says more than it did, fails
// here until it has its place in the tables below.
#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "settings_rows.hpp"
#include "support/log_builder.hpp"
#include "support/shared_data.hpp"
#include "synclens/classify.hpp"

using namespace synclens;
using namespace synclens::test;
using namespace std::string_literals;

namespace {

struct Fact {
  std::string topic, subject, name, value;
};

// A file that the page names, as a customer sends it.
struct File {
  std::string term;  // as the page writes it
  std::string path;
  std::string content;
  SourceKind kind = SourceKind::settings;
  std::vector<Fact> facts;  // of settings; "*" as value: any
};

std::string event_log() {
  support::Log log;
  support::Xml body(log.next_body(), false);
  body.header().open("Event").empty().end();
  return log.record(body.bytes()).file();
}

std::string spaced(std::initializer_list<std::pair<std::string, std::string>> properties) {
  std::string text = "\r\n";
  for (const auto& [name, value] : properties) text += name + " : " + value + "\r\n";
  return text + "\r\n";
}

const std::string object_list(
    "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><TN "
    "RefId=\"0\"><T>System.DirectoryServices.SearchResult</T></TN><Props><S N=\"Path\">LDAP://CN=Ann</S></Props></Obj>"
    "</Objs>");

const std::string run_history_csv(
    "#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.RunProfileResult\r\n"
    "\"RunHistoryId\",\"ConnectorName\",\"RunProfileName\",\"StartDate\",\"EndDate\",\"Result\",\"RunStepResults\"\r\n"
    "\"h1\",\"M?nchen\",\"Export\",\"3/10/2026 1:00:00 AM\",\"3/10/2026 1:00:30 AM\",\"stopped-database-disk-full\","
    "\"<connection-result>failed-connection</connection-result>\"\r\n");

const std::vector<File>& files() {
  static const std::vector<File> all{
      {"<HOST>_Application.evtx", "EVENTLOG/SYNC01_Application.evtx", event_log(), SourceKind::evtx, {}},
      {"<HOST>_SystemEvent.evtx", "EVENTLOG/SYNC01_SystemEvent.evtx", event_log(), SourceKind::evtx, {}},
      // left closed by the bundle walk, by its name or channel: tests/python/test_bundle_folders.py
      {"<HOST>_Security.evtx", "EVENTLOG/SYNC01_Security.evtx", event_log(), SourceKind::evtx, {}},
      {"<HOST>_CAPI2_Operational.evtx", "EVENTLOG/SYNC01_CAPI2_Operational.evtx", event_log(), SourceKind::evtx, {}},
      {"Get-ADSyncScheduler.txt",
       "CONFIG/MEC/Get-ADSyncScheduler.txt",
       spaced({{"AllowedSyncCycleInterval", "00:30:00"},
               {"CurrentlyEffectiveSyncCycleInterval", "00:30:00"},
               {"CustomizedSyncCycleInterval", ""},
               {"PurgeRunHistoryInterval", "7.00:00:00"},
               {"SyncCycleEnabled", "False"},
               {"StagingModeEnabled", "True"},
               {"SchedulerSuspended", "True"}}),
       SourceKind::settings,
       {{"scheduler", "", "StagingModeEnabled", "True"},
        {"scheduler", "", "SyncCycleEnabled", "False"},
        {"scheduler", "", "SchedulerSuspended", "True"},
        {"scheduler", "", "AllowedSyncCycleInterval", "00:30:00"},
        {"scheduler", "", "CurrentlyEffectiveSyncCycleInterval", "00:30:00"},
        {"scheduler", "", "PurgeRunHistoryInterval", "7.00:00:00"}}},
      {"Get-ADSyncGlobalSettings.txt",
       "CONFIG/MEC/Get-ADSyncGlobalSettings.txt",
       "\r\nName                                             Value\r\n"
       "----                                             -----\r\n"
       "Microsoft.Synchronize.StagingMode                True\r\n"
       "Microsoft.UserSignIn.SignOnMethod                PassThroughAuthentication\r\n"
       "Microsoft.Synchronize.ServerConfigurationVersion 2.4.18.0\r\n\r\n",
       SourceKind::settings,
       {{"global-settings", "", "Microsoft.Synchronize.StagingMode", "True"},
        {"global-settings", "", "Microsoft.UserSignIn.SignOnMethod", "PassThroughAuthentication"},
        {"global-settings", "", "Microsoft.Synchronize.ServerConfigurationVersion", "2.4.18.0"},
        {"build", "", "version", "2.4.18.0"}}},
      {"Get-ADSyncAADCompanyFeature.txt",
       "CONFIG/MEC/Get-ADSyncAADCompanyFeature.txt",
       spaced({{"PasswordHashSync", "False"}, {"ForcePasswordChangeOnLogOn", "True"}}),
       SourceKind::settings,
       {{"company-feature", "", "PasswordHashSync", "False"},
        {"company-feature", "", "ForcePasswordChangeOnLogOn", "True"}}},
      {"Get-ADSyncAADPasswordSyncConfiguration.txt",
       "CONFIG/MEC/Get-ADSyncAADPasswordSyncConfiguration.txt",
       "\r\nSourceConnector TargetConnector               Enabled\r\n"
       "--------------- ---------------               -------\r\n"
       "contoso.com     contoso.onmicrosoft.com - AAD   False\r\n"
       "emea.contoso... contoso.onmicrosoft.com - AAD    True\r\n\r\n",  // cut at the host's width
       SourceKind::settings,
       {{"password-sync", "contoso.com", "TargetConnector", "contoso.onmicrosoft.com - AAD"},
        {"password-sync", "contoso.com", "Enabled", "False"}}},
      {"Get-ADSyncPartitionPasswordSyncState.txt",
       "CONFIG/MEC/Get-ADSyncPartitionPasswordSyncState.txt",
       spaced({{"ConnectorId", "b891884f-051e-4a83-95af-2544101c9083"},
               {"DN", "DC=contoso,DC=com"},
               {"PasswordSyncLastSuccessfulCycleStartTimestamp", "3/10/2026 1:00:00 AM"},
               {"PasswordSyncLastSuccessfulCycleEndTimestamp", "3/10/2026 1:00:01 AM"},
               {"PasswordSyncLastCycleStartTimestamp", "3/10/2026 1:02:00 AM"},
               {"PasswordSyncLastCycleEndTimestamp", "3/10/2026 1:02:01 AM"},
               {"PasswordSyncLastCycleStatus", "Failed"}}) +
           spaced({{"ConnectorId", "b891884f-051e-4a83-95af-2544101c9083"},
                   {"DN", "default"},
                   {"PasswordSyncLastCycleStatus", "None"}}),
       SourceKind::settings,
       {{"partition-state", "DC=contoso,DC=com", "ConnectorId", "b891884f-051e-4a83-95af-2544101c9083"},
        {"partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStatus", "Failed"},
        {"partition-state", "DC=contoso,DC=com", "PasswordSyncLastSuccessfulCycleStartTimestamp", "*"},
        {"partition-state", "DC=contoso,DC=com", "PasswordSyncLastSuccessfulCycleEndTimestamp", "*"},
        {"partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleStartTimestamp", "*"},
        {"partition-state", "DC=contoso,DC=com", "PasswordSyncLastCycleEndTimestamp", "*"}}},
      {"Get-ADSyncConnector.txt",
       "CONFIG/MEC/Get-ADSyncConnector.txt",
       "## Connector Summary\r\n" +
           spaced({{"Name", "contoso.com"},
                   {"Identifier", "fffb4a69-4ed6-444d-8b89-000000000002"},
                   {"Type", "AD"},
                   {"PasswordHashConfiguration",
                    "Microsoft.IdentityManagement.PowerShell.ObjectModel.Password\r\n"
                    "                            HashSyncConfiguration"}}) +
           "## Connector PasswordHashConfiguration\r\n" + spaced({{"Enabled", "True"}, {"Target", "b891884f"}}),
       SourceKind::settings,
       {{"connector", "contoso.com", "Identifier", "fffb4a69-4ed6-444d-8b89-000000000002"},
        {"connector", "contoso.com", "PasswordHashConfiguration.Enabled", "True"}}},
      {"Get-ADSyncRule.txt",
       "CONFIG/MEC/Get-ADSyncRule.txt",
       spaced({{"Name", "In from AD - User AccountEnabled"},
               {"Direction", "Inbound"},
               {"EnablePasswordSync", "True"},
               {"ImmutableTag", "x"}}),
       SourceKind::settings,
       {{"rule", "In from AD - User AccountEnabled", "PasswordSync", "True"}}},
      {"Get-ADSyncConnectorStatistics.txt",
       "CONFIG/MEC/Get-ADSyncConnectorStatistics.txt",
       "## Connector statistics for \r\ncontoso.com\r\n" + spaced({{"TotalConnectors", "120"}, {"ExportAdds", "3"}}),
       SourceKind::settings,
       {{"connector-statistics", "contoso.com", "ExportAdds", "3"}}},
      {"Get-ADSyncAutoUpgrade.txt",
       "CONFIG/MEC/Get-ADSyncAutoUpgrade.txt",
       spaced({{"AutoUpgradeState", "Suspended"}, {"SuspensionReason", "UpgradeNotSupported"}}),
       SourceKind::settings,
       {{"auto-upgrade", "", "AutoUpgradeState", "Suspended"}}},
      {"Get-ADSyncDatabaseConfiguration.txt",
       "CONFIG/MEC/Get-ADSyncDatabaseConfiguration.txt",
       spaced({{"SQLServerName", "(localdb)"}, {"SQLInstanceName", ".\\ADSync2019"}}),
       SourceKind::settings,
       {{"database", "", "SQLServerName", "(localdb)"}}},
      {"Get-ADSyncEntraConnectorCredential.txt",
       "CONFIG/MEC/Get-ADSyncEntraConnectorCredential.txt",
       spaced({{"ConnectorIdentityType", "Application"}, {"CertificateNotAfter", "9/1/2026 12:00:00 AM"}}),
       SourceKind::settings,
       {{"connector-credential", "", "ConnectorIdentityType", "Application"},
        {"connector-credential", "", "CertificateNotAfter", "*"}}},
      {"Get-ADSyncObjectsWithInheritanceDisabled.txt",
       "CONFIG/MEC/Get-ADSyncObjectsWithInheritanceDisabled.txt",
       "CN=Ann Lee,OU=Staff,DC=contoso,DC=com\r\n",
       SourceKind::settings,
       {{"connector", "contoso.com", "InheritanceDisabled", "CN=Ann Lee,OU=Staff,DC=contoso,DC=com"}}},
      {"Connector_{guid}.xml",
       "CONFIG/MEC/Connectors/Connector_{fffb4a69-4ed6-444d-8b89-000000000002}.xml",
       "<?xml version=\"1.0\"?><ma-data><id>{FFFB4A69-4ED6-444D-8B89-000000000002}</id><name>contoso.com</name>"
       "<category>AD</category></ma-data>",
       SourceKind::settings,
       {{"connector", "contoso.com", "Identifier", "{FFFB4A69-4ED6-444D-8B89-000000000002}"}}},
      {"winhttpproxy.txt",
       "CONFIG/GENERAL/winhttpproxy.txt",
       "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.contoso.com:8080\r\n"
       "    Bypass List     :  <local>\r\n",
       SourceKind::settings,
       {{"global-settings", "winhttp", "Proxy", "proxy.contoso.com:8080"},
        {"global-settings", "winhttp", "ProxyBypass", "<local>"}}},
      {"machine.config",
       "CONFIG/GENERAL/machine.config",
       "<?xml version=\"1.0\"?>\r\n<configuration>\r\n  <configSections/>\r\n  <system.net>\r\n"
       "    <defaultProxy enabled=\"true\" useDefaultCredentials=\"true\">\r\n"
       "      <proxy usesystemdefault=\"true\" proxyaddress=\"http://proxy.contoso.com:8080\" "
       "bypassonlocal=\"true\"/>\r\n    </defaultProxy>\r\n  </system.net>\r\n</configuration>\r\n",
       SourceKind::settings,
       {{"global-settings", "machine.config", "defaultProxy.useDefaultCredentials", "true"},
        {"global-settings", "machine.config", "proxy.proxyaddress", "http://proxy.contoso.com:8080"}}},
      {"REG_HKLM_*.hiv",
       "CONFIG/GENERAL/REG_HKLM_SOFTWARE.hiv",
       "regf"s + std::string(600, '\0'),
       SourceKind::closed,
       {}},
      {".log", "CONFIG/GENERAL/REG_HKLM_SOFTWARE.log", "HKEY_LOCAL_MACHINE\\SOFTWARE\\x\r\n", SourceKind::closed, {}},
      {"error_export_<connector>.xml",
       "CSEXPORT/error_export_contoso.xml",
       "<cs-objects><cs-object cs-dn=\"CN={616263}\"><export-errordetail error-type=\"cd-error\"><error-literal>"
       "AttributeValueMustBeUnique</error-literal></export-errordetail></cs-object></cs-objects>",
       SourceKind::settings,
       {{"cs-object", "CN={616263}", "ExportError", "cd-error AttributeValueMustBeUnique"}}},
      {"error_import_...", "CSEXPORT/error_import_contoso.xml", "<cs-objects/>", SourceKind::settings, {}},
      {"pending_export_...", "CSEXPORT/pending_export_contoso.xml", "<cs-objects/>", SourceKind::settings, {}},
      {"pending_import_...", "CSEXPORT/pending_import_contoso.xml", "<cs-objects/>", SourceKind::settings, {}},
      {"<HOST>_Get-ADSyncRunProfileResult.csv",
       "RUNHISTORY/SYNC01_Get-ADSyncRunProfileResult.csv",
       run_history_csv,
       SourceKind::settings,
       {{"run-history", "M?nchen", "Result", "stopped-database-disk-full"},
        {"run-history", "M?nchen", "connection-result", "failed-connection"}}},
      {"Get-ADSyncCSObject_<DN>.txt",
       "OBJECT/Get-ADSyncCSObject_CN=Ann Lee,OU=Staff,DC=contoso,DC=com.txt",
       "## Export CS object Lineage\r\n" +
           spaced(
               {{"SyncRuleName", "In from AD - User AccountEnabled"}, {"Operation", "Join"}, {"PasswordSync", "True"}}),
       SourceKind::settings,
       {{"cs-object", "CN=Ann Lee,OU=Staff,DC=contoso,DC=com", "PasswordSync",
         "In from AD - User AccountEnabled=True"}}},
      {"Get-ADSyncMVObject_<guid>.txt",
       "OBJECT/Get-ADSyncMVObject_6f84d2b1-2922-ec11-8d0e-000000000002.txt",
       "## Export MV object Lineage\r\n" +
           spaced({{"ConnectorName", "contoso.com"}, {"ConnectedCsObjectDN", "CN=Ann Lee,OU=Staff,DC=contoso,DC=com"}}),
       SourceKind::settings,
       {{"mv-object", "6f84d2b1-2922-ec11-8d0e-000000000002", "ConnectedCsObjectDN", "*"}}},
      {"LdapQuery_<DN>.xml", "OBJECT/LdapQuery_CN=Ann.xml", object_list, SourceKind::clixml, {}},
      {"trace-*.log",
       "AADCTRACE/AADConnect/trace-20260310-101010.log",
       "[10:10:10.102] [  1] [INFO ] Azure AD Connect version 2.1.20.0\r\n",
       SourceKind::settings,
       {{"build", "", "version", "2.1.20.0"}}},
      {"psr.zip", "NETTRACE/psr.zip", "PK\x03\x04"s + std::string(30, 'x'), SourceKind::archive, {}}};
  return all;
}

// What the page names and what says nothing of password hash sync: the machine's lists, captures, folders, programs.
const std::set<std::string_view> nothing_for_us{
    "msinfo32.txt",   "Hotfix.csv", "tasklist.txt",        "ipconfigall.txt",           "whoamiall.txt", "cert-*.txt",
    "analyzed_*.csv", "*.etl",      "Get-MECDiagData.ps1", "ADSyncServerConfiguration", "PowerShell"};

// Settings, sections and signs that the page names: each stands in a text above, which is read.
const std::set<std::string_view> in_the_texts{"StagingModeEnabled",
                                              "SyncCycleEnabled",
                                              "SchedulerSuspended",
                                              "Microsoft.Synchronize.StagingMode",
                                              "Microsoft.UserSignIn.SignOnMethod",
                                              "Microsoft.Synchronize.ServerConfigurationVersion",
                                              "PasswordHashSync",
                                              "ForcePasswordChangeOnLogOn",
                                              "SourceConnector",
                                              "TargetConnector",
                                              "ConnectorId",
                                              "PasswordSyncLastCycleStatus",
                                              "\"## Connector ...\"",
                                              "PasswordHashConfiguration",
                                              "PasswordSync",
                                              "\"## Export CS object Lineage\""};

// Forms of text, with tests below and in decode_layout_forms_test.cpp.
const std::set<std::string_view> forms{"`Out-File`",  "`>>`", "`Name : Value`", "\"...\"", "`Export-Csv`",
                                       "`#TYPE ...`", "`?`",  "`.evtx`"};

std::string page() {
  const auto data = support::shared_data();
  return data.empty() ? std::string() : support::read_file(data.parent_path() / "knowledge" / "bundle-layout.md");
}

// Everything on a line that is a name: of a file, of a setting, of a section, in back quotes, a number of an event.
std::vector<std::string> terms_of(const std::string& line) {
  static const re2::RE2 term(
      R"re(("##[^"]+"|"\.\.\."|`[^`]+`|[<>{}\w*-]*[<>{}\w*-]\.(?:evtx|txt|xml|csv|config|hiv|log|etl|zip|ps1)\b|\.log\b|\w+_(?:export|import)_\.\.\.|\b[A-Z]\w*(?:[a-z]\w*[A-Z]|\.[A-Z])[\w.]*\w|\b\d{4}\b))re");
  std::vector<std::string> found;
  re2::StringPiece rest(line);
  std::string one;
  while (re2::RE2::FindAndConsume(&rest, term, &one)) found.push_back(one);
  return found;
}

SettingRows read_as_sent(const File& file) {
  SettingRows rows;
  Utf8Stream text(open_memory(as_bytes(file.content)));
  decode_settings(text, file.path, {}, rows);
  return rows;
}

std::string utf16(std::string_view ascii) {
  return "\xFF\xFE" + support::wide(ascii);
}

SourceKind kind_of(const std::string& text, std::string_view name = "sent.txt") {
  return sniff(as_bytes(text), name);
}

}  // namespace

TEST_CASE("layout: every file, setting and event that the page names has its place here") {
  const std::string text = page();
  if (text.empty()) return;
  std::set<std::string> named;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (std::string& term : terms_of(line)) named.insert(std::move(term));
  }
  CHECK(named.size() > 60);
  std::set<std::string> known;
  for (const File& file : files()) known.insert(file.term);
  for (const auto* set : {&nothing_for_us, &in_the_texts, &forms}) known.insert(set->begin(), set->end());
  for (const std::string& term : named) {
    const bool event = term.find_first_not_of("0123456789") == std::string::npos;  // asked of the catalogue below
    if (!event) CHECK_MESSAGE(known.contains(term), "the page names " << term << ", which has no place in this test");
  }
  for (const std::string& term : known) CHECK_MESSAGE(named.contains(term), "the page does not name " << term);
}

TEST_CASE("layout: what the page says in words is what was read") {
  const std::string text = page();
  if (text.empty()) return;
  // how each paragraph of the page begins, and of how many words it is: another clause wants another look
  const std::vector<std::pair<std::string_view, int>> paragraphs{{"The customer's collector", 52},
                                                                 {"- Text files come", 55},
                                                                 {"- `Export-Csv`", 19},
                                                                 {"- Dates are", 20},
                                                                 {"- File names", 6},
                                                                 {"- Besides this bundle", 49}};
  std::vector<std::string> found;
  bool fenced = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) fenced = !fenced;
    if (fenced || line.empty() || line.starts_with("```") || line.starts_with("# ")) continue;
    if (found.empty() || line.starts_with("- ")) {
      found.push_back(line);
    } else {
      found.back() += " " + line;
    }
  }
  REQUIRE(found.size() == paragraphs.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(found[i]);
    CHECK(found[i].starts_with(paragraphs[i].first));
    std::istringstream in(found[i]);
    int words = 0;
    for (std::string word; in >> word;) ++words;
    CHECK(words == paragraphs[i].second);
  }
}

TEST_CASE("layout: every file is known by its content, and its facts come out") {
  for (const File& file : files()) {
    CAPTURE(file.term);
    CHECK(kind_of(file.content, file.path) == file.kind);
    if (file.kind != SourceKind::settings) continue;
    const SettingRows rows = read_as_sent(file);
    CHECK(rows.problems.empty());
    for (const Fact& fact : file.facts) {
      CAPTURE(fact.name);
      const std::string value = rows.value(fact.topic, fact.subject, fact.name);
      CHECK((value == fact.value || (fact.value == "*" && value != "<none>")));
    }
    // as Out-File of Windows PowerShell writes it
    const File wide{file.term, file.path, utf16(file.content), file.kind, {}};
    CHECK(kind_of(wide.content, wide.path) == file.kind);
    CHECK(read_as_sent(wide).rows.size() == rows.rows.size());
  }
}

TEST_CASE("layout: the settings that the page names stand in the texts") {
  std::string texts;
  for (const File& file : files()) texts += file.content;
  for (std::string_view setting : in_the_texts) {
    if (setting.front() == '"') setting = setting.substr(1, setting.find_last_not_of(".\" "));
    CHECK_MESSAGE(texts.find(setting) != std::string::npos, setting);
  }
  const auto state_file = std::find_if(files().begin(), files().end(), [](const File& f) {
    return f.term == "Get-ADSyncPartitionPasswordSyncState.txt";
  });
  const SettingRows state = read_as_sent(*state_file);
  CHECK(std::none_of(state.rows.begin(), state.rows.end(), [](const Row& row) { return row.subject == "default"; }));
}

TEST_CASE("layout: the service controller's events have rules") {
  const std::vector<std::string> directories{support::source_folder() + "/python/synclens/catalogue"};
  const Catalogue catalogue = Catalogue::load(directories);
  const Classifier classifier(catalogue, Limits{}.regex_memory);
  const std::string text = page();
  std::istringstream lines(text);
  int asked = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("Service Control Manager") == std::string::npos) continue;
    for (const std::string& term : terms_of(line)) {
      if (term.find_first_not_of("0123456789") != std::string::npos) continue;
      CAPTURE(term);
      EventView event;
      event.provider = "Service Control Manager";
      event.event_id = static_cast<std::uint32_t>(std::stoul(term));
      const std::string words = "The Microsoft Azure AD Sync service entered the stopped state.";
      event.message = words;
      CHECK(classifier.match(event, words).has_value());
      ++asked;
    }
  }
  CHECK((text.empty() || asked == 6));
}

TEST_CASE("layout: texts of two encodings, wrapped values and cut columns") {
  // a file that was begun by Out-File and gone on with by another program
  const std::string mixed = utf16("PasswordHashSync : True\r\n") + "ForcePasswordChangeOnLogOn : True\r\n";
  CHECK(kind_of(mixed) == SourceKind::settings);
  const SettingRows both = read_as_sent({"", "Get-ADSyncAADCompanyFeature.txt", mixed, SourceKind::settings, {}});
  CHECK(both.value("company-feature", "", "PasswordHashSync") == "True");
  CHECK(both.value("company-feature", "", "ForcePasswordChangeOnLogOn") == "True");
  // a value that goes on in an indented line
  const SettingRows wrapped = read_settings(
      "SourceConnector : contoso.com with a long\r\n                  name\r\nTargetConnector : x - AAD\r\n"
      "Enabled : True\r\n");
  CHECK(wrapped.value("password-sync", "contoso.com with a long name", "Enabled") == "True");
  // a column that was cut keeps its row, and what was cut is no name of another connector
  const SettingRows cut = read_settings(
      "SourceConnector TargetConnector Enabled\r\n--------------- --------------- -------\r\n"
      "contoso.com     contoso.onmi...    True\r\n");
  CHECK(cut.value("password-sync", "contoso.com", "Enabled") == "True");
}
