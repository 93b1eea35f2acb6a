#include "decode/xml_program.hpp"

#include <algorithm>
#include <utility>

#include "decode/utf16.hpp"

namespace synclens::evtx {
namespace {

class Compiler {
 public:
  Compiler(const Tree& tree, std::vector<XmlStep>& steps, std::string& literals, bool arrays)
      : tree_(tree),
        steps_(steps),
        literals_(literals),
        arrays_(arrays),
        done_(static_cast<std::uint32_t>(literals.size())) {}

  void fragment() {
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      if (tree_.nodes[i].kind == NodeKind::pi) processing_instruction(tree_.nodes[i]);
      if (tree_.nodes[i].kind != NodeKind::element) continue;
      element(i, true);
      i = tree_.nodes[i].end;
    }
    step(XmlAct::end, no_slot);
  }

 private:
  const Node& at(std::uint32_t i) const { return tree_.nodes[i]; }

  void literal(std::string_view text) { literals_.append(text); }

  void escaped(std::string_view text, Escape escape) {
    scratch_.clear();
    append_utf8(scratch_, text, escape);
    literals_.append(scratch_.view());
  }

  std::uint32_t step(XmlAct act, std::uint16_t slot) {
    XmlStep s{act, slot};
    s.literal = done_;
    s.literal_size = static_cast<std::uint32_t>(literals_.size()) - done_;
    done_ = static_cast<std::uint32_t>(literals_.size());
    steps_.push_back(s);
    return static_cast<std::uint32_t>(steps_.size() - 1);
  }

  // A step that does nothing but print what stands before a jump's target.
  void settle() {
    if (done_ == literals_.size()) return;
    const std::uint32_t printing = step(XmlAct::skip_if_null, no_slot);
    steps_[printing].jump = next();
  }
  std::uint32_t next() const { return static_cast<std::uint32_t>(steps_.size()); }

  void element(std::uint32_t index, bool root) {
    if (!root && text_leaf(index)) return;
    const Node& element = at(index);
    std::vector<std::uint32_t> jumps;
    std::uint32_t content = index + 1;
    while (at(content).kind == NodeKind::attribute) content = at(content).end + 1;
    if (!root && element.slot != no_slot) jumps.push_back(step(XmlAct::skip_if_null, element.slot));
    for (std::uint32_t i = content; i < element.end; ++i) {
      if (at(i).kind == NodeKind::element) i = at(i).end;
      if (!root && at(i).kind == NodeKind::slot && at(i).optional)
        jumps.push_back(step(XmlAct::skip_if_null, at(i).slot));
    }
    std::vector<std::uint16_t> repeated;
    for (std::uint32_t i = index + 1; arrays_ && i < element.end; ++i) {
      if (at(i).kind == NodeKind::element) i = at(i).end;
      if (at(i).kind != NodeKind::slot || at(i).slot == no_slot) continue;
      bool known = false;
      for (const std::uint16_t slot : repeated) known = known || slot == at(i).slot;
      if (known || repeated.size() >= most_repeats) continue;
      repeated.push_back(at(i).slot);
      jumps.push_back(step(XmlAct::repeat, at(i).slot));
    }
    literal("<");
    name(tree_.text(element));
    for (std::uint32_t i = index + 1; at(i).kind == NodeKind::attribute; i = at(i).end + 1) attribute(i);
    if (content + 1 >= element.end) {
      literal("/>");
    } else {
      literal(">");
      for (std::uint32_t i = content + 1; i < element.end; ++i) i = content_node(i);
      literal("</");
      name(tree_.text(element));
      literal(">");
    }
    if (jumps.empty()) return;
    settle();
    for (const std::uint32_t j : jumps) steps_[j].jump = next();
  }

  // An element of one optional slot, the commonest of all, in one step.
  bool text_leaf(std::uint32_t index) {
    const Node& element = at(index);
    std::uint32_t slot = 0;
    for (std::uint32_t i = index + 1; i < element.end; ++i) {
      if (at(i).kind == NodeKind::element || at(i).kind == NodeKind::cdata || at(i).kind == NodeKind::pi) return false;
      if (at(i).kind == NodeKind::slot && std::exchange(slot, i) != 0) return false;
    }
    if (arrays_ || slot == 0 || !at(slot).optional) return false;
    if (element.slot != no_slot && element.slot != at(slot).slot) return false;
    std::uint32_t content = index + 1;
    while (at(content).kind == NodeKind::attribute) content = at(content).end + 1;
    if (slot < content) return false;
    const std::uint32_t made = step(XmlAct::text_leaf, at(slot).slot);
    literal("<");
    name(tree_.text(element));
    for (std::uint32_t i = index + 1; at(i).kind == NodeKind::attribute; i = at(i).end + 1) attribute(i);
    literal(">");
    for (std::uint32_t i = content + 1; i < slot; ++i) escaped(tree_.text(at(i)), Escape::xml_text);
    take(steps_[made].head_size);
    for (std::uint32_t i = slot + 1; i < element.end; ++i) escaped(tree_.text(at(i)), Escape::xml_text);
    literal("</");
    name(tree_.text(element));
    literal(">");
    take(steps_[made].tail_size);
    return true;
  }

