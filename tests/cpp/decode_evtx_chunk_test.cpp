// Every record of every real log, decoded twice.
#include <doctest/doctest.h>

#include "decode/evtx_chunk.hpp"
#include "support/naive_binxml.hpp"
#include "support/rendered.hpp"
#include "support/shared_data.hpp"

using namespace synclens;
using namespace support;

namespace {

// Where the records stand that the engine took for whole. (How many they are is compared with other readers in
// decode_evtx_file_test.cpp; the naive decoder does not look at bounds and so cannot tell.)
struct Addresses : RecordSink {
  std::vector<Address> all;
  void event(const EventView& e) override { all.push_back(e.where); }
  void problem(Problem) override {}
};

}  // namespace

TEST_CASE("the engine and the naive decoder print the same XML for every record") {
  std::size_t compared = 0;
  const std::vector<fs::path> logs = shared_logs();
  for (const fs::path& path : logs) {
    CAPTURE(path.filename().string());
    const std::string log = read_file(path);
    const std::string ours = render(log, RenderFormat::xml).text;
    const std::vector<std::string_view> all = records(ours);
    Addresses where;
    const auto stream = open_memory(as_bytes(log));
    decode_evtx(*stream, {}, where);
    REQUIRE(where.all.size() == all.size());
    std::uint64_t chunk = Address::none;
    NaiveBinXml naive("");
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t start = evtx::file_head + where.all[i].chunk * evtx::chunk_size;
      if (chunk != where.all[i].chunk) naive = NaiveBinXml(log.substr(start, evtx::chunk_size));
      chunk = where.all[i].chunk;
      const std::string expected = naive.record(where.all[i].offset - start);
      if (all[i] != expected) CHECK(all[i] == expected);
      ++compared;
    }
  }
  if (!logs.empty()) CHECK(compared > 36000);
}
