#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>

#include "record/ascii.hpp"
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

// As plain as it gets: at each place in turn, without leaving any out.
namespace naive {

constexpr std::size_t npos = std::string_view::npos;

bool label_at(std::string_view line, std::size_t at, std::string_view label, char separator, std::size_t& after) {
  if (!equal_ignoring_case(line.substr(at, label.size()), label)) return false;
  after = at + label.size();
  while (after < line.size() && is_space(line[after])) ++after;
  return after < line.size() && line[after++] == separator;
}

std::size_t first(std::string_view line, std::string_view label, char separator, std::size_t from, std::size_t& after) {
  for (std::size_t at = from; at < line.size(); ++at) {
    if (label_at(line, at, label, separator, after)) return at;
  }
  return npos;
}

// The value behind the last label of that name, which is taken off the line.
std::string_view cut(std::string_view& line, std::string_view label, char separator, std::size_t from) {
  std::size_t found = npos;
  std::size_t behind = 0;
  for (std::size_t at = std::max<std::size_t>(from, 1); at < line.size(); ++at) {
    std::size_t after = 0;
    if (line[at - 1] != ',' && !is_space(line[at - 1])) continue;
    if (!label_at(line, at, label, separator, after)) continue;
    found = at;
    behind = after;
  }
  if (found == npos) return {};
  std::string_view value = trim(line.substr(behind));
  while (!value.empty() && value.back() == ',') value = trim(value.substr(0, value.size() - 1));
  line = line.substr(0, found);
  return value;
}

// "anchor|dn|date|error|result" of what stands behind "Password Change Request" or "... Result".
std::string told(std::string_view line, bool request) {
  std::size_t after = 0;
  std::size_t body = 0;
  std::string_view anchor;
  if (first(line, "Anchor", ':', 0, after) != npos) {
    while (after < line.size() && is_space(line[after])) ++after;
    body = after;
    while (body < line.size() && line[body] != ',' && !is_space(line[body])) ++body;
    anchor = line.substr(after, body - after);
  }
  const auto stopped = [](std::string_view value) {
    return trim(!value.empty() && value.back() == '.' ? value.substr(0, value.size() - 1) : value);
  };
  std::string_view date, error, result;
  if (request) {
    date = cut(line, "Change Date", ':', body);
  } else {
    error = stopped(cut(line, "Extended Error", ':', body));
    result = stopped(cut(line, "Result", ':', body));
    cut(line, "PwdChangeOnLogon", '=', body);
  }
  std::string_view dn;
  if (first(line, "Dn", ':', body, after) != npos) dn = trim(line.substr(after));
  while (!dn.empty() && dn.back() == ',') dn = trim(dn.substr(0, dn.size() - 1));
  std::string text;
  for (const std::string_view part : {anchor, dn, date, error, result}) text.append(part).push_back('|');
  return text;
}

}  // namespace naive

TEST_CASE("labels are found wherever they stand, as by looking at each place in turn") {
  std::mt19937 random(5);
  constexpr std::array<std::string_view, 24> words{"Anchor",
                                                   "anchor :",
                                                   "DN",
                                                   "Dn :",
                                                   "dn:",
                                                   "Result",
                                                   "Result :",
                                                   "RESULT:",
                                                   "Extended Error : ",
                                                   "Extended Error",
                                                   "PwdChangeOnLogon=",
                                                   "PwdChangeOnLogon = True",
                                                   "Change Date : ",
                                                   "change date:",
                                                   "Date",
                                                   ",",
                                                   " ",
                                                   ", ",
                                                   "CN=x",
                                                   "Success.",
                                                   "nd",
                                                   "r",
                                                   "Re",
                                                   "sult:"};
  for (int i = 0; i < 20'000; ++i) {
    std::string line;
    for (auto n = random() % 14; n > 0; --n) {
      line += words[random() % words.size()];
      if (random() % 2 == 0) line += ' ';
    }
    line += '.';
    CAPTURE(line);
    for (const bool request : {false, true}) {
      const std::string text = (request ? "Password Change Request " : "Password Change Result ") + line;
      const auto changes = password_changes(text);
      REQUIRE(changes.size() == 1);
      const PasswordChange& c = changes.front();
      std::string told;
      for (const std::string_view part : {c.anchor, c.dn, c.change_date, c.extended_error, c.result})
        told.append(part).push_back('|');
      REQUIRE(told == naive::told(" " + line, request));
    }
  }
}

TEST_CASE("the tracking id stands behind its first label, in any case") {
  const std::string id = "6f0e0000-0000-4000-8000-0000000000d2";
  CHECK(tracking_id("xTrackingIDTrackingID trackingid  :{" + id + "}") == id);
  CHECK(tracking_id("TrackinTrackingID : " + id) == id);
  CHECK(tracking_id("TrackingID : , TrackingID : " + id).empty());
  CHECK(tracking_id("TrackingID").empty());
  CHECK(tracking_id("TrackingI : " + id).empty());
}

TEST_CASE("names are equal without regard to case, and only that") {
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const char x = static_cast<char>(a);
      const char y = static_cast<char>(b);
      const bool same = to_lower(x) == to_lower(y);
      const std::string before = "0123456";
      if (equal_ignoring_case(before + x, before + y) != same) FAIL("eight characters ending in ", a, " and ", b);
      if (equal_ignoring_case(x + before + "z", y + before + "Z") != same) FAIL("nine beginning with ", a, " and ", b);
      if (equal_ignoring_case({&x, 1}, {&y, 1}) != same) FAIL("one: ", a, " and ", b);
    }
  }
  CHECK_FALSE(equal_ignoring_case("name", "names"));
  CHECK(equal_ignoring_case("", ""));
}
