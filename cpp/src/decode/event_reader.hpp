// One event record into an EventView.
#pragma once

#include <optional>
#include <vector>

#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"
#include "decode/quick_filter.hpp"
#include "decode/value_writer.hpp"
#include "record/row_writer.hpp"
#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

// A template can print one value thousands of times, so a small chunk could become gigabytes. The largest real
// record prints 20 times its size.
inline constexpr std::size_t most_text_of_record = 8u << 20;
inline constexpr std::size_t most_text_of_chunk = 32u << 20;

struct KeptSystem;

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
  // `by_scripts` false: it is known that no row scripts have it. Throws Damage.
  Outcome read(ByteView chunk, const RecordSpan& record, bool by_scripts = true);

  // read() of a record that is as most are and turned down, or only counted. Nothing where read() must tell.
  [[nodiscard]] std::optional<Outcome> leave(ByteView chunk, const RecordSpan& record) {
    if (!quick_ || !quick_->knows_alike() || record.state != RecordState::intact) return std::nullopt;
    chunk_ = chunk;
    InstanceHead head;
    const std::uint32_t bytes = record.size - record_head - 4;
    const std::uint8_t* const at = chunk.data() + record.offset + record_head;
    if (!fragments_.usual_head(chunk, at, bytes, head)) return std::nullopt;
    const std::uint32_t room = bytes - static_cast<std::uint32_t>(head.start - at);
    switch (quick_->answer_alike(head, room, event_)) {
      case QuickFilter::Answer::no:
        return turned_down();
      case QuickFilter::Answer::yes:
        if (!may_leave_alike(head, room, record.size, {})) return std::nullopt;
        return accepted();
      case QuickFilter::Answer::unless_said:
        if (!may_leave_alike(head, room, record.size, quick_->letters())) return std::nullopt;
        return turned_down();
      case QuickFilter::Answer::unknown:
        break;
    }
    return std::nullopt;
  }

  enum class RowOutcome : std::uint8_t { row, passed_over, unusual };

  // Reads the record straight into `rows`, with `row` as its end but for where it stands. `unusual`: nothing was added,
  // and it is for read() to say what the record is.
  RowOutcome read_row(ByteView chunk, const RecordSpan& record, RowWriter& rows, RowWriter::Row& row);

  // After Damage in a record: what of it can be proved all the same. The System fields where their template was right;
  // else, where the template is gone, the values, without names. False where there is nothing of the kind.
  [[nodiscard]] bool salvage(ByteView chunk, const RecordSpan& record, const Damage& damage);

  // Of the last record; its texts are valid until the next read.
  [[nodiscard]] EventView& view() { return event_; }
  // The bits of `given` that its content states; the record's own head gives id and time where that does not.
  [[nodiscard]] std::uint32_t stated() const { return stated_; }

 private:
  void run(const Instance& instance, Context context);
  void run_system(const Instance& instance, const ColumnProgram& program);
  [[nodiscard]] KeptSystem* find_system(const Instance& instance, const ColumnProgram& program, bool& make);
  void read_system(const Instance& instance, const ColumnProgram& program, bool make);
  [[nodiscard]] bool run_document(const Instance& instance, const RecordSpan& record);
  [[nodiscard]] bool may_leave_rest(const Instance& instance, std::uint32_t record_size);
  // What the values of an instance can print at most, and how many items they can be.
  struct Most {
    std::size_t text = 0, items = 0;
    std::string_view letters;  // which nothing of it may hold; empty: it may hold anything
  };
  template <typename ValueAt>
  [[nodiscard]] bool add_most(Plan& plan, Context context, std::uint32_t count, ValueAt value, Most& most);
  [[nodiscard]] bool add_most_peeked(const PeekedInstance& instance, Context context, ManifoldValues manifold,
                                     Most& most);
  [[nodiscard]] bool add_most_nested(const Value& fragment, Context context, Most& most);
  [[nodiscard]] Outcome turned_down() {
    event_.state = RecordState::intact;
    event_is_bare_ = event_is_bare_ && event_.channel.empty() && event_.level == 0;
    return Outcome::passed_over;
  }
  [[nodiscard]] Outcome accepted();
  [[nodiscard]] bool may_leave_peeked(const Cursor& in, const PeekedInstance& instance, std::uint32_t record_size,
                                      std::string_view letters);
  [[nodiscard]] bool may_leave_alike(const InstanceHead& head, std::uint32_t room, std::uint32_t record_size,
                                     std::string_view letters);
  [[nodiscard]] bool may_say(const PeekedInstance& instance, Context context, std::string_view letters);
  [[nodiscard]] bool may_leave(const Most& most, std::uint32_t record_size);
  [[nodiscard]] std::optional<Outcome> answer_quickly(const RecordSpan& record, bool& wanted);
  [[nodiscard]] bool read_by_scripts(const RecordSpan& record);
  [[nodiscard]] std::optional<Outcome> read_by_walk(const RecordSpan& record);
  [[nodiscard]] RowWriter& scratch();
  enum class Quickly : std::uint8_t { read, unusual, unknown };
  [[nodiscard]] Quickly row_of_known_system(Cursor in, RowWriter& rows, RowWriter::Row& row);
  static void number_common(KeptSystem& kept, RowWriter& rows, RowWriter::Row& row);
  void row_of_event(RowWriter& rows, RowWriter::Row& row) const;
  [[nodiscard]] bool row_of_document(const Instance& instance, const RecordSpan& record, RowWriter& rows,
                                     RowWriter::Row& row);
  [[nodiscard]] bool row_items(const Instance& instance, Context context, const ColumnProgram& program,
                               RowWriter& rows);
  [[nodiscard]] std::size_t row_values(const Instance& instance, Context context, const ColumnProgram& program,
                                       std::size_t at, RowWriter& rows);
  void row_binary(const Value& value, RowWriter& rows);
  [[nodiscard]] bool row_array(const Value& array, std::int32_t name, RowWriter& rows);
  [[nodiscard]] bool row_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op,
                              RowWriter& rows);
  [[nodiscard]] bool row_item_of_parts(const Instance& instance, const ColumnProgram& program, const ColumnOp& op,
                                       RowWriter& rows);
  [[nodiscard]] bool row_nested(const Value& fragment, Context context, RowWriter& rows);
  [[nodiscard]] bool row_by_rules(Cursor in, Context context, RowWriter& rows);
  [[nodiscard]] bool row_fragments(Cursor in, Context context, RowWriter& rows);
  [[nodiscard]] bool row_bare(Cursor& in, Context context, RowWriter& rows);
  [[nodiscard]] const std::uint8_t* row_bare_wide(const Cursor& in, Context context, RowWriter& rows,
                                                  RowWriter::ItemPlace& place);
  template <typename Text>
  [[nodiscard]] const std::uint8_t* row_bare_as(const Cursor& in, Context context, RowWriter& rows,
                                                RowWriter::ItemPlace& place, Text text);
  // A whole record without a template: `read` says that event_ has its System, and the row its items.
  enum class BareRecord : std::uint8_t { read, turned_down, unusual };
  [[nodiscard]] BareRecord read_bare(const RecordSpan& record, RowWriter& rows);
  [[nodiscard]] BareRecord read_bare_wide(const Cursor& in, const RecordSpan& record, RowWriter& rows,
                                          RowWriter::ItemPlace& place);
  template <typename Text>
  [[nodiscard]] BareRecord read_bare_as(const Cursor& in, const RecordSpan& record, RowWriter& rows,
                                        RowWriter::ItemPlace& place, Text text);
  void set_bare_field(Field field, std::string_view text);
  // Whether a record looks like one without a template.
  [[nodiscard]] bool stands_bare(const RecordSpan& record) const {
    const std::uint8_t* const at = chunk_.data() + record.offset + record_head;
    const std::uint8_t token = at[*at == static_cast<std::uint8_t>(Token::fragment_header) ? 4 : 0];
    return (token & ~more_bit) == static_cast<std::uint8_t>(Token::open_element) &&
           record.state == RecordState::intact && fragments_.may_go_deeper();
  }
  [[nodiscard]] RowOutcome row_of_bare(const RecordSpan& record, RowWriter& rows, RowWriter::Row& row);
  [[nodiscard]] RowScript* row_script(Plan& plan, Context context, std::uint32_t first, const InstanceHead& head);
  [[nodiscard]] bool run_row_script(RowScript& script, const Plan& plan, std::uint32_t first, const InstanceHead& head,
                                    const std::uint8_t* start, std::uint32_t bytes, RowWriter& rows);
  // By the number of a name, the code that a RowWriter has for it.
  class BareCodes {
   public:
    void begin(const BareNames& names, const RowWriter& rows);
    [[nodiscard]] std::int32_t of(std::uint16_t number, const BareNames& names, RowWriter& rows) {
      const bool known = number < codes_.size() && codes_[number] != RowWriter::no_name;
      return known ? codes_[number] : fresh(number, names, rows);
    }

   private:
    [[nodiscard]] std::int32_t fresh(std::uint16_t number, const BareNames& names, RowWriter& rows);

    std::vector<std::int32_t> codes_;
    std::uint64_t rows_ = 0;
    std::uint32_t age_ = 0;
  };
  // Where the reading of values by a script is.
  struct RowValues {
    const RowAct* act;
    const std::uint8_t* descriptor;
    const std::uint8_t* at;
    const std::int32_t* code;
  };
  [[nodiscard]] RowValues row_plain_values(const RowValues& next, const RowAct* end, RowWriter::ItemPlace& place);
  [[nodiscard]] RowValues row_plain_values_wide(const RowValues& next, const RowAct* end, RowWriter::ItemPlace& place);
  template <typename Text>
  [[nodiscard]] RowValues row_plain_values_as(const RowValues& next, const RowAct* end, RowWriter::ItemPlace& place,
                                              Text text);
  [[nodiscard]] bool too_large(const RowWriter& rows) const;
  void run_ops(const Instance& instance, const ColumnProgram& program, const std::vector<ColumnOp>& ops);
  void field(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  void item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  [[nodiscard]] std::size_t plain_values(const Instance& instance, const ColumnProgram& program,
                                         const std::vector<ColumnOp>& ops, std::size_t at);
  void add_item(const Instance& instance, const ColumnProgram& program, const ColumnOp& op);
  void nested(const Value& value, Context context);
  [[nodiscard]] bool absent(const Instance& instance, const Part* parts, std::size_t count);
  [[nodiscard]] std::string_view text(const Instance& instance, const Part* parts, std::size_t count);
  // Nothing was read, and no text stands in the buffer.
  void begin_event() {
    buffer_.clear();
    buffer_at_ = buffer_.data();  // it may have grown since, and what stands at its old place now is somebody else's
    seen_ = 0;
    data_.clear();
    filled_in_ = 0;
  }
  [[nodiscard]] std::string_view see(std::size_t from);
  void follow_buffer();
  void add_data(std::string_view name, std::string_view value);
  void set_number(Field field, std::uint64_t number);
  void set_time(Ticks time);
  void fill_in(const RecordSpan& record);
  void finish(const RecordSpan& record);
  void check_size(std::uint32_t offset) const;

  Limits limits_;
  const CompiledFilter* filter_;
  bool rest_wanted_;
  bool nothing_wanted_;  // of an event but that it is there
  std::optional<QuickFilter> quick_;
  FragmentReader fragments_;
  BareCodes bare_codes_;
  ByteView chunk_;
  TextBuffer buffer_;
  ValueMemo memo_;
  std::size_t system_bytes_ = 0;  // of all systems that are kept
  // Of the last record that row_of_known_system() knew: its System, and its first value.
  KeptSystem* known_system_ = nullptr;
  const std::uint8_t* known_start_ = nullptr;
  std::unique_ptr<RowWriter> scratch_;  // of read_by_scripts()
  EventView event_;
  bool event_is_bare_ = false;       // has a time and a record id and nothing else
  const char* buffer_at_ = nullptr;  // where the buffer stood when the last text was seen
  std::size_t seen_ = 0;             // and how much of it was used
  bool any_text_ = false;            // a field of System that is a text was found
  std::vector<DataItem> data_;
  std::string reason_;
  std::uint32_t stated_ = 0, filled_in_ = 0;
  std::size_t chunk_work_ = 0;
  std::size_t left_out_ = 0;  // most text that the parts left out of this chunk's records can be
};

}  // namespace synclens::evtx
