// Fix steps with the names of this bundle in them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "correlate/incidents.hpp"

namespace synclens::correlate {

// What the placeholders of a command stand for here; a name that is not known is absent.
using Placeholders = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] Placeholders placeholders(const Diagnosing& d, const Incident& incident, const std::string& build);

// Replaces {name} by the PowerShell-quoted value; by '<what it is>' where it is not known or cannot be quoted.
[[nodiscard]] std::string fill_command(std::string_view command, const Placeholders& known);

// Replaces {name} by the bare value in a sentence; `missing` where it is not known.
[[nodiscard]] std::string fill_sentence(std::string_view sentence, const Placeholders& known, std::string_view missing);

// The steps that fit this build, this identity type and this finding, in order.
[[nodiscard]] std::vector<FilledStep> fill_steps(const Cause& cause, const Placeholders& known,
                                                 const std::string& build, const std::string& identity);

}  // namespace synclens::correlate
