// Where the fields of a column program stand in an EventView.
#pragma once

#include <optional>

#include "decode/column_program.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

constexpr std::optional<EventField> given_by(Field field) {
  switch (field) {
    case Field::provider:
      return EventField::provider;
    case Field::event_id:
      return EventField::event_id;
    case Field::qualifiers:
      return EventField::qualifiers;
    case Field::version:
      return EventField::version;
    case Field::level:
      return EventField::level;
    case Field::task:
      return EventField::task;
    case Field::opcode:
      return EventField::opcode;
    case Field::keywords:
      return EventField::keywords;
    case Field::time:
      return EventField::time;
    case Field::record_id:
      return EventField::record_id;
    case Field::process_id:
      return EventField::process_id;
    case Field::thread_id:
      return EventField::thread_id;
    case Field::channel:
      return EventField::channel;
    case Field::computer:
      return EventField::computer;
    case Field::message:
      return EventField::message;
    default:
      return std::nullopt;
  }
}

// The place of a text field in the event; null for the others.
inline std::string_view* text_place(EventView& event, Field field) {
  switch (field) {
    case Field::provider:
      return &event.provider;
    case Field::provider_guid:
      return &event.provider_guid;
    case Field::activity_id:
      return &event.activity_id;
    case Field::related_activity_id:
      return &event.related_activity_id;
    case Field::channel:
      return &event.channel;
    case Field::computer:
      return &event.computer;
    case Field::user_sid:
      return &event.user_sid;
    case Field::message:
      return &event.message;
    case Field::level_text:
      return &event.level_text;
    case Field::binary:
      return &event.binary;
    default:
      return nullptr;
  }
}

}  // namespace synclens::evtx
