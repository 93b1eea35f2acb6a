#include <doctest/doctest.h>

#include <string>

#include "recorded.hpp"

using namespace synclens;

namespace {

Recorded text(std::string_view content, const DecodeOptions& options = {}) {
  return record(decode_event_text, content, options);
}

constexpr std::string_view two_blocks =
    "Log Name:      Application\r\n"
    "Source:        Directory Synchronization\r\n"
    "Date:          8/10/2020 11:00:39 AM\r\n"
    "Event ID:      611\r\n"
    "Task Category: None\r\n"
    "Level:         Error\r\n"
    "Keywords:      Classic\r\n"
    "User:          N/A\r\n"
    "Computer:      server1.contoso.com\r\n"
    "Description:   Password hash synchronization failed for domain: contoso.com.\r\n"
    "Details:       Unable to open connection.\r\n"
    "\r\n"
    "<forest-info>\r\n"
    "</forest-info>\r\n"
    "\r\n"
    "Log Name:      Application\r\n"
    "Source:        ADSync\r\n"
    "Date:          8/13/2020 11:00:40 PM\r\n"
    "Event ID:      6900\r\n"
    "Task Category: None\r\n"
    "Level:         Warning\r\n"
    "Computer:      server1.contoso.com\r\n"
    "Description:\r\n"
    "The server encountered an error:\r\n"
    "\"no\"\r\n";

}  // namespace

TEST_CASE("Event Viewer's blocks, one after the other") {
  const Recorded got = text(two_blocks);
  REQUIRE(got.events.size() == 2);
  CHECK(got.problems.empty());
  const Recorded::Event& first = got.events[0];
  CHECK(first.id == 611);
  CHECK(first.provider == "Directory Synchronization");
  CHECK(first.channel == "Application");
  CHECK(first.computer == "server1.contoso.com");
  CHECK(first.level == 2);
  CHECK(to_iso(first.time) == "2020-08-10T11:00:39Z");
  CHECK(first.message ==
        "Password hash synchronization failed for domain: contoso.com.\r\nDetails:       Unable to open "
        "connection.\r\n\r\n<forest-info>\r\n</forest-info>");
  CHECK(first.where.line == 1);
  CHECK(got.events[1].id == 6900);
  CHECK(got.events[1].message == "The server encountered an error:\r\n\"no\"");
  CHECK(got.events[1].where.line == 16);
  CHECK_FALSE(got.says("swapped"));
}

TEST_CASE("fields in any order, any of them missing") {
  const Recorded got = text("Event ID: 654\nDescription: one\nEvent ID: 655\nDescription: two\nmore\n");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].message == "one");
  CHECK(got.events[0].time == no_time);
  CHECK(got.events[1].message == "two\nmore");
  CHECK(got.problems.empty());

  const Recorded late = text("Date: 3/13/2026 1:00 PM\nDescription: d\nEvent ID: 611\nSource: X\nLevel: Error\n");
  REQUIRE(late.events.size() == 1);
  CHECK(late.events[0].id == 611);
  CHECK(late.events[0].provider == "X");
  CHECK(late.events[0].level == 2);
  CHECK(late.events[0].message == "d");

  const Recorded after = text("Event ID: 611\nDescription: d\nLevel: Error\nSource: X\n");
  REQUIRE(after.events.size() == 1);
  CHECK(after.events[0].provider == "X");
  CHECK(after.events[0].message == "d");

  const Recorded blank = text("Event ID: 1\nDescription: d\n\nSource: X\nEvent ID: 2\nDescription: e\n");
  REQUIRE(blank.events.size() == 2);
  CHECK(blank.events[0].provider.empty());
  CHECK(blank.events[1].provider == "X");
}

