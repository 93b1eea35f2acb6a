#include "read/sniff_text.hpp"

#include <algorithm>
#include <array>

#include "read/event_words.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t most_lines = 4000;
constexpr std::size_t nowhere = std::string_view::npos;

bool ends_name(char c) {
  return is_space(c) || c == '>' || c == '/' || c == '<' || c == '"' || c == '\'';
}

// The name of the element whose '<' is at the front of `text`, without its prefix.
std::string_view element_name(std::string_view text) {
  text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && !ends_name(text[end])) ++end;
  text = text.substr(0, end);
  const std::size_t colon = text.rfind(':');
  return colon == nowhere ? text : text.substr(colon + 1);
}

// Where the first <Event> element begins that has something of an event in it.
std::size_t find_event(std::string_view text) {
  constexpr std::size_t near = 2048;
  for (std::size_t at = text.find('<'); at != nowhere; at = text.find('<', at + 1)) {
    if (element_name(text.substr(at)) != "Event") continue;
    const std::string_view inside = text.substr(at, near);
    for (const std::string_view sign :
         {"schemas.microsoft.com/win/2004/08/events", "System>", "EventID", "<Provider"}) {
      if (inside.find(sign) != nowhere) return at;
    }
  }
  return nowhere;
}

std::size_t find_objects(std::string_view text) {
  const std::size_t at = text.find("<Objs");
  return at != nowhere && text.substr(at, 256).find("powershell") != nowhere ? at : nowhere;
}

// Drops white space, XML declarations, comments, a DOCTYPE and the tree marks that a browser's view puts before lines.
std::string_view skip_prolog(std::string_view text) {
  while (true) {
    while (!text.empty() && (is_space(text.front()) || text.front() == '-')) text.remove_prefix(1);
    std::size_t end = nowhere;
    if (text.substr(0, 4) == "<!--") {
      end = text.find("-->");
    } else if (text.substr(0, 2) == "<?" || text.substr(0, 2) == "<!") {
      end = text.find('>');
      const std::size_t subset = text.substr(0, end).find('[');
      if (text[1] == '!' && subset != nowhere) end = text.find("]>", subset);
    } else {
      return text;
    }
    if (end == nowhere) return {};
    text.remove_prefix(text.find('>', end) + 1);
  }
}

SourceKind sniff_lines(std::string_view text, std::string_view name) {
  const std::vector<std::string_view> lines = first_lines(text, most_lines);
  for (const auto sniffer : {sniff_table, sniff_event_text}) {
    const SourceKind kind = sniffer(lines);
    if (kind != SourceKind::unknown) return kind;
  }
  return sniff_settings(lines, name);
}

