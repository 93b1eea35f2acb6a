#include "render/xml_printer.hpp"

#include <algorithm>
#include <string>

#include "render/output_limits.hpp"

namespace synclens::evtx {
namespace {

constexpr unsigned most_arrays = 8;  // values of one element that each repeat it

// Names come from the file. What no XML name can hold becomes an underscore, so that the output stays XML.
void append_any_name(TextBuffer& out, std::string_view text) {
  if (text.empty()) out.push('_');
  char* to = out.room(text.size());
  for (const char& c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    const bool later = (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    *to++ = letter || c == '_' || (later && &c != text.data()) ? c : '_';
  }
  out.end_at(to);
}

void append_name(TextBuffer& out, const Tree& tree, const Node& node) {
  if (node.plain) return out.append(tree.text(node));
  append_any_name(out, tree.text(node));
}

// Where nothing can be escaped: what XML has no character for becomes U+FFFD.
std::string xml_characters(std::string_view text) {
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

// The end mark cannot stand in a section, so it is spread over two.
void append_cdata(TextBuffer& out, std::string_view whole) {
  for (const char c : whole) {  // no section can hold these
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      return append_utf8(out, whole, Escape::xml_text);
    }
  }
  const std::string clean = xml_characters(whole);
  std::string_view text = clean;
  out.append("<![CDATA[");
  for (std::size_t end = text.find("]]>"); end != std::string_view::npos; end = text.find("]]>")) {
    out.append(text.substr(0, end + 2));
    out.append("]]><![CDATA[");
    text.remove_prefix(end + 2);
  }
  out.append(text);
  out.append("]]>");
}

void append_instruction(TextBuffer& out, std::string_view all) {
  const std::size_t nul = all.find('\0');
  out.append("<?");
  append_any_name(out, all.substr(0, nul));
  if (nul + 1 < all.size()) out.push(' ');
  const std::string clean = xml_characters(all.substr(nul + 1));
  std::string_view data = clean;
  for (std::size_t end = data.find("?>"); end != std::string_view::npos; end = data.find("?>")) {
    out.append(data.substr(0, end + 1));
    out.push(' ');
    data.remove_prefix(end + 1);
  }
  out.append(data);
  out.append("?>");
}

}  // namespace

void XmlPrinter::begin_chunk() {
  fragments_.begin_chunk();
  chunk_work_ = 0;
}

void XmlPrinter::print(ByteView chunk, const RecordSpan& record, TextBuffer& out) {
  const std::size_t start = out.size();
  chunk_ = chunk;
  most_size_ = start + most_output(chunk_work_);
  try {
    fragments_.begin_record(record.state != RecordState::intact);
    Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
    if (!print_known_document(in, out)) {
      fragments_.each(in, true,
                      [&](const Instance& instance) { (void)ScriptPrinter::print(instance, Level::document, out); });
    }
  } catch (const Damage&) {
    chunk_work_ += out.size() - start;
    out.cut(start);
    throw;
  }
  chunk_work_ += out.size() - start;
  out.push('\n');
}

bool XmlPrinter::record(const Instance& marks, Level level, TextBuffer& out, TextScript&) {
  return print_by_rules(marks, level, out);
}

// The element of a fragment is never left out.
bool XmlPrinter::print_by_rules(const Instance& instance, Level, TextBuffer& out) {
  const Tree& tree = instance.plan->tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (tree.nodes[i].kind == NodeKind::pi) append_instruction(out, tree.text(tree.nodes[i]));
    if (tree.nodes[i].kind != NodeKind::element) continue;
    element(instance, i, true, out);
    i = tree.nodes[i].end;
  }
  return true;
}

// Whether a value that stands there directly is optional and NULL.
bool XmlPrinter::left_out(const Instance& instance, std::uint32_t from, std::uint32_t end) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  for (std::uint32_t i = from; i < end; ++i) {
    if (nodes[i].kind == NodeKind::element || nodes[i].kind == NodeKind::attribute) {
      i = nodes[i].end;
    } else if (nodes[i].kind == NodeKind::slot && nodes[i].optional &&
               instance.value(fragments_.values(), nodes[i].slot).is_null()) {
      return true;
    }
  }
  return false;
}

