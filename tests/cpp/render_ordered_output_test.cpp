// Batches are written in the order in which they were taken, whoever is done first.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "render/ordered_output.hpp"
#include "support/log_builder.hpp"

using namespace synclens;
using namespace synclens::evtx;
using namespace support;

namespace {

struct Text final : TextSink {
  std::string text;
  std::size_t most = 1'000;
  bool write(std::string_view more) override {
    text += more;
    return text.size() < most;
  }
};

Bytes file_of(std::size_t chunks) {
  Bytes file = Log().file().substr(0, 4096);
  for (std::size_t i = 0; i < chunks; ++i) file += Log().chunk();
  return file;
}

struct Run {
  explicit Run(std::size_t chunks, std::size_t most_waiting)
      : file(file_of(chunks)), stream(open_memory(as_bytes(file))), output(*stream, options, text, most_waiting) {}

  // Takes a chunk; what is given for it is its turn as a digit.
  void take() {
    std::uint64_t turn = 0;
    REQUIRE(output.take(batch, turn));
    turns.push_back(turn);
  }
  void give(std::size_t i) {
    Printed printed;
    printed.text.append(std::to_string(turns[i]));
    printed.records = 1;
    output.give(turns[i], printed);
  }

  Bytes file;
  std::unique_ptr<ByteStream> stream;
  DecodeOptions options;
  Text text;
  OrderedOutput output;
  ChunkBatch batch{1};
  std::vector<std::uint64_t> turns;
};

}  // namespace

TEST_CASE("who is done before its turn goes on, and what it printed is written in its turn") {
  Run run(5, 3);
  for (int i = 0; i < 5; ++i) run.take();
  run.give(2);
  run.give(1);
  CHECK(run.text.text.empty());
  run.give(0);
  CHECK(run.text.text == "012");
  run.give(4);
  CHECK(run.text.text == "012");
  run.give(3);
  CHECK(run.text.text == "01234");
  std::uint64_t turn = 0;
  CHECK_FALSE(run.output.take(run.batch, turn));
  CHECK(run.output.finish().records == 5);
}

TEST_CASE("no more wait than may, and who is one too many waits for its turn") {
  Run run(4, 1);
  for (int i = 0; i < 4; ++i) run.take();
  run.give(2);
  std::thread other([&] { run.give(1); });  // waits for 0 or for 2 to be gone
  run.give(0);
  other.join();
  run.give(3);
  CHECK(run.text.text == "0123");
  CHECK(run.output.finish().records == 4);
}

TEST_CASE("behind a sink that takes no more nothing is written, and nobody waits") {
  Run run(4, 2);
  for (int i = 0; i < 4; ++i) run.take();
  run.text.most = 2;
  run.give(3);
  run.give(2);
  std::thread other([&] { run.give(1); });
  run.give(0);
  other.join();
  CHECK(run.text.text == "01");
  std::uint64_t turn = 0;
  CHECK_FALSE(run.output.take(run.batch, turn));
}

TEST_CASE("a failure ends the waiting of all and is what the run ends with") {
  Run run(3, 0);
  for (int i = 0; i < 3; ++i) run.take();
  std::thread other([&] { run.give(2); });
  run.output.fail(std::make_exception_ptr(std::runtime_error("gone")));
  other.join();
  run.give(0);
  CHECK(run.text.text.empty());
  CHECK_THROWS_WITH((void)run.output.finish(), "gone");
}
