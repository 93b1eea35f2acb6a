#include "synclens/columns.hpp"

#include <algorithm>
#include <utility>

#include "record/row_writer.hpp"

namespace synclens {
namespace {

constexpr std::size_t rows_worth_a_batch = 2'048;            // fewer of a part are copied behind those of the last one
constexpr std::size_t largest_event = std::size_t{1} << 30;  // offsets are 32 bits wide

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
  TablePart(ColumnSet built, std::string_view source) : writer(built) { writer.set_source(source); }

  void add(const EventView& event, std::string_view rule, std::string_view cause) override {
    const bool texts = writer.wants(EventColumn::data) || writer.wants(EventColumn::message);
    const std::size_t size = texts ? size_of(event) : 0;
    if (size > largest_event) {
      problems.push_back({"an event of more than 1 GiB was left out", event.where, event.time, size});
      return;
    }
    writer.begin_row(size);
    writer.add(event, rule, cause);
  }
  RowWriter* rows() override { return &writer; }
  std::uint64_t added() const override { return writer.added(); }
  void problem(Problem problem) override { problems.push_back(std::move(problem)); }
  void note(std::string note) override { notes.push_back(std::move(note)); }
  std::vector<std::shared_ptr<Batch>> take_batches() override {
    writer.finish_batch();
    return std::exchange(writer.full, {});
  }

  RowWriter writer;
  std::vector<Problem> problems;
  std::vector<std::string> notes;
  std::array<std::vector<std::int32_t>, event_column_count> global;  // by code: the table's code, or -1
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
  explicit Impl(TableShape s) : shape(std::move(s)), built(built_for(shape)), own(built, {}) {}

  TableShape shape;
  ColumnSet built;
  std::string source;
  TablePart own;  // of what comes event by event
  Batch small;    // rows of parts too small to be batches of their own
  std::size_t small_bytes = 0;
  std::shared_ptr<Dictionaries> dictionaries = std::make_shared<Dictionaries>();
  std::array<NameCodes, event_column_count> codes;
  std::vector<EventTable::Part> parts;

  // Codes become the table's, in the order of the rows, so that they do not depend on which thread filled the part.
  void translate(TablePart& part, Column& names, EventColumn column) {
    const std::size_t at = index_of(column);
    const Dictionary& own_names = part.writer.dictionaries[at];
    std::vector<std::int32_t>& global = part.global[at];
    global.resize(own_names.size(), -1);
    std::uint8_t* place = names.values.data();
    for (std::size_t row = 0; row < names.rows; ++row, place += sizeof(std::int32_t)) {
      if (!names.valid(row)) continue;
      std::int32_t code = 0;
      std::memcpy(&code, place, sizeof code);
      std::int32_t& known = global[static_cast<std::size_t>(code)];
      if (known < 0) {
        known = codes[at].code(own_names.at(static_cast<std::size_t>(code)), column, (*dictionaries)[at]);
      }
      std::memcpy(place, &known, sizeof known);
    }
  }

  void take(TablePart& part) {
    for (std::shared_ptr<Batch>& batch : part.take_batches()) {
      for (const EventColumn column : name_columns) translate(part, batch->columns[index_of(column)], column);
      Column& data = batch->columns[index_of(EventColumn::data)];
      if (!data.children.empty()) translate(part, data.children[0], EventColumn::data);
      if (batch->rows >= rows_worth_a_batch) {
        flush_small();
        const std::size_t rows = batch->rows;
        parts.push_back({std::move(batch), 0, rows});
      } else {
        if (small.rows + batch->rows > rows_per_batch || small_bytes > bytes_per_batch) flush_small();
        small_bytes += append_rows(small, *batch);
      }
    }
  }

  void flush_small() {
    if (small.rows == 0) return;
    const std::size_t rows = small.rows;
    Batch next = rows >= rows_per_batch / 2 ? batch_like(small) : Batch();
    parts.push_back({std::make_shared<Batch>(std::exchange(small, std::move(next))), 0, rows});
    small_bytes = 0;
  }
};

EventColumns::EventColumns(TableShape shape) : impl_(std::make_unique<Impl>(std::move(shape))) {}
EventColumns::~EventColumns() = default;

void EventColumns::begin_source(std::string_view name) {
  impl_->take(impl_->own);
  impl_->source = name;
  impl_->own.writer.set_source(name);
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
