// One reader over one input of a given size, for a tool that counts instructions (check.py): only what runs inside
// measured() is to be counted.
//
//   synclens_growth              the names of the cases
//   synclens_growth CASE SIZE
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include "support/log_builder.hpp"
#include "support/made_log.hpp"
#include "synclens/correlate.hpp"
#include "synclens/render.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string counted(std::string_view before, std::size_t times, std::string_view after) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out.append(before).append(std::to_string(i)).append(after);
  return out;
}

// A chunk whose last record starts a new one at every fourth byte.
std::string fake_records(std::size_t chunks) {
  support::Log log;
  log.record(repeated(std::string_view("\x2a\x2a\0\0\x30\0\0\0", 8), 7000));
  std::string file = log.file();
  for (std::size_t i = 1; i < chunks; ++i) file += log.chunk();
  return file;
}

std::string binary_log(std::size_t chunks) {
  support::Log log;
  while (log.next_body() < 60000) {
    const std::size_t at = log.next_body();
    const auto fill = [](support::Xml& x) {
      x.open("Event").content().open("System").content();
      x.open("EventID").content().slot(0, 6).close().close();
      x.open("EventData").content().open("Data").content().slot(1).close().close().close();
    };
    support::Xml head(at, false);
    head.header();
    log.record(head.bytes() + support::instance(head.here(), 7, fill,
                                                {{6, support::number(611, 2)}, {1, support::wide("words & words")}}));
  }
  std::string file = log.file();
  for (std::size_t i = 1; i < chunks; ++i) file += log.chunk();
  return file;
}

MadeLog users(std::size_t n) {
  MadeLog log;
  for (std::size_t i = 0; i < n; ++i) {
    Change one;
    one.dn = "CN=User " + std::to_string(i) + ",OU=Staff,DC=contoso,DC=com";
    one.anchor = "anchor" + std::to_string(i) + "==";
    if (i % 3 == 0) one.result = "Failed";
    log = std::move(log) + change(static_cast<double>(i), one);
  }
  return log;
}

MadeLog failures(std::size_t n, bool many_domains) {
  MadeLog log;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string domain = many_domains ? "d" + std::to_string(i) + ".contoso.com" : "contoso.com";
    log.push_back(failure(static_cast<double>(2 * i), i % 5 == 0 ? 1722 : 8453, domain)[0]);
    if (i % 7 == 0) log.push_back(ping(static_cast<double>(2 * i) + 1)[0]);
  }
  return log;
}

// A sign of life every four hours, and in each silence between two a failure and a ping that nothing answers.
MadeLog silences(std::size_t n) {
  MadeLog log;
  for (std::size_t i = 0; i < n; ++i) {
    const double begin = static_cast<double>(240 * i);
    const MadeLog alive = ping(begin);
    log.insert(log.end(), alive.begin(), alive.end());
    log.push_back(ping(begin + 60)[0]);
    log.push_back(failure(begin + 90, 8453, "elsewhere.example")[0]);
  }
  return log;
}

struct Case {
  std::string name;  // of the source
  std::function<std::string(std::size_t)> make;
  bool analyze = false, recover = false, print = false;
};

std::string list_blocks(std::size_t n) {
  return counted(
      "TimeCreated  : 11/3/2026 2:21:36 PM\r\nProviderName : ADSync\r\nId           : 611\r\nMessage      : m", n,
      "\r\n\r\n");
}