bool is_registry_text(std::string_view text) {
  for (const std::string_view start : {"Windows Registry Editor Version", "REGEDIT4", "HKEY_LOCAL_MACHINE\\"}) {
    if (trim(text).substr(0, start.size()) == start) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string_view> first_lines(std::string_view text, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string_view> cells_of(std::string_view line, char delimiter) {
  std::vector<std::string_view> cells;
  const auto add = [&cells](std::string_view cell) {
    cell = trim(cell);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    cells.push_back(cell);
  };
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (quoted && delimiter != ' ') continue;
    if (delimiter == ' ' ? line[i] == ' ' && i + 1 < line.size() && line[i + 1] == ' ' : line[i] == delimiter) {
      if (delimiter != ' ' || i > start) add(line.substr(start, i - start));
      while (delimiter == ' ' && i + 1 < line.size() && line[i + 1] == ' ') ++i;
      start = i + 1;
    }
  }
  if (delimiter != ' ' || start < line.size()) add(line.substr(start));
  if (delimiter == '|' && cells.size() > 2) {  // Markdown has one at either end
    if (cells.front().empty()) cells.erase(cells.begin());
    if (cells.back().empty()) cells.pop_back();
  }
  return cells;
}

SourceKind sniff_markup(std::string_view text) {
  const std::string_view body = skip_prolog(text);
  if (body.empty() || body.front() != '<') return SourceKind::unknown;
  const std::string_view root = element_name(body);
  if (root == "Objs") return find_objects(body) == 0 ? SourceKind::clixml : SourceKind::unknown;
  if (root == "Events") return SourceKind::event_xml;
  if (find_event(body) != nowhere) return SourceKind::event_xml;
  constexpr std::array<std::string_view, 17> settings = {"connector",
                                                         "connectors",
                                                         "ma-data",
                                                         "saved-ma-configuration",
                                                         "mv-data",
                                                         "mv-object",
                                                         "mv-objects",
                                                         "cs-object",
                                                         "cs-objects",
                                                         "synchronizationrule",
                                                         "synchronizationrules",
                                                         "globalsettings",
                                                         "globalparameters",
                                                         "run-history",
                                                         "serverconfiguration",
                                                         "partition",
                                                         "partitions"};
  const std::string lower_root = lower(root.substr(0, 64));
  if (lower_root == "configuration")  // of any program of .NET: of use is the proxy of machine.config
    return body.find("<defaultProxy") != nowhere ? SourceKind::settings : SourceKind::unknown;
  return std::find(settings.begin(), settings.end(), lower_root) != settings.end() ? SourceKind::settings
                                                                                   : SourceKind::unknown;
}

SourceKind sniff_event_text(const std::vector<std::string_view>& lines) {
  constexpr std::size_t reach = 40;  // lines around the id in which the others are looked for
  struct Seen {
    std::size_t line;
    EventWord meaning;
    std::string_view label;
  };
  std::vector<Seen> block;  // "Event ID:      611"
  std::vector<Seen> list;   // "Id           : 611"
  const auto is_number = [](std::string_view value) {
    value = trim(value);
    return !value.empty() && value.size() <= 10 && value.find_first_not_of("0123456789") == nowhere;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    std::size_t colon = line.find(':');
    std::size_t after = colon == nowhere ? nowhere : colon + 1;
    if (const std::size_t wide = line.find("\xEF\xBC\x9A"); wide < colon) {  // the colon of Chinese and Japanese texts
      colon = wide;
      after = wide + 3;
    }
    if (colon == nowhere || colon == 0) continue;
    const std::string_view label = line.substr(0, colon);
    const std::string_view value = line.substr(after);
    const EventWord as_label = event_label(label);
    if (as_label != EventWord::none && (as_label != EventWord::id || is_number(value))) {
      block.push_back({i, as_label, trim(label)});
    }
    if (!is_space(label.back()) || (!value.empty() && value.front() != ' ')) continue;
    const EventWord as_column = event_column(label);
    if (as_column != EventWord::none && (as_column != EventWord::id || is_number(value))) {
      list.push_back({i, as_column, trim(label)});
    }
  }
  const auto enough = [](const std::vector<Seen>& seen, std::size_t needed) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i].meaning != EventWord::id) continue;
      std::vector<std::string_view> others;
      const auto look = [&](const Seen& s) {
        if (s.meaning != EventWord::id && std::find(others.begin(), others.end(), s.label) == others.end()) {
          others.push_back(s.label);
        }
      };
      for (std::size_t j = i; j-- > 0 && seen[i].line - seen[j].line <= reach;) look(seen[j]);
      for (std::size_t j = i + 1; j < seen.size() && seen[j].line - seen[i].line <= reach; ++j) look(seen[j]);
      if (others.size() + 1 >= needed) return true;
    }
    return false;
  };
  return enough(block, 2) || enough(list, 2) ? SourceKind::event_text : SourceKind::unknown;
}

SourceKind sniff_text(std::string_view text, std::string_view name) {
  if (is_registry_text(text)) return SourceKind::closed;
  const SourceKind markup = sniff_markup(text);
  if (markup != SourceKind::unknown) return markup;
  // A text may have something before its XML (a prompt, the line that a dump writes before each record), and a table
  // or a pasted event may have XML in it: what comes first decides.
  const std::size_t event = find_event(text);
  const std::size_t objects = find_objects(text);
  const std::size_t xml = std::min(event, objects);
  if (xml == nowhere) return sniff_lines(text, name);
  const SourceKind before = sniff_lines(text.substr(0, xml), name);
  if (before != SourceKind::unknown) return before;
  return event < objects ? SourceKind::event_xml : SourceKind::clixml;
}

}  // namespace synclens