TEST_CASE("labels inside a description stay text") {
  const Recorded got = text("Event ID: 611\nSource: A\nDescription: d\nUser: bob\nSource: B\nthe end\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].message == "d\nUser: bob\nSource: B\nthe end");
}

TEST_CASE("the text may come before the labels, the XML after them is left alone") {
  const Recorded got = text(
      "Password hash synchronization failed.\n\nLog Name: Application\nSource: Directory Synchronization\nEvent ID: "
      "611\nLevel: Error\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].message == "Password hash synchronization failed.");

  const Recorded xml = text("Event ID: 611\nDescription:\nd\nEvent Xml:\n<Event>\n<Data>x</Data>\n</Event>\n");
  REQUIRE(xml.events.size() == 1);
  CHECK(xml.events[0].message == "d");
}

TEST_CASE("labels of other languages") {
  struct Case {
    const char* block;
    std::uint8_t level;
  };
  const Case cases[] = {
      {"Protokollname: Application\nQuelle:        Directory Synchronization\nDatum:         10.03.2026 14:00:00\n"
       "Ereignis-ID:   611\nAufgabenkategorie:Keine\nEbene:         Fehler\nSchlüsselwörter:Klassisch\n"
       "Benutzer:      Nicht zutreffend\nComputer:      s1\nBeschreibung:\nm\nEreignis-XML:\n<Event/>",
       2},
      {"Nom du journal :Application\nSource :       Directory Synchronization\nDate :         10/03/2026 14:00:00\n"
       "ID de l’événement :611\nCatégorie de la tâche :Aucun\nNiveau :       Erreur\nMots clés :    Classique\n"
       "Utilisateur :  N/A\nOrdinateur :   s1\nDescription :\nm",
       2},
      {"Logboeknaam:   Application\nBron:          Directory Synchronization\nDatum:         10-3-2026 14:00:00\n"
       "Gebeurtenis-id:611\nTaakcategorie: Geen\nNiveau:        Waarschuwing\nTrefwoorden:   Klassiek\n"
       "Gebruiker:     n.v.t.\nComputer:      s1\nBeschrijving:\nm",
       3},
      {"Loggnamn:      Application\nKälla:         Directory Synchronization\nDatum:         2026-03-10 14:00:00\n"
       "Händelse-ID:   611\nAktivitetskategori:Ingen\nNivå:          Fel\nNyckelord:     Klassiskt\n"
       "Användare:     Saknas\nDator:         s1\nBeskrivning:\nm",
       2},
      {"ログの名前:         Application\nソース:           Directory Synchronization\n日付:            2026/03/10 "
       "14:00:00\n"
       "イベント ID:       611\nタスクのカテゴリ:      なし\nレベル:           警告\nキーワード:         クラシック\n"
       "ユーザー:          N/A\nコンピューター:       s1\n説明:\nm",
       3},
      {"Nome do Log:   Application\nFonte:         Directory Synchronization\nData:          10/03/2026 14:00:00\n"
       "Identificação do Evento:611\nCategoria da Tarefa:Nenhum\nNível:         Informações\n"
       "Palavras-chave:Clássico\nUsuário:       N/D\nComputador:    s1\nDescrição:\nm",
       4},
      {"日志名称:          Application\n来源:            Directory Synchronization\n日期:            2026/3/10 下午 "
       "2:00:00\n"
       "事件 ID:         611\n任务类别:          无\n级别:            错误\n关键字:           经典\n用户:            "
       "暂缺\n"
       "计算机:           s1\n描述:\nm",
       2},
      {"Nombre de registro:Application\nOrigen:        Directory Synchronization\nFecha:         10/03/2026 14:00:00\n"
       "Id. del evento:611\nCategoría de la tarea:Ninguno\nNivel:         Advertencia\nPalabras clave:Clásico\n"
       "Usuario:       No disponible\nEquipo:        s1\nDescripción:\nm",
       3},
      {"Nome registro: Application\nOrigine:       Directory Synchronization\nData:          10/03/2026 14:00:00\n"
       "ID evento:     611\nCategoria attività:Nessuna\nLivello:       Errore\nParole chiave: Classico\nUtente:        "
       "N/D\n"
       "Computer:      s1\nDescrizione:\nm",
       2},
  };
  for (const Case& c : cases) {
    CAPTURE(c.block);
    const Recorded got = text(c.block);
    REQUIRE(got.events.size() == 1);
    CHECK(got.problems.empty());
    CHECK(got.events[0].id == 611);
    CHECK(got.events[0].level == c.level);
    CHECK(got.events[0].provider == "Directory Synchronization");
    CHECK(got.events[0].channel == "Application");
    CHECK(got.events[0].computer == "s1");
    CHECK(got.events[0].message == "m");
    CHECK(to_iso(got.events[0].time) == "2026-03-10T14:00:00Z");
    CHECK_FALSE(got.says("swapped"));
  }
}

TEST_CASE("an impossible clock is midnight") {
  const Recorded got = text("Event ID: 906\nDate: 12/01/2025 0:00:00 AM\nDescription: x\n");
  REQUIRE(got.events.size() == 1);
  CHECK(to_iso(got.events[0].time) == "2025-12-01T00:00:00Z");
  CHECK(got.problems.empty());
}

TEST_CASE("Format-List of Get-WinEvent and Get-EventLog") {
  const Recorded got = text(
      "\r\n\r\nTimeCreated  : 3/13/2026 2:00:00 PM\r\n"
      "ProviderName : Directory Synchronization\r\n"
      "Id           : 611\r\n"
      "Message      : Password hash synchronization failed for domain: contoso.com, domain controller hostname: "
      "dc1,\r\n"
      "               domain controller IP address: 10.0.0.1.\r\n"
      "               Details:\r\n"
      "               RPC Error 8453\r\n"
      "\r\n"
      "TimeCreated  : 3/13/2026 2:02:00 PM\r\n"
      "ProviderName : Directory Synchronization\r\n"
      "Id           : 654\r\n"
      "Message      : Provision credentials ping end.\r\n\r\n\r\n");
  REQUIRE(got.events.size() == 2);
  CHECK(got.problems.empty());
  CHECK(got.events[0].message ==
        "Password hash synchronization failed for domain: contoso.com, domain controller hostname: dc1, domain "
        "controller IP address: 10.0.0.1.\r\nDetails:\r\nRPC Error 8453");
  CHECK(got.events[0].provider == "Directory Synchronization");
  CHECK(got.events[1].message == "Provision credentials ping end.");
  CHECK(got.events[1].where.line == 11);

  const Recorded log = text(
      "EventID            : 6100\nMachineName        : s1\nData               : {}\nIndex              : 12\n"
      "Category           : (0)\nEntryType          : Warning\nMessage            : The management agent\n"
      "                     \n                     second line\n"
      "Source             : ADSync\nReplacementStrings : {contoso.com, Delta Import}\nInstanceId         : 2147489748\n"
      "TimeGenerated      : 13/03/2026 14:00:00\nTimeWritten        : 13/03/2026 14:00:00\nUserName           : \n");
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0].id == 6100);
  CHECK(log.events[0].qualifiers == 0x8000);
  CHECK(log.events[0].level == 3);
  CHECK(log.events[0].record_id == 12);
  CHECK(log.events[0].provider == "ADSync");
  CHECK(log.events[0].message == "The management agent\n\nsecond line");
  CHECK(to_iso(log.events[0].time) == "2026-03-13T14:00:00Z");
}

