// Build numbers and times, wherever a text names them.
#include <re2/re2.h>

#include "record/ascii.hpp"
#include "settings_state.hpp"

namespace synclens::settings {
namespace {

re2::RE2::Options quiet() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  return options;
}

}  // namespace

void put_builds(State& state, std::string_view text, std::uint64_t line) {
  // A program's name before it, or the bare word Version; 1 and 2 are the only generations there were, 3 may come.
  static const re2::RE2 named(
      R"((?:Azure AD Sync|Azure AD Connect|Azure Active Directory Connect|Entra Connect|Entra ID Connect)[a-z ]{0,20}[\s:=v]*\b([1-3]\.\d{1,3}\.\d{1,5}\.\d{1,5})\b)",
      quiet());
  static const re2::RE2 labelled(
      R"((?:ServerConfigurationVersion|^\s*(?:Product|Build)?\s*Version)\s*[:=]\s*([1-3]\.\d{1,3}\.\d{1,5}\.\d{1,5})\s*$)",
      quiet());
  if (text.size() > 4096 || text.find('.') == std::string_view::npos) return;
  re2::StringPiece version;
  const re2::StringPiece piece(text.data(), text.size());
  if (re2::RE2::PartialMatch(piece, named, &version) || re2::RE2::PartialMatch(piece, labelled, &version)) {
    state.writer.build({version.data(), version.size()}, line);
  }
}

Ticks parse_culture_time(std::string_view text) {
  text = trim(text);
  if (text.size() < 8 || text.size() > 64) return no_time;
  if (const auto iso = parse_iso(text)) return iso->ticks;
  static const re2::RE2 numbers(
      R"((\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})[ ,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,7}))?)?(?:\s*([AP])\.?M\.?)?(?:\s*(?:UTC|GMT|Z))?)",
      quiet());
  int a = 0, b = 0, c = 0, hour = 0, minute = 0;
  std::string separator, second, fraction, half;
  if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), numbers, &a, &separator, &b, &c, &hour, &minute,
                           &second, &fraction, &half)) {
    return no_time;
  }
  int year = c, month = a, day = b;
  if (a > 31) {
    year = a, month = b, day = c;
  } else if (separator != "/" || a > 12) {
    month = b, day = a;
  } else if (half.empty() && b <= 12 && a != b) {
    return no_time;  // 03/04/2026 14:00: nothing says which is the month
  }
  if (year < 100) year += 2000;
  if (!half.empty()) {
    if (hour < 1 || hour > 12) return no_time;
    hour = hour % 12 + (to_lower(half.front()) == 'p' ? 12 : 0);
  }
  fraction.resize(7, '0');
  CivilTime civil;
  civil.year = year;
  civil.month = static_cast<std::uint32_t>(month);
  civil.day = static_cast<std::uint32_t>(day);
  civil.hour = static_cast<std::uint32_t>(hour);
  civil.minute = static_cast<std::uint32_t>(minute);
  civil.second = second.empty() ? 0u : static_cast<std::uint32_t>(std::stoul(second));
  civil.fraction = static_cast<std::uint32_t>(std::stoul(fraction));
  return to_ticks(civil);
}

std::string_view without_braces(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && value.front() == '{' && value.back() == '}') value = trim(value.substr(1, value.size() - 2));
  return value;
}

}  // namespace synclens::settings
