// What an instance of a template prints when its values have certain types: literal bytes with the places of values
// between them, and nothing left to decide.
//
// Scripts are not compiled but recorded: the printer of the format, which knows all its rules, prints the instance
// once with marks in the place of its values, and what lies between the marks are the literals. So each format has one
// set of rules, and a record that fits no script is printed by them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decode/binxml_value.hpp"
#include "decode/descriptors.hpp"
#include "decode/system_cache.hpp"
#include "decode/utf16.hpp"

namespace synclens::evtx {

enum class ScriptAct : std::uint8_t {
  text,  // UTF-16, by escape
  attribute,
  json,
  ansi,
  uint8,  // what has no escapes, by type; the size fits it
  uint16,
  uint32,
  int32,
  uint64,
  guid,
  filetime,
  sid,
  hex32,
  hex64,
  value,       // of another type that has no escapes
  list_begin,  // what stands up to list_end once for each item; what stands between are the item and literals
  list_item,
  list_end,
  json_list,  // items in brackets, or one alone
  fragment,   // BinXml
  lone_fragment,
  end,
};

// Its literal is printed first, then the act is done.
struct ScriptOp {
  std::uint32_t literal = 0, literal_size = 0;
  std::uint16_t slot = 0;
  ScriptAct act = ScriptAct::end;
  Escape escape = Escape::plain;
  bool never_empty = false;  // a text of no characters would change the shape
};

struct ScriptBody {
  std::vector<ScriptOp> ops;
  std::string literals;    // padded
  std::uint32_t uses = 0;  // how often the value that is printed most often is printed

  [[nodiscard]] std::size_t bytes() const { return ops.size() * sizeof(ScriptOp) + literals.size(); }
};

struct TextScript {
  static constexpr std::size_t most_literals = 1u << 16;  // a template that prints more has no script

  DescriptorShape shape;  // of the instances that it prints
  bool suits = false;     // false: these types have no script
  ScriptBody body;
  // JSON: its own key where it is a fragment, and the keys that stand beside the fragment in it. `fits`: the last
  // script beside whose keys this one's was found to be new.
  std::string own_key;
  std::vector<std::string> keys_beside;
  const TextScript* fits = nullptr;
  std::optional<SystemCache<ScriptBody>> heads;  // with what stands in System put in
};

// The marks in what was printed: four bytes each, this one first, then the slot, then what mark_flags() takes apart.
enum class MarkByte : char { value = 1, list_begin = 2, list_end = 3, json_list = 4, fragment = 5, lone_fragment = 6 };
[[nodiscard]] constexpr bool is_mark(char c) {
  return c >= static_cast<char>(MarkByte::value) && c <= static_cast<char>(MarkByte::lone_fragment);
}
inline constexpr std::size_t mark_size = 4;
inline constexpr char may_be_empty = 0x10;  // flag of a text whose shape does not depend on it

// A mark for the value of a slot, or the value itself where it is a constant of the shape: NULL, and nothing where
// emptiness matters.
[[nodiscard]] Value marked(const Value& value, std::uint16_t slot, bool emptiness_matters);
[[nodiscard]] inline std::uint16_t slot_of(const Value& mark) {
  return static_cast<std::uint16_t>(mark.size - 1);
}
void append_mark(TextBuffer& out, MarkByte kind, const Value& mark);
[[nodiscard]] bool holds_mark(std::string_view text);

// Makes the script of what was printed; false where it has none.
[[nodiscard]] bool read_script(std::string_view printed, const std::uint8_t* descriptors, std::uint32_t count,
                               bool emptiness_matters, TextScript& script);
// That these types have no script.
void refuse_script(const std::uint8_t* descriptors, std::uint32_t count, TextScript& script);

// The body with the values that `is_kept` names put in; nothing where that cannot be done.
template <typename IsKept>
[[nodiscard]] std::optional<ScriptBody> with_values(const ScriptBody& body, const Value* values, IsKept is_kept) {
  ScriptBody made;
  made.uses = body.uses;
  TextBuffer text;
  std::size_t done = 0;
  for (const ScriptOp& op : body.ops) {
    text.append(std::string_view(body.literals).substr(op.literal, op.literal_size));
    const bool scalar = op.act <= ScriptAct::value;
    if (scalar && is_kept(op.slot)) {
      const std::size_t before = text.size();
      append_value(text, values[op.slot], op.escape);
      if (op.never_empty && text.size() == before) return std::nullopt;
      continue;
    }
    ScriptOp& kept = made.ops.emplace_back(op);
    kept.literal = static_cast<std::uint32_t>(done);
    kept.literal_size = static_cast<std::uint32_t>(text.size() - done);
    done = text.size();
  }
  if (text.size() > TextScript::most_literals) return std::nullopt;
  made.literals.assign(text.view());
  made.literals.append(TextBuffer::padding, '\0');
  return made;
}

}  // namespace synclens::evtx
