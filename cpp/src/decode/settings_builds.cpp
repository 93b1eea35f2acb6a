// Build numbers and times, wherever a text names them.
#include <re2/re2.h>

#include "decode/culture_date.hpp"
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
  if (text.size() > 64) return no_time;
  const auto written = parse_written_date(trim(text));
  if (!written) return no_time;
  if (!written->ambiguous()) return written->month_first != no_time ? written->month_first : written->day_first;
  if (written->separators_say) return written->in(*written->separators_say);
  // AM and PM are America's; 03/04/2026 14:00 does not say which is the month.
  return written->twelve_hours ? written->month_first : no_time;
}

std::string_view without_braces(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && value.front() == '{' && value.back() == '}') value = trim(value.substr(1, value.size() - 2));
  return value;
}

}  // namespace synclens::settings
