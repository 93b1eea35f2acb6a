// Which cmdlet printed something: by the names of its properties, by a prompt or heading, by the file's name.
#pragma once

#include <string_view>

#include "powershell_text.hpp"

namespace synclens::settings {

// No topics, but what a command can be: one whose output has nothing for us, and one that prints objects to be
// reported with their connector.
inline constexpr std::string_view ignored_command = "ignored";
inline constexpr std::string_view inheritance_command = "inheritance";

// The topic of a cmdlet named in `text` ("PS C:\> Get-ADSyncScheduler", "Get-ADSyncScheduler.txt"); empty where
// there is none that we know.
[[nodiscard]] std::string_view topic_of_command(std::string_view text);

// The topic that a property's name gives away; empty for names that several cmdlets use.
[[nodiscard]] std::string_view topic_of_property(std::string_view name);

// A name that several cmdlets use, or one that gives a topic away.
[[nodiscard]] bool is_known_property(std::string_view name);

// The topic of an object: the first property that gives one away.
[[nodiscard]] std::string_view topic_of_object(const powershell::Object& object);

// The property that says what a row of this topic is about; empty for topics of the whole server or tenant.
[[nodiscard]] std::string_view subject_of(std::string_view topic, const powershell::Object& object);

}  // namespace synclens::settings
