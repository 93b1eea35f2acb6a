// Batches of hashes (650 to 651 or 652), and in which of them a request went out.
#pragma once

#include <vector>

#include "correlate/users.hpp"
#include "correlate/world.hpp"

namespace synclens::correlate {

struct Batch {
  Ticks begin = no_time;     // of the 650
  Ticks end = no_time;       // of what its tracking id, else its connector says; no_time when the log has none
  std::uint32_t end_id = 0;  // 651 or 652
  std::uint32_t tracking = 0;
  int connector = all_connectors;
};

class Batches {
 public:
  // Those that requests at these times (sorted) can have gone out in.
  Batches(const World& world, const Times& asked);

  // The batch that was open on the request's connector when it was made; null when none is in the log.
  [[nodiscard]] const Batch* of(const UserEvent& request) const;

 private:
  std::vector<Batch> all_;  // by time
};

}  // namespace synclens::correlate
