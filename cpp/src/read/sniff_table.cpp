#include <algorithm>
#include <array>
#include <string>

#include "read/event_words.hpp"
#include "read/sniff_text.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;

bool contains_word(std::string_view text, std::string_view lower_word) {
  return lower(text).find(lower_word) != std::string::npos;
}

bool is_status_word(std::string_view cell) {
  constexpr std::array<std::string_view, 10> words = {"Success",
                                                      "FilteredByTarget",
                                                      "NoTargetConnection",
                                                      "SourceConnectorNotPresent",
                                                      "TargetNotExportedToDirectory",
                                                      "MigratedCheckDetailsForMoreInfo",
                                                      "Error",
                                                      "Unknown",
                                                      "MissingAttribute",
                                                      "RetryRequestedByTarget"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return equal_ignoring_case(w, cell); });
}

bool is_event_header(std::string_view line) {
  for (const char delimiter : {',', '\t', ';', '|'}) {
    if (line.find(delimiter) == nowhere) continue;
    bool id = false;
    bool time = false;
    bool message = false;
    std::size_t known = 0;
    for (const std::string_view cell : cells_of(line, delimiter)) {
      const EventWord meaning = event_column(cell);
      if (meaning == EventWord::none) continue;
      if (meaning != EventWord::other) ++known;
      id = id || meaning == EventWord::id;
      time = time || meaning == EventWord::time;
      message = message || meaning == EventWord::message;
    }
    if ((id && known >= 2) || (time && message)) return true;
  }
  return false;
}

// "------ ------", "|---|:--:|"
bool is_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 3 && line.find("--") != nowhere && line.find_first_not_of("-=|: +\t") == nowhere;
}

bool is_cloud_sync_header(const std::vector<std::string_view>& lines, std::size_t i) {
  if (!contains_word(lines[i], "intervalmins")) return false;
  const std::string_view line = trim(lines[i]);
  if (equal_ignoring_case(trim(line.substr(0, line.find(':'))), "intervalmins")) return true;
  for (const char delimiter : {',', '\t'}) {
    const auto cells = cells_of(line, delimiter);
    const bool has = std::any_of(cells.begin(), cells.end(),
                                 [](std::string_view c) { return equal_ignoring_case(c, "intervalmins"); });
    if (has && cells.size() > 1) return true;
  }
  return i + 1 < lines.size() && is_rule(lines[i + 1]);
}

// A column's name, not a sentence with the word in it.
bool is_status_column(std::string_view cell) {
  constexpr std::size_t longest = 64;
  constexpr std::ptrdiff_t most_blanks = 4;
  return cell.size() <= longest && contains_word(cell, "status") &&
         !contains_word(cell, "passwordsynclastcyclestatus") && cell.find_first_of("=:.?!") == nowhere &&
         std::count(cell.begin(), cell.end(), ' ') <= most_blanks;
}

// What the words mean, as an article has it, is no log.
bool is_glossary(const std::vector<std::string_view>& columns) {
  return columns.size() == 2 && std::any_of(columns.begin(), columns.end(), [](std::string_view c) {
           return equal_ignoring_case(c, "description") || equal_ignoring_case(c, "meaning");
         });
}

constexpr std::size_t rows_looked_at = 2000;

bool has_status_rows(const std::vector<std::string_view>& lines, std::size_t header, char delimiter) {
  const auto columns = cells_of(lines[header], delimiter);
  const auto column = std::find_if(columns.begin(), columns.end(), is_status_column);
  if (column == columns.end() || is_glossary(columns)) return false;
  const auto index = static_cast<std::size_t>(column - columns.begin());
  const std::size_t last = std::min(lines.size(), header + rows_looked_at);
  for (std::size_t i = header + 1; i < last; ++i) {
    if (trim(lines[i]).empty() || is_rule(lines[i])) continue;
    const auto cells = cells_of(lines[i], delimiter);
    if (columns.size() == 1) return cells.size() == 1 && is_status_word(cells[0]);  // a heading is no column
    if (index < cells.size() && is_status_word(cells[index])) return true;
  }
  return false;
}

// Columns of blanks: the status stands under the header's word, or is a cell of its own.
bool has_aligned_status_rows(const std::vector<std::string_view>& lines, std::size_t header) {
  const std::string_view head = lines[header];
  const auto columns = cells_of(head, ' ');
  const bool ruled = header + 1 < lines.size() && is_rule(lines[header + 1]);
  if ((columns.size() < 2 && !ruled) || is_glossary(columns)) return false;
  if (std::none_of(columns.begin(), columns.end(), is_status_column)) return false;
  const std::size_t word = lower(head).find("status");
  const std::size_t start = head.find_last_of(" \t", word) == nowhere ? 0 : head.find_last_of(" \t", word) + 1;
  const std::size_t last = std::min(lines.size(), header + rows_looked_at);
  for (std::size_t i = header + 1; i < last; ++i) {
    const std::string_view row = lines[i];
    if (start < row.size()) {
      const std::string_view under = row.substr(start);
      if (is_status_word(under.substr(0, under.find_first_of(" \t"))) && (start == 0 || is_space(row[start - 1]))) {
        return true;
      }
    }
    const auto cells = cells_of(row, ' ');
    if (cells.size() > 1 && std::any_of(cells.begin(), cells.end(), is_status_word)) return true;
  }
  return false;
}

bool is_sync_log(const std::vector<std::string_view>& lines) {
  constexpr std::size_t headers_looked_at = 20;  // each costs a pass over the rows
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < lines.size() && looked_at < headers_looked_at; ++i) {
    if (lines[i].size() > 4096 || !contains_word(lines[i], "status")) continue;
    ++looked_at;
    for (const char delimiter : {',', '\t', ';', '|'}) {
      if (lines[i].find(delimiter) != nowhere && has_status_rows(lines, i, delimiter)) return true;
    }
    if (equal_ignoring_case(cells_of(lines[i], ',').front(), "status") && has_status_rows(lines, i, ',')) return true;
    if (lines[i].find('|') == nowhere && has_aligned_status_rows(lines, i)) return true;
  }
  return false;
}

}  // namespace

SourceKind sniff_table(const std::vector<std::string_view>& lines) {
  constexpr std::size_t before_header = 4;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < lines.size() && seen < before_header; ++i) {
    const std::string_view line = trim(lines[i]);
    if (line.empty()) continue;
    ++seen;
    if (line.substr(0, 5) == "#TYPE") {
      if (contains_word(line, "eventlogrecord") || contains_word(line, "eventlogentry")) return SourceKind::event_table;
      continue;
    }
    if (is_event_header(line)) return SourceKind::event_table;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_cloud_sync_header(lines, i)) return SourceKind::cloud_sync;
  }
  const bool partition_state = std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return contains_word(line, "passwordsynclastcyclestatus");
  });
  if (!partition_state && is_sync_log(lines)) return SourceKind::sync_log;
  return SourceKind::unknown;
}

}  // namespace synclens
