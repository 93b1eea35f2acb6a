#include <doctest/doctest.h>

#include "classify/names.hpp"

using namespace synclens;

TEST_CASE("each word names the value that prints as it") {
  for (const char* word : {"critical", "high", "medium", "low", "info"})
    CHECK(to_string(*severity_named(word)) == word);
  for (const char* word : {"documented", "field", "inferred"}) CHECK(to_string(*confidence_named(word)) == word);
  for (const char* word : {"tenant", "server", "forest", "domain", "connector", "user"})
    CHECK(to_string(*scope_named(word)) == word);
  CHECK(severity_named("critical") == Severity::critical);
  CHECK(scope_named("user") == ScopeKind::user);
  CHECK(field_type_named("int") == FieldType::integer);
  CHECK(field_type_named("time") == FieldType::time);
}

TEST_CASE("other words name nothing") {
  CHECK_FALSE(severity_named("Critical"));
  CHECK_FALSE(severity_named(""));
  CHECK_FALSE(confidence_named("guess"));
  CHECK_FALSE(scope_named("planet"));
  CHECK_FALSE(field_type_named("integer"));
}
