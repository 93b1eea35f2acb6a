#include "decode/binxml.hpp"

#include <array>
#include <string>

#include "decode/utf16.hpp"

namespace synclens::evtx {
namespace {

constexpr std::size_t most_nodes = 1u << 16;
constexpr std::size_t most_text = 1u << 20;  // one long name can be referred to thousands of times

std::uint16_t name_hash(ByteView text) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) hash = hash * 65599u + load<std::uint16_t>(text.data() + i);
  return static_cast<std::uint16_t>(hash);
}

class Compiler {
 public:
  Compiler(Cursor& cursor, Dialect dialect, std::size_t most_depth, Tree& tree, std::vector<NameUse>* uses)
      : in_(cursor), dialect_(dialect), most_depth_(most_depth), tree_(tree), uses_(uses) {}

  void fragment() {
    while (true) {
      skip_fragment_headers(in_);
      const std::uint8_t token = in_.peek("no element in the fragment");
      if (token == static_cast<std::uint8_t>(Token::pi_target)) {
        processing_instruction();
        continue;
      }
      if ((token & ~more_bit) != static_cast<std::uint8_t>(Token::open_element)) {
        throw Damage{"token that no fragment can start with", in_.at()};
      }
      elements();
      return;
    }
  }

 private:
  struct Open {
    std::uint32_t node;
  };

  // One element with all that is in it. Depth is kept on a vector: the stack of the program is not a stranger's.
  void elements() {
    open_element();
    while (!open_.empty()) {
      const std::uint32_t at = in_.at();
      const std::uint8_t byte = in_.u8("content cut");
      switch (static_cast<Token>(byte & ~more_bit)) {
        case Token::open_element:
          open_element(at);
          break;
        case Token::end_element:
          close_element();
          break;
        case Token::text:
          text();
          break;
        case Token::char_reference:
          char_reference();
          break;
        case Token::entity:
          entity();
          break;
        case Token::substitution:
          slot(false);
          break;
        case Token::optional_substitution:
          slot(true);
          break;
        case Token::cdata:
          cdata();
          break;
        case Token::pi_target:
          processing_instruction(at);
          break;
        default:
          throw Damage{"token that no content can hold", at};
      }
    }
  }

  void open_element() {
    const std::uint32_t at = in_.at();
    open_element(at, in_.u8("element cut"));
  }
  void open_element(std::uint32_t at) { open_element(at, in_.chunk()[at]); }
  void open_element(std::uint32_t at, std::uint8_t token) {
    if (open_.size() >= most_depth_) throw Damage{"elements nested too deep", at};
    Node node{NodeKind::element};
    if (dialect_ == Dialect::in_template) node.slot = dependency();
    in_.skip(4, "element length cut");
    name(node);
    open_.push_back({static_cast<std::uint32_t>(tree_.nodes.size())});
    add(node);
    if ((token & more_bit) != 0) attributes();
    const std::uint32_t close_at = in_.at();
    switch (static_cast<Token>(in_.u8("start of the element cut"))) {
      case Token::close_start:
        add({NodeKind::content});
        break;
      case Token::close_empty:
        add({NodeKind::content});
        close_element();
        break;
      default:
        throw Damage{"start of the element without an end", close_at};
    }
  }

  std::uint16_t dependency() {
    const std::uint16_t slot = in_.u16("dependency cut");
    if (slot != no_slot) count_slot(slot);
    return slot;
  }

  void close_element() {
    tree_.nodes[open_.back().node].end = static_cast<std::uint32_t>(tree_.nodes.size());
    open_.pop_back();
    add({NodeKind::element_end});
  }

  void attributes() {
    in_.skip(4, "length of the attributes cut");
    while (true) {
      const std::uint8_t token = in_.peek("attributes cut");
      if ((token & ~more_bit) != static_cast<std::uint8_t>(Token::attribute)) return;
      in_.skip(1, "attributes cut");
      Node node{NodeKind::attribute};
      name(node);
      const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
      add(node);
      attribute_value();
      tree_.nodes[index].end = static_cast<std::uint32_t>(tree_.nodes.size());
      add({NodeKind::attribute_end});
    }
  }