TEST_CASE("events that stand on lines") {
  const Recorded got = text(
      "652 Failed credential provisioning batch. Error Code: 90.\n"
      "6900 The server encountered an unexpected error:\n\"An error occurred.\n"
      "650 Provision credentials batch start. Count: 1\n");
  REQUIRE(got.events.size() == 3);
  CHECK(got.events[0].id == 652);
  CHECK(got.events[0].message == "Failed credential provisioning batch. Error Code: 90.");
  CHECK_FALSE(got.events[0].has(EventField::provider));
  CHECK(got.events[1].message == "The server encountered an unexpected error:\n\"An error occurred.");
  CHECK(got.events[2].where.line == 4);

  const Recorded none = text("3 days ago we changed it\n10 March 2026 was the day\nhello\n");
  CHECK(none.events.empty());
  CHECK(none.problems.size() == 1);
}

TEST_CASE("columns with pipes, and Markdown tables") {
  const Recorded got = text(
      "115  | Directory Synchronization | Information | Error Description: Access has been denied.\n"
      "6900 | FIMSynchronizationService | Error       | The server: \"no\n"
      "0    | Directory Synchronization | Error       | The user name or password is incorrect.\n");
  REQUIRE(got.events.size() == 3);
  CHECK(got.problems.empty());
  CHECK(got.events[0].id == 115);
  CHECK(got.events[0].level == 4);
  CHECK(got.events[0].provider == "Directory Synchronization");
  CHECK(got.events[0].message == "Error Description: Access has been denied.");
  CHECK(got.events[1].provider == "FIMSynchronizationService");
  CHECK(got.events[2].id == 0);

  const Recorded table = text(
      "Seen today:\n\n| Time | Event ID | Source | Message |\n|---|:---:|---|---|\n"
      "| 3/13/2026 2:00 PM | 611 | Directory Synchronization | a \\| b<br>c |\n| x | y | z | w |\n");
  REQUIRE(table.events.size() == 1);
  CHECK(table.events[0].message == "a | b\nc");
  CHECK(to_iso(table.events[0].time) == "2026-03-13T14:00:00Z");
  CHECK(table.problems.size() == 1);
}

TEST_CASE("the printed table of Get-WinEvent, and headings that name an event") {
  const Recorded got = text(
      "   ProviderName: Directory Synchronization\n\n"
      "TimeCreated                      Id LevelDisplayName Message\n"
      "-----------                      -- ---------------- -------\n"
      "3/13/2026 2:00:00 PM            654 Information      Provision credentials ping end...\n"
      "3/13/2026 1:58:00 PM            611 Error            Password hash synchronization failed...\n");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].id == 654);
  CHECK(got.events[0].provider == "Directory Synchronization");
  CHECK(got.events[0].level == 4);
  CHECK(got.events[1].message == "Password hash synchronization failed...");
  CHECK(to_iso(got.events[1].time) == "2026-03-13T13:58:00Z");

  const Recorded named = text(
      "EventID 528, Source: SQLLocalDB 15.0\n  WaitForMultipleObjects\n  575\n"
      "EventIDs 2005 and 6226, Source: ADSync\n  0x8023044a\n"
      "FIMSynchronizationService Event 6801\nThe extensible extension returned an unsupported error.\n");
  REQUIRE(named.events.size() == 4);
  CHECK(named.events[0].id == 528);
  CHECK(named.events[0].provider == "SQLLocalDB 15.0");
  CHECK(named.events[1].id == 2005);
  CHECK(named.events[2].id == 6226);
  CHECK(named.events[2].message == "0x8023044a");
  CHECK(named.events[3].provider == "FIMSynchronizationService");
}

