#include <doctest/doctest.h>

#include "synclens/record.hpp"

using namespace synclens;

TEST_CASE("a request has anchor, DN and change date") {
  const auto c = password_changes(
      "Password Change Request - Anchor : QUJD==, Dn : CN=Lima\\, Ana,OU=Staff,DC=contoso,DC=com, Change Date : "
      "05/01/2013 16:34:08");
  REQUIRE(c.size() == 1);
  CHECK(c[0].kind == PasswordChange::Kind::request);
  CHECK(c[0].anchor == "QUJD==");
  CHECK(c[0].dn == "CN=Lima\\, Ana,OU=Staff,DC=contoso,DC=com");
  CHECK(c[0].change_date == "05/01/2013 16:34:08");
}

TEST_CASE("spaced and unspaced colons, with and without the logon flag") {
  const auto c = password_changes(
      "Password Change Result - Anchor: a==, Dn: CN=A,DC=x, Result: Success.\r\n"
      "Password Change Result - Anchor : b==, Dn : CN=B,DC=x, PwdChangeOnLogon=True, Result : Failed.\r\n"
      "Password Change Result - Anchor: c==, Result: failed, Extended Error:\r\n\r\n"
      "<forest-info>\r\n  <partition-name>X.COM</partition-name>\r\n  "
      "<connector-id>id</connector-id>\r\n</forest-info>");
  REQUIRE(c.size() == 3);
  CHECK(c[0].result == "Success");
  CHECK_FALSE(c[0].change_on_logon.has_value());
  CHECK(c[1].dn == "CN=B,DC=x");
  CHECK(c[1].change_on_logon == true);
  CHECK(c[1].result == "Failed");
  CHECK(c[2].dn.empty());
  CHECK(c[2].result == "failed");
  CHECK(c[2].extended_error.empty());
}

TEST_CASE("a DN that holds a label does not move the cut") {
  const auto c = password_changes(
      "Password Change Result - Anchor : a==, Dn : CN=Result : odd,DC=x, PwdChangeOnLogon=False, Result : Success.");
  REQUIRE(c.size() == 1);
  CHECK(c[0].dn == "CN=Result : odd,DC=x");
  CHECK(c[0].result == "Success");
}

TEST_CASE("a request's DN may hold the labels of a result") {
  const auto c = password_changes(
      "Password Change Request - Anchor : a==, Dn : CN=b, Result : Success.,OU=S,DC=x, Change Date : 05/01/2013 "
      "16:34:08");
  REQUIRE(c.size() == 1);
  CHECK(c[0].dn == "CN=b, Result : Success.,OU=S,DC=x");
  CHECK(c[0].result.empty());
}

TEST_CASE("the trailer and the tracking id") {
  const std::string_view text =
      "Provision credentials ping end. TrackingID : 6f0e0000-0000-4000-8000-0000000000d2\r\n\r\n<forest-info>\r\n"
      "  <partition-name>CONTOSO.COM</partition-name>\r\n  "
      "<connector-id>b891884f-051e-4a83-95af-2544101c9083</connector-id>\r\n</forest-info>";
  CHECK(tracking_id(text) == "6f0e0000-0000-4000-8000-0000000000d2");
  CHECK(forest_info(text).partition == "CONTOSO.COM");
  CHECK(forest_info(text).connector_id == "b891884f-051e-4a83-95af-2544101c9083");
  CHECK(tracking_id("TrackingID : none").empty());
  CHECK(forest_info("<forest-info><partition-name>cut").partition.empty());
}