void XmlPrinter::element(const Instance& instance, std::uint32_t index, bool root, TextBuffer& out) {
  const Node& node = instance.plan->tree.nodes[index];
  if (!root) {
    if (node.slot != no_slot && instance.value(fragments_.values(), node.slot).is_null()) return;
    if (left_out(instance, index + 1, node.end)) return;
  }
  repeated(instance, index, 0, out);
}

// Once for each item of an array that stands directly in the element or its attributes.
void XmlPrinter::repeated(const Instance& instance, std::uint32_t index, unsigned arrays, TextBuffer& out) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  for (std::uint32_t i = index + 1; i < nodes[index].end && arrays < most_arrays; ++i) {
    if (nodes[i].kind == NodeKind::element) i = nodes[i].end;
    if (nodes[i].kind != NodeKind::slot || nodes[i].slot >= instance.count) continue;
    const std::size_t place = instance.first + nodes[i].slot;
    const Value array = fragments_.values()[place];
    if (!array.is_array()) continue;
    Value item{array.data, array.size, static_cast<std::uint8_t>(array.type & ~array_bit)};
    if (array.is_mark()) {
      append_mark(out, MarkByte::list_begin, item);
      fragments_.values()[place] = item;
      repeated(instance, index, arrays + 1, out);
      append_mark(out, MarkByte::list_end, item);
    } else {
      ArrayItems items(array);
      // Without any, the element stands there once.
      if (!items.next(item)) item = Value{array.data, 0, static_cast<std::uint8_t>(ValueType::string)};
      do {
        fragments_.values()[place] = item;
        repeated(instance, index, arrays + 1, out);
      } while (items.next(item));
    }
    fragments_.values()[place] = array;
    return;
  }
  once(instance, index, out);
}

void XmlPrinter::once(const Instance& instance, std::uint32_t index, TextBuffer& out) {
  const Tree& tree = instance.plan->tree;
  const Node& node = tree.nodes[index];
  if (out.size() > most_size_) throw Damage{"values repeated beyond measure", 0};
  out.push('<');
  append_name(out, tree, node);
  std::uint32_t i = index + 1;
  for (; tree.nodes[i].kind == NodeKind::attribute; i = tree.nodes[i].end + 1) attribute(instance, i, out);
  if (++i >= node.end) return out.append("/>");
  out.push('>');
  for (; i < node.end; ++i) {
    const Node& inner = tree.nodes[i];
    switch (inner.kind) {
      case NodeKind::element:
        element(instance, i, false, out);
        i = inner.end;
        break;
      case NodeKind::text:
        append_utf8(out, tree.text(inner), Escape::xml_text);
        break;
      case NodeKind::slot:
        value(instance.value(fragments_.values(), inner.slot), Escape::xml_text, out);
        break;
      case NodeKind::cdata:
        append_cdata(out, tree.text(inner));
        break;
      case NodeKind::pi:
        append_instruction(out, tree.text(inner));
        break;
      default:
        break;
    }
  }
  out.append("</");
  append_name(out, tree, node);
  out.push('>');
}

void XmlPrinter::attribute(const Instance& instance, std::uint32_t index, TextBuffer& out) {
  const Tree& tree = instance.plan->tree;
  const std::uint32_t end = tree.nodes[index].end;
  if (left_out(instance, index + 1, end)) return;
  out.push(' ');
  append_name(out, tree, tree.nodes[index]);
  out.append("='");
  for (std::uint32_t i = index + 1; i < end; ++i) {
    const Node& inner = tree.nodes[i];
    if (inner.kind == NodeKind::slot) {
      value(instance.value(fragments_.values(), inner.slot), Escape::xml_attribute, out);
    } else {
      append_utf8(out, tree.text(inner), Escape::xml_attribute);
    }
  }
  out.push('\'');
}

void XmlPrinter::value(const Value& value, Escape escape, TextBuffer& out) {
  if (out.size() > most_size_) throw Damage{"values repeated beyond measure", 0};
  const bool fragment = value.type == static_cast<std::uint8_t>(Mark::fragment);
  if (!value.is(ValueType::binxml) && !fragment) return append_value(out, value, escape);
  if (escape == Escape::xml_attribute) return;  // no markup inside a start tag
  if (fragment) return append_value(out, value, escape);
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  fragments_.each(in, false, [&](const Instance& inner) { (void)ScriptPrinter::print(inner, Level::nested, out); });
}

}  // namespace synclens::evtx
