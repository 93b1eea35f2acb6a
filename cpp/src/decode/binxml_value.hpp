// The values of a template instance: what they hold and how Windows writes them as text.
#pragma once

#include <cstdint>
#include <optional>

#include "decode/binxml_cursor.hpp"
#include "decode/utf16.hpp"
#include "synclens/time.hpp"

namespace synclens::evtx {

enum class ValueType : std::uint8_t {
  null = 0x00,
  string = 0x01,
  ansi = 0x02,
  int8 = 0x03,
  uint8 = 0x04,
  int16 = 0x05,
  uint16 = 0x06,
  int32 = 0x07,
  uint32 = 0x08,
  int64 = 0x09,
  uint64 = 0x0a,
  real32 = 0x0b,
  real64 = 0x0c,
  boolean = 0x0d,
  binary = 0x0e,
  guid = 0x0f,
  size = 0x10,
  filetime = 0x11,
  systemtime = 0x12,
  sid = 0x13,
  hex32 = 0x14,
  hex64 = 0x15,
  handle = 0x20,
  binxml = 0x21,
  event_xml = 0x23,
};
inline constexpr std::uint8_t array_bit = 0x80;

// Types of our own, for values that stand for a slot while a script is made (text_script.hpp). No value of a log has
// one.
enum class Mark : std::uint8_t { bare = 0x7c, fragment = 0x7d, text = 0x7e };
inline constexpr std::uint8_t first_mark = 0x7c;

// One value. Borrows the bytes of the chunk.
struct Value {
  const std::uint8_t* data = nullptr;
  std::uint16_t size = 0;
  std::uint8_t type = 0;  // a ValueType, with array_bit for an array

  [[nodiscard]] bool is_null() const { return type == 0; }
  [[nodiscard]] bool is_array() const { return (type & array_bit) != 0; }
  [[nodiscard]] bool is(ValueType t) const { return type == static_cast<std::uint8_t>(t); }
  [[nodiscard]] bool is_mark() const { return (type & ~array_bit) >= first_mark; }
  [[nodiscard]] ByteView bytes() const { return {data, size}; }
};

// The text of a scalar value is written with value_writer.hpp, or appended here. NULL, a value of size 0 and BinXml
// give nothing; a value whose size does not fit its type is written as the hex of its bytes, so that nothing is lost or
// made up.
void append_value(TextBuffer& out, const Value& value, Escape escape);

// The value as a number, where it is an integer, a boolean or a hex integer of the right size.
[[nodiscard]] inline std::optional<std::uint64_t> as_number(const Value& v) {
  // Bytes that a number of each type has; `size` has 4 or 8.
  static constexpr std::uint8_t widths[0x18] = {0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 0, 0, 4, 0, 0, 8, 0, 0, 0, 4, 8, 0, 0};
  if (v.type >= sizeof widths || widths[v.type] == 0) return std::nullopt;
  if (v.size != widths[v.type] && !(v.is(ValueType::size) && v.size == 4)) return std::nullopt;
  switch (v.size) {
    case 1:
      return *v.data;
    case 2:
      return load<std::uint16_t>(v.data);
    case 4:
      return load<std::uint32_t>(v.data);
    default:
      return load<std::uint64_t>(v.data);
  }
}

// 30828-09-14, where Windows' own conversion of a FILETIME ends.
inline constexpr std::uint64_t last_filetime = 0x7FFF'35F4'F06C'58F0ULL;

// SYSTEMTIME as a time; nothing for others and for dates that do not exist.
[[nodiscard]] std::optional<Ticks> as_systemtime(const Value& value);

// FILETIME and SYSTEMTIME as a time; nothing for others and for dates that do not exist.
[[nodiscard]] inline std::optional<Ticks> as_time(const Value& value) {
  if (!value.is(ValueType::filetime) || value.size != 8) return as_systemtime(value);
  const auto ticks = load<std::uint64_t>(value.data);
  if (ticks == 0 || ticks > last_filetime) return std::nullopt;
  return static_cast<Ticks>(ticks);
}

// The items of an array, one by one, as scalar values. An array of size 0 has none. A type that has no items of its
// own (binary) is one item. Bytes behind the last whole item are left out.
class ArrayItems {
 public:
  explicit ArrayItems(const Value& array);
  [[nodiscard]] bool next(Value& item);

 private:
  std::uint16_t next_size() const;
  const std::uint8_t* at_;
  std::uint16_t left_;
  std::uint8_t type_;
  std::uint8_t width_;  // 0: each item tells
};

// Bytes of one value of a type; 0 where the type has no fixed size.
[[nodiscard]] constexpr std::uint8_t width_of(ValueType type) {
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

[[nodiscard]] CivilTime civil_of_systemtime(const std::uint8_t* at);

// The value of "0x1f" or "31"; nothing for other texts.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace synclens::evtx
