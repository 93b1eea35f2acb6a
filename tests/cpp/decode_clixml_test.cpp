#include <doctest/doctest.h>

#include "collected_records.hpp"
#include "synclens/bytes.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

CollectedRecords read_clixml(const std::string& objects, const DecodeOptions& options = {}, bool whole = true) {
  const std::string text = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n" +
                           objects + (whole ? "</Objs>" : "");
  CollectedRecords records;
  Source source{"export.xml", open_memory(as_bytes(text)), no_time};
  CHECK(decode(std::move(source), options, records) == SourceKind::clixml);
  return records;
}

std::string record(int id, const std::string& types,
                   const std::string& message = "<S N=\"Message\">It_x000D__x000A_failed &lt;x&gt; a_b</S>") {
  return "  <Obj RefId=\"" + std::to_string(id) + "\">\r\n    " + types +
         "<ToString>System.Diagnostics.Eventing.Reader.EventLogRecord</ToString>\r\n    <Props>\r\n"
         "      <I32 N=\"Id\">" +
         std::to_string(id) +
         "</I32><By N=\"Version\">0</By><I32 N=\"Qualifiers\">0</I32>"
         "<By N=\"Level\">2</By><I32 N=\"Task\">0</I32><Nil N=\"Opcode\" /><I64 N=\"Keywords\">36028797018963968</I64>"
         "<I64 N=\"RecordId\">77</I64><S N=\"ProviderName\">Directory Synchronization</S><Nil N=\"ProviderId\" />"
         "<S N=\"LogName\">Application</S><I32 N=\"ProcessId\">5</I32><S N=\"MachineName\">s1.contoso.com</S>"
         "<DT N=\"TimeCreated\">2026-03-10T03:00:00.1234567+01:00</DT><S N=\"LevelDisplayName\">Error</S>"
         "<Obj N=\"Properties\" RefId=\"900" +
         std::to_string(id) +
         "\"><TN RefId=\"90\"><T>L</T></TN><LST>"
         "<Obj><Props><S N=\"Value\">one</S></Props></Obj><Obj><Props><S N=\"Value\">two</S></Props></Obj>"
         "</LST></Obj>\r\n    </Props>\r\n    <MS>" +
         message + "</MS>\r\n  </Obj>\r\n";
}

const std::string types = "<TN RefId=\"0\"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T></TN>";

}  // namespace

TEST_CASE("exported records are events") {
  const CollectedRecords got =
      read_clixml(record(611, types) + record(654, "<TNRef RefId=\"0\" />", "<Nil N=\"Message\" />"));
  CHECK(got.problems.empty());
  REQUIRE(got.events.size() == 2);
  const KeptEvent& e = got.events[0];
  CHECK(e.id() == 611);
  CHECK(e.provider == "Directory Synchronization");
  CHECK(e.channel == "Application");
  CHECK(e.computer == "s1.contoso.com");
  CHECK(e.fields.level == 2);
  CHECK(e.level_text == "Error");
  CHECK(e.fields.keywords == 0x80000000000000);
  CHECK(e.fields.record_id == 77);
  CHECK(e.fields.time == to_ticks({2026, 3, 10, 2, 0, 0, 1234567}));
  CHECK(e.message == "It\r\nfailed <x> a_b");
  CHECK(e.fields.where.line == 2);
  CHECK(got.events[1].message.empty());
  CHECK(got.events[1].data.at(0).second == "one\ntwo");
}

TEST_CASE("selected properties and Get-EventLog's entries are events too") {
  const CollectedRecords got = read_clixml(
      "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Selected.System.Diagnostics.Eventing.Reader.EventLogRecord</T></TN><MS>"
      "<I32 N=\"Id\">654</I32><S N=\"Message\">Provision credentials ping end.</S></MS></Obj>"
      "<Obj RefId=\"1\"><TN RefId=\"1\"><T>System.Diagnostics.EventLogEntry#Application/Directory "
      "Synchronization/611</T></TN>"
      "<Props><S N=\"MachineName\">s1</S><I32 N=\"Index\">12</I32><Obj N=\"EntryType\" "
      "RefId=\"2\"><ToString>Error</ToString>"
      "<I32>1</I32></Obj><S N=\"Message\">text</S><S N=\"Source\">Directory Synchronization</S>"
      "<Obj N=\"ReplacementStrings\" RefId=\"3\"><LST><S>text</S></LST></Obj><I64 N=\"InstanceId\">611</I64>"
      "<DT N=\"TimeGenerated\">2026-03-10T02:00:00Z</DT></Props><MS><I32 N=\"EventID\">611</I32></MS></Obj>");
  CHECK(got.problems.empty());
  REQUIRE(got.events.size() == 2);
  CHECK(got.events[0].id() == 654);
  CHECK(got.events[0].message == "Provision credentials ping end.");
  CHECK(got.events[1].id() == 611);
  CHECK(got.events[1].fields.level == 2);
  CHECK(got.events[1].fields.time == to_ticks({2026, 3, 10, 2, 0, 0, 0}));
}

