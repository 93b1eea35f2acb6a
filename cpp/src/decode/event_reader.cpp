#include "decode/event_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "decode/event_places.hpp"
#include "decode/evtx_recovery.hpp"
#include "decode/kept_system.hpp"

namespace synclens::evtx {
EventReader::EventReader(const Limits& limits, const CompiledFilter* filter, ColumnSet columns, bool marks)
    : limits_(limits),
      filter_(filter),
      rest_wanted_((filter != nullptr && filter->has_text()) ||
                   columns.has_any({EventColumn::message, EventColumn::data, EventColumn::binary,
                                    EventColumn::level_text, EventColumn::rule, EventColumn::cause})),
      nothing_wanted_(columns.empty() && !rest_wanted_),
      fragments_(limits.binxml_depth) {
  if (filter != nullptr && !filter->plain().empty()) quick_.emplace(*filter, marks, nothing_wanted_);
}

void EventReader::begin_chunk() {
  constexpr std::size_t most_names = 1u << 16;
  if (scratch_ && scratch_->known_names() > most_names) scratch_.reset();  // names are a stranger's
  fragments_.begin_chunk();
  chunk_work_ = left_out_ = 0;
}

EventReader::Outcome EventReader::read(ByteView chunk, const RecordSpan& record, bool by_scripts) {
  chunk_ = chunk;
  bool wanted = !quick_;  // as far as System tells
  if (quick_ && record.state == RecordState::intact) {
    if (const auto answer = answer_quickly(record, wanted)) return *answer;
  }
  if (by_scripts && rest_wanted_ && stands_bare(record)) {
    if (const auto outcome = read_by_walk(record)) return *outcome;
    wanted = false;
  }
  if (by_scripts && wanted && rest_wanted_ && record.state == RecordState::intact && read_by_scripts(record)) {
    return filter_ == nullptr || filter_->accepts(event_) ? Outcome::event : Outcome::passed_over;
  }
  event_is_bare_ = false;
  begin_event();
  event_ = EventView{};
  any_text_ = false;
  fragments_.begin_record(record.state != RecordState::intact);
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  wanted = true;
  fragments_.each(in, true, [&](const Instance& instance) { return wanted = run_document(instance, record); });
  if (!wanted) {
    finish(record);
    return Outcome::passed_over;
  }
  chunk_work_ += buffer_.size();
  finish(record);
  if (filter_ != nullptr && !filter_->accepts(event_)) return Outcome::passed_over;
  return Outcome::event;
}

bool EventReader::salvage(ByteView chunk, const RecordSpan& record, const Damage& damage) {
  if (buffer_.data() != buffer_at_) follow_buffer();  // the damage came before the last text was seen
  const bool system_known = event_.has(EventField::provider) || event_.has(EventField::event_id) || any_text_;
  data_.clear();  // what was read before the damage is no list that can be relied on
  if (!system_known) {
    if (!damage.of_template) return false;
    buffer_.clear();
    try {
      Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
      skip_fragment_headers(in);
      for (const Value& value : fragments_.bare_values(in)) {
        if (value.is_null() || value.is_array() || value.is(ValueType::binxml)) continue;
        const std::size_t from = buffer_.size();
        append_value(buffer_, value, Escape::plain);
        data_.push_back({{}, see(from)});
      }
    } catch (const Damage&) {
      return false;
    }
  }
  finish(record);
  if (damage.of_template) {
    event_.state = RecordState::without_template;
  } else if (record.state == RecordState::intact) {
    event_.state = RecordState::damaged_chunk;
  }
  event_.reason = reason_of(record, fragments_.provenance(), damage.what, reason_);
  return true;
}

// A filter is asked as soon as the System fields are known: what it turns down is not looked at any further.
bool EventReader::run_document(const Instance& instance, const RecordSpan& record) {
  const ColumnProgram& program = instance.plan->columns(Context::document);
  if (program.system.empty()) {  // it stands in a value
    run(instance, Context::document);
    return true;
  }
  if (filter_ != nullptr) {
    run_system(instance, program);
    fill_in(record);
    if (!filter_->accepts_system(event_)) return false;
  } else {
    run_system(instance, program);
  }
  if (rest_wanted_ || !may_leave_rest(instance, record.size)) run_ops(instance, program, program.rest);
  return true;
}

void EventReader::run_system(const Instance& instance, const ColumnProgram& program) {
  const bool first = event_.given == 0 && !any_text_ && data_.empty();
  if (!first) return run_ops(instance, program, program.system);
  bool make = false;
  if (const KeptSystem* const kept = find_system(instance, program, make)) {
    event_ = kept->event;
    any_text_ = kept->any_text;
    return run_ops(instance, program, instance.plan->systems->differing);
  }
  read_system(instance, program, make);
}

// What is kept of the System that the instance has; null where nothing is. read_system() is then told whether to `make`
// it.
KeptSystem* EventReader::find_system(const Instance& instance, const ColumnProgram& program, bool& make) {
  make = false;
  Plan& plan = *instance.plan;
  if (!instance.in_a_row || !plan.kept || instance.count == 0) return nullptr;
  if (!plan.systems) plan.systems = std::make_unique<KeptSystems>(plan.key(), program);
  return plan.systems->cache.find(&fragments_.values()[instance.first], instance.count, make);
}

void EventReader::read_system(const Instance& instance, const ColumnProgram& program, bool make) {
  run_ops(instance, program, program.system);
  if (!make) return;
  KeptSystems& systems = *instance.plan->systems;
  std::size_t bytes = 0;
  KeptSystem kept = keep_system(event_, systems.differing, any_text_, bytes);
  const Value* const values = &fragments_.values()[instance.first];
  kept.places = places_of(systems.differing, program, values, instance.count);
  systems.cache.keep(values, instance.count, std::move(kept), bytes, system_bytes_);
}

inline void EventReader::check_size(std::uint32_t offset) const {
  if (buffer_.size() > most_text_of_record || chunk_work_ + buffer_.size() > most_text_of_chunk) {
    throw Damage{"values repeated beyond measure", offset};
  }
}

inline void EventReader::add_data(std::string_view name, std::string_view value) {
  if (data_.size() >= limits_.event_data_items) throw Damage{"more data values than the limit", 0};
  check_size(0);
  data_.push_back({name, value});
}

void EventReader::run(const Instance& instance, Context context) {
  const ColumnProgram& program = instance.plan->columns(context);
  run_ops(instance, program, program.system);
  run_ops(instance, program, program.rest);
}

void EventReader::run_ops(const Instance& instance, const ColumnProgram& program, const std::vector<ColumnOp>& ops) {
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const ColumnOp& op = ops[i];
    switch (op.act) {
      case ColumnAct::skip_if_null:
        if (instance.value(fragments_.values(), op.slot).is_null()) i = op.jump - 1u;
        break;
      case ColumnAct::number: {
        const Value value = instance.value(fragments_.values(), op.slot);
        if (value.is_null()) break;
        if (const auto number = as_number(value)) {
          set_number(op.field, *number);
        } else {
          field(instance, program, op);
        }
        break;
      }
      case ColumnAct::field:
        field(instance, program, op);
        break;
      case ColumnAct::value:
        if (const std::size_t next = plain_values(instance, program, ops, i); next != i) {
          i = next - 1;
        } else {
          item(instance, program, op);
        }
        break;
      case ColumnAct::item:
        item(instance, program, op);
        break;
      case ColumnAct::nested: {
        const Value value = instance.value(fragments_.values(), op.slot);
        if (value.is(ValueType::binxml)) {
          nested(value, op.context);
        } else if (!value.is_null() && value.size != 0 && op.context != Context::system &&
                   op.context != Context::rendering) {
          item(instance, program, op);
        }
        break;
      }
    }
  }
}

