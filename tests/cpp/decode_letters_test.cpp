#include <doctest/doctest.h>

#include <random>
#include <string>

#include "decode/letters.hpp"

using namespace synclens;
using evtx::may_hold_letters;

namespace {

bool in(std::string_view bytes, std::string_view letters) {
  return may_hold_letters(as_bytes(bytes), letters);
}

// Character by character.
bool holds_slowly(std::string_view bytes, std::string_view letters) {
  for (std::size_t width = 1; width <= 2; ++width) {
    for (std::size_t at = 0; at + (letters.size() - 1) * width < bytes.size(); ++at) {
      bool all = true;
      for (std::size_t i = 0; i < letters.size(); ++i) {
        const char c = bytes[at + i * width];
        all = all && (c == letters[i] || c == static_cast<char>(letters[i] - 'a' + 'A'));
      }
      if (all) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("letters in either case, as one byte each or in UTF-16, at any place") {
  CHECK(in("ADSync", "ync"));
  CHECK(in("ADSYNC", "ync"));
  CHECK(in(std::string_view("y\0N\0c\0", 6), "ync"));
  CHECK(in(std::string_view("xy\0n\0C", 6), "ync"));
  CHECK_FALSE(in("", "ync"));
  CHECK_FALSE(in("yn", "ync"));
  CHECK_FALSE(in(std::string_view("y\0n\0", 4), "ync"));
  CHECK_FALSE(in("Every yarn, cyan", "ync"));
  CHECK(in("c", "c"));
}

TEST_CASE("letters are found as one character after the other finds them") {
  std::mt19937 random(7);
  const std::string_view few("yYnNcC\0z", 8);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = few[random() % few.size()];
    CAPTURE(bytes);
    REQUIRE(in(bytes, "ync") == holds_slowly(bytes, "ync"));
  }
}
