#include "decode/xml_references.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace synclens {
namespace {

constexpr std::size_t longest_reference = 64;
constexpr std::string_view cdata_start = "<![CDATA[";
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

bool names_a_character(std::string_view digits) {  // what stands between "&#" and ";"
  const bool hex = !digits.empty() && digits.front() == 'x';
  if (hex) digits.remove_prefix(1);
  if (digits.empty()) return true;  // the parser leaves it as it is
  std::uint32_t value = 0;
  for (const char c : digits) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
    } else {
      return true;
    }
    value = std::min<std::uint32_t>(value * (hex ? 16 : 10) + digit, 0x110000);
  }
  return value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

}  // namespace

References check_references(char* text, std::size_t size) {
  References result;
  std::size_t read = 0;
  std::size_t write = 0;
  std::size_t cdata = std::string_view(text, size).find(cdata_start);
  const auto keep_up_to = [&](std::size_t end) {
    if (write != read) std::memmove(text + write, text + read, end - read);
    write += end - read;
    read = end;
  };
  std::size_t at = 0;
  while (at < size) {
    const std::string_view all(text, size);
    at = all.find('&', at);
    if (at == std::string_view::npos) break;
    if (cdata < at) {
      const std::size_t end = all.find("]]>", cdata);
      if (end == std::string_view::npos) break;
      cdata = all.find(cdata_start, end);
      at = std::max(at, end);
      if (at == end) continue;
      continue;
    }
    const std::string_view rest = all.substr(at, longest_reference);
    const std::size_t semicolon = rest.find(';');
    if (semicolon == std::string_view::npos) {
      ++at;
      continue;
    }
    const std::string_view name = rest.substr(1, semicolon - 1);
    if (!name.empty() && name.front() == '#') {
      if (!names_a_character(name.substr(1))) {
        keep_up_to(at);
        std::memcpy(text + write, replacement.data(), replacement.size());
        write += replacement.size();
        read = at + semicolon + 1;
        result.replaced = true;
      }
    } else if (name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "apos" && !name.empty() &&
               std::all_of(name.begin(), name.end(), name_character)) {
      if (result.custom.empty()) result.custom = std::string(rest.substr(0, semicolon + 1));
    }
    ++at;
  }
  keep_up_to(size);
  result.size = write;
  return result;
}

}  // namespace synclens
