// Elements without a template into columns, token by token: what row_items() adds for the plan that they compile to.
#include <algorithm>
#include <array>

#include "decode/bare_walk.hpp"
#include "decode/event_reader.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// The codes that a RowWriter has for names, by the number of the name.
std::int32_t EventReader::BareCodes::fresh(std::uint16_t number, const BareNames& names, RowWriter& rows) {
  if (codes_.size() < names.count()) codes_.resize(names.count(), RowWriter::no_name);
  const BareName& name = names[number];
  return codes_[number] = rows.item_name({names.text(name), name.size});
}

void EventReader::BareCodes::begin(const BareNames& names, const RowWriter& rows) {
  if (rows_ == rows.id() && age_ == names.age()) return;
  rows_ = rows.id();
  age_ = names.age();
  codes_.clear();
}

namespace {

// An element is an item unless it holds others; texts beside these are no value.
template <typename Text, typename CodeOf>
class RowSink {
 public:
  RowSink(const BareNames& names, Context context, RowWriter& rows, CodeOf code_of, RowWriter::ItemPlace& place,
          Text text)
      : names_(names), context_(context), rows_(rows), code_of_(code_of), place_(place), text_(text), to_(place.text) {}

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool open(std::uint16_t number, std::size_t depth) {
    const BareName& name = names_[number];
    bool holds_elements = false;
    if (depth == 0) {
      if (context_ == Context::event) {
        if (name.known == KnownName::system || name.known == KnownName::rendering_info ||
            name.known == KnownName::binary_event_data) {
          return false;
        }
        holds_elements = true;
        data_depth_ = name.known == KnownName::event_data ? 1 : no_depth;
      }
    } else if (Element& around = open_[depth - 1]; !around.holds_elements) {
      around.holds_elements = true;
      to_ = around.text;
    }
    if (depth == data_depth_ && name.known == KnownName::binary) return false;
    open_[depth] = {to_, number, holds_elements, name.known == KnownName::data};
    last_ = depth;
    name_size_ = 0;
    any_name_ = false;
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute(std::uint16_t number) {
    in_name_ = open_[last_].is_data && names_[number].known == KnownName::name;
    if (!in_name_) return true;
    return !std::exchange(any_name_, true);
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_text(const std::uint8_t* at, std::size_t bytes) {
    if (!in_name_) return true;
    if (name_size_ + bytes * widest_of_unit > most_of_name) return false;
    char* const end = text_.template put<Escape::plain>(name_.data() + name_size_, at, bytes);
    name_size_ = static_cast<std::size_t>(end - name_.data());
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_end() { return true; }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool content() { return true; }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool text(const std::uint8_t* at, std::size_t bytes) {
    if (!open_[last_].holds_elements) {
      to_ = text_.template put<Escape::plain>(to_, at, bytes);
      return true;
    }
    return last_ != 0 || context_ != Context::event;  // text where elements are expected
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool empty() {
    end_element();
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool close() {
    end_element();
    return true;
  }

 private:
  static constexpr std::size_t no_depth = most_bare_depth;
  static constexpr std::size_t most_of_name = 1024;  // bytes; longer ones are rare

  struct Element {
    char* text = nullptr;  // where its own begins
    std::uint16_t number = 0;
    bool holds_elements = false, is_data = false;
  };

  SYNCLENS_ALWAYS_INLINE void end_element() {
    const Element& element = open_[last_];
    if (!element.holds_elements) {
      const std::int32_t code =
          element.is_data ? rows_.item_name({name_.data(), name_size_}) : code_of_(element.number);
      place_.end_item(code, to_);
    }
    --last_;  // of the outermost: nothing looks at it any more
  }

  const BareNames& names_;
  Context context_;
  RowWriter& rows_;
  CodeOf code_of_;
  RowWriter::ItemPlace& place_;
  Text text_;
  char* to_;
  std::size_t last_ = 0;                                                     // the depth of the innermost that is open
  std::size_t data_depth_ = context_ == Context::event_data ? 0 : no_depth;  // of elements of EventData
  bool in_name_ = false, any_name_ = false;
  std::size_t name_size_ = 0;
  std::array<char, most_of_name + written_behind + readable_behind> name_;  // Data/@Name
  std::array<Element, most_bare_depth> open_;
};

}  // namespace

// What stands at the cursor, which moves behind it. False: nothing happened, and the rules have to say what it is.
bool EventReader::row_bare(Cursor& in, Context context, RowWriter& rows) {
  if (!fragments_.may_go_deeper()) return false;
  if (context != Context::event && context != Context::event_data && context != Context::leaves) return false;
  Cursor from = in;
  skip_fragment_headers(from);
  bare_codes_.begin(fragments_.names(), rows);
  const std::size_t size = from.left();
  RowWriter::ItemPlace place =
      rows.place_of_items(size / least_bare_element + 1, size * widest_of_unit / 2 + written_behind + readable_behind);
#if defined(__x86_64__)
  const bool wide = utf16_kernel() == Utf16Kernel::avx2;
  const std::uint8_t* const end =
      wide ? row_bare_wide(from, context, rows, place)
           : row_bare_as(from, context, rows, place, UsualText{utf16_kernel() != Utf16Kernel::scalar});
#else
  const std::uint8_t* const end =
      row_bare_as(from, context, rows, place, UsualText{utf16_kernel() != Utf16Kernel::scalar});
#endif
  if (end == nullptr) return false;
  rows.give_back(place);
  in.move_to(end);
  return true;
}

#if defined(__x86_64__)
SYNCLENS_WIDE_LOOP const std::uint8_t* EventReader::row_bare_wide(const Cursor& in, Context context, RowWriter& rows,
                                                                  RowWriter::ItemPlace& place) {
  return row_bare_as(in, context, rows, place, WideText());
}
#endif

// Where the element ends; null where it is not of the usual kind.
template <typename Text>
SYNCLENS_ALWAYS_INLINE const std::uint8_t* EventReader::row_bare_as(const Cursor& in, Context context, RowWriter& rows,
                                                                    RowWriter::ItemPlace& place, Text text) {
  BareNames& names = fragments_.names();
  const auto code_of = [&](std::uint16_t number) { return bare_codes_.of(number, names, rows); };
  RowSink sink(names, context, rows, code_of, place, text);
  BareWalk walk(names, in.chunk(), in.here(), in.here() + in.left());
  return walk.element(std::min(most_bare_depth, fragments_.most_depth()), sink) ? walk.at() : nullptr;
}

}  // namespace synclens::evtx
