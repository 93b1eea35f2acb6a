#include "correlate/powershell_quote.hpp"

#include <array>

namespace synclens::correlate {

std::optional<std::string> powershell_quoted(std::string_view text) {
  constexpr std::array<std::string_view, 5> quotes{"'", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A", "\xE2\x80\x9B"};
  constexpr std::array<std::string_view, 15> invisible{"\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB",
                                                       "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
                                                       "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE2\x80\x8E",
                                                       "\xE2\x80\x8F", "\xD8\x9C",     "\xC2\x85"};
  std::string quoted = "'";
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f) return std::nullopt;
    for (const std::string_view mark : invisible) {
      if (rest.starts_with(mark)) return std::nullopt;
    }
    std::string_view taken = rest.substr(0, 1);
    for (const std::string_view quote : quotes) {
      if (!rest.starts_with(quote)) continue;
      taken = quote;
      quoted += quote;
    }
    quoted += taken;
    i += taken.size();
  }
  return quoted + "'";
}

}  // namespace synclens::correlate
