#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "collected_records.hpp"
#include "synclens/read.hpp"

using namespace synclens;
using namespace synclens::test;
using namespace std::string_literals;

namespace {

SourceKind kind_of(const std::string& text, std::string_view name = "file") {
  return sniff(as_bytes(text), name);
}

std::string wide(std::u16string_view text) {
  std::string bytes = "\xFF\xFE";
  for (const char16_t c : text) {
    bytes += static_cast<char>(c & 0xFF);
    bytes += static_cast<char>(c >> 8);
  }
  return bytes;
}

const std::string event =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='P'/><EventID>1</EventID></System></Event>";

}  // namespace

TEST_CASE("a pasted block may have no more than its id and its description") {
  CHECK(kind_of("Event ID:      611\r\nDescription:\r\nPassword hash synchronization failed for domain: a.b.\r\n") ==
        SourceKind::event_text);
  CHECK(kind_of("Source: Directory Synchronization\nEvent ID: 611\n") == SourceKind::event_text);
  CHECK(kind_of("Event ID: 611\nWhat does it mean?\n") == SourceKind::unknown);
  CHECK(kind_of("Event ID: six hundred\nDescription: none\n") == SourceKind::unknown);
}

TEST_CASE("every kind has its name") {
  CHECK(to_string(SourceKind::unknown) == "unknown");
  CHECK(to_string(SourceKind::sync_log) == "sync_log");
  CHECK(to_string(SourceKind::archive) == "archive");
}

TEST_CASE("nothing but padding is empty") {
  CHECK(kind_of("") == SourceKind::empty);
  CHECK(kind_of(" \r\n\t") == SourceKind::empty);
  CHECK(kind_of(std::string(70000, '\0')) == SourceKind::empty);
  CHECK(kind_of(wide(u"\r\n")) == SourceKind::empty);
  CHECK(kind_of("\xEF\xBB\xBF\r\n") == SourceKind::empty);
  CHECK(kind_of("x") != SourceKind::empty);
}

TEST_CASE("an event log is known even with a damaged header") {
  CHECK(kind_of("ElfFile\0"s + std::string(200, '\0')) == SourceKind::evtx);
  CHECK(kind_of("ElfFile") == SourceKind::unknown);
  std::string damaged(8192, 'U');
  CHECK(kind_of(damaged) != SourceKind::evtx);
  damaged.replace(4096, 8, "ElfChnk\0"s);
  CHECK(kind_of(damaged) == SourceKind::evtx);
  damaged.replace(4096, 8, "UUUUUUUU");
  damaged.replace(4608, 4, "**\0\0"s);
  CHECK(kind_of(damaged) == SourceKind::evtx);
  CHECK(kind_of("ElfChnk\0"s) == SourceKind::evtx);
}

TEST_CASE("closed kinds and archives are known by their first bytes") {
  for (const std::string& head :
       {"regf\1\0\0\0"s, "\xD4\xC3\xB2\xA1\2\0\4\0"s, "\x0A\x0D\x0D\x0A\x1C\0\0\0\x4D\x3C\x2B\x1A"s,
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n"s,
        wide(u"Windows Registry Editor Version 5.00\r\n")}) {
    CHECK(kind_of(head) == SourceKind::closed);
  }
  std::string trace(512, '\0');
  trace[2] = 1;
  trace[0x4A] = 2;
  trace[0x4B] = '\xC0';
  CHECK(kind_of(trace) == SourceKind::closed);
  std::string tar(512, '\0');
  tar.replace(0, 5, "a.txt");
  tar.replace(257, 5, "ustar");
  for (const std::string& head : {"PK\3\4"s, "PK\5\6"s, "\x1F\x8B\x08\0"s, "BZh91AY&SY"s,
                                  "\xFD"
                                  "7zXZ\0"s,
                                  "\x28\xB5\x2F\xFD"s, "7z\xBC\xAF\x27\x1C"s, tar}) {
    CHECK(kind_of(head) == SourceKind::archive);
  }
  CHECK(kind_of("PK of a kind") == SourceKind::unknown);
}

