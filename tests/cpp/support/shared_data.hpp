// The folder of real logs beside the checkout.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/source_folder.hpp"

namespace support {

namespace fs = std::filesystem;

// Empty where the folder is missing (then the test says so and passes, but not in CI).
inline fs::path shared_data() {
  const char* named = std::getenv("SYNCLENS_SHARED");
  const fs::path shared = named != nullptr ? fs::path(named) : fs::path(source_folder()).parent_path() / "shared";
  if (fs::exists(shared / "data")) return shared / "data";
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string(ci) == "true") FAIL("the shared data is missing");
  MESSAGE("skipped: no shared data");
  return {};
}

inline std::vector<fs::path> shared_logs() {
  std::vector<fs::path> logs;
  const fs::path data = shared_data();
  if (data.empty()) return logs;
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    if (entry.path().extension() == ".evtx") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace support
