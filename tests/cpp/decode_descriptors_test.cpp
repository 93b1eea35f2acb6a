// Four descriptors at a time against one after the other, and which shapes tell instances apart.
#include <doctest/doctest.h>

#include <cstring>
#include <random>

#include "decode/descriptors.hpp"

using namespace synclens;
using namespace synclens::evtx;

namespace {

std::vector<std::uint8_t> descriptors_of(const std::vector<std::pair<std::uint16_t, std::uint8_t>>& values) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [size, type] : values) {
    bytes.push_back(static_cast<std::uint8_t>(size));
    bytes.push_back(static_cast<std::uint8_t>(size >> 8));
    bytes.push_back(type);
    bytes.push_back(0xA5);  // the byte that nobody looks at
  }
  bytes.resize(bytes.size() + readable_behind);
  return bytes;
}

DescriptorShape shape_of(const std::vector<std::uint8_t>& descriptors, std::uint32_t count, std::uint8_t exact = 1) {
  return {descriptors.data(), count, std::vector<std::uint8_t>(count, exact)};
}

constexpr auto text = static_cast<std::uint8_t>(ValueType::string);
constexpr auto number = static_cast<std::uint8_t>(ValueType::uint32);

}  // namespace

TEST_CASE("values are taken the same four at a time and one by one") {
  std::mt19937 random(7);
  std::vector<std::uint8_t> descriptors(4 * 100 + readable_behind);
  const std::vector<std::uint8_t> values(1 << 23);
  for (std::uint32_t count = 0; count < 100; ++count) {
    for (auto& byte : descriptors) byte = static_cast<std::uint8_t>(random());
    if (count % 2 == 0) {  // no type that is a mark
      for (std::size_t i = 2; i < descriptors.size(); i += 4) descriptors[i] &= 0x8F;
    }
    CAPTURE(count);
    std::vector<Value> fast(count), slow(count);
    const TakenValues a = take_values(descriptors.data(), count, values.data(), fast.data());
    const TakenValues b = take_values_plainly(descriptors.data(), count, values.data(), slow.data());
    CHECK(a.bytes == b.bytes);
    CHECK(a.marks == b.marks);
    for (std::uint32_t i = 0; i < count; ++i) {
      CHECK(fast[i].data == slow[i].data);
      CHECK(fast[i].size == slow[i].size);
      CHECK(fast[i].type == slow[i].type);
    }
  }
}

TEST_CASE("where values stand, and which are arrays or fragments, as one by one") {
  std::mt19937 random(8);
  std::vector<std::uint8_t> descriptors(4 * 64 + readable_behind);
  constexpr auto fragment = static_cast<std::uint8_t>(ValueType::binxml);
  for (std::uint32_t round = 0; round < 2000; ++round) {
    const std::uint32_t count = round % 65;
    for (auto& byte : descriptors) byte = static_cast<std::uint8_t>(random());
    for (std::size_t i = 2; i < descriptors.size(); i += 4) {  // behind the last stand fragments and arrays
      const bool usual = i < std::size_t{4} * count && random() % 32 != 0;
      descriptors[i] = usual ? number : random() % 2 == 0 ? fragment : static_cast<std::uint8_t>(text | array_bit);
    }
    CAPTURE(count);
    std::vector<std::uint32_t> places(count + 5);
    places_of_values(descriptors.data(), count, places.data());
    std::uint32_t at = 0, fragments = 0;
    bool arrays = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      CHECK(places[i] == at);
      at += load<std::uint16_t>(&descriptors[std::size_t{4} * i]);
      fragments += descriptors[std::size_t{4} * i + 2] == fragment ? 1u : 0u;
      arrays = arrays || (descriptors[std::size_t{4} * i + 2] & array_bit) != 0;
    }
    CHECK(places[count] == at);
    CHECK(bytes_of_values(descriptors.data(), count) == at);
    const ManifoldValues found = manifold_values(descriptors.data(), count);
    CHECK(found.fragments == fragments);
    CHECK(found.arrays == arrays);
  }
}

TEST_CASE("a type that is one of our marks is seen wherever it stands") {
  for (std::size_t place = 0; place < 9; ++place) {
    std::vector<std::pair<std::uint16_t, std::uint8_t>> wanted(9, {4, number});
    std::vector<Value> values(9);
    const std::uint8_t start[64] = {};
    CHECK_FALSE(take_values(descriptors_of(wanted).data(), 9, start, values.data()).marks);
    for (const int type : {0x7C, 0x7F, 0xFC, 0xFF}) {
      wanted[place].second = static_cast<std::uint8_t>(type);
      CHECK(take_values(descriptors_of(wanted).data(), 9, start, values.data()).marks);
    }
  }
}

