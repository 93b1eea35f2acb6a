#include "decode/binxml_value.hpp"

#include <bit>
#include <charconv>
#include <string_view>

#include "decode/value_writer.hpp"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace synclens::evtx {

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

void append_value(TextBuffer& out, const Value& v, Escape escape) {
  char* const to = out.room(widest_of_value(v.size));
  switch (escape) {
    case Escape::plain:
      return out.end_at(put_value<Escape::plain>(to, v, nullptr));
    case Escape::xml_text:
      return out.end_at(put_value<Escape::xml_text>(to, v, nullptr));
    case Escape::xml_attribute:
      return out.end_at(put_value<Escape::xml_attribute>(to, v, nullptr));
    case Escape::json:
      return out.end_at(put_value<Escape::json>(to, v, nullptr));
  }
}

std::optional<Ticks> as_systemtime(const Value& v) {
  if (!v.is(ValueType::systemtime) || v.size != 16) return std::nullopt;
  const Ticks ticks = to_ticks(civil_of_systemtime(v.data));
  return ticks == no_time ? std::nullopt : std::optional(ticks);
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
#if defined(__x86_64__)
      const auto nuls_at = [this](std::size_t from) {
        return _mm_cmpeq_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at_ + from)), _mm_setzero_si128());
      };
      for (; n + 64 <= left_; n = static_cast<std::uint16_t>(n + 64)) {  // most texts are long
        const __m128i first = _mm_or_si128(nuls_at(n), nuls_at(n + 16u));
        const __m128i second = _mm_or_si128(nuls_at(n + 32u), nuls_at(n + 48u));
        if (_mm_movemask_epi8(_mm_or_si128(first, second)) != 0) break;
      }
      for (; n + 16 <= left_; n = static_cast<std::uint16_t>(n + 16)) {
        const int nuls = _mm_movemask_epi8(nuls_at(n));
        if (nuls != 0) return static_cast<std::uint16_t>(n + std::countr_zero(static_cast<unsigned>(nuls)));
      }
#endif
      // Four units at a time, as long as none of them is NUL.
      constexpr std::uint64_t ones = 0x0001'0001'0001'0001, highs = 0x8000'8000'8000'8000;
      while (n + 8 <= left_) {
        const auto four = load<std::uint64_t>(at_ + n);
        if (((four - ones) & ~four & highs) != 0) break;
        n = static_cast<std::uint16_t>(n + 8);
      }
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
