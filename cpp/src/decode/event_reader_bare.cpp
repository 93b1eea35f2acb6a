// Whole records without a template, token by token: System into the event, what else there is into items.
#include <algorithm>
#include <optional>
#include <vector>

#include "decode/bare_items.hpp"
#include "decode/event_places.hpp"
#include "decode/event_reader.hpp"
#include "record/row_writer.hpp"
#include "synclens/time.hpp"

namespace synclens::evtx {
namespace {

struct KnownField {
  KnownName element, attribute;  // none: its content
  Field field;
};

std::optional<Field> field_of(KnownName element, KnownName attribute) {
  static const auto known = [] {
    std::vector<KnownField> fields;
    for (const SystemField& f : system_fields()) {
      fields.push_back({known_name(f.element), known_name(f.attribute), f.field});
    }
    return fields;
  }();
  for (const KnownField& one : known) {
    if (one.element == element && one.attribute == attribute) return one.field;
  }
  return std::nullopt;
}

// `set(field, text)` of each field of System; then `judge()`, whose false ends the walk.
template <typename Items, typename Set, typename Judge, typename Text>
class RecordSink {
 public:
  RecordSink(const BareNames& names, Items& items, Set set, Judge judge, char* to, Text text)
      : names_(names), items_(items), set_(set), judge_(judge), from_(to), to_(to), text_(text) {}

