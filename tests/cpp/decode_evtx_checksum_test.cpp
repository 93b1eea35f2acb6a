// Checksums: looked at when asked for and where a chunk misbehaves; a wrong one costs no record.
#include <doctest/doctest.h>

#include "support/log_builder.hpp"
#include "support/read_log.hpp"
#include "support/rendered.hpp"
#include "support/shared_data.hpp"

using namespace synclens;
using namespace support;

namespace {

constexpr std::size_t chunk_at = 4096;

Bytes checked_log() {
  Log log;
  for (const char* text : {"one", "two"}) {
    Xml x(log.next_body(), false);
    log.record(x.header().open("Event").content().text(text).close().bytes());
  }
  return log.file();
}

std::vector<std::string> said(const ReadLog& log) {
  std::vector<std::string> words;
  for (const Problem& p : log.problems) words.push_back(p.what);
  return words;
}

}  // namespace

TEST_CASE("right checksums: three are looked at, nothing is said") {
  const ReadLog log = read_log(checked_log(), false, true);
  CHECK(log.events.size() == 2);
  CHECK(log.problems.empty());
  CHECK(log.account_read.checked == 3);
  CHECK(log.account_read.wrong == 0);
  CHECK(read_log(checked_log()).account_read.checked == 0);
}

TEST_CASE("a wrong checksum is said with its place, and all records are read") {
  const struct {
    std::size_t changed, offset;
    const char* what;
  } cases[] = {{16, 0, "the checksum of the file's header is not that of its bytes"},
               {chunk_at + 200, chunk_at, "the checksum of the chunk's header is not that of its bytes"},
               {chunk_at + 512 + 16, chunk_at + 512, "the checksum of the chunk's records is not that of their bytes"}};
  for (const auto& one : cases) {
    Bytes file = checked_log();
    file[one.changed] = static_cast<char>(file[one.changed] ^ 0x40);
    const ReadLog log = read_log(file, false, true);
    CHECK(log.events.size() == 2);
    REQUIRE(said(log) == std::vector<std::string>{one.what});
    CHECK(log.problems[0].where.offset == one.offset);
    CHECK(log.problems[0].bytes == 0);
    CHECK(log.account_read.wrong == 1);
    CHECK(log.account_read.skipped == 0);
    CHECK(read_log(file).problems.empty());
    const Rendered printed = [&] {
      struct Nothing : TextSink {
        bool write(std::string_view) override { return true; }
      } sink;
      RenderOptions options;
      options.decode.verify = true;
      const auto stream = open_memory(as_bytes(file));
      return Rendered{{}, render_evtx(*stream, options, sink)};
    }();
    REQUIRE(printed.report.problems.size() == 1);
    CHECK(printed.report.problems[0].what == one.what);
  }
}

TEST_CASE("the checksums of a chunk that misbehaves are looked at without being asked for") {
  Bytes file = checked_log();
  const std::size_t second = file.rfind(Bytes("\x2a\x2a\0\0", 4));
  file.replace(second + 24, 8, Bytes(8, '\xff'));
  const ReadLog log = read_log(file);
  CHECK(log.events.size() == 1);
  REQUIRE(log.problems.size() == 2);
  CHECK(log.problems[1].what == "the checksum of the chunk's records is not that of their bytes");
}

TEST_CASE("a log that says it has no checksums is not blamed for theirs") {
  Bytes file = checked_log();
  file[chunk_at + 512 + 16] ^= 1;
  file[120] = 4;
  const ReadLog log = read_log(file, false, true);
  CHECK(log.problems.empty());
  CHECK(log.account_read.checked == 0);
  const fs::path data = shared_data();
  if (data.empty()) return;
  const ReadLog real = read_log(read_file(data / "evtx/evtx-rs/Application_no_crc32.evtx"), false, true);
  CHECK(real.problems.empty());
  CHECK(real.account_read.checked == 0);
}

TEST_CASE("the checksums of the real logs") {
  std::size_t files = 0, right = 0;
  for (const fs::path& path : shared_logs()) {
    CAPTURE(path.filename().string());
    const ReadLog plain = read_log(read_file(path)), log = read_log(read_file(path), false, true);
    CHECK(log.events.size() == plain.events.size());
    ++files;
    right += log.account_read.wrong == 0 ? 1u : 0u;
    const std::uint64_t all = log.account_read.checked;
    if (all != 0) CHECK(all >= 1);
  }
  if (files == 0) return;
  MESSAGE(right << " of " << files << " logs have no wrong checksum");
  CHECK(right > files / 2);
}