TEST_CASE("what the cmdlets of the engine gave are settings") {
  const CollectedRecords got = read_clixml(
      "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Some.Scheduler</T></TN><Props><TS N=\"AllowedSyncCycleInterval\">PT30M</TS>"
      "<B N=\"StagingModeEnabled\">true</B><B N=\"SchedulerSuspended\">false</B></Props></Obj>"
      "<Obj RefId=\"1\"><TN RefId=\"1\"><T>Some.GlobalSettings</T></TN><Props><Obj N=\"Parameters\" RefId=\"2\"><LST>"
      "<Obj><Props><S N=\"Name\">Microsoft.Synchronize.StagingMode</S><S N=\"Value\">True</S></Props></Obj>"
      "</LST></Obj></Props></Obj><Obj RefId=\"5\"><TN RefId=\"5\"><T>Other</T></TN><Props><S "
      "N=\"q\">1</S></Props></Obj>");
  CHECK(got.problems.empty());
  CHECK(got.value("scheduler", "StagingModeEnabled") == "True");
  CHECK(got.value("scheduler", "SchedulerSuspended") == "False");
  CHECK(got.value("global-settings", "Microsoft.Synchronize.StagingMode") == "True");
  CHECK(got.events.empty());
  CHECK(got.notes.size() == 1);
}

TEST_CASE("a cut or broken export gives what is whole") {
  const std::string two = record(1, types) + record(2, types);
  for (std::size_t cut = 0; cut < two.size(); cut += 7) {
    CAPTURE(cut);
    const CollectedRecords got = read_clixml(two.substr(0, cut), {}, false);
    const std::size_t first = record(1, types).size() - 2;
    CHECK(got.events.size() == (cut >= first ? 1u : 0u) + (cut >= two.size() - 2 ? 1u : 0u));
    CHECK(got.problems.size() == 1);
  }
  const CollectedRecords got =
      read_clixml(record(1, types).substr(0, 300) + "\r\n" + record(2, types) + "  <Obj><S></Obj>");
  REQUIRE(got.events.size() == 1);
  CHECK(got.events[0].id() == 2);
  CHECK(got.problems.size() == 2);
}

TEST_CASE("limits of one object") {
  DecodeOptions options;
  options.limits.xml_event_bytes = 3000;
  const CollectedRecords got =
      read_clixml(record(1, types, "<S N=\"Message\">" + std::string(5000, 'x') + "</S>") + record(2, types), options);
  CHECK(got.events.size() == 1);
  CHECK(got.problems.size() == 1);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<Obj>";
  for (int i = 0; i < 100; ++i) deep += "</Obj>";
  CHECK(read_clixml(deep).problems.size() == 1);
}

TEST_CASE("escapes of an export: pairs of halves are one character, what is no escape stays") {
  const auto message = [](const std::string& words) {
    const CollectedRecords got = read_clixml(record(611, types, "<S N=\"Message\">" + words + "</S>"));
    REQUIRE(got.events.size() == 1);
    return got.events[0].message;
  };
  CHECK(message("_x0041_X_X0042_") == "AXB");
  CHECK(message("_xD83D__xDE00_") == "\xF0\x9F\x98\x80");
  CHECK(message("a_x0000_b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(message("_xD83D_ alone") == "\xEF\xBF\xBD alone");
  CHECK(message("_xD83D__x0041_") ==
        "\xEF\xBF\xBD"
        "A");
  CHECK(message("_xD83D__xE000_") ==
        "\xEF\xBF\xBD"
        "\xEE\x80\x80");
  CHECK(message("_xDE00__xD83D_") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(message("_x00G1_ _y0041_ _x0041- _x004") == "_x00G1_ _y0041_ _x0041- _x004");
}

TEST_CASE("an export of records that name what they are in another record, or not at all") {
  const std::string first = record(611, types);
  const std::string by_reference = record(612, "<TNRef RefId=\"0\" />");
  CHECK(read_clixml(first + by_reference).events.size() == 2);
  CHECK(read_clixml(record(611, "<TNRef RefId=\"7\" />")).events.size() == 1);  // its properties are those of an event
}
