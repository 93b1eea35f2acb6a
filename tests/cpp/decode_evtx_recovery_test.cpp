// What `recover` gives back of damaged logs, and what it must not make up.
#include <doctest/doctest.h>

#include "decode/evtx_recovery.hpp"
#include "support/log_builder.hpp"
#include "support/naive_binxml.hpp"
#include "support/read_log.hpp"
#include "support/shared_data.hpp"

using namespace synclens;
using namespace support;

namespace {

const Bytes signature("\x2a\x2a\0\0", 4);

Bytes body(std::size_t at, const std::string& text) {
  Xml x(at, false);
  x.header().open("Event").content().open("System").content();
  x.open("EventID").content().text("7").close().close();
  x.open("EventData").content().open("Data").content().text(text).close().close().close();
  return x.bytes();
}

Log log_of(std::initializer_list<const char*> texts) {
  Log log;
  for (const char* text : texts) log.record(body(log.next_body(), text));
  return log;
}

// Offset in the file of each signature.
std::vector<std::size_t> records_in(const Bytes& file) {
  std::vector<std::size_t> found;
  for (std::size_t at = file.find(signature); at != Bytes::npos; at = file.find(signature, at + 4)) found.push_back(at);
  return found;
}

std::vector<std::string> texts(const ReadLog& log) {
  std::vector<std::string> found;
  for (const ReadEvent& e : log.events) found.push_back(e.data.empty() ? "" : e.data[0].second);
  return found;
}

using Texts = std::vector<std::string>;

// <Event><System><Provider Name='P'/><EventID>slot 0</EventID></System>slot 1</Event>
void outer(Xml& x) {
  x.open("Event").content().open("System").content();
  x.open("Provider", true).attribute("Name").text("P").empty();
  x.open("EventID").content().slot(0, 6).close().close();
  x.slot(1, 0x21).close();
}
void inner(Xml& x) {
  x.open("EventData").content().open("Data", true).attribute("Name").text("n").content().slot(0, 1).close().close();
}
constexpr unsigned outer_id = 0x51, inner_id = 0x52;

// An instance whose definition stands at `definition`.
Bytes later_instance(unsigned id, std::size_t definition, const std::vector<SlotValue>& values) {
  Bytes out = Bytes("\x0c\x01", 2) + number(id, 4) + number(definition, 4) + number(values.size(), 4);
  for (const SlotValue& v : values) out += number(v.bytes.size(), 2) + number(v.type, 2);
  for (const SlotValue& v : values) out += v.bytes;
  return out;
}

struct Templated {
  Log log;
  std::size_t outer_at = 0, inner_at = 0;  // definitions, in the chunk

  // A record with both definitions in it, so that its size is not that of the next.
  explicit Templated(const std::string& text) {
    const std::size_t at = log.next_body() + 4;
    // The inner instance stands behind the outer's descriptors and first value: build twice to know where.
    Bytes whole;
    std::size_t inner_offset = 0;
    for (int i = 0; i < 2; ++i) {
      const Bytes value = instance(inner_offset, inner_id, inner, {{1, wide(text)}}) + Bytes(1, '\0');
      whole = instance(at, outer_id, outer, {{6, number(7, 2)}, {0x21, value}});
      inner_offset = at + whole.size() - value.size();
    }
    outer_at = at + 10;
    inner_at = inner_offset + 10;
    log.record(Bytes("\x0f\x01\x01\0", 4) + whole);
  }

  void add(const std::string& text, unsigned event_id) {
    const Bytes value = later_instance(inner_id, inner_at, {{1, wide(text)}}) + Bytes(1, '\0');
    log.record(Bytes("\x0f\x01\x01\0", 4) +
               later_instance(outer_id, outer_at, {{6, number(event_id, 2)}, {0x21, value}}));
  }
};

// A stream that cannot go back.
class OnceOnly final : public ByteStream {
 public:
  explicit OnceOnly(std::string_view bytes) : inner_(open_memory(as_bytes(bytes))) {}
  std::size_t read(std::span<std::uint8_t> into) override { return inner_->read(into); }

 private:
  std::unique_ptr<ByteStream> inner_;
};

}  // namespace

TEST_CASE("remains behind the last record") {
  Bytes file = log_of({"one", "two", "three"}).file();
  const std::size_t third = records_in(file)[2];
  file.replace(4096 + 48, 4, number(third - 4096, 4));
  file.replace(4096 + 32, 8, number(2, 8));
  CHECK(texts(read_log(file)) == Texts{"one", "two"});
  const ReadLog log = read_log(file, true);
  CHECK(texts(log) == Texts{"one", "two", "three"});
  CHECK(log.events[1].state == RecordState::intact);
  CHECK(log.events[1].reason.empty());
  CHECK(log.events[2].state == RecordState::slack);
  CHECK(log.events[2].reason == "behind the last record of its chunk");
  CHECK(log.events[2].offset == third);
  CHECK(log.problems.empty());
}