TEST_CASE("event XML in all its dresses") {
  for (const std::string& text :
       {event, event + event, "\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<Events>" + event + "</Events>", "<Events/>"s,
        "<Events>"s, "- " + event, "Record 261\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + event,
        "PS C:\\> wevtutil qe Application /f:xml\r\n" + event, "<!-- saved --><root>" + event + "</root>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + event, "of it</Data></EventData></Event>" + event,
        "<e:Event xmlns:e='u'><e:System><e:EventID>1</e:EventID></e:System></e:Event>"s}) {
    CAPTURE(text);
    CHECK(kind_of(text) == SourceKind::event_xml);
  }
  CHECK(kind_of(wide(u"<Events><Event><System></System></Event></Events>")) == SourceKind::event_xml);
  CHECK(kind_of("<html><body>Event 611</body></html>") == SourceKind::unknown);
  CHECK(kind_of("<Calendar><Event>party</Event></Calendar>") == SourceKind::unknown);
}

TEST_CASE("Clixml") {
  const std::string objects = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";
  CHECK(kind_of(objects) == SourceKind::clixml);
  CHECK(kind_of("#< CLIXML\r\n" + objects) == SourceKind::clixml);
  CHECK(kind_of("\xEF\xBB\xBF<?xml version='1.0'?>\n" + objects) == SourceKind::clixml);
  CHECK(kind_of("<Objs><Obj/></Objs>") == SourceKind::unknown);
}

TEST_CASE("event tables by their header, in the languages of Event Viewer") {
  for (const std::string& header :
       {"Level,Date and Time,Source,Event ID,Task Category"s,
        "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie"s,
        "Niveau,Date et heure,Source,ID de l’événement,Catégorie de la tâche"s,
        "Niveau,Datum en tijd,Bron,Gebeurtenis-id,Taakcategorie"s,
        "Nivå,Datum och tid,Källa,Händelse-ID,Aktivitetskategori"s,
        "レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ"s,
        "Nível,Data e Hora,Fonte,Identificação do Evento,Categoria da Tarefa"s,
        "级别,日期和时间,来源,事件 ID,任务类别"s, "Nivel,Fecha y hora,Origen,Id. del evento,Categoría de la tarea"s,
        "Livello,Data e ora,Origine,ID evento,Categoria attività"s,
        "\"EventID\",\"MachineName\",\"Data\",\"Index\",\"Category\",\"EntryType\",\"Message\",\"Source\""s,
        "\"Message\",\"Id\",\"Version\",\"Qualifiers\",\"Level\",\"ProviderName\",\"TimeCreated\""s,
        "\"TimeCreated\",\"Id\",\"LevelDisplayName\",\"Message\""s, "TimeCreated;Id;LevelDisplayName;Message"s,
        "\"Id\",\"Message\""s, "TimeCreated,Message"s, "Level\tDate and Time\tSource\tEvent ID\tTask Category"s}) {
    CAPTURE(header);
    CHECK(kind_of(header + "\r\nInformation,1/1/2026,x,611,None,text\r\n") == SourceKind::event_table);
    CHECK(kind_of("#TYPE Selected.X\r\n" + header + "\r\n") == SourceKind::event_table);
  }
  CHECK(kind_of("#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"a\",\"b\"") == SourceKind::event_table);
  CHECK(kind_of("Id,Name\r\n1,x\r\n") == SourceKind::unknown);
  CHECK(kind_of("TimeCreated,Id,Message\r\n1,611,\"<Event><System/></Event>\"\r\n") == SourceKind::event_table);
}

TEST_CASE("a table is known from 64 KiB of it") {
  std::string text = "TimeCreated,Id,LevelDisplayName,Message\r\n";
  while (text.size() < (1u << 16))
    text += "3/9/2026 10:00:00 AM,654,Information,\"Provision credentials ping end.\"\r\n";
  CHECK(kind_of(text.substr(0, 1u << 16)) == SourceKind::event_table);
  std::string log = "Date,Password Sync Status\r\n";
  while (log.size() < (1u << 16)) log += "2026-03-09 10:00:00,Success\r\n";
  CHECK(kind_of(log.substr(0, (1u << 16) - 3)) == SourceKind::sync_log);
}

