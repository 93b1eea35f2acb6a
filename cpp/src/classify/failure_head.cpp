#include "classify/failure_head.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::array<std::string_view, 5> names{"domain", "dc", "ip", "inner_dc", "inner_ip"};
constexpr std::string_view hostname = "omain controller hostname:";
constexpr std::string_view address = "domain controller IP address:";

std::string_view skip_space(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view without_full_stop(std::string_view text) {
  while (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return text;
}

// Up to white space or a comma; "<not available>" is one word.
std::string_view word(std::string_view text) {
  constexpr std::string_view not_available = "<not available>";
  if (text.starts_with(not_available)) return text.substr(0, not_available.size());
  std::size_t end = 0;
  while (end < text.size() && !is_space(text[end]) && text[end] != ',') ++end;
  return without_full_stop(text.substr(0, end));
}

void add(std::vector<std::pair<std::string, std::string>>& fields, std::string_view name, std::string_view value) {
  value = trim(value);
  if (value.empty()) return;
  if (std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; })) return;
  fields.emplace_back(name, value);
}

// Reads "H, domain controller IP address: I" and returns what follows it.
std::string_view add_controller(std::string_view text, std::string_view dc, std::string_view ip,
                                std::vector<std::pair<std::string, std::string>>& fields) {
  text = skip_space(text);
  const std::size_t comma = text.find_first_of(",\r\n");
  if (comma == npos) return {};
  add(fields, dc, text.substr(0, comma));
  text = skip_space(text.substr(comma + 1));
  if (!text.starts_with(address)) return text;
  text = skip_space(text.substr(address.size()));
  const std::string_view value = word(text);
  add(fields, ip, value);
  return text.substr(value.size());
}

}  // namespace

bool is_failure_head_field(std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_failure_head(std::uint32_t event_id, std::string_view text,
                      std::vector<std::pair<std::string, std::string>>& fields) {
  if (event_id < 604 || event_id > 667) return;
  constexpr std::string_view label = "for domain:";
  const std::size_t at = text.find(label);
  if (at == npos) return;
  text = skip_space(text.substr(at + label.size()));
  const std::string_view domain = word(text);
  add(fields, "domain", domain);
  text = text.substr(domain.size());
  // the head's own controller follows the domain at once; any later one is an inner exception's
  std::string_view rest = text;
  while (!rest.empty() && (rest.front() == '.' || rest.front() == ',' || rest.front() == ' ')) rest.remove_prefix(1);
  if (rest.starts_with("domain controller hostname:")) {
    text = add_controller(rest.substr(1 + hostname.size()), "dc", "ip", fields);
  }
  // its letters are those of every word before it
  static const std::boyer_moore_horspool_searcher find_hostname(hostname.begin(), hostname.end());
  const auto inner = find_hostname(text.begin(), text.end());
  if (inner.first == text.end()) return;
  const auto after = static_cast<std::size_t>(inner.second - text.begin());
  add_controller(text.substr(after), "inner_dc", "inner_ip", fields);
}

}  // namespace synclens
