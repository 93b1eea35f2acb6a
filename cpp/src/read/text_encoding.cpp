#include <algorithm>

#include "read/utf8.hpp"
#include "synclens/read.hpp"

namespace synclens {
namespace {

bool readable(std::uint8_t c) {
  return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
}

bool starts_with(ByteView bytes, std::initializer_list<std::uint8_t> prefix) {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

}  // namespace

TextEncoding detect_encoding(ByteView head) {
  if (starts_with(head, {0xEF, 0xBB, 0xBF})) return TextEncoding::utf8;
  if (starts_with(head, {0xFF, 0xFE})) return TextEncoding::utf16le;
  if (starts_with(head, {0xFE, 0xFF})) return TextEncoding::utf16be;

  // Even a text without one Latin letter has line ends, blanks and digits: readable characters beside a zero.
  const ByteView looked_at = head.first(std::min<std::size_t>(head.size(), 4096));
  std::size_t little = 0;
  std::size_t big = 0;
  for (std::size_t i = 0; i + 1 < looked_at.size(); i += 2) {
    if (looked_at[i + 1] == 0 && readable(looked_at[i])) ++little;
    if (looked_at[i] == 0 && readable(looked_at[i + 1])) ++big;
  }
  const std::size_t pairs = looked_at.size() / 2;
  if (little > 0 && little * 16 >= pairs && little > big * 4) return TextEncoding::utf16le;
  if (big > 0 && big * 16 >= pairs && big > little * 4) return TextEncoding::utf16be;

  // One broken sequence in a text that is otherwise UTF-8 does not make it Windows-1252.
  std::size_t sequences = 0;
  std::size_t broken = 0;
  for (std::size_t i = 0; i < head.size();) {
    if (const std::size_t ascii = plain_ascii_prefix(head.subspan(i)); ascii > 0) {
      i += ascii;
      continue;
    }
    const Utf8Step step = utf8_step(head.subspan(i));
    if (step.valid && step.length > 1) ++sequences;
    if (!step.valid && !step.cut) ++broken;
    i += step.length;
  }
  return broken == 0 || sequences > broken ? TextEncoding::utf8 : TextEncoding::windows1252;
}

}  // namespace synclens