  bool attribute_leaf(std::uint32_t index) {
    if (arrays_ || at(index).end != index + 2 || at(index + 1).kind != NodeKind::slot || !at(index + 1).optional) {
      return false;
    }
    const std::uint32_t made = step(XmlAct::attribute_leaf, at(index + 1).slot);
    literal(" ");
    name(tree_.text(at(index)));
    literal("='");
    take(steps_[made].head_size);
    literal("'");
    take(steps_[made].tail_size);
    return true;
  }

  // What was added to the literals belongs to the step that was made last.
  void take(std::uint32_t& size) {
    size = static_cast<std::uint32_t>(literals_.size()) - done_;
    done_ = static_cast<std::uint32_t>(literals_.size());
  }

  void attribute(std::uint32_t index) {
    if (attribute_leaf(index)) return;
    std::vector<std::uint32_t> jumps;
    for (std::uint32_t i = index + 1; i < at(index).end; ++i) {
      if (at(i).kind == NodeKind::slot && at(i).optional) jumps.push_back(step(XmlAct::skip_if_null, at(i).slot));
    }
    literal(" ");
    name(tree_.text(at(index)));
    literal("='");
    for (std::uint32_t i = index + 1; i < at(index).end; ++i) {
      if (at(i).kind == NodeKind::slot) {
        step(XmlAct::attribute_value, at(i).slot);
      } else {
        escaped(tree_.text(at(i)), Escape::xml_attribute);
      }
    }
    literal("'");
    if (jumps.empty()) return;
    settle();
    for (const std::uint32_t j : jumps) steps_[j].jump = next();
  }

  std::uint32_t content_node(std::uint32_t i) {
    const Node& node = at(i);
    switch (node.kind) {
      case NodeKind::element:
        element(i, false);
        return node.end;
      case NodeKind::text:
        escaped(tree_.text(node), Escape::xml_text);
        break;
      case NodeKind::slot:
        step(XmlAct::text_value, node.slot);
        break;
      case NodeKind::cdata:
        cdata(tree_.text(node));
        break;
      case NodeKind::pi:
        processing_instruction(node);
        break;
      default:
        break;
    }
    return i;
  }

  // Names come from the file. What no XML name can hold becomes an underscore, so that the output stays XML.
  void name(std::string_view text) {
    if (text.empty()) literal("_");
    const auto can_stand = [&](const char& c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
      const bool later = (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
      return letter || c == '_' || (later && &c != text.data());
    };
    if (std::all_of(text.begin(), text.end(), can_stand)) return literal(text);
    for (const char& c : text) literals_.push_back(can_stand(c) ? c : '_');
  }

  // The end mark cannot stand in a section, so it is spread over two.
  void cdata(std::string_view whole) {
    for (const char c : whole) {  // no section can hold these
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return escaped(whole, Escape::xml_text);
    }
    const std::string clean = xml_characters(whole);
    std::string_view text = clean;
    literal("<![CDATA[");
    for (std::size_t end = text.find("]]>"); end != std::string_view::npos; end = text.find("]]>")) {
      literal(text.substr(0, end + 2));
      literal("]]><![CDATA[");
      text.remove_prefix(end + 2);
    }
    literal(text);
    literal("]]>");
  }

  // Where nothing can be escaped: what XML has no character for becomes U+FFFD.
  static std::string xml_characters(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      const bool noncharacter =
          text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size() && static_cast<unsigned char>(text[i + 2]) >= 0xBE;
      if (noncharacter) i += 2;
      if (noncharacter || (c < 0x20 && c != '\n' && c != '\t' && c != '\r')) {
        out += "\xEF\xBF\xBD";
      } else {
        out += text[i];
      }
    }
    return out;
  }

  void processing_instruction(const Node& node) {
    const std::string_view all = tree_.text(node);
    const std::size_t nul = all.find('\0');
    literal("<?");
    name(all.substr(0, nul));
    if (nul + 1 < all.size()) literal(" ");
    const std::string clean = xml_characters(all.substr(nul + 1));
    std::string_view data = clean;
    for (std::size_t end = data.find("?>"); end != std::string_view::npos; end = data.find("?>")) {
      literal(data.substr(0, end + 1));
      literal(" ");
      data.remove_prefix(end + 1);
    }
    literal(data);
    literal("?>");
  }

  static constexpr std::size_t most_repeats = 8;  // slots of one element that can be arrays

  const Tree& tree_;
  std::vector<XmlStep>& steps_;
  std::string& literals_;
  bool arrays_;  // whether values can be arrays
  std::uint32_t done_;
  TextBuffer scratch_;
};

}  // namespace

void compile_xml(const Tree& tree, bool values, XmlProgram& program) {
  program.steps.clear();
  program.plain.clear();
  program.literals.clear();
  if (values) Compiler(tree, program.steps, program.literals, true).fragment();
  Compiler(tree, program.plain, program.literals, false).fragment();
  program.literals.append(TextBuffer::padding, '\0');
}

}  // namespace synclens::evtx
