#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

#include "recorded.hpp"

using namespace synclens;

namespace {

Recorded table(std::string_view text, const DecodeOptions& options = {}) {
  return record(decode_event_table, text, options);
}

constexpr std::string_view viewer =
    "Level,Date and Time,Source,Event ID,Task Category\r\n"
    "Information,3/13/2026 2:00:05 PM,Directory Synchronization,654,None,\"Provision credentials ping end.\r\n\r\n"
    "<forest-info>\r\n</forest-info>\"\r\n"
    "Error,3/13/2026 2:00:00 PM,ADSync,6900,None,\"He said \"\"no\"\".\"\r\n";

}  // namespace

TEST_CASE("Event Viewer's CSV: the message is the cell without a name") {
  const Recorded got = table(viewer);
  REQUIRE(got.events.size() == 2);
  CHECK(got.problems.empty());
  const Recorded::Event& first = got.events[0];
  CHECK(first.id == 654);
  CHECK(first.provider == "Directory Synchronization");
  CHECK(first.level == 4);
  CHECK(first.level_text == "Information");
  CHECK(first.message == "Provision credentials ping end.\r\n\r\n<forest-info>\r\n</forest-info>");
  CHECK(to_iso(first.time) == "2026-03-13T14:00:05Z");
  CHECK(first.where.line == 2);
  CHECK(first.where.offset == 51);
  CHECK(first.has(EventField::message));
  CHECK_FALSE(first.has(EventField::record_id));
  CHECK_FALSE(first.has(EventField::computer));
  CHECK(got.events[1].message == "He said \"no\".");
  CHECK(got.events[1].level == 2);
  CHECK(got.events[1].where.line == 6);
  CHECK(got.says("times state no zone, read as UTC"));
}