void EventReader::nested(const Value& value, Context context) {
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  fragments_.each(in, false, [&](const Instance& inner) { run(inner, context); });
}

bool EventReader::absent(const Instance& instance, const Part* parts, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (parts[i].optional && instance.value(fragments_.values(), parts[i].slot).is_null()) return true;
  }
  return false;
}

std::string_view EventReader::text(const Instance& instance, const Part* parts, std::size_t count) {
  const TextBuffer& texts = instance.plan->tree.texts;
  if (count == 1 && parts->slot == no_slot && instance.plan->kept)
    return {texts.data() + parts->text, parts->text_size};
  const std::size_t from = buffer_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (parts[i].slot == no_slot) {
      buffer_.append({texts.data() + parts[i].text, parts[i].text_size});
    } else {
      append_value(buffer_, instance.value(fragments_.values(), parts[i].slot), Escape::plain);
    }
  }
  return see(from);
}

// What was appended to the buffer since `from`.
std::string_view EventReader::see(std::size_t from) {
  if (buffer_.data() != buffer_at_) follow_buffer();
  seen_ = buffer_.size();
  if (from == seen_) return {};
  return buffer_.view().substr(from);
}

// The buffer grew and stands elsewhere now: the texts that were seen go with it.
void EventReader::follow_buffer() {
  const auto old = reinterpret_cast<std::uintptr_t>(buffer_at_);
  const auto follow = [&](std::string_view& text) {
    const std::uintptr_t place = reinterpret_cast<std::uintptr_t>(text.data()) - old;
    if (!text.empty() && place < seen_) text = std::string_view(buffer_.data() + place, text.size());
  };
  if (buffer_at_ != nullptr) {
    for (DataItem& item : data_) {
      follow(item.name);
      follow(item.value);
    }
    for (std::size_t i = 0; i < field_count; ++i) {
      if (std::string_view* place = text_place(event_, static_cast<Field>(i))) follow(*place);
    }
  }
  buffer_at_ = buffer_.data();
}

