// What stands behind System into columns, by row scripts: straight from where it stands in the record.
#include "decode/bare_walk.hpp"
#include "decode/event_reader.hpp"
#include "decode/row_script.hpp"
#include "decode/wide_text.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// Instances that fit a script, up to the end or to one that does not; that and what follows by the rules.
bool EventReader::row_fragments(Cursor in, Context context, RowWriter& rows) {
  constexpr auto end_of_fragment = static_cast<std::uint8_t>(Token::end_of_fragment);
  InstanceHead head;
  while (in.left() != 0) {
    const Cursor before = in;
    if (*in.here() == end_of_fragment) {
      in.skip(1, "");
      continue;
    }
    RowScript* script = nullptr;
    if (fragments_.may_go_deeper() && fragments_.head(in, head)) {
      script = row_script(*head.plan, context, 0, head);
    } else if (is_bare_element(before)) {
      in = before;
      if (row_bare(in, context, rows)) {
        if (too_large(rows)) return false;
        continue;
      }
    }
    const std::uint32_t size = script != nullptr ? bytes_of_values(head.descriptors, head.count) : 0;
    if (script == nullptr || size > in.left()) return row_by_rules(before, context, rows);
    in.skip(size, "");
    const auto run = [&] { return run_row_script(*script, *head.plan, 0, head, head.start, size, rows); };
    if (!fragments_.deeper(run)) return false;
  }
  return true;
}

// For the values from `first` on; null where there is none.
RowScript* EventReader::row_script(Plan& plan, Context context, std::uint32_t first, const InstanceHead& head) {
  if (!plan.kept) return nullptr;
  const std::uint8_t* const descriptors = head.descriptors + std::size_t{first} * descriptor_size;
  const std::uint32_t count = head.count - first;
  auto& scripts = plan.row_scripts(context);
  if (RowScript* const found = find_script(scripts, descriptors, count)) return found->suits() ? found : nullptr;
  if (scripts.size() >= most_scripts || any_odd(descriptors, count)) return nullptr;
  auto made = std::make_unique<RowScript>(plan.columns(context), first, descriptors, count);
  if (!fragments_.plans().spend(made->bytes())) return nullptr;
  scripts.push_back(std::move(made));
  return scripts.back()->suits() ? scripts.back().get() : nullptr;
}

// `start` and `bytes`: of the values from `first` on. False where something is unusual.
bool EventReader::run_row_script(RowScript& script, const Plan& plan, std::uint32_t first, const InstanceHead& head,
                                 const std::uint8_t* start, std::uint32_t bytes, RowWriter& rows) {
  const std::vector<RowAct>& acts = script.acts();
  RowValues next{acts.data(), head.descriptors + std::size_t{first} * descriptor_size, start,
                 script.codes(plan.tree.texts, rows)};
  const RowAct* const end = acts.data() + acts.size();
  const std::int32_t* const last_code = next.code + script.items();
  while (next.act != end) {
    if (*next.act < RowAct::array) {
      const auto items = static_cast<std::size_t>(last_code - next.code);
      const auto left = bytes - static_cast<std::size_t>(next.at - start);
      RowWriter::ItemPlace place = rows.place_of_items(items, left * widest_of_unit + items * widest_of_value(0));
      next = row_plain_values(next, end, place);
      rows.give_back(place);
      continue;
    }
    const Value value{next.at, load<std::uint16_t>(next.descriptor), next.descriptor[2]};
    if (*next.act == RowAct::array) {
      if (!row_array(value, *next.code++, rows)) return false;
    } else if (*next.act == RowAct::binary) {
      row_binary(value, rows);
    } else {
      const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
      if (!row_fragments(Cursor(chunk_, from, from + value.size), script.context(), rows)) return false;
    }
    next.at += value.size;
    next.descriptor += descriptor_size;
    ++next.act;
  }
  return true;
}

// Up to the next value that is no item by itself.
EventReader::RowValues EventReader::row_plain_values(const RowValues& next, const RowAct* end,
                                                     RowWriter::ItemPlace& place) {
#if defined(__x86_64__)
  if (utf16_kernel() == Utf16Kernel::avx2) return row_plain_values_wide(next, end, place);
#endif
  return row_plain_values_as(next, end, place, UsualText{utf16_kernel() != Utf16Kernel::scalar});
}

#if defined(__x86_64__)
SYNCLENS_WIDE_LOOP EventReader::RowValues EventReader::row_plain_values_wide(const RowValues& next, const RowAct* end,
                                                                             RowWriter::ItemPlace& place) {
  return row_plain_values_as(next, end, place, WideText());
}
#endif

// All that moves is a local: what is written could else be any of it.
template <typename Text>
SYNCLENS_ALWAYS_INLINE EventReader::RowValues EventReader::row_plain_values_as(const RowValues& next, const RowAct* end,
                                                                               RowWriter::ItemPlace& place, Text text) {
  const RowAct* act = next.act;
  const std::uint8_t* descriptor = next.descriptor;
  const std::uint8_t* at = next.at;
  const std::int32_t* code = next.code;
  const char* const base = place.base;
  char* to = place.text;
  std::uint8_t *names = place.names, *ends = place.ends;
  for (; act != end; ++act) {
    const std::size_t size = load<std::uint16_t>(descriptor);
    switch (*act) {
      case RowAct::skip:
        at += size;
        descriptor += descriptor_size;
        continue;
      case RowAct::text:
        to = text.template put<Escape::plain>(to, at, size);
        break;
      case RowAct::uint8:
        to = put_unsigned(to, *at);
        break;
      case RowAct::uint16:
        to = put_unsigned(to, load<std::uint16_t>(at));
        break;
      case RowAct::uint32:
        to = put_unsigned(to, load<std::uint32_t>(at));
        break;
      case RowAct::int32:
        to = put_signed(to, load<std::int32_t>(at));
        break;
      case RowAct::uint64:
        to = put_unsigned(to, load<std::uint64_t>(at));
        break;
      case RowAct::guid:
        to = put_guid(to, at);
        break;
      case RowAct::filetime:
        to = put_filetime(to, load<std::uint64_t>(at), &memo_);
        break;
      case RowAct::sid:
        to = put_sid(to, at, size, &memo_);
        break;
      case RowAct::hex32:
        to = put_hex_number(to, load<std::uint32_t>(at));
        break;
      case RowAct::hex64:
        to = put_hex_number(to, load<std::uint64_t>(at));
        break;
      case RowAct::value:
        to = put_value<Escape::plain>(to, {at, static_cast<std::uint16_t>(size), descriptor[2]}, &memo_);
        break;
      case RowAct::array:
      case RowAct::binary:
      case RowAct::fragment:
        end = act;
        --act;
        continue;
    }
    const auto offset = static_cast<std::int32_t>(to - base);
    std::memcpy(names, code++, sizeof *code);
    std::memcpy(ends, &offset, sizeof offset);
    names += sizeof *code;
    ends += sizeof offset;
    at += size;
    descriptor += descriptor_size;
  }
  place.names = names;
  place.ends = ends;
  place.text = to;
  return {act, descriptor, at, code};
}

}  // namespace synclens::evtx
