#include "record/row_writer.hpp"

#include <algorithm>
#include <atomic>
#include <type_traits>
#include <utility>

namespace synclens {
namespace {

constexpr Ticks year_10000 = 2'650'467'744'000'000'000;  // first tick of it

// Bits of `count` rows of which `valid(row)` says whether they have a value.
template <typename Valid>
void fill_validity(Column& column, std::size_t count, Valid valid) {
  const std::size_t size = (count + 7) / 8;
  std::uint8_t* const bits = column.validity.room(size);
  const auto byte_of = [&](std::size_t from, std::size_t to) {
    unsigned byte = 0;
    for (std::size_t row = from; row < to; ++row) byte |= static_cast<unsigned>(bool{valid(row)}) << (row - from);
    return static_cast<std::uint8_t>(byte);
  };
  for (std::size_t at = 0; at < count / 8; ++at) bits[at] = byte_of(at * 8, at * 8 + 8);
  if (count % 8 != 0) bits[size - 1] = byte_of(count / 8 * 8, count);
  column.validity.took(size);
}

// No row has a value.
void fill_without(Column& column) {
  const std::size_t size = (column.rows + 7) / 8;
  std::memset(column.validity.room(size), 0, size);
  column.validity.took(size);
  column.nulls = column.rows;
}

template <typename Rows, typename Has>
Presence presence_of(const Rows& rows, Has has) {
  const auto with = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), has));
  return with == rows.size() ? Presence::all : with == 0 ? Presence::none : Presence::some;
}

// Leaves room for as much again.
ColumnBuffer hand_over(ColumnBuffer& from) {
  ColumnBuffer full = std::move(from);
  from = ColumnBuffer();
  from.reserve(full.capacity());
  return full;
}

// 32-bit codes of which some are RowWriter::no_name.
void take_codes(Column& column, ColumnBuffer codes, std::size_t count) {
  column.values = std::move(codes);
  column.rows = count;
  std::uint8_t* const at = column.values.data();
  const auto code = [at](std::size_t row) {
    std::int32_t value = 0;
    std::memcpy(&value, at + row * sizeof value, sizeof value);
    return value;
  };
  std::size_t nulls = 0;
  for (std::size_t row = 0; row < count; ++row) nulls += static_cast<std::size_t>(code(row) < 0);
  column.nulls = nulls;
  if (nulls == 0) return;
  fill_validity(column, count, [&](std::size_t row) { return code(row) >= 0; });
  for (std::size_t row = 0; row < count; ++row) {
    const std::int32_t value = std::max(code(row), 0);
    std::memcpy(at + row * sizeof value, &value, sizeof value);
  }
}

}  // namespace

std::uint64_t RowWriter::next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void RowWriter::pad(Column& texts, std::size_t rows) {
  if (texts.offsets.empty()) push_offset(texts.offsets, 0);
  for (; texts.rows < rows; ++texts.rows) push_offset(texts.offsets, texts.bytes.size());
}

void RowWriter::cut(Column& texts, std::size_t rows) {
  if (texts.rows <= rows) return;
  texts.rows = rows;
  texts.bytes.cut(texts.offset_at(rows));
  texts.offsets.cut((rows + 1) * sizeof(std::int32_t));
}

void RowWriter::text(EventColumn column, std::string_view value) {
  if (value.empty() || !built_.has(column)) return;
  const auto place = std::find(text_columns.begin(), text_columns.end(), column) - text_columns.begin();
  Column& texts = texts_[static_cast<std::size_t>(place)];
  cut(texts, rows_.size());  // where the row has one already: an event keeps the last
  pad(texts, rows_.size());
  texts.bytes.append(value.data(), value.size());
  push_offset(texts.offsets, texts.bytes.size());
  ++texts.rows;
}

void RowWriter::item(std::string_view name, std::string_view value) {
  if (!built_.has(EventColumn::data)) return;
  ItemPlace place = place_of_items(1, value.size());
  if (!value.empty()) std::memcpy(place.text, value.data(), value.size());
  place.end_item(item_name(name), place.text + value.size());
  give_back(place);
}

RowWriter::ItemPlace RowWriter::place_of_items(std::size_t count, std::size_t bytes) {
  if (values_.offsets.empty()) push_offset(values_.offsets, 0);
  ItemPlace place;
  place.names = item_names_.room(count * sizeof(std::int32_t));
  place.ends = values_.offsets.room(count * sizeof(std::int32_t));
  place.text = reinterpret_cast<char*>(values_.bytes.room(bytes));
  place.base = reinterpret_cast<const char*>(values_.bytes.data());
  return place;
}

void RowWriter::give_back(const ItemPlace& place) {
  const auto added = static_cast<std::size_t>(place.names - (item_names_.data() + item_names_.size()));
  item_names_.took(added);
  values_.offsets.took(added);
  values_.bytes.took(static_cast<std::size_t>(place.text - place.base) - values_.bytes.size());
}

std::int32_t RowWriter::item_name(std::string_view name) {
  if (name.empty()) return no_name;
  const std::size_t at = index_of(EventColumn::data);
  return codes_[at].code(name, EventColumn::data, dictionaries[at]);
}

