// The System part of an event whose content is lost.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "render/recovery_mark.hpp"

namespace synclens::evtx {
namespace {

constexpr std::string_view event_namespace = "http://schemas.microsoft.com/win/2004/08/events/event";

struct Known {
  std::string text;
  bool is_number = false;
};
using Maybe = std::optional<Known>;

struct SystemElement {
  std::string_view name;
  Maybe text;
  std::array<std::pair<std::string_view, Maybe>, 2> attributes;
};

Maybe text_of(std::string_view text) {
  return text.empty() ? Maybe{} : Maybe{{std::string(text), false}};
}

Maybe number_of(const EventView& event, EventField field, std::uint64_t number) {
  return event.has(field) ? Maybe{{std::to_string(number), true}} : Maybe{};
}

std::string hex_of(std::uint64_t number) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[number & 15]);
    number >>= 4;
  } while (number != 0);
  return "0x" + digits;
}

Maybe time_of(const EventView& event) {
  if (!event.has(EventField::time)) return {};
  std::string time = to_iso(event.time);
  if (time.find('.') == std::string::npos) time.insert(time.size() - 1, ".0000000");
  return Maybe{{std::move(time), false}};
}

// In the order of Windows. Only what is known.
std::array<SystemElement, 14> system_elements(const EventView& e) {
  const Maybe nothing;
  const Maybe keywords = e.has(EventField::keywords) ? Maybe{{hex_of(e.keywords), false}} : nothing;
  return {{
      {"Provider", nothing, {{{"Name", text_of(e.provider)}, {"Guid", text_of(e.provider_guid)}}}},
      {"EventID",
       number_of(e, EventField::event_id, e.event_id),
       {{{"Qualifiers", number_of(e, EventField::qualifiers, e.qualifiers)}, {}}}},
      {"Version", number_of(e, EventField::version, e.version), {}},
      {"Level", number_of(e, EventField::level, e.level), {}},
      {"Task", number_of(e, EventField::task, e.task), {}},
      {"Opcode", number_of(e, EventField::opcode, e.opcode), {}},
      {"Keywords", keywords, {}},
      {"TimeCreated", nothing, {{{"SystemTime", time_of(e)}, {}}}},
      {"EventRecordID", number_of(e, EventField::record_id, e.record_id), {}},
      {"Correlation",
       nothing,
       {{{"ActivityID", text_of(e.activity_id)}, {"RelatedActivityID", text_of(e.related_activity_id)}}}},
      {"Execution",
       nothing,
       {{{"ProcessID", number_of(e, EventField::process_id, e.process_id)},
         {"ThreadID", number_of(e, EventField::thread_id, e.thread_id)}}}},
      {"Channel", text_of(e.channel), {}},
      {"Computer", text_of(e.computer), {}},
      {"Security", nothing, {{{"UserID", text_of(e.user_sid)}, {}}}},
  }};
}

bool known(const SystemElement& element) {
  return element.text || element.attributes[0].second || element.attributes[1].second;
}

void json_value(TextBuffer& out, const Known& value) {
  if (value.is_number) return out.append(value.text);
  out.push('"');
  append_utf8(out, value.text, Escape::json);
  out.push('"');
}

void json_element(TextBuffer& out, const SystemElement& element) {
  const bool attributes = element.attributes[0].second || element.attributes[1].second;
  if (!attributes) return json_value(out, *element.text);
  out.append("{\"#attributes\":{");
  bool first = true;
  for (const auto& [name, value] : element.attributes) {
    if (!value) continue;
    if (!std::exchange(first, false)) out.push(',');
    out.push('"');
    out.append(name);
    out.append("\":");
    json_value(out, *value);
  }
  out.push('}');
  if (element.text) {
    out.append(",\"#text\":");
    json_value(out, *element.text);
  }
  out.push('}');
}

}  // namespace

void print_system_xml(TextBuffer& out, const EventView& event) {
  out.append("<Event xmlns='");
  out.append(event_namespace);
  out.append("'><System>");
  for (const SystemElement& element : system_elements(event)) {
    if (!known(element)) continue;
    out.push('<');
    out.append(element.name);
    for (const auto& [name, value] : element.attributes) {
      if (!value) continue;
      out.push(' ');
      out.append(name);
      out.append("='");
      append_utf8(out, value->text, Escape::xml_attribute);
      out.push('\'');
    }
    if (!element.text) {
      out.append("/>");
      continue;
    }
    out.push('>');
    append_utf8(out, element.text->text, Escape::xml_text);
    out.append("</");
    out.append(element.name);
    out.push('>');
  }
  out.append("</System></Event>\n");
}

void print_system_json(TextBuffer& out, const EventView& event) {
  out.append("{\"Event\":{\"#attributes\":{\"xmlns\":\"");
  out.append(event_namespace);
  out.append("\"},\"System\":{");
  bool first = true;
  for (const SystemElement& element : system_elements(event)) {
    if (!known(element)) continue;
    if (!std::exchange(first, false)) out.push(',');
    out.push('"');
    out.append(element.name);
    out.append("\":");
    json_element(out, element);
  }
  out.append("}}}\n");
}

}  // namespace synclens::evtx