TEST_CASE("pasted events, whatever line they begin with") {
  const std::vector<std::string> lines = {"Log Name:      Application",
                                          "Source:        Directory Synchronization",
                                          "Date:          8/10/2020 11:00:39 AM",
                                          "Event ID:      611",
                                          "Task Category: None",
                                          "Level:         Error",
                                          "Computer:      s1",
                                          "Description:   Password hash synchronization failed"};
  for (std::size_t first = 0; first < 4; ++first) {
    std::string text;
    for (std::size_t i = first; i < lines.size(); ++i) text += lines[i] + "\r\n";
    CHECK(kind_of(text) == SourceKind::event_text);
    CHECK(kind_of("Hello,\nthe server says\n\n" + text) == SourceKind::event_text);
    CHECK(kind_of(text + "Event Xml:\r\n" + event) == SourceKind::event_text);
  }
  CHECK(
      kind_of("Protokollname: Application\nQuelle: Directory Synchronization\nDatum: 10.08.2020\nEreignis-ID: 611\n") ==
      SourceKind::event_text);
  CHECK(kind_of("Nom du journal :Application\nSource :       ADSync\nDate :         1\nID de l’événement :611\n") ==
        SourceKind::event_text);
  CHECK(kind_of("ログの名前:         Application\nソース:           ADSync\n日付:            2026\nイベント ID:       "
                "611\n") == SourceKind::event_text);
  CHECK(kind_of(
            "日志名称:          Application\n来源:            ADSync\n日期:            2026\n事件 ID:         611\n") ==
        SourceKind::event_text);
  CHECK(kind_of(
            "TimeCreated  : 3/9/2026 10:00:00 AM\r\nProviderName : Directory Synchronization\r\nId           : 611\r\n"
            "Message      : Password\r\n") == SourceKind::event_text);
  CHECK(kind_of(wide(u"\r\n\r\nId      : 611\r\nMessage : x\r\n")) == SourceKind::event_text);
}

TEST_CASE("prose is unknown") {
  CHECK(kind_of("We see event 611 every two minutes. Event ID: 611\nWhat now?\n") == SourceKind::unknown);
  CHECK(kind_of("The status of the sync is: Success, they say.\nError, Unknown, whatever.\n") == SourceKind::unknown);
  CHECK(kind_of("Please check Connector, Status and Error messages.\n") == SourceKind::unknown);
  CHECK(kind_of("ipconfig /all\r\n\r\nHost Name . . . . . : SYNC01\r\nNode Type . . . : Hybrid\r\n") ==
        SourceKind::unknown);
  CHECK(kind_of("{\"Event\": {\"System\": {\"EventID\": 611}}}\n") == SourceKind::unknown);
}

TEST_CASE("password sync logs in every table form, and partition states before them") {
  for (const std::string& text :
       {"Date,Password Sync Status\r\n2026-03-09 10:00:00,FilteredByTarget\r\n"s,
        "\"Dn\",\"Status\"\r\n\"CN=Ana, B,OU=x\",\"Success\"\r\n"s, "Time\tstatus\n1\tNoTargetConnection\n"s,
        "| Time | Status |\n|---|---|\n| 1 | MissingAttribute |\n"s, "Time;Status\n1;Error\n"s,
        "Time                  Status\n----                  ------\n3/9/2026 10:00:00 AM  Success\n"s,
        "Status  Time\n------  ----\nUnknown 1\n"s, "Status\n------\nFilteredByTarget\n"s,
        "Some words before\n\nTime,Sync status\n1,filteredbytarget\n"s}) {
    CAPTURE(text);
    CHECK(kind_of(text) == SourceKind::sync_log);
  }
  CHECK(kind_of(wide(u"Date,Status\r\n1,RetryRequestedByTarget\r\n")) == SourceKind::sync_log);
  CHECK(kind_of("Order,Status\r\n1,Shipped\r\n") == SourceKind::unknown);
  CHECK(kind_of("\"ConnectorId\",\"DN\",\"PasswordSyncLastCycleStatus\"\r\n\"{1}\",\"DC=a\",\"Error\"\r\n") ==
        SourceKind::settings);
}

