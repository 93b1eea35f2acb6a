// What a fragment prints as XML: literal bytes with the places of the values between them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "decode/binxml.hpp"

namespace synclens::evtx {

enum class XmlAct : std::uint8_t {
  text_value,       // slot
  attribute_value,  // slot
  text_leaf,        // slot, tail_size: nothing where it is NULL; else head, value and tail
  attribute_leaf,   // the same in an attribute
  skip_if_null,     // slot, jump: an element or attribute that is left out
  repeat,           // slot, jump: the element that stands between, once for each item where the value is an array
  end,
};

// Its literal is printed first, then the act is done.
struct XmlStep {
  XmlAct act;
  std::uint16_t slot = no_slot;
  std::uint32_t literal = 0, literal_size = 0;
  std::uint32_t jump = 0;
  std::uint32_t head_size = 0, tail_size = 0;  // behind the literal, in this order
};

struct XmlProgram {
  std::vector<XmlStep> steps;  // for any values
  std::vector<XmlStep> plain;  // for values without arrays: nothing is repeated
  std::string literals;        // padded
};

// Without `values` (a fragment that is no template) there are only the plain steps.
void compile_xml(const Tree& tree, bool values, XmlProgram& program);

}  // namespace synclens::evtx