  [[nodiscard]] bool has_system() const { return has_system_; }
  [[nodiscard]] bool turned_down() const { return turned_down_; }
  [[nodiscard]] const char* texts_end() const { return to_; }

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool open(std::uint16_t number, std::size_t depth) {
    const KnownName known = names_[number].known;
    last_ = depth;
    in_text_ = false;
    if (depth == 0) return known == KnownName::event;
    if (depth == 1) {
      in_system_ = known == KnownName::system;
      if (in_system_) return !has_system_;
    }
    if (!in_system_) return items_.open(number, depth - 1);
    element_ = known;
    return depth == 2;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute(std::uint16_t number) {
    if (in_data()) return items_.attribute(number);
    const KnownName known = names_[number].known;
    if (in_field() && known != KnownName::none) begin(field_of(element_, known));
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_text(const std::uint8_t* at, std::size_t bytes) {
    if (in_data()) return items_.attribute_text(at, bytes);
    add(at, bytes);
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_end() {
    if (in_data()) return items_.attribute_end();
    end();
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool content() {
    if (in_data()) return items_.content();
    if (in_field()) begin(field_of(element_, KnownName::none));
    any_text_ = false;
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool text(const std::uint8_t* at, std::size_t bytes) {
    if (in_data()) return items_.text(at, bytes);
    if (!in_field()) return false;
    add(at, bytes);
    any_text_ = true;
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool empty() {
    any_text_ = false;
    return end_element();
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool close() { return end_element(); }

 private:
  [[nodiscard]] bool in_data() const { return last_ != 0 && !in_system_; }
  [[nodiscard]] bool in_field() const { return last_ == 2 && in_system_; }

  SYNCLENS_ALWAYS_INLINE void begin(std::optional<Field> field) {
    in_text_ = field.has_value();
    field_ = field.value_or(Field::provider);
    from_ = to_;
  }
  SYNCLENS_ALWAYS_INLINE void add(const std::uint8_t* at, std::size_t bytes) {
    if (in_text_) to_ = text_.template put<Escape::plain>(to_, at, bytes);
  }
  SYNCLENS_ALWAYS_INLINE void end() {
    if (in_text_) set_(field_, std::string_view(from_, static_cast<std::size_t>(to_ - from_)));
    in_text_ = false;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool end_element() {
    bool goes_on = true;
    if (in_data()) {
      goes_on = items_.close();
    } else if (in_field()) {
      if (any_text_) end();
      in_text_ = any_text_ = false;
    } else if (last_ == 1) {
      has_system_ = true;
      goes_on = judge_();
      turned_down_ = !goes_on;
    }
    --last_;
    return goes_on;
  }

  const BareNames& names_;
  Items& items_;
  Set set_;
  Judge judge_;
  char *from_, *to_;  // the text of the field
  Text text_;
  std::size_t last_ = 0;  // the depth of the innermost element that is open
  bool in_system_ = false, has_system_ = false, turned_down_ = false, any_text_ = false;
  KnownName element_ = KnownName::none;
  Field field_ = Field::provider;
  bool in_text_ = false;  // what comes is text of the field
};

}  // namespace

// As field() of a text.
void EventReader::set_bare_field(Field field, std::string_view text) {
  if (is_number(field)) {
    if (const auto number = parse_number(text)) set_number(field, *number);
  } else if (field == Field::time) {
    if (const auto time = parse_iso(text)) set_time(time->ticks);
  } else {
    *text_place(event_, field) = text.empty() ? std::string_view() : text;
    any_text_ = true;
    if (const auto given = given_by(field)) event_.give(*given);
  }
}

EventReader::BareRecord EventReader::read_bare(const RecordSpan& record, RowWriter& rows) {
  fragments_.begin_record(false);
  begin_event();
  event_ = EventView{};
  event_is_bare_ = false;
  any_text_ = false;
  Cursor in(chunk_, record.offset + record_head, record.offset + record.size - 4);
  skip_fragment_headers(in);
  bare_codes_.begin(fragments_.names(), rows);
  const std::size_t size = in.left();
  const std::size_t room = size * widest_of_unit / 2 + written_behind + readable_behind;
  (void)buffer_.room(room);  // texts of fields stay where they are
  buffer_at_ = buffer_.data();
  RowWriter::ItemPlace place = rows.place_of_items(size / least_bare_element + 1, room);
#if defined(__x86_64__)
  if (utf16_kernel() == Utf16Kernel::avx2) return read_bare_wide(in, record, rows, place);
#endif
  return read_bare_as(in, record, rows, place, UsualText{utf16_kernel() != Utf16Kernel::scalar});
}

#if defined(__x86_64__)
SYNCLENS_WIDE_LOOP EventReader::BareRecord EventReader::read_bare_wide(const Cursor& in, const RecordSpan& record,
                                                                       RowWriter& rows, RowWriter::ItemPlace& place) {
  return read_bare_as(in, record, rows, place, WideText());
}
#endif

template <typename Text>
SYNCLENS_ALWAYS_INLINE EventReader::BareRecord EventReader::read_bare_as(const Cursor& in, const RecordSpan& record,
                                                                         RowWriter& rows, RowWriter::ItemPlace& place,
                                                                         Text text) {
  BareNames& names = fragments_.names();
  const auto code_of = [&](std::uint16_t number) { return bare_codes_.of(number, names, rows); };
  BareItems items(names, Context::event, rows, code_of, place, text);
  const auto set = [&](Field field, std::string_view value) { set_bare_field(field, value); };
  const auto judge = [&] {
    fill_in(record);
    return filter_ == nullptr || filter_->accepts_system(event_);
  };
  RecordSink sink(names, items, set, judge, buffer_.room(0), text);
  BareWalk walk(names, in.chunk(), in.here(), in.here() + in.left());
  const bool whole = walk.element(std::min(most_bare_depth, fragments_.most_depth()), sink);
  buffer_.end_at(sink.texts_end());
  seen_ = buffer_.size();
  if (sink.turned_down()) return BareRecord::turned_down;
  const std::uint8_t* const end = in.here() + in.left();
  const bool alone = whole && (walk.at() == end || *walk.at() == static_cast<std::uint8_t>(Token::end_of_fragment));
  if (!alone || !sink.has_system()) return BareRecord::unusual;
  rows.give_back(place);
  if (too_large(rows)) return BareRecord::unusual;
  chunk_work_ += rows.item_bytes_in_row();
  return BareRecord::read;
}

EventReader::RowOutcome EventReader::row_of_bare(const RecordSpan& record, RowWriter& rows, RowWriter::Row& row) {
  rows.begin_row(record.size);
  if (read_bare(record, rows) != BareRecord::read || !event_.has(EventField::time)) {
    rows.drop_row();
    return RowOutcome::unusual;
  }
  row_of_event(rows, row);
  row.common = rows.common(event_);
  rows.end_row(row);
  return RowOutcome::row;
}

}  // namespace synclens::evtx
