#include "classify/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "classify/patterns.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

bool normalize_number(std::string& value) {
  std::string_view digits = value;
  const bool negative = !digits.empty() && digits.front() == '-';
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.size() > 2 && digits[0] == '0' && to_lower(digits[1]) == 'x') {
    digits.remove_prefix(2);
    base = 16;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return false;
  const auto most = static_cast<std::uint64_t>(INT64_MAX);
  if (number > most) return false;
  value = std::to_string(number);
  if (negative && number != 0) value.insert(value.begin(), '-');
  return true;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool normalize_guid(std::string& value) {
  std::string guid = lower(value);
  if (guid.size() == 38 && guid.front() == '{' && guid.back() == '}') guid = guid.substr(1, 36);
  if (guid.size() != 36) return false;
  for (std::size_t i = 0; i < guid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? guid[i] != '-' : !is_hex(guid[i])) return false;
  }
  value = std::move(guid);
  return true;
}

}  // namespace

bool normalize_field(FieldType type, std::string& value) {
  switch (type) {
    case FieldType::integer:
      return normalize_number(value);
    case FieldType::guid:
      return normalize_guid(value);
    case FieldType::text:
    case FieldType::time:
      return true;  // a log's times are written in its culture; whoever uses them reads them
  }
  return true;
}

std::vector<std::pair<std::string, std::string>> fields_of(const RulePattern& pattern, std::string_view text) {
  const Rule& rule = pattern.rule();
  constexpr std::size_t others = 8;  // that its pattern captures or that the head of a failure names
  std::vector<std::pair<std::string, std::string>> fields;
  fields.reserve(rule.constants.size() + rule.fields.size() + others);
  fields.assign(rule.constants.begin(), rule.constants.end());
  const auto put = [&](const std::string& name, std::string value) {
    const auto known =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    if (known != fields.end()) {
      known->second = std::move(value);
    } else {
      fields.emplace_back(name, std::move(value));
    }
  };
  if (!pattern_of(rule).empty()) {
    const re2::RE2& re = pattern.compiled();
    const auto& groups = re.NamedCapturingGroups();
    if (!groups.empty()) {
      std::vector<re2::StringPiece> found(static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1);
      const auto anchor = is_whole(rule) ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
      const bool matched =
          re.Match({text.data(), text.size()}, 0, text.size(), anchor, found.data(), static_cast<int>(found.size()));
      for (const auto& [name, index] : groups) {
        const re2::StringPiece& piece = found[static_cast<std::size_t>(index)];
        std::string value(matched ? trim({piece.data(), piece.size()}) : std::string_view());
        const auto declared = rule.fields.find(name);
        const FieldType type = declared == rule.fields.end() ? FieldType::text : declared->second;
        if (!value.empty() && normalize_field(type, value)) put(name, std::move(value));
      }
    }
  }
  std::sort(fields.begin(), fields.end());
  return fields;
}

}  // namespace synclens
