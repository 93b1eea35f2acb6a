#include "synclens/columns.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "synclens/error.hpp"

namespace synclens {
namespace {

constexpr std::size_t rows_per_batch = 65'536;
constexpr std::size_t bytes_per_batch = std::size_t{64} << 20;
constexpr std::size_t largest_event = std::size_t{1} << 30;  // offsets are 32 bits wide
constexpr std::size_t largest_dictionary = std::size_t{1} << 30;
constexpr Ticks year_10000 = 2'650'467'744'000'000'000;  // first tick of it

std::size_t index_of(EventColumn column) {
  return static_cast<std::size_t>(column);
}

void mark(Column& column, bool valid) {
  if (column.rows % 8 == 0) column.validity.push_back(0);
  if (valid) {
    column.validity.back() = static_cast<std::uint8_t>(column.validity.back() | (1u << (column.rows % 8)));
  } else {
    ++column.nulls;
  }
  ++column.rows;
}

template <typename Number>
void put(Column& column, Number value, bool valid) {
  if (!valid) value = Number{};
  const std::size_t end = column.values.size();
  column.values.resize(end + sizeof value);
  std::memcpy(column.values.data() + end, &value, sizeof value);
  mark(column, valid);
}

void put_text(Column& column, std::string_view value, bool valid) {
  if (column.offsets.empty()) column.offsets.push_back(0);
  if (valid) column.bytes.append(value);
  column.offsets.push_back(static_cast<std::int32_t>(column.bytes.size()));
  mark(column, valid);
}

std::size_t size_of(const EventView& event) {
  std::size_t size =
      event.message.size() + event.binary.size() + event.activity_id.size() + event.related_activity_id.size();
  for (const DataItem& item : event.data) size += item.name.size() + item.value.size() + 8;
  return size;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
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

std::string_view Column::text_at(std::size_t row) const {
  const auto begin = static_cast<std::size_t>(offsets[row]);
  return std::string_view(bytes).substr(begin, static_cast<std::size_t>(offsets[row + 1]) - begin);
}

template <typename Number>
Number Column::number_at(std::size_t row) const {
  Number value;
  std::memcpy(&value, values.data() + row * sizeof value, sizeof value);
  return value;
}
template std::uint8_t Column::number_at(std::size_t) const;
template std::uint16_t Column::number_at(std::size_t) const;
template std::uint32_t Column::number_at(std::size_t) const;
template std::uint64_t Column::number_at(std::size_t) const;
template std::int32_t Column::number_at(std::size_t) const;
template std::int64_t Column::number_at(std::size_t) const;

std::string_view Dictionary::at(std::size_t code) const {
  const auto begin = static_cast<std::size_t>(offsets[code]);
  return std::string_view(bytes).substr(begin, static_cast<std::size_t>(offsets[code + 1]) - begin);
}

EventTable::EventTable() : dictionaries_(std::make_shared<const Dictionaries>()) {}

EventTable::EventTable(std::shared_ptr<const Dictionaries> dictionaries, std::vector<Part> parts)
    : dictionaries_(std::move(dictionaries)), parts_(std::move(parts)) {
  for (const Part& part : parts_) {
    size_ += part.rows;
    ends_.push_back(size_);
  }
}

EventTable EventTable::slice(std::size_t first, std::size_t last) const {
  last = std::min(last, size_);
  std::vector<Part> parts;
  std::size_t begin = 0;
  for (const Part& part : parts_) {
    const std::size_t from = std::max(first, begin), to = std::min(last, begin + part.rows);
    if (from < to) parts.push_back({part.batch, part.first + from - begin, to - from});
    begin += part.rows;
  }
  return {dictionaries_, std::move(parts)};
}

std::pair<const Batch*, std::size_t> EventTable::locate(std::size_t row) const {
  const auto after = std::upper_bound(ends_.begin(), ends_.end(), row);
  const Part& part = parts_[static_cast<std::size_t>(after - ends_.begin())];
  return {part.batch.get(), part.first + row - (*after - part.rows)};
}

struct EventColumns::Impl {
  std::shared_ptr<Dictionaries> dictionaries = std::make_shared<Dictionaries>();
  std::array<std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>>, event_columns.size()> codes;
  std::vector<EventTable::Part> parts;
  std::shared_ptr<Batch> batch = std::make_shared<Batch>();
  std::size_t batch_bytes = 0;
  std::string source;

  Column& at(EventColumn column) { return batch->columns[index_of(column)]; }

  void name(EventColumn column, std::string_view value, bool valid) {
    put(at(column), valid ? code(column, value) : std::int32_t{0}, valid);
  }
  void name(EventColumn column, std::string_view value) { name(column, value, !value.empty()); }
  void words(EventColumn column, std::string_view value) { put_text(at(column), value, !value.empty()); }
  void place(EventColumn column, std::uint64_t value) { put(at(column), value, value != Address::none); }

  std::int32_t code(EventColumn column, std::string_view value) {
    auto& known = codes[index_of(column)];
    if (const auto found = known.find(value); found != known.end()) return found->second;
    Dictionary& dictionary = (*dictionaries)[index_of(column)];
    if (dictionary.bytes.size() + value.size() > largest_dictionary) {
      throw LimitExceeded("more than 1 GiB of distinct values in the column " +
                          std::string(event_columns[index_of(column)].name));
    }
    const auto made = static_cast<std::int32_t>(dictionary.size());
    dictionary.bytes.append(value);
    dictionary.offsets.push_back(static_cast<std::int32_t>(dictionary.bytes.size()));
    known.emplace(value, made);
    return made;
  }

  void items(std::span<const DataItem> data) {
    Column& list = at(EventColumn::data);
    if (list.children.empty()) {
      list.children.resize(2);
      for (Column& child : list.children) child.offsets.push_back(0);
      list.offsets.push_back(0);
    }
    for (const DataItem& item : data) {
      put_text(list.children[0], item.name, !item.name.empty());
      put_text(list.children[1], item.value, true);
    }
    list.offsets.push_back(static_cast<std::int32_t>(list.children[0].rows));
    mark(list, true);
  }

  void numbers(const EventView& e) {
    const bool timed = e.time != no_time;
    Ticks since_1970 = timed ? e.time - unix_epoch_ticks : 0;
    if (since_1970 < 0) since_1970 -= 9;  // towards the past, not towards 1970
    put(at(EventColumn::record_id), e.record_id, e.has(EventField::record_id));
    put(at(EventColumn::time), since_1970 / 10, timed && e.time >= 0 && e.time < year_10000);
    put(at(EventColumn::filetime), e.time, timed);
    put(at(EventColumn::event_id), e.event_id, e.has(EventField::event_id));
    put(at(EventColumn::version), e.version, e.has(EventField::version));
    put(at(EventColumn::qualifiers), e.qualifiers, e.has(EventField::qualifiers));
    put(at(EventColumn::level), e.level, e.has(EventField::level));
    put(at(EventColumn::task), e.task, e.has(EventField::task));
    put(at(EventColumn::opcode), e.opcode, e.has(EventField::opcode));
    put(at(EventColumn::keywords), e.keywords, e.has(EventField::keywords));
    put(at(EventColumn::process_id), e.process_id, e.has(EventField::process_id));
    put(at(EventColumn::thread_id), e.thread_id, e.has(EventField::thread_id));
    place(EventColumn::offset, e.where.offset);
    place(EventColumn::chunk, e.where.chunk);
    place(EventColumn::line, e.where.line);
  }

  void flush() {
    if (batch->rows == 0) return;
    parts.push_back({batch, 0, batch->rows});
    batch = std::make_shared<Batch>();
    batch_bytes = 0;
  }
};

EventColumns::EventColumns() : impl_(std::make_unique<Impl>()) {}
EventColumns::~EventColumns() = default;

void EventColumns::begin_source(std::string_view name) {
  impl_->source = name;
}

void EventColumns::add(const EventView& event, std::string_view rule, std::string_view cause) {
  Impl& to = *impl_;
  const std::size_t size = size_of(event);
  if (size > largest_event) {
    problem({"an event of more than 1 GiB was left out", event.where, event.time, size});
    return;
  }
  if (to.batch->rows >= rows_per_batch || (to.batch->rows > 0 && to.batch_bytes + size > bytes_per_batch)) to.flush();
  to.name(EventColumn::source, to.source, true);
  to.name(EventColumn::provider, event.provider);
  to.name(EventColumn::provider_guid, event.provider_guid);
  to.name(EventColumn::level_text, event.level_text);
  to.name(EventColumn::channel, event.channel);
  to.name(EventColumn::computer, event.computer);
  to.name(EventColumn::user_sid, event.user_sid);
  to.name(EventColumn::state, to_string(event.state), true);
  to.name(EventColumn::rule, rule);
  to.name(EventColumn::cause, cause);
  to.numbers(event);
  to.words(EventColumn::activity_id, event.activity_id);
  to.words(EventColumn::related_activity_id, event.related_activity_id);
  to.words(EventColumn::message, event.message);
  to.words(EventColumn::binary, event.binary);
  to.items(event.data);
  to.batch_bytes += size;
  ++to.batch->rows;
}

void EventColumns::problem(Problem problem) {
  problems_.push_back(std::move(problem));
}
void EventColumns::note(std::string note) {
  notes_.push_back(std::move(note));
}

EventTable EventColumns::finish() {
  impl_->flush();
  EventTable table(impl_->dictionaries, std::move(impl_->parts));
  const std::string source = std::move(impl_->source);
  impl_ = std::make_unique<Impl>();
  impl_->source = source;
  return table;
}

}  // namespace synclens