const std::map<std::string, Case>& cases() {
  constexpr const char* viewer = "Level,Date and Time,Source,Event ID,Task Category\r\n";
  static const std::map<std::string, Case> all = {
      {"evtx", {"a.evtx", [](std::size_t n) { return binary_log(n); }}},
      {"evtx-print", {"a.evtx", [](std::size_t n) { return binary_log(n); }, false, false, true}},
      {"evtx-fake-records", {"a.evtx", [](std::size_t n) { return fake_records(n); }, false, true}},
      {"evtx-no-chunks",
       {"a.evtx", [](std::size_t n) { return binary_log(1) + std::string(n << 16, '*'); }, false, true}},
      {"xml-events", {"a.xml", [](std::size_t n) { return xml(noise(0, static_cast<int>(n * 400))).bytes; }}},
      {"xml-open-event", {"a.xml", [](std::size_t n) { return "<Events><Event>" + repeated("<a b='c'>", n * 4000); }}},
      {"xml-open-comment", {"a.xml", [](std::size_t n) { return "<Events><!--" + repeated("- ->", n * 20000); }}},
      {"xml-not-closed-tags", {"a.xml", [](std::size_t n) { return "<Events>" + repeated("<Event ", n * 9000); }}},
      {"xml-one-value",
       {"a.xml",
        [](std::size_t n) {
          return "<Events><Event><System><EventID>1</EventID></System><EventData><Data>" +
                 repeated("&amp;&#13;", n * 8000) + "</Data></EventData></Event></Events>";
        }}},
      {"csv-rows",
       {"a.csv",
        [=](std::size_t n) {
          return viewer + counted("Error,11/3/2026 2:21:36 PM,ADSync,611,None,\"m", n * 300, "\"\r\n");
        }}},
      {"csv-columns", {"a.csv", [=](std::size_t n) { return viewer + repeated("a,", n * 40000); }}},
      {"csv-open-quote",
       {"a.csv", [=](std::size_t n) { return std::string(viewer) + "Error,\"" + repeated("a\"\"\n", n * 30000); }}},
      {"csv-header-columns",
       {"a.csv",
        [](std::size_t n) {
          return "TimeCreated,ProviderName,Id," + counted("c", n * 6000, ",") + "Message\r\n1,2,3\r\n";
        }}},
      {"text-blocks",
       {"a.txt",
        [](std::size_t n) {
          return counted(
              "Log Name:      Application\r\nSource:        ADSync\r\nDate:          11/3/2026 2:21:36 PM\r\n"
              "Event ID:      611\r\nLevel:         Error\r\nComputer:      a\r\nDescription:\r\nwords ",
              n * 120, "\r\n\r\n");
        }}},
      {"text-one-message",
       {"a.txt",
        [](std::size_t n) {
          return "Log Name:      Application\r\nSource:        ADSync\r\nDate:          11/3/2026 2:21:36 PM\r\n"
                 "Event ID:      611\r\nLevel:         Error\r\nDescription:\r\n" +
                 counted("line: ", n * 1500, "\r\n");
        }}},
      {"text-format-list", {"a.txt", [](std::size_t n) { return list_blocks(n * 120); }}},
      {"clixml",
       {"a.xml",
        [](std::size_t n) {
          return "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">" +
                 counted("<Obj RefId=\"", n * 150,
                         "\"><TN RefId=\"0\"><T>a</T></TN><Props><I32 N=\"Id\">611</I32>"
                         "<S N=\"ProviderName\">ADSync</S><S N=\"Message\">m_x000D_</S></Props></Obj>") +
                 "</Objs>";
        }}},
      {"clixml-depth",
       {"a.xml",
        [](std::size_t n) {
          return "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">" +
                 repeated("<Obj RefId=\"0\"><LST>", n * 4000);
        }}},
      {"sync-log",
       {"a.csv",
        [](std::size_t n) {
          return "Date Time,DN,Status\r\n" + counted("2026-11-09 07:12:41,CN=", n * 300, ",Success\r\n");
        }}},
      {"sync-log-aligned",
       {"a.txt",
        [](std::size_t n) {
          return "Date Time           DN                   Status\n---------           --                   ------\n" +
                 repeated("2026-11-09 07:12:41 CN=a                 Success\n", n * 300);
        }}},
      {"settings-list",
       {"Get-ADSyncRule.txt",
        [](std::size_t n) {
          return counted("\r\nIdentifier : a\r\nName : rule ", n * 200,
                         "\r\nPrecedence : 102\r\nDirection : Inbound\r\n\r\n");
        }}},
      {"settings-colons",
       {"Get-ADSyncRule.txt",
        [](std::size_t n) {
          return "\r\nAllowedSyncCycleInterval : 00:30:00\r\nStagingModeEnabled : " + repeated(": ", n * 30000);
        }}},
      {"settings-table",
       {"a.txt",
        [](std::size_t n) {
          return "\r\nName                                 Value\r\n----                                 -----\r\n" +
                 counted("Microsoft.Synchronize.", n * 300, "             True\r\n");
        }}},
      {"connector-xml",
       {"Connector_{b891884f-051e-4a83-95af-2544101c9083}.xml",
        [](std::size_t n) {
          return "<saved-ma-configuration><ma-data><name>c</name><ma-partition-data>" +
                 counted("<partition><id>{a}</id><name>DC=d", n * 200, "</name><selected>1</selected></partition>") +
                 "</ma-partition-data></ma-data></saved-ma-configuration>";
        }}},
      {"utf16-text",
       {"a.txt",
        [](std::size_t n) {
          std::string wide = "\xFF\xFE";
          for (const char c : list_blocks(n * 120)) wide += {c, '\0'};
          return wide;
        }}},
      {"broken-utf8", {"a.txt", [](std::size_t n) { return list_blocks(3) + repeated("\xE2\x82 \xFF\n", n * 15000); }}},
      {"analyze-failures", {"a.xml", [](std::size_t n) { return xml(failures(n * 300, false)).bytes; }, true}},
      {"analyze-domains", {"a.xml", [](std::size_t n) { return xml(failures(n * 200, true)).bytes; }, true}},
      {"analyze-silences", {"a.xml", [](std::size_t n) { return xml(silences(n * 200)).bytes; }, true}},
      {"analyze-settings",
       {"Get-ADSyncDomainReachabilityStatus.txt",
        [](std::size_t n) {
          return "\r\n" + counted("FullName         : d", n * 200, ".contoso.com\r\nIsReachable      : False\r\n\r\n");
        },
        true}},
      {"analyze-users", {"a.xml", [](std::size_t n) { return xml(users(n * 400)).bytes; }, true}},
      {"analyze-pings", {"a.xml", [](std::size_t n) { return xml(heart(0, static_cast<int>(n * 1500))).bytes; }, true}},
  };
  return all;
}

