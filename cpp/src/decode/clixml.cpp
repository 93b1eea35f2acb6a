// Export-Clixml: records of event logs, and what the cmdlets of the sync engine gave.
#include <array>
#include <deque>
#include <utility>
#include <vector>

#include "decode/clixml_scanner.hpp"
#include "decode/clixml_value.hpp"
#include "decode/event_fields.hpp"
#include "decode/problem_list.hpp"
#include "decode/settings_state.hpp"
#include "decode/xml_references.hpp"
#include "record/ascii.hpp"
#include "synclens/decode.hpp"

namespace synclens {
namespace {

constexpr unsigned parse_flags = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_ws_pcdata_single;

struct CmdletOfType {
  std::string_view part;  // of the type's name, in lower case
  std::string_view cmdlet;
};
// By the nouns that the cmdlets have; the first that fits counts.
constexpr std::array cmdlets = {CmdletOfType{"companyfeature", "Get-ADSyncAADCompanyFeature"},
                                CmdletOfType{"scheduler", "Get-ADSyncScheduler"},
                                CmdletOfType{"partitionpasswordsync", "Get-ADSyncPartitionPasswordSyncState"},
                                CmdletOfType{"passwordsyncconfiguration", "Get-ADSyncAADPasswordSyncConfiguration"},
                                CmdletOfType{"globalsettings", "Get-ADSyncGlobalSettings"},
                                CmdletOfType{"reachability", "Get-ADSyncDomainReachabilityStatus"},
                                CmdletOfType{"runprofileresult", "Get-ADSyncRunProfileResult"},
                                CmdletOfType{"synchronizationrule", "Get-ADSyncRule"},
                                CmdletOfType{"connectorstatistics", "Get-ADSyncConnectorStatistics"},
                                CmdletOfType{"mvobject", "Get-ADSyncMVObject"},
                                CmdletOfType{"csobject", "Get-ADSyncCSObject"},
                                CmdletOfType{"objectmodel.connector", "Get-ADSyncConnector"}};

std::string_view cmdlet_of(const std::string& type) {
  const std::string small = lower(type);
  for (const CmdletOfType& known : cmdlets) {
    if (small.find(known.part) != std::string::npos) return known.cmdlet;
  }
  return {};
}

class ClixmlReader {
 public:
  ClixmlReader(const DecodeOptions& options, RecordSink& sink)
      : options_(options),
        sink_(sink),
        problems_(sink, options.limits),
        clock_(options.zone, sink, problems_),
        maker_(options, sink, clock_, problems_),
        writer_(options, sink) {
    clock_.settle();  // the dates of Clixml are ISO 8601: there is nothing to learn from looking ahead
  }

  void read(ByteStream& utf8) {
    ObjectCutter cutter(utf8, options_.limits);
    while (true) {
      const XmlCut cut = cutter.next();
      if (cut.kind == XmlCut::Kind::end) break;
      where_ = {};
      where_.offset = cut.from;
      where_.line = cut.line;
      const auto size = static_cast<std::size_t>(cut.to - cut.from);
      if (cut.kind == XmlCut::Kind::problem) {
        problems_.add(cut.what, where_, size);
      } else if (cut.depth > options_.limits.xml_depth) {
        problems_.add("an object nested deeper than " + std::to_string(options_.limits.xml_depth) + " elements", where_,
                      size);
      } else {
        object_text(cutter.data(cut), size);
      }
    }
    if (unknown_ > 0) {
      sink_.note(std::to_string(unknown_) + " objects of other kinds were passed over, the first of type " +
                 quoted(first_unknown_));
    }
    problems_.finish();
    writer_.finish();
  }

 private:
  void object_text(char* text, std::size_t size) {
    const References checked = check_references(text, size);
    if (!checked.custom.empty()) {
      problems_.add("a custom entity was refused and left as it is written: " + checked.custom, where_);
    }
    const pugi::xml_parse_result result =
        document_.load_buffer_inplace(text, checked.size, parse_flags, pugi::encoding_utf8);
    if (!result) {
      problems_.add("an object is not well-formed XML: " + std::string(result.description()), where_, size);
      return;
    }
    const pugi::xml_node object = document_.document_element();
    references_.remember(object);
    read_properties(object);
    const std::string type = references_.type_of(object);
    if (!event(object, type) && !setting(object, type)) {
      if (unknown_++ == 0) first_unknown_ = type;
    }
  }

