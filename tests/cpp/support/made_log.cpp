#include "support/made_log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/source_folder.hpp"

namespace synclens::test {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result.push_back(c);
    }
  }
  return result;
}

std::string padded(std::uint64_t n, std::size_t width) {
  std::string digits = std::to_string(n);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string tracking(std::uint64_t n) {
  return "TrackingID : 6f0e0000-0000-4000-8000-" + padded(n, 12);
}

std::uint64_t number_of(double minute, std::string_view connector) {
  return static_cast<std::uint64_t>(std::llround(minute * 100)) * 10 + (connector == fabrikam_id ? 1 : 0);
}

const char* level_word(int level) {
  switch (level) {
    case 1:
      return "Critical";
    case 2:
      return "Error";
    case 3:
      return "Warning";
    default:
      return "Information";
  }
}

Ticks collected_at(double minute) {
  return minute == not_known ? no_time : at(minute);
}

std::string spaced(std::string_view name, std::string_view value) {
  return std::string(name) + " : " + std::string(value) + "\r\n";
}

}  // namespace

MadeLog operator+(MadeLog a, const MadeLog& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Ticks at(double minute) {
  CivilTime civil;
  civil.year = 2026;
  civil.month = 3;
  civil.day = 10;
  return to_ticks(civil) + static_cast<Ticks>(std::llround(minute * 60'000)) * (ticks_per_second / 1000);
}

std::string iso_at(double minute) {
  return to_iso(at(minute));
}

std::string trailer(std::string_view connector, std::string_view partition) {
  return "\r\n\r\n<forest-info>\r\n  <partition-name>" + std::string(partition) +
         "</partition-name>\r\n  <connector-id>" + std::string(connector) + "</connector-id>\r\n</forest-info>";
}

MadeLog ev(double minute, std::uint32_t id, std::string text, std::string provider, int level) {
  MadeEvent e;
  e.minute = minute;
  e.id = id;
  e.text = std::move(text);
  e.provider = std::move(provider);
  e.level = level;
  return {e};
}

MadeLog ping(double minute, std::string_view connector, std::string_view partition) {
  const std::string tail = tracking(number_of(minute, connector)) + trailer(connector, partition);
  return ev(minute, 653, "Provision credentials ping start. " + tail) +
         ev(minute + 0.1, 654, "Provision credentials ping end. " + tail);
}

MadeLog heart(int a, int b, std::string_view connector, std::string_view partition, int step) {
  MadeLog log;
  for (int t = a; t < b; t += step) log = std::move(log) + ping(t, connector, partition);
  return log;
}

MadeLog noise(int a, int b, int step) {
  MadeLog log;
  for (int t = a; t < b; t += step) {
    log = std::move(log) + ev(t + 0.5, 16384, "Successfully scheduled Software Protection service for re-start.",
                              "Microsoft-Windows-Security-SPP");
  }
  return log;
}

MadeLog change(double minute, const Change& c) {
  const std::string tail = trailer(c.connector, c.partition);
  const std::string id = tracking(900'000'000 + number_of(minute, c.connector));
  MadeLog log = ev(minute, 650, "Provision credentials batch start. Count: 1. " + id + tail) +
                ev(minute + 0.02, 656,
                   "Password Change Request - Anchor : " + c.anchor + ", Dn : " + c.dn +
                       ", Change Date : 03/10/2026 00:00:00" + tail);
  if (c.answered) {
    log = std::move(log) +
          ev(minute + 0.05, 657,
             "Password Change Result - Anchor : " + c.anchor + ", Dn : " + c.dn + ", PwdChangeOnLogon=" + c.flag +
                 ", Result : " + c.result + "." + tail) +
          ev(minute + 0.06, 651, "Provision credentials batch end. Count: 1. " + id + tail);
  }
  return log;
}

MadeLog request(double minute, std::string_view dn, std::string_view anchor) {
  return ev(minute, 656,
            "Password Change Request - Anchor : " + std::string(anchor) + ", Dn : " + std::string(dn) +
                ", Change Date : 03/10/2026 00:00:00" + trailer(contoso_id, "CONTOSO.COM"));
}

MadeLog result(double minute, std::string_view how, std::string_view dn, std::string_view anchor,
               std::string_view flag) {
  return ev(minute, 657,
            "Password Change Result - Anchor : " + std::string(anchor) + ", Dn : " + std::string(dn) +
                ", PwdChangeOnLogon=" + std::string(flag) + ", Result : " + std::string(how) + "." +
                trailer(contoso_id, "CONTOSO.COM"));
}

MadeLog failure(double minute, int rpc, std::string_view domain, int level, std::string_view words) {
  MadeLog log = failure_text(minute,
                             "Microsoft.Online.PasswordSynchronization.SynchronizationManagerException: Recovery task "
                             "failed. ---> Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices."
                             "DrsException: RPC Error " +
                                 std::to_string(rpc) + " : " + std::string(words) +
                                 " There was an error calling _IDL_DRSGetNCChanges.",
                             domain);
  log.front().level = level;
  return log;
}

MadeLog failure_text(double minute, std::string_view text, std::string_view domain) {
  return ev(minute, 611,
            "Password hash synchronization failed for domain: " + std::string(domain) +
                ", domain controller hostname: dc1." + std::string(domain) +
                ", domain controller IP address: 10.1.1.5.\r\nDetails: \r\n" + std::string(text),
            "Directory Synchronization", 2);
}

MadeLog stopped(double minute) {
  return ev(minute, 609, "Password Synchronization manager has stopped") +
         ev(minute + 0.1, 2002, "The service was stopped successfully.", "ADSync");
}

MadeLog started(double minute) {
  return ev(minute, 2001, "The service was started successfully.", "ADSync") +
         ev(minute + 0.5, 601, "Password synchronization manager has started");
}

MadeLog credential(double minute, std::uint32_t id) {
  std::string text =
      "The user name or password is incorrect. Verify your user name, and then type your password again.";
  if (id == 655) text = "Failed credential provisioning ping. Error: " + text;
  if (id == 115) text = "Access to Windows Azure Active Directory has been denied. Contact Technical Support.";
  return ev(minute, id, std::move(text), id == 6900 ? "ADSync" : "Directory Synchronization", 2);
}

MadeLog tenant_off(double minute) {
  return ev(minute, 652,
            "Failed credential provisioning batch. Error: Microsoft.Online.Coexistence.ProvisionException: An error "
            "occurred. Error Code: 90. Error Description: Password Synchronization has not been activated for this "
            "company. Tracking ID: 07e93e8a-cf2d-4f67-9e95-53169c4875e0 Server Name: BL2GR1BBA003.",
            "Directory Synchronization", 2);
}

MadeLog on(std::string_view computer, MadeLog log) {
  for (MadeEvent& e : log) e.computer = computer;
  return log;
}

MadeLog in_channel(std::string_view channel, MadeLog log) {
  for (MadeEvent& e : log) e.channel = channel;
  return log;
}

MadeLog numbered(MadeLog log, std::uint64_t first) {
  std::stable_sort(log.begin(), log.end(), [](const MadeEvent& a, const MadeEvent& b) { return a.minute < b.minute; });
  for (MadeEvent& e : log) {
    if (e.record == 0) e.record = first;
    ++first;
  }
  return log;
}

Given xml(const MadeLog& log, std::string name) {
  const MadeLog events = numbered(log);
  std::string text = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>";
  for (auto e = events.rbegin(); e != events.rend(); ++e) {
    text += "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='" +
            escaped(e->provider) + "'/><EventID Qualifiers='0'>" + std::to_string(e->id) +
            "</EventID><Version>0</Version><Level>" + std::to_string(e->level) +
            "</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='" +
            iso_at(e->minute) + "'/><EventRecordID>" + std::to_string(e->record) +
            "</EventRecordID><Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>" + escaped(e->channel) +
            "</Channel><Computer>" + escaped(e->computer) + "</Computer><Security/></System><EventData><Data>" +
            escaped(e->text) + "</Data></EventData><RenderingInfo Culture='en-US'><Message>" + escaped(e->text) +
            "</Message><Level>" + level_word(e->level) + "</Level></RenderingInfo></Event>";
  }
  return {std::move(name), text + "</Events>", no_time};
}

Given csv(const MadeLog& log, std::string name) {
  const MadeLog events = numbered(log);
  std::string text = "\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"ProviderName\",\"Message\"\r\n";
  for (auto e = events.rbegin(); e != events.rend(); ++e) {
    const CivilTime t = to_civil(at(e->minute));
    const std::uint32_t hour = t.hour % 12 == 0 ? 12 : t.hour % 12;
    std::string message;
    for (const char c : e->text) message += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += "\"" + padded(t.month, 2) + "/" + padded(t.day, 2) + "/" + std::to_string(t.year) + " " + padded(hour, 2) +
            ":" + padded(t.minute, 2) + ":" + padded(t.second, 2) + (t.hour < 12 ? " AM" : " PM") + "\",\"" +
            std::to_string(e->id) + "\",\"" + level_word(e->level) + "\",\"" + e->provider + "\",\"" + message +
            "\"\r\n";
  }
  return {std::move(name), std::move(text), no_time};
}

Given scheduler(std::string_view staging, double collected, std::string_view cycle_enabled) {
  return {"Get-ADSyncScheduler.txt",
          "\r\nAllowedSyncCycleInterval            : 00:30:00\r\n" + spaced("SyncCycleEnabled", cycle_enabled) +
              spaced("MaintenanceEnabled", "True") + spaced("StagingModeEnabled", staging) +
              spaced("SchedulerSuspended", "False") + "\r\n",
          collected_at(collected)};
}

Given feature(std::string_view on, double collected) {
  return {"Get-ADSyncAADCompanyFeature.txt",
          "\r\n" + spaced("PasswordHashSync", on) + spaced("ForcePasswordChangeOnLogOn", "False") + "\r\n",
          collected_at(collected)};
}

Given channel(std::string_view enabled, double collected, std::string_view connector) {
  return {"Get-ADSyncAADPasswordSyncConfiguration.txt",
          "\r\n" + spaced("SourceConnector", connector) + spaced("TargetConnector", "contoso.onmicrosoft.com - AAD") +
              spaced("Enabled", enabled) + "\r\n",
          collected_at(collected)};
}

Given global_settings(std::string_view name, std::string_view value, double collected) {
  return {"Get-ADSyncGlobalSettings.txt",
          "\r\nName  : Microsoft.Synchronize.SynchronizationPolicy\r\nValue : Delta\r\n\r\n" + spaced("Name", name) +
              spaced("Value", value) + "\r\n",
          collected_at(collected)};
}

Given connectors(std::string_view name, std::string_view guid, std::string_view account) {
  std::string text = "## Connector Summary\r\n\r\n" + spaced("Name", name) + spaced("Identifier", guid) +
                     spaced("Type", "AD") + spaced("ConnectivityParameters", "{forest-login-user}") + "\r\n";
  if (!account.empty()) {
    text += "## Connector ConnectivityParameters\r\n\r\nName     : forest-login-user\r\nDataType : String\r\n" +
            spaced("Value", account) + "\r\n";
  }
  return {"Get-ADSyncConnector.txt", text, no_time};
}

Given identity(std::string_view type) {
  return {"Get-ADSyncEntraConnectorCredential.txt",
          "\r\n" + spaced("ConnectorIdentityType", type) + spaced("ConnectorUserName", "(none)") + "\r\n", no_time};
}

Given diagnosis_text(std::string_view text, double collected) {
  return {"diagnosis.txt", std::string(text), collected_at(collected)};
}

Given status_table(std::string_view rows) {
  return {"passwordlog.csv", "Date,Password Sync Status,Dn\r\n" + std::string(rows), no_time};
}

Given build(std::string_view version, double collected) {
  return global_settings("Microsoft.Synchronize.ServerConfigurationVersion", version, collected);
}

const Catalogue& shipped_catalogue() {
  static const Catalogue catalogue = [] {
    const std::vector<std::string> directories{support::source_folder() + "/python/synclens/catalogue"};
    return Catalogue::load(directories);
  }();
  return catalogue;
}

Diagnosis diagnose(const std::vector<Given>& given, AnalyzeOptions options) {
  Analyzer analyzer(shipped_catalogue(), std::move(options));
  for (const Given& g : given) {
    Source source;
    source.name = g.name;
    source.stream = open_memory(as_bytes(g.bytes));
    source.collected_at = g.collected;
    const SourceKind kind = analyzer.add(std::move(source));
    CHECK_MESSAGE(kind != SourceKind::unknown, g.name);
  }
  return analyzer.conclude();
}

Diagnosis diagnose(const MadeLog& log) {
  return diagnose(std::vector<Given>{xml(log)});
}

std::string said(const Diagnosis& d) {
  std::string text = verdict_of(d) + ":";
  for (const Finding& f : d.findings) {
    if (&f != &d.findings.front()) text += ";";
    text += " " + f.cause + " " + std::string(to_string(f.scope.kind));
    if (f.scope.name) text += " " + *f.scope.name;
    text += " " + std::string(to_string(f.status));
  }
  return d.findings.empty() ? text + " none" : text;
}

std::string verdict_of(const Diagnosis& d) {
  return std::string(to_string(d.verdict.status));
}

std::string since_of(const Diagnosis& d) {
  return d.verdict.since == no_time ? "null" : to_iso(d.verdict.since);
}

Finding finding(const Diagnosis& d, std::string_view cause) {
  for (const Finding& f : d.findings) {
    if (f.cause == cause) return f;
  }
  return {};
}

bool found(const Diagnosis& d, std::string_view cause) {
  return !finding(d, cause).cause.empty();
}

std::string fate(const Diagnosis& d, std::string_view cause) {
  const Finding f = finding(d, cause);
  if (f.cause.empty()) return "none";
  std::string text(to_string(f.status));
  if (f.recovered_at != no_time) text += " at " + to_iso(f.recovered_at);
  return text;
}

std::string check_of(const Diagnosis& d, std::string_view id, std::string_view scope) {
  for (const Check& c : d.checks) {
    if (c.id != id) continue;
    if (!scope.empty() && (!c.scope || c.scope->name != scope)) continue;
    return std::string(to_string(c.status));
  }
  return "none";
}

std::string user_status(const Diagnosis& d, std::string_view dn) {
  for (const UserState& u : d.users) {
    if (u.dn == dn) return u.status;
  }
  return "none";
}

bool holds(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

std::string all_commands(const Finding& f) {
  std::string text;
  for (const FilledStep& s : f.fix) text += s.command + "\n";
  return text;
}

std::string all_steps(const Finding& f) {
  std::string text;
  for (const FilledStep& s : f.fix) text += s.text + "\n";
  return text;
}

std::string all_findings(const Diagnosis& d) {
  std::string text = said(d) + " since " + since_of(d) + "\n";
  for (const Finding& f : d.findings) {
    text += f.id + " " + std::string(to_string(f.severity)) + " x" + std::to_string(f.count) + " " +
            to_iso(f.first_seen) + " " + to_iso(f.last_seen) + " " + to_iso(f.recovered_at) + "\n";
    for (const auto& [name, values] : f.fields) {
      text += "  " + name + "=";
      for (const std::string& v : values) text += v + "|";
      text += "\n";
    }
  }
  for (const UserState& u : d.users) {
    text += u.dn.value_or("-") + " " + u.anchor.value_or("-") + " " + u.status + " " + to_iso(u.last_request) + " " +
            to_iso(u.last_result) + " " + u.cause.value_or("-") + "\n";
  }
  for (const Check& c : d.checks) {
    text +=
        c.id + " " + (c.scope && c.scope->name ? *c.scope->name : "-") + " " + std::string(to_string(c.status)) + "\n";
  }
  return text;
}

}  // namespace synclens::test
