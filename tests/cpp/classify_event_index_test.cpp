#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "classify/event_index.hpp"

using namespace synclens;

namespace {

Rule about(std::vector<std::string> providers, std::vector<std::uint32_t> ids) {
  Rule rule;
  rule.providers = std::move(providers);
  rule.event_ids = std::move(ids);
  return rule;
}

std::set<std::size_t> places(const EventIndex& index, std::string_view provider, std::uint32_t id) {
  std::vector<std::size_t> buckets;
  index.find(provider, id, buckets);
  std::set<std::size_t> result;
  for (const std::size_t bucket : buckets)
    result.insert(index.buckets()[bucket].begin(), index.buckets()[bucket].end());
  return result;
}

using Places = std::set<std::size_t>;

}  // namespace

TEST_CASE("rules are found by provider and id, and those that leave one open") {
  EventIndex index;
  index.add(about({"ADSync"}, {1, 2}), 0);
  index.add(about({"adsync", "Other"}, {2}), 1);
  index.add(about({"AD*"}, {2}), 2);
  index.add(about({"*"}, {3}), 3);
  index.add(about({}, {1}), 4);
  CHECK(places(index, "ADSYNC", 1) == Places{0, 4});
  CHECK(places(index, "ADSync", 2) == Places{0, 1, 2});
  CHECK(places(index, "ADS", 2) == Places{2});
  CHECK(places(index, "A", 2).empty());
  CHECK(places(index, "other", 2) == Places{1});
  CHECK(places(index, "", 3) == Places{3});
  CHECK(places(index, "ADSync", 4).empty());
  index.add(about({"ADSync"}, {}), 5);
  CHECK(places(index, "ADSync", 4) == Places{5});
  CHECK(places(index, "Nobody", 4).empty());
}

TEST_CASE("the ids that any rule for a provider names, or that it may be any") {
  using Ids = std::vector<std::uint32_t>;
  EventIndex index;
  index.add(about({"ADSync"}, {2, 0}), 0);
  index.add(about({"AD*"}, {1, 2}), 1);
  index.add(about({"Other"}, {}), 2);
  index.add(about({"Oth*"}, {9}), 3);
  CHECK(index.ids_of("adsync") == Ids{0, 1, 2});
  CHECK(index.ids_of("ADS") == Ids{1, 2});
  CHECK(index.ids_of("other") == std::nullopt);
  CHECK(index.ids_of("Others") == Ids{9});
  CHECK(index.ids_of("Nobody") == Ids{});
  index.add(about({}, {5}), 4);
  CHECK(index.ids_of("Nobody") == Ids{5});
  index.add(about({}, {}), 5);
  CHECK(index.ids_of("Nobody") == std::nullopt);
}

TEST_CASE("a rule that names a provider or an id twice is in a bucket once") {
  EventIndex index;
  index.add(about({"P", "p"}, {1, 1}), 0);
  REQUIRE(index.buckets().size() == 1);
  CHECK(index.buckets()[0] == std::vector<std::size_t>{0});
}

TEST_CASE("an id of all ones is an id and not any id") {
  EventIndex index;
  index.add(about({"P"}, {0xFFFFFFFFu}), 0);
  index.add(about({"P"}, {0}), 1);
  CHECK(places(index, "P", 0xFFFFFFFFu) == Places{0});
  CHECK(places(index, "P", 0) == Places{1});
  CHECK(places(index, "P", 7).empty());
}
