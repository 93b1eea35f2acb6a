// Events that are written as a row of nothing but their data, and read off it: by row scripts where System is known,
// by a walk where there is no template.
#include "decode/event_reader.hpp"
#include "decode/kept_system.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// The row before is gone.
RowWriter& EventReader::scratch() {
  if (!scratch_) scratch_ = std::make_unique<RowWriter>(ColumnSet{EventColumn::data, EventColumn::binary});
  scratch_->drop_row();
  return *scratch_;
}

// False where something is unusual, and nothing of the record was read.
bool EventReader::read_by_scripts(const RecordSpan& record) {
  RowWriter& rows = scratch();
  fragments_.begin_record(false);
  begin_event();
  Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
  RowWriter::Row row;
  bool usual = false;
  try {
    usual = row_of_known_system(in, rows, row) == Quickly::read;
  } catch (const Damage&) {
  }
  if (!usual || !fragments_.provenance().plain() || too_large(rows)) return false;
  chunk_work_ += rows.item_bytes_in_row();
  event_is_bare_ = false;
  event_ = known_system_->event;
  any_text_ = known_system_->any_text;
  event_.given |= row.given;
  event_.record_id = row.record_id;
  event_.process_id = row.process_id;
  event_.thread_id = row.thread_id;
  set_time(row.time);
  const DifferingPlaces& places = known_system_->places;
  const auto guid = [&](std::uint16_t at) -> std::string_view {
    if (at == DifferingPlaces::nowhere) return {};
    const std::size_t from = buffer_.size();
    buffer_.end_at(put_guid(buffer_.room(widest_of_value(16)), known_start_ + at));
    return see(from);
  };
  event_.activity_id = guid(places.activity_id);
  event_.related_activity_id = guid(places.related_activity_id);
  for (std::size_t i = 0; i < rows.items_in_row(); ++i) data_.push_back(rows.item_in_row(i));
  event_.binary = rows.binary_in_row();
  finish(record);
  return true;
}

// Nothing where something is unusual, and nothing of the record was read.
std::optional<EventReader::Outcome> EventReader::read_by_walk(const RecordSpan& record) {
  RowWriter& rows = scratch();
  switch (read_bare(record, rows)) {
    case BareRecord::unusual:
      return std::nullopt;
    case BareRecord::turned_down:
      finish(record);
      return Outcome::passed_over;
    case BareRecord::read:
      break;
  }
  for (std::size_t i = 0; i < rows.items_in_row(); ++i) data_.push_back(rows.item_in_row(i));
  finish(record);
  return filter_ == nullptr || filter_->accepts(event_) ? Outcome::event : Outcome::passed_over;
}

}  // namespace synclens::evtx
