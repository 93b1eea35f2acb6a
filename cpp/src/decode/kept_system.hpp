// The System part of events, kept under the values it was made from (system_cache.hpp).
#pragma once

#include <memory>
#include <vector>

#include "decode/system_cache.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

// An event with System alone, without what differs from record to record. Owns its texts.
struct KeptSystem {
  EventView event;
  std::unique_ptr<char[]> texts;
  bool any_text = false;
};

// What one template's events have in common; made when its second record is read.
class KeptSystems {
 public:
  // Borrows both.
  KeptSystems(const SystemKey& key, const ColumnProgram& columns);

  SystemCache<KeptSystem> cache;
  std::vector<ColumnOp> differing;  // what must be read of each record all the same
};

// Keeps what `event` has after System was read. `bytes` is what it costs.
[[nodiscard]] KeptSystem keep_system(const EventView& event, const std::vector<ColumnOp>& differing, bool any_text,
                                     std::size_t& bytes);

}  // namespace synclens::evtx
