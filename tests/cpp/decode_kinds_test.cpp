// decode(): one door for every kind of source, whatever it is called and however it comes.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "collected_records.hpp"
#include "support/log_builder.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string event_xml =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='ADSync'/>"
    "<EventID>6900</EventID></System><EventData><Data>text</Data></EventData></Event>";

std::string log_file() {
  support::Log log;
  support::Xml x(log.next_body(), false);
  x.header().open("Event").content().open("System").content().open("EventID").content().text("611").close().close();
  x.close();
  return log.record(x.bytes()).file();
}

struct Sample {
  const char* name;
  SourceKind kind;
  std::string bytes;
  std::size_t events, settings;
};

std::vector<Sample> samples() {
  return {
      {"a.evtx", SourceKind::evtx, log_file(), 1, 0},
      {"a.xml", SourceKind::event_xml, event_xml, 1, 0},
      {"a.clixml", SourceKind::clixml,
       "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><TN "
       "RefId=\"0\"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T></TN><Props><I32 N=\"Id\">611</I32>"
       "<S N=\"ProviderName\">ADSync</S><S N=\"Message\">text</S></Props></Obj></Objs>",
       1, 0},
      {"a.csv", SourceKind::event_table,
       "Level,Date and Time,Source,Event ID,Task Category\r\nError,,ADSync,611,None,text\r\n", 1, 0},
      {"a.txt", SourceKind::event_text,
       "Log Name:      Application\r\nSource:        ADSync\r\nEvent ID:      611\r\nDescription:\r\ntext\r\n", 1, 0},
      {"b.txt", SourceKind::settings, "AllowedSyncCycleInterval : 00:30:00\r\nStagingModeEnabled : True\r\n", 0, 2},
      {"c.txt", SourceKind::unknown, "Dear all, it does not work since Monday.\n", 0, 0},
      {"d.txt", SourceKind::empty, " \r\n", 0, 0},
      {"NTUSER.DAT", SourceKind::closed, "regf" + std::string(60, '\1'), 0, 0},
      {"a.zip", SourceKind::archive, std::string("PK\x03\x04", 4) + std::string(60, '\1'), 0, 0},
  };
}

// Gives little at a time, and fails after `good` bytes where there are more.
class Slow final : public ByteStream {
 public:
  Slow(std::string bytes, std::size_t good) : bytes_(std::move(bytes)), good_(good) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    if (at_ >= good_) throw std::system_error(EIO, std::generic_category(), "");
    const std::size_t n = std::min({into.size(), bytes_.size() - at_, good_ - at_, std::size_t{1000}});
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), n, into.begin());
    at_ += n;
    return n;
  }

 private:
  std::string bytes_;
  std::size_t good_, at_ = 0;
};

SourceKind decoded(const std::string& name, std::unique_ptr<ByteStream> stream, RecordSink& sink,
                   bool open_closed = false) {
  DecodeOptions options;
  options.open_closed = open_closed;
  return decode({name, std::move(stream), no_time}, options, sink);
}

}  // namespace

TEST_CASE("decode: each kind is read by its content, whatever it is called, in large pieces and small") {
  for (const Sample& sample : samples()) {
    CAPTURE(sample.name);
    for (const std::string name : {sample.name, "folder\\no-ending", "x/Application.evtx"}) {
      CollectedRecords whole, pieces;
      CHECK(decoded(name, open_memory(as_bytes(sample.bytes)), whole) == sample.kind);
      CHECK(decoded(name, std::make_unique<Slow>(sample.bytes, ~std::size_t{0}), pieces) == sample.kind);
      for (const CollectedRecords* read : {&whole, &pieces}) {
        CHECK(read->events.size() == sample.events);
        CHECK(read->settings.size() == sample.settings);
        CHECK(read->problems.empty());
      }
    }
  }
}

TEST_CASE("decode: a table of status words is a sync log") {
  CollectedRecords sink;
  const std::string table =
      "Date,Status,Distinguished "
      "Name\r\n2026-03-10,Success,\"CN=A,DC=x\"\r\n2026-03-10,FilteredByTarget,\"CN=B,DC=x\"\r\n";
  CHECK(decoded("status.csv", open_memory(as_bytes(table)), sink) == SourceKind::sync_log);
}

TEST_CASE("decode: a Security log is left closed unless it is asked for, under any folder and host") {
  const std::string file = log_file();
  for (const std::string name :
       {"Security.evtx", "SECURITY.EVTX", "MECLOG/EVENTLOG/AADC01_Security.evtx", "C:\\logs\\host_security.evtx"}) {
    CollectedRecords closed, open;
    CHECK(decoded(name, open_memory(as_bytes(file)), closed) == SourceKind::closed);
    CHECK(closed.events.empty());
    CHECK(decoded(name, open_memory(as_bytes(file)), open, true) == SourceKind::evtx);
    CHECK(open.events.size() == 1);
  }
  for (const std::string name : {"NotSecurity.evtx", "Security.evtx.evtx", "_Security.evtx", "Security.txt"}) {
    CollectedRecords sink;
    CHECK(decoded(name, open_memory(as_bytes(file)), sink) == SourceKind::evtx);
  }
}

TEST_CASE("decode: a stream that fails is read as far as it goes, and says so; at once it throws") {
  const std::string many = "<Events>" + [] {
    std::string all;
    for (int i = 0; i < 2000; ++i) all += event_xml;
    return all;
  }();
  REQUIRE(many.size() > 200'000);
  for (const std::size_t good : {std::size_t{3000}, std::size_t{65536}, many.size() - 500}) {
    CollectedRecords sink;
    CHECK(decoded("a.xml", std::make_unique<Slow>(many, good), sink) == SourceKind::event_xml);
    CHECK(sink.events.size() > good / event_xml.size() - 2);
    REQUIRE(!sink.problems.empty());
    CHECK(sink.problems.back().what.find("reading failed: ") == 0);
    CHECK(sink.problems.back().what.size() > 16);
  }
  CollectedRecords sink;
  CHECK_THROWS_AS(decoded("a.xml", std::make_unique<Slow>(many, 0), sink), std::system_error);
}

TEST_CASE("decode: bytes that are no text are noted when few and a problem when many") {
  const auto with = [](int times) {
    std::string bytes = "\xEF\xBB\xBFLog Name: Application\r\nSource: ADSync\r\nEvent ID: 611\r\nDescription:\r\n";
    for (int i = 0; i < times; ++i) bytes += "a good line of words\r\n\xE2\x82 cut\r\n";
    CollectedRecords sink;
    CHECK(decoded("a.txt", open_memory(as_bytes(bytes)), sink) == SourceKind::event_text);
    CHECK(sink.events.size() == 1);
    return sink;
  };
  CHECK(with(0).notes.empty());
  REQUIRE(with(1).notes.size() == 1);
  CHECK(with(1).notes[0].find("1 place where") == 0);
  REQUIRE(with(5).notes.size() == 1);
  CHECK(with(5).notes[0].find("5 places where") == 0);
  CHECK(with(60).notes.empty());
  REQUIRE(with(60).problems.size() == 1);
  CHECK(with(60).problems[0].what.find("60 places where") == 0);
}
