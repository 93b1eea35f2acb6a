#include "decode/kept_system.hpp"

#include <cstring>

#include "decode/event_places.hpp"

namespace synclens::evtx {
namespace {

// As if the record did not state the field.
void forget(EventView& event, Field field) {
  if (std::string_view* const place = text_place(event, field)) *place = {};
  switch (field) {
    case Field::time:
      event.time = no_time;
      break;
    case Field::record_id:
      event.record_id = 0;
      break;
    case Field::process_id:
      event.process_id = 0;
      break;
    case Field::thread_id:
      event.thread_id = 0;
      break;
    default:
      break;
  }
  if (const auto given = given_by(field)) event.given &= ~static_cast<std::uint32_t>(*given);
}

}  // namespace

KeptSystems::KeptSystems(const SystemKey& key, const ColumnProgram& columns) : cache(key) {
  for (const ColumnOp& op : columns.system) {
    if (op.act != ColumnAct::number && op.act != ColumnAct::field) continue;
    const bool of_slot = op.values == 1 && columns.parts[op.value].slot != no_slot;
    if (of_slot && !key.is_kept(columns.parts[op.value].slot)) differing.push_back(op);
  }
}

KeptSystem keep_system(const EventView& event, const std::vector<ColumnOp>& differing, bool any_text,
                       std::size_t& bytes) {
  KeptSystem kept;
  kept.event = event;
  kept.any_text = any_text;
  for (const ColumnOp& op : differing) forget(kept.event, op.field);
  std::size_t size = 0;
  for (std::size_t i = 0; i < field_count; ++i) {
    if (const std::string_view* const place = text_place(kept.event, static_cast<Field>(i))) size += place->size();
  }
  kept.texts.reset(new char[size + 1]);
  char* to = kept.texts.get();
  for (std::size_t i = 0; i < field_count; ++i) {
    std::string_view* const place = text_place(kept.event, static_cast<Field>(i));
    if (place == nullptr || place->empty()) continue;
    std::memcpy(to, place->data(), place->size());
    *place = {to, place->size()};
    to += place->size();
  }
  bytes = size + sizeof kept;
  return kept;
}

}  // namespace synclens::evtx
