#include "synclens/columns.hpp"

#include <algorithm>
#include <utility>

#include "record/column_batch.hpp"

namespace synclens {
namespace {

constexpr std::size_t rows_per_batch = 65'536;
constexpr std::size_t bytes_per_batch = std::size_t{64} << 20;
constexpr std::size_t rows_worth_a_batch = 2'048;            // fewer of a part are copied behind those of the last one
constexpr std::size_t largest_event = std::size_t{1} << 30;  // offsets are 32 bits wide
constexpr Ticks year_10000 = 2'650'467'744'000'000'000;      // first tick of it

constexpr std::array name_columns = {EventColumn::source,     EventColumn::provider, EventColumn::provider_guid,
                                     EventColumn::level_text, EventColumn::channel,  EventColumn::computer,
                                     EventColumn::user_sid,   EventColumn::state,    EventColumn::rule,
                                     EventColumn::cause,      EventColumn::reason};

std::size_t size_of(const EventView& event) {
  std::size_t size =
      event.message.size() + event.binary.size() + event.activity_id.size() + event.related_activity_id.size();
  for (const DataItem& item : event.data) size += item.name.size() + item.value.size() + 8;
  return size;
}

// `time` is worked out from `filetime`, which keeps all digits.
ColumnSet built_for(const TableShape& shape) {
  ColumnSet built = shape.set();
  if (built.has(EventColumn::time)) built.add(EventColumn::filetime);
  return built;
}

// Fills batches of its own, with codes of its own.
class TablePart final : public EventColumns::Part {
 public:
  TablePart(ColumnSet built, std::string_view source) : built_(built), source_(source), writer_(built) {
    for (auto& codes : global) codes.clear();
  }

  void add(const EventView& e, std::string_view rule, std::string_view cause) override {
    const std::size_t size = built_.has(EventColumn::data) || built_.has(EventColumn::message) ? size_of(e) : 0;
    if (size > largest_event) {
      problems.push_back({"an event of more than 1 GiB was left out", e.where, e.time, size});
      return;
    }
    if (writer_.rows() >= rows_per_batch || (writer_.rows() > 0 && writer_.bytes() + size > bytes_per_batch)) flush();
    writer_.begin_row();
    name(EventColumn::source, source_, true);
    name(EventColumn::provider, e.provider);
    name(EventColumn::provider_guid, e.provider_guid);
    name(EventColumn::level_text, e.level_text);
    name(EventColumn::channel, e.channel);
    name(EventColumn::computer, e.computer);
    name(EventColumn::user_sid, e.user_sid);
    name(EventColumn::state, to_string(e.state), true);
    name(EventColumn::rule, rule);
    name(EventColumn::cause, cause);
    name(EventColumn::reason, e.reason);
    numbers(e);
    writer_.text(EventColumn::activity_id, e.activity_id);
    writer_.text(EventColumn::related_activity_id, e.related_activity_id);
    writer_.text(EventColumn::message, e.message);
    writer_.text(EventColumn::binary, e.binary);
    writer_.items(e.data);
    writer_.end_row();
  }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }
  void note(std::string note) override { notes.push_back(std::move(note)); }

  void flush() {
    if (writer_.rows() != 0) full.push_back(writer_.finish());
  }
  void set_source(std::string_view source) { source_ = source; }

  std::vector<std::shared_ptr<Batch>> full;
  std::vector<Problem> problems;
  std::vector<std::string> notes;
  Dictionaries dictionaries;
  std::array<std::vector<std::int32_t>, event_column_count> global;  // by code: the table's code, or -1

 private:
  void name(EventColumn column, std::string_view value, bool valid) {
    if (!built_.has(column)) return;
    std::int32_t code = 0;
    if (valid) code = codes_[index_of(column)].code(value, column, dictionaries[index_of(column)]);
    writer_.number(column, code, valid);
  }
  void name(EventColumn column, std::string_view value) { name(column, value, !value.empty()); }
  void place(EventColumn column, std::uint64_t value) { writer_.number(column, value, value != Address::none); }

  void numbers(const EventView& e) {
    const bool timed = e.time != no_time;
    Ticks since_1970 = timed ? e.time - unix_epoch_ticks : 0;
    if (since_1970 < 0) since_1970 -= 9;  // towards the past, not towards 1970
    writer_.number(EventColumn::record_id, e.record_id, e.has(EventField::record_id));
    writer_.number(EventColumn::time, since_1970 / 10, timed && e.time >= 0 && e.time < year_10000);
    writer_.number(EventColumn::filetime, e.time, timed);
    writer_.number(EventColumn::event_id, e.event_id, e.has(EventField::event_id));
    writer_.number(EventColumn::version, e.version, e.has(EventField::version));
    writer_.number(EventColumn::qualifiers, e.qualifiers, e.has(EventField::qualifiers));
    writer_.number(EventColumn::level, e.level, e.has(EventField::level));
    writer_.number(EventColumn::task, e.task, e.has(EventField::task));
    writer_.number(EventColumn::opcode, e.opcode, e.has(EventField::opcode));
    writer_.number(EventColumn::keywords, e.keywords, e.has(EventField::keywords));
    writer_.number(EventColumn::process_id, e.process_id, e.has(EventField::process_id));
    writer_.number(EventColumn::thread_id, e.thread_id, e.has(EventField::thread_id));
    place(EventColumn::offset, e.where.offset);
    place(EventColumn::chunk, e.where.chunk);
    place(EventColumn::line, e.where.line);
  }

