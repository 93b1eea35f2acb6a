#include "decode/xml_event.hpp"

#include <optional>

#include "decode/xml_references.hpp"
#include "decode/xml_values.hpp"
#include "read/utf8.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

// White space inside values stays as the file has it: Windows writes a message's line ends as references or as they
// are, and both have to come out as CR LF.
constexpr unsigned parse_flags = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_ws_pcdata_single;

std::string_view local_name(const char* name) {
  const std::string_view all = name;
  const std::size_t colon = all.rfind(':');
  return colon == std::string_view::npos ? all : all.substr(colon + 1);
}

std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    if (local_name(a.name()) == name) return a.value();
  }
  return {};
}

bool has_elements(const pugi::xml_node& node) {
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) return true;
  }
  return false;
}

bool has_more_attributes(const pugi::xml_node& node, std::size_t most) {
  std::size_t count = 0;
  for (auto i = node.attributes_begin(); i != node.attributes_end(); ++i) {
    if (++count > most) return true;
  }
  return false;
}

class Fields {
 public:
  Fields(EventView& event, std::vector<std::string>& complaints) : event_(event), complaints_(complaints) {}

  template <typename T>
  void number_of(std::string_view what, std::string_view text, EventField field, T& into) {
    text = trim(text);
    if (text.empty()) return;
    if (const std::optional<T> value = xml_number<T>(text)) {
      into = *value;
      event_.give(field);
    } else {
      complain(what, text);
    }
  }

  void text_of(std::string_view text, EventField field, std::string_view& into) {
    into = text;
    if (!text.empty()) event_.give(field);
  }

  void complain(std::string_view what, std::string_view text) {
    complaints_.push_back(std::string(what) +
                          " cannot be read: " + std::string(without_cut_character(text.substr(0, 80))));
  }

 private:
  EventView& event_;
  std::vector<std::string>& complaints_;
};

}  // namespace

bool XmlEventParser::parse(char* text, std::size_t size, EventView& event, std::vector<std::string>& complaints) {
  complaints.clear();
  data_.clear();
  joined_.clear();
  const References references = check_references(text, size);
  if (!references.custom.empty()) {
    complaints.push_back("a custom entity was refused and left as it is written: " + references.custom);
  }
  if (references.replaced) complaints.push_back("a reference to no character was replaced");
  const pugi::xml_parse_result result =
      document_.load_buffer_inplace(text, references.size, parse_flags, pugi::encoding_utf8);
  if (!result) {
    complaints.push_back("an event is not well-formed XML: " + std::string(result.description()) + " at byte " +
                         std::to_string(result.offset) + " of it");
    return false;
  }
  const pugi::xml_node root = document_.document_element();
  bool has_system = false;
  for (const pugi::xml_node& part : root.children()) {
    if (part.type() != pugi::node_element) continue;
    const std::string_view name = local_name(part.name());
    if (name == "System") {
      has_system = true;
      system(part, event, complaints);
    } else if (name == "EventData") {
      event_data(part, event, complaints);
    } else if (name == "RenderingInfo") {
      rendering(part, event);
    } else if (name == "BinaryEventData") {
      event.binary = text_of(part);
    } else {  // UserData, ProcessingErrorData, DebugData
      leaves(part, complaints);
    }
  }
  if (!has_system) {
    complaints.push_back("an Event element without System");
    return false;
  }
  event.data = data_;
  return true;
}

