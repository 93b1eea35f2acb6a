// The values of an event's System element, as XML writes them.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "synclens/time.hpp"

namespace synclens {

// Decimal, or hexadecimal after 0x.
template <typename T>
[[nodiscard]] std::optional<T> xml_number(std::string_view text) {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// SystemTime is UTC, whether it says so (Z) or not.
[[nodiscard]] inline std::optional<Ticks> xml_system_time(std::string_view text) {
  constexpr std::string_view utc = " UTC";
  if (text.size() > utc.size() && text.substr(text.size() - utc.size()) == utc) text.remove_suffix(utc.size());
  const std::optional<IsoTime> time = parse_iso(text);
  if (!time) return std::nullopt;
  return time->ticks;
}

}  // namespace synclens
