// What is kept of a template's System parts is found again.
#include <doctest/doctest.h>

#include <array>
#include <initializer_list>

#include "decode/system_cache.hpp"

using namespace synclens::evtx;

namespace {

// An instance of one value, the event id, as it stands in a record behind its descriptor.
struct OneId {
  explicit OneId(std::uint16_t id) {
    bytes[0] = 2;
    bytes[2] = static_cast<std::uint8_t>(ValueType::uint16);
    bytes[descriptor_size] = static_cast<std::uint8_t>(id);
    bytes[descriptor_size + 1] = static_cast<std::uint8_t>(id >> 8);
  }
  [[nodiscard]] Value value() const {
    return {bytes.data() + descriptor_size, 2, static_cast<std::uint8_t>(ValueType::uint16)};
  }
  std::array<std::uint8_t, descriptor_size + 2 + readable_behind> bytes{};
};

// How many of so many instances, with these ids in turn, nothing was kept for.
int misses(std::initializer_list<std::uint16_t> ids, int count) {
  SystemKey key;
  key.slots = 1;
  key.kept = {1};
  key.event_id = 0;
  SystemCache<int> cache(key);
  std::size_t bytes = 0;
  int missed = 0;
  for (int i = 0; i < count; ++i) {
    const std::uint16_t id = ids.begin()[static_cast<std::size_t>(i) % ids.size()];
    const OneId instance(id);
    const Value value = instance.value();
    bool make = false;
    const int* const found = cache.find(&value, 1, make);
    if (found != nullptr) CHECK(*found == id);
    missed += found == nullptr ? 1 : 0;
    if (make) CHECK(*cache.keep(&value, 1, id, 8, bytes) == id);
  }
  return missed;
}

}  // namespace

TEST_CASE("event ids that take turns are all kept, wherever their places fall") {
  CHECK(misses({611}, 200) < 10);
  for (std::uint16_t a = 600; a < 700; ++a) {
    for (std::uint16_t b = static_cast<std::uint16_t>(a + 1); b < 700; ++b) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(misses({a, b}, 200) < 40);
    }
  }
  CHECK(misses({650, 656, 657, 651, 654, 653}, 600) < 120);
}