TEST_CASE("settings of every cmdlet and script") {
  for (
      const std::string& text :
      {"\r\nAllowedSyncCycleInterval : 00:30:00\r\nStagingModeEnabled : False\r\n"s,
       "PasswordHashSync           : True\r\nForcePasswordChangeOnLogOn : False\r\n"s,
       "\r\nSourceConnector TargetConnector               Enabled\r\n--------------- ---------------               -------\r\n"s,
       "Name                                       Value\n----                                       -----\n"
       "Microsoft.Synchronize.StagingMode          False\n"s,
       "ConnectorId : 1\nDN : DC=contoso,DC=com\nPasswordSyncLastCycleStatus : Successful\n"s,
       "## Connector contoso.com\r\n\r\nName : contoso.com\r\nIdentifier : b8918\r\nType : AD\r\n"s,
       "Password sync feature enabled in your Azure AD directory:  True\n"s,
       "WARNING: No AD DS Connector was found.\n"s,
       "----------------------------------------AADConnect Troubleshooting------------------------------------------\n"s,
       "Password Hash Synchronization cloud configuration is enabled\n"s,
       "FullName         IsReachable ExceptionMessage\n--------         ----------- ----------------\nx.com True\n"s,
       "RunState ConnectorName\n-------- -------------\nBusy     x - AAD\n"s,
       "#TYPE Microsoft.IdentityManagement.PowerShell.ObjectModel.RunProfileResult\n\"RunHistoryId\",\"Result\"\n"s,
       "<?xml version=\"1.0\"?><ma-data><id>{1}</id></ma-data>"s, "<Connector><Name>contoso.com</Name></Connector>"s,
       "Name       : In from AD - User AccountEnabled\nIdentifier : 1\nPrecedence : 102\nDirection  : Inbound\n"s,
       "DistinguishedName : CN=a\nObjectType : user\nAnchorValue : x\n"s}) {
    CAPTURE(text);
    CHECK(kind_of(text) == SourceKind::settings);
  }
  CHECK(kind_of("Foo : 1\r\nBar : 2\r\n", "x/Get-ADSyncThing.txt") == SourceKind::settings);
  CHECK(kind_of("Foo : 1\r\nBar : 2\r\n", "x/other.txt") == SourceKind::unknown);
}

TEST_CASE("a bare list of names is settings where the file or the prompt says of what") {
  const std::string list = "CN=Ann Lee,OU=Staff,DC=contoso,DC=com\r\nOU=Old,DC=emea,DC=contoso,DC=com\r\n";
  CHECK(kind_of(list, "x/Get-ADSyncObjectsWithInheritanceDisabled.txt") == SourceKind::settings);
  CHECK(kind_of("PS C:\\> Get-ADSyncObjectsWithInheritanceDisabled -SearchBase 'DC=contoso,DC=com'\r\n" + list) ==
        SourceKind::settings);
  CHECK(kind_of(list, "names.txt") == SourceKind::unknown);
  CHECK(kind_of("CN=Ann Lee\r\n", "x/Get-ADSyncObjectsWithInheritanceDisabled.txt") == SourceKind::unknown);
}

TEST_CASE("the wizard's trace is read for its build, prose that names one is not") {
  const auto kind = [](std::string_view text) { return sniff(as_bytes(text), "trace-20260310-101010.log"); };
  CHECK(
      kind("[10:10:10.101] [  1] [INFO ] ====\r\n[10:10:10.102] [  1] [INFO ] Azure AD Connect version 2.1.20.0\r\n") ==
      SourceKind::settings);
  CHECK(kind("[10:10:10.101] [  1] [INFO ] Azure AD Connect is starting.\r\n") == SourceKind::unknown);
  CHECK(kind("[10:10:10.101] [  1] [INFO ] Azure AD Connect version 2.1.\r\n") == SourceKind::unknown);
  CHECK(kind("[10:10:10.101] [  1] [INFO ] Azure AD Connect version 2..1.20\r\n") == SourceKind::unknown);
  CHECK(kind("Update Azure AD Connect to version 2.1.20.0 or later.\r\n") == SourceKind::unknown);
}

TEST_CASE("Cloud Sync is another product") {
  CHECK(
      kind_of(
          "PS > Get-AADCloudSyncToolsJobSchedule |select intervalmins, state\nintervalMins state\n------------ -----\n"
          "          20 Active\n") == SourceKind::cloud_sync);
  CHECK(kind_of("I ran it with | select intervalmins, state and saw nothing\n") != SourceKind::cloud_sync);
}

TEST_CASE("the articles are prose, and the real logs are event logs") {
  const auto folder = shared_folder();
  if (folder.empty()) return;
  for (const auto& file : std::filesystem::directory_iterator(folder / "docs")) {
    const std::string name = file.path().filename().string();
    CAPTURE(name);
    CHECK(kind_of(file_text(file.path()), name) == SourceKind::unknown);
  }
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder / "data" / "evtx")) {
    if (!file.is_regular_file()) continue;
    const std::string name = file.path().filename().string();
    CAPTURE(name);
    if (file.path().extension() == ".evtx") CHECK(kind_of(file_text(file.path()), name) == SourceKind::evtx);
  }
}

