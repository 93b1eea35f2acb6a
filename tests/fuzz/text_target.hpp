// A decoder that takes UTF-8, given any bytes: read whole and in small pieces it must say the same.
#pragma once

#include <algorithm>
#include <memory>

#include "checks.hpp"
#include "synclens/decode.hpp"
#include "synclens/read.hpp"

namespace fuzz {

// `decode(ByteStream&, const DecodeOptions&, RecordSink&)`. Every fourth input is read in pieces too. Returns what
// was delivered.
template <typename Decode>
CheckedSink decode_text(const Input& input, Decode decode) {
  synclens::DecodeOptions options;
  // Small limits are reached by small inputs.
  if ((input.choice & 0x80) != 0) {
    options.limits.xml_event_bytes = 512;
    options.limits.xml_depth = 6;
    options.limits.xml_attributes = 4;
    options.limits.table_cell_bytes = 64;
    options.limits.table_columns = 6;
    options.limits.text_line_bytes = 96;
    options.limits.event_data_items = 8;
    options.limits.problems_per_source = 4;
  }
  const std::uint64_t most_text = 3 * input.bytes.size() + 3;  // a byte may become U+FFFD
  CheckedSink whole(most_text);
  synclens::Utf8Stream utf8(synclens::open_memory(input.bytes));
  decode(utf8, options, whole);
  if ((input.choice & 3) == 3) {
    CheckedSink parts(most_text);
    synclens::Utf8Stream again(std::make_unique<Pieces>(input.bytes, 1 + (input.choice >> 2) % 16));
    decode(again, options, parts);
    require(parts.digest() == whole.digest(), "read in pieces it says something else");
  }
  require(whole.problems <= options.limits.problems_per_source + 2, "more problems than the limit lists");
  return whole;
}

}  // namespace fuzz
