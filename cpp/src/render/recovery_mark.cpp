#include "render/recovery_mark.hpp"

#include <string>
#include <utility>

#include "synclens/columns.hpp"

namespace synclens::evtx {
namespace {

// The fields of a mark, in order, to `field(name, value, is a number)`.
template <typename Field>
void each_field(const RecoveryMark& mark, Field field) {
  field("state", to_string(mark.state), false);
  field("chunk", std::to_string(mark.chunk->number), true);
  field("offset", std::to_string(mark.chunk->offset + mark.record.offset), true);
  field("record", std::to_string(mark.record.id), true);
  if (mark.record.written != no_time) field("written", to_iso(mark.record.written), false);
  if (!mark.reason.empty()) field("reason", mark.reason, false);
}

void json_text(TextBuffer& out, std::string_view text) {
  out.push('"');
  append_utf8(out, text, Escape::json);
  out.push('"');
}

}  // namespace

void mark_xml(TextBuffer& out, const RecoveryMark& mark) {
  const std::string_view text = out.view();
  const std::size_t close = text.rfind('<');
  std::string end(close == std::string_view::npos ? std::string_view() : text.substr(close));
  if (end.size() < 4 || end[1] != '/') {  // one empty element: <Event .../>
    const std::size_t name_end = end.find_first_of(" /");
    const std::string name = end.substr(1, name_end == std::string::npos ? 0 : name_end - 1);
    out.cut(out.size() - 3);
    out.push('>');
    end = "</" + name + ">\n";
  } else {
    out.cut(close);
  }
  out.append("<Recovery xmlns='urn:synclens:recovery'");
  each_field(mark, [&](std::string_view name, std::string_view value, bool) {
    out.push(' ');
    out.append(name);
    out.append("='");
    append_utf8(out, value, Escape::xml_attribute);
    out.push('\'');
  });
  if (mark.values.empty()) {
    out.append("/>");
  } else {
    out.push('>');
    for (const DataItem& item : mark.values) {
      out.append("<Value>");
      append_utf8(out, item.value, Escape::xml_text);
      out.append("</Value>");
    }
    out.append("</Recovery>");
  }
  out.append(end);
}

void mark_json(TextBuffer& out, const RecoveryMark& mark) {
  out.cut(out.size() - 2);  // the brace and the line feed
  out.append(",\"Recovery\":{");
  bool first = true;
  each_field(mark, [&](std::string_view name, std::string_view value, bool number) {
    if (!std::exchange(first, false)) out.push(',');
    json_text(out, name);
    out.push(':');
    if (number) {
      out.append(value);
    } else {
      json_text(out, value);
    }
  });
  if (!mark.values.empty()) {
    out.append(",\"values\":[");
    for (std::size_t i = 0; i < mark.values.size(); ++i) {
      if (i != 0) out.push(',');
      json_text(out, mark.values[i].value);
    }
    out.push(']');
  }
  out.append("}}\n");
}

}  // namespace synclens::evtx
