#include "decode/text_label.hpp"

#include <algorithm>
#include <array>

#include "decode/culture_date.hpp"
#include "decode/level_words.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_word(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_' || c == '.';
}

std::string_view take_word(std::string_view& text) {
  text = trim_marks(text);
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view begin) {
  return text.size() >= begin.size() && equal_ignoring_case(text.substr(0, begin.size()), begin);
}

bool is_month_word(std::string_view word) {
  constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  return word.size() >= 3 &&
         std::any_of(months.begin(), months.end(),
                     [word](std::string_view m) { return starts_with_ignoring_case(word, m); }) &&
         (word.size() == 3 || parse_written_date("1 " + std::string(word) + " 2000"));
}

// What a list in a mail or in Markdown puts before a line.
std::string_view without_bullet(std::string_view line) {
  line = trim_marks(line);
  while (line.size() > 1 && (line.front() == '>' || line.front() == '-' || line.front() == '*') && line[1] == ' ') {
    line = trim_marks(line.substr(1));
  }
  return line;
}

// The longest run of words at the front that is a date with a time; `text` keeps what follows.
std::string_view take_time(std::string_view& text) {
  std::string_view best, rest_after_best = text, rest = text;
  for (int words = 0; words < 4; ++words) {
    if (take_word(rest).empty()) break;
    const std::string_view candidate = trim_marks(text.substr(0, text.size() - rest.size()));
    if (candidate.find(':') == candidate.npos && candidate.find("\xE6\x97\xB6") == candidate.npos) continue;
    if (!parse_written_date(candidate)) continue;
    best = candidate;
    rest_after_best = rest;
  }
  text = rest_after_best;
  return best;
}

// "Event ID 906 ...", "EventIDs 2005 and 6226, Source: ADSync", "Event 6801".
std::optional<LooseEvent> named_event(std::string_view line) {
  LooseEvent result;
  for (const std::string_view provider : {"FIMSynchronizationService", "Directory Synchronization", "ADSync"}) {
    if (!starts_with_ignoring_case(line, provider)) continue;
    result.provider = provider;
    line = trim_marks(line.substr(provider.size()));
    if (line.starts_with(',') || line.starts_with(':')) line = trim_marks(line.substr(1));
    break;
  }
  if (!starts_with_ignoring_case(line, "event")) return std::nullopt;
  line = trim_marks(line.substr(5));
  if (starts_with_ignoring_case(line, "id")) line = line.substr(2);
  if (starts_with_ignoring_case(line, "s")) line = line.substr(1);
  line = trim_marks(line);
  while (true) {
    const std::string_view digits = leading_number(line);
    const auto id = digits.size() <= 5 ? parse_event_id(digits) : std::nullopt;
    if (!id || id->qualifiers) break;
    result.ids.push_back(*id);
    std::string_view rest = trim_marks(line.substr(digits.size()));
    line = rest;
    if (starts_with_ignoring_case(rest, "and ")) {
      rest = trim_marks(rest.substr(4));
    } else if (rest.starts_with(',')) {
      rest = trim_marks(rest.substr(1));
    }
    if (rest.empty() || !is_digit(rest.front())) break;
    line = rest;
  }
  constexpr std::size_t most_ids = 8;
  if (result.ids.empty() || result.ids.size() > most_ids) return std::nullopt;
  while (!line.empty() && (line.front() == ',' || line.front() == ':' || line.front() == ' ')) line.remove_prefix(1);
  if (starts_with_ignoring_case(line, "source:")) {
    line = trim_marks(line.substr(7));
    const std::size_t end = std::min(line.find(','), line.size());
    result.provider = line.substr(0, end);
    line = trim_marks(line.substr(std::min(end + 1, line.size())));
  }
  result.message = line;
  return result;
}

}  // namespace

std::string_view leading_number(std::string_view value) {
  return value.substr(0,
                      static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), is_digit) - value.begin()));
}