TEST_CASE("a chunk whose head was zeroed or overwritten") {
  for (const char fill : {'\0', 'x'}) {
    Bytes file = log_of({"one", "two"}).file();
    file.replace(4096, 512, Bytes(512, fill));
    CHECK(read_log(file).events.empty());
    const ReadLog log = read_log(file, true);
    CHECK(texts(log) == Texts{"one", "two"});
    CHECK(log.count(RecordState::damaged_chunk) == 2);
    CHECK(log.events[0].reason == "in a chunk without its signature");
    REQUIRE(log.problems.size() == 1);
    CHECK(log.problems[0].what == "chunk without its signature");
  }
}

TEST_CASE("a zeroed or overwritten piece costs the records that it touches") {
  for (const char fill : {'\0', 'x', '*'}) {
    Bytes file = log_of({"one", "two", "three", "four"}).file();
    const std::size_t second = records_in(file)[1];
    file.replace(second - 10, 60, Bytes(60, fill));
    for (const bool recover : {false, true}) {
      const ReadLog log = read_log(file, recover);
      CHECK(texts(log) == Texts{"three", "four"});
      CHECK(!log.problems.empty());
    }
  }
}

TEST_CASE("a last chunk that was cut") {
  const Bytes file = log_of({"one", "two", "three"}).file();
  const std::size_t third = records_in(file)[2];
  for (const bool recover : {false, true}) {
    const ReadLog log = read_log(file.substr(0, third + 30), recover);
    CHECK(texts(log) == Texts{"one", "two"});
    CHECK(!log.problems.empty());
  }
}

TEST_CASE("a record hidden in an over-long one") {
  // The trick: a record takes the size of two, so that nobody looks at the second any more.
  Log outer_log;
  Bytes content = body(outer_log.next_body(), "seen") + Bytes(1, '\0');
  while ((content.size() + 24) % 8 != 0) content.push_back('\0');
  // names of the hidden one stand where it now stands
  const std::size_t at = outer_log.next_body() + content.size();
  Bytes second = body(at + 24, "hidden") + Bytes(1, '\0');
  while ((second.size() + 28) % 8 != 0) second.push_back('\0');
  const std::size_t size = second.size() + 28;
  second = signature + number(size, 4) + number(99, 8) + number(132000000000000000, 8) + second + number(size, 4);
  outer_log.record(content + second);
  outer_log.record(body(outer_log.next_body(), "three"));
  const Bytes file = outer_log.file();
  CHECK(texts(read_log(file)) == Texts{"seen", "three"});
  const ReadLog log = read_log(file, true);
  CHECK(texts(log) == Texts{"seen", "hidden", "three"});
  REQUIRE(log.events.size() == 3);
  CHECK(log.events[1].state == RecordState::slack);
  CHECK(log.events[1].reason == "hidden behind the content of another record");
  CHECK(log.events[1].offset == 4096 + at);
  CHECK(log.events[2].state == RecordState::intact);
  CHECK(log.account_read.read() == file.size());
}

TEST_CASE("a value that holds the bytes of a record is no hidden record") {
  const Bytes stored = log_of({"inner"}).file();
  const std::size_t at = records_in(stored)[0];
  const Bytes copy = stored.substr(at, 4096);
  Log log;
  log.record(
      instance(log.next_body(), 7, [](Xml& x) { x.open("Event").content().slot(0, 0x0e).close(); }, {{0x0e, copy}}));
  CHECK(read_log(log.file(), true).events.size() == 1);
}

TEST_CASE("names that were overwritten are not believed in remains") {
  Log log = log_of({"one"});
  log.record(body(log.next_body(), "two"));
  Bytes file = log.file();
  const std::size_t second = records_in(file)[1];
  file.replace(4096 + 48, 4, number(second - 4096, 4));
  file.replace(4096 + 32, 8, number(1, 8));
  CHECK(read_log(file, true).events.size() == 2);
  const std::size_t name = file.find(wide("EventData"), second);
  file[name] = 'Z';
  const ReadLog pruned = read_log(file, true);
  REQUIRE(pruned.events.size() == 2);
  CHECK(pruned.events[1].event_id == 7);
  CHECK(pruned.events[1].data.empty());
  CHECK(pruned.events[1].reason ==
        "behind the last record of its chunk; elements left out whose names were overwritten");
  file[file.find(wide("Event"), second)] = 'Z';
  CHECK(read_log(file, true).events.size() == 1);
}

TEST_CASE("a template that was overwritten: what it named is absent, what stands in the record is kept") {
  Templated made("first");
  made.add("second", 8);
  Bytes file = made.log.file();
  const std::size_t second = records_in(file)[1];
  file.replace(4096 + made.inner_at + 4, 4, Bytes(4, 'z'));
  CHECK(read_log(file).events.empty());
  const ReadLog log = read_log(file, true);
  REQUIRE(log.events.size() == 2);
  const ReadEvent& e = log.events[1];
  CHECK(e.state == RecordState::without_template);
  CHECK(e.reason == "template overwritten by another");
  CHECK(e.provider == "P");
  CHECK(e.event_id == 8);
  CHECK(e.data.empty());
  CHECK(e.offset == second);
  REQUIRE(log.problems.size() == 3);  // two records and the checksum
  CHECK(log.problems[1].what.find("record 2: template overwritten by another") == 0);

  file.replace(4096 + made.outer_at + 4, 4, Bytes(4, 'z'));
  const ReadLog none = read_log(file, true);
  REQUIRE(none.events.size() == 1);  // the first holds its own definition: nothing tells where its values begin
  CHECK(none.events[0].provider.empty());
  CHECK(!none.events[0].has(EventField::event_id));
  CHECK(none.events[0].id == 2);
  REQUIRE(none.events[0].data.size() == 1);
  CHECK(none.events[0].data[0] == std::pair<std::string, std::string>("", "8"));
}

