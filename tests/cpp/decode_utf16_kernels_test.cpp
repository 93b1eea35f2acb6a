// All kernels give the same text, wherever the character stands that needs more than a copy.
#include <doctest/doctest.h>

#include <string>

#include "decode/binxml_value.hpp"

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

}  // namespace

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
