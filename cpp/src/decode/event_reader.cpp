#include "decode/event_reader.hpp"

#include <algorithm>
#include <string>

namespace synclens::evtx {
namespace {

// A template can print one value thousands of times, so a small chunk could become gigabytes. The largest real
// record prints 20 times its size.
constexpr std::size_t most_text_of_record = 8u << 20;
constexpr std::size_t most_text_of_chunk = 32u << 20;

constexpr std::optional<EventField> given_by(Field field) {
  switch (field) {
    case Field::provider:
      return EventField::provider;
    case Field::event_id:
      return EventField::event_id;
    case Field::qualifiers:
      return EventField::qualifiers;
    case Field::version:
      return EventField::version;
    case Field::level:
      return EventField::level;
    case Field::task:
      return EventField::task;
    case Field::opcode:
      return EventField::opcode;
    case Field::keywords:
      return EventField::keywords;
    case Field::time:
      return EventField::time;
    case Field::record_id:
      return EventField::record_id;
    case Field::process_id:
      return EventField::process_id;
    case Field::thread_id:
      return EventField::thread_id;
    case Field::channel:
      return EventField::channel;
    case Field::computer:
      return EventField::computer;
    case Field::message:
      return EventField::message;
    default:
      return std::nullopt;
  }
}

constexpr bool is_number(Field field) {
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

}  // namespace

void EventReader::begin_chunk() {
  fragments_.begin_chunk();
  chunk_work_ = 0;
}

EventReader::Outcome EventReader::read(ByteView chunk, const RecordSpan& record) {
  chunk_ = chunk;
  buffer_.clear();
  items_.clear();
  event_ = EventView{};
  texts_set_ = 0;
  fragments_.values().cut(0);
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  bool wanted = true;
  fragments_.each(in, true, [&](const Instance& instance) { return wanted = run_document(instance); });
  if (!wanted) {
    finish(record);
    return Outcome::passed_over;
  }
  chunk_work_ += buffer_.size();
  finish(record);
  if (filter_ != nullptr && !filter_->accepts(event_)) return Outcome::passed_over;
  return Outcome::event;
}

bool EventReader::salvage(ByteView chunk, const RecordSpan& record) {
  const bool system_known = event_.has(EventField::provider) || event_.has(EventField::event_id) || texts_set_ != 0;
  if (!system_known) {
    items_.clear();
    buffer_.clear();
    try {
      Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
      skip_fragment_headers(in);
      for (const Value& value : fragments_.bare_values(in)) {
        if (value.is_null() || value.is_array() || value.is(ValueType::binxml)) continue;
        Item item;
        item.value.at = buffer_.size();
        append_value(buffer_, value, Escape::plain);
        item.value.size = buffer_.size() - item.value.at;
        items_.push_back(item);
      }
    } catch (const Damage&) {
      return false;
    }
  }
  finish(record);
  event_.state = RecordState::without_template;
  return true;
}

// A filter is asked as soon as the System fields are known: what it turns down is not looked at any further.
bool EventReader::run_document(const Instance& instance) {
  if (filter_ == nullptr) {
    run(instance, Context::document);
    return true;
  }
  const ColumnProgram& program = instance.plan->columns(Context::document);
  if (program.system.empty()) {  // it stands in a value
    run(instance, Context::document);
    return true;
  }
  if (other_id(instance, program)) {
    for (const ColumnOp& op : program.system) {
      const bool of_the_mark = op.field == Field::record_id || op.field == Field::time || op.field == Field::channel;
      if (op.act == ColumnAct::field && of_the_mark) field(instance, program, op);
    }
    return false;
  }
  run_ops(instance, program, program.system);
  settle_texts();
  if (!filter_->accepts_system(event_)) return false;
  run_ops(instance, program, program.rest);
  return true;
}

// The commonest question, answered from one slot.
bool EventReader::other_id(const Instance& instance, const ColumnProgram& program) {
  const std::vector<std::uint32_t>& ids = filter_->plain().ids;
  if (ids.empty() || program.event_id == nullptr) return false;
  const Part& part = program.parts[program.event_id->value];
  if (part.slot == no_slot) return false;
  const auto id = as_number(instance.value(fragments_.values(), part.slot));
  return id && std::find(ids.begin(), ids.end(), static_cast<std::uint32_t>(*id)) == ids.end();
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
      case ColumnAct::field:
        field(instance, program, op);
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

EventReader::Text EventReader::text(const Instance& instance, const Part* parts, std::size_t count) {
  const std::string& texts = instance.plan->tree.texts;
  if (count == 1 && parts->slot == no_slot && instance.plan->kept)
    return {texts.data() + parts->text, 0, parts->text_size};
  Text result{nullptr, buffer_.size(), 0};
  for (std::size_t i = 0; i < count; ++i) {
    if (parts[i].slot == no_slot) {
      buffer_.append(std::string_view(texts).substr(parts[i].text, parts[i].text_size));
    } else {
      append_value(buffer_, instance.value(fragments_.values(), parts[i].slot), Escape::plain);
    }
  }
  result.size = buffer_.size() - result.at;
  return result;
}

std::string_view EventReader::see(const Text& text) const {
  return text.kept != nullptr ? std::string_view(text.kept, text.size) : buffer_.view().substr(text.at, text.size);
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
  const Text found = text(instance, parts, op.values);
  check_size(0);
  if (is_number(op.field)) {
    if (const auto number = parse_number(see(found))) set_number(op.field, *number);
    return;
  }
  if (op.field == Field::time) {
    if (const auto time = parse_iso(see(found))) set_time(time->ticks);
    return;
  }
  if (op.field == Field::binary && found.size == 0) return;
  texts_[static_cast<std::size_t>(op.field)] = found;
  texts_set_ |= 1u << static_cast<unsigned>(op.field);
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

void EventReader::add_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op) {
  if (items_.size() >= limits_.event_data_items) throw Damage{"more data values than the limit", 0};
  Item added;
  const Part* names = program.parts.data() + op.name;
  if (!absent(instance, names, op.names)) added.name = text(instance, names, op.names);
  added.value = text(instance, program.parts.data() + op.value, op.values);
  check_size(0);
  items_.push_back(added);
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

// The buffer moves while it grows, so texts become views when it stands still.
void EventReader::settle_texts() {
  std::string_view* const views[field_count] = {&event_.provider,
                                                &event_.provider_guid,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                nullptr,
                                                &event_.activity_id,
                                                &event_.related_activity_id,
                                                nullptr,
                                                nullptr,
                                                &event_.channel,
                                                &event_.computer,
                                                &event_.user_sid,
                                                &event_.message,
                                                &event_.level_text,
                                                &event_.binary};
  for (std::size_t i = 0; i < field_count; ++i) {
    if ((texts_set_ >> i & 1u) != 0 && views[i] != nullptr) *views[i] = see(texts_[i]);
  }
}

void EventReader::finish(const RecordSpan& record) {
  settle_texts();
  data_.clear();
  for (const Item& item : items_) data_.push_back({see(item.name), see(item.value)});
  event_.data = data_;
  if (!event_.has(EventField::record_id)) {
    event_.record_id = record.id;
    event_.give(EventField::record_id);
  }
  if (!event_.has(EventField::time) && record.written != no_time) {
    event_.time = record.written;
    event_.give(EventField::time);
  }
  event_.state = record.state;
}

}  // namespace synclens::evtx
