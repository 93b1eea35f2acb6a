// Names as people and programs write them, in a form that can be compared.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace synclens {

// The language that a header, a label or a level word belongs to; `neutral` is English and what English shares.
enum class Language : std::uint8_t { neutral, de, fr, nl, sv, ja, pt, zh, es, it };

// Do servers of this language write the day before the month? (Swedish, Japanese and Chinese begin with the year.)
[[nodiscard]] constexpr bool writes_day_first(Language language) {
  return language == Language::de || language == Language::fr || language == Language::nl || language == Language::pt ||
         language == Language::es || language == Language::it;
}

// One code point of UTF-8, removed from the front of `text`; a byte that is none comes back as U+FFFD.
[[nodiscard]] char32_t take_code_point(std::string_view& text);

// Lower case, without accents, white space, punctuation and invisible marks: "Ereignis-ID " is "ereignisid".
// What an ASCII export made of other letters ('?' and U+FFFD) is left out as well.
[[nodiscard]] std::string fold_name(std::string_view text);

// The same with every letter beyond ASCII left out: the form that "Informaci?n" has.
[[nodiscard]] std::string fold_name_ascii(std::string_view text);

// Without white space of any kind (no-break, ideographic) and invisible marks (U+200E, U+FEFF) and NULs at its ends.
[[nodiscard]] std::string_view trim_marks(std::string_view text);

}  // namespace synclens
