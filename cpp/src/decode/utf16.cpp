#include "decode/utf16.hpp"

#include <array>
#include <cstring>

#include "decode/utf16_blocks.hpp"
#include "decode/utf16_wide.hpp"

namespace synclens::evtx {
namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr std::array<char16_t, 32> windows1252_80_to_9f = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

std::size_t put_utf8(char* to, char32_t c) {
  const auto byte = [](char32_t b) { return static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) {
    to[0] = byte(c);
    return 1;
  }
  if (c < 0x800) {
    to[0] = byte(0xC0 | (c >> 6));
    to[1] = byte(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    to[0] = byte(0xE0 | (c >> 12));
    to[1] = byte(0x80 | ((c >> 6) & 0x3F));
    to[2] = byte(0x80 | (c & 0x3F));
    return 3;
  }
  to[0] = byte(0xF0 | (c >> 18));
  to[1] = byte(0x80 | ((c >> 12) & 0x3F));
  to[2] = byte(0x80 | ((c >> 6) & 0x3F));
  to[3] = byte(0x80 | (c & 0x3F));
  return 4;
}

// What stands for an ASCII character under an escape; empty where it stands for itself.
constexpr std::string_view escaped_ascii(char32_t c, Escape escape) {
  constexpr std::string_view controls_json[32] = {
      "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
      "\\b",     "\\t",     "\\n",     "\\u000B", "\\f",     "\\r",     "\\u000E", "\\u000F",
      "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
      "\\u0018", "\\u0019", "\\u001A", "\\u001B", "\\u001C", "\\u001D", "\\u001E", "\\u001F"};
  if (escape == Escape::json) {
    if (c < 0x20) return controls_json[c];
    if (c == '"') return "\\\"";
    if (c == '\\') return "\\\\";
    return {};
  }
  if (escape == Escape::plain) return {};
  const bool attribute = escape == Escape::xml_attribute;
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '\'':
      return attribute ? "&apos;" : "";
    case '"':
      return attribute ? "&quot;" : "";
    case '\r':  // raw in text, as Windows' renderer has it
      return attribute ? "&#13;" : "";
    case '\n':
      return attribute ? "&#10;" : "";
    case '\t':
      return attribute ? "&#9;" : "";
    default:
      return c < 0x20 ? "\xEF\xBF\xBD" : "";
  }
}

// U+FFFE and U+FFFF, the two of the first plane above the surrogates that XML 1.0 leaves out. Three bytes of UTF-8.
bool is_no_xml_character(const std::uint8_t* at) {
  return at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
}

char* put_character(char* to, char32_t c, Escape escape) {
  if (c < 0x80) {
    return put_ascii(to, static_cast<std::uint8_t>(c), escape);
  }
  if (c >= 0xFFFE && c <= 0xFFFF && (escape == Escape::xml_text || escape == Escape::xml_attribute)) {
    c = replacement;  // the two characters of the first plane above the surrogates that XML 1.0 leaves out
  }
  return to + put_utf8(to, c);
}

// One character, of one unit or two.
char* put_one(char* to, const std::uint8_t*& from, std::size_t& units, Escape escape) {
  char32_t c = load<std::uint16_t>(from);
  std::size_t used = 1;
  if (c >= 0xD800 && c < 0xE000) {
    const char32_t low = units > 1 ? load<std::uint16_t>(from + 2) : char32_t{0};
    if (c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      used = 2;
    } else {
      c = replacement;
    }
  }
  from += used * 2;
  units -= used;
  return put_character(to, c, escape);
}

char* put_one_ansi(char* to, std::uint8_t byte, Escape escape) {
  const char32_t c = byte >= 0x80 && byte < 0xA0 ? windows1252_80_to_9f[byte - 0x80u] : char32_t{byte};
  return put_character(to, c, escape);
}

Utf16Kernel best_kernel() {
  if (has_wide_text()) return Utf16Kernel::avx2;
  return Utf16Kernel::baseline;
}

template <Escape escape>
char* put_long(char* to, const std::uint8_t* from, std::size_t units) {
  const bool wide = utf16_kernel() == Utf16Kernel::avx2;
  while (units >= 2 * block) {
    const std::size_t plain = wide ? narrow_wide(from, units, to, escape) : narrow_run<escape>(from, units, to);
    from += 2 * plain;
    to += plain;
    units -= plain;
    // Line ends and indents come close together: then blocks of sixteen are faster.
    while (units >= block) {
      do {
        to = put_next<escape>(to, from, units);
      } while (units != 0 && !is_copied(load<std::uint16_t>(from), escape));
      if (units < block) break;
      const unsigned special = narrow<escape>(from, to);
      const auto next = static_cast<std::size_t>(special == 0 ? int{block} : std::countr_zero(special));
      from += 2 * next;
      to += next;
      units -= next;
      if (special == 0) break;
    }
  }
  return put_utf16<escape>(to, from, units);
}

}  // namespace

constinit const std::array<std::array<WrittenAscii, 128>, 4> written_ascii = [] {
  std::array<std::array<WrittenAscii, 128>, 4> all{};
  for (std::size_t escape = 0; escape < all.size(); ++escape) {
    for (std::size_t c = 0; c < 128; ++c) {
      WrittenAscii& written = all[escape][c];
      const std::string_view escaped = escaped_ascii(static_cast<char32_t>(c), static_cast<Escape>(escape));
      for (std::size_t i = 0; i < escaped.size(); ++i) written.text[i] = escaped[i];
      written.size = static_cast<std::uint8_t>(escaped.size());
      if (!escaped.empty()) continue;
      written.text[0] = static_cast<char>(c);
      written.size = 1;
    }
  }
  return all;
}();

