// Elements without a template into columns, token by token: what row_items() adds for the plan that they compile to.
#include <algorithm>

#include "decode/bare_items.hpp"
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
  BareItems sink(names, context, rows, code_of, place, text);
  BareWalk walk(names, in.chunk(), in.here(), in.here() + in.left());
  return walk.element(std::min(most_bare_depth, fragments_.most_depth()), sink) ? walk.at() : nullptr;
}

}  // namespace synclens::evtx
