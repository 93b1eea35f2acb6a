#include "render/json_printer.hpp"

#include "render/json_names.hpp"
#include "render/output_limits.hpp"

namespace synclens::evtx {

void JsonPrinter::begin_chunk() {
  fragments_.begin_chunk();
  chunk_work_ = 0;
}

void JsonPrinter::print(ByteView chunk, const RecordSpan& record, TextBuffer& out) {
  const std::size_t start = out.size();
  chunk_ = chunk;
  try {
    if (print_by_script(record, out)) {
      chunk_work_ += out.size() - start;
    } else {
      chunk_work_ += out.size() - start;
      out.cut(start);
      print_by_tree(record, out);
    }
  } catch (const Damage&) {
    chunk_work_ += out.size() - start;
    out.cut(start);
    throw;
  }
  out.push('\n');
}

// False: no script fits, or only the tree counts exactly enough near the bound.
bool JsonPrinter::print_by_script(const RecordSpan& record, TextBuffer& out) {
  if (chunk_work_ + most_by_script > most_output_of_chunk) return false;
  most_size_ = out.size() + most_by_script;
  fragments_.begin_record(record.state != RecordState::intact);
  Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
  if (print_known_document(in, out)) return true;
  bool fits = true, any = false;
  fragments_.each(in, true, [&](const Instance& instance) {
    fits = !any && ScriptPrinter::print(instance, Level::document, out);
    any = true;
    return fits;
  });
  return fits;
}

std::uint32_t JsonPrinter::begin_tree() {
  items_.clear();
  texts_.clear();
  depth_ = 0;
  Parent nothing;
  return add(Kind::element, {}, nothing);
}

// For records whose shape depends on their values.
void JsonPrinter::print_by_tree(const RecordSpan& record, TextBuffer& out) {
  Parent top;
  top.item = begin_tree();
  most_size_ = most_output(chunk_work_);
  const auto count_work = [&] { chunk_work_ += texts_.size() + items_.size() * sizeof(Item); };
  try {
    fragments_.begin_record(record.state != RecordState::intact);
    Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
    fragments_.each(in, true, [&](const Instance& instance) { build(instance, top); });
    object(top.item, false, false, out);
  } catch (const Damage&) {
    count_work();
    throw;
  }
  count_work();
}

// A document is its whole object; a fragment is a member of an object, behind others unless it is alone.
bool JsonPrinter::record(const Instance& marks, Level level, TextBuffer& out, TextScript& script) {
  Parent top;
  top.item = begin_tree();
  recording_ = &script;
  recorded_ = true;
  try {
    if (level == Level::document) {
      build(marks, top);
      object(top.item, false, false, out);
    } else {
      Parent around;
      around.item = add(Kind::element, {}, top);
      build(marks, around);
      NameCounts names;
      for (std::uint32_t i = items_[around.item].children; i != none; i = items_[i].next) {
        recorded_ = recorded_ && items_[i].kind == Kind::element && script.own_key.empty();
        if (!recorded_) break;
        script.own_key = text(i);
        if (level == Level::nested) out.push(',');
        names.write_key(text(i), out);
        element_value(i, text(i) == "EventData" || text(i) == "UserData", out);
      }
      // Data is no member of what holds it.
      if (level == Level::alone) recorded_ = recorded_ && !script.own_key.empty() && script.own_key != "Data";
    }
  } catch (const Damage&) {
    recorded_ = false;
  }
  recording_ = nullptr;
  return recorded_;
}

// Between the members before it, whose keys a fragment must not have again, and the end of the object.
void JsonPrinter::fragment_mark(std::uint32_t mark, std::uint32_t element, bool behind_others, TextBuffer& out) {
  if (!behind_others && items_[element].children == mark && items_[mark].next == none) {
    recorded_ = recorded_ && recording_ != nullptr;
    const std::size_t at = out.size();
    out.append(text(mark));
    return out.set(at, static_cast<char>(MarkByte::lone_fragment));
  }
  bool fits = behind_others && items_[mark].next == none && recording_ != nullptr && recording_->keys_beside.empty();
  bool elements = false;
  for (std::uint32_t i = items_[element].children; i != mark && fits; i = items_[i].next) {
    if (items_[i].kind != Kind::element) continue;
    elements = true;
    recording_->keys_beside.emplace_back(text(i));
  }
  recorded_ = recorded_ && fits && elements;
  out.append(text(mark));
}

bool JsonPrinter::is_list(std::uint32_t child) const {
  return items_[child].children != none && items_[items_[child].children].list;
}

// --- from the plan to items

void JsonPrinter::check_size() const {
  if (texts_.size() + items_.size() * sizeof(Item) > most_size_) throw Damage{"values repeated beyond measure", 0};
}

std::uint32_t JsonPrinter::add(Kind kind, std::string_view name, Parent& parent) {
  Item item;
  item.kind = kind;
  item.at = static_cast<std::uint32_t>(texts_.size());
  append_utf8(texts_, name, Escape::json);
  item.size = static_cast<std::uint32_t>(texts_.size()) - item.at;
  const auto index = static_cast<std::uint32_t>(items_.size());
  items_.push_back(item);
  if (parent.item == none) return index;
  std::uint32_t& last = kind == Kind::attribute ? parent.last_attribute : parent.last_child;
  if (last != none) {
    items_[last].next = index;
  } else if (kind == Kind::attribute) {
    items_[parent.item].attributes = index;
  } else {
    items_[parent.item].children = index;
  }
  last = index;
  return index;
}

// What was appended to texts_ since `from` is text of the parent; neighbours are joined.
void JsonPrinter::add_text(std::size_t from, bool bare, Parent& parent) {
  check_size();
  const auto size = static_cast<std::uint32_t>(texts_.size() - from);
  if (size == 0) return;
  if (parent.last_child != none) {
    Item& last = items_[parent.last_child];
    if (last.kind == Kind::text && last.at + last.size == from) {
      last.size += size;
      last.bare = false;
      return;
    }
  }
  Item& text = items_[add(Kind::text, {}, parent)];
  text.at = static_cast<std::uint32_t>(from);
  text.size = size;
  text.bare = bare;
}

void JsonPrinter::build(const Instance& instance, Parent& parent) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind != NodeKind::element) continue;
    build_element(instance, i, parent, parent.item == 0);
    i = nodes[i].end;
  }
}

