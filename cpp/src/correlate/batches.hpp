// Batches of hashes (650 to 651 or 652), and in which of them a request went out.
#pragma once

#include <map>
#include <vector>

#include "correlate/world.hpp"

namespace synclens::correlate {

struct Batch {
  const Fact* begin = nullptr;  // 650
  const Fact* end = nullptr;    // 651 or 652 of its tracking id, else of its connector; null when the log has none
};

class Batches {
 public:
  explicit Batches(const World& world);

  // The batch that was open on the request's connector when it was made; null when none is in the log.
  [[nodiscard]] const Batch* of(const Fact& request) const;

 private:
  const World& world_;
  std::vector<Batch> all_;  // by time
};

}  // namespace synclens::correlate
