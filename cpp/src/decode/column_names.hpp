// What a column of an event table, or a label of an event text, is about.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/name_fold.hpp"

namespace synclens {

enum class HeaderColumn : std::uint8_t {
  none,        // of no use to us
  level,       // Event Viewer's word, or Get-WinEvent's number
  level_word,  // LevelDisplayName
  entry_type,  // Get-EventLog's word
  time,
  time_written,  // Get-EventLog has two times; this one is the second choice
  provider,
  id,
  instance_id,  // id in the low half, qualifiers in the high half
  task,         // a word or a number
  message,
  record_id,
  computer,
  channel,
  user,
  keywords,
  opcode,
  version,
  qualifiers,
  process_id,
  thread_id,
  provider_guid,
  activity_id,
  related_activity_id,
  strings,    // ReplacementStrings, Properties
  event_xml,  // the label before the XML in a copied event
  count,
};

struct ColumnName {
  HeaderColumn column = HeaderColumn::none;
  Language language = Language::neutral;
  bool property = false;  // the name of a property of PowerShell's objects, not a label of Event Viewer
  bool known = false;     // also true for names that are known and of no use
};

// `label`: a label of a text, where "Data" is Portuguese for date, while in a table it is Get-EventLog's bytes.
enum class NameUse : std::uint8_t { table, label };

[[nodiscard]] ColumnName column_named(std::string_view written, NameUse use);

}  // namespace synclens
