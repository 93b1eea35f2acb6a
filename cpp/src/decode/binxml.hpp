// BinXML, the binary XML of event records: its tokens, and the tree that a fragment compiles to.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "decode/binxml_cursor.hpp"
#include "decode/text_buffer.hpp"

namespace synclens::evtx {

enum class Token : std::uint8_t {
  end_of_fragment = 0x00,
  open_element = 0x01,
  close_start = 0x02,
  close_empty = 0x03,
  end_element = 0x04,
  text = 0x05,
  attribute = 0x06,
  cdata = 0x07,
  char_reference = 0x08,
  entity = 0x09,
  pi_target = 0x0a,
  pi_data = 0x0b,
  template_instance = 0x0c,
  substitution = 0x0d,
  optional_substitution = 0x0e,
  fragment_header = 0x0f,
};
inline constexpr std::uint8_t more_bit = 0x40;  // attributes follow, or another attribute or text does

inline constexpr std::uint16_t no_slot = 0xFFFF;

enum class NodeKind : std::uint8_t {
  element,    // text: name; slot: the dependency; end: its element_end. Attributes come first, then content
  attribute,  // text: name; end: its attribute_end; between them text and slot nodes
  content,    // where the attributes end
  text,       // literal text, references resolved, neighbours joined
  cdata,
  slot,  // a value of the instance
  pi,    // text: target, then its data after a NUL
  attribute_end,
  element_end,
};

struct Node {
  NodeKind kind;
  bool optional = false;  // slot: NULL removes the enclosing element or attribute
  bool unproved = false;  // element, attribute: the name has not the hash that its entry states
  std::uint8_t type = 0;  // slot: the type that the template expects
  std::uint16_t slot = no_slot;
  bool plain = false;                     // names: of letters, digits and what else any format takes as it is
  std::uint32_t text = 0, text_size = 0;  // in Tree::texts
  std::uint32_t end = 0;
};

// The names that a fragment refers to, as they stand in its chunk: what a masked compare has to check.
struct NameUse {
  std::uint32_t at;     // where the u32 offset of the name stands
  std::uint32_t entry;  // offset of the name's entry
  std::uint32_t bytes;  // of its UTF-16 text
  bool is_inline;
};

// A fragment in document order. Owns all its text (UTF-8), so it does not depend on the chunk it came from.
struct Tree {
  std::vector<Node> nodes;
  TextBuffer texts;
  std::uint16_t slots = 0;   // one past the highest slot it mentions
  bool names_proved = true;  // every name has the hash that its entry states
  bool bare = false;         // of an element without a template: its slots stand for texts, never for elements

  [[nodiscard]] std::string_view text(const Node& node) const { return {texts.data() + node.text, node.text_size}; }
  void clear() {
    nodes.clear();
    texts.clear();
    slots = 0;
    names_proved = true;
    bare = false;
  }
};

enum class Dialect : std::uint8_t { in_template, bare };  // only template definitions have dependency ids

// Compiles what stands at the cursor (fragment headers, processing instructions and one element) and leaves the
// cursor behind it. `uses` may be null. Throws Damage; `tree` then holds nothing of use.
void compile_fragment(Cursor& cursor, Dialect dialect, std::size_t most_depth, Tree& tree,
                      std::vector<NameUse>* uses = nullptr);

[[nodiscard]] Tree copy_of(const Tree& tree);

// The same without the elements and attributes whose names are unproved. Empty where the outermost is.
[[nodiscard]] Tree without_unproved(const Tree& tree);

inline constexpr std::uint32_t name_head = 8;  // u32 next entry, u16 hash, u16 count

// Whether any format takes a name as it is: of letters, digits and little else.
[[nodiscard]] bool is_plain_name(std::string_view name);

// Skips fragment headers (0f 01 01 00).
void skip_fragment_headers(Cursor& cursor);

}  // namespace synclens::evtx