void EventReader::field(const Instance& instance, const ColumnProgram& program, const ColumnOp& op) {
  const Part* parts = program.parts.data() + op.value;
  if (absent(instance, parts, op.values)) return;
  if (op.values == 1 && parts->slot != no_slot) {
    const Value value = instance.value(fragments_.values(), parts->slot);
    if (value.is_null()) return;
    if (is_number(op.field)) {
      if (const auto number = as_number(value)) return set_number(op.field, *number);
    } else if (op.field == Field::time) {
      if (const auto time = as_time(value)) return set_time(*time);
      if (value.is(ValueType::filetime) || value.is(ValueType::systemtime)) return;
    } else if (value.is(ValueType::binxml)) {
      return;
    }
  }
  const std::string_view found = text(instance, parts, op.values);
  check_size(0);
  if (is_number(op.field)) {
    if (const auto number = parse_number(found)) set_number(op.field, *number);
    return;
  }
  if (op.field == Field::time) {
    if (const auto time = parse_iso(found)) set_time(time->ticks);
    return;
  }
  if (op.field == Field::binary && found.empty()) return;
  *text_place(event_, op.field) = found;
  any_text_ = true;
  if (const auto given = given_by(op.field)) event_.give(*given);
}

void EventReader::item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op) {
  const Part* parts = program.parts.data() + op.value;
  ValueStack& values = fragments_.values();
  for (std::size_t i = 0; i < op.values; ++i) {
    if (parts[i].slot >= instance.count) continue;
    const std::size_t place = instance.first + parts[i].slot;
    const Value value = values[place];
    if (value.is(ValueType::binxml)) return nested(value, Context::leaves);
    if (!value.is_array()) continue;
    // The element is repeated for each item; without any it stands there once and is empty.
    ArrayItems items(value);
    Value one{value.data, 0, static_cast<std::uint8_t>(ValueType::string)};
    bool any = false;
    while (items.next(one)) {
      values[place] = one;
      add_item(instance, program, op);
      any = true;
    }
    if (!any) {
      values[place] = Value{value.data, 0, static_cast<std::uint8_t>(ValueType::string)};
      add_item(instance, program, op);
    }
    values[place] = value;
    return;
  }
  add_item(instance, program, op);
}