bool JsonPrinter::left_out(const Instance& instance, std::uint32_t from, std::uint32_t end) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  for (std::uint32_t i = from; i < end; ++i) {
    if (nodes[i].kind == NodeKind::element || nodes[i].kind == NodeKind::attribute) i = nodes[i].end;
    if (nodes[i].kind == NodeKind::slot && nodes[i].optional &&
        instance.value(fragments_.values(), nodes[i].slot).is_null()) {
      return true;
    }
  }
  return false;
}

void JsonPrinter::build_element(const Instance& instance, std::uint32_t index, Parent& parent, bool root) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  const Node& element = nodes[index];
  if (!root) {
    if (element.slot != no_slot && instance.value(fragments_.values(), element.slot).is_null()) return;
    if (left_out(instance, index + 1, element.end)) return;
  }
  build_once(instance, index, parent);
}

// Once, or once for each item of an array that stands directly in the element.
void JsonPrinter::build_once(const Instance& instance, std::uint32_t index, Parent& parent) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  const Node& element = nodes[index];
  for (std::uint32_t i = index + 1; i < element.end; ++i) {
    if (nodes[i].kind == NodeKind::element) i = nodes[i].end;
    if (nodes[i].kind == NodeKind::slot && instance.value(fragments_.values(), nodes[i].slot).is_array()) {
      return build_repeated(instance, index, nodes[i].slot, parent);
    }
  }
  if (++depth_ > most_depth_) throw Damage{"elements nested too deep", 0};
  Parent self;
  self.item = add(Kind::element, instance.plan->tree.text(element), parent);
  std::uint32_t i = index + 1;
  for (; nodes[i].kind == NodeKind::attribute; i = nodes[i].end + 1) {
    if (left_out(instance, i + 1, nodes[i].end)) continue;
    Parent attribute;
    attribute.item = add(Kind::attribute, instance.plan->tree.text(nodes[i]), self);
    build_content(instance, i + 1, nodes[i].end, attribute);
  }
  build_content(instance, i + 1, element.end, self);
  --depth_;
}

