// What the tests of tie-breaks are made of.
#pragma once

#include <string>

#include "support/made_log.hpp"

namespace synclens::test {

inline MadeLog well() {
  return heart(0, 720) + noise(0, 720);
}

inline MadeLog cloud(double minute, std::uint32_t id, std::string text) {
  return ev(minute, id, std::move(text), id == 6900 ? "ADSync" : "Directory Synchronization", 2);
}

inline std::string table_of_ana() {
  return ",\"" + std::string(ana) + "\"\r\n";
}

inline Given rows(std::string_view status) {
  return status_table("2026-03-10 10:00:00," + std::string(status) + table_of_ana());
}

inline std::string causes(const Diagnosis& d) {
  std::string text;
  for (const Finding& f : d.findings) text += (text.empty() ? "" : " ") + f.cause;
  return text;
}

}  // namespace synclens::test
