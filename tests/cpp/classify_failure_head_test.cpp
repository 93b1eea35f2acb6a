#include <doctest/doctest.h>

#include <map>

#include "classify/failure_head.hpp"

using namespace synclens;

namespace {

std::map<std::string, std::string> head(std::string_view text, std::uint32_t id = 611) {
  std::vector<std::pair<std::string, std::string>> fields;
  add_failure_head(id, text, fields);
  return {fields.begin(), fields.end()};
}

}  // namespace

TEST_CASE("failure head: domain, controller and address of the new wording") {
  const auto f = head(
      "Password hash synchronization failed for domain: contoso.com, domain controller hostname: dc1.contoso.com, "
      "domain controller IP address: 10.1.1.5.\r\nDetails: \r\nSystem.Exception: x");
  CHECK(f.at("domain") == "contoso.com");
  CHECK(f.at("dc") == "dc1.contoso.com");
  CHECK(f.at("ip") == "10.1.1.5");
  CHECK_FALSE(f.contains("inner_dc"));
}

TEST_CASE("failure head: the old wording names the domain alone") {
  const auto f = head("Password synchronization failed for domain: Contoso.com. Details:\nRPC Error 8453");
  CHECK(f.at("domain") == "Contoso.com");
  CHECK(f.size() == 1);
}

TEST_CASE("failure head: the inner exception's controller where the head has none") {
  const auto f = head(
      "Password hash synchronization failed for domain: contoso.com, domain controller hostname: <not available>, "
      "domain controller IP address: <not available>.\nDetails: X: Error. Domain controller hostname: "
      "server1.contoso.com, domain controller IP address: 10.0.0.202 ---> Y");
  CHECK(f.at("dc") == "<not available>");
  CHECK(f.at("inner_dc") == "server1.contoso.com");
  CHECK(f.at("inner_ip") == "10.0.0.202");
}

TEST_CASE("failure head: other ids, cut texts and texts without a domain give what they have") {
  CHECK(head("failed for domain: contoso.com", 650 + 50).empty());
  CHECK(head("nothing of the kind").empty());
  CHECK(head("failed for domain:").empty());
  CHECK(head("failed for domain: a.b, domain controller hostname: dc").size() == 1);
}
