#include <doctest/doctest.h>

#include "classify/build_number.hpp"
#include "synclens/classify.hpp"

using namespace synclens;

TEST_CASE("builds compare number by number, not as text") {
  CHECK(compare_builds("2.4.18.0", "2.4.129.0") < 0);
  CHECK(compare_builds("2.4.129.0", "2.4.18.0") > 0);
  CHECK(compare_builds("2.10.0.0", "2.9.0.0") > 0);
  CHECK(compare_builds("2.4.18.0", "2.4.18.0") == 0);
}

TEST_CASE("missing parts count as 0 and leading zeros do not count") {
  CHECK(compare_builds("2.4", "2.4.0.0") == 0);
  CHECK(compare_builds("2.4.0.1", "2.4") > 0);
  CHECK(compare_builds("1.0.6455.0807", "1.0.6455.807") == 0);
  CHECK(compare_builds("", "0.0") == 0);
  CHECK(compare_builds("", "0.1") < 0);
}

TEST_CASE("numbers too large for a machine word still compare") {
  CHECK(compare_builds("2.99999999999999999999999", "2.99999999999999999999998") > 0);
  CHECK(compare_builds("2.99999999999999999999999", "2.100000000000000000000000") < 0);
}

TEST_CASE("what is a build number") {
  CHECK(is_build_number("2.4.18.0"));
  CHECK(is_build_number("1.0.6455.0807"));
  CHECK(is_build_number("2"));
  for (const char* bad :
       {"", ".", "2.", ".2", "2..4", "2.4.x", "2.4.18.0 ", "-2.4", "1.2.3.4.5.6.7.8.9", "2.1234567890"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_build_number(bad));
  }
}