TEST_CASE("Event Viewer's TXT is the same with tabs; an unquoted message keeps its separators") {
  const Recorded got = table(
      "Level\tDate and Time\tSource\tEvent ID\tTask Category\n"
      "Warning\t3/13/2026 2:00:05 PM\tADSync\t6100\tNone\ta\tb\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].message == "a\tb");
  CHECK(got.events[0].level == 3);
}

TEST_CASE("Get-WinEvent's export with all of its columns") {
  const Recorded got = table(
      "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
      "\"Message\",\"Id\",\"Version\",\"Qualifiers\",\"Level\",\"Task\",\"Opcode\",\"Keywords\",\"RecordId\","
      "\"ProviderName\",\"ProviderId\",\"LogName\",\"ProcessId\",\"ThreadId\",\"MachineName\",\"UserId\","
      "\"TimeCreated\",\"ActivityId\",\"RelatedActivityId\",\"ContainerLog\",\"MatchedQueryIds\",\"Bookmark\","
      "\"LevelDisplayName\",\"OpcodeDisplayName\",\"TaskDisplayName\",\"KeywordsDisplayNames\",\"Properties\"\r\n"
      "\"x\",\"611\",\"0\",\"49152\",\"2\",\"3\",\"1\",\"36028797018963968\",\"77\",\"Directory Synchronization\",\"\","
      "\"Application\",\"12\",\"34\",\"sync01.contoso.com\",\"S-1-5-18\",\"3/13/2026 2:00:05 PM\",\"\",\"\","
      "\"application\",\"System.UInt32[]\",\"System.Diagnostics.Eventing.Reader.EventBookmark\",\"Error\",\"\",\"\","
      "\"System.Collections.ObjectModel.ReadOnlyCollection`1[System.String]\","
      "\"System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]\"\r\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.problems.empty());
  const Recorded::Event& e = got.events[0];
  CHECK(e.id == 611);
  CHECK(e.qualifiers == 49152);
  CHECK(e.level == 2);
  CHECK(e.level_text == "Error");
  CHECK(e.task == 3);
  CHECK(e.opcode == 1);
  CHECK(e.keywords == 0x80000000000000);
  CHECK(e.record_id == 77);
  CHECK(e.channel == "Application");
  CHECK(e.computer == "sync01.contoso.com");
  CHECK(e.user_sid == "S-1-5-18");
  CHECK(e.process_id == 12);
  CHECK(e.thread_id == 34);
  CHECK(e.data.empty());
  for (const EventField field : {EventField::record_id, EventField::time, EventField::provider, EventField::event_id,
                                 EventField::qualifiers, EventField::level, EventField::task, EventField::opcode,
                                 EventField::keywords, EventField::channel, EventField::computer, EventField::version,
                                 EventField::process_id, EventField::thread_id, EventField::message}) {
    CHECK(e.has(field));
  }
}

TEST_CASE("Get-EventLog's export: InstanceId holds the id and its qualifiers, arrays are nothing") {
  const std::string header =
      "#TYPE System.Diagnostics.EventLogEntry#Application/ADSync/6100\n"
      "\"MachineName\",\"Data\",\"Index\",\"Category\",\"CategoryNumber\",\"EntryType\",\"Message\",\"Source\","
      "\"ReplacementStrings\",\"InstanceId\",\"TimeGenerated\",\"TimeWritten\",\"UserName\"\n";
  const Recorded got = table(header +
                             "\"sync01\",\"System.Byte[]\",\"9\",\"(0)\",\"0\",\"Warning\",\"m\",\"ADSync\","
                             "\"System.String[]\",\"2147489748\",\"3/13/2026 2:00:05 PM\",\"3/13/2026 2:00:06 PM\",\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].id == 6100);
  CHECK(got.events[0].qualifiers == 0x8000);
  CHECK(got.events[0].level == 3);
  CHECK(got.events[0].record_id == 9);
  CHECK(got.events[0].data.empty());
  CHECK(to_iso(got.events[0].time) == "2026-03-13T14:00:05Z");
}

TEST_CASE("any subset and order of columns, any separator") {
  for (const char separator : {',', ';', '\t'}) {
    std::string text = "Message,Id,TimeCreated\n\"a, b; c\",654,2026-03-10T02:00:00Z\n";
    for (char& c : text) {
      if (c == ',') c = separator;
    }
    const Recorded got = table(text);
    REQUIRE(got.events.size() == 1);
    CHECK(got.events[0].id == 654);
    CHECK(got.events[0].level == 0);
    CHECK_FALSE(got.events[0].has(EventField::level));
    CHECK_FALSE(got.events[0].has(EventField::provider));
    CHECK(to_iso(got.events[0].time) == "2026-03-10T02:00:00Z");
    CHECK(got.notes.empty());
  }
}

TEST_CASE("headers of other languages, and what they say about the order of day and month") {
  struct Case {
    const char* header;
    const char* word;
    std::uint8_t level;
    const char* time;
  };
  const Case cases[] = {
      {"Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie", "Fehler", 2, "10.03.2026 14:00:05"},
      {"Niveau,Date et heure,Source,ID de l’événement,Catégorie de la tâche", "Avertissement", 3,
       "10/03/2026 14:00:05"},
      {"Niveau,Datum en tijd,Bron,Gebeurtenis-id,Taakcategorie", "Fout", 2, "10-3-2026 14:00:05"},
      {"Nivå,Datum och tid,Källa,Händelse-ID,Aktivitetskategori", "Varning", 3, "2026-03-10 14:00:05"},
      {"レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ", "エラー", 2, "2026/03/10 14:00:05"},
      {"Nível,Data e Hora,Fonte,Identificação do Evento,Categoria da Tarefa", "Informações", 4, "10/03/2026 14:00:05"},
      {"级别,日期和时间,来源,事件 ID,任务类别", "警告", 3, "2026/3/10 14:00:05"},
      {"Nivel,Fecha y hora,Origen,Id. del evento,Categoría de la tarea", "Advertencia", 3, "10/03/2026 14:00:05"},
      {"Livello,Data e ora,Origine,ID evento,Categoria attività", "Errore", 2, "10/03/2026 14:00:05"},
      {"Level,Date and Time,Source,Event ID,Task Category", "Erreur", 2, "10/03/2026 14:00:05"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.header);
    const Recorded got =
        table(std::string(c.header) + "\r\n" + c.word + "," + c.time + ",Directory Synchronization,611,x,\"m\"\r\n");
    REQUIRE(got.events.size() == 1);
    CHECK(got.problems.empty());
    CHECK(got.events[0].id == 611);
    CHECK(got.events[0].level == c.level);
    CHECK(got.events[0].provider == "Directory Synchronization");
    CHECK(to_iso(got.events[0].time) == "2026-03-10T14:00:05Z");
    CHECK_FALSE(got.says("swapped"));
  }
}

TEST_CASE("a date that could be either is read with the month first, and that is said") {
  const Recorded got = table("TimeCreated,Id\n03/10/2026 14:00:00,654\n");
  REQUIRE(got.events.size() == 1);
  CHECK(to_iso(got.events[0].time) == "2026-03-10T14:00:00Z");
  CHECK(got.says("day and month could be swapped"));
  const Recorded sure = table("TimeCreated,Id\n03/10/2026 2:00:00 PM,654\n");
  CHECK(to_iso(sure.events.at(0).time) == "2026-03-10T14:00:00Z");
  CHECK_FALSE(sure.says("swapped"));
}

TEST_CASE("one number above 12 settles the order for the rows before it too") {
  const Recorded got = table("TimeCreated,Id\n10/03/2026 14:00:00,1\n11/03/2026 14:00:00,2\n13/03/2026 14:00:00,3\n");
  REQUIRE(got.events.size() == 3);
  CHECK(to_iso(got.events[0].time) == "2026-03-10T14:00:00Z");
  CHECK(got.problems.empty());
  CHECK_FALSE(got.says("swapped"));
}

TEST_CASE("the order of the records settles the order of day and month") {
  const Recorded got = table("TimeCreated,Id\n11/02/2026 14:00:00,1\n12/02/2026 14:00:00,2\n01/03/2026 14:00:00,3\n");
  REQUIRE(got.events.size() == 3);
  CHECK(to_iso(got.events[0].time) == "2026-02-11T14:00:00Z");
  CHECK(to_iso(got.events[2].time) == "2026-03-01T14:00:00Z");
  CHECK_FALSE(got.says("swapped"));
}

TEST_CASE("a contradiction later in the file is a problem") {
  std::string text = "TimeCreated,Id,Message\n";
  while (text.size() < (1u << 20) + 100) text += "03/10/2026 14:00:00,654,padding padding padding\n";
  text += "13/10/2026 14:00:00,655,x\n";
  const Recorded got = table(text);
  REQUIRE(got.problems.size() == 1);
  CHECK(got.problems[0].what.find("13/10/2026") != std::string::npos);
  CHECK(to_iso(got.events.back().time) == "2026-10-13T14:00:00Z");
}

TEST_CASE("an unclosed quote at the end is a problem with its line, and the row is kept") {
  const Recorded got = table("TimeCreated,Id,Message\n2026-03-10 14:00,1,ok\n2026-03-10 14:00,2,\"cut\nhere");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[1].message == "cut\nhere");
  REQUIRE(got.problems.size() == 1);
  CHECK(got.problems[0].where.line == 3);
}

TEST_CASE("rows that an open quote swallowed are taken out again, and the damage is told") {
  const std::string header = "Level,Date and Time,Source,Event ID,Task Category\n";
  const std::string plain = "Error,3/13/2026 2:00:00 PM,ADSync,6900,None,";
  const Recorded end = table(header + plain + "\"cut\nhere\n" + plain + "second\n" + plain + "third\n");
  REQUIRE(end.events.size() == 3);
  CHECK(end.events[0].message == "cut\nhere\n");
  CHECK(end.events[1].message == "second");
  CHECK(end.events[1].where.line == 4);
  CHECK(end.events[2].message == "third");
  CHECK(end.problems.size() == 1);

  const Recorded middle = table(header + plain + "\"cut\n" + plain + "\"second\nline\"\n" + plain + "third\n");
  REQUIRE(middle.events.size() == 3);
  CHECK(middle.events[0].message == "cut\n");
  CHECK(middle.events[1].message == "second\nline");
  CHECK(middle.events[2].message == "third");
  CHECK(middle.problems.size() == 1);

  const Recorded whole = table(header + plain + "\"told:\n" + plain + "quoted text\"\n");
  REQUIRE(whole.events.size() == 1);
  CHECK(whole.problems.empty());
}

TEST_CASE("rows with too few cells are kept, rows without an id are problems") {
  const Recorded got = table("Id,TimeCreated,Message\n654\nabc,2026-03-10 14:00,x\n655,2026-03-10 14:00\n");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].id == 654);
  CHECK(got.events[0].time == no_time);
  CHECK_FALSE(got.events[0].has(EventField::message));
  REQUIRE(got.problems.size() == 1);
  CHECK(got.problems[0].where.line == 3);
}

