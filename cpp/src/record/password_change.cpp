// The texts of 656 and 657, and the trailer that PHS events share. Their shapes: KB 2855271 and its older revision.
#include "record/password_change.hpp"

#include <array>
#include <cstdint>

#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// A word that a separator follows, in any case and with any spacing: "Anchor :". Found by its last or first letter,
// which tells how many characters cannot be it.
class Label {
 public:
  constexpr Label(std::string_view name, char separator) : name_(name), separator_(separator) {
    const auto whole = static_cast<std::uint8_t>(name.size());
    forwards_.fill(whole);
    backwards_.fill(whole);
    const auto put = [](std::array<std::uint8_t, 256>& steps, char c, std::size_t step) {
      steps[static_cast<unsigned char>(to_lower(c))] = static_cast<std::uint8_t>(step);
      steps[static_cast<unsigned char>(to_upper(c))] = static_cast<std::uint8_t>(step);
    };
    for (std::size_t i = 0; i + 1 < name.size(); ++i) put(forwards_, name[i], name.size() - 1 - i);
    for (std::size_t i = name.size() - 1; i > 0; --i) put(backwards_, name[i], i);
  }

  // Where it begins, at `from` or behind; `after` is what follows the separator.
  std::size_t find(std::string_view line, std::size_t from, std::size_t& after) const {
    const std::size_t size = name_.size();
    for (std::size_t at = from; at + size <= line.size(); at += forwards_[byte(line[at + size - 1])]) {
      if (is_at(line, at, after)) return at;
    }
    return npos;
  }

  // The last one at `from` or behind that a comma or a space precedes.
  std::size_t find_last(std::string_view line, std::size_t from, std::size_t& after) const {
    if (line.size() < name_.size()) return npos;
    std::size_t at = line.size() - name_.size();
    while (at >= from && at > 0) {
      if ((line[at - 1] == ',' || is_space(line[at - 1])) && is_at(line, at, after)) return at;
      const std::size_t step = backwards_[byte(line[at])];
      if (step > at) return npos;
      at -= step;
    }
    return npos;
  }

 private:
  static constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }
  static std::size_t byte(char c) { return static_cast<unsigned char>(c); }

  bool is_at(std::string_view line, std::size_t at, std::size_t& after) const {
    if (to_lower(line[at]) != to_lower(name_.front())) return false;
    if (!equal_ignoring_case(line.substr(at, name_.size()), name_)) return false;
    std::size_t i = at + name_.size();
    while (i < line.size() && is_space(line[i])) ++i;
    if (i >= line.size() || line[i] != separator_) return false;
    after = i + 1;
    return true;
  }

  std::string_view name_;
  char separator_;
  // By the character under the last letter, or the first: the least step to where the label could be.
  std::array<std::uint8_t, 256> forwards_{}, backwards_{};
};

constexpr Label anchor_label("Anchor", ':');
constexpr Label dn_label("Dn", ':');
constexpr Label change_date_label("Change Date", ':');
constexpr Label extended_error_label("Extended Error", ':');
constexpr Label result_label("Result", ':');
constexpr Label change_on_logon_label("PwdChangeOnLogon", '=');
constexpr Label tracking_label("TrackingID", ':');

std::string_view without_comma(std::string_view text) {
  text = trim(text);
  while (!text.empty() && text.back() == ',') {
    text.remove_suffix(1);
    text = trim(text);
  }
  return text;
}

// Takes the value behind a label off the end of a line. Labels are looked for from the right, because a DN holds commas
// and may hold any of these words.
std::optional<std::string_view> take_value(std::string_view& line, const Label& label, std::size_t from) {
  std::size_t after = 0;
  const std::size_t at = label.find_last(line, from, after);
  if (at == npos) return std::nullopt;
  const std::string_view value = without_comma(line.substr(after));
  line = line.substr(0, at);
  return value;
}

std::string_view without_full_stop(std::string_view value) {
  if (!value.empty() && value.back() == '.') value.remove_suffix(1);
  return trim(value);
}

// False for a line of another kind.
bool parse_line(std::string_view line, PasswordChange& change) {
  constexpr std::string_view request = "Password Change Request";
  constexpr std::string_view result = "Password Change Result";
  line = trim(line);
  if (line.size() >= request.size() && equal_ignoring_case(line.substr(0, request.size()), request)) {
    change.kind = PasswordChange::Kind::request;
    line.remove_prefix(request.size());
  } else if (line.size() >= result.size() && equal_ignoring_case(line.substr(0, result.size()), result)) {
    change.kind = PasswordChange::Kind::result;
    line.remove_prefix(result.size());
  } else {
    return false;
  }

  std::size_t after = 0;
  std::size_t body = 0;
  if (anchor_label.find(line, 0, after) != npos) {
    std::size_t begin = after;
    while (begin < line.size() && is_space(line[begin])) ++begin;
    std::size_t end = begin;
    while (end < line.size() && line[end] != ',' && !is_space(line[end])) ++end;
    change.anchor = line.substr(begin, end - begin);
    body = end;
  }

  // A request has a change date, a result the other three: a DN may hold the labels of the other kind.
  if (change.kind == PasswordChange::Kind::request) {
    if (const auto date = take_value(line, change_date_label, body)) change.change_date = *date;
  } else {
    if (const auto error = take_value(line, extended_error_label, body))
      change.extended_error = without_full_stop(*error);
    if (const auto result_word = take_value(line, result_label, body)) change.result = without_full_stop(*result_word);
    if (const auto flag = take_value(line, change_on_logon_label, body))
      change.change_on_logon = equal_ignoring_case(*flag, "True");
  }
  if (dn_label.find(line, body, after) != npos) change.dn = without_comma(line.substr(after));
  return true;
}

// Of a GUID. A table, since digits and letters follow each other as no processor can foresee.
constexpr std::array<bool, 256> guid_characters = [] {
  std::array<bool, 256> all{};
  for (const char c : std::string_view("0123456789abcdefABCDEF-")) all[static_cast<unsigned char>(c)] = true;
  return all;
}();

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
  password_changes(text, changes);
  return changes;
}

void password_changes(std::string_view text, std::vector<PasswordChange>& into) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    PasswordChange change;
    if (parse_line(text.substr(0, end), change)) into.push_back(change);
    if (end == npos) break;
    text.remove_prefix(end + 1);
  }
}

ForestInfo forest_info(std::string_view text) {
  const std::size_t at = text.rfind("<forest-info>");
  if (at == npos) return {};
  text.remove_prefix(at);
  return {element(text, "<partition-name>", "</partition-name>"), element(text, "<connector-id>", "</connector-id>")};
}

std::string_view tracking_id(std::string_view text) {
  std::size_t after = 0;
  if (tracking_label.find(text, 0, after) == npos) return {};
  while (after < text.size() && (is_space(text[after]) || text[after] == '{')) ++after;
  std::size_t end = after;
  while (end < text.size() && end - after < 36 && guid_characters[static_cast<unsigned char>(text[end])]) ++end;
  return end - after == 36 ? text.substr(after, 36) : std::string_view{};
}

}  // namespace synclens