// The commonest items of all, neighbouring ops from `at` on. Returns the first that it leaves: another op, or a value
// that is several items.
std::size_t EventReader::plain_values(const Instance& instance, const ColumnProgram& program,
                                      const std::vector<ColumnOp>& ops, std::size_t at) {
  if (!instance.plan->kept) return at;
  const char* const texts = instance.plan->tree.texts.data();
  const Value* const values = instance.count != 0 ? &fragments_.values()[instance.first] : nullptr;
  for (; at < ops.size() && ops[at].act == ColumnAct::value; ++at) {
    const ColumnOp& op = ops[at];
    const Value value = op.slot < instance.count ? values[op.slot] : Value{};
    if (op.guarded && value.is_null()) continue;
    if (value.is_array() || value.is(ValueType::binxml)) return at;
    char* const to = buffer_.room(widest_of_value(value.size));
    if (buffer_.data() != buffer_at_) follow_buffer();
    const char* const end = value.is(ValueType::string)
                                ? put_utf16<Escape::plain>(to, value.data, units_without_nuls(value.data, value.size))
                                : put_value<Escape::plain>(to, value, &memo_);
    buffer_.end_at(end);
    seen_ = buffer_.size();
    const Part& name = program.parts[op.name];
    add_data({texts + name.text, name.text_size}, {to, static_cast<std::size_t>(end - to)});
  }
  return at;
}

void EventReader::add_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op) {
  const Part* names = program.parts.data() + op.name;
  std::string_view name;
  // Where the value makes the buffer move, the name must be known to it already.
  data_.emplace_back();
  if (!absent(instance, names, op.names)) data_.back().name = text(instance, names, op.names);
  const std::string_view value = text(instance, program.parts.data() + op.value, op.values);
  name = data_.back().name;
  data_.pop_back();
  add_data(name, value);
}

void EventReader::set_number(Field field, std::uint64_t number) {
  switch (field) {
    case Field::event_id:
      event_.event_id = static_cast<std::uint32_t>(number);
      break;
    case Field::qualifiers:
      event_.qualifiers = static_cast<std::uint16_t>(number);
      break;
    case Field::version:
      event_.version = static_cast<std::uint8_t>(number);
      break;
    case Field::level:
      event_.level = static_cast<std::uint8_t>(number);
      break;
    case Field::task:
      event_.task = static_cast<std::uint16_t>(number);
      break;
    case Field::opcode:
      event_.opcode = static_cast<std::uint8_t>(number);
      break;
    case Field::keywords:
      event_.keywords = number;
      break;
    case Field::record_id:
      event_.record_id = number;
      break;
    case Field::process_id:
      event_.process_id = static_cast<std::uint32_t>(number);
      break;
    case Field::thread_id:
      event_.thread_id = static_cast<std::uint32_t>(number);
      break;
    default:
      return;
  }
  if (const auto given = given_by(field)) event_.give(*given);
}

void EventReader::set_time(Ticks time) {
  event_.time = time;
  event_.give(EventField::time);
}

// From the record's head, what its content does not state.
void EventReader::fill_in(const RecordSpan& record) {
  const auto give = [this](EventField field) {
    event_.give(field);
    filled_in_ |= static_cast<std::uint32_t>(field);
  };
  if (!event_.has(EventField::record_id)) {
    event_.record_id = record.id;
    give(EventField::record_id);
  }
  if (!event_.has(EventField::time) && record.written != no_time) {
    event_.time = record.written;
    give(EventField::time);
  }
}

void EventReader::finish(const RecordSpan& record) {
  event_.data = data_;
  stated_ = event_.given & ~filled_in_;
  fill_in(record);
  event_.state = record.state;
  const Provenance provenance = fragments_.provenance();
  if (provenance.borrowed && record.state == RecordState::intact) event_.state = RecordState::damaged_chunk;
  event_.reason = reason_of(record, provenance, {}, reason_);
}

}  // namespace synclens::evtx
