#include "decode/culture_date.hpp"

#include <array>
#include <string>

#include "decode/name_fold.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t longest_date = 96;

enum class Half : std::uint8_t { none, am, pm };

struct HalfWord {
  std::string_view word;
  Half half;
};

constexpr HalfWord half_words[] = {
    {"上午", Half::am}, {"下午", Half::pm}, {"午前", Half::am}, {"午後", Half::pm}, {"午后", Half::pm},
};

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

// Plain ASCII in small letters: marks gone, odd spaces made plain, CJK units made separators, halves of the day noted.
std::optional<std::string> plain(std::string_view text, Half& half) {
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const HalfWord& candidate : half_words) {
      if (!text.starts_with(candidate.word)) continue;
      half = candidate.half;
      text.remove_prefix(candidate.word.size());
      out.push_back(' ');
      found = true;
    }
    if (found) continue;
    const char32_t c = take_code_point(text);
    if (c >= 0x20 && c < 0x7F) {
      out.push_back(to_lower(static_cast<char>(c)));
    } else if (c == U'年' || c == U'月') {
      out.push_back('/');
    } else if (c == U'时' || c == U'時' || c == U'分') {
      out.push_back(':');
    } else if (c == U'日' || c == U'秒' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
               c == 0x3000) {
      out.push_back(' ');
    } else if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
               c == 0xFEFF || c == 0) {
      continue;
    } else {
      return std::nullopt;
    }
  }
  return std::string(trim(out));
}

class Reader {
 public:
  Reader(std::string_view text, Half half) : text_(text), half_(half) {}

  std::optional<WrittenDate> read() {
    while (!text_.empty()) {
      if (!step()) return std::nullopt;
    }
    return result();
  }

 private:
  struct Number {
    std::uint32_t value = 0;
    std::size_t digits = 0;
  };

  static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

  bool step() {
    const char c = text_.front();
    if (is_digit(c)) return date_count_ < needed() ? date_number() : !timed_ && time();
    if (is_letter(c)) return word();
    if (timed_ && (c == '+' || c == '-')) return offset();
    if (c != ' ' && c != ',') return false;
    text_.remove_prefix(1);
    return true;
  }

  std::size_t needed() const { return month_word_ != 0 ? 2 : 3; }

  Number number() {
    Number n;
    while (!text_.empty() && is_digit(text_.front()) && n.digits < 9) {
      n.value = n.value * 10 + static_cast<std::uint32_t>(text_.front() - '0');
      ++n.digits;
      text_.remove_prefix(1);
    }
    return n;
  }

