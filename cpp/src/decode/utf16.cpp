#include "decode/utf16.hpp"

#include <array>
#include <atomic>

#include "decode/binxml_cursor.hpp"
#include "decode/utf16_kernels.hpp"

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
std::string_view escaped_ascii(char32_t c, Escape escape) {
  static constexpr std::string_view controls_json[32] = {
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
bool is_no_xml_character(const std::uint8_t* at, Escape escape) {
  return at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE &&
         (escape == Escape::xml_text || escape == Escape::xml_attribute);
}

constexpr std::size_t widest = 6;  // bytes that one character can become

void put_character(TextBuffer& out, char32_t c, Escape escape) {
  if (c < 0x80) {
    const std::string_view escaped = escaped_ascii(c, escape);
    if (!escaped.empty()) {
      out.append(escaped);
      return;
    }
  } else if (c >= 0xFFFE && c <= 0xFFFF && (escape == Escape::xml_text || escape == Escape::xml_attribute)) {
    c = replacement;  // the two characters of the first plane above the surrogates that XML 1.0 leaves out
  }
  out.took(put_utf8(out.room(widest), c));
}

kernels::Run best_kernel(Utf16Kernel wanted, Escape escape, Utf16Kernel* chosen = nullptr) {
  Utf16Kernel got = Utf16Kernel::scalar;
  kernels::Run run = kernels::scalar(escape);
  if (wanted >= Utf16Kernel::baseline && kernels::baseline(escape) != nullptr) {
    run = kernels::baseline(escape);
    got = Utf16Kernel::baseline;
  }
  if (wanted >= Utf16Kernel::avx2 && kernels::avx2(escape) != nullptr) {
    run = kernels::avx2(escape);
    got = Utf16Kernel::avx2;
  }
  if (chosen != nullptr) *chosen = got;
  return run;
}

struct Kernels {
  std::array<std::atomic<kernels::Run>, 4> run, ansi;
  std::atomic<Utf16Kernel> kind{Utf16Kernel::scalar};
  Kernels() { use(Utf16Kernel::avx2); }
  void use(Utf16Kernel wanted) {
    Utf16Kernel got = wanted;
    for (std::size_t i = 0; i < run.size(); ++i) {
      run[i].store(best_kernel(wanted, static_cast<Escape>(i), &got), std::memory_order_relaxed);
      const auto ansi_run = wanted == Utf16Kernel::scalar ? kernels::scalar_of_ansi : kernels::baseline_of_ansi;
      ansi[i].store(ansi_run(static_cast<Escape>(i)), std::memory_order_relaxed);
    }
    kind.store(got, std::memory_order_relaxed);
  }
};

Kernels& kernels_in_use() {
  static Kernels instance;
  return instance;
}

}  // namespace

Utf16Kernel utf16_kernel() {
  return kernels_in_use().kind.load(std::memory_order_relaxed);
}

void use_utf16_kernel(Utf16Kernel kernel) {
  kernels_in_use().use(kernel);
}

void append_utf16(TextBuffer& out, ByteView text, Escape escape) {
  static Kernels& in_use = kernels_in_use();
  const kernels::Run run = in_use.run[static_cast<std::size_t>(escape)].load(std::memory_order_relaxed);
  const std::uint8_t* at = text.data();
  std::size_t units = text.size() / 2;
  while (units != 0) {
    const std::size_t plain = run(at, units, out.room(units));
    out.took(plain);
    at += plain * 2;
    units -= plain;
    // Characters that need more than a copy; they come in groups (a name in Cyrillic), so stay here while they do.
    while (units != 0) {
      char32_t c = load<std::uint16_t>(at);
      const bool ascii = c < 0x80;
      std::size_t used = 1;
      if (c >= 0xD800 && c < 0xE000) {
        const char32_t low = units > 1 ? load<std::uint16_t>(at + 2) : char32_t{0};
        if (c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
          used = 2;
        } else {
          c = replacement;
        }
      }
      put_character(out, c, escape);
      at += used * 2;
      units -= used;
      if (ascii) break;
    }
  }
}

void append_utf8(TextBuffer& out, std::string_view text, Escape escape) {
  static Kernels& in_use = kernels_in_use();
  const kernels::Run run = in_use.ansi[static_cast<std::size_t>(escape)].load(std::memory_order_relaxed);
  const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t left = text.size();
  while (left != 0) {
    const std::size_t plain = run(at, left, out.room(left));
    out.took(plain);
    at += plain;
    left -= plain;
    for (; left != 0; ++at, --left) {
      const std::string_view escaped = *at < 0x80 ? escaped_ascii(*at, escape) : std::string_view();
      if (left >= 3 && is_no_xml_character(at, escape)) {
        out.append("\xEF\xBF\xBD");
        at += 2;
        left -= 2;
      } else if (escaped.empty()) {
        out.push(static_cast<char>(*at));
      } else {
        out.append(escaped);
      }
      if (*at < 0x80) {
        ++at;
        --left;
        break;
      }
    }
  }
}

void append_ansi(TextBuffer& out, ByteView text, Escape escape) {
  static Kernels& in_use = kernels_in_use();
  const kernels::Run run = in_use.ansi[static_cast<std::size_t>(escape)].load(std::memory_order_relaxed);
  while (!text.empty()) {
    const std::size_t plain = run(text.data(), text.size(), out.room(text.size()));
    out.took(plain);
    text = text.subspan(plain);
    if (text.empty()) return;
    const std::uint8_t byte = text.front();
    text = text.subspan(1);
    const char32_t c = byte >= 0x80 && byte < 0xA0 ? windows1252_80_to_9f[byte - 0x80u] : char32_t{byte};
    put_character(out, c, escape);
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
