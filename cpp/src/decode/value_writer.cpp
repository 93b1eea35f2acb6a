#include "decode/value_writer.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

namespace synclens::evtx {
namespace {

char* put_text(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

template <typename T>
char* put_real(char* to, T value) {
  // The forms of the C library that Windows' renderer uses.
  if (std::isnan(value)) return put_text(to, std::signbit(value) ? "-1.#IND" : "1.#QNAN");
  if (std::isinf(value)) return put_text(to, value < 0 ? "-1.#INF" : "1.#INF");
  return std::to_chars(to, to + 40, value).ptr;
}

char* put_civil(char* to, const CivilTime& c) {
  auto year = static_cast<std::uint32_t>(c.year);
  if (year > 9999) {
    *to++ = static_cast<char>('0' + year / 10'000);
    year %= 10'000;
  }
  to = put_pair(put_pair(to, year / 100), year % 100);
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
  to = put_pair(put_pair(put_pair(to, c.fraction / 100'000), c.fraction / 1000 % 100), c.fraction / 10 % 100);
  *to++ = static_cast<char>('0' + c.fraction % 10);
  *to++ = 'Z';
  return to;
}

char* put_systemtime(char* to, const std::uint8_t* at) {
  const CivilTime c = civil_of_systemtime(at);
  const bool fits =
      c.month < 100 && c.day < 100 && c.hour < 100 && c.minute < 100 && c.second < 100 && c.fraction < 10'000'000;
  return fits ? put_civil(to, c) : put_hex_bytes<true>(to, at, 16);
}

}  // namespace

void ValueMemo::remember_day(std::uint64_t day) {
  char text[64];
  (void)put_civil(text, to_civil(static_cast<Ticks>(day * ticks_of_day)));
  std::memcpy(day_text_, text, sizeof day_text_);
  day_ = day;
}

void ValueMemo::remember_account(Account& account, const std::uint8_t* sid) {
  for (std::size_t i = 0; i < 3; ++i) account.words[i] = load<std::uint64_t>(sid + 8 * i);
  account.last = load<std::uint32_t>(sid + 24);
  char text[widest_of_value(account_bytes)];
  const char* const end = put_sid_plainly(text, sid, account_bytes);
  account.size = static_cast<std::uint32_t>(end - text);
  std::memcpy(account.text, text, account.size);
}

void ValueMemo::remember_common(Common& common, const std::uint8_t* sid) {
  common.first = load<std::uint64_t>(sid);
  common.last = load<std::uint32_t>(sid + 8);
  char text[widest_of_value(common_bytes)];
  const char* const end = put_sid_plainly(text, sid, common_bytes);
  common.size = static_cast<std::uint32_t>(end - text);
  std::memcpy(common.text, text, common.size);
}

char* put_filetime_plainly(char* to, std::uint64_t ticks) {
  if (ticks > last_filetime) return put_hex_number(to, ticks);
  return put_civil(to, to_civil(static_cast<Ticks>(ticks)));
}

char* put_sid_plainly(char* to, const std::uint8_t* sid, std::size_t bytes) {
  if (bytes < 8) return put_hex_bytes<true>(to, sid, bytes);
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | sid[i];
  to = put_unsigned(put_text(to, "S-"), sid[0]);
  *to++ = '-';
  to = authority > 0xFFFF'FFFF ? put_hex_number(to, authority) : put_unsigned(to, authority);
  // A cut record can hold fewer sub-authorities than the count says.
  const std::size_t held = (bytes - 8) / 4;
  const std::size_t count = sid[1] < held ? sid[1] : held;
  for (std::size_t i = 0; i < count; ++i) {
    *to++ = '-';
    to = put_unsigned(to, load<std::uint32_t>(sid + 8 + 4 * i));
  }
  return to;
}

// The size fits the type.
char* put_rare_value(char* to, const Value& v) {
  switch (static_cast<ValueType>(v.type)) {
    case ValueType::int8:
      return put_signed(to, load<std::int8_t>(v.data));
    case ValueType::int16:
      return put_signed(to, load<std::int16_t>(v.data));
    case ValueType::real32:
      return put_real(to, load<float>(v.data));
    case ValueType::real64:
      return put_real(to, load<double>(v.data));
    case ValueType::boolean:
      return put_text(to, load<std::uint32_t>(v.data) != 0 ? "true" : "false");
    case ValueType::size:
      if (v.size == 4) return put_hex_number(to, load<std::uint32_t>(v.data));
      if (v.size == 8) return put_hex_number(to, load<std::uint64_t>(v.data));
      break;
    case ValueType::systemtime:
      return put_systemtime(to, v.data);
    default:
      break;
  }
  return put_hex_bytes<true>(to, v.data, v.size);
}

}  // namespace synclens::evtx
