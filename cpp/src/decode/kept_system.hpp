// The System part of events, kept under the values it was made from (system_cache.hpp).
#pragma once

#include <memory>
#include <vector>

#include "decode/system_cache.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

// Where the values that differ stand, from the first value of the record: all that are kept under the same key have
// them in the same places, in the same types.
struct DifferingPlaces {
  static constexpr std::uint16_t nowhere = 0xFFFF;
  struct Number {
    std::uint16_t at = nowhere;
    std::uint8_t size = 0;
  };
  bool known = false;  // there is nothing else that differs, and each is as it mostly is
  std::uint16_t time = nowhere, activity_id = nowhere, related_activity_id = nowhere;
  Number record_id, process_id, thread_id;
};

// An event with System alone, without what differs from record to record. Owns its texts.
struct KeptSystem {
  EventView event;
  std::unique_ptr<char[]> texts;
  bool any_text = false;
  std::uint32_t common = 0;  // its number for the RowWriter whose age this is
  std::uint64_t age = 0;
  DifferingPlaces places;
};

// What one template's events have in common; made when its second record is read.
class KeptSystems {
 public:
  // Borrows both.
  KeptSystems(const SystemKey& key, const ColumnProgram& columns);

  SystemCache<KeptSystem> cache;
  std::vector<ColumnOp> differing;  // what must be read of each record all the same
};

[[nodiscard]] DifferingPlaces places_of(const std::vector<ColumnOp>& differing, const ColumnProgram& columns,
                                        const Value* values, std::uint32_t count);

// Keeps what `event` has after System was read. `bytes` is what it costs.
[[nodiscard]] KeptSystem keep_system(const EventView& event, const std::vector<ColumnOp>& differing, bool any_text,
                                     std::size_t& bytes);

}  // namespace synclens::evtx