  void attribute_value() {
    while (true) {
      switch (static_cast<Token>(in_.peek("attribute cut") & ~more_bit)) {
        case Token::text:
          in_.skip(1, "");
          text();
          break;
        case Token::char_reference:
          in_.skip(1, "");
          char_reference();
          break;
        case Token::entity:
          in_.skip(1, "");
          entity();
          break;
        case Token::substitution:
          in_.skip(1, "");
          slot(false);
          break;
        case Token::optional_substitution:
          in_.skip(1, "");
          slot(true);
          break;
        default:
          return;
      }
    }
  }

  void text() {
    const std::uint32_t at = in_.at();
    if (in_.u8("text cut") != 0x01) throw Damage{"text that is no string", at};
    append_text(NodeKind::text, counted_text());
  }

  ByteView counted_text() {
    const std::uint32_t units = in_.u16("text length cut");
    return in_.bytes(units * 2, "text cut");
  }

  void cdata() { append_text(NodeKind::cdata, counted_text()); }

  void char_reference() {
    std::uint8_t unit[2 + readable_behind] = {};
    const std::uint16_t code = in_.u16("character reference cut");
    unit[0] = static_cast<std::uint8_t>(code);
    unit[1] = static_cast<std::uint8_t>(code >> 8);
    append_text(NodeKind::text, {unit, 2});
  }

  void entity() {
    Node node{NodeKind::text};
    name(node);
    if (node.unproved) tree_.nodes[open_.back().node].unproved = true;  // what the reference stands for is not known
    const std::string name_text(tree_.text(node));
    std::string_view stands_for;
    if (name_text == "amp") stands_for = "&";
    if (name_text == "lt") stands_for = "<";
    if (name_text == "gt") stands_for = ">";
    if (name_text == "quot") stands_for = "\"";
    if (name_text == "apos") stands_for = "'";
    const std::string literal = stands_for.empty() ? "&" + name_text + ";" : std::string(stands_for);
    append_literal(NodeKind::text, literal);
  }

  void slot(bool optional) {
    Node node{NodeKind::slot};
    node.optional = optional;
    node.slot = in_.u16("substitution cut");
    node.type = in_.u8("type of the substitution cut");
    count_slot(node.slot);
    add(node);
  }

  void processing_instruction() {
    const std::uint32_t at = in_.at();
    in_.skip(1, "processing instruction cut");
    processing_instruction(at);
  }
  void processing_instruction(std::uint32_t at) {
    Node node{NodeKind::pi};
    name(node);
    if (in_.left() == 0 || in_.u8("") != static_cast<std::uint8_t>(Token::pi_data)) {
      throw Damage{"processing instruction without data", at};
    }
    const ByteView data = counted_text();
    const std::string target(tree_.text(node));
    node.text = begin_text();
    tree_.texts.append(target);
    tree_.texts.push('\0');
    append_utf16(tree_.texts, data, Escape::plain);
    node.text_size = static_cast<std::uint32_t>(tree_.texts.size()) - node.text;
    add(node);
  }

  void count_slot(std::uint16_t slot) {
    if (slot != no_slot && slot >= tree_.slots) tree_.slots = static_cast<std::uint16_t>(slot + 1);
  }

  // A name stands in the chunk once; later uses refer to it.
  void name(Node& node) {
    const std::uint32_t at = in_.at();
    const std::uint32_t entry = in_.u32("name cut");
    const ByteView chunk = in_.chunk();
    if (entry > chunk.size() || chunk.size() - entry < name_head) throw Damage{"name past the end of the chunk", at};
    const auto units = load<std::uint16_t>(chunk.data() + entry + 6);
    const std::uint32_t bytes = std::uint32_t{units} * 2;
    if (chunk.size() - entry - name_head < bytes) throw Damage{"name past the end of the chunk", at};
    const bool is_inline = entry == in_.at();
    if (is_inline) in_.skip(name_head + bytes + 2, "name cut");
    if (uses_ != nullptr) uses_->push_back({at, entry, bytes, is_inline});
    if (tree_.texts.size() + repeated_ > most_text) throw Damage{"names too long", at};
    Known& known = known_[entry % known_.size()];
    if (known.entry != entry || known.node.text_size == 0) {
      known.entry = entry;
      known.node.text = begin_text();
      append_utf16(tree_.texts, chunk.subspan(entry + name_head, bytes), Escape::plain);
      known.node.text_size = static_cast<std::uint32_t>(tree_.texts.size()) - known.node.text;
      known.node.plain = is_plain_name(tree_.text(known.node));
      known.node.unproved =
          name_hash(chunk.subspan(entry + name_head, bytes)) != load<std::uint16_t>(chunk.data() + entry + 4);
    } else {
      repeated_ += known.node.text_size;
    }
    node.text = known.node.text;
    node.text_size = known.node.text_size;
    node.plain = known.node.plain;
    node.unproved = known.node.unproved;
    if (node.unproved) tree_.names_proved = false;
  }

