// Records straight into columns, without an event in between: those that are as most records are. Whatever is unusual
// is left to read(), which says the same of every record, only slower.
#include <utility>

#include "decode/event_reader.hpp"
#include "decode/kept_system.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {
namespace {

void put_text(EventColumn column, const Value& value, RowWriter& rows) {
  TextBuffer text;
  append_value(text, value, Escape::plain);
  rows.text(column, text.view());
}

}  // namespace

EventReader::RowOutcome EventReader::read_row(ByteView chunk, const RecordSpan& record, RowWriter& rows,
                                              RowWriter::Row& row) {
  chunk_ = chunk;
  if (record.state != RecordState::intact) return RowOutcome::unusual;
  if (filter_ != nullptr) {
    if (!quick_ || filter_->has_text()) return RowOutcome::unusual;
    Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
    PeekedInstance peeked;
    if (!fragments_.peek(in, peeked)) return RowOutcome::unusual;
    switch (quick_->answer(peeked, event_)) {
      case QuickFilter::Answer::unknown:
        return RowOutcome::unusual;
      case QuickFilter::Answer::no:
        return RowOutcome::passed_over;
      case QuickFilter::Answer::yes:
        break;
    }
  }
  fragments_.begin_record(false);
  buffer_.clear();
  data_.clear();
  filled_in_ = 0;
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  rows.begin_row(record.size);
  bool first = true, usual = false;
  try {
    const Quickly quickly = row_of_known_system(in, rows, row);
    usual = quickly == Quickly::read;
    if (quickly == Quickly::unknown) {
      fragments_.each(in, true, [&](const Instance& instance) {
        usual = std::exchange(first, false) && row_of_document(instance, record, rows, row);
        return usual;
      });
    }
  } catch (const Damage&) {
    usual = false;
  }
  if (!usual || !fragments_.provenance().plain() || too_large(rows)) {
    rows.drop_row();
    return RowOutcome::unusual;
  }
  chunk_work_ += rows.item_bytes_in_row();
  rows.end_row(row);
  return RowOutcome::row;
}

bool EventReader::too_large(const RowWriter& rows) const {
  return rows.item_bytes_in_row() > most_text_of_record || rows.items_in_row() > limits_.event_data_items ||
         chunk_work_ + rows.item_bytes_in_row() > most_text_of_chunk;
}

// A record with the System of the one before it, but for what differs from record to record.
EventReader::Quickly EventReader::row_of_known_system(Cursor in, RowWriter& rows, RowWriter::Row& row) {
  constexpr std::uint16_t nowhere = DifferingPlaces::nowhere;
  InstanceHead head;
  if (!rest_wanted_ || !fragments_.head(in, head) || !head.plan->systems) return Quickly::unknown;
  std::uint32_t size = 0;
  KeptSystem* const kept = head.plan->systems->cache.find(head.descriptors, head.count, head.start, in.left(), size);
  const ColumnProgram& program = head.plan->columns(Context::document);
  const std::uint32_t slots = head.plan->key().slots;
  if (kept == nullptr || !kept->places.known || program.rest_from < slots) return Quickly::unknown;
  const DifferingPlaces& places = kept->places;
  const auto time = load<std::uint64_t>(head.start + places.time);
  if (time > last_filetime) return Quickly::unknown;
  row.time = static_cast<Ticks>(time);
  const auto number = [&](const DifferingPlaces::Number& place, EventField field) {
    if (place.at == nowhere) return std::uint64_t{0};
    row.given |= static_cast<std::uint32_t>(field);
    const auto bits = load<std::uint64_t>(head.start + place.at);  // what stands behind is readable
    return place.size == 8 ? bits : bits & ((std::uint64_t{1} << (place.size * 8u)) - 1);
  };
  row.given = 0;
  row.record_id = number(places.record_id, EventField::record_id);
  row.process_id = static_cast<std::uint32_t>(number(places.process_id, EventField::process_id));
  row.thread_id = static_cast<std::uint32_t>(number(places.thread_id, EventField::thread_id));
  number_common(*kept, rows, row);
  const auto guid = [&](std::uint16_t at, EventColumn column) {
    if (at != nowhere) put_text(column, {head.start + at, 16, static_cast<std::uint8_t>(ValueType::guid)}, rows);
  };
  guid(places.activity_id, EventColumn::activity_id);
  guid(places.related_activity_id, EventColumn::related_activity_id);
  const bool read = fragments_.only_tail(in, head, slots, size, [&](const Instance& instance) {
    return row_items(instance, Context::document, program, rows);
  });
  return read ? Quickly::read : Quickly::unusual;
}

void EventReader::number_common(KeptSystem& kept, RowWriter& rows, RowWriter::Row& row) {
  if (kept.age != rows.age()) {
    kept.common = rows.common(kept.event);
    kept.age = rows.age();
  }
  row.common = kept.common;
}

// These are false where something is unusual.
bool EventReader::row_of_document(const Instance& instance, const RecordSpan& record, RowWriter& rows,
                                  RowWriter::Row& row) {
  const ColumnProgram& program = instance.plan->columns(Context::document);
  if (program.system.empty()) return false;
  bool make = false;
  KeptSystem* const kept = find_system(instance, program, make);
  event_ = kept != nullptr ? kept->event : EventView{};
  event_is_bare_ = false;
  any_text_ = kept != nullptr && kept->any_text;
  if (kept != nullptr) {
    run_ops(instance, program, instance.plan->systems->differing);
    number_common(*kept, rows, row);
  } else {
    read_system(instance, program, make);
    row.common = rows.common(event_);
  }
  fill_in(record);
  if (!event_.has(EventField::time)) return false;
  rows.text(EventColumn::activity_id, event_.activity_id);
  rows.text(EventColumn::related_activity_id, event_.related_activity_id);
  row.record_id = event_.record_id;
  row.time = event_.time;
  row.process_id = event_.process_id;
  row.thread_id = event_.thread_id;
  row.given = event_.given;
  if (!rest_wanted_ && may_leave_rest(instance, record.size)) return true;
  return row_items(instance, Context::document, program, rows);
}

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
        put_text(EventColumn::binary, binary, rows);
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
  Cursor in(chunk_, from, from + fragment.size);
  bool usual = true;
  fragments_.each(in, false, [&](const Instance& inner) {
    const ColumnProgram& program = inner.plan->columns(context);
    usual = program.system.empty() && row_items(inner, context, program, rows);
    return usual;
  });
  return usual;
}

}  // namespace synclens::evtx