std::optional<LabelLine> label_line(std::string_view line, bool any_property) {
  constexpr std::size_t longest_label = 64;
  constexpr std::string_view wide_colon = "\xEF\xBC\x9A";
  LabelLine result;
  const std::string_view all = trim_marks(line);
  result.indented = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  std::size_t at = all.substr(0, longest_label).find(':');
  std::size_t after = at + 1;
  if (const std::size_t wide = all.substr(0, longest_label).find(wide_colon); wide < at) {
    at = wide;
    after = wide + wide_colon.size();
  }
  if (at == all.npos || at == 0) return std::nullopt;
  const std::string_view written = all.substr(0, at);
  const std::string_view name = trim_marks(written);
  result.value = trim_marks(all.substr(after));
  result.spaced = name.size() != written.size() && std::all_of(name.begin(), name.end(), is_word);
  result.name = column_named(name, result.spaced ? NameUse::table : NameUse::label);  // "Data : {}" is no date
  if (result.name.known || (any_property && result.spaced)) return result;
  return std::nullopt;
}

std::optional<LooseEvent> loose_event(std::string_view line) {
  line = without_bullet(line);
  if (line.empty()) return std::nullopt;
  if (!is_digit(line.front())) return named_event(line);
  LooseEvent result;
  result.time = take_time(line);
  line = trim_marks(line);
  const std::string_view digits = leading_number(line);
  const auto id = digits.size() <= 5 ? parse_event_id(digits) : std::nullopt;
  if (!id || id->qualifiers || digits.size() == line.size()) return std::nullopt;
  std::string_view rest = line.substr(digits.size());
  const bool colon = rest.front() == ':' && rest.size() > 1 && rest[1] == ' ';
  if (colon) rest.remove_prefix(1);
  if (rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  rest = trim_marks(rest);
  if (rest.starts_with("- ")) rest = trim_marks(rest.substr(1));
  std::string_view after = rest;
  const std::string_view word = take_word(after);
  if (word.empty()) return std::nullopt;
  if (result.time.empty()) {
    // "10 March 2026", "12345 Mar 10 14:00" and "30 minutes later" are no events
    if (is_month_word(word) || (word.front() >= 'a' && word.front() <= 'z') || is_digit(word.front())) {
      return std::nullopt;
    }
  }
  if (level_of_word(word) && (!result.time.empty() || trim_marks(after).size() > 1)) {
    result.level = word;
    rest = trim_marks(after);
  }
  result.message = rest;
  result.ids.push_back(*id);
  return result;
}

std::vector<std::string> pipe_cells(std::string_view line, char separator) {
  constexpr std::size_t most_cells = 256;
  line = trim(line);
  if (line.starts_with(separator)) line.remove_prefix(1);
  if (line.ends_with(separator) && !line.ends_with("\\|")) line.remove_suffix(1);
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == separator) {
      cells.back().push_back(line[++i]);
    } else if (line[i] == separator && cells.size() < most_cells) {
      cells.emplace_back();
    } else if (line[i] == '<' && separator == '|') {
      const std::string_view tag = line.substr(i, line.substr(i, 6).find('>') + 1);
      if (equal_ignoring_case(tag, "<br>") || equal_ignoring_case(tag, "<br/>") || equal_ignoring_case(tag, "<br />")) {
        cells.back().push_back('\n');
        i += tag.size() - 1;
      } else {
        cells.back().push_back('<');
      }
    } else {
      cells.back().push_back(line[i]);
    }
  }
  for (std::string& cell : cells) cell = std::string(trim_marks(cell));
  return cells;
}

bool is_rule(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of(":-= +") == cell.npos && cell.find_first_of("-=") != cell.npos;
  });
}

std::optional<LooseEvent> event_of_cells(const std::vector<std::string>& cells) {
  if (cells.size() < 2) return std::nullopt;
  LooseEvent result;
  std::vector<std::string_view> others;
  for (const std::string& cell : cells) {
    if (result.ids.empty() && cell.size() <= 5) {
      if (const auto id = parse_event_id(cell); id && !id->qualifiers && is_digit(cell.front())) {
        result.ids.push_back(*id);
        continue;
      }
    }
    if (result.time.empty() && parse_written_date(cell)) {
      result.time = cell;
    } else if (result.level.empty() && level_of_word(cell)) {
      result.level = cell;
    } else if (!cell.empty()) {
      others.push_back(cell);
    }
  }
  if (result.ids.empty() || (others.empty() && result.time.empty())) return std::nullopt;
  if (others.size() >= 2) {
    result.provider = others.front();
    others.erase(others.begin());
  }
  for (const std::string_view text : others) {
    if (!result.message.empty()) result.message += " | ";
    result.message += text;
  }
  return result;
}

}  // namespace synclens