TEST_CASE("a shape is that of the types, of the sizes of numbers, and of empty texts where that matters") {
  const auto one = descriptors_of({{10, text}, {4, number}, {0, text}});
  const auto other_size = descriptors_of({{8, text}, {4, number}, {0, text}});
  const auto other_type = descriptors_of({{10, text}, {4, static_cast<std::uint8_t>(ValueType::hex32)}, {0, text}});
  const auto wrong_size = descriptors_of({{10, text}, {2, number}, {0, text}});
  const auto emptied = descriptors_of({{0, text}, {4, number}, {0, text}});
  const auto filled = descriptors_of({{10, text}, {4, number}, {2, text}});
  const DescriptorShape exact = shape_of(one, 3), lenient = shape_of(one, 3, 0);
  for (const DescriptorShape* shape : {&exact, &lenient}) {
    CHECK(shape->matches(one.data(), 3));
    CHECK(shape->matches(other_size.data(), 3));
    CHECK_FALSE(shape->matches(other_type.data(), 3));
    CHECK_FALSE(shape->matches(wrong_size.data(), 3));
    CHECK_FALSE(shape->matches(one.data(), 2));
  }
  CHECK_FALSE(exact.matches(emptied.data(), 3));
  CHECK_FALSE(exact.matches(filled.data(), 3));
  CHECK(lenient.matches(emptied.data(), 3));
  CHECK(lenient.matches(filled.data(), 3));
}

TEST_CASE("a shape matches the same four at a time and one by one") {
  const Utf16Kernel before = utf16_kernel();
  std::mt19937 random(3);
  std::size_t matched = 0;
  for (int round = 0; round < 20000; ++round) {
    const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    const std::uint32_t count = pick(11);
    const auto made = [&] {
      std::vector<std::pair<std::uint16_t, std::uint8_t>> values;
      for (std::uint32_t i = 0; i < count; ++i) {
        values.emplace_back(pick(8) == 0 ? 0 : 4, pick(12) == 0 ? number : text);
      }
      return descriptors_of(values);
    };
    std::vector<std::uint8_t> exact(count);
    for (auto& e : exact) e = static_cast<std::uint8_t>(pick(2));
    const auto ours = made(), theirs = made();
    const DescriptorShape shape(ours.data(), count, exact);
    use_utf16_kernel(Utf16Kernel::scalar);
    const bool plainly = shape.matches(theirs.data(), count);
    use_utf16_kernel(before);
    CHECK(shape.matches(theirs.data(), count) == plainly);
    matched += plainly ? 1u : 0u;
  }
  CHECK(matched > 1000);
}

TEST_CASE("odd are sizes that do not fit a number and types that no log has") {
  CHECK_FALSE(any_odd(descriptors_of({{10, text}, {4, number}, {0, 0}, {12, 0x81}}).data(), 4));
  CHECK(any_odd(descriptors_of({{10, text}, {2, number}}).data(), 2));
  CHECK(any_odd(descriptors_of({{10, text}, {4, 0x3A}}).data(), 2));
  CHECK(any_odd(descriptors_of({{10, text}, {4, 0xBA}}).data(), 2));
}

TEST_CASE("bytes are the same in blocks and one by one, as far as a mask says") {
  std::mt19937 random(5);
  for (std::size_t size = 0; size < 90; ++size) {
    CAPTURE(size);
    std::vector<std::uint8_t> a(size), masks(size);
    for (auto& byte : a) byte = static_cast<std::uint8_t>(random());
    for (auto& byte : masks) byte = random() % 3 == 0 ? 0 : 0xFF;
    CHECK(same_bytes(a.data(), std::vector<std::uint8_t>(a).data(), nullptr, size));
    for (std::size_t place = 0; place < size; ++place) {
      std::vector<std::uint8_t> b = a;
      b[place] ^= static_cast<std::uint8_t>(1u << (random() % 8));
      CHECK_FALSE(same_bytes(a.data(), b.data(), nullptr, size));
      CHECK(same_bytes(a.data(), b.data(), masks.data(), size) == (masks[place] == 0));
    }
  }
}

TEST_CASE("one descriptor fits a shape where all of them would") {
  std::mt19937 random(6);
  for (int round = 0; round < 3000; ++round) {
    const auto pick = [&] {
      return std::pair<std::uint16_t, std::uint8_t>(random() % 3 == 0 ? 0 : 4, random() % 2 == 0 ? number : text);
    };
    const auto same = pick(), ours = pick(), theirs = pick();
    const auto exact = static_cast<std::uint8_t>(random() % 2);
    const DescriptorShape shape = shape_of(descriptors_of({same, ours}), 2, exact);
    const auto other = descriptors_of({same, theirs});
    const bool same_fits = shape.matches_at(2, 0, load<std::uint32_t>(other.data()));
    CHECK_FALSE(shape.matches_at(3, 0, load<std::uint32_t>(other.data())));
    CHECK_FALSE(shape.matches_at(2, 2, load<std::uint32_t>(other.data())));
    CHECK((same_fits && shape.matches_at(2, 1, load<std::uint32_t>(other.data() + 4))) ==
          shape.matches(other.data(), 2));
  }
}
