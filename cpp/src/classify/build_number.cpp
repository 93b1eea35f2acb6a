#include "classify/build_number.hpp"

#include <cstddef>

#include "synclens/classify.hpp"

namespace synclens {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Cuts the next number off the front; "" where there is none. Leading zeros are dropped, so that numbers of any
// length compare as text once their lengths are equal.
std::string_view next_number(std::string_view& rest) {
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '.') ++end;
  std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end < rest.size() ? end + 1 : end);
  std::size_t digits = 0;
  while (digits < part.size() && is_digit(part[digits])) ++digits;
  part = part.substr(0, digits);
  while (!part.empty() && part.front() == '0') part.remove_prefix(1);
  return part;
}

}  // namespace

bool is_build_number(std::string_view text) {
  std::size_t parts = 1;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0 || ++parts > 8) return false;
      digits = 0;
    } else if (!is_digit(c) || ++digits > 9) {
      return false;
    }
  }
  return digits > 0;
}

int compare_builds(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view x = next_number(a);
    const std::string_view y = next_number(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y); order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace synclens
