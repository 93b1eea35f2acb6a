#include "decode/row_script.hpp"

#include "record/row_writer.hpp"

namespace synclens::evtx {
namespace {

RowAct act_of(std::uint8_t type) {
  switch (static_cast<ValueType>(type)) {
    case ValueType::string:
      return RowAct::text;
    case ValueType::uint8:
      return RowAct::uint8;
    case ValueType::uint16:
      return RowAct::uint16;
    case ValueType::uint32:
      return RowAct::uint32;
    case ValueType::int32:
      return RowAct::int32;
    case ValueType::uint64:
      return RowAct::uint64;
    case ValueType::guid:
      return RowAct::guid;
    case ValueType::filetime:
      return RowAct::filetime;
    case ValueType::sid:
      return RowAct::sid;
    case ValueType::hex32:
      return RowAct::hex32;
    case ValueType::hex64:
      return RowAct::hex64;
    default:
      return RowAct::value;
  }
}

}  // namespace

RowScript::RowScript(const ColumnProgram& program, std::uint32_t first, const std::uint8_t* descriptors,
                     std::uint32_t count)
    : shape(descriptors, count, std::vector<std::uint8_t>(count, 0)), acts_(count, RowAct::skip) {
  suits_ = take(program, first, descriptors);
}

// Only what a walk through the values in their order can give: each at most once, as it stands there.
bool RowScript::take(const ColumnProgram& program, std::uint32_t first, const std::uint8_t* descriptors) {
  if (first == 0 && !program.system.empty()) return false;
  const std::size_t end = first + acts_.size();
  const auto type_at = [&](std::uint16_t slot) {
    return slot < end ? descriptors[(slot - first) * descriptor_size + 2] : std::uint8_t{0};
  };
  std::uint32_t next = first;  // the first slot that may still be added
  const auto add = [&](std::uint16_t slot, RowAct act) {
    if (slot < next || slot >= end) return false;
    acts_[slot - first] = act;
    next = slot + 1u;
    return true;
  };
  for (std::size_t i = 0; i < program.rest.size(); ++i) {
    const ColumnOp& op = program.rest[i];
    if (op.act == ColumnAct::skip_if_null) {
      if (op.slot < first) return false;
      if (type_at(op.slot) == 0) i = op.jump - 1u;
      continue;
    }
    if (op.values != 1) return false;
    const std::uint16_t slot = program.parts[op.value].slot;
    if (slot == no_slot || slot < first) return false;
    const std::uint8_t type = type_at(slot);
    switch (op.act) {
      case ColumnAct::value:
      case ColumnAct::item:
        if (op.guarded && type == 0) break;
        if (op.names > 1 || (op.names == 1 && program.parts[op.name].slot != no_slot)) return false;
        if (type == static_cast<std::uint8_t>(ValueType::binxml)) return false;
        if (!add(slot, (type & array_bit) != 0 ? RowAct::array : act_of(type))) return false;
        names_.push_back(op.names == 1 ? program.parts[op.name] : Part{});
        break;
      case ColumnAct::nested:
        if (type == 0) break;
        if (type != static_cast<std::uint8_t>(ValueType::binxml) || !add(slot, RowAct::fragment)) return false;
        if (context_ != Context::document && context_ != op.context) return false;
        context_ = op.context;
        break;
      case ColumnAct::field:
        if (op.field != Field::binary) return false;
        if (type == 0) break;
        if (type != static_cast<std::uint8_t>(ValueType::binary) || !add(slot, RowAct::binary)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

const std::int32_t* RowScript::codes(const TextBuffer& texts, RowWriter& rows) {
  if (codes_of_ == rows.id()) return codes_.data();
  codes_.clear();
  for (const Part& name : names_) codes_.push_back(rows.item_name({texts.data() + name.text, name.text_size}));
  codes_of_ = rows.id();
  return codes_.data();
}

}  // namespace synclens::evtx
