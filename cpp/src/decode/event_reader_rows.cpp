// Records straight into columns, without an event in between: those that are as most records are. Whatever is unusual
// is left to read(), which says the same of every record, only slower.
#include <utility>

#include "decode/event_reader.hpp"
#include "decode/kept_system.hpp"
#include "decode/row_script.hpp"
#include "decode/wide_text.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {
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
    if (at == nowhere) return;
    char text[widest_of_value(16)];
    rows.text(column, {text, static_cast<std::size_t>(put_guid(text, head.start + at) - text)});
  };
  guid(places.activity_id, EventColumn::activity_id);
  guid(places.related_activity_id, EventColumn::related_activity_id);
  const std::uint8_t* const behind = head.descriptors + std::size_t{slots} * descriptor_size;
  const std::uint32_t tail = bytes_of_values(behind, head.count - slots);
  const bool lone = head.count == slots + 1 && program.lone_fragment != Context::document &&
                    behind[2] == static_cast<std::uint8_t>(ValueType::binxml);
  if (lone && size + tail <= in.left()) {  // as most records are
    in.skip(size, "");
    const std::uint32_t from = in.at();
    in.skip(tail, "");
    if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return Quickly::unusual;
    const auto run = [&] { return row_fragments(Cursor(chunk_, from, from + tail), program.lone_fragment, rows); };
    return fragments_.deeper(run) ? Quickly::read : Quickly::unusual;
  }
  if (size + tail <= in.left()) {
    if (RowScript* const script = row_script(*head.plan, Context::document, slots, head)) {
      in.skip(size, "");
      const std::uint8_t* const start = in.here();
      in.skip(tail, "");
      if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return Quickly::unusual;
      const auto run = [&] { return run_row_script(*script, *head.plan, slots, head, start, tail, rows); };
      return fragments_.deeper(run) ? Quickly::read : Quickly::unusual;
    }
  }
  const bool read = fragments_.only_tail(in, head, slots, size, [&](const Instance& instance) {
    return row_items(instance, Context::document, program, rows);
  });
  return read ? Quickly::read : Quickly::unusual;
}

// Instances that fit a script, up to the end or to one that does not; that and what follows by the rules.
bool EventReader::row_fragments(Cursor in, Context context, RowWriter& rows) {
  constexpr auto end_of_fragment = static_cast<std::uint8_t>(Token::end_of_fragment);
  InstanceHead head;
  while (in.left() != 0) {
    const Cursor before = in;
    if (*in.here() == end_of_fragment) {
      in.skip(1, "");
      continue;
    }
    RowScript* script = nullptr;
    if (fragments_.may_go_deeper() && fragments_.head(in, head)) script = row_script(*head.plan, context, 0, head);
    const std::uint32_t size = script != nullptr ? bytes_of_values(head.descriptors, head.count) : 0;
    if (script == nullptr || size > in.left()) return row_nested(before, context, rows);
    in.skip(size, "");
    const auto run = [&] { return run_row_script(*script, *head.plan, 0, head, head.start, size, rows); };
    if (!fragments_.deeper(run)) return false;
  }
  return true;
}

// For the values from `first` on; null where there is none.
RowScript* EventReader::row_script(Plan& plan, Context context, std::uint32_t first, const InstanceHead& head) {
  if (!plan.kept) return nullptr;
  const std::uint8_t* const descriptors = head.descriptors + std::size_t{first} * descriptor_size;
  const std::uint32_t count = head.count - first;
  auto& scripts = plan.row_scripts(context);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (!scripts[i]->matches(descriptors, count)) continue;
    if (i != 0) std::swap(scripts[i], scripts[i / 2]);
    RowScript& found = *scripts[i / 2];
    return found.suits() ? &found : nullptr;
  }
  if (scripts.size() >= most_row_scripts || any_odd(descriptors, count)) return nullptr;
  auto made = std::make_unique<RowScript>(plan.columns(context), first, descriptors, count);
  if (!fragments_.plans().spend(made->bytes())) return nullptr;
  scripts.push_back(std::move(made));
  return scripts.back()->suits() ? scripts.back().get() : nullptr;
}

