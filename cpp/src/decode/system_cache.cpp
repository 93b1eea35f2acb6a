#include "decode/system_cache.hpp"

#include <algorithm>

namespace synclens::evtx {
namespace {

bool differs_by_record(Field field) {
  switch (field) {
    case Field::time:
    case Field::record_id:
    case Field::process_id:
    case Field::thread_id:
    case Field::activity_id:
    case Field::related_activity_id:
      return true;
    default:
      return false;
  }
}

}  // namespace

SystemKey system_key(const ColumnProgram& columns) {
  SystemKey key;
  key.event_id = columns.event_id;
  std::vector<std::uint8_t> kept, differing;
  const auto note = [](std::vector<std::uint8_t>& slots, std::uint16_t slot) {
    if (slot == no_slot) return;
    if (slot >= slots.size()) slots.resize(slot + 1u, 0);
    slots[slot] = 1;
  };
  for (const ColumnOp& op : columns.system) {
    if (op.act == ColumnAct::nested) return key;  // a fragment in System: whatever it says
    if (op.act == ColumnAct::skip_if_null) note(kept, op.slot);
    const bool one_slot = op.values == 1 && columns.parts[op.value].slot != no_slot;
    for (std::uint32_t i = 0; op.act != ColumnAct::skip_if_null && i < op.values; ++i) {
      note(one_slot && differs_by_record(op.field) ? differing : kept, columns.parts[op.value + i].slot);
    }
  }
  // The guard of a differing value is its own NULL, which its descriptor tells.
  for (std::size_t i = 0; i < kept.size() && i < differing.size(); ++i) {
    if (differing[i] != 0) kept[i] = 0;
  }
  kept.resize(std::max(kept.size(), differing.size()), 0);
  key.kept = std::move(kept);
  key.slots = static_cast<std::uint32_t>(key.kept.size());
  return key;
}

}  // namespace synclens::evtx