TEST_CASE("a template of another chunk is used where it is the only one and fits") {
  Templated damaged("first");
  damaged.add("second", 8);
  Templated whole("other");
  Bytes file = damaged.log.file() + whole.log.chunk();
  file.replace(4096 + damaged.outer_at + 4, 4, Bytes(4, 'z'));
  file.replace(4096 + damaged.inner_at + 4, 4, Bytes(4, 'z'));
  CHECK(texts(read_log(file)) == Texts{"other"});

  const ReadLog log = read_log(file, true);
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[0].state == RecordState::damaged_chunk);
  CHECK(log.events[0].reason == "template overwritten, read with the same one of another chunk");
  CHECK(log.events[0].provider == "P");
  CHECK(log.events[0].event_id == 8);
  CHECK(log.events[0].data[0] == std::pair<std::string, std::string>("n", "second"));
  CHECK(log.events[1].state == RecordState::intact);

  ReadLog once;
  OnceOnly stream(file);
  DecodeOptions options;
  options.recover = true;
  decode_evtx(stream, options, once);
  CHECK(once.count(RecordState::without_template) == 1);

  // Another template with the same first four bytes of its GUID: which one it was cannot be told.
  Templated rival("rival");
  Bytes rivals = rival.log.chunk();
  rivals.replace(rival.outer_at + 8, 1, "!");
  const ReadLog doubtful = read_log(file + rivals, true);
  CHECK(doubtful.events[0].state == RecordState::without_template);
  CHECK(doubtful.events[0].provider.empty());

  // Values of another type do not fit the slots.
  Bytes unfit = file;
  const std::size_t second = records_in(unfit)[1];
  const std::size_t type = second + 24 + 4 + 10 + 4 + 2;
  REQUIRE(unfit[type] == 6);
  unfit[type] = 5;
  CHECK(read_log(unfit, true).events[0].state == RecordState::without_template);
}

TEST_CASE("no recovered record of a real log is made up") {
  std::size_t compared = 0, borrowed = 0, without = 0;
  const std::vector<fs::path> logs = shared_logs();
  for (const fs::path& path : logs) {
    CAPTURE(path.filename().string());
    const std::string log = read_file(path);
    const ReadLog found = read_log(log, true);
    for (const ReadEvent& e : found.events) {
      if (e.state == RecordState::intact) {
        CHECK(e.reason.empty());
        continue;
      }
      CHECK(!e.reason.empty());
      CHECK(log.compare(e.offset, 4, signature) == 0);
      if (e.state == RecordState::without_template) {
        ++without;
        continue;
      }
      if (e.reason.find("another chunk") != std::string::npos) {
        ++borrowed;
        continue;
      }
      if (e.reason.find("left out") != std::string::npos) continue;
      // The naive decoder reads the same record to its end, and what we have of it stands in its text.
      const std::size_t start = 4096 + e.chunk * 65536;
      NaiveBinXml naive(log.substr(start, 65536));
      const std::string xml = naive.record(e.offset - start);
      if (!e.provider.empty() && e.provider.find('&') == std::string::npos)
        CHECK(xml.find('\'' + e.provider + '\'') != std::string::npos);
      if (e.has(EventField::event_id))
        CHECK(xml.find('>' + std::to_string(e.event_id) + "</EventID>") != std::string::npos);
      ++compared;
    }
  }
  if (logs.empty()) return;
  CHECK(compared > 500);
  MESSAGE(compared << " compared, " << borrowed << " with a template of another chunk, " << without << " without");
}

TEST_CASE("the search does not look at a byte more than a few times") {
  // Candidates that lie over each other: every 32 bytes a record begins, and each claims all up to a later end.
  Bytes chunk(65536, '\0');
  for (std::uint32_t at = 512; at + 32'000 < 65536; at += 32) {
    const std::uint32_t size = 32'000;
    chunk.replace(at, 28, signature + number(size, 4) + number(1, 8) + number(1, 8) + Bytes("\x0f\x01\x01\0", 4));
    chunk.replace(at + size - 4, 4, number(size, 4));
  }
  std::uint32_t work = 0;
  evtx::RecordSearch search(as_bytes(chunk), 0, 65536, work);
  evtx::RecordSpan record;
  std::uint64_t bytes = 0;
  while (search.next(record)) {
    bytes += record.size;
    search.reject_last();
  }
  CHECK(bytes > 65536);
  CHECK(bytes < 20 * 65536);
}
