#include "correlate/event_texts.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// `what` begins with an ASCII letter.
std::size_t find_ignoring_case(std::string_view text, std::string_view what, std::size_t from = 0) {
  constexpr std::uint64_t every = 0x0101'0101'0101'0101u;
  const std::uint64_t first = every * static_cast<unsigned char>(to_lower(what.front()));
  if (text.size() < what.size()) return npos;
  const std::size_t last = text.size() - what.size();
  for (std::size_t at = from; at <= last;) {
    if (at + sizeof first <= text.size()) {  // eight characters, none of them the first one
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, sizeof word);
      word = (word | every * 0x20) ^ first;
      if (((word - every) & ~word & every * 0x80) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const std::size_t end = std::min(at + sizeof first, last + 1);
    for (; at < end; ++at) {
      if (to_lower(text[at]) == to_lower(what.front()) && equal_ignoring_case(text.substr(at, what.size()), what)) {
        return at;
      }
    }
  }
  return npos;
}

// Whether none of eight characters is a space or a control character.
bool is_black(const char* characters) {
  constexpr std::uint64_t every = 0x0101'0101'0101'0101u;
  std::uint64_t word = 0;
  std::memcpy(&word, characters, sizeof word);
  return ((word - every * 0x21) & ~word & every * 0x80) == 0;
}

bool has_word(std::string_view text, std::string_view word) {
  return find_ignoring_case(text, word) != npos;
}

bool ends_a_name(char c) {
  return is_space(c) || c == ',' || c == ';' || c == '"' || c == '<';
}

constexpr auto hex_digits = [] {
  std::array<int, 256> values{};
  values.fill(-1);
  int value = 0;
  for (const char c : std::string_view("0123456789abcdef")) values[static_cast<unsigned char>(c)] = value++;
  value = 10;
  for (const char c : std::string_view("ABCDEF")) values[static_cast<unsigned char>(c)] = value++;
  return values;
}();

// The beginning of a text in UTF-16LE that is written as hex digits; what is no ASCII as '?'.
class TextOfHex {
 public:
  explicit TextOfHex(std::string_view hex) {
    const auto digit = [](char c) { return hex_digits[static_cast<unsigned char>(c)]; };
    for (std::size_t i = 0; i + 4 <= hex.size() && size_ < text_.size(); i += 4) {
      const int high = digit(hex[i]), low = digit(hex[i + 1]);
      if (high < 0 || low < 0) {
        size_ = 0;
        return;
      }
      const int c = high * 16 + low;
      if (c == 0) return;
      text_[size_++] = c < 0x80 && hex[i + 2] == '0' && hex[i + 3] == '0' ? static_cast<char>(c) : '?';
    }
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 256> text_;
  std::size_t size_ = 0;
};

}  // namespace

std::string_view named_domain(std::string_view text) {
  for (const std::string_view label : {std::string_view("for domain"), std::string_view("for forest")}) {
    std::size_t at = find_ignoring_case(text, label);
    if (at == npos) continue;
    at += label.size();
    while (at < text.size() && (is_space(text[at]) || text[at] == ':')) ++at;
    std::size_t end = at;
    while (end < text.size() && !ends_a_name(text[end])) ++end;
    while (end > at && text[end - 1] == '.') --end;
    if (end > at) return text.substr(at, end - at);
  }
  return {};
}

std::vector<std::string_view> named_dns(std::string_view text) {
  std::vector<std::string_view> dns;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    for (std::size_t at = find_ignoring_case(line, "dn"); at != npos; at = find_ignoring_case(line, "dn", at + 1)) {
      if (at != 0 && !is_space(line[at - 1]) && line[at - 1] != ',') continue;
      std::size_t from = at + 2;
      while (from < line.size() && is_space(line[from])) ++from;
      if (from >= line.size() || (line[from] != '=' && line[from] != ':')) continue;
      std::string_view dn = trim(line.substr(from + 1));
      if (!dn.empty() && dn.find('=') != npos) dns.push_back(dn);
      break;
    }
    if (end == npos) break;
    text.remove_prefix(end + 1);
  }
  return dns;
}

std::string domain_of_dn(std::string_view dn) {
  std::string domain;
  std::size_t at = 0;
  while (at < dn.size()) {
    std::size_t end = at;
    while (end < dn.size() && dn[end] != ',') end += dn[end] == '\\' ? 2u : 1u;
    end = std::min(end, dn.size());
    const std::string_view part = trim(dn.substr(at, end - at));
    if (part.size() > 3 && equal_ignoring_case(part.substr(0, 3), "DC=")) {
      if (!domain.empty()) domain.push_back('.');
      domain += lower(part.substr(3));
    } else {
      domain.clear();
    }
    at = end + 1;
  }
  return domain;
}

