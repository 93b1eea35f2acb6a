// The day that the tests of the judgement work on, and what they add to it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "support/made_log.hpp"

namespace synclens::test {

inline MadeLog scm(double minute, std::uint32_t id, std::string text) {
  return in_channel("System", ev(minute, id, std::move(text), "Service Control Manager"));
}

inline MadeLog every(int a, int b, int step, int rpc, std::string_view domain = "contoso.com") {
  MadeLog log;
  for (int t = a; t < b; t += step) log = std::move(log) + failure(t, rpc, domain);
  return log;
}

inline const std::string over_at_400 = "recovered at " + iso_at(400);

// A day that ends at 12:00, with pings until 02:00.
inline MadeLog base() {
  return heart(0, 121) + noise(0, 720);
}

inline MadeLog full_sync(double minute, std::uint32_t id, const std::string& name) {
  const std::string what = id == 617   ? "Full password sync started for forest: "
                           : id == 618 ? "Full password sync started for domain: "
                           : id == 622 ? "Full password hash synchronization completed for domain: "
                           : id == 623 ? "Full password hash synchronization completed for forest: "
                                       : "Full password sync failed for domain: ";
  return ev(minute, id, what + name + ".");
}

}  // namespace synclens::test
