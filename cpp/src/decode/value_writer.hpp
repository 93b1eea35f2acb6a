// Values as text, written through a bare pointer into room that was made before: nothing in here looks for space.
#pragma once

#include <array>

#include "decode/binxml_value.hpp"
#include "decode/utf16_blocks.hpp"
#include "decode/value_digits.hpp"

namespace synclens::evtx {

// The room that one value of so many bytes needs, with what may be written behind it.
[[nodiscard]] constexpr std::size_t widest_of_value(std::size_t bytes) {
  return bytes * widest_of_unit + 48 + written_behind;
}

// What neighbouring records have in common: the day, and the accounts that act.
class ValueMemo {
 public:
  // "2026-03-10T", 11 characters.
  char* put_day(char* to, std::uint64_t ticks) {
    const std::uint64_t day = ticks / ticks_of_day;
    if (day != day_) remember_day(day);
    std::memcpy(to, day_text_, sizeof day_text_);
    return to + 11;
  }
  // A SID of an account in a domain, of 28 bytes.
  char* put_account(char* to, const std::uint8_t* sid) {
    Account& a = accounts_[(load<std::uint32_t>(sid + 24) ^ sid[20]) % accounts_.size()];
    const bool same = load<std::uint64_t>(sid) == a.words[0] && load<std::uint64_t>(sid + 8) == a.words[1] &&
                      load<std::uint64_t>(sid + 16) == a.words[2] && load<std::uint32_t>(sid + 24) == a.last;
    if (!same || a.size == 0) remember_account(a, sid);
    std::memcpy(to, a.text, sizeof a.text);
    return to + a.size;
  }

  // A SID with one sub-authority, of 12 bytes: an account that every machine has.
  char* put_common(char* to, const std::uint8_t* sid) {
    Common& c = commons_[sid[8] % commons_.size()];
    const bool same = load<std::uint64_t>(sid) == c.first && load<std::uint32_t>(sid + 8) == c.last;
    if (!same || c.size == 0) remember_common(c, sid);
    std::memcpy(to, c.text, sizeof c.text);
    return to + c.size;
  }

  static constexpr std::uint64_t ticks_of_day = 864'000'000'000;
  static constexpr std::size_t account_bytes = 28, common_bytes = 12;

 private:
  struct Account {
    std::uint64_t words[3] = {};
    std::uint32_t last = 0;
    std::uint32_t size = 0;
    char text[80] = {};
  };
  struct Common {
    std::uint64_t first = 0;
    std::uint32_t last = 0;
    std::uint32_t size = 0;
    char text[32] = {};  // the longest is S-255-0xffffffffffff-4294967295
  };
  void remember_day(std::uint64_t day);
  static void remember_common(Common& common, const std::uint8_t* sid);
  static void remember_account(Account& account, const std::uint8_t* sid);

  std::uint64_t day_ = ~std::uint64_t{0};
  char day_text_[16] = {};
  std::array<Account, 16> accounts_;
  std::array<Common, 8> commons_;
};

// The rarer types, and those whose text is long.
[[nodiscard]] char* put_filetime_plainly(char* to, std::uint64_t ticks);
[[nodiscard]] char* put_sid_plainly(char* to, const std::uint8_t* sid, std::size_t bytes);
[[nodiscard]] char* put_rare_value(char* to, const Value& value);
[[nodiscard]] char* put_mark(char* to, const Value& value, Escape escape);  // text_script.hpp

[[nodiscard]] inline char* put_filetime(char* to, std::uint64_t ticks, ValueMemo* memo) {
  if (memo == nullptr || ticks > last_filetime) return put_filetime_plainly(to, ticks);
  const std::uint64_t of_day = ticks % ValueMemo::ticks_of_day;
  to = memo->put_day(to, ticks);
  if (to[-1] != 'T') return put_filetime_plainly(to - 11, ticks);  // a year of five digits
  const auto seconds = static_cast<std::uint32_t>(of_day / 10'000'000);
  const auto fraction = static_cast<std::uint32_t>(of_day % 10'000'000);
  put_pair(to, seconds / 3600);
  to[2] = ':';
  put_pair(to + 3, seconds / 60 % 60);
  to[5] = ':';
  put_pair(to + 6, seconds % 60);
  to[8] = '.';
  put_pair(to + 9, fraction / 100'000);
  put_pair(to + 11, fraction / 1000 % 100);
  put_pair(to + 13, fraction / 10 % 100);
  to[15] = static_cast<char>('0' + fraction % 10);
  to[16] = 'Z';
  return to + 17;
}

[[nodiscard]] inline char* put_sid(char* to, const std::uint8_t* sid, std::size_t bytes, ValueMemo* memo) {
  if (memo != nullptr && bytes == ValueMemo::account_bytes) return memo->put_account(to, sid);
  if (memo != nullptr && bytes == ValueMemo::common_bytes) return memo->put_common(to, sid);
  return put_sid_plainly(to, sid, bytes);
}

// `memo` may be null. Needs widest_of_value() of room.
template <Escape escape>
[[nodiscard]] inline char* put_value(char* to, const Value& v, ValueMemo* memo) {
  if (v.size == 0) return to;
  const auto type = static_cast<ValueType>(v.type);
  if (type == ValueType::string) {
    return put_utf16<escape>(to, v.data, units_without_nuls(v.data, v.size));
  }
  if (const std::uint8_t width = width_of(type); width != 0 && v.size != width) {
    return put_hex_bytes<true>(to, v.data, v.size);
  }
  switch (type) {
    case ValueType::null:
    case ValueType::binxml:
      return to;
    case ValueType::ansi: {
      std::size_t size = v.size;
      while (size != 0 && v.data[size - 1] == 0) --size;
      return put_ansi<escape>(to, v.data, size);
    }
    case ValueType::uint8:
      return put_unsigned(to, *v.data);
    case ValueType::uint16:
      return put_unsigned(to, load<std::uint16_t>(v.data));
    case ValueType::uint32:
      return put_unsigned(to, load<std::uint32_t>(v.data));
    case ValueType::uint64:
      return put_unsigned(to, load<std::uint64_t>(v.data));
    case ValueType::int32:
      return put_signed(to, load<std::int32_t>(v.data));
    case ValueType::int64:
      return put_signed(to, load<std::int64_t>(v.data));
    case ValueType::guid:
      return put_guid(to, v.data);
    case ValueType::filetime:
      return put_filetime(to, load<std::uint64_t>(v.data), memo);
    case ValueType::sid:
      return put_sid(to, v.data, v.size, memo);
    case ValueType::hex32:
      return put_hex_number(to, load<std::uint32_t>(v.data));
    case ValueType::hex64:
      return put_hex_number(to, load<std::uint64_t>(v.data));
    default:
      return v.is_mark() ? put_mark(to, v, escape) : put_rare_value(to, v);
  }
}

}  // namespace synclens::evtx
