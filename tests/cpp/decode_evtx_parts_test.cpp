// A log read by several threads: what one thread gives, in its order, and every failure comes out.
#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "support/failing_stream.hpp"
#include "support/log_builder.hpp"
#include "support/parted_offsets.hpp"
#include "support/rendered.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace support;

namespace {

constexpr int chunks = 140;  // eighteen parts

const Bytes& large_log() {
  static const Bytes file = [] {
    Log log;
    for (const char* text : {"one", "two", "three"}) {
      Xml x(log.next_body(), false);
      x.header().open("Event").content().open("System").content();
      x.open("EventID").content().text("7").close().close();
      x.open("EventData").content().open("Data").content().text(text).close().close().close();
      log.record(x.bytes());
    }
    Bytes made = log.file();
    for (int i = 1; i < chunks; ++i) made += i % 50 == 7 ? Bytes(65536, 'x') : log.chunk();
    return made;
  }();
  return file;
}

void decode(ByteStream& stream, unsigned threads, Whole& sink) {
  DecodeOptions options;
  options.threads = threads;
  decode_evtx_in_parts(stream, options, sink);
}

}  // namespace

TEST_CASE("threads give what one thread gives, in its order") {
  Whole one;
  const auto stream = open_memory(as_bytes(large_log()));
  decode(*stream, 1, one);
  CHECK(one.offsets.size() == 3u * (chunks - 3));
  CHECK(one.problems.size() == 3);
  for (const unsigned threads : {2u, 4u, 9u}) {
    Whole many;
    const auto again = open_memory(as_bytes(large_log()));
    decode(*again, threads, many);
    CHECK(many.offsets == one.offsets);
    CHECK(many.problems == one.problems);
  }
}

TEST_CASE("threads: a disk that fails and a sink that fails end the run with their error") {
  for (const unsigned threads : {1u, 4u}) {
    Whole sink;
    FailingStream broken(large_log().substr(0, large_log().size() / 2));
    CHECK_THROWS_AS(decode(broken, threads, sink), std::system_error);
    Whole full;
    full.most_taken = 2;
    const auto stream = open_memory(as_bytes(large_log()));
    CHECK_THROWS_AS(decode(*stream, threads, full), std::runtime_error);
    CHECK(full.offsets.size() <= 2u * 3 * 32);
  }
}

TEST_CASE("threads: printing ends at a failing disk, a closed pipe and a failing output") {
  struct Sink final : TextSink {
    std::size_t left = 3;
    bool throws = false;
    bool write(std::string_view) override {
      if (left-- > 1) return true;
      if (throws) throw std::system_error(ENOSPC, std::generic_category(), "out");
      return false;
    }
  };
  for (const unsigned threads : {1u, 4u}) {
    RenderOptions options;
    options.threads = threads;
    Sink endless;
    endless.left = ~std::size_t{0};
    FailingStream broken(large_log().substr(0, large_log().size() / 2));
    CHECK_THROWS_AS((void)render_evtx(broken, options, endless), std::system_error);
    Sink closed;
    const auto stream = open_memory(as_bytes(large_log()));
    CHECK(render_evtx(*stream, options, closed).records <= 3u * 4 * 3);
    Sink full;
    full.throws = true;
    const auto again = open_memory(as_bytes(large_log()));
    CHECK_THROWS_AS((void)render_evtx(*again, options, full), std::system_error);
  }
}
