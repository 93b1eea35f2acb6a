// Telling texts apart. All of these take the beginning of a text as UTF-8, at most 64 KiB of it.
#pragma once

#include <string_view>
#include <vector>

#include "synclens/read.hpp"

namespace synclens {

// The lines of the beginning of a text, without line ends; at most `most` of them.
[[nodiscard]] std::vector<std::string_view> first_lines(std::string_view text, std::size_t most);

// The cells of one line, trimmed and without quotes. A delimiter of ' ' splits at two blanks or more.
[[nodiscard]] std::vector<std::string_view> cells_of(std::string_view line, char delimiter);

[[nodiscard]] SourceKind sniff_text(std::string_view text, std::string_view name);

// The parts of sniff_text; `unknown` where the text is not of that family.
[[nodiscard]] SourceKind sniff_markup(std::string_view text);                           // begins with an element
[[nodiscard]] SourceKind sniff_table(const std::vector<std::string_view>& lines);       // a header row
[[nodiscard]] SourceKind sniff_event_text(const std::vector<std::string_view>& lines);  // labels of an event
[[nodiscard]] SourceKind sniff_settings(const std::vector<std::string_view>& lines, std::string_view name);

}  // namespace synclens
