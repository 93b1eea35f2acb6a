#include <doctest/doctest.h>

#include <array>
#include <random>

#include "correlate/powershell_quote.hpp"

using namespace synclens::correlate;

namespace {

constexpr std::array<std::string_view, 5> quotes{"'", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A", "\xE2\x80\x9B"};

// How many bytes of quote PowerShell sees here; it takes five characters for a single quote.
std::size_t quote_at(std::string_view text) {
  for (const std::string_view q : quotes) {
    if (text.substr(0, q.size()) == q) return q.size();
  }
  return 0;
}

// Reads a single-quoted PowerShell string from the front; false when anything of it stands outside.
bool read_back(std::string_view quoted, std::string& value) {
  value.clear();
  if (quoted.size() < 2 || quoted.front() != '\'') return false;
  quoted.remove_prefix(1);
  while (!quoted.empty()) {
    const std::size_t quote = quote_at(quoted);
    if (quote == 0) {
      value.push_back(quoted.front());
      quoted.remove_prefix(1);
      continue;
    }
    const std::string_view rest = quoted.substr(quote);
    const std::size_t second = quote_at(rest);
    if (second == 0) return rest.empty();
    value += rest.substr(0, second);
    quoted = rest.substr(second);
  }
  return false;
}

}  // namespace

TEST_CASE("powershell quote: ordinary names stand between single quotes") {
  CHECK(powershell_quoted("contoso.com") == "'contoso.com'");
  CHECK(powershell_quoted("contoso.onmicrosoft.com - AAD") == "'contoso.onmicrosoft.com - AAD'");
  CHECK(powershell_quoted("") == "''");
  CHECK(powershell_quoted("$(Remove-Item C:\\); `n \"x\"") == "'$(Remove-Item C:\\); `n \"x\"'");
}

TEST_CASE("powershell quote: every character that PowerShell takes for a quote is doubled") {
  CHECK(powershell_quoted("O'Neil") == "'O''Neil'");
  for (const std::string_view q : quotes) {
    const std::string name = "a" + std::string(q) + "; calc; " + std::string(q);
    const auto quoted = powershell_quoted(name);
    REQUIRE(quoted);
    std::string value;
    CHECK(read_back(*quoted, value));
    CHECK(value == name);
  }
}

TEST_CASE("powershell quote: control and direction characters are refused") {
  for (const std::string_view bad : {"a\nb", "a\rb", "a\tb", "a\x1b[2J", "a\x7f",
                                     "a\xE2\x80\xAE"
                                     "b",
                                     "a\xE2\x80\xA8"
                                     "b",
                                     "a\xE2\x80\x8E"
                                     "b",
                                     "a\xE2\x80\x8F"
                                     "b",
                                     "a\xD8\x9C"
                                     "b",
                                     "a\xE2\x80\xA9"
                                     "b",
                                     "a\xE2\x81\xA6"
                                     "b",
                                     "a\xC2\x85"
                                     "b"}) {
    CHECK_FALSE(powershell_quoted(bad));
  }
  CHECK_FALSE(powershell_quoted(std::string_view("a\0b", 3)));
}

TEST_CASE("powershell quote: no mixture of hostile pieces breaks out") {
  constexpr std::array<std::string_view, 14> pieces{
      "'", "''", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9B", ";", "$(", ")", "`", "\"", "a", " ", "#", "\xC3\xA4"};
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string name;
    for (std::size_t n = random() % 12; n > 0; --n) name += pieces[random() % pieces.size()];
    const auto quoted = powershell_quoted(name);
    REQUIRE(quoted);
    std::string value;
    REQUIRE_MESSAGE(read_back(*quoted, value), *quoted);
    REQUIRE(value == name);
  }
}
