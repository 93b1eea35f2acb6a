#include "record/name_codes.hpp"

#include "synclens/error.hpp"

namespace synclens {
namespace {

constexpr std::size_t largest_dictionary = std::size_t{1} << 30;

}  // namespace

std::int32_t NameCodes::code(std::string_view value, EventColumn column, Dictionary& dictionary) {
  std::size_t mixed = value.size();
  if (!value.empty()) {
    mixed += static_cast<unsigned char>(value.back()) * std::size_t{7} +
             static_cast<unsigned char>(value[value.size() / 2]) * std::size_t{3};
  }
  std::int32_t& recent = recent_[mixed % recent_count];
  if (recent != 0 && dictionary.at(static_cast<std::size_t>(recent - 1)) == value) return recent - 1;
  if (const auto found = codes_.find(value); found != codes_.end()) {
    recent = found->second + 1;
    return found->second;
  }
  if (dictionary.bytes.size() + value.size() > largest_dictionary) {
    throw LimitExceeded("more than 1 GiB of distinct values in the column " +
                        std::string(event_columns[static_cast<std::size_t>(column)].name));
  }
  const auto made = static_cast<std::int32_t>(dictionary.size());
  dictionary.bytes.append(value);
  dictionary.offsets.push_back(static_cast<std::int32_t>(dictionary.bytes.size()));
  codes_.emplace(value, made);
  recent = made + 1;
  return made;
}

}  // namespace synclens
