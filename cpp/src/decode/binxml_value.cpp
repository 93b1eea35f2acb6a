#include "decode/binxml_value.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace synclens::evtx {
namespace {

constexpr char digits_lower[] = "0123456789abcdef";
constexpr char digits_upper[] = "0123456789ABCDEF";

template <typename T>
void append_integer(TextBuffer& out, T value) {
  if (value >= 0 && value < 10) return out.push(static_cast<char>('0' + value));
  char* to = out.room(24);
  out.took(static_cast<std::size_t>(std::to_chars(to, to + 24, value).ptr - to));
}

void append_hex_number(TextBuffer& out, std::uint64_t value) {
  char* to = out.room(24);
  to[0] = '0';
  to[1] = 'x';
  out.took(static_cast<std::size_t>(std::to_chars(to + 2, to + 24, value, 16).ptr - to));
}

void append_hex_bytes(TextBuffer& out, ByteView bytes) {
  char* to = out.room(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    *to++ = digits_upper[b >> 4];
    *to++ = digits_upper[b & 15];
  }
  out.took(bytes.size() * 2);
}

template <typename T>
void append_real(TextBuffer& out, T value) {
  // The forms of the C library that Windows' renderer uses.
  if (std::isnan(value)) return out.append(std::signbit(value) ? "-1.#IND" : "1.#QNAN");
  if (std::isinf(value)) return out.append(value < 0 ? "-1.#INF" : "1.#INF");
  char* to = out.room(40);
  out.took(static_cast<std::size_t>(std::to_chars(to, to + 40, value).ptr - to));
}

char* put_pair(char* to, std::uint32_t value) {  // of two digits
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
  return to + 2;
}

char* put_digits(char* to, std::uint32_t value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    to[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return to + count;
}

void append_civil(TextBuffer& out, const CivilTime& c) {
  char* const start = out.room(40);
  char* to = put_digits(start, static_cast<std::uint32_t>(c.year), c.year > 9999 ? 5 : 4);
  *to++ = '-';
  to = put_pair(to, c.month);
  *to++ = '-';
  to = put_pair(to, c.day);
  *to++ = 'T';
  to = put_pair(to, c.hour);
  *to++ = ':';
  to = put_pair(to, c.minute);
  *to++ = ':';
  to = put_pair(to, c.second);
  *to++ = '.';
  to = put_digits(to, c.fraction, 7);
  *to++ = 'Z';
  out.took(static_cast<std::size_t>(to - start));
}

void append_filetime(TextBuffer& out, std::uint64_t ticks) {
  constexpr std::uint64_t last = 0x7FFF'35F4'F06C'58F0ULL;  // 30828-09-14, where Windows' own conversion ends
  if (ticks > last) return append_hex_number(out, ticks);
  append_civil(out, to_civil(static_cast<Ticks>(ticks)));
}

CivilTime civil_of_systemtime(const std::uint8_t* at) {
  CivilTime c;
  c.year = load<std::uint16_t>(at);
  c.month = load<std::uint16_t>(at + 2);  // the day of the week stands between month and day
  c.day = load<std::uint16_t>(at + 6);
  c.hour = load<std::uint16_t>(at + 8);
  c.minute = load<std::uint16_t>(at + 10);
  c.second = load<std::uint16_t>(at + 12);
  c.fraction = load<std::uint16_t>(at + 14) * 10'000u;
  return c;
}

void append_systemtime(TextBuffer& out, ByteView bytes) {
  const CivilTime c = civil_of_systemtime(bytes.data());
  const bool fits =
      c.month < 100 && c.day < 100 && c.hour < 100 && c.minute < 100 && c.second < 100 && c.fraction < 10'000'000;
  if (!fits) return append_hex_bytes(out, bytes);
  append_civil(out, c);
}

void append_sid(TextBuffer& out, ByteView bytes) {
  if (bytes.size() < 8) return append_hex_bytes(out, bytes);
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | bytes[i];
  out.append("S-");
  append_integer(out, static_cast<unsigned>(bytes[0]));
  out.push('-');
  if (authority > 0xFFFF'FFFF) {
    append_hex_number(out, authority);
  } else {
    append_integer(out, authority);
  }
  // A cut record can hold fewer sub-authorities than the count says.
  const std::size_t held = (bytes.size() - 8) / 4;
  const std::size_t count = bytes[1] < held ? bytes[1] : held;
  for (std::size_t i = 0; i < count; ++i) {
    out.push('-');
    append_integer(out, load<std::uint32_t>(bytes.data() + 8 + 4 * i));
  }
}

// Bytes of one value of a type; 0 where the type has no fixed size.
constexpr std::uint8_t width_of(ValueType type) {
  switch (type) {
    case ValueType::int8:
    case ValueType::uint8:
      return 1;
    case ValueType::int16:
    case ValueType::uint16:
      return 2;
    case ValueType::int32:
    case ValueType::uint32:
    case ValueType::real32:
    case ValueType::boolean:
    case ValueType::hex32:
      return 4;
    case ValueType::int64:
    case ValueType::uint64:
    case ValueType::real64:
    case ValueType::filetime:
    case ValueType::hex64:
      return 8;
    case ValueType::guid:
    case ValueType::systemtime:
      return 16;
    default:
      return 0;
  }
}

std::uint64_t load_sized(const Value& v) {
  return v.size == 4 ? load<std::uint32_t>(v.data) : load<std::uint64_t>(v.data);
}

void append_boolean(TextBuffer& out, std::uint32_t value) {
  out.append(value != 0 ? "true" : "false");
}

}  // namespace

void append_guid(TextBuffer& out, const std::uint8_t* guid) {
  static constexpr std::uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  char* to = out.room(38);
  *to++ = '{';
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
    const std::uint8_t b = guid[order[i]];
    *to++ = digits_lower[b >> 4];
    *to++ = digits_lower[b & 15];
  }
  *to = '}';
  out.took(38);
}