TEST_CASE("a header that repeats or changes in the middle is followed") {
  const Recorded got = table(
      "#TYPE A\n\"Id\",\"TimeCreated\"\n\"1\",\"2026-03-10 14:00\"\n"
      "#TYPE A\n\"Id\",\"TimeCreated\"\n\"2\",\"2026-03-10 14:00\"\n\"TimeCreated\",\"Id\"\n\"2026-03-10 "
      "14:00\",\"3\"\n");
  REQUIRE(got.events.size() == 3);
  CHECK(got.problems.empty());
  CHECK(got.events[2].id == 3);
}

TEST_CASE("no header with an id: a problem, no event") {
  const Recorded got = table("a,b\n1,2\n");
  CHECK(got.events.empty());
  REQUIRE(got.problems.size() == 1);
  CHECK(table("").problems.empty());
  CHECK(table(" \r\n\r\n").problems.empty());
}

TEST_CASE("Event Viewer rows without their header are read") {
  const Recorded got = table("Error,3/13/2026 2:00:05 PM,ADSync,6900,None,\"m\"\n");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].id == 6900);
}

TEST_CASE("the zone of the options is used, the filter marks what it turns down") {
  DecodeOptions options;
  options.zone = Zone::named("Europe/Berlin");
  EventFilter plain;
  plain.ids = {654};
  const CompiledFilter filter(plain);
  options.filter = &filter;
  const Recorded got = table(viewer, options);
  REQUIRE(got.events.size() == 1);
  CHECK(to_iso(got.events[0].time) == "2026-03-13T13:00:05Z");
  REQUIRE(got.marks.size() == 1);
  CHECK(to_iso(got.marks[0].time) == "2026-03-13T13:00:00Z");
  CHECK(got.marks[0].where.line == 6);
  CHECK(got.says("Europe/Berlin"));
}