  bool date_number() {
    // "14:00:00 10/03/2026" and "Mar 10 14:00:00 2026": the time stands first or in the middle
    std::size_t end = 0;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end < text_.size() && text_[end] == ':' && !timed_) return time();
    date_[date_count_++] = number();
    if (text_.empty()) return true;
    const char c = text_.front();
    if (date_count_ < needed() && (c == '/' || c == '.' || c == '-')) {
      if (separator_ == 0) separator_ = c;
      text_.remove_prefix(1);
      if (text_.size() > 1 && text_.front() == ' ') text_.remove_prefix(1);  // "10. 3. 2026"
      return !text_.empty();
    }
    if (c == '.' || c == '/') text_.remove_prefix(1);
    if (date_count_ == needed() && !text_.empty() && text_.front() == 't') text_.remove_prefix(1);
    return true;
  }

  bool time() {
    const Number hour = number();
    if (text_.empty() || (text_.front() != ':' && text_.front() != '.')) return false;
    const char separator = text_.front();
    text_.remove_prefix(1);
    const Number minute = number();
    Number second;
    if (!text_.empty() && text_.front() == separator) {
      text_.remove_prefix(1);
      second = number();
      if (second.digits == 0 && separator != ':') return false;  // 14时00分 ends in a separator
    }
    if (hour.digits == 0 || hour.digits > 2 || minute.digits != 2 || second.digits > 2) return false;
    if (separator == ':' && text_.size() > 1 && (text_.front() == '.' || text_.front() == ',') && is_digit(text_[1])) {
      fraction();
    }
    clock_.hour = hour.value;
    clock_.minute = minute.value;
    clock_.second = second.value;
    timed_ = true;
    return true;
  }

  void fraction() {
    text_.remove_prefix(1);
    std::uint32_t scale = 1'000'000;
    while (!text_.empty() && is_digit(text_.front())) {
      clock_.fraction += static_cast<std::uint32_t>(text_.front() - '0') * scale;
      scale /= 10;
      text_.remove_prefix(1);
    }
  }

  bool offset() {
    const bool west = text_.front() == '-';
    text_.remove_prefix(1);
    const Number hours = number();
    Number minutes;
    if (!text_.empty() && text_.front() == ':') {
      text_.remove_prefix(1);
      minutes = number();
    }
    if (hours.digits == 0 || hours.digits > 2 || hours.value > 18 || minutes.value > 59 || zoned_) return false;
    offset_ = (static_cast<Ticks>(hours.value) * 60 + static_cast<Ticks>(minutes.value)) * ticks_per_minute;
    if (west) offset_ = -offset_;
    zoned_ = true;
    return true;
  }

  bool word() {
    std::size_t end = 0;
    std::string letters;
    while (end < text_.size() && (is_letter(text_[end]) || text_[end] == '.')) {
      if (text_[end] != '.') letters.push_back(text_[end]);
      ++end;
    }
    text_.remove_prefix(end);
    if (letters == "am" || letters == "pm") {
      if (half_ != Half::none) return false;
      half_ = letters == "am" ? Half::am : Half::pm;
      latin_half_ = true;
      return true;
    }
    if (letters == "z" || letters == "utc" || letters == "gmt") {
      if (zoned_) return false;
      zoned_ = true;
      return true;
    }
    if (letters.size() < 3) return false;
    const std::string_view begin = std::string_view(letters).substr(0, 3);
    for (std::size_t i = 0; i < months.size(); ++i) {
      if (begin != months[i]) continue;
      if (month_word_ != 0 || date_count_ > 1) return false;
      month_word_ = static_cast<std::uint32_t>(i) + 1;
      if (!text_.empty() && (text_.front() == '-' || text_.front() == '/')) text_.remove_prefix(1);
      return true;
    }
    for (const std::string_view day : weekdays) {
      if (begin == day) return true;
    }
    return false;
  }

  std::optional<WrittenDate> result() {
    if (date_count_ != needed()) return std::nullopt;
    if (half_ != Half::none && timed_ && clock_.hour <= 12) {
      clock_.hour = clock_.hour % 12 + (half_ == Half::pm ? 12 : 0);
    }
    WrittenDate out;
    out.zoned = zoned_;
    out.twelve_hours = latin_half_;
    if (month_word_ != 0) {
      out.month_first = out.day_first = at(date_[1], month_word_, date_[0].value);
    } else if (date_[0].digits == 4) {
      out.month_first = out.day_first = at(date_[0], date_[1].value, date_[2].value);
    } else {
      out.month_first = at(date_[2], date_[0].value, date_[1].value);
      out.day_first = at(date_[2], date_[1].value, date_[0].value);
      if (separator_ == '.' || separator_ == '-') out.separators_say = DateOrder::day_first;
    }
    if (out.month_first == no_time && out.day_first == no_time) return std::nullopt;
    return out;
  }

  Ticks at(const Number& year, std::uint32_t month, std::uint32_t day) const {
    if (year.digits != 4 && year.digits != 2) return no_time;
    CivilTime civil = clock_;
    civil.year = static_cast<std::int32_t>(year.digits == 2 ? 2000 + year.value : year.value);
    civil.month = month;
    civil.day = day;
    const Ticks ticks = to_ticks(civil);
    return ticks == no_time ? no_time : ticks - offset_;
  }

  std::string_view text_;
  Half half_;
  std::array<Number, 3> date_{};
  std::size_t date_count_ = 0;
  std::uint32_t month_word_ = 0;
  char separator_ = 0;
  CivilTime clock_{};
  Ticks offset_ = 0;
  bool timed_ = false, zoned_ = false, latin_half_ = false;
};

}  // namespace

std::optional<WrittenDate> parse_written_date(std::string_view text) {
  if (text.size() > longest_date) return std::nullopt;
  Half half = Half::none;
  const std::optional<std::string> cleaned = plain(text, half);
  if (!cleaned || cleaned->empty()) return std::nullopt;
  return Reader(*cleaned, half).read();
}

}  // namespace synclens
