// The texts of 656 and 657, and the trailer that PHS events share. Their shapes: KB 2855271 and its older revision.
#include <array>

#include "record/ascii.hpp"
#include "synclens/record.hpp"

namespace synclens {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// Where `label`, then white space, then `separator`, begins; `after` is what follows. Any case, any spacing.
std::size_t find_label(std::string_view line, std::string_view label, char separator, std::size_t from,
                       std::size_t& after) {
  const auto folded = [](char c) { return static_cast<unsigned char>(c) | 0x20u; };  // tells letters well enough
  const unsigned first = folded(label.front());
  for (std::size_t at = from; at + label.size() <= line.size(); ++at) {
    if (folded(line[at]) != first) continue;
    if (!equal_ignoring_case(line.substr(at, label.size()), label)) continue;
    std::size_t i = at + label.size();
    while (i < line.size() && is_space(line[i])) ++i;
    if (i < line.size() && line[i] == separator) {
      after = i + 1;
      return at;
    }
  }
  return npos;
}

std::string_view without_comma(std::string_view text) {
  text = trim(text);
  while (!text.empty() && text.back() == ',') {
    text.remove_suffix(1);
    text = trim(text);
  }
  return text;
}

struct Label {
  std::string_view name;
  char separator;
  std::size_t at = npos;
  std::size_t after = 0;
};

// Labels are looked for from the right, because a DN holds commas and may hold any of these words.
void find_from_the_right(std::string_view line, Label& label, std::size_t from, std::size_t end) {
  std::size_t at = from;
  while (true) {
    std::size_t after = 0;
    const std::size_t found = find_label(line.substr(0, end), label.name, label.separator, at, after);
    if (found == npos) return;
    if (found > 0 && (line[found - 1] == ',' || is_space(line[found - 1]))) {
      label.at = found;
      label.after = after;
    }
    at = found + 1;
  }
}

std::optional<PasswordChange> parse_line(std::string_view line) {
  constexpr std::string_view request = "Password Change Request";
  constexpr std::string_view result = "Password Change Result";
  line = trim(line);
  PasswordChange change;
  if (line.size() >= request.size() && equal_ignoring_case(line.substr(0, request.size()), request)) {
    change.kind = PasswordChange::Kind::request;
    line.remove_prefix(request.size());
  } else if (line.size() >= result.size() && equal_ignoring_case(line.substr(0, result.size()), result)) {
    change.kind = PasswordChange::Kind::result;
    line.remove_prefix(result.size());
  } else {
    return std::nullopt;
  }

  std::size_t anchor_after = 0;
  const std::size_t anchor_at = find_label(line, "Anchor", ':', 0, anchor_after);
  std::size_t body = 0;
  if (anchor_at != npos) {
    std::size_t begin = anchor_after;
    while (begin < line.size() && is_space(line[begin])) ++begin;
    std::size_t end = begin;
    while (end < line.size() && line[end] != ',' && !is_space(line[end])) ++end;
    change.anchor = line.substr(begin, end - begin);
    body = end;
  }

  // A request has a change date, a result the other three: a DN may hold the labels of the other kind.
  std::array<Label, 4> labels{
      {{"Extended Error", ':'}, {"Result", ':'}, {"PwdChangeOnLogon", '='}, {"Change Date", ':'}}};
  const bool is_request = change.kind == PasswordChange::Kind::request;
  std::size_t end = line.size();
  for (Label& label : labels) {
    if ((label.name == "Change Date") != is_request) continue;
    find_from_the_right(line, label, body, end);
    if (label.at != npos) end = label.at;
  }
  Label dn{"Dn", ':'};
  std::size_t dn_after = 0;
  const std::size_t dn_at = find_label(line.substr(0, end), dn.name, dn.separator, body, dn_after);
  if (dn_at != npos) change.dn = without_comma(line.substr(dn_after, end - dn_after));

  std::size_t stop = line.size();
  for (const Label& label : labels) {
    if (label.at == npos) continue;
    std::string_view value = without_comma(line.substr(label.after, stop - label.after));
    stop = label.at;
    if (label.name == "Change Date") {
      change.change_date = value;
    } else if (label.name == "PwdChangeOnLogon") {
      change.change_on_logon = equal_ignoring_case(value, "True");
    } else {
      if (!value.empty() && value.back() == '.') value.remove_suffix(1);
      (label.name == "Result" ? change.result : change.extended_error) = trim(value);
    }
  }
  return change;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

std::string_view element(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t begin = text.find(open);
  if (begin == npos) return {};
  const std::size_t from = begin + open.size();
  const std::size_t end = text.find(close, from);
  return end == npos ? std::string_view{} : trim(text.substr(from, end - from));
}

}  // namespace

std::vector<PasswordChange> password_changes(std::string_view text) {
  std::vector<PasswordChange> changes;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (auto change = parse_line(text.substr(0, end))) changes.push_back(*change);
    if (end == npos) break;
    text.remove_prefix(end + 1);
  }
  return changes;
}

ForestInfo forest_info(std::string_view text) {
  const std::size_t at = text.rfind("<forest-info>");
  if (at == npos) return {};
  text.remove_prefix(at);
  return {element(text, "<partition-name>", "</partition-name>"), element(text, "<connector-id>", "</connector-id>")};
}

std::string_view tracking_id(std::string_view text) {
  std::size_t after = 0;
  if (find_label(text, "TrackingID", ':', 0, after) == npos) return {};
  while (after < text.size() && (is_space(text[after]) || text[after] == '{')) ++after;
  std::size_t end = after;
  while (end < text.size() && end - after < 36 && (is_hex(text[end]) || text[end] == '-')) ++end;
  return end - after == 36 ? text.substr(after, 36) : std::string_view{};
}

}  // namespace synclens