TEST_CASE("the wrapper around inserted strings is taken off") {
  const Recorded got = table(
      "Id,Message\n6100,\"The description for Event ID 6100 from source ADSync cannot be found. Either the component "
      "is not installed.\n\nThe following information was included with the event: \n\ncontoso.com\nDelta Import\n\n"
      "The message resource is present but the message was not found in the message table\n\"\n"
      "611,\"The description for Event ID '611' in Source 'Directory Synchronization' cannot be found.  The following "
      "information is part of the event:'Password hash synchronization failed', 'second'\"\n");
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].message == "contoso.com\nDelta Import");
  CHECK(got.events[1].message == "Password hash synchronization failed\nsecond");
}

TEST_CASE("line ends of a message are evened only where they are mixed") {
  const Recorded got = table("Id,Message\n1,\"a\r\nb\nc\"\n2,\"a\r\nb\"\n3,\"a\rb\"\n");
  REQUIRE(got.events.size() == 3);
  CHECK(got.events[0].message == "a\nb\nc");
  CHECK(got.events[1].message == "a\r\nb");
  CHECK(got.events[2].message == "a\rb");
}

TEST_CASE("hostile tables: a million columns, NULs, a long cell, many problems") {
  std::string wide = "Id,Message";
  for (int i = 0; i < 1'000'000; ++i) wide += ",c";
  const Recorded got = table(wide + "\n654,x\n");
  REQUIRE(got.events.size() == 1);
  CHECK_FALSE(got.problems.empty());

  const std::string nuls = std::string("Id,Message\n654,\0x\n", 18) + std::string(100, '\0') + "\n655,y\n";
  CHECK(table(nuls).events.size() == 2);

  DecodeOptions small;
  small.limits.table_cell_bytes = 10;
  const Recorded cut = table("Id,Message\n654,12345678901234567890\n655,ok\n", small);
  REQUIRE(cut.events.size() == 2);
  CHECK(cut.events[0].message == "1234567890");
  REQUIRE(cut.problems.size() == 1);
  CHECK(cut.problems[0].bytes == 10);

  DecodeOptions few;
  few.limits.problems_per_source = 5;
  std::string bad = "Id,Message\n";
  for (int i = 0; i < 50; ++i) bad += "x,y\n";
  const Recorded counted = table(bad, few);
  CHECK(counted.problems.size() == 6);
  CHECK(counted.problems.back().what.find("45") != std::string::npos);
}

