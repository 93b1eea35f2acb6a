#include "decode/text_script.hpp"

#include <algorithm>

#include "decode/binxml.hpp"
#include "decode/value_writer.hpp"

namespace synclens::evtx {
namespace {

constexpr std::size_t most_ops = 4096;

bool is_bare(std::uint8_t type) {
  const auto base = static_cast<std::uint8_t>(type & ~array_bit);
  return (base >= static_cast<std::uint8_t>(ValueType::int8) && base <= static_cast<std::uint8_t>(ValueType::uint64)) ||
         base == static_cast<std::uint8_t>(ValueType::boolean);
}

ScriptAct act_of(std::uint8_t type, Escape escape) {
  switch (static_cast<ValueType>(type & ~array_bit)) {
    case ValueType::ansi:
      return ScriptAct::ansi;
    case ValueType::string:
      if (escape == Escape::json) return ScriptAct::json;
      return escape == Escape::xml_attribute ? ScriptAct::attribute : ScriptAct::text;
    case ValueType::uint8:
      return ScriptAct::uint8;
    case ValueType::uint16:
      return ScriptAct::uint16;
    case ValueType::uint32:
      return ScriptAct::uint32;
    case ValueType::int32:
      return ScriptAct::int32;
    case ValueType::uint64:
      return ScriptAct::uint64;
    case ValueType::guid:
      return ScriptAct::guid;
    case ValueType::filetime:
      return ScriptAct::filetime;
    case ValueType::sid:
      return ScriptAct::sid;
    case ValueType::hex32:
      return ScriptAct::hex32;
    case ValueType::hex64:
      return ScriptAct::hex64;
    default:
      return ScriptAct::value;
  }
}

char* put_mark_bytes(char* to, MarkByte kind, std::uint16_t slot, Escape escape) {
  to[0] = static_cast<char>(kind);
  to[1] = static_cast<char>(slot & 0xFF);
  to[2] = static_cast<char>(slot >> 8);
  to[3] = static_cast<char>(escape);
  return to + mark_size;
}

bool is_text(std::uint8_t type) {
  const auto t = static_cast<ValueType>(type);
  return t == ValueType::string || t == ValueType::ansi;
}

}  // namespace

char* put_mark(char* to, const Value& mark, Escape escape) {
  const bool fragment = mark.type == static_cast<std::uint8_t>(Mark::fragment);
  return put_mark_bytes(to, fragment ? MarkByte::fragment : MarkByte::value, slot_of(mark), escape);
}

void append_mark(TextBuffer& out, MarkByte kind, const Value& mark) {
  out.end_at(put_mark_bytes(out.room(mark_size), kind, slot_of(mark), Escape::json));
}

bool holds_mark(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_mark);
}

Value marked(const Value& value, std::uint16_t slot, bool emptiness_matters) {
  const bool empty = value.size == 0 && !value.is_array();
  const bool constant = value.is_null() || (empty && (emptiness_matters || !is_text(value.type)));
  if (constant) return value;
  Value mark = value;
  const Mark kind = value.is(ValueType::binxml) ? Mark::fragment : is_bare(value.type) ? Mark::bare : Mark::text;
  mark.type = static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) | (value.type & array_bit));
  mark.size = static_cast<std::uint16_t>(slot + 1);
  return mark;
}

void refuse_script(const std::uint8_t* descriptors, std::uint32_t count, TextScript& script) {
  script.shape = DescriptorShape(descriptors, count, std::vector<std::uint8_t>(count, 1));
  script.suits = false;
}

bool read_script(std::string_view printed, const std::uint8_t* descriptors, std::uint32_t count, bool emptiness_matters,
                 TextScript& script) {
  const auto type_at = [descriptors](std::uint32_t slot) { return descriptors[slot * descriptor_size + 2]; };
  const auto is_empty = [descriptors](std::uint32_t slot) {
    return load<std::uint16_t>(descriptors + slot * descriptor_size) == 0;
  };
  std::vector<std::uint32_t> uses(count, 0);
  std::vector<std::uint8_t> strict(count, 0);  // slots of texts whose emptiness would change the shape
  ScriptBody& body = script.body;
  std::string literals;
  std::size_t done = 0;
  std::uint16_t list = no_slot;
  while (true) {
    const auto mark = std::find_if(printed.begin(), printed.end(), is_mark);
    const auto plain = static_cast<std::size_t>(mark - printed.begin());
    literals.append(printed.substr(0, plain));
    printed.remove_prefix(plain);
    ScriptOp op;
    op.literal = static_cast<std::uint32_t>(done);
    op.literal_size = static_cast<std::uint32_t>(literals.size() - done);
    done = literals.size();
    if (printed.empty()) {
      body.ops.push_back(op);
      break;
    }
    if (printed.size() < mark_size || body.ops.size() >= most_ops) return false;
    op.slot = static_cast<std::uint16_t>(static_cast<unsigned char>(printed[1]) |
                                         static_cast<unsigned>(static_cast<unsigned char>(printed[2])) << 8);
    op.escape = static_cast<Escape>(printed[3] & 3);
    const bool lenient = (printed[3] & may_be_empty) != 0;
    const auto kind = static_cast<MarkByte>(printed[0]);
    printed.remove_prefix(mark_size);
    if (op.slot >= count) return false;
    const bool fragment = kind == MarkByte::fragment || kind == MarkByte::lone_fragment;
    if (!fragment && kind != MarkByte::list_end) ++uses[op.slot];
    switch (kind) {
      case MarkByte::value:
        // In a list, a value beside the items would be printed as often as there are items.
        if (list != no_slot && list != op.slot) return false;
        op.act = list != no_slot ? ScriptAct::list_item : act_of(type_at(op.slot), op.escape);
        op.never_empty = emptiness_matters && !lenient && is_text(type_at(op.slot)) && !is_empty(op.slot);
        if (emptiness_matters && !lenient) strict[op.slot] = 1;
        break;
      case MarkByte::list_begin:
        if (list != no_slot) return false;  // an array for each item of another
        list = op.slot;
        op.act = ScriptAct::list_begin;
        break;
      case MarkByte::list_end:
        list = no_slot;
        op.act = ScriptAct::list_end;
        break;
      case MarkByte::json_list:
        op.act = ScriptAct::json_list;
        break;
      case MarkByte::fragment:
      case MarkByte::lone_fragment:
        if (list != no_slot) return false;
        op.act = kind == MarkByte::fragment ? ScriptAct::fragment : ScriptAct::lone_fragment;
        break;
    }
    body.ops.push_back(op);
  }
  if (list != no_slot || literals.size() > TextScript::most_literals) return false;
  std::vector<std::uint8_t> exact(count, 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    body.uses = std::max(body.uses, uses[i]);
    const bool shown = uses[i] != 0 && !is_empty(i);
    if (is_text(type_at(i)) && (!emptiness_matters || (shown && strict[i] == 0))) exact[i] = 0;
  }
  script.shape = DescriptorShape(descriptors, count, exact);
  body.literals = std::move(literals);
  body.literals.append(TextBuffer::padding, '\0');
  script.suits = true;
  return true;
}

}  // namespace synclens::evtx