void append_value(TextBuffer& out, const Value& v, Escape escape) {
  if (v.size == 0) return;
  const auto type = static_cast<ValueType>(v.type);
  const std::uint8_t width = width_of(type);
  if (width != 0 && v.size != width) return append_hex_bytes(out, v.bytes());
  switch (type) {
    case ValueType::null:
    case ValueType::binxml:
      return;
    case ValueType::string:
      return append_utf16(out, without_trailing_nuls(v.bytes()), escape);
    case ValueType::ansi: {
      ByteView text = v.bytes();
      while (!text.empty() && text.back() == 0) text = text.first(text.size() - 1);
      return append_ansi(out, text, escape);
    }
    case ValueType::int8:
      return append_integer(out, static_cast<int>(load<std::int8_t>(v.data)));
    case ValueType::uint8:
      return append_integer(out, static_cast<unsigned>(*v.data));
    case ValueType::int16:
      return append_integer(out, load<std::int16_t>(v.data));
    case ValueType::uint16:
      return append_integer(out, load<std::uint16_t>(v.data));
    case ValueType::int32:
      return append_integer(out, load<std::int32_t>(v.data));
    case ValueType::uint32:
      return append_integer(out, load<std::uint32_t>(v.data));
    case ValueType::int64:
      return append_integer(out, load<std::int64_t>(v.data));
    case ValueType::uint64:
      return append_integer(out, load<std::uint64_t>(v.data));
    case ValueType::real32:
      return append_real(out, load<float>(v.data));
    case ValueType::real64:
      return append_real(out, load<double>(v.data));
    case ValueType::boolean:
      return append_boolean(out, load<std::uint32_t>(v.data));
    case ValueType::guid:
      return append_guid(out, v.data);
    case ValueType::size:
      if (v.size != 4 && v.size != 8) return append_hex_bytes(out, v.bytes());
      return append_hex_number(out, load_sized(v));
    case ValueType::filetime:
      return append_filetime(out, load<std::uint64_t>(v.data));
    case ValueType::systemtime:
      return append_systemtime(out, v.bytes());
    case ValueType::sid:
      return append_sid(out, v.bytes());
    case ValueType::hex32:
      return append_hex_number(out, load<std::uint32_t>(v.data));
    case ValueType::hex64:
      return append_hex_number(out, load<std::uint64_t>(v.data));
    default:
      return append_hex_bytes(out, v.bytes());
  }
}

std::optional<Ticks> as_time(const Value& v) {
  if (v.is(ValueType::filetime) && v.size == 8) {
    const auto ticks = load<std::uint64_t>(v.data);
    if (ticks != 0 && ticks <= 0x7FFF'35F4'F06C'58F0ULL) return static_cast<Ticks>(ticks);
  }
  if (v.is(ValueType::systemtime) && v.size == 16) {
    const Ticks ticks = to_ticks(civil_of_systemtime(v.data));
    if (ticks != no_time) return ticks;
  }
  return std::nullopt;
}

ArrayItems::ArrayItems(const Value& array)
    : at_(array.data),
      left_(array.size),
      type_(static_cast<std::uint8_t>(array.type & ~array_bit)),
      width_(width_of(static_cast<ValueType>(type_))) {
  // Nothing says whether the items have 4 or 8 bytes; a size that is no multiple of 8 can only hold the former.
  if (type_ == static_cast<std::uint8_t>(ValueType::size)) width_ = array.size % 8 == 0 ? 8 : 4;
}

std::uint16_t ArrayItems::next_size() const {
  switch (static_cast<ValueType>(type_)) {
    case ValueType::string: {
      std::uint16_t n = 0;
      while (n + 1 < left_ && load<std::uint16_t>(at_ + n) != 0) n = static_cast<std::uint16_t>(n + 2);
      return n;
    }
    case ValueType::ansi: {
      const void* nul = std::memchr(at_, 0, left_);
      return nul == nullptr ? left_ : static_cast<std::uint16_t>(static_cast<const std::uint8_t*>(nul) - at_);
    }
    case ValueType::sid: {
      if (left_ < 8) return left_;
      const unsigned size = 8u + 4u * at_[1];
      return size < left_ ? static_cast<std::uint16_t>(size) : left_;
    }
    default:
      return width_ != 0 ? width_ : left_;
  }
}

bool ArrayItems::next(Value& item) {
  if (left_ == 0 || left_ < width_) return false;
  const bool text = type_ == static_cast<std::uint8_t>(ValueType::string);
  const bool ansi = type_ == static_cast<std::uint8_t>(ValueType::ansi);
  if (text && left_ < 2) return false;
  const std::uint16_t size = next_size();
  item.data = at_;
  item.size = size;
  item.type = type_;
  const auto taken = static_cast<std::uint16_t>(size + (text ? 2 : ansi ? 1 : 0));
  const std::uint16_t step = taken < left_ ? taken : left_;
  at_ += step;
  left_ = static_cast<std::uint16_t>(left_ - step);
  return true;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace synclens::evtx
