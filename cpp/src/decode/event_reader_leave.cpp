// What of a record need not be read: all of it where the filter can answer from a few values, and its data where nobody
// asked for them and they could not be damaged.
#include <algorithm>
#include <utility>

#include "decode/event_reader.hpp"
#include "decode/letters.hpp"

namespace synclens::evtx {
namespace {

constexpr std::size_t longest_form = 8;  // a byte prints as no more characters

// The values of an instance, each asked for once and in order.
class InOrder {
 public:
  explicit InOrder(const PeekedInstance& instance) : instance_(instance), at_(instance.start) {}
  Value operator()(std::uint32_t slot) {
    const Value value = instance_.value_at(slot, at_);
    at_ += value.size;
    return value;
  }

 private:
  const PeekedInstance& instance_;
  const std::uint8_t* at_;
};

}  // namespace

// Nothing where the record must be read; `wanted`: its System is known to pass.
std::optional<EventReader::Outcome> EventReader::answer_quickly(const RecordSpan& record, bool& wanted) {
  Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
  PeekedInstance peeked;
  if (!fragments_.peek(in, peeked)) return std::nullopt;
  switch (quick_->answer(peeked, event_)) {
    case QuickFilter::Answer::no:
      return turned_down();
    case QuickFilter::Answer::yes:
      wanted = true;
      if (!nothing_wanted_ || !may_leave_peeked(in, peeked, record.size, {})) return std::nullopt;
      return accepted();
    case QuickFilter::Answer::unless_said:
      wanted = true;
      // what is not in the lone fragment nobody looks through for the letters
      if (peeked.plan->columns(Context::document).lone_fragment == Context::document ||
          !may_leave_peeked(in, peeked, record.size, quick_->letters())) {
        return std::nullopt;
      }
      return turned_down();
    case QuickFilter::Answer::unknown:
      break;
  }
  return std::nullopt;
}

// Of an event that is only counted.
EventReader::Outcome EventReader::accepted() {
  if (!event_is_bare_) {
    const EventView found = std::exchange(event_, EventView{});
    event_.time = found.time;
    event_.record_id = found.record_id;
    event_is_bare_ = true;
  }
  return Outcome::event;
}

// may_leave_rest() of a record that ends with its first instance, behind which `in` stands, where none of the letters
// stand in it.
bool EventReader::may_leave_peeked(const Cursor& in, const PeekedInstance& instance, std::uint32_t record_size,
                                   std::string_view letters) {
  if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return false;
  Most most;
  most.letters = letters;
  const ManifoldValues manifold = manifold_values(instance.descriptors, instance.count);
  return add_most_peeked(instance, Context::document, manifold, most) && may_leave(most, record_size);
}

// Of a record whose values before the last one are known to be one text or number each, and the last one a fragment:
// the same of it.
bool EventReader::may_leave_alike(const InstanceHead& head, std::uint32_t room, std::uint32_t record_size,
                                  std::string_view letters) {
  const ColumnProgram& program = head.plan->columns(Context::document);
  const KnownForm& form = head.plan->quick->form;
  const std::uint8_t* const last = head.descriptors + form.descriptors.size();
  const Value data{head.start + form.size, load<std::uint16_t>(last), last[2]};
  const bool lone = program.lone_fragment != Context::document && program.rest_from + 1u == head.count;
  if (form.manifold || !lone || program.slot_uses > 1 || !data.is(ValueType::binxml)) return false;
  const std::uint32_t bytes = form.size + data.size;
  const bool ends = room == bytes || head.start[bytes] == static_cast<std::uint8_t>(Token::end_of_fragment);
  Most most;
  most.letters = letters;
  if (!ends || !add_most_nested(data, program.lone_fragment, most)) return false;
  most.items += program.rest.size() + program.system.size();
  most.text += std::size_t{bytes} * program.slot_uses + head.plan->tree.texts.size();
  return may_leave(most, record_size);
}

// Whether what an instance without fragments prints as data, message or binary may hold the letters. True also where
// only reading tells.
bool EventReader::may_say(const PeekedInstance& instance, Context context, std::string_view letters) {
  const ColumnProgram& program = instance.plan->columns(context);
  if (!program.system.empty()) return true;
  // a value of that length is joined to the next one
  if (instance.bytes() * longest_form >= longest_string_of_the_event_log_api) return true;
  for (const ColumnOp& op : program.rest) {
    if (op.values > 1) return true;  // joined they may make letters that none of them has
    if (op.act != ColumnAct::field || op.field != Field::binary || op.values == 0) continue;
    // anything but its bytes would be taken for digits
    const Part& part = program.parts[op.value];
    if (part.slot == no_slot) return true;
    const Value value = instance.value(part.slot);
    if (value.size != 0 && !value.is(ValueType::binary)) return true;
  }
  return may_hold_letters({instance.start, instance.bytes()}, letters) ||
         may_hold_letters(as_bytes(instance.plan->tree.texts.view()), letters);
}

// Whether reading what nobody asked for could not end in Damage: then it is left unread.
bool EventReader::may_leave_rest(const Instance& instance, std::uint32_t record_size) {
  ValueStack& values = fragments_.values();
  Most most;
  const auto value = [&](std::uint32_t i) { return values[instance.first + i]; };
  return add_most(*instance.plan, Context::document, instance.count, value, most) && may_leave(most, record_size);
}

bool EventReader::may_leave(const Most& most, std::uint32_t record_size) {
  const std::size_t text = most.text * longest_form + std::size_t{longest_form} * record_size;
  left_out_ += text;
  return most.items <= limits_.event_data_items && text <= most_text_of_record && left_out_ <= most_text_of_chunk;
}

// False where only reading tells.
template <typename ValueAt>
bool EventReader::add_most(Plan& plan, Context context, std::uint32_t count, ValueAt value_at, Most& most) {
  const ColumnProgram& program = plan.columns(context);
  std::size_t bytes = 0, repeated = 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value value = value_at(i);
    bytes += value.size;
    if (value.is_array()) {
      if (program.mixes_slots) return false;
      repeated += value.size;  // an item has a byte at least
    }
    if (!value.is(ValueType::binxml)) continue;
    const auto op = std::find_if(program.rest.begin(), program.rest.end(),
                                 [&](const ColumnOp& o) { return o.act == ColumnAct::nested && o.slot == i; });
    if (op == program.rest.end() || program.slot_uses > 1 || !add_most_nested(value, op->context, most)) return false;
  }
  most.items += (program.rest.size() + program.system.size()) * repeated;
  most.text += bytes * program.slot_uses + plan.tree.texts.size() * repeated;
  return true;
}