TEST_CASE("archives, hives and captures are known by their first bytes, and only by them") {
  const auto padded = [](std::string head, std::size_t size = 600) {
    head.resize(size, '\1');
    return head;
  };
  for (const std::string& head :
       {"PK\x05\x06"s, "PK\x07\x08"s, "\x1F\x8B\x08"s, "\xFD"s + "7zXZ\0"s, "\x28\xB5\x2F\xFD"s, "7z\xBC\xAF\x27\x1C"s,
        "Rar!\x1A\x07"s, "MSCF\0\0\0\0"s, "BZh91AY&SY"s}) {
    CHECK(kind_of(padded(head)) == SourceKind::archive);
    CHECK(kind_of(padded(head.substr(0, head.size() - 1) + "~")) != SourceKind::archive);
  }
  std::string tar(600, 'x');
  tar.replace(257, 5, "ustar");
  CHECK(kind_of(tar) == SourceKind::archive);
  CHECK(kind_of(tar.substr(0, 260)) != SourceKind::archive);

  for (const std::string& head :
       {"regf"s, "HvLE"s, "\xD4\xC3\xB2\xA1"s, "\xA1\xB2\xC3\xD4"s, "\x4D\x3C\xB2\xA1"s, "\xA1\xB2\x3C\x4D"s,
        "\x0A\x0D\x0D\x0A\1\1\1\1\x4D\x3C\x2B\x1A"s, "\x0A\x0D\x0D\x0A\1\1\1\1\x1A\x2B\x3C\x4D"s}) {
    CHECK(kind_of(padded(head)) == SourceKind::closed);
  }
  CHECK(kind_of(padded("\x0A\x0D\x0D\x0A\1\1\1\1\1\1\1\1"s)) != SourceKind::closed);

  // A trace: a size of buffers, and a marker in the header behind it.
  const auto trace = [](char b0, char b1, char b3, char version, char marker) {
    std::string head(0x60, '\0');
    head[0] = b0, head[1] = b1, head[3] = b3, head[0x4A] = version, head[0x4B] = marker;
    return head;
  };
  CHECK(kind_of(trace(0, 4, 0, 1, '\xC0')) == SourceKind::closed);
  CHECK(kind_of(trace(0, 4, 0, 2, '\xC0')) == SourceKind::closed);
  CHECK(kind_of(trace(0, 4, 0, 3, '\xC0')) != SourceKind::closed);
  CHECK(kind_of(trace(0, 4, 0, 1, '\xC1')) != SourceKind::closed);
  CHECK(kind_of(trace(1, 4, 0, 1, '\xC0')) != SourceKind::closed);
  CHECK(kind_of(trace(0, 4, 127, 1, '\xC0')) != SourceKind::closed);
  CHECK(kind_of(trace(0, 4, 0, 1, '\xC0').substr(0, 0x4F)) != SourceKind::closed);
}

TEST_CASE("a log without its name is known by the sizes in its header") {
  const auto header = [](char size, char version, char block) {
    std::string head(200, '\0');
    head[32] = size, head[38] = version, head[41] = block;
    return head;
  };
  CHECK(kind_of(header('\x80', 3, 16)) == SourceKind::evtx);
  CHECK(kind_of(header('\x81', 3, 16)) != SourceKind::evtx);
  CHECK(kind_of(header('\x80', 2, 16)) != SourceKind::evtx);
  CHECK(kind_of(header('\x80', 3, 15)) != SourceKind::evtx);
}

TEST_CASE("what has many characters that no text has is binary, some are not enough") {
  CHECK(kind_of("StagingModeEnabled : True\r\nAllowedSyncCycleInterval : 00:30:00\r\n\1\2\3") == SourceKind::settings);
  std::string controls = "StagingModeEnabled : True\r\nAllowedSyncCycleInterval : 00:30:00\r\n";
  for (int i = 0; i < 30; ++i) controls += "\1a";
  CHECK(kind_of(controls) == SourceKind::unknown);
  CHECK(kind_of("\xFE\xFF\0 \0\r\0\n"s) == SourceKind::empty);
}
