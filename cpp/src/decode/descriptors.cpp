#include "decode/descriptors.hpp"

#include <array>

namespace synclens::evtx {
namespace {

// What is known of a value by its type alone.
struct TypeFacts {
  std::uint16_t width = 0, checked = 0;  // a size that differs from the width in a checked bit is odd
  bool has_empty = false;                // a size of 0 is another shape than any other size
  bool odd = false;                      // whatever the size: no writer of logs uses it
};

constexpr TypeFacts facts_by_type(std::uint8_t type) {
  const auto base = static_cast<ValueType>(type & ~array_bit);
  const bool of_texts = base == ValueType::string || base == ValueType::ansi;
  const bool varies = of_texts || base == ValueType::size || base == ValueType::sid;
  if ((type & array_bit) != 0) return {0, 0, false, !varies && width_of(base) == 0};
  if (width_of(base) != 0) return {width_of(base), 0xFFFF, false, false};
  if (base == ValueType::null) return {};
  if (varies || base == ValueType::binary || base == ValueType::binxml) return {0, 0, true, false};
  return {0, 0, false, true};
}

constexpr std::array<TypeFacts, 256> all_facts = [] {
  std::array<TypeFacts, 256> facts{};
  for (unsigned type = 0; type < facts.size(); ++type) facts[type] = facts_by_type(static_cast<std::uint8_t>(type));
  return facts;
}();

}  // namespace

bool any_odd(const std::uint8_t* descriptors, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto both = load<std::uint32_t>(descriptors + std::size_t{i} * descriptor_size);
    const TypeFacts& facts = all_facts[both >> 16 & 0xFF];
    if (facts.odd || ((both ^ facts.width) & facts.checked) != 0) return true;
  }
  return false;
}

TakenValues take_values_plainly(const std::uint8_t* descriptors, std::uint32_t count, const std::uint8_t* start,
                                Value* to) {
  TakenValues taken;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto both = load<std::uint32_t>(descriptors + std::size_t{i} * descriptor_size);
    const auto type = static_cast<std::uint8_t>(both >> 16);
    to[i] = {start + taken.bytes, static_cast<std::uint16_t>(both), type};
    taken.marks = taken.marks || (type & ~array_bit) >= first_mark;
    taken.bytes += both & 0xFFFF;
  }
  return taken;
}

DescriptorShape::DescriptorShape(const std::uint8_t* descriptors, std::uint32_t count,
                                 const std::vector<std::uint8_t>& exact)
    : count_(count), padded_((count + 3) / 4 * 4), wanted_(std::size_t{padded_} * 3, 0) {
  std::uint32_t* const masks = wanted_.data() + padded_;
  std::uint32_t* const filled = masks + padded_;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto both = load<std::uint32_t>(descriptors + std::size_t{i} * descriptor_size);
    const TypeFacts& facts = all_facts[both >> 16 & 0xFF];
    const bool exactly = facts.has_empty && exact[i] != 0;
    const bool empty = (both & 0xFFFF) == 0;
    wanted_[i] = both;
    masks[i] = 0xFF0000u | (exactly && empty ? 0xFFFFu : facts.checked);
    filled[i] = exactly && !empty ? ~0u : 0;
  }
}

bool DescriptorShape::match_plainly(const std::uint8_t* descriptors) const {
  const std::uint32_t* const masks = wanted_.data() + padded_;
  const std::uint32_t* const filled = masks + padded_;
  std::uint32_t different = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const auto both = load<std::uint32_t>(descriptors + std::size_t{i} * descriptor_size);
    different |= ((both ^ wanted_[i]) & masks[i]) | ((both & 0xFFFF) == 0 ? filled[i] : 0);
  }
  return different == 0;
}

}  // namespace synclens::evtx
