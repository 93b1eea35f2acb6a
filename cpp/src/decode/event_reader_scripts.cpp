// Events by row scripts: a record whose System is known is written as a row of nothing but its data, and read off it.
#include "decode/event_reader.hpp"
#include "decode/kept_system.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// False where something is unusual, and nothing of the record was read.
bool EventReader::read_by_scripts(const RecordSpan& record) {
  if (!scratch_) scratch_ = std::make_unique<RowWriter>(ColumnSet{EventColumn::data, EventColumn::binary});
  RowWriter& rows = *scratch_;
  fragments_.begin_record(false);
  begin_event();
  Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
  RowWriter::Row row;
  bool usual = false;
  rows.drop_row();  // the one before
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

}  // namespace synclens::evtx