std::string name_of(std::string_view text) {
  constexpr std::size_t longest_dns_name = 255;
  return text.size() > longest_dns_name ? std::string() : lower(text);
}

std::string_view named_build(std::string_view text) {
  constexpr std::array<std::string_view, 6> products{
      "Azure AD Sync",    "Microsoft Entra Connect Sync",   "Microsoft Entra Connect",
      "Azure AD Connect", "Azure Active Directory Connect", "Microsoft Entra ID Sync"};
  const auto is_digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  for (const std::string_view product : products) {
    for (std::size_t at = text.find(product); at != npos; at = text.find(product, at + 1)) {
      std::size_t from = at + product.size();
      const auto skip = [&](std::string_view word) {
        if (equal_ignoring_case(text.substr(from, word.size()), word)) from += word.size();
        while (from < text.size() && (text[from] == ' ' || text[from] == ':')) ++from;
      };
      skip(" ");
      skip("version");
      if (!is_digit(from)) skip("v");
      std::size_t end = from;
      while (is_digit(end) || (end < text.size() && text[end] == '.')) ++end;
      while (end > from && text[end - 1] == '.') --end;
      const std::string_view build = text.substr(from, end - from);
      if (std::count(build.begin(), build.end(), '.') == 3) return build;
    }
  }
  return {};
}

bool names_sync_service(const EventView& event, std::string_view text) {
  const auto names_it = [](std::string_view in) {
    if (!has_word(in, in_each_name_of_sync_service)) return false;  // most services end here: few texts have a 'y'
    return has_word(in, "Microsoft Azure AD Sync") || has_word(in, "Microsoft Entra ID Sync") || has_word(in, "ADSync");
  };
  return names_it(text) || (!event.binary.empty() && names_it(TextOfHex(event.binary).view()));
}

ServiceState service_state(const EventView& event, std::string_view text) {
  if (has_word(text, "stopped")) return ServiceState::stopped;
  if (has_word(text, "running")) return ServiceState::running;
  // "ADSync/4": the state as the service controller numbers it, 1 stopped, 4 running
  const TextOfHex written(event.binary);
  const std::string_view tail = written.view();
  const std::size_t slash = tail.rfind('/');
  if (slash != npos && slash + 1 < tail.size()) {
    if (tail[slash + 1] == '4') return ServiceState::running;
    if (tail[slash + 1] == '1') return ServiceState::stopped;
  }
  return ServiceState::unknown;
}

Switch switched(std::string_view text) {
  for (const std::string_view word : {"disabled", "switched off", "turned off", "false"}) {
    if (has_word(text, word)) return Switch::off;
  }
  for (const std::string_view word : {"enabled", "switched on", "turned on", "true"}) {
    if (has_word(text, word)) return Switch::on;
  }
  return Switch::unknown;
}

std::string shorten(std::string_view text, std::size_t most) {
  std::string result;
  bool blank = false;
  for (const char c : trim(text)) {
    if (is_space(c)) {
      blank = true;
      continue;
    }
    if (blank) result.push_back(' ');
    blank = false;
    result.push_back(c);
    if (result.size() > most) {
      while (!result.empty() && result.size() > most) result.pop_back();
      while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0) == 0x80) result.pop_back();
      if (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0) == 0xC0) result.pop_back();
      result += " ...";
      break;
    }
  }
  return result;
}

std::string to_minute(Ticks ticks) {
  std::string text = to_iso(ticks);
  if (text.size() < 16) return "an unknown time";
  text = text.substr(0, 16) + " UTC";
  text[10] = ' ';
  return text;
}

// Of all but white space, eight characters at a time.
std::uint64_t hash_text(std::string_view text) {
  constexpr std::size_t step = 64, word = sizeof(std::uint64_t);
  std::uint64_t hash = 14695981039346656037u;
  char held[step + word] = {};
  std::size_t count = 0;
  const auto mix = [&hash](const char* from) {
    std::uint64_t value = 0;
    std::memcpy(&value, from, word);
    hash = (hash ^ value) * 0x9E37'79B9'7F4A'7C15u;
    hash ^= hash >> 32;
  };
  // a GUID has no white space
  for (; text.size() >= word && is_black(text.data()); text.remove_prefix(word)) mix(text.data());
  while (!text.empty()) {
    for (const char c : text.substr(0, step)) {
      held[count] = c;
      count += is_space(c) ? std::size_t{0} : std::size_t{1};
    }
    text.remove_prefix(std::min(step, text.size()));
    std::size_t done = 0;
    for (; done + word <= count; done += word) mix(held + done);
    std::memmove(held, held + done, word);
    count -= done;
  }
  std::memset(held + count, 0, word - count);
  mix(held);
  return (hash ^ count) * 0x9E37'79B9'7F4A'7C15u;
}

}  // namespace synclens::correlate
