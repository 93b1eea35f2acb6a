// All kernels give the same text, wherever the character stands that needs more than a copy.
#include <doctest/doctest.h>

#include <string>

#include "decode/binxml_value.hpp"
#include "decode/utf16_wide.hpp"
#include "decode/wide_text.hpp"

using namespace synclens;
using namespace synclens::evtx;

namespace {

std::string written(Utf16Kernel kernel, const std::u16string& text, Escape escape) {
  use_utf16_kernel(kernel);
  std::string units, bytes;
  for (const char16_t c : text) {
    units += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
    bytes += static_cast<char>(c & 0xFF);
  }
  const std::size_t size = bytes.size();
  const std::string ascii = bytes;
  units.append(readable_behind, '<');  // what is behind a text must never show
  bytes.append(readable_behind, '<');
  TextBuffer out;
  append_value(out, {as_bytes(units).data(), static_cast<std::uint16_t>(size * 2), 1}, escape);
  out.push('|');
  append_value(out, {as_bytes(bytes).data(), static_cast<std::uint16_t>(size), 2}, escape);
  out.push('|');
  append_utf8(out, ascii, escape);
  return std::string(out.view());
}

std::string units_of(const std::u16string& text, std::size_t nuls) {
  std::string units;
  for (const char16_t c : text) units += {static_cast<char>(c & 0xFF), static_cast<char>(c >> 8)};
  return units.append(2 * nuls, '\0');
}

template <Escape escape>
char* put_usual(char* to, const std::uint8_t* from, std::size_t bytes) {
  return UsualText{utf16_kernel() != Utf16Kernel::scalar}.put<escape>(to, from, bytes);
}

#if defined(__x86_64__)
template <Escape escape>
SYNCLENS_WIDE char* put_wide(char* to, const std::uint8_t* from, std::size_t bytes) {
  return WideText().put<escape>(to, from, bytes);
}
#endif

using Put = char* (*)(char*, const std::uint8_t*, std::size_t);

std::string put_by(Put put, const std::string& units) {
  const std::string readable = units + std::string(readable_behind, '<');
  std::string out(units.size() * widest_of_unit + 48 + written_behind, '?');
  out.resize(static_cast<std::size_t>(put(out.data(), as_bytes(readable).data(), units.size()) - out.data()));
  return out;
}

template <Escape escape>
void check_values(std::size_t size, std::size_t place, char16_t special, std::size_t nuls) {
  std::u16string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char16_t>(u'a' + i % 26);
  if (place < size) text[place] = special;
  const std::string units = units_of(text, nuls);
  const Utf16Kernel before = utf16_kernel();
  use_utf16_kernel(Utf16Kernel::scalar);
  const std::string right = put_by(put_usual<escape>, units);
  use_utf16_kernel(before);
  bool same = put_by(put_usual<escape>, units) == right;
#if defined(__x86_64__)
  if (has_wide_text()) same = same && put_by(put_wide<escape>, units) == right;
#endif
  CAPTURE(size);
  CAPTURE(place);
  CAPTURE(nuls);
  CHECK(same);
}

}  // namespace

TEST_CASE("a text value is written the same by every loop, with NULs at its end or without") {
  for (const std::size_t nuls : std::initializer_list<std::size_t>{0, 1, 3, 40}) {
    for (std::size_t size = 0; size < 72; size += size < 36 ? 1 : 7) {
      for (std::size_t place = 0; place <= size; place += size < 36 ? 1 : 5) {
        for (const char16_t special :
             {u'<', u'>', u'&', u'"', u'\'', u'\\', u'\n', u'\x1', u'\0', u'\xE4', u'\x8041'}) {
          check_values<Escape::plain>(size, place, special, nuls);
          check_values<Escape::xml_text>(size, place, special, nuls);
          check_values<Escape::xml_attribute>(size, place, special, nuls);
          check_values<Escape::json>(size, place, special, nuls);
        }
      }
    }
  }
}

TEST_CASE("every kernel writes what the plain loop writes") {
  const Utf16Kernel before = utf16_kernel();
  for (const Escape escape : {Escape::plain, Escape::xml_text, Escape::xml_attribute, Escape::json}) {
    for (std::size_t size = 0; size < 150; size += size < 70 ? 1 : 13) {
      for (std::size_t place = 0; place <= size; ++place) {
        for (const char16_t special :
             {u'<', u'"', u'\n', u'\t', u'\r', u'\x0B', u'\x1', u'\xE4', u'\x8041', u'\xD800', u'x'}) {
          std::u16string text;
          for (std::size_t i = 0; i < size; ++i) text += static_cast<char16_t>(u'a' + i % 26);
          if (place < size) text[place] = special;
          const std::string right = written(Utf16Kernel::scalar, text, escape);
          const bool same = written(Utf16Kernel::baseline, text, escape) == right &&
                            written(Utf16Kernel::avx2, text, escape) == right;
          if (!same) {
            CAPTURE(size);
            CAPTURE(place);
            CHECK(right == written(Utf16Kernel::baseline, text, escape));
          }
          CHECK(same);
        }
      }
    }
  }
  use_utf16_kernel(Utf16Kernel::scalar);
  CHECK(written(Utf16Kernel::scalar, u"a<\xE4", Escape::xml_text).substr(0, 8) == "a&lt;\xC3\xA4|");
  use_utf16_kernel(before);
}
