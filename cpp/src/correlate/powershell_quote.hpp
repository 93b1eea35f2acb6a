// Names out of a bundle in a command that somebody will paste into PowerShell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace synclens::correlate {

// A single-quoted PowerShell string. Nothing is special in one but the quotes, of which PowerShell knows five;
// each is doubled. Empty for a text with control characters or line ends: no name of Active Directory needs one,
// and a terminal would act on it.
[[nodiscard]] std::optional<std::string> powershell_quoted(std::string_view text);

}  // namespace synclens::correlate
