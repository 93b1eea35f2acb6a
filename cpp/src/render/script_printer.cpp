#include "render/script_printer.hpp"

#include <algorithm>
#include <utility>

namespace synclens::evtx {
namespace {

// Of text behind which more may be read, into room behind which more may be written.
inline char* put_literal(char* to, const char* text, std::size_t size) {
  for (std::size_t done = 0; done < size; done += TextBuffer::padding) {
    std::memcpy(to + done, text + done, TextBuffer::padding);
  }
  return to + size;
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

bool ScriptPrinter::print(const Instance& instance, Level level, TextBuffer& out, const TextScript* around) {
  TextScript* const script =
      instance.plan->kept && instance.descriptors != nullptr ? script_of(instance, level) : nullptr;
  if (script == nullptr || !script->suits) return print_by_rules(instance, level, out);
  if (level == Level::document) first_neighbour_ = neighbour_count_ = 0;
  if (around != nullptr && level == Level::nested && emptiness_matters_) {
    if (script->fits != around) {
      const auto& beside = around->keys_beside;
      if (std::find(beside.begin(), beside.end(), script->own_key) != beside.end()) return false;
      script->fits = around;
    }
    for (std::size_t i = first_neighbour_; i < neighbour_count_; ++i) {
      if (neighbours_[i]->own_key == script->own_key) return false;
    }
    if (neighbour_count_ == most_neighbours) return false;
    neighbours_[neighbour_count_++] = script;
  }
  const std::size_t start = out.size();
  const ScriptBody& body =
      level == Level::document && instance.in_a_row ? with_system(instance, *script) : script->body;
  if (run(instance, *script, body, out)) return true;
  out.cut(start);
  return print_by_rules(instance, level, out);
}

TextScript* ScriptPrinter::script_of(const Instance& instance, Level level) {
  auto& scripts = instance.plan->scripts(level);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (!scripts[i]->shape.matches(instance.descriptors, instance.count)) continue;
    if (i != 0) std::swap(scripts[i], scripts[i / 2]);
    return scripts[i / 2].get();
  }
  return make_script(instance, level);
}

TextScript* ScriptPrinter::make_script(const Instance& instance, Level level) {
  auto& scripts = instance.plan->scripts(level);
  if (scripts.size() >= most_scripts || instance.count >= no_slot) return nullptr;
  if (any_odd(instance.descriptors, instance.count)) return nullptr;
  for (const Node& node : instance.plan->tree.nodes) {  // their text could hold what looks like a mark
    if (node.kind == NodeKind::pi || node.kind == NodeKind::cdata) return nullptr;
  }
  auto script = std::make_unique<TextScript>();
  ValueStack& values = fragments_.values();
  const std::size_t mark = values.size();
  Instance marks = instance;
  marks.first = mark;
  (void)values.grow(instance.count);
  for (std::uint32_t i = 0; i < instance.count; ++i) {
    values[mark + i] = marked(values[instance.first + i], static_cast<std::uint16_t>(i), emptiness_matters_);
  }
  recorded_.clear();
  bool suits = false;
  const std::size_t most = std::exchange(most_size_, 2 * TextScript::most_literals);
  try {
    suits = record(marks, level, recorded_, *script);
  } catch (const Damage&) {  // more than a script may hold
  }
  most_size_ = most;
  values.cut(mark);
  suits = suits && recorded_.size() <= 2 * TextScript::most_literals &&
          read_script(recorded_.view(), instance.descriptors, instance.count, emptiness_matters_, *script);
  if (!suits) refuse_script(instance.descriptors, instance.count, *script);
  if (!fragments_.plans().spend(sizeof(TextScript) + script->body.bytes() + script->shape.bytes())) return nullptr;
  if (suits && level == Level::document) script->heads.emplace(instance.plan->key());
  scripts.push_back(std::move(script));
  return scripts.back().get();
}

const ScriptBody& ScriptPrinter::with_system(const Instance& instance, TextScript& script) {
  const Value* const values = &fragments_.values()[instance.first];
  bool make = false;
  if (const ScriptBody* found = script.heads->find(values, instance.count, make)) return *found;
  if (!make) return script.body;
  const SystemKey& key = instance.plan->key();
  auto made = with_values(script.body, values, [&](std::uint16_t slot) { return key.is_kept(slot); });
  if (!made) return script.body;
  const std::size_t cost = made->bytes();
  return *script.heads->keep(values, instance.count, std::move(*made), cost, system_bytes_);
}

bool ScriptPrinter::run(const Instance& instance, const TextScript& script, const ScriptBody& body, TextBuffer& out) {
  // The most that this can print: each value as often as the one that is printed most often.
  const std::size_t room = body.literals.size() + TextBuffer::padding + widest_of_value(0) +
                           body.uses * (instance.bytes * widest_of_unit + instance.count * widest_of_value(0));
  if (out.size() + room > most_size_) return false;
  const Value* values = &fragments_.values()[instance.first];
  const char* const literals = body.literals.data();
  char* to = out.room(room);
  for (const ScriptOp* op = body.ops.data();; ++op) {
    to = put_literal(to, literals + op->literal, op->literal_size);
    const Value& value = values[op->slot];
    const char* const before = to;
    switch (op->act) {
      case ScriptAct::text:
        to = put_utf16<Escape::xml_text>(to, value.data, units_without_nuls(value.data, value.size));
        break;
      case ScriptAct::attribute:
        to = put_utf16<Escape::xml_attribute>(to, value.data, units_without_nuls(value.data, value.size));
        break;
      case ScriptAct::json:
        to = put_utf16<Escape::json>(to, value.data, units_without_nuls(value.data, value.size));
        if (op->never_empty && to == before) return false;
        break;
      case ScriptAct::ansi:
        to = put_escaped(to, value, op->escape, &memo_);
        if (op->never_empty && to == before) return false;
        break;
      case ScriptAct::uint8:
        to = put_unsigned(to, *value.data);
        break;
      case ScriptAct::uint16:
        to = put_unsigned(to, load<std::uint16_t>(value.data));
        break;
      case ScriptAct::uint32:
        to = put_unsigned(to, load<std::uint32_t>(value.data));
        break;
      case ScriptAct::int32:
        to = put_signed(to, load<std::int32_t>(value.data));
        break;
      case ScriptAct::uint64:
        to = put_unsigned(to, load<std::uint64_t>(value.data));
        break;
      case ScriptAct::guid:
        to = put_guid(to, value.data);
        break;
      case ScriptAct::filetime:
        to = put_filetime(to, load<std::uint64_t>(value.data), &memo_);
        break;
      case ScriptAct::sid:
        to = put_sid(to, value.data, value.size, &memo_);
        break;
      case ScriptAct::hex32:
        to = put_hex_number(to, load<std::uint32_t>(value.data));
        break;
      case ScriptAct::hex64:
        to = put_hex_number(to, load<std::uint64_t>(value.data));
        break;
      case ScriptAct::value:
        to = put_value<Escape::plain>(to, value, &memo_);
        break;
      case ScriptAct::list_begin:
      case ScriptAct::json_list:
      case ScriptAct::fragment:
      case ScriptAct::lone_fragment: {
        out.end_at(to);
        if (op->act == ScriptAct::list_begin) {
          print_list(value, op, literals, out);
          while (op->act != ScriptAct::list_end) ++op;
        } else if (op->act == ScriptAct::json_list) {
          print_json_list(value, out);
        } else if (!nested(value, op->act == ScriptAct::fragment ? Level::nested : Level::alone, script, out)) {
          return false;
        }
        if (out.size() + room > most_size_) return false;
        to = out.room(room);
        values = &fragments_.values()[instance.first];
        break;
      }
      case ScriptAct::list_item:
      case ScriptAct::list_end:
        break;
      case ScriptAct::end:
        out.end_at(to);
        return true;
    }
  }
}

bool ScriptPrinter::nested(const Value& value, Level level, const TextScript& around, TextBuffer& out) {
  const std::size_t outer_first = std::exchange(first_neighbour_, neighbour_count_);
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  bool fits = true;
  std::size_t count = 0;
  fragments_.each(in, false, [&](const Instance& inner) {
    ++count;
    return fits = print(inner, level, out, &around);
  });
  neighbour_count_ = std::exchange(first_neighbour_, outer_first);
  return fits && (level == Level::nested || count == 1);
}

}  // namespace synclens::evtx