// The same of an instance that was peeked; most have no array and at most one fragment, and no value is looked at.
bool EventReader::add_most_peeked(const PeekedInstance& instance, Context context, ManifoldValues manifold,
                                  Most& most) {
  const ColumnProgram& program = instance.plan->columns(context);
  if (manifold.arrays || manifold.fragments > 1) {
    return add_most(*instance.plan, context, instance.count, InOrder(instance), most);
  }
  if (manifold.fragments == 1) {
    const auto op = std::find_if(program.rest.begin(), program.rest.end(), [&](const ColumnOp& o) {
      return o.act == ColumnAct::nested && instance.value(o.slot).is(ValueType::binxml);
    });
    if (op == program.rest.end() || program.slot_uses > 1) return false;
    if (!add_most_nested(instance.value(op->slot), op->context, most)) return false;
  }
  most.items += program.rest.size() + program.system.size();
  most.text += instance.bytes() * program.slot_uses + instance.plan->tree.texts.size();
  return true;
}

// Of a value that holds one instance without fragments of its own.
bool EventReader::add_most_nested(const Value& fragment, Context context, Most& most) {
  if (limits_.binxml_depth < 2) return false;
  const auto from = static_cast<std::uint32_t>(fragment.data - chunk_.data());
  Cursor in(chunk_, from, from + fragment.size);
  PeekedInstance inner;
  if (!fragments_.peek(in, inner)) return false;
  const ManifoldValues manifold = manifold_values(inner.descriptors, inner.count);
  if (manifold.fragments != 0) return false;
  if (!most.letters.empty() && may_say(inner, context, most.letters)) return false;
  while (in.left() != 0) {
    if (in.u8("") != static_cast<std::uint8_t>(Token::end_of_fragment)) return false;
  }
  return add_most_peeked(inner, context, manifold, most);
}

}  // namespace synclens::evtx
