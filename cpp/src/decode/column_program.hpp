// What a fragment gives to the columns of an event: which slot or literal goes to which field.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "decode/binxml.hpp"

namespace synclens::evtx {

enum class Field : std::uint8_t {
  provider,
  provider_guid,
  event_id,
  qualifiers,
  version,
  level,
  task,
  opcode,
  keywords,
  time,
  record_id,
  activity_id,
  related_activity_id,
  process_id,
  thread_id,
  channel,
  computer,
  user_sid,
  message,
  level_text,
  binary,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::binary) + 1;

// Where System has a field: in an attribute of an element, or where that is empty in the element.
struct SystemField {
  std::string_view element, attribute;
  Field field;
};
[[nodiscard]] std::span<const SystemField> system_fields();

// Where in an event a fragment stands; it decides what its elements mean.
enum class Context : std::uint8_t { document, event, system, event_data, leaves, rendering };
inline constexpr std::size_t context_count = 6;

// A piece of text: literal, or the value of a slot.
struct Part {
  std::uint16_t slot = no_slot;  // no_slot: literal
  bool optional = false;
  std::uint32_t text = 0, text_size = 0;  // in the tree's texts
};

enum class ColumnAct : std::uint8_t {
  skip_if_null,  // slot, jump: an element that is left out
  number,        // field: one slot that mostly holds a number; else as field
  field,         // field, value parts
  value,         // item whose name is one literal and whose value is one slot
  item,          // name parts, value parts: one value of the event's data, or many where a part is an array
  nested,        // slot, context: BinXml where the value is; else as item
};

struct ColumnOp {
  ColumnAct act;
  Field field = Field::provider;
  Context context = Context::leaves;
  bool guarded = false;  // value: NULL leaves it out
  std::uint16_t slot = no_slot;
  std::uint32_t jump = 0;
  std::uint32_t name = 0, names = 0;    // parts
  std::uint32_t value = 0, values = 0;  // parts
};

struct ColumnProgram {
  std::vector<ColumnOp> system;  // fields of Event/System: enough for a filter
  std::vector<ColumnOp> rest;
  std::vector<Part> parts;
  std::uint16_t event_id = no_slot;   // where the event id is one slot
  std::uint16_t rest_from = no_slot;  // the first slot that `rest` looks at
  // Where `rest` is nothing but the fragment in slot `rest_from`: what it stands in. Else `document`.
  Context lone_fragment = Context::document;
  std::uint32_t slot_uses = 0;  // how often `parts` print the slot that they print most often
  bool mixes_slots = false;     // some item has several, so that an array in it repeats the others
};

[[nodiscard]] constexpr bool is_number(Field field) {
  switch (field) {
    case Field::event_id:
    case Field::qualifiers:
    case Field::version:
    case Field::level:
    case Field::task:
    case Field::opcode:
    case Field::keywords:
    case Field::record_id:
    case Field::process_id:
    case Field::thread_id:
      return true;
    default:
      return false;
  }
}

void compile_columns(const Tree& tree, Context context, ColumnProgram& program);

}  // namespace synclens::evtx
