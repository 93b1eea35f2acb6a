// A record printed from its tree: elements as members of objects.
#include "render/json_names.hpp"
#include "render/json_printer.hpp"
#include "render/output_limits.hpp"

namespace synclens::evtx {

bool JsonPrinter::has_text(std::uint32_t first) const {
  for (std::uint32_t i = first; i != none; i = items_[i].next) {
    if (items_[i].kind == Kind::text) return true;
  }
  return false;
}

bool JsonPrinter::has_elements(std::uint32_t element) const {
  for (std::uint32_t i = items_[element].children; i != none; i = items_[i].next) {
    if (items_[i].kind == Kind::element || items_[i].kind == Kind::fragment) return true;
  }
  return false;
}

bool JsonPrinter::is_data(std::uint32_t child) const {
  return child != none && items_[child].kind == Kind::element && text(child) == "Data";
}

// Data/@Name; empty where there is none.
std::string_view JsonPrinter::data_name(std::uint32_t element) const {
  for (std::uint32_t i = items_[element].attributes; i != none; i = items_[i].next) {
    if (text(i) == "Name" && items_[i].children != none) return text(items_[i].children);
  }
  return {};
}

// The texts from `first` on, elements between them left out; bare where it is one number alone.
void JsonPrinter::content(std::uint32_t first, TextBuffer& out) {
  std::uint32_t texts = 0;
  bool bare = false;
  for (std::uint32_t i = first; i != none; i = items_[i].next) {
    if (items_[i].kind != Kind::text) continue;
    bare = items_[i].bare;
    ++texts;
  }
  bare = bare && texts == 1;
  if (!bare) out.push('"');
  for (std::uint32_t i = first; i != none; i = items_[i].next) {
    if (items_[i].kind == Kind::text) out.append(text(i));
  }
  if (!bare) out.push('"');
}

bool JsonPrinter::attributes(std::uint32_t element, TextBuffer& out) {
  bool any = false;
  for (std::uint32_t i = items_[element].attributes; i != none; i = items_[i].next) {
    if (!has_text(items_[i].children)) continue;
    out.append(any ? ",\"" : "\"#attributes\":{\"");
    out.append(text(i));
    out.append("\":");
    content(items_[i].children, out);
    any = true;
  }
  if (any) out.push('}');
  return any;
}

void JsonPrinter::element_value(std::uint32_t element, bool container, TextBuffer& out) {
  bool with_attributes = false;
  for (std::uint32_t i = items_[element].attributes; i != none; i = items_[i].next) {
    with_attributes = with_attributes || has_text(items_[i].children);
  }
  if (with_attributes || has_elements(element)) return object(element, container, with_attributes, out);
  if (!has_text(items_[element].children)) return out.append("null");
  recorded_ = recorded_ && !is_list(element);
  content(items_[element].children, out);
}

// A Data element under its name: its attributes are not shown, and nothing is "".
void JsonPrinter::data_value(std::uint32_t element, TextBuffer& out) {
  if (has_elements(element)) return object(element, false, false, out);
  const std::uint32_t child = items_[element].children;
  const std::size_t start = out.size();
  content(child, out);
  // The one place where a text of no characters is written like any other.
  const bool one_mark = recording_ != nullptr && child != none && items_[child].next == none &&
                        items_[child].size == mark_size && text(child).front() == static_cast<char>(MarkByte::value);
  if (one_mark && !items_[child].bare) out.set(start + mark_size, static_cast<char>(text(child).back() | may_be_empty));
}

void JsonPrinter::object(std::uint32_t element, bool container, bool with_attributes, TextBuffer& out) {
  out.push('{');
  bool any = with_attributes && attributes(element, out);
  const auto comma = [&] {
    if (any) out.push(',');
    any = true;
  };
  if (has_text(items_[element].children)) {
    recorded_ = recorded_ && !is_list(element);
    comma();
    out.append("\"#text\":");
    content(items_[element].children, out);
  }
  bool named = false;
  if (container) {
    for (std::uint32_t i = items_[element].children; i != none && !named; i = items_[i].next) {
      named = is_data(i) && !data_name(i).empty();
    }
  }
  NameCounts names;
  bool positional_done = false;
  for (std::uint32_t i = items_[element].children; i != none; i = items_[i].next) {
    if (items_[i].kind == Kind::fragment) {
      recorded_ = recorded_ && (!container || (!any && items_[i].next == none));
      fragment_mark(i, element, any, out);
    }
    if (items_[i].kind != Kind::element) continue;
    if (container && is_data(i)) {
      if (named) {
        comma();
        named_data(i, names, out);
      } else if (!std::exchange(positional_done, true)) {
        comma();
        names.write_key(text(i), out);
        positional_data(element, out);
      }
      continue;
    }
    comma();
    names.write_key(text(i), out);
    element_value(i, text(i) == "EventData" || text(i) == "UserData", out);
  }
  out.push('}');
}

// Neighbours of one name (an array) share their key. Moves on to the last of them.
void JsonPrinter::named_data(std::uint32_t& child, NameCounts& names, TextBuffer& out) {
  const std::string_view name = data_name(child);
  names.write_key(name.empty() ? std::string_view("Data") : name, out);
  const auto follows = [&] {
    const std::uint32_t next = items_[child].next;
    return is_data(next) && data_name(next) == name;
  };
  const bool many = follows();
  // Marks tell neither a name from another nor how many items a list will have.
  recorded_ = recorded_ && !(recording_ != nullptr && holds_mark(name)) && !(many && is_list(child));
  if (many) out.push('[');
  data_value(child, out);
  while (follows()) {
    child = items_[child].next;
    recorded_ = recorded_ && !is_list(child);
    out.push(',');
    data_value(child, out);
  }
  if (many) out.push(']');
}

void JsonPrinter::positional_data(std::uint32_t element, TextBuffer& out) {
  std::uint32_t count = 0;
  for (std::uint32_t i = items_[element].children; i != none; i = items_[i].next) count += is_data(i) ? 1u : 0u;
  out.append("{\"#text\":");
  if (count > 1) out.push('[');
  bool first = true;
  for (std::uint32_t i = items_[element].children; i != none; i = items_[i].next) {
    if (!is_data(i)) continue;
    recorded_ = recorded_ && !(count > 1 && is_list(i));
    if (!std::exchange(first, false)) out.push(',');
    data_value(i, out);
  }
  if (count > 1) out.push(']');
  out.push('}');
}

}  // namespace synclens::evtx
