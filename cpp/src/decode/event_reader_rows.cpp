// Records straight into columns, without an event in between: those that are as most records are. Whatever is unusual
// is left to read(), which says the same of every record, only slower.
#include <utility>

#include "decode/event_reader.hpp"
#include "decode/kept_system.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

EventReader::RowOutcome EventReader::read_row(ByteView chunk, const RecordSpan& record, RowWriter& rows,
                                              RowWriter::Row& row) {
  chunk_ = chunk;
  if (record.state != RecordState::intact) return RowOutcome::unusual;
  if (filter_ != nullptr) {
    if (!quick_ || filter_->has_text()) return RowOutcome::unusual;
    Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
    PeekedInstance peeked;
    if (!fragments_.peek(in, peeked)) return RowOutcome::unusual;
    switch (quick_->answer(peeked, event_)) {
      case QuickFilter::Answer::unknown:
        return RowOutcome::unusual;
      case QuickFilter::Answer::no:
        return RowOutcome::passed_over;
      case QuickFilter::Answer::yes:
      case QuickFilter::Answer::unless_said:  // may be turned down, and is not
        break;
    }
  }
  if (filter_ == nullptr && rest_wanted_ && stands_bare(record)) {
    if (row_of_bare(record, rows, row) == RowOutcome::row) return RowOutcome::row;
  }
  fragments_.begin_record(false);
  begin_event();
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  rows.begin_row(record.size);
  bool first = true, usual = false;
  try {
    const Quickly quickly = row_of_known_system(in, rows, row);
    usual = quickly == Quickly::read;
    if (usual) number_common(*known_system_, rows, row);
    if (quickly == Quickly::unknown) {
      fragments_.each(in, true, [&](const Instance& instance) {
        usual = std::exchange(first, false) && row_of_document(instance, record, rows, row);
        return usual;
      });
    }
  } catch (const Damage&) {
    usual = false;
  }
  if (!usual || !fragments_.provenance().plain() || too_large(rows)) {
    rows.drop_row();
    return RowOutcome::unusual;
  }
  chunk_work_ += rows.item_bytes_in_row();
  rows.end_row(row);
  return RowOutcome::row;
}

bool EventReader::too_large(const RowWriter& rows) const {
  return rows.item_bytes_in_row() > most_text_of_record || rows.items_in_row() > limits_.event_data_items ||
         chunk_work_ + rows.item_bytes_in_row() > most_text_of_chunk;
}

// A record with the System of the one before it, but for what differs from record to record.
EventReader::Quickly EventReader::row_of_known_system(Cursor in, RowWriter& rows, RowWriter::Row& row) {
  constexpr std::uint16_t nowhere = DifferingPlaces::nowhere;
  InstanceHead head;
  if (!rest_wanted_ || !fragments_.head(in, head) || !head.plan->systems) return Quickly::unknown;
  std::uint32_t size = 0;
  KeptSystem* const kept = head.plan->systems->cache.find(head.descriptors, head.count, head.start, in.left(), size);
  const ColumnProgram& program = head.plan->columns(Context::document);
  const std::uint32_t slots = head.plan->key().slots;
  if (kept == nullptr || !kept->places.known || program.rest_from < slots) return Quickly::unknown;
  const DifferingPlaces& places = kept->places;
  const auto time = load<std::uint64_t>(head.start + places.time);
  if (time > last_filetime) return Quickly::unknown;
  row.time = static_cast<Ticks>(time);
  const auto number = [&](const DifferingPlaces::Number& place, EventField field) {
    if (place.at == nowhere) return std::uint64_t{0};
    row.given |= static_cast<std::uint32_t>(field);
    const auto bits = load<std::uint64_t>(head.start + place.at);  // what stands behind is readable
    return place.size == 8 ? bits : bits & ((std::uint64_t{1} << (place.size * 8u)) - 1);
  };
  row.given = 0;
  row.record_id = number(places.record_id, EventField::record_id);
  row.process_id = static_cast<std::uint32_t>(number(places.process_id, EventField::process_id));
  row.thread_id = static_cast<std::uint32_t>(number(places.thread_id, EventField::thread_id));
  known_system_ = kept;
  known_start_ = head.start;
  const auto guid = [&](std::uint16_t at, EventColumn column) {
    if (at == nowhere) return;
    char text[widest_of_value(16)];
    rows.text(column, {text, static_cast<std::size_t>(put_guid(text, head.start + at) - text)});
  };
  guid(places.activity_id, EventColumn::activity_id);
  guid(places.related_activity_id, EventColumn::related_activity_id);
  const std::uint8_t* const behind = head.descriptors + std::size_t{slots} * descriptor_size;
  const std::uint32_t tail = bytes_of_values(behind, head.count - slots);
  const bool lone = head.count == slots + 1 && program.lone_fragment != Context::document &&
                    behind[2] == static_cast<std::uint8_t>(ValueType::binxml);
  if (lone && size + tail <= in.left()) {  // as most records are
    in.skip(size, "");
    const std::uint32_t from = in.at();
    in.skip(tail, "");
    if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return Quickly::unusual;
    const auto run = [&] { return row_fragments(Cursor(chunk_, from, from + tail), program.lone_fragment, rows); };
    return fragments_.deeper(run) ? Quickly::read : Quickly::unusual;
  }
  if (size + tail <= in.left()) {
    if (RowScript* const script = row_script(*head.plan, Context::document, slots, head)) {
      in.skip(size, "");
      const std::uint8_t* const start = in.here();
      in.skip(tail, "");
      if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return Quickly::unusual;
      const auto run = [&] { return run_row_script(*script, *head.plan, slots, head, start, tail, rows); };
      return fragments_.deeper(run) ? Quickly::read : Quickly::unusual;
    }
  }
  const bool read = fragments_.only_tail(in, head, slots, size, [&](const Instance& instance) {
    return row_items(instance, Context::document, program, rows);
  });
  return read ? Quickly::read : Quickly::unusual;
}

void EventReader::number_common(KeptSystem& kept, RowWriter& rows, RowWriter::Row& row) {
  if (kept.age != rows.age()) {
    kept.common = rows.common(kept.event);
    kept.age = rows.age();
  }
  row.common = kept.common;
}

// What a row has of its own, but for its common part and its items.
void EventReader::row_of_event(RowWriter& rows, RowWriter::Row& row) const {
  rows.text(EventColumn::activity_id, event_.activity_id);
  rows.text(EventColumn::related_activity_id, event_.related_activity_id);
  row.record_id = event_.record_id;
  row.time = event_.time;
  row.process_id = event_.process_id;
  row.thread_id = event_.thread_id;
  row.given = event_.given;
}

// These are false where something is unusual.
bool EventReader::row_of_document(const Instance& instance, const RecordSpan& record, RowWriter& rows,
                                  RowWriter::Row& row) {
  const ColumnProgram& program = instance.plan->columns(Context::document);
  if (program.system.empty()) return false;
  bool make = false;
  KeptSystem* const kept = find_system(instance, program, make);
  event_ = kept != nullptr ? kept->event : EventView{};
  event_is_bare_ = false;
  any_text_ = kept != nullptr && kept->any_text;
  if (kept != nullptr) {
    run_ops(instance, program, instance.plan->systems->differing);
    number_common(*kept, rows, row);
  } else {
    read_system(instance, program, make);
    row.common = rows.common(event_);
  }
  fill_in(record);
  if (!event_.has(EventField::time)) return false;
  row_of_event(rows, row);
  if (!rest_wanted_ && may_leave_rest(instance, record.size)) return true;
  return row_items(instance, Context::document, program, rows);
}

}  // namespace synclens::evtx