  // A node's text begins where the last one ended, but a text that follows another is joined to it.
  std::uint32_t begin_text() {
    open_text_ = false;
    return static_cast<std::uint32_t>(tree_.texts.size());
  }

  void append_text(NodeKind kind, ByteView text) {
    Node& node = text_node(kind);
    const std::size_t before = tree_.texts.size();
    append_utf16(tree_.texts, text, Escape::plain);
    node.text_size += static_cast<std::uint32_t>(tree_.texts.size() - before);
  }
  void append_literal(NodeKind kind, std::string_view literal) {
    text_node(kind).text_size += static_cast<std::uint32_t>(literal.size());
    tree_.texts.append(literal);
  }

  // The node that a text goes to: the last one where that is text too.
  Node& text_node(NodeKind kind) {
    const bool joins = kind == NodeKind::text && open_text_ && tree_.nodes.back().kind == NodeKind::text;
    if (!joins) {
      Node node{kind};
      node.text = begin_text();
      add(node);
      open_text_ = true;
    }
    return tree_.nodes.back();
  }

  void add(const Node& node) {
    if (tree_.nodes.size() >= most_nodes) throw Damage{"too many elements", in_.at()};
    tree_.nodes.push_back(node);
  }

  Cursor& in_;
  Dialect dialect_;
  std::size_t most_depth_;
  Tree& tree_;
  std::vector<NameUse>* uses_;
  std::vector<Open> open_;
  // The last text node ends where the texts end.
  bool open_text_ = false;
  // Names that were seen, by their entry: most of a fragment's names are the same few.
  struct Known {
    std::uint32_t entry = 0;
    Node node{NodeKind::element};
  };
  std::array<Known, 64> known_{};
  std::size_t repeated_ = 0;  // bytes of names that are used again
};

}  // namespace

Tree copy_of(const Tree& tree) {
  Tree copy;
  copy.nodes = tree.nodes;
  copy.texts.hold(tree.texts.view());
  copy.slots = tree.slots;
  copy.names_proved = tree.names_proved;
  copy.bare = tree.bare;
  return copy;
}

Tree without_unproved(const Tree& tree) {
  Tree kept;
  kept.texts.append(tree.texts.view());
  kept.slots = tree.slots;
  std::vector<std::uint32_t> open;
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const Node& node = tree.nodes[i];
    const bool begins = node.kind == NodeKind::element || node.kind == NodeKind::attribute;
    if (node.unproved && begins) {
      i = node.end;
      continue;
    }
    if (node.unproved) continue;  // a processing instruction
    if (node.kind == NodeKind::element_end || node.kind == NodeKind::attribute_end) {
      kept.nodes[open.back()].end = static_cast<std::uint32_t>(kept.nodes.size());
      open.pop_back();
    }
    if (begins) open.push_back(static_cast<std::uint32_t>(kept.nodes.size()));
    kept.nodes.push_back(node);
  }
  if (kept.nodes.size() == 1 || !open.empty()) kept.nodes.clear();
  return kept;
}

bool is_plain_name(std::string_view name) {
  if (name.empty()) return false;
  for (const char& c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool later = (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    if (!letter && !(later && &c != name.data())) return false;
  }
  return true;
}

void skip_fragment_headers(Cursor& cursor) {
  while (cursor.left() >= 4 && *cursor.here() == static_cast<std::uint8_t>(Token::fragment_header)) {
    cursor.skip(4, "fragment header cut");
  }
}

void compile_fragment(Cursor& cursor, Dialect dialect, std::size_t most_depth, Tree& tree, std::vector<NameUse>* uses) {
  tree.clear();
  if (uses != nullptr) uses->clear();
  Compiler(cursor, dialect, most_depth, tree, uses).fragment();
}

}  // namespace synclens::evtx
