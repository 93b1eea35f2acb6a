#include "decode/instance.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace synclens::evtx {
namespace {

// What the walk over the values looks up for each type.
struct TypeFacts {
  std::uint16_t width = 0, checked = 0;  // a size that differs from the width in a checked bit is odd
  std::uint8_t empty = 0;                // what a size of 0 adds to the key
  std::uint8_t odd = 0;                  // whatever the size
};

constexpr TypeFacts facts_of(std::uint8_t type) {
  const auto base = static_cast<ValueType>(type & ~array_bit);
  const bool of_texts = base == ValueType::string || base == ValueType::ansi;
  const bool varies = of_texts || base == ValueType::size || base == ValueType::sid;
  if ((type & array_bit) != 0) return {0, 0, 0, static_cast<std::uint8_t>(varies || width_of(base) != 0 ? 0 : 1)};
  if (width_of(base) != 0) return {width_of(base), 0xFFFF, 0, 0};
  if (base == ValueType::null) return {};
  if (varies || base == ValueType::binary || base == ValueType::binxml) return {0, 0, empty_bit, 0};
  return {0, 0, 0, 1};
}

constexpr std::array<TypeFacts, 256> type_facts = [] {
  std::array<TypeFacts, 256> facts{};
  for (unsigned type = 0; type < facts.size(); ++type) facts[type] = facts_of(static_cast<std::uint8_t>(type));
  return facts;
}();

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
  std::unique_ptr<std::uint8_t[]> more_keys(new std::uint8_t[capacity + 7]());
  if (size_ != 0) std::memcpy(more_keys.get(), keys_.get(), size_);
  keys_ = std::move(more_keys);
  capacity_ = capacity;
}

void FragmentReader::push_values(Cursor& in, Instance& instance) {
  const std::uint32_t count = in.u32("number of values cut");
  if (count > in.left() / 4) throw Damage{"more values than the record can hold", in.at()};
  const std::uint8_t* descriptor = in.here();
  in.skip(count * 4, "value descriptors cut");
  instance.first = values_.size();
  instance.count = count;
  Value* const to = values_.grow(count);
  std::uint8_t* const key = values_.keys(instance.first);
  const std::uint8_t* const start = in.here();
  const std::uint32_t room = in.left();
  std::uint32_t taken = 0, odd = 0;  // at most 2^14 values of 2^16 bytes
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto both = load<std::uint32_t>(descriptor + 4 * i);
    const std::uint32_t size = both & 0xFFFF;
    const auto type = static_cast<std::uint8_t>(both >> 16);
    const TypeFacts& facts = type_facts[type];
    to[i].data = start + taken;
    to[i].size = static_cast<std::uint16_t>(size);
    to[i].type = type;
    key[i] = static_cast<std::uint8_t>(type | (size == 0 ? facts.empty : 0));
    odd |= ((size ^ facts.width) & facts.checked) | facts.odd;
    taken += size;
  }
  if (taken > room) throw_past_end(&values_[instance.first], start, room, in.at());
  in.skip(taken, "");
  instance.bytes = taken;
  instance.odd = odd != 0;
  if (instance.odd) hide_marks(&values_[instance.first], count);
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

Instance FragmentReader::bare(Cursor& in) {
  while (bare_.size() < depth_) bare_.push_back(std::make_unique<Plan>());
  Plan& plan = *bare_[depth_ - 1];
  plan.forget_programs();
  const std::uint32_t at = in.at();
  compile_fragment(in, Dialect::bare, most_depth_, plan.tree);
  if (strict_ && !plan.tree.names_proved) {
    plan.tree = without_unproved(plan.tree);
    if (plan.tree.nodes.empty()) throw Damage{"name overwritten", at};
    provenance_.pruned = true;
  }
  return {&plan, values_.size(), 0, false, 0};
}

}  // namespace synclens::evtx
