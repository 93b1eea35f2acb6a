#include <doctest/doctest.h>

#include "classify/fields.hpp"

using namespace synclens;

namespace {

// The normalized value, or "-" where it does not fit.
std::string normalized(FieldType type, std::string value) {
  return normalize_field(type, value) ? value : "-";
}

}  // namespace

TEST_CASE("numbers in decimal and hex, and what is none") {
  CHECK(normalized(FieldType::integer, "8453") == "8453");
  CHECK(normalized(FieldType::integer, "0090") == "90");
  CHECK(normalized(FieldType::integer, "-2147186688") == "-2147186688");
  CHECK(normalized(FieldType::integer, "+5") == "5");
  CHECK(normalized(FieldType::integer, "-0") == "0");
  CHECK(normalized(FieldType::integer, "0x2105") == "8453");
  CHECK(normalized(FieldType::integer, "9223372036854775807") == "9223372036854775807");
  for (const char* bad :
       {"9223372036854775808", "99999999999999999999", "", "-", "0x", "8453 ", "84.53", "x", "--5", "-+5", "0xG"}) {
    CAPTURE(bad);
    CHECK(normalized(FieldType::integer, bad) == "-");
  }
}

TEST_CASE("GUIDs in lower case without braces") {
  CHECK(normalized(FieldType::guid, "{B891884F-051E-4A83-95AF-2544101C9083}") ==
        "b891884f-051e-4a83-95af-2544101c9083");
  CHECK(normalized(FieldType::guid, "b891884f-051e-4a83-95af-2544101c9083") == "b891884f-051e-4a83-95af-2544101c9083");
  for (const char* bad : {"", "b891884f", "b891884f-051e-4a83-95af-2544101c908g",
                          "b891884f0051e-4a83-95af-2544101c9083", "{b891884f-051e-4a83-95af-2544101c9083"}) {
    CAPTURE(bad);
    CHECK(normalized(FieldType::guid, bad) == "-");
  }
}

TEST_CASE("texts and times stay as written") {
  CHECK(normalized(FieldType::text, "A b") == "A b");
  CHECK(normalized(FieldType::time, "05/01/2013 16:34:08") == "05/01/2013 16:34:08");
}

TEST_CASE("a captured value goes before a constant, an empty or unused group does not") {
  Rule rule;
  rule.text = "(?P<a>x+)|(?P<b>y*)z|(?P<c> *)w";
  rule.constants = {{"a", "given"}, {"b", "given"}, {"k", "v"}};
  const RulePattern pattern(rule);
  using Fields = std::vector<std::pair<std::string, std::string>>;
  CHECK(fields_of(pattern, "xx") == Fields{{"a", "xx"}, {"b", "given"}, {"k", "v"}});
  CHECK(fields_of(pattern, "z") == Fields{{"a", "given"}, {"b", "given"}, {"k", "v"}});
  CHECK(fields_of(pattern, "  w") == Fields{{"a", "given"}, {"b", "given"}, {"k", "v"}});
}