void RowWriter::end_row(const Row& row) {
  if (built_.has(EventColumn::data)) {
    if (item_offsets_.empty()) push_offset(item_offsets_, 0);
    push_offset(item_offsets_, items());
  }
  rows_.push_back(row);
  ++added_;
  items_before_ = items();
  item_bytes_before_ = values_.bytes.size();
}

DataItem RowWriter::item_in_row(std::size_t i) const {
  const std::size_t at = items_before_ + i;
  std::int32_t code = 0;
  std::memcpy(&code, item_names_.data() + at * sizeof code, sizeof code);
  if (code == no_name) return {{}, values_.text_at(at)};
  return {dictionaries[index_of(EventColumn::data)].at(static_cast<std::size_t>(code)), values_.text_at(at)};
}

std::string_view RowWriter::binary_in_row() const {
  const auto place = std::find(text_columns.begin(), text_columns.end(), EventColumn::binary) - text_columns.begin();
  const Column& texts = texts_[static_cast<std::size_t>(place)];
  return texts.rows > rows_.size() ? texts.text_at(rows_.size()) : std::string_view();
}

void RowWriter::drop_row() {
  item_names_.cut(items_before_ * sizeof(std::int32_t));
  if (!values_.offsets.empty()) values_.offsets.cut((items_before_ + 1) * sizeof(std::int32_t));
  values_.bytes.cut(item_bytes_before_);
  for (Column& texts : texts_) cut(texts, rows_.size());
}

std::uint32_t RowWriter::common(const EventView& event, std::string_view rule, std::string_view cause) {
  Common made;
  const std::array<std::string_view, name_columns.size()> names = {
      source_,       event.provider, event.provider_guid, event.level_text,
      event.channel, event.computer, event.user_sid,      to_string(event.state),
      rule,          cause,          event.reason};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const EventColumn column = name_columns[i];
    const bool always = column == EventColumn::source || column == EventColumn::state;
    made.names[i] = no_name;
    if (!built_.has(column) || (names[i].empty() && !always)) continue;
    made.names[i] = codes_[index_of(column)].code(names[i], column, dictionaries[index_of(column)]);
  }
  made.keywords = event.keywords;
  made.event_id = event.event_id;
  made.given = event.given;
  made.qualifiers = event.qualifiers;
  made.task = event.task;
  made.version = event.version;
  made.level = event.level;
  made.opcode = event.opcode;
  commons_.push_back(made);
  return static_cast<std::uint32_t>(commons_.size() - 1);
}

void RowWriter::add(const EventView& event, std::string_view rule, std::string_view cause) {
  text(EventColumn::activity_id, event.activity_id);
  text(EventColumn::related_activity_id, event.related_activity_id);
  text(EventColumn::message, event.message);
  text(EventColumn::binary, event.binary);
  for (const DataItem& one : event.data) item(one.name, one.value);
  end_row({event.record_id, event.time, event.where, event.process_id, event.thread_id, common(event, rule, cause),
           event.given});
}

// A value for each row, where `has` says of a row whether it has one, and `presence` of all of them.
template <typename Number, typename Get, typename Has>
void RowWriter::fill(Batch& batch, EventColumn column, Presence presence, Get get, Has has) const {
  Column& to = batch.columns[index_of(column)];
  const std::size_t count = rows_.size();
  to.rows = count;
  std::uint8_t* at = to.values.room(count * sizeof(Number));
  to.values.took(count * sizeof(Number));
  if (presence == Presence::none) {
    std::memset(at, 0, count * sizeof(Number));
    return fill_without(to);
  }
  if (presence == Presence::all) {
    for (const Row& row : rows_) {
      const Number value = get(row);
      std::memcpy(at, &value, sizeof value);
      at += sizeof value;
    }
    return;
  }
  for (const Row& row : rows_) {
    const bool valid = has(row);
    const Number value = valid ? get(row) : Number{};
    to.nulls += static_cast<std::size_t>(!valid);
    std::memcpy(at, &value, sizeof value);
    at += sizeof value;
  }
  if (to.nulls != 0) fill_validity(to, count, [&](std::size_t row) { return has(rows_[row]); });
}

// Of what all events with the same common part share.
template <typename Number, typename Get, typename Has>
void RowWriter::fill_common(Batch& batch, EventColumn column, Get get, Has has) const {
  if (!built_.has(column)) return;
  const Common& first = commons_.front();
  const Number value = has(first) ? get(first) : Number{};
  const bool same = std::all_of(commons_.begin(), commons_.end(), [&](const Common& common) {
    return has(common) == has(first) && get(common) == get(first);
  });
  if (same && has(first)) {
    return fill<Number>(
        batch, column, Presence::all, [value](const Row&) { return value; }, [](const Row&) { return true; });
  }
  fill<Number>(
      batch, column, presence_of(commons_, has), [&](const Row& row) { return get(commons_[row.common]); },
      [&](const Row& row) { return has(commons_[row.common]); });
}