struct Nothing final : RecordSink {
  std::uint64_t seen = 0;
  void event(const EventView&) override { ++seen; }
  void sync_log_row(const SyncLogRow&) override { ++seen; }
  void setting(const Setting&) override { ++seen; }
  void problem(Problem) override { ++seen; }
};

struct NoText final : TextSink {
  bool write(std::string_view) override { return true; }
};

}  // namespace

// Counted by name: check.py tells the tool to.
extern "C" __attribute__((noinline, visibility("default"))) void measured(const std::function<void()>& work) {
  work();
}

int main(int count, char** arguments) {
  if (count != 3) {
    for (const auto& [name, what] : cases()) std::puts(name.c_str());
    return count == 1 ? 0 : 2;
  }
  const Case& one = cases().at(arguments[1]);
  const std::string bytes = one.make(std::strtoull(arguments[2], nullptr, 10));
  const auto source = [&](std::string_view content) {
    Source made;
    made.name = one.name;
    made.stream = open_memory(as_bytes(content));
    return made;
  };
  if (one.analyze) {
    Analyzer analyzer(shipped_catalogue());
    analyzer.add(source(xml(failures(3, false)).bytes));  // what is compiled at first use
    (void)analyzer.conclude();
    Analyzer counted_one(shipped_catalogue());
    measured([&] {
      counted_one.add(source(bytes));
      (void)counted_one.conclude();
    });
  } else if (one.print) {
    measured([&] {
      NoText text;
      const auto stream = open_memory(as_bytes(bytes));
      (void)render_evtx(*stream, {}, text);
    });
  } else {
    DecodeOptions options;
    options.recover = one.recover;
    Nothing sink;
    measured([&] { (void)decode(source(bytes), options, sink); });
    if (sink.seen == 0) return 3;  // the case reads nothing
  }
  return 0;
}