void XmlEventParser::system(const pugi::xml_node& node, EventView& event, std::vector<std::string>& complaints) {
  Fields fields(event, complaints);
  for (const pugi::xml_node& part : node.children()) {
    if (part.type() != pugi::node_element) continue;
    const std::string_view name = local_name(part.name());
    if (name == "Provider") {
      std::string_view provider = attribute(part, "Name");
      if (provider.empty()) provider = attribute(part, "EventSourceName");
      fields.text_of(provider, EventField::provider, event.provider);
      event.provider_guid = attribute(part, "Guid");
    } else if (name == "EventID") {
      fields.number_of(name, text_of(part), EventField::event_id, event.event_id);
      fields.number_of("Qualifiers", attribute(part, "Qualifiers"), EventField::qualifiers, event.qualifiers);
    } else if (name == "Version") {
      fields.number_of(name, text_of(part), EventField::version, event.version);
    } else if (name == "Level") {
      fields.number_of(name, text_of(part), EventField::level, event.level);
    } else if (name == "Task") {
      fields.number_of(name, text_of(part), EventField::task, event.task);
    } else if (name == "Opcode") {
      fields.number_of(name, text_of(part), EventField::opcode, event.opcode);
    } else if (name == "Keywords") {
      fields.number_of(name, text_of(part), EventField::keywords, event.keywords);
    } else if (name == "TimeCreated") {
      const std::string_view time = trim(attribute(part, "SystemTime"));
      const std::optional<Ticks> ticks = xml_system_time(time);
      if (ticks) {
        event.time = *ticks;
        event.give(EventField::time);
      } else if (!time.empty()) {
        fields.complain("SystemTime", time);
      }
    } else if (name == "EventRecordID") {
      fields.number_of(name, text_of(part), EventField::record_id, event.record_id);
    } else if (name == "Correlation") {
      event.activity_id = attribute(part, "ActivityID");
      event.related_activity_id = attribute(part, "RelatedActivityID");
    } else if (name == "Execution") {
      fields.number_of("ProcessID", attribute(part, "ProcessID"), EventField::process_id, event.process_id);
      fields.number_of("ThreadID", attribute(part, "ThreadID"), EventField::thread_id, event.thread_id);
    } else if (name == "Channel") {
      fields.text_of(text_of(part), EventField::channel, event.channel);
    } else if (name == "Computer") {
      fields.text_of(text_of(part), EventField::computer, event.computer);
    } else if (name == "Security") {
      event.user_sid = attribute(part, "UserID");
    }
  }
}

void XmlEventParser::event_data(const pugi::xml_node& node, EventView& event, std::vector<std::string>& complaints) {
  bool elements = false;
  for (const pugi::xml_node& part : node.children()) {
    if (part.type() != pugi::node_element) continue;
    elements = true;
    const std::string_view name = local_name(part.name());
    if (name == "Binary") {
      event.binary = text_of(part);
    } else if (name == "Data" && !has_elements(part)) {
      if (!add(attribute(part, "Name"), text_of(part), complaints)) return;
    } else {  // ComplexData, or a value that has a structure
      leaves(part, complaints);
    }
  }
  if (elements) return;
  const std::string_view text = text_of(node);
  if (!trim(text).empty()) (void)add({}, text, complaints);
}

// Every element without elements, in the order of the text. Attributes are no values, as in EVTX. The depth is bounded
// by the scanner.
void XmlEventParser::leaves(const pugi::xml_node& top, std::vector<std::string>& complaints) {
  pugi::xml_node node = top;
  while (true) {
    if (has_more_attributes(node, limits_.xml_attributes)) {
      complaints.push_back("an element with more than " + std::to_string(limits_.xml_attributes) +
                           " attributes; its values were left out");
      return;
    }
    pugi::xml_node next;
    for (next = node.first_child(); next && next.type() != pugi::node_element;) next = next.next_sibling();
    if (!next) {
      const std::string_view text = text_of(node);
      if (node != top || !trim(text).empty()) {
        if (!add(local_name(node.name()), text, complaints)) return;
      }
    }
    while (!next) {
      if (node == top) return;
      for (next = node.next_sibling(); next && next.type() != pugi::node_element;) next = next.next_sibling();
      if (!next) node = node.parent();
    }
    node = next;
  }
}

void XmlEventParser::rendering(const pugi::xml_node& node, EventView& event) {
  for (const pugi::xml_node& part : node.children()) {
    if (part.type() != pugi::node_element) continue;
    const std::string_view name = local_name(part.name());
    if (name == "Message") {
      event.message = text_of(part);
      if (!event.message.empty()) event.give(EventField::message);
    } else if (name == "Level") {
      event.level_text = text_of(part);
    }
  }
}

bool XmlEventParser::add(std::string_view name, std::string_view value, std::vector<std::string>& complaints) {
  if (data_.size() >= limits_.event_data_items) {
    complaints.push_back("an event with more than " + std::to_string(limits_.event_data_items) +
                         " values; the others were left out");
    return false;
  }
  data_.push_back({name, value});
  return true;
}

std::string_view XmlEventParser::text_of(const pugi::xml_node& node) {
  std::string_view first;
  std::string* joined = nullptr;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
    const std::string_view value = child.value();
    if (joined != nullptr) {
      joined->append(value);
    } else if (first.data() == nullptr) {
      first = value;
    } else {
      joined = &joined_.emplace_back(first);
      joined->append(value);
    }
  }
  return joined != nullptr ? std::string_view(*joined) : first;
}

}  // namespace synclens
