// The latest ordinary events of one user, kept small: a busy log has thousands of users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "correlate/users.hpp"

namespace synclens::correlate {

// As little of an event as tells it again.
struct LatestEvent {
  Ticks time = no_time;
  std::uint64_t record_id = 0, offset = 0, line = 0;
  std::uint32_t kind = 0, user_line = 0, tracking = 0;
  int connector = no_index;
};

class LatestEvents {
 public:
  void add(const LatestEvent& event, std::size_t most, const OrdinaryRecords& ordinary);
  // At most so many, by time, each once even where two exports hold it. Nothing is left.
  [[nodiscard]] std::vector<UserEvent> take(std::size_t most, const OrdinaryRecords& ordinary);

 private:
  void cut(std::size_t most, const OrdinaryRecords& ordinary);

  std::vector<LatestEvent> events_;
};

}  // namespace synclens::correlate
