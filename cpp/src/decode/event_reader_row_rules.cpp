// What stands behind System into columns, by the rules of a ColumnProgram: whatever has no row script.
#include "decode/event_reader.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// These are false where something is unusual.
bool EventReader::row_items(const Instance& instance, Context context, const ColumnProgram& program, RowWriter& rows) {
  const std::vector<ColumnOp>& ops = program.rest;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const ColumnOp& op = ops[i];
    const Value value = instance.value(fragments_.values(), op.slot);
    switch (op.act) {
      case ColumnAct::skip_if_null:
        if (value.is_null()) i = op.jump - 1u;
        break;
      case ColumnAct::value: {
        if (const std::size_t next = row_values(instance, context, program, i, rows); next != i) {
          i = next - 1;
        } else if (!row_item(instance, program, op, rows)) {
          return false;
        }
        break;
      }
      case ColumnAct::item:
        if (!row_item(instance, program, op, rows)) return false;
        break;
      case ColumnAct::nested:
        if (value.is(ValueType::binxml)) {
          if (!row_nested(value, op.context, rows)) return false;
        } else if (!value.is_null() && value.size != 0) {
          if (!row_item(instance, program, op, rows)) return false;
        }
        break;
      case ColumnAct::field: {
        if (op.field != Field::binary || op.values != 1 || program.parts[op.value].slot == no_slot) return false;
        const std::uint16_t slot = program.parts[op.value].slot;
        const Value binary = instance.value(fragments_.values(), slot);
        if (binary.is_null()) break;
        if (!binary.is(ValueType::binary)) return false;
        row_binary(binary, rows);
        break;
      }
      default:
        return false;
    }
  }
  return true;
}

// The items of neighbouring ops from `at` on. Returns the first op that it leaves: another one, or a value that is no
// text.
std::size_t EventReader::row_values(const Instance& instance, Context context, const ColumnProgram& program,
                                    std::size_t at, RowWriter& rows) {
  constexpr std::size_t least_text = widest_of_value(0);
  const std::vector<ColumnOp>& ops = program.rest;
  const char* const texts = instance.plan->tree.texts.data();
  const Value* const values = instance.count != 0 ? &fragments_.values()[instance.first] : nullptr;
  std::int32_t* const codes = instance.plan->item_names(context, rows);
  RowWriter::ItemPlace place;
  std::size_t left = 0, room = 0;  // items and bytes that the place has
  for (; at < ops.size() && ops[at].act == ColumnAct::value; ++at) {
    const ColumnOp& op = ops[at];
    const Value value = op.slot < instance.count ? values[op.slot] : Value{};
    if (op.guarded && value.is_null()) continue;
    if (value.is(ValueType::binxml)) break;
    std::int32_t& code = codes[at];
    if (code == RowWriter::no_name) {
      const Part& name = program.parts[op.name];
      code = rows.item_name({texts + name.text, name.text_size});
    }
    if (value.is_array()) {
      if (place.text != nullptr) rows.give_back(place);
      place = {};
      room = 0;
      if (!row_array(value, code, rows)) break;
      continue;
    }
    if (room < widest_of_value(value.size) || left == 0) {
      if (place.text != nullptr) rows.give_back(place);
      place = {};
      if (too_large(rows)) break;
      left = ops.size() - at;
      room = widest_of_value(instance.bytes) + left * least_text;
      place = rows.place_of_items(left, room);
    }
    char* const end = value.is(ValueType::string)
                          ? put_utf16<Escape::plain>(place.text, value.data, units_without_nuls(value.data, value.size))
                          : put_value<Escape::plain>(place.text, value, &memo_);
    room -= static_cast<std::size_t>(end - place.text);
    --left;
    place.end_item(code, end);
  }
  if (place.text != nullptr) rows.give_back(place);
  return at;
}

void EventReader::row_binary(const Value& value, RowWriter& rows) {
  buffer_.clear();
  append_value(buffer_, value, Escape::plain);
  rows.text(EventColumn::binary, buffer_.view());
}

// The element is repeated for each item; without any it stands there once and is empty.
bool EventReader::row_array(const Value& array, std::int32_t name, RowWriter& rows) {
  ArrayItems items(array);
  Value one{array.data, 0, static_cast<std::uint8_t>(ValueType::string)};
  bool any = items.next(one);
  do {
    RowWriter::ItemPlace place = rows.place_of_items(1, widest_of_value(one.size));
    place.end_item(name, put_value<Escape::plain>(place.text, one, &memo_));
    rows.give_back(place);
    if (too_large(rows)) return false;
  } while (any && items.next(one));
  return true;
}

// As item(), with names and values of several parts.
bool EventReader::row_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op,
                           RowWriter& rows) {
  const Part* const parts = program.parts.data() + op.value;
  ValueStack& values = fragments_.values();
  for (std::size_t i = 0; i < op.values; ++i) {
    if (parts[i].slot >= instance.count) continue;
    const std::size_t place = instance.first + parts[i].slot;
    const Value value = values[place];
    if (value.is(ValueType::binxml)) return row_nested(value, Context::leaves, rows);
    if (!value.is_array()) continue;
    ArrayItems items(value);
    Value one{value.data, 0, static_cast<std::uint8_t>(ValueType::string)};
    bool any = items.next(one), usual = true;
    do {
      values[place] = one;
      usual = row_item_of_parts(instance, program, op, rows);
    } while (usual && any && items.next(one));
    values[place] = value;
    return usual;
  }
  return row_item_of_parts(instance, program, op, rows);
}

bool EventReader::row_item_of_parts(const Instance& instance, const ColumnProgram& program, const ColumnOp& op,
                                    RowWriter& rows) {
  const Part* const names = program.parts.data() + op.name;
  buffer_.clear();
  std::int32_t code = RowWriter::no_name;
  if (!absent(instance, names, op.names)) code = rows.item_name(text(instance, names, op.names));
  const std::string_view value = text(instance, program.parts.data() + op.value, op.values);
  RowWriter::ItemPlace place = rows.place_of_items(1, value.size());
  if (!value.empty()) std::memcpy(place.text, value.data(), value.size());
  place.end_item(code, place.text + value.size());
  rows.give_back(place);
  return !too_large(rows);
}

bool EventReader::row_nested(const Value& fragment, Context context, RowWriter& rows) {
  const auto from = static_cast<std::uint32_t>(fragment.data - chunk_.data());
  return row_fragments(Cursor(chunk_, from, from + fragment.size), context, rows);
}

bool EventReader::row_by_rules(Cursor in, Context context, RowWriter& rows) {
  bool usual = true;
  fragments_.each(in, false, [&](const Instance& inner) {
    const ColumnProgram& program = inner.plan->columns(context);
    usual = program.system.empty() && row_items(inner, context, program, rows);
    return usual;
  });
  return usual;
}

}  // namespace synclens::evtx
