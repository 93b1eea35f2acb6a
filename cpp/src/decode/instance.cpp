#include "decode/instance.hpp"

#include <algorithm>
#include <utility>

namespace synclens::evtx {
namespace {

// Types of a stranger that would be taken for our marks; as hex they look the same.
void hide_marks(Value* values, std::uint32_t count) {
  for (Value* v = values; v != values + count; ++v) {
    const auto array = static_cast<std::uint8_t>(v->type & array_bit);
    if ((v->type & ~array_bit) >= first_mark) v->type = static_cast<std::uint8_t>((first_mark - 1) | array);
  }
}

[[noreturn]] void throw_past_end(const Value* value, const std::uint8_t* start, std::uint32_t room, std::uint32_t at) {
  while (static_cast<std::size_t>(value->data - start) + value->size <= room) ++value;
  throw Damage{"value past the end of the record", at + static_cast<std::uint32_t>(value->data - start)};
}

}  // namespace

void FragmentReader::begin_chunk() {
  cache_.begin_chunk();
  names_.begin_chunk();
  if (shapes_.is_full() || names_.is_full()) {  // shapes speak of names by their number
    shapes_.forget();
    names_.forget();
  }
  pruned_.clear();
}

Instance FragmentReader::templated(Cursor& in) {
  in.skip(2, "template instance cut");  // the token and a byte that is always 1
  const std::uint32_t id = in.u32("template instance cut");
  const std::uint32_t definition = in.u32("template instance cut");
  const bool elsewhere = definition != in.at();
  Instance instance;
  try {
    instance.plan = &cache_.at(in.chunk(), definition, id);
  } catch (const Damage&) {
    if (!elsewhere || !borrow(in, id, instance)) throw;
    return instance;
  }
  if (strict_ && !instance.plan->tree.names_proved) {
    if (elsewhere && borrow(in, id, instance)) return instance;
    instance.plan = &pruned(*instance.plan, definition);
  }
  if (!elsewhere) {
    const std::uint32_t size = load<std::uint32_t>(in.here() + definition_head - 4);
    in.skip(definition_head, "template past the end of the record");
    in.skip(size, "template past the end of the record");
  }
  push_values(in, instance);
  if (strict_) {
    if (!fits(instance.plan->tree, {&values_[instance.first], instance.count})) {
      throw Damage{"values that do not fit the template", in.at(), true};
    }
    empty_overwritten(instance);
  }
  return instance;
}

// Of a definition that this chunk was not asked for yet or that stands here, and of what is damaged.
bool FragmentReader::unusual_head(Cursor& in, InstanceHead& head) {
  skip_fragment_headers(in);
  if (in.left() < instance_head || *in.here() != static_cast<std::uint8_t>(Token::template_instance)) return false;
  const auto id = load<std::uint32_t>(in.here() + 2);
  const auto definition = load<std::uint32_t>(in.here() + 6);
  in.skip(instance_head, "");
  try {
    head.plan = &cache_.at(in.chunk(), definition, id);
  } catch (const Damage&) {
    return false;
  }
  if (definition == in.at()) {
    const auto size = load<std::uint32_t>(in.here() + definition_head - 4);
    if (in.left() < definition_head || size > in.left() - definition_head) return false;
    in.skip(definition_head + size, "");
  }
  if (in.left() < 4) return false;
  head.count = load<std::uint32_t>(in.here());
  in.skip(4, "");
  if (head.count > in.left() / descriptor_size) return false;
  head.descriptors = in.here();
  in.skip(head.count * descriptor_size, "");
  head.start = in.here();
  return true;
}

// Texts that no writer writes: their place was overwritten.
void FragmentReader::empty_overwritten(const Instance& instance) {
  for (std::uint32_t i = 0; i < instance.count; ++i) {
    Value& value = values_[instance.first + i];
    if (!value.is(ValueType::string) || is_clean_utf16(without_trailing_nuls(value.bytes()))) continue;
    value = {value.data, 0, static_cast<std::uint8_t>(ValueType::null)};
    provenance_.emptied = true;
  }
}

// The same template elsewhere in the file, where there is exactly one with this id and the values fit its slots.
bool FragmentReader::borrow(Cursor& in, std::uint32_t id, Instance& instance) {
  const Tree* const tree = found_ != nullptr ? found_->find(id) : nullptr;
  if (tree == nullptr) return false;
  const Cursor before = in;
  Instance other;
  push_values(in, other);
  if (!fits(*tree, {&values_[other.first], other.count})) {
    values_.cut(other.first);
    in = before;
    return false;
  }
  std::unique_ptr<Plan>& plan = borrowed_plans_[tree];
  if (!plan) {
    plan = std::make_unique<Plan>();
    plan->tree = copy_of(*tree);
    plan->kept = true;
  }
  provenance_.borrowed = true;
  if (strict_) empty_overwritten(other);
  other.plan = plan.get();
  instance = other;
  return true;
}

Plan& FragmentReader::pruned(const Plan& plan, std::uint32_t at) {
  std::unique_ptr<Plan>& made = pruned_[&plan];
  if (!made) {
    made = std::make_unique<Plan>();
    made->tree = without_unproved(plan.tree);
    made->kept = true;
  }
  if (made->tree.nodes.empty()) throw Damage{"name overwritten", at, true};
  provenance_.pruned = true;
  return *made;
}

void ValueStack::reserve(std::size_t count) {
  const std::size_t capacity = std::max({count, capacity_ * 2, std::size_t{256}});
  std::unique_ptr<Value[]> more(new Value[capacity]);
  if (size_ != 0) std::copy(values_.get(), values_.get() + size_, more.get());
  values_ = std::move(more);
  capacity_ = capacity;
}

void FragmentReader::push_values(Cursor& in, Instance& instance) {
  const std::uint32_t count = in.u32("number of values cut");
  if (count > in.left() / 4) throw Damage{"more values than the record can hold", in.at()};
  const std::uint8_t* const descriptors = in.here();
  in.skip(count * descriptor_size, "value descriptors cut");
  instance.first = values_.size();
  instance.count = count;
  Value* const to = values_.grow(count);
  const std::uint8_t* const start = in.here();
  const std::uint32_t room = in.left();
  const TakenValues taken = take_values(descriptors, count, start, to);  // at most 2^14 values of 2^16 bytes
  if (taken.bytes > room) throw_past_end(to, start, room, in.at());
  in.skip(taken.bytes, "");
  instance.bytes = taken.bytes;
  // What was read past its place may have lost values, so that descriptors do not tell what they are.
  instance.descriptors = strict_ || taken.marks ? nullptr : descriptors;
  instance.in_a_row = true;
  if (taken.marks) hide_marks(to, count);
}

std::vector<Value> FragmentReader::bare_values(Cursor& in) {
  const std::uint32_t at = in.at();
  if (in.u8("record cut") != static_cast<std::uint8_t>(Token::template_instance)) throw Damage{"no template", at};
  in.skip(5, "template instance cut");
  const std::uint32_t definition = in.u32("template instance cut");
  if (definition == in.at()) throw Damage{"the definition is not elsewhere", at};
  values_.cut(0);
  Instance instance;
  push_values(in, instance);
  std::vector<Value> values;
  values.reserve(instance.count);
  for (std::uint32_t i = 0; i < instance.count; ++i) values.push_back(values_[i]);
  values_.cut(0);
  return values;
}

// The texts of an element of a known shape as values of its plan.
Instance FragmentReader::shaped(Plan& plan, ByteView chunk) {
  const std::vector<BareShapes::Text>& texts = shapes_.values();
  const auto count = static_cast<std::uint32_t>(texts.size());
  std::vector<std::uint8_t>& descriptors = bare_[depth_ - 1]->descriptors;
  descriptors.assign(texts.size() * descriptor_size + readable_behind, 0);
  Instance instance{&plan, values_.size(), count, 0, descriptors.data(), false};
  Value* const to = values_.grow(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto size = static_cast<std::uint16_t>(texts[i].bytes);
    to[i] = {chunk.data() + texts[i].at, size, static_cast<std::uint8_t>(ValueType::string)};
    std::uint8_t* const descriptor = descriptors.data() + std::size_t{i} * descriptor_size;
    descriptor[0] = static_cast<std::uint8_t>(size);
    descriptor[1] = static_cast<std::uint8_t>(size >> 8);
    descriptor[2] = to[i].type;
    instance.bytes += size;
  }
  return instance;
}

Instance FragmentReader::bare(Cursor& in) {
  while (bare_.size() < depth_) bare_.push_back(std::make_unique<Bare>());
  if (!strict_) {
    if (Plan* const known = shapes_.find(in)) return shaped(*known, in.chunk());
  }
  Plan& plan = bare_[depth_ - 1]->plan;
  plan.forget_programs();
  const std::uint32_t at = in.at();
  compile_fragment(in, Dialect::bare, most_depth_, plan.tree);
  if (strict_ && !plan.tree.names_proved) {
    plan.tree = without_unproved(plan.tree);
    if (plan.tree.nodes.empty()) throw Damage{"name overwritten", at};
    provenance_.pruned = true;
  }
  return {&plan, values_.size(), 0, 0, nullptr, false};
}

}  // namespace synclens::evtx
