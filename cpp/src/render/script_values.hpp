// Where a script finds the values that it prints.
#pragma once

#include "decode/instance.hpp"

namespace synclens::evtx {

// Values as they stand in the record, one behind the other.
class ValuesInRow {
 public:
  explicit ValuesInRow(const InstanceHead& head, const std::uint32_t* places)
      : descriptors_(head.descriptors), start_(head.start), places_(places) {}
  [[nodiscard]] const std::uint8_t* data(std::uint16_t slot) const { return start_ + places_[slot]; }
  [[nodiscard]] std::size_t size(std::uint16_t slot) const { return load<std::uint16_t>(descriptor(slot)); }
  [[nodiscard]] Value operator[](std::uint16_t slot) const {
    return {data(slot), static_cast<std::uint16_t>(size(slot)), descriptor(slot)[2]};
  }

 private:
  [[nodiscard]] const std::uint8_t* descriptor(std::uint16_t slot) const {
    return descriptors_ + std::size_t{slot} * descriptor_size;
  }
  const std::uint8_t *descriptors_, *start_;
  const std::uint32_t* places_;
};

// Values that were read before, wherever they stand.
class ValuesRead {
 public:
  ValuesRead(ValueStack& stack, std::size_t first) : stack_(stack), first_(first) {}
  [[nodiscard]] const std::uint8_t* data(std::uint16_t slot) const { return stack_[first_ + slot].data; }
  [[nodiscard]] std::size_t size(std::uint16_t slot) const { return stack_[first_ + slot].size; }
  [[nodiscard]] Value operator[](std::uint16_t slot) const { return stack_[first_ + slot]; }

 private:
  ValueStack& stack_;
  std::size_t first_;
};

}  // namespace synclens::evtx
