// One event record into an EventView.
#pragma once

#include <vector>

#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"
#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

class EventReader {
 public:
  // Borrows the filter. What is not in `columns` may be left out of the events; without `marks` nothing is known of
  // what the filter turned down.
  EventReader(const Limits& limits, const CompiledFilter* filter, ColumnSet columns = ColumnSet::all(),
              bool marks = true);

  // See FragmentReader.
  void use_found(const FoundTemplates* found) { fragments_.use_found(found); }

  void begin_chunk();

  enum class Outcome : std::uint8_t { event, passed_over };

  // Reads the record into view(). `passed_over`: the filter turned it down; then only record_id and time are sure.
  // Throws Damage.
  Outcome read(ByteView chunk, const RecordSpan& record);

  // After Damage in a record: what of it can be proved all the same. The System fields where their template was right;
  // else, where the template is gone, the values, without names. False where there is nothing of the kind.
  [[nodiscard]] bool salvage(ByteView chunk, const RecordSpan& record, const Damage& damage);

  // Of the last record; its texts are valid until the next read.
  [[nodiscard]] EventView& view() { return event_; }
  // The bits of `given` that its content states; the record's own head gives id and time where that does not.
  [[nodiscard]] std::uint32_t stated() const { return stated_; }

 private:
  void run(const Instance& instance, Context context);
  [[nodiscard]] bool run_document(const Instance& instance, std::uint32_t record_size);
  [[nodiscard]] bool may_leave_rest(const Instance& instance, const ColumnProgram& program, std::uint32_t record_size);
  [[nodiscard]] bool other_id(const Instance& instance, const ColumnProgram& program);
  void mark(const Instance& instance, const ColumnProgram& program);
  void mark_channel(const Value& value);
  void run_ops(const Instance& instance, const ColumnProgram& program, const std::vector<ColumnOp>& ops);
  void field(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  void item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  [[nodiscard]] bool plain_value(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  void add_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  void nested(const Value& value, Context context);
  [[nodiscard]] bool absent(const Instance& instance, const Part* parts, std::size_t count);
  [[nodiscard]] std::string_view text(const Instance& instance, const Part* parts, std::size_t count);
  [[nodiscard]] std::string_view see(std::size_t from);
  void follow_buffer();
  void add_data(std::string_view name, std::string_view value);
  void set_number(Field field, std::uint64_t number);
  void set_time(Ticks time);
  void finish(const RecordSpan& record);
  void check_size(std::uint32_t offset) const;

  Limits limits_;
  const CompiledFilter* filter_;
  bool rest_wanted_, marks_;
  FragmentReader fragments_;
  ByteView chunk_;
  TextBuffer buffer_;
  EventView event_;
  const char* buffer_at_ = nullptr;  // where the buffer stood when the last text was seen
  std::size_t seen_ = 0;             // and how much of it was used
  bool any_text_ = false;            // a field of System that is a text was found
  std::vector<DataItem> data_;
  std::vector<std::uint8_t> channel_bytes_;  // of the last mark, as the log has it
  std::uint8_t channel_type_ = 0;
  TextBuffer channel_;
  std::string reason_;
  std::uint32_t stated_ = 0;
  std::size_t chunk_work_ = 0;
  std::size_t left_out_ = 0;  // most text that the parts left out of this chunk's records can be
};

}  // namespace synclens::evtx
