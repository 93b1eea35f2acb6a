#include "decode/name_fold.hpp"

#include "read/utf8.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr char32_t replacement = 0xFFFD;

// U+00C0 to U+00FF without case and accents; '*' where the letter stays as it is.
constexpr std::string_view latin1_plain = "aaaaaa*ceeeeiiii*nooooo*ouuuuy**aaaaaa*ceeeeiiii*nooooo*ouuuuy*y";

constexpr bool is_blank(char32_t c) {
  return c <= 0x20 || c == 0x7F || (c >= 0x80 && c <= 0xA0) || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x2060 && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

constexpr bool is_punctuation(char32_t c) {
  return (c >= 0xA1 && c <= 0xBF) || (c >= 0x2010 && c <= 0x2027) || c == 0xFF1A || c == replacement;
}

std::string fold(std::string_view text, bool ascii_only) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char32_t c = take_code_point(text);
    if (c < 0x80) {
      const char lowered = to_lower(static_cast<char>(c));
      if ((lowered >= 'a' && lowered <= 'z') || (lowered >= '0' && lowered <= '9')) out.push_back(lowered);
    } else if (ascii_only || is_blank(c) || is_punctuation(c)) {
      continue;
    } else if (c >= 0xC0 && c <= 0xFF && latin1_plain[c - 0xC0] != '*') {
      out.push_back(latin1_plain[c - 0xC0]);
    } else {
      append_utf8(c, out);
    }
  }
  return out;
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
  const char32_t first = byte(0);
  std::size_t length = 1;
  char32_t value = first;
  if (first >= 0xF0 && first < 0xF8) {
    length = 4;
    value = first & 0x07;
  } else if (first >= 0xE0) {
    length = 3;
    value = first & 0x0F;
  } else if (first >= 0xC0) {
    length = 2;
    value = first & 0x1F;
  } else if (first >= 0x80) {
    value = replacement;
  }
  if (first >= 0xF8 || length > text.size()) {
    text.remove_prefix(1);
    return replacement;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return replacement;
    }
    value = (value << 6) | (byte(i) & 0x3F);
  }
  text.remove_prefix(length);
  return value;
}

std::string fold_name(std::string_view text) {
  return fold(text, false);
}
std::string fold_name_ascii(std::string_view text) {
  return fold(text, true);
}

std::string_view trim_marks(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_blank(take_code_point(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    std::string_view last = text.substr(start);
    const char32_t c = take_code_point(last);
    if (!last.empty() || !is_blank(c)) break;
    text = text.substr(0, start);
  }
  return text;
}

}  // namespace synclens
