// Runs scripts: literals and values in turn, into room that was made before.
#include "decode/wide_text.hpp"
#include "render/script_printer.hpp"
#include "render/script_values.hpp"

namespace synclens::evtx {
namespace {

// Of text behind which more may be read, into room behind which more may be written.
SYNCLENS_ALWAYS_INLINE char* put_literal(char* to, const char* text, std::size_t size) {
  char* const end = to + size;
  do {  // mostly once
    std::memcpy(to, text, TextBuffer::padding);
    to += TextBuffer::padding;
    text += TextBuffer::padding;
  } while (to < end);
  return end;
}

char* put_escaped(char* to, const Value& value, Escape escape, ValueMemo* memo) {
  switch (escape) {
    case Escape::xml_text:
      return put_value<Escape::xml_text>(to, value, memo);
    case Escape::xml_attribute:
      return put_value<Escape::xml_attribute>(to, value, memo);
    case Escape::json:
      return put_value<Escape::json>(to, value, memo);
    case Escape::plain:
      break;
  }
  return put_value<Escape::plain>(to, value, memo);
}

// An array without items is one item without bytes.
template <typename Use>
void each_item(const Value& array, Use use) {
  ArrayItems items(array);
  Value item;
  if (!items.next(item)) item = Value{array.data, 0, static_cast<std::uint8_t>(ValueType::string)};
  do {
    use(item);
  } while (items.next(item));
}

void print_list(const Value& array, const ScriptOp* op, const char* literals, TextBuffer& out) {
  each_item(array, [&](const Value& item) {
    for (const ScriptOp* at = op + 1;; ++at) {
      out.append({literals + at->literal, at->literal_size});
      if (at->act == ScriptAct::list_end) return;
      append_value(out, item, at->escape);
    }
  });
}

void print_json_list(const Value& array, TextBuffer& out) {
  const bool bare = marked(array, 0, true).type == (static_cast<std::uint8_t>(Mark::bare) | array_bit);
  const std::size_t start = out.size();
  std::size_t count = 0;
  out.push('[');
  each_item(array, [&](const Value& item) {
    const bool quoted = !bare || item.size == 0;
    if (quoted) out.push('"');
    append_value(out, item, Escape::json);
    if (quoted) out.push('"');
    out.push(',');
    ++count;
  });
  out.cut(out.size() - 1);
  if (count == 1) {
    out.erase(start);
  } else {
    out.push(']');
  }
}

}  // namespace

template <typename Values>
bool ScriptPrinter::run(const Printing<Values>& printing, TextBuffer& out) {
  // The most that this can print: each value as often as the one that is printed most often.
  const std::size_t room = printing.body.literals.size() + TextBuffer::padding + widest_of_value(0) +
                           printing.body.uses * (printing.bytes * widest_of_unit + printing.count * widest_of_value(0));
  if (out.size() + room > most_size_) return false;
#if defined(__x86_64__)
  if (utf16_kernel() == Utf16Kernel::avx2) return run_wide(printing, room, out);
#endif
  return run_ops(printing, room, out, UsualText{utf16_kernel() != Utf16Kernel::scalar});
}

#if defined(__x86_64__)
template <typename Values>
SYNCLENS_WIDE_LOOP bool ScriptPrinter::run_wide(const Printing<Values>& printing, std::size_t room, TextBuffer& out) {
  return run_ops(printing, room, out, WideText());
}
#endif

template <typename Values, typename Text>
SYNCLENS_ALWAYS_INLINE bool ScriptPrinter::run_ops(const Printing<Values>& printing, std::size_t room, TextBuffer& out,
                                                   Text text) {
  const Values values = printing.values;
  const ScriptBody& body = printing.body;
  const char* const literals = body.literals.data();
  char* to = out.room(room);
  for (const ScriptOp* op = body.ops.data();; ++op) {
    to = put_literal(to, literals + op->literal, op->literal_size);
    const std::uint16_t slot = op->slot;
    const char* const before = to;
    switch (op->act) {
      case ScriptAct::text:
        to = text.template put<Escape::xml_text>(to, values.data(slot), values.size(slot));
        break;
      case ScriptAct::attribute:
        to = text.template put<Escape::xml_attribute>(to, values.data(slot), values.size(slot));
        break;
      case ScriptAct::json:
        to = text.template put<Escape::json>(to, values.data(slot), values.size(slot));
        if (op->never_empty && to == before) return false;
        break;
      case ScriptAct::ansi:
        to = put_escaped(to, values[slot], op->escape, &memo_);
        if (op->never_empty && to == before) return false;
        break;
      case ScriptAct::uint8:
        to = put_unsigned(to, *values.data(slot));
        break;
      case ScriptAct::uint16:
        to = put_unsigned(to, load<std::uint16_t>(values.data(slot)));
        break;
      case ScriptAct::uint32:
        to = put_unsigned(to, load<std::uint32_t>(values.data(slot)));
        break;
      case ScriptAct::int32:
        to = put_signed(to, load<std::int32_t>(values.data(slot)));
        break;
      case ScriptAct::uint64:
        to = put_unsigned(to, load<std::uint64_t>(values.data(slot)));
        break;
      case ScriptAct::guid:
        to = put_guid(to, values.data(slot));
        break;
      case ScriptAct::filetime:
        to = put_filetime(to, load<std::uint64_t>(values.data(slot)), &memo_);
        break;
      case ScriptAct::sid:
        to = put_sid(to, values.data(slot), values.size(slot), &memo_);
        break;
      case ScriptAct::hex32:
        to = put_hex_number(to, load<std::uint32_t>(values.data(slot)));
        break;
      case ScriptAct::hex64:
        to = put_hex_number(to, load<std::uint64_t>(values.data(slot)));
        break;
      case ScriptAct::value:
        to = put_value<Escape::plain>(to, values[slot], &memo_);
        break;
      case ScriptAct::list_begin:
      case ScriptAct::json_list:
      case ScriptAct::fragment:
      case ScriptAct::lone_fragment:
        out.end_at(to);
        if (!print_several(op, values[slot], literals, printing.script, out)) return false;
        if (out.size() + room > most_size_) return false;
        to = out.room(room);
        break;
      case ScriptAct::list_item:
      case ScriptAct::list_end:
        break;
      case ScriptAct::end:
        out.end_at(to);
        return true;
    }
  }
}

// A value that is more than one text. Moves to the end of what it uses of the script.
bool ScriptPrinter::print_several(const ScriptOp*& op, const Value& value, const char* literals,
                                  const TextScript& script, TextBuffer& out) {
  switch (op->act) {
    case ScriptAct::list_begin:
      print_list(value, op, literals, out);
      while (op->act != ScriptAct::list_end) ++op;
      return true;
    case ScriptAct::json_list:
      print_json_list(value, out);
      return true;
    default:
      return nested(value, op->act == ScriptAct::fragment ? Level::nested : Level::alone, script, out);
  }
}

template bool ScriptPrinter::run(const Printing<ValuesInRow>& printing, TextBuffer& out);
template bool ScriptPrinter::run(const Printing<ValuesRead>& printing, TextBuffer& out);

}  // namespace synclens::evtx