void JsonPrinter::build_repeated(const Instance& instance, std::uint32_t index, std::uint16_t slot, Parent& parent) {
  const std::size_t place = instance.first + slot;
  const Value array = fragments_.values()[place];
  if (array.is_mark()) return build_list_mark(instance, index, slot, parent);
  ArrayItems items(array);
  Value item;
  if (!items.next(item)) item = Value{array.data, 0, static_cast<std::uint8_t>(ValueType::string)};
  do {
    fragments_.values()[place] = item;
    build_once(instance, index, parent);
    check_size();
  } while (items.next(item));
  fragments_.values()[place] = array;
}

// Only a value that is all the element holds can be written as a list.
void JsonPrinter::build_list_mark(const Instance& instance, std::uint32_t index, std::uint16_t slot, Parent& parent) {
  const std::vector<Node>& nodes = instance.plan->tree.nodes;
  Value& place = fragments_.values()[instance.first + slot];
  const Value array = place;
  place = Value{array.data, array.size, static_cast<std::uint8_t>(Mark::text)};
  const std::uint32_t before = parent.last_child;
  build_once(instance, index, parent);
  fragments_.values()[instance.first + slot] = array;
  const std::uint32_t element = parent.last_child;
  const std::uint32_t child = element != before ? items_[element].children : none;
  std::uint32_t content = index + 1;
  while (nodes[content].kind == NodeKind::attribute) content = nodes[content].end + 1;
  const bool alone = nodes[index].end == content + 2 && nodes[content + 1].kind == NodeKind::slot;
  recorded_ = recorded_ && alone && child != none && items_[child].size == mark_size;
  if (!recorded_) return;
  TextBuffer mark;
  append_mark(mark, MarkByte::json_list, array);
  items_[child].at = static_cast<std::uint32_t>(texts_.size());
  texts_.append(mark.view());
  items_[child].bare = items_[child].list = true;
}

void JsonPrinter::build_content(const Instance& instance, std::uint32_t from, std::uint32_t end, Parent& parent) {
  const Tree& tree = instance.plan->tree;
  for (std::uint32_t i = from; i < end; ++i) {
    const Node& node = tree.nodes[i];
    const std::size_t start = texts_.size();
    switch (node.kind) {
      case NodeKind::element:
        build_element(instance, i, parent, false);
        i = node.end;
        break;
      case NodeKind::text:
      case NodeKind::cdata:
        append_utf8(texts_, tree.text(node), Escape::json);
        add_text(start, false, parent);
        break;
      case NodeKind::slot:
        build_value(instance.value(fragments_.values(), node.slot), parent);
        break;
      default:
        break;
    }
  }
}

void JsonPrinter::build_value(const Value& value, Parent& parent) {
  if (value.is(ValueType::binxml)) {
    if (items_[parent.item].kind == Kind::attribute) return;
    const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
    Cursor in(chunk_, from, from + value.size);
    return fragments_.each(in, false, [&](const Instance& inner) { build(inner, parent); });
  }
  if (value.type == static_cast<std::uint8_t>(Mark::fragment)) {
    if (items_[parent.item].kind == Kind::attribute) return;
    const std::uint32_t made = add(Kind::fragment, {}, parent);
    items_[made].at = static_cast<std::uint32_t>(texts_.size());
    append_value(texts_, value, Escape::json);
    items_[made].size = static_cast<std::uint32_t>(texts_.size()) - items_[made].at;
    return;
  }
  const bool bare = (value.type >= static_cast<std::uint8_t>(ValueType::int8) &&
                     value.type <= static_cast<std::uint8_t>(ValueType::uint64)) ||
                    value.is(ValueType::boolean);
  const std::size_t start = texts_.size();
  append_value(texts_, value, Escape::json);
  const bool mark_of_bare = value.type == static_cast<std::uint8_t>(Mark::bare);
  add_text(start, mark_of_bare || (bare && as_number(value).has_value()), parent);
}

// --- from items to text

}  // namespace synclens::evtx
