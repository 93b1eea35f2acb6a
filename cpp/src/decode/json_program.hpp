// What a fragment prints as JSON: literal bytes with the places of the values between them. Only for fragments whose
// keys are known beforehand; all others, and values that change the shape, are left to the printer's tree.
//
// Each member is printed with a comma behind it, and what closes an object or array takes the last comma back. So a
// member can be left out without knowing its neighbours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode/binxml.hpp"

namespace synclens::evtx {

enum class JsonAct : std::uint8_t {
  print,             // nothing but the literal
  skip_if_null,      // slot, jump
  attribute,         // parts; drop: its key, taken back where there is no text
  attributes_end,    // drop: what is taken back where no attribute was printed
  leaf,              // parts: text of an element without attributes, or null
  attributed_leaf,   // the same behind attributes_end
  data,              // parts: a Data element under its name; an array is a list
  positional,        // parts: one of the Data elements without names
  positional_begin,  // drop: what is taken back where there is none of them
  positional_end,
  nested,  // slot: BinXml; parts: names of the members beside it
  close,   // the object; null where nothing is in it
};

struct JsonPart {
  std::uint16_t slot = no_slot;  // no_slot: literal
  std::uint32_t text = 0, text_size = 0;
};

// Its literal is printed first, then the act is done.
struct JsonStep {
  JsonAct act;
  bool in_container = false;  // nested: Data elements directly in it have names of their own
  std::uint16_t slot = no_slot;
  std::uint32_t literal = 0, literal_size = 0;
  std::uint32_t jump = 0, drop = 0;
  std::uint32_t part = 0, parts = 0;
};

struct JsonProgram {
  bool suits = false;  // false: only the tree can print this fragment
  std::vector<JsonStep> steps;
  std::vector<JsonPart> parts;
  std::string literals;           // padded
  std::uint32_t root_guards = 0;  // steps that leave the root out where it is nested
  JsonPart root;                  // its name
  std::uint32_t runs = 0, misses = 0;

  [[nodiscard]] std::string_view text(const JsonPart& part) const {
    return std::string_view(literals).substr(part.text, part.text_size);
  }
};

void compile_json(const Tree& tree, JsonProgram& program);

}  // namespace synclens::evtx
