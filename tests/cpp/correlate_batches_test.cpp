// In which batch a request went out, as a user's history tells.
#include <doctest/doctest.h>

#include "support/made_log.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

const std::string first = " TrackingID : 6f0e0000-0000-4000-9000-000000000001";
const std::string second = " TrackingID : 6f0e0000-0000-4000-9000-000000000002";

MadeLog begin(double minute, const std::string& tracking = first, std::string_view connector = contoso_id) {
  return ev(minute, 650, "Provision credentials batch start. Count: 1." + tracking + trailer(connector, "CONTOSO.COM"));
}
MadeLog end(double minute, const std::string& tracking = first, std::string_view connector = contoso_id) {
  return ev(minute, 651, "Provision credentials batch end. Count: 1." + tracking + trailer(connector, "CONTOSO.COM"));
}
MadeLog asked(double minute) {
  return ev(minute, 656,
            "Password Change Request - Anchor : AAAA==, Dn : " + std::string(ana) +
                ", Change Date : 03/10/2026 01:00:00" + trailer(contoso_id, "CONTOSO.COM"));
}

std::string history(const MadeLog& log) {
  const Diagnosis d = diagnose(heart(0, 300) + log);
  REQUIRE(d.users.size() == 1);
  REQUIRE(!d.users[0].history.empty());
  return d.users[0].history[0];
}

}  // namespace

TEST_CASE("batches: begin and end by tracking id") {
  const std::string told = history(begin(100) + asked(101) + end(102));
  CHECK(holds(told, "in the batch of 01:40:00 (650), which ended at 01:42:00 (651)"));
  // two that overlap: the later one is open, each has its own end
  CHECK(holds(history(begin(100) + begin(100.5, second) + asked(101) + end(102, second) + end(104)),
              "in the batch of 01:40:30 (650), which ended at 01:42:00 (651)"));
  // the later one is over: the earlier one is meant
  CHECK(holds(history(begin(100) + begin(100.2, second) + end(100.5, second) + asked(101) + end(104)),
              "in the batch of 01:40:00 (650), which ended at 01:44:00 (651)"));
}

TEST_CASE("batches: without tracking ids by the connector") {
  CHECK(holds(history(begin(100, "") + asked(101) + end(102, "")), "which ended at 01:42:00 (651)"));
  CHECK(holds(history(begin(100, "") + asked(101) + end(102, "", fabrikam_id)), "whose end is not in the log"));
}

TEST_CASE("batches: a failed one ends as well") {
  const MadeLog failed = ev(102, 652, "Failed credential provisioning batch. Error: x" + first);
  CHECK(holds(history(begin(100) + asked(101) + failed), "which failed at 01:42:00 (652)"));
}

TEST_CASE("batches: where one of the two lacks the tracking id, the connector ties them; two ids are two batches") {
  CHECK(holds(history(begin(100) + asked(101) + end(102, "")), "which ended at 01:42:00 (651)"));
  CHECK(holds(history(begin(100, "") + asked(101) + end(102)), "which ended at 01:42:00 (651)"));
  CHECK(holds(history(begin(100) + asked(101) + end(102, second)), "whose end is not in the log"));
  // the first end is the end
  CHECK(holds(history(begin(100, "") + asked(101) + end(102, "") + end(104, "")), "which ended at 01:42:00 (651)"));
}

TEST_CASE("batches: to the tick") {
  CHECK(holds(history(begin(101) + asked(101)), "batch of 01:41:00"));
  CHECK(holds(history(begin(100) + asked(101) + end(101)), "which ended at 01:41:00 (651)"));
  CHECK(holds(history(begin(100) + asked(130)), "batch of 01:40:00"));
}

TEST_CASE("batches: one of nobody knows which connector may be that of any request, and the other way round") {
  const auto bare = [](MadeLog log) {
    for (MadeEvent& e : log) e.text = e.text.substr(0, e.text.find("\r\n\r\n<forest-info>"));
    return log;
  };
  const MadeLog other = heart(3, 300, fabrikam_id, "FABRIKAM.NET");
  CHECK(holds(history(other + bare(begin(100, "")) + asked(101)), "batch of 01:40:00"));
  CHECK(holds(history(other + begin(100) + bare(asked(101))), "batch of 01:40:00"));
}

TEST_CASE("batches: none that is over, of another connector, or long ago") {
  CHECK_FALSE(holds(history(begin(100) + end(100.5) + asked(101)), "batch"));
  CHECK_FALSE(holds(history(begin(100, first, fabrikam_id) + asked(101)), "batch"));
  CHECK_FALSE(holds(history(begin(100) + asked(131)), "batch"));
  CHECK(holds(history(begin(100) + asked(129)), "batch"));
}

TEST_CASE("batches: a failure of a domain between begin and end is no end") {
  CHECK(holds(history(begin(100) + asked(101) + failure(101.5, 1722, "elsewhere.example") + end(102)),
              "which ended at 01:42:00 (651)"));
}
