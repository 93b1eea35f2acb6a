// Lines of an event text: "Label: value", and events that stand on one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/column_names.hpp"
#include "decode/event_fields.hpp"

namespace synclens {

// A line that begins with a label. Views into the line.
struct LabelLine {
  ColumnName name;         // name.known is false for a property that we do not know (Format-List has those)
  std::string_view value;  // trimmed
  bool spaced = false;     // "Name : Value" with a word as the name, as Format-List and French write it
  bool indented = false;
};

// `any_property`: also names that are not known, if they have the form that Format-List gives them.
[[nodiscard]] std::optional<LabelLine> label_line(std::string_view line, bool any_property);

// The number that an id label's value begins with.
[[nodiscard]] std::string_view leading_number(std::string_view value);

// Is it for certain a line of Format-List?
[[nodiscard]] inline bool is_list_line(const LabelLine& label) {
  return label.spaced && label.name.property;
}

// An event that stands on one line; more of its message may follow on the next ones.
struct LooseEvent {
  std::vector<WrittenId> ids;  // "EventIDs 2005 and 6226" are two events of one text
  std::string time, level, provider, message;
};

// "652 Failed ...", "3/10/2026 2:00:00 PM 652 Error Failed ...", "EventID 528, Source: SQLLocalDB 15.0",
// "FIMSynchronizationService Event 6801".
[[nodiscard]] std::optional<LooseEvent> loose_event(std::string_view line);

// The cells of "a | b" and "| a | b |", trimmed, with "\|" and "<br>" read as Markdown means them.
[[nodiscard]] std::vector<std::string> pipe_cells(std::string_view line, char separator = '|');

// "|---|:---:|"
[[nodiscard]] bool is_rule(const std::vector<std::string>& cells);

// Cells without a header: what is a number is the id, what is a level word the level, what is a date the time;
// of the others the first is the provider (if there are two) and the rest the message.
[[nodiscard]] std::optional<LooseEvent> event_of_cells(const std::vector<std::string>& cells);

}  // namespace synclens
