// A template that stands again at another offset is known by its bytes and by the names that it borrows.
#include <doctest/doctest.h>

#include "support/log_builder.hpp"
#include "support/read_log.hpp"

using namespace synclens;
using namespace support;

namespace {

// In the header of a chunk: a table of offsets that this log leaves empty, which reads as a name of no letters.
constexpr std::size_t empty_name = 136;

// A record with its own definition, whose attribute takes its name from elsewhere in the chunk.
void add(Log& log, std::string_view value) {
  const auto fill = [](Xml& x) {
    x.open("Event").content().open("EventData").content().open("Data", true);
    x.raw("\x06").raw(number(empty_name, 4)).text("v").content().slot(0).close().close().close();
  };
  log.record(Bytes("\x0f\x01\x01\0", 4) + instance(log.next_body() + 4, 7, fill, {{1, wide(value)}}));
}

}  // namespace

TEST_CASE("template plan: definitions that borrow only a name of no letters are the same one") {
  Log log;
  add(log, "first");
  add(log, "second");
  const ReadLog read = read_log(log.file());
  CHECK(read.problems.empty());
  REQUIRE(read.events.size() == 2);
  for (const ReadEvent& event : read.events) CHECK(event.state == RecordState::intact);
  REQUIRE(read.events[1].data.size() == 1);
  CHECK(read.events[1].data[0].second == "second");
}