void RowWriter::fill_numbers(Batch& batch) const {
  const auto of_row = [&]<typename Number>(EventColumn column, Number Row::*number, EventField field) {
    if (!built_.has(column)) return;
    const auto has = [field](const Row& row) { return (row.given & static_cast<std::uint32_t>(field)) != 0; };
    fill<Number>(
        batch, column, presence_of(rows_, has), [number](const Row& row) { return row.*number; }, has);
  };
  const auto of_common = [&]<typename Number>(EventColumn column, Number Common::*number, EventField field) {
    fill_common<Number>(
        batch, column, [number](const Common& common) { return common.*number; },
        [field](const Common& common) { return (common.given & static_cast<std::uint32_t>(field)) != 0; });
  };
  const auto of_place = [&](EventColumn column, std::uint64_t Address::*number) {
    if (!built_.has(column)) return;
    const auto has = [number](const Row& row) { return row.where.*number != Address::none; };
    fill<std::uint64_t>(
        batch, column, presence_of(rows_, has), [number](const Row& row) { return row.where.*number; }, has);
  };
  const auto of_time = [&](EventColumn column, auto has, auto get) {
    if (built_.has(column)) fill<std::int64_t>(batch, column, presence_of(rows_, has), get, has);
  };
  of_row(EventColumn::record_id, &Row::record_id, EventField::record_id);
  of_time(
      EventColumn::time, [](const Row& row) { return row.time >= 0 && row.time < year_10000; },
      [](const Row& row) {
        const Ticks since_1970 = row.time - unix_epoch_ticks;
        return (since_1970 < 0 ? since_1970 - 9 : since_1970) / 10;  // towards the past, not towards 1970
      });
  of_time(
      EventColumn::filetime, [](const Row& row) { return row.time != no_time; },
      [](const Row& row) { return row.time; });
  of_row(EventColumn::process_id, &Row::process_id, EventField::process_id);
  of_row(EventColumn::thread_id, &Row::thread_id, EventField::thread_id);
  of_common(EventColumn::event_id, &Common::event_id, EventField::event_id);
  of_common(EventColumn::version, &Common::version, EventField::version);
  of_common(EventColumn::qualifiers, &Common::qualifiers, EventField::qualifiers);
  of_common(EventColumn::level, &Common::level, EventField::level);
  of_common(EventColumn::task, &Common::task, EventField::task);
  of_common(EventColumn::opcode, &Common::opcode, EventField::opcode);
  of_common(EventColumn::keywords, &Common::keywords, EventField::keywords);
  of_place(EventColumn::offset, &Address::offset);
  of_place(EventColumn::chunk, &Address::chunk);
  of_place(EventColumn::line, &Address::line);
  for (std::size_t i = 0; i < name_columns.size(); ++i) {
    fill_common<std::int32_t>(
        batch, name_columns[i], [i](const Common& common) { return common.names[i]; },
        [i](const Common& common) { return common.names[i] >= 0; });
  }
}

void RowWriter::fill_items(Batch& batch) {
  if (!built_.has(EventColumn::data)) {  // items that nobody asked for
    item_names_.cut(0);
    values_.offsets.cut(0);
    values_.bytes.cut(0);
    items_before_ = item_bytes_before_ = 0;
    return;
  }
  Column& list = batch.columns[index_of(EventColumn::data)];
  const std::size_t count = items();
  list.children.resize(2);
  if (values_.offsets.empty()) push_offset(values_.offsets, 0);
  take_codes(list.children[0], hand_over(item_names_), count);
  list.children[1].offsets = hand_over(values_.offsets);
  list.children[1].bytes = hand_over(values_.bytes);
  list.children[1].rows = count;
  list.offsets = hand_over(item_offsets_);
  list.rows = rows_.size();
  items_before_ = item_bytes_before_ = 0;
}

void RowWriter::finish_batch() {
  if (!rows_.empty()) full.push_back(made_batch());
  rows_.clear();
  commons_.clear();
  age_ = next_number();
}

std::shared_ptr<Batch> RowWriter::made_batch() {
  const auto batch = std::make_shared<Batch>();
  fill_numbers(*batch);
  fill_items(*batch);
  for (std::size_t i = 0; i < text_columns.size(); ++i) {
    if (!built_.has(text_columns[i])) continue;
    Column& texts = texts_[i];
    if (texts.bytes.empty()) {  // as mostly
      texts.rows = rows_.size();
      const std::size_t size = (texts.rows + 1) * sizeof(std::int32_t);
      texts.offsets.cut(0);
      std::memset(texts.offsets.room(size), 0, size);
      texts.offsets.took(size);
      fill_without(texts);
    } else {
      pad(texts, rows_.size());
      texts.nulls = 0;
      for (std::size_t row = 0; row < texts.rows; ++row) {
        texts.nulls += static_cast<std::size_t>(texts.offset_at(row) == texts.offset_at(row + 1));
      }
      if (texts.nulls != 0) {
        fill_validity(texts, texts.rows,
                      [&](std::size_t row) { return texts.offset_at(row) != texts.offset_at(row + 1); });
      }
    }
    Column& to = batch->columns[index_of(text_columns[i])];
    to = std::exchange(texts, {});
  }
  batch->rows = rows_.size();
  return batch;
}

}  // namespace synclens