TEST_CASE("a block without an id is a problem") {
  const Recorded got = text("Log Name: Application\nSource: X\nLevel: Error\nDescription: d\n");
  CHECK(got.events.empty());
  REQUIRE_FALSE(got.problems.empty());
  CHECK(got.problems[0].where.line == 1);
}

TEST_CASE("a text cut at any byte, with LF, CR or CRLF, and with NULs") {
  const std::size_t whole = text(two_blocks).events.size();
  for (std::size_t n = 0; n <= two_blocks.size(); ++n) CHECK(text(two_blocks.substr(0, n)).events.size() <= whole);
  for (const std::string end : {"\n", "\r"}) {
    std::string other;
    for (const char c : two_blocks) {
      if (c == '\r') continue;
      if (c == '\n') {
        other += end;
      } else {
        other += c;
      }
    }
    const Recorded got = text(other);
    REQUIRE(got.events.size() == 2);
    CHECK(got.events[1].message == "The server encountered an error:" + end + "\"no\"");
  }
  std::string nuls(two_blocks);
  for (std::size_t i = 7; i < nuls.size(); i += 11) nuls[i] = '\0';
  CHECK(text(nuls).events.size() <= 8);
}

TEST_CASE("pasted lines of published cases") {
  const Recorded healthy = text(
      "650 Provision credentials batch start. Count: 1\n"
      "656 Password Change Request - Anchor : H552hI9GwEykZwosf74JeOQ==, Dn : CN=Viola Hanson,OU=Cloud "
      "Objects,DC=contoso,DC=local, Change Date : 05/01/2013 16:34:08\n"
      "657 Password Change Result - Anchor : eX5b50Rf+UizRIMe2CA/tg==, Dn : CN=Viola Hanson,OU=Cloud "
      "Objects,DC=contoso,DC=local, Result : Success.\n"
      "651 Provision credentials batch end. Count: 1\n");
  REQUIRE(healthy.events.size() == 4);
  CHECK(healthy.problems.empty());
  CHECK(healthy.events[1].id == 656);
  CHECK(healthy.events[1].message.ends_with("Change Date : 05/01/2013 16:34:08"));

  const Recorded context = text("Event ID 906 with the following context: GetSecurityToken: unable to retrieve it.\n");
  REQUIRE(context.events.size() == 1);
  CHECK(context.events[0].id == 906);
  CHECK(context.events[0].message.find("GetSecurityToken") != std::string::npos);
}

TEST_CASE("the wrapper of a missing message is taken off in a text too; a note tells of lines outside") {
  const Recorded got = text(
      "Hello, this is what we see.\n\nLog Name: Application\nSource: ADSync\nEvent ID: 6100\nDescription:\nThe "
      "description for Event ID 6100 from source ADSync cannot be found. Either it is not installed.\n\nThe following "
      "information was included with the event: \n\ncontoso.com\nExport\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].message == "contoso.com\nExport");
  CHECK(got.says("outside of any event"));
  CHECK(got.problems.empty());
}

TEST_CASE("filter, zone and limits hold for texts") {
  DecodeOptions options;
  options.zone = Zone::named("Europe/Berlin");
  EventFilter plain;
  plain.levels = {2};
  const CompiledFilter filter(plain);
  options.filter = &filter;
  const Recorded got = text(two_blocks, options);
  REQUIRE(got.events.size() == 1);
  CHECK(to_iso(got.events[0].time) == "2020-08-10T09:00:39Z");
  CHECK(got.marks.size() == 1);

  DecodeOptions small;
  small.limits.text_line_bytes = 64;
  small.limits.table_cell_bytes = 100;
  const Recorded cut = text("Event ID: 1\nDescription: " + std::string(500, 'x') + "\n" + std::string(60, 'y') + "\n" +
                                std::string(60, 'z') + "\n",
                            small);
  REQUIRE(cut.events.size() == 1);
  CHECK(cut.events[0].message.size() <= 100);
  CHECK(cut.problems.size() == 2);
}