TEST_CASE("a table cut at any byte gives a beginning of what the whole gives") {
  const Recorded whole = table(viewer);
  for (std::size_t n = 0; n <= viewer.size(); ++n) {
    const Recorded part = table(viewer.substr(0, n));
    CHECK(part.events.size() <= whole.events.size());
    for (std::size_t i = 0; i + 1 < part.events.size(); ++i) CHECK(part.events[i].message == whole.events[i].message);
  }
}

TEST_CASE("changed, repeated and spliced bytes never stop a decoder") {
  const std::array<std::string, 6> samples = {
      std::string(viewer),
      "#TYPE X\n\"TimeCreated\";\"Id\";\"Message\"\n\"10.03.2026 14:00:00\";\"611\";\"a \"\"b\"\"\nc\"\n",
      "Log Name: Application\nSource: ADSync\nDate: 3/10/2026 2:00 PM\nEvent ID: 611\nDescription:\nm\nUser: x\nEvent "
      "ID: 2\n",
      "TimeCreated : 3/10/2026\nId : 6\nMessage : aaa\n          bbb\n\n| Id | Message |\n|---|---|\n| 1 | x |\n652 "
      "Failed\n",
      "Date    Status  DN\n----    ------  --\n2026-03-10  Success  CN=A,DC=b\n| Status | Date |\n| Error | x |\n",
      "日付,状態\r\n2026/03/10 午後 2:00:00,Success\r\nStatus : x\r\n"};
  std::mt19937 random(1);
  const std::string bytes = "\",;\t|:\r\n -=0\xEF\xBC\x9A";
  for (int i = 0; i < 1500; ++i) {
    std::string text = samples[random() % samples.size()];
    for (std::size_t n = 1 + random() % 6; n != 0; --n) {
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 4) {
        case 0:
          text.insert(at, 1, bytes[random() % bytes.size()]);
          break;
        case 1:
          text.erase(at, random() % 9);
          break;
        case 2:
          text.insert(at, samples[random() % samples.size()].substr(random() % 20));
          break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(random());
      }
    }
    for (const auto decoder : {decode_event_table, decode_event_text, decode_sync_log}) {
      const Recorded got = record(decoder, text);
      for (const Recorded::Event& e : got.events) CHECK(e.where.offset < text.size());
      for (const Recorded::Row& r : got.rows) CHECK(r.where.offset < text.size());
    }
  }
}