  ColumnSet built_;
  std::string source_;
  BatchWriter writer_;
  std::array<NameCodes, event_column_count> codes_;
};

}  // namespace

std::string_view to_string(RecordState state) {
  switch (state) {
    case RecordState::slack:
      return "slack";
    case RecordState::damaged_chunk:
      return "damaged_chunk";
    case RecordState::without_template:
      return "without_template";
    case RecordState::intact:
      break;
  }
  return "intact";
}

struct EventColumns::Impl {
  explicit Impl(TableShape s) : shape(std::move(s)), built(built_for(shape)), own(built, {}), small(built) {}

  TableShape shape;
  ColumnSet built;
  std::string source;
  TablePart own;      // of what comes event by event
  BatchWriter small;  // rows of parts too small to be batches of their own
  std::shared_ptr<Dictionaries> dictionaries = std::make_shared<Dictionaries>();
  std::array<NameCodes, event_column_count> codes;
  std::vector<EventTable::Part> parts;

  // Codes become the table's, in the order of the rows, so that they do not depend on which thread filled the part.
  void translate(TablePart& part, Batch& batch) {
    for (const EventColumn column : name_columns) {
      if (!built.has(column)) continue;
      const std::size_t at = index_of(column);
      std::vector<std::int32_t>& global = part.global[at];
      global.resize(part.dictionaries[at].size(), -1);
      Column& names = batch.columns[at];
      std::uint8_t* place = names.values.data();
      for (std::size_t row = 0; row < batch.rows; ++row, place += sizeof(std::int32_t)) {
        if (!names.valid(row)) continue;
        std::int32_t code = 0;
        std::memcpy(&code, place, sizeof code);
        std::int32_t& known = global[static_cast<std::size_t>(code)];
        if (known < 0) {
          known = codes[at].code(part.dictionaries[at].at(static_cast<std::size_t>(code)), column, (*dictionaries)[at]);
        }
        std::memcpy(place, &known, sizeof known);
      }
    }
  }

  void take(TablePart& part) {
    part.flush();
    for (std::shared_ptr<Batch>& batch : part.full) {
      translate(part, *batch);
      if (batch->rows >= rows_worth_a_batch) {
        flush_small();
        const std::size_t rows = batch->rows;
        parts.push_back({std::move(batch), 0, rows});
      } else {
        if (small.rows() + batch->rows > rows_per_batch || small.bytes() > bytes_per_batch) flush_small();
        small.append(*batch);
      }
    }
    part.full.clear();
  }

  void flush_small() {
    if (small.rows() == 0) return;
    const std::size_t rows = small.rows();
    parts.push_back({small.finish(), 0, rows});
  }
};

EventColumns::EventColumns(TableShape shape) : impl_(std::make_unique<Impl>(std::move(shape))) {}
EventColumns::~EventColumns() = default;

void EventColumns::begin_source(std::string_view name) {
  impl_->take(impl_->own);
  impl_->source = name;
  impl_->own.set_source(name);
}

void EventColumns::add(const EventView& event, std::string_view rule, std::string_view cause) {
  impl_->own.add(event, rule, cause);
  for (Problem& problem : impl_->own.problems) problems_.push_back(std::move(problem));
  impl_->own.problems.clear();
}

std::unique_ptr<EventColumns::Part> EventColumns::column_part() const {
  return std::make_unique<TablePart>(impl_->built, impl_->source);
}

void EventColumns::take(RecordSink& part) {
  auto& filled = dynamic_cast<TablePart&>(part);
  impl_->take(filled);
  for (Problem& problem : filled.problems) problems_.push_back(std::move(problem));
  for (std::string& note : filled.notes) notes_.push_back(std::move(note));
  filled.problems.clear();
  filled.notes.clear();
}

void EventColumns::problem(Problem problem) {
  problems_.push_back(std::move(problem));
}
void EventColumns::note(std::string note) {
  notes_.push_back(std::move(note));
}

EventTable EventColumns::finish() {
  impl_->take(impl_->own);
  impl_->flush_small();
  EventTable table(impl_->dictionaries, std::move(impl_->parts), impl_->shape);
  const std::string source = std::move(impl_->source);
  impl_ = std::make_unique<Impl>(table.shape());
  begin_source(source);
  return table;
}

}  // namespace synclens