  // The properties of the type, then those that were added (Message of an event, everything of Select-Object).
  void read_properties(const pugi::xml_node& object) {
    properties_.clear();
    names_.clear();
    for (const char* part : {"Props", "MS"}) {
      for (const pugi::xml_node& element : object.child(part).children()) {
        if (element.type() != pugi::node_element) continue;
        if (properties_.size() >= options_.limits.event_data_items) {
          problems_.add("an object with more than " + std::to_string(options_.limits.event_data_items) + " properties",
                        where_);
          return;
        }
        append_clixml_text(element.attribute("N").value(), names_.emplace_back());
        properties_.emplace_back(element, references_.value_of(element));
      }
    }
  }

  bool event(const pugi::xml_node& object, const std::string& type) {
    (void)object;
    fields_.clear();
    std::string strings;
    bool other = false;
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      const HeaderColumn column = column_named(names_[i], NameUse::table).column;
      if (column == HeaderColumn::strings) {
        strings = joined_values(properties_[i].first);
      } else if (column != HeaderColumn::none) {
        fields_.set(column, properties_[i].second);
        other = other ||
                (column != HeaderColumn::id && column != HeaderColumn::instance_id && !properties_[i].second.empty());
      }
    }
    const bool typed =
        type.find("EventLogRecord") != std::string::npos || type.find("EventLogEntry") != std::string::npos;
    const bool has_shape = !fields_.get(HeaderColumn::message).empty() ||
                           !fields_.get(HeaderColumn::provider).empty() || !fields_.get(HeaderColumn::time).empty();
    const std::optional<WrittenId> id = fields_.id();
    if (!typed && (!id || !other || !has_shape)) return false;
    if (!id) {
      problems_.add("a record without an event id", where_);
      return true;
    }
    fields_.set(HeaderColumn::strings, strings);
    maker_.deliver(fields_, *id, where_);
    return true;
  }

  // ReplacementStrings is a list of texts, Properties one of objects that have a Value each.
  std::string joined_values(const pugi::xml_node& element) const {
    std::string joined;
    bool first = true;
    for (const pugi::xml_node& item : clixml_list(element).children()) {
      if (item.type() != pugi::node_element) continue;
      if (!first) joined.push_back('\n');
      first = false;
      const pugi::xml_node value = item.child("Props").find_child_by_attribute("N", "Value");
      joined += references_.value_of(value ? value : item);
    }
    return joined;
  }

  bool setting(const pugi::xml_node& object, const std::string& type) {
    const std::string_view cmdlet = cmdlet_of(type);
    powershell::Object described;
    described.line = where_.line;
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      described.properties.push_back({names_[i], properties_[i].second, where_.line, {}});
    }
    bool understood = false;
    for (const auto& [element, value] : properties_) understood = parameters(element) || understood;
    if (understood) return true;
    if (described.properties.empty()) return parameters(object);
    return settings::put_object(writer_, cmdlet, described);
  }

  // The global settings are a list of objects with a Name and a Value each.
  bool parameters(const pugi::xml_node& element) {
    bool understood = false;
    for (const pugi::xml_node& item : clixml_list(element).children()) {
      const pugi::xml_node props = item.child("Props") ? item.child("Props") : item.child("MS");
      const std::string name = references_.value_of(props.find_child_by_attribute("N", "Name"));
      if (!name.starts_with("Microsoft.")) continue;
      powershell::Object pair;
      pair.line = where_.line;
      pair.properties.push_back({"Name", name, where_.line, {}});
      pair.properties.push_back(
          {"Value", references_.value_of(props.find_child_by_attribute("N", "Value")), where_.line, {}});
      understood = settings::put_object(writer_, "Get-ADSyncGlobalSettings", pair) || understood;
    }
    return understood;
  }

  const DecodeOptions& options_;
  RecordSink& sink_;
  ProblemList problems_;
  SourceClock clock_;
  EventMaker maker_;
  settings::Writer writer_;
  pugi::xml_document document_;
  ClixmlReferences references_;
  Address where_;
  std::deque<std::string> names_;
  std::deque<std::pair<pugi::xml_node, std::string>> properties_;
  EventFields fields_;
  std::size_t unknown_ = 0;
  std::string first_unknown_;
};

}  // namespace

void decode_clixml(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  ClixmlReader(options, sink).read(utf8);
}

}  // namespace synclens
