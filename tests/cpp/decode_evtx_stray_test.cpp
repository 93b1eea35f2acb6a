// Bytes that were added to a log or lost from it: the chunks behind them are found again.
#include <doctest/doctest.h>

#include <random>

#include "support/log_builder.hpp"
#include "support/parted_offsets.hpp"
#include "support/read_log.hpp"
#include "support/rendered.hpp"

using namespace synclens;
using namespace support;

namespace {

constexpr std::size_t head = 4096, chunk = 65536;

// Chunks of three records each.
Bytes log_of(std::size_t chunks) {
  Log log;
  for (const char* text : {"one", "two", "three"}) {
    Xml x(log.next_body(), false);
    x.header().open("Event").content().open("EventData").content().open("Data").content().text(text);
    x.close().close().close();
    log.record(x.bytes());
  }
  Bytes made = log.file();
  for (std::size_t i = 1; i < chunks; ++i) made += log.chunk();
  return made;
}

// Gives as many bytes at a time as it likes.
class Trickle final : public ByteStream {
 public:
  explicit Trickle(const Bytes& bytes, std::size_t most) : whole_(open_memory(as_bytes(bytes))), most_(most) {}
  std::size_t read(std::span<std::uint8_t> into) override {
    return whole_->read(into.first(std::min(into.size(), most_)));
  }

 private:
  std::unique_ptr<ByteStream> whole_;
  std::size_t most_;
};

}  // namespace

TEST_CASE("bytes added between two chunks cost nothing but themselves") {
  for (const std::size_t added : {std::size_t{1}, std::size_t{100}, std::size_t{512}, std::size_t{70'000}, 3 * chunk}) {
    for (const char with : {'x', '\0'}) {
      CAPTURE(added);
      Bytes file = log_of(9);
      file.insert(head + 3 * chunk, Bytes(added, with));
      const ReadLog log = read_log(file);
      CHECK(log.events.size() == 27);
      CHECK(log.account_read.read() + log.account_read.skipped == file.size());
      if (with == 'x' || added % chunk != 0) REQUIRE(!log.problems.empty());
      if (added == 100) {
        REQUIRE(log.problems.size() == 1);
        CHECK(log.problems[0].what == "bytes before a chunk that is not where it should be");
        CHECK(log.problems[0].where.offset == head + 3 * chunk);
        CHECK(log.problems[0].bytes == 100);
      }
    }
  }
}

TEST_CASE("bytes lost from a chunk cost that chunk only") {
  Bytes file = log_of(9);
  file.erase(head + 3 * chunk + 40'000, 1000);
  const ReadLog log = read_log(file);
  CHECK(log.events.size() == 27);  // they were lost from behind its records
  CHECK(log.account_read.read() + log.account_read.skipped == file.size());
  Bytes head_lost = log_of(9);
  head_lost.erase(head + 3 * chunk, 600);
  CHECK(read_log(head_lost).events.size() == 24);
}

TEST_CASE("where pieces begin does not depend on how a log is read") {
  std::mt19937 random(5);
  for (int round = 0; round < 40; ++round) {
    CAPTURE(round);
    Bytes file = log_of(40);
    for (int change = 0; change < 3; ++change) {
      const std::size_t at = head + random() % (file.size() - head);
      if (random() % 2 == 0) {
        file.insert(at, Bytes(random() % 2000, random() % 2 == 0 ? 'x' : '\0'));
      } else {
        file.erase(at, random() % 2000);
      }
    }
    Whole one, parts, slow;
    DecodeOptions options;
    const auto stream = open_memory(as_bytes(file));
    decode_evtx(*stream, options, one);
    const auto again = open_memory(as_bytes(file));
    options.threads = 3;
    decode_evtx_in_parts(*again, options, parts);
    Trickle trickle(file, 1 + random() % 5000);
    decode_evtx(trickle, {}, slow);
    CHECK(one.offsets == parts.offsets);
    CHECK(one.problems == parts.problems);
    CHECK(one.offsets == slow.offsets);
    CHECK(one.problems == slow.problems);
    CHECK(one.offsets.size() >= 3 * 36);
    CHECK(render(file, RenderFormat::xml).text == render(file, RenderFormat::xml, 3).text);
  }
}

TEST_CASE("a text that names the signature of a chunk moves nothing") {
  Log log;
  Xml x(log.next_body(), false);
  x.header().open("a").content().text("ElfChnk").close();
  log.record(x.bytes());
  Bytes chunk_with_text = log.chunk();
  chunk_with_text.replace(3000, 8, Bytes("ElfChnk\0", 8));
  chunk_with_text[0] = 'X';
  Bytes file = log.file() + chunk_with_text + log.chunk();
  const ReadLog read = read_log(file);
  CHECK(read.events.size() == 2);
  REQUIRE(read.problems.size() == 1);
  CHECK(read.problems[0].what == "chunk without its signature");
}
