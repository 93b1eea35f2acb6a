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

DifferingPlaces places_of(const std::vector<ColumnOp>& differing, const ColumnProgram& columns, const Value* values,
                          std::uint32_t count) {
  DifferingPlaces places;
  for (const ColumnOp& op : differing) {
    const std::uint16_t slot = op.act == ColumnAct::number ? op.slot : columns.parts[op.value].slot;
    if (slot >= count) return {};
    const Value& value = values[slot];
    if (value.is_null()) continue;
    const auto at = static_cast<std::uint16_t>(value.data - values[0].data);
    const auto number = [&](DifferingPlaces::Number& place) {
      const bool fits = as_number(value).has_value() && place.at == DifferingPlaces::nowhere;
      place = {at, static_cast<std::uint8_t>(value.size)};
      return fits;
    };
    const auto other = [&](std::uint16_t& place, ValueType type) {
      const bool fits = value.is(type) && value.size == width_of(type) && place == DifferingPlaces::nowhere;
      place = at;
      return fits;
    };
    bool fits = false;
    switch (op.field) {
      case Field::time:
        fits = other(places.time, ValueType::filetime);
        break;
      case Field::record_id:
        fits = number(places.record_id);
        break;
      case Field::process_id:
        fits = number(places.process_id);
        break;
      case Field::thread_id:
        fits = number(places.thread_id);
        break;
      case Field::activity_id:
        fits = other(places.activity_id, ValueType::guid);
        break;
      case Field::related_activity_id:
        fits = other(places.related_activity_id, ValueType::guid);
        break;
      default:
        break;
    }
    if (!fits) return {};
  }
  places.known = places.time != DifferingPlaces::nowhere && places.record_id.at != DifferingPlaces::nowhere;
  return places;
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
