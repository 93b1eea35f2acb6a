// What `recover` adds to every printed record: where it was found, in which state, and why it is not intact.
//
// XML: <Recovery xmlns='urn:synclens:recovery' state='slack' chunk='3' offset='201216' record='17'
//        written='2026-03-10T02:00:00.1234567Z' reason='...'/> as the last child of the record's element.
// JSON: the same as an object, beside "Event" under "Recovery".
// Of a record whose template is gone, the values that it still holds stand there too, without names: as <Value>
// elements, or under "values".
#pragma once

#include <span>
#include <string_view>

#include "decode/evtx_chunk.hpp"
#include "decode/utf16.hpp"

namespace synclens::evtx {

struct RecoveryMark {
  RecordState state = RecordState::intact;
  std::string_view reason;
  const Chunk* chunk = nullptr;
  RecordSpan record;
  std::span<const DataItem> values;
};

// `out` must end with a whole record and its line feed.
void mark_xml(TextBuffer& out, const RecoveryMark& mark);
void mark_json(TextBuffer& out, const RecoveryMark& mark);

// The System part of an event as a record of its own, each field where it is known; nothing else of it.
void print_system_xml(TextBuffer& out, const EventView& event);
void print_system_json(TextBuffer& out, const EventView& event);

}  // namespace synclens::evtx