std::atomic<Utf16Kernel> utf16_kernel_in_use{best_kernel()};

Utf16Kernel utf16_kernel() {
  return utf16_kernel_in_use.load(std::memory_order_relaxed);
}

void use_utf16_kernel(Utf16Kernel kernel) {
  utf16_kernel_in_use.store(kernel < best_kernel() ? kernel : best_kernel(), std::memory_order_relaxed);
}

// They come in groups (a name in Cyrillic), so stay here while they do.
char* put_special(char* to, const std::uint8_t*& from, std::size_t& units, Escape escape) {
  bool ascii = false;
  while (units != 0 && !ascii) {
    ascii = load<std::uint16_t>(from) < 0x80;
    to = put_one(to, from, units, escape);
  }
  return to;
}

char* put_special_ansi(char* to, const std::uint8_t*& from, std::size_t& bytes, Escape escape) {
  bool ascii = false;
  for (; bytes != 0 && !ascii; ++from, --bytes) {
    ascii = *from < 0x80;
    to = put_one_ansi(to, *from, escape);
  }
  return to;
}

char* put_utf16_plainly(char* to, const std::uint8_t* from, std::size_t units, Escape escape) {
  while (units != 0) to = put_one(to, from, units, escape);
  return to;
}

char* put_ansi_plainly(char* to, const std::uint8_t* from, std::size_t bytes, Escape escape) {
  for (; bytes != 0; ++from, --bytes) to = put_one_ansi(to, *from, escape);
  return to;
}

char* put_long_utf16(char* to, const std::uint8_t* from, std::size_t units, Escape escape) {
  switch (escape) {
    case Escape::xml_text:
      return put_long<Escape::xml_text>(to, from, units);
    case Escape::xml_attribute:
      return put_long<Escape::xml_attribute>(to, from, units);
    case Escape::json:
      return put_long<Escape::json>(to, from, units);
    case Escape::plain:
      break;
  }
  return put_long<Escape::plain>(to, from, units);
}

void append_utf16(TextBuffer& out, ByteView text, Escape escape) {
  const std::size_t units = units_without_nuls(text.data(), text.size());
  char* const to = out.room(units * widest_of_unit + written_behind);
  switch (escape) {
    case Escape::plain:
      return out.end_at(put_utf16<Escape::plain>(to, text.data(), units));
    case Escape::xml_text:
      return out.end_at(put_utf16<Escape::xml_text>(to, text.data(), units));
    case Escape::xml_attribute:
      return out.end_at(put_utf16<Escape::xml_attribute>(to, text.data(), units));
    case Escape::json:
      return out.end_at(put_utf16<Escape::json>(to, text.data(), units));
  }
}

namespace {

template <Escape escape>
char* put_utf8(char* to, const char* from, std::size_t left) {
  while (left != 0) {
    std::uint8_t last[block];
    const auto* at = reinterpret_cast<const std::uint8_t*>(from);
    if (left < block) {
      std::memcpy(last, from, left);
      at = last;
    }
    const std::size_t here = left < block ? left : block;
    const unsigned special = narrow_bytes<escape>(at, to) & ((1u << here) - 1);
    const std::size_t plain = special == 0 ? here : static_cast<std::size_t>(std::countr_zero(special));
    from += plain;
    to += plain;
    left -= plain;
    if (special == 0) continue;
    if constexpr (escape == Escape::xml_text || escape == Escape::xml_attribute) {
      if (left >= 3 && is_no_xml_character(reinterpret_cast<const std::uint8_t*>(from))) {
        std::memcpy(to, "\xEF\xBF\xBD", 3);
        to += 3;
        from += 3;
        left -= 3;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(*from++);
    --left;
    if (byte < 0x80) {
      to = put_character(to, byte, escape);
    } else {
      *to++ = static_cast<char>(byte);
    }
  }
  return to;
}

}  // namespace

void append_utf8(TextBuffer& out, std::string_view text, Escape escape) {
  char* const to = out.room(text.size() * widest_of_unit + written_behind);
  switch (escape) {
    case Escape::plain:
      return out.append(text);
    case Escape::xml_text:
      return out.end_at(put_utf8<Escape::xml_text>(to, text.data(), text.size()));
    case Escape::xml_attribute:
      return out.end_at(put_utf8<Escape::xml_attribute>(to, text.data(), text.size()));
    case Escape::json:
      return out.end_at(put_utf8<Escape::json>(to, text.data(), text.size()));
  }
}

ByteView without_trailing_nuls(ByteView utf16) {
  std::size_t size = utf16.size() & ~std::size_t{1};
  while (size >= 2 && utf16[size - 1] == 0 && utf16[size - 2] == 0) size -= 2;
  return utf16.first(size);
}

bool is_clean_utf16(ByteView utf16) {
  if (utf16.size() % 2 != 0) return false;
  bool high = false;  // the unit before was the first of a pair
  for (std::size_t i = 0; i < utf16.size(); i += 2) {
    const std::uint32_t unit = utf16[i] | static_cast<std::uint32_t>(utf16[i + 1]) << 8;
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    if (low != high) return false;
    high = unit >= 0xD800 && unit < 0xDC00;
    if (unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r') return false;
    if (unit >= 0xFFFE || (unit >= 0xFDD0 && unit < 0xFDF0)) return false;
  }
  return !high;
}

}  // namespace synclens::evtx
