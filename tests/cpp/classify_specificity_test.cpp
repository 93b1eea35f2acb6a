#include <doctest/doctest.h>

#include "classify/specificity.hpp"

using namespace synclens;

namespace {

Rule rule(std::string id, std::string text) {
  Rule r;
  r.id = std::move(id);
  r.providers = {"P"};
  r.text = std::move(text);
  return r;
}

}  // namespace

TEST_CASE("conditions, then confidence, then length, then id") {
  Rule a = rule("a", "x");
  Rule b = rule("b", "xx");
  CHECK(more_specific(b, a));  // longer
  CHECK_FALSE(more_specific(a, b));
  b.confidence = Confidence::inferred;
  CHECK(more_specific(a, b));  // documented
  a.confidence = Confidence::field;
  CHECK(more_specific(a, b));  // seen in the field
  b.event_ids = {1, 2};
  CHECK(more_specific(b, a));  // one condition more
  const Rule c = rule("c", "y");
  const Rule d = rule("d", "z");
  CHECK(more_specific(c, d));
  CHECK(same_rank(c, d));
  CHECK_FALSE(same_rank(a, b));
  CHECK_FALSE(more_specific(c, c));
}

TEST_CASE("what counts as a condition") {
  CHECK(conditions(rule("a", "")) == 1);
  Rule full = rule("a", "x");
  full.event_ids = {1};
  full.levels = {1, 2, 3};
  CHECK(conditions(full) == 4);
  Rule status;
  status.status = "x";
  CHECK(conditions(status) == 1);
  Rule setting;
  setting.setting = "*/*";
  CHECK(conditions(setting) == 0);
  setting.setting = "topic/*";
  setting.value = "x";
  CHECK(conditions(setting) == 2);
}
