#include "render/script_printer.hpp"

#include <algorithm>
#include <utility>

#include "decode/bare_walk.hpp"
#include "render/script_values.hpp"

namespace synclens::evtx {

bool ScriptPrinter::print(const Instance& instance, Level level, TextBuffer& out, const TextScript* around) {
  TextScript* const script =
      instance.plan->kept && instance.descriptors != nullptr ? script_of(instance, level) : nullptr;
  if (script == nullptr || !script->suits) return print_by_rules(instance, level, out);
  if (!joins_neighbours(*script, level, around)) return false;
  const std::size_t start = out.size();
  const ScriptBody& body =
      level == Level::document && instance.in_a_row ? with_system(instance, *script) : script->body;
  const ValuesRead values(fragments_.values(), instance.first);
  if (run(Printing<ValuesRead>{values, instance.count, instance.bytes, *script, body}, out)) return true;
  out.cut(start);
  return print_by_rules(instance, level, out);
}

bool ScriptPrinter::joins_neighbours(TextScript& script, Level level, const TextScript* around) {
  if (level == Level::document) first_neighbour_ = neighbour_count_ = 0;
  if (around == nullptr || level != Level::nested || !emptiness_matters_) return true;
  if (script.fits != around) {
    const auto& beside = around->keys_beside;
    if (std::find(beside.begin(), beside.end(), script.own_key) != beside.end()) return false;
    script.fits = around;
  }
  for (std::size_t i = first_neighbour_; i < neighbour_count_; ++i) {
    if (neighbours_[i]->own_key == script.own_key) return false;
  }
  if (neighbour_count_ == most_neighbours) return false;
  neighbours_[neighbour_count_++] = &script;
  return true;
}

bool ScriptPrinter::print_known_document(Cursor in, TextBuffer& out) {
  const std::size_t start = out.size();
  const bool printed =
      print_known(in, Level::document, out, nullptr) || (is_bare_element(in) && print_bare(in, Level::document, out));
  if (!printed) return false;
  if (in.left() == 0 || *in.here() == static_cast<std::uint8_t>(Token::end_of_fragment)) return true;
  out.cut(start);
  return false;
}

bool ScriptPrinter::print_known(Cursor& in, Level level, TextBuffer& out, const TextScript* around) {
  InstanceHead head;
  Cursor behind = in;
  if (!fragments_.may_go_deeper() || !fragments_.head(behind, head)) return false;
  if (!head.plan->kept || head.count > PeekedInstance::most_values) return false;
  if (level == Level::document && print_kept_system(head, behind, out)) {
    in = behind;
    return true;
  }
  TextScript* const script = find_script(head.plan->scripts(level), head.descriptors, head.count);
  if (script == nullptr || !script->suits) return false;
  std::uint32_t places[PeekedInstance::most_values + 4];
  places_of_values(head.descriptors, head.count, places);
  const std::uint32_t bytes = places[head.count];
  if (bytes > behind.left()) return false;
  const ScriptBody* body = &script->body;
  if (level == Level::document) {
    std::uint32_t size = 0;
    if (const ScriptBody* const found = script->heads->find(head.descriptors, head.count, head.start, bytes, size)) {
      body = found;
    } else if (script->heads->missed(head.descriptors, head.count, head.start)) {
      return false;  // something is to be kept
    }
  }
  const std::size_t start = out.size(), neighbours = neighbour_count_, first = first_neighbour_;
  const bool printed = joins_neighbours(*script, level, around) && fragments_.deeper([&] {
    return run(Printing<ValuesInRow>{ValuesInRow(head, places), head.count, bytes, *script, *body}, out);
  });
  if (!printed) {
    out.cut(start);
    neighbour_count_ = neighbours;
    first_neighbour_ = first;
    return false;
  }
  behind.move_to(head.start + bytes);
  in = behind;
  return true;
}

bool ScriptPrinter::print_kept_system(const InstanceHead& head, Cursor& behind, TextBuffer& out) {
  const auto& scripts = head.plan->scripts(Level::document);
  if (scripts.empty() || !scripts.front()->suits) return false;
  TextScript& script = *scripts.front();
  // What stands in System has the types and sizes of one that fitted the script.
  const std::uint32_t slots = head.plan->key().slots;
  if (head.count != slots + 1) return false;
  const auto last = load<std::uint32_t>(head.descriptors + std::size_t{slots} * descriptor_size);
  if (!script.shape.matches_at(head.count, slots, last)) return false;
  std::uint32_t size = 0;
  const ScriptBody* const body = script.heads->find(head.descriptors, head.count, head.start, behind.left(), size);
  if (body == nullptr) return false;
  const std::uint32_t bytes = size + (last & 0xFFFF);
  if (bytes > behind.left()) return false;
  const std::size_t start = out.size();
  first_neighbour_ = neighbour_count_ = 0;
  const bool printed = fragments_.deeper([&] {
    const ValuesInRow values(head, script.heads->places());
    return run(Printing<ValuesInRow>{values, head.count, bytes, script, *body}, out);
  });
  if (!printed) {
    out.cut(start);
    return false;
  }
  behind.move_to(head.start + bytes);
  return true;
}

TextScript* ScriptPrinter::script_of(const Instance& instance, Level level) {
  TextScript* const known = find_script(instance.plan->scripts(level), instance.descriptors, instance.count);
  return known != nullptr ? known : make_script(instance, level);
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

bool ScriptPrinter::nested(const Value& value, Level level, const TextScript& around, TextBuffer& out) {
  const std::size_t outer_first = std::exchange(first_neighbour_, neighbour_count_);
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  bool fits = true;
  std::size_t count = 0;
  constexpr auto end_of_fragment = static_cast<std::uint8_t>(Token::end_of_fragment);
  while (in.left() != 0 && fits) {
    if (*in.here() == end_of_fragment) {
      in.skip(1, "");
    } else if (print_known(in, level, out, &around) || (is_bare_element(in) && print_bare(in, level, out))) {
      ++count;
    } else {
      fragments_.each(in, false, [&](const Instance& inner) {
        ++count;
        return fits = print(inner, level, out, &around);
      });
    }
  }
  neighbour_count_ = std::exchange(first_neighbour_, outer_first);
  return fits && (level == Level::nested || count == 1);
}

}  // namespace synclens::evtx
