#include "decode/event_reader.hpp"

#include <algorithm>
#include <string>

#include "decode/event_places.hpp"
#include "decode/evtx_recovery.hpp"

namespace synclens::evtx {
namespace {

// A template can print one value thousands of times, so a small chunk could become gigabytes. The largest real
// record prints 20 times its size.
constexpr std::size_t most_text_of_record = 8u << 20;
constexpr std::size_t most_text_of_chunk = 32u << 20;

}  // namespace

EventReader::EventReader(const Limits& limits, const CompiledFilter* filter, ColumnSet columns, bool marks)
    : limits_(limits),
      filter_(filter),
      rest_wanted_((filter != nullptr && filter->has_text()) ||
                   columns.has_any({EventColumn::message, EventColumn::data, EventColumn::binary,
                                    EventColumn::level_text, EventColumn::rule, EventColumn::cause})),
      marks_(marks),
      fragments_(limits.binxml_depth) {}

void EventReader::begin_chunk() {
  fragments_.begin_chunk();
  chunk_work_ = left_out_ = 0;
}

EventReader::Outcome EventReader::read(ByteView chunk, const RecordSpan& record) {
  chunk_ = chunk;
  buffer_.clear();
  data_.clear();
  event_ = EventView{};
  any_text_ = false;
  fragments_.begin_record(record.state != RecordState::intact);
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  bool wanted = true;
  fragments_.each(in, true, [&](const Instance& instance) { return wanted = run_document(instance, record.size); });
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
bool EventReader::run_document(const Instance& instance, std::uint32_t record_size) {
  const ColumnProgram& program = instance.plan->columns(Context::document);
  if (program.system.empty()) {  // it stands in a value
    run(instance, Context::document);
    return true;
  }
  if (filter_ != nullptr) {
    if (other_id(instance, program)) {
      if (marks_) mark(instance, program);
      return false;
    }
    run_ops(instance, program, program.system);
    if (!filter_->accepts_system(event_)) return false;
  } else {
    run_ops(instance, program, program.system);
  }
  if (rest_wanted_ || !may_leave_rest(instance, program, record_size)) run_ops(instance, program, program.rest);
  return true;
}

// Whether reading what nobody asked for could not end in Damage: then it is left unread.
bool EventReader::may_leave_rest(const Instance& instance, const ColumnProgram& program, std::uint32_t record_size) {
  if (program.rest.size() > limits_.event_data_items) return false;
  for (std::uint32_t i = 0; i < instance.count; ++i) {
    const Value& value = fragments_.values()[instance.first + i];
    if (value.is(ValueType::binxml) || value.is_array()) return false;
  }
  constexpr std::size_t longest_form = 8;  // a byte prints as no more characters
  const std::size_t most = program.slot_uses * longest_form * record_size + instance.plan->tree.texts.size();
  left_out_ += most;
  return most <= most_text_of_record && left_out_ <= most_text_of_chunk;
}

// The commonest question, answered from one slot.
bool EventReader::other_id(const Instance& instance, const ColumnProgram& program) {
  const std::vector<std::uint32_t>& ids = filter_->plain().ids;
  if (ids.empty() || program.event_id == no_slot) return false;
  const auto id = as_number(instance.value(fragments_.values(), program.event_id));
  return id && std::find(ids.begin(), ids.end(), static_cast<std::uint32_t>(*id)) == ids.end();
}

// What a RecordMark holds, and nothing else.
void EventReader::mark(const Instance& instance, const ColumnProgram& program) {
  for (const ColumnOp& op : program.system) {
    if (op.act == ColumnAct::number && op.field == Field::record_id) {
      if (const auto number = as_number(instance.value(fragments_.values(), op.slot))) {
        set_number(op.field, *number);
        continue;
      }
    }
    if (op.act != ColumnAct::field && op.act != ColumnAct::number) continue;
    if (op.field == Field::channel && op.values == 1 && program.parts[op.value].slot != no_slot) {
      mark_channel(instance.value(fragments_.values(), program.parts[op.value].slot));
    } else if (op.field == Field::record_id || op.field == Field::time || op.field == Field::channel) {
      field(instance, program, op);
    }
  }
}

// Neighbouring records mostly stand in the same channel, so its text is kept.
void EventReader::mark_channel(const Value& value) {
  if (value.is_null() || value.is(ValueType::binxml)) return;
  const bool same = value.type == channel_type_ && value.size == channel_bytes_.size() &&
                    (value.size == 0 || std::memcmp(value.data, channel_bytes_.data(), value.size) == 0);
  if (!same) {
    channel_bytes_.assign(value.data, value.data + value.size);
    channel_type_ = value.type;
    channel_.clear();
    append_value(channel_, value, Escape::plain);
  }
  event_.channel = channel_.view();
  event_.give(EventField::channel);
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
        if (!plain_value(instance, program, op)) item(instance, program, op);
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

void EventReader::check_size(std::uint32_t offset) const {
  if (buffer_.size() > most_text_of_record || chunk_work_ + buffer_.size() > most_text_of_chunk) {
    throw Damage{"values repeated beyond measure", offset};
  }
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

// The commonest item of all. False where it needs more than one value of the data.
bool EventReader::plain_value(const Instance& instance, const ColumnProgram& program, const ColumnOp& op) {
  const Value value = instance.value(fragments_.values(), op.slot);
  if (op.guarded && value.is_null()) return true;
  if (value.is_array() || value.is(ValueType::binxml) || !instance.plan->kept) return false;
  const std::size_t from = buffer_.size();
  append_value(buffer_, value, Escape::plain);
  const Part& name = program.parts[op.name];
  add_data({instance.plan->tree.texts.data() + name.text, name.text_size}, see(from));
  return true;
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

void EventReader::add_data(std::string_view name, std::string_view value) {
  if (data_.size() >= limits_.event_data_items) throw Damage{"more data values than the limit", 0};
  check_size(0);
  data_.push_back({name, value});
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

void EventReader::finish(const RecordSpan& record) {
  event_.data = data_;
  stated_ = event_.given;
  if (!event_.has(EventField::record_id)) {
    event_.record_id = record.id;
    event_.give(EventField::record_id);
  }
  if (!event_.has(EventField::time) && record.written != no_time) {
    event_.time = record.written;
    event_.give(EventField::time);
  }
  event_.state = record.state;
  const Provenance provenance = fragments_.provenance();
  if (provenance.borrowed && record.state == RecordState::intact) event_.state = RecordState::damaged_chunk;
  event_.reason = reason_of(record, provenance, {}, reason_);
}

}  // namespace synclens::evtx