// `start` and `bytes`: of the values from `first` on. False where something is unusual.
bool EventReader::run_row_script(RowScript& script, const Plan& plan, std::uint32_t first, const InstanceHead& head,
                                 const std::uint8_t* start, std::uint32_t bytes, RowWriter& rows) {
  const std::vector<RowAct>& acts = script.acts();
  RowValues next{acts.data(), head.descriptors + std::size_t{first} * descriptor_size, start,
                 script.codes(plan.tree.texts, rows)};
  const RowAct* const end = acts.data() + acts.size();
  const std::int32_t* const last_code = next.code + script.items();
  while (next.act != end) {
    if (*next.act < RowAct::array) {
      const auto items = static_cast<std::size_t>(last_code - next.code);
      const auto left = bytes - static_cast<std::size_t>(next.at - start);
      RowWriter::ItemPlace place = rows.place_of_items(items, left * widest_of_unit + items * widest_of_value(0));
      next = row_plain_values(next, end, place);
      rows.give_back(place);
      continue;
    }
    const Value value{next.at, load<std::uint16_t>(next.descriptor), next.descriptor[2]};
    if (*next.act == RowAct::array) {
      if (!row_array(value, *next.code++, rows)) return false;
    } else if (*next.act == RowAct::binary) {
      row_binary(value, rows);
    } else {
      const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
      if (!row_fragments(Cursor(chunk_, from, from + value.size), script.context(), rows)) return false;
    }
    next.at += value.size;
    next.descriptor += descriptor_size;
    ++next.act;
  }
  return true;
}

// Up to the next value that is no item by itself.
EventReader::RowValues EventReader::row_plain_values(const RowValues& next, const RowAct* end,
                                                     RowWriter::ItemPlace& place) {
#if defined(__x86_64__)
  if (utf16_kernel() == Utf16Kernel::avx2) return row_plain_values_wide(next, end, place);
#endif
  return row_plain_values_as(next, end, place, UsualText{utf16_kernel() != Utf16Kernel::scalar});
}

#if defined(__x86_64__)
SYNCLENS_WIDE_LOOP EventReader::RowValues EventReader::row_plain_values_wide(const RowValues& next, const RowAct* end,
                                                                             RowWriter::ItemPlace& place) {
  return row_plain_values_as(next, end, place, WideText());
}
#endif

// All that moves is a local: what is written could else be any of it.
template <typename Text>
SYNCLENS_ALWAYS_INLINE EventReader::RowValues EventReader::row_plain_values_as(const RowValues& next, const RowAct* end,
                                                                               RowWriter::ItemPlace& place, Text text) {
  const RowAct* act = next.act;
  const std::uint8_t* descriptor = next.descriptor;
  const std::uint8_t* at = next.at;
  const std::int32_t* code = next.code;
  const char* const base = place.base;
  char* to = place.text;
  std::uint8_t *names = place.names, *ends = place.ends;
  for (; act != end; ++act) {
    const std::size_t size = load<std::uint16_t>(descriptor);
    switch (*act) {
      case RowAct::skip:
        at += size;
        descriptor += descriptor_size;
        continue;
      case RowAct::text:
        to = text.template put<Escape::plain>(to, at, size);
        break;
      case RowAct::uint8:
        to = put_unsigned(to, *at);
        break;
      case RowAct::uint16:
        to = put_unsigned(to, load<std::uint16_t>(at));
        break;
      case RowAct::uint32:
        to = put_unsigned(to, load<std::uint32_t>(at));
        break;
      case RowAct::int32:
        to = put_signed(to, load<std::int32_t>(at));
        break;
      case RowAct::uint64:
        to = put_unsigned(to, load<std::uint64_t>(at));
        break;
      case RowAct::guid:
        to = put_guid(to, at);
        break;
      case RowAct::filetime:
        to = put_filetime(to, load<std::uint64_t>(at), &memo_);
        break;
      case RowAct::sid:
        to = put_sid(to, at, size, &memo_);
        break;
      case RowAct::hex32:
        to = put_hex_number(to, load<std::uint32_t>(at));
        break;
      case RowAct::hex64:
        to = put_hex_number(to, load<std::uint64_t>(at));
        break;
      case RowAct::value:
        to = put_value<Escape::plain>(to, {at, static_cast<std::uint16_t>(size), descriptor[2]}, &memo_);
        break;
      case RowAct::array:
      case RowAct::binary:
      case RowAct::fragment:
        end = act;
        --act;
        continue;
    }
    const auto offset = static_cast<std::int32_t>(to - base);
    std::memcpy(names, code++, sizeof *code);
    std::memcpy(ends, &offset, sizeof offset);
    names += sizeof *code;
    ends += sizeof offset;
    at += size;
    descriptor += descriptor_size;
  }
  place.names = names;
  place.ends = ends;
  place.text = to;
  return {act, descriptor, at, code};
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
  return row_nested(Cursor(chunk_, from, from + fragment.size), context, rows);
}

bool EventReader::row_nested(Cursor in, Context context, RowWriter& rows) {
  bool usual = true;
  fragments_.each(in, false, [&](const Instance& inner) {
    const ColumnProgram& program = inner.plan->columns(context);
    usual = program.system.empty() && row_items(inner, context, program, rows);
    return usual;
  });
  return usual;
}

}  // namespace synclens::evtx
