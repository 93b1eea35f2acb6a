#include "classify/toml_reader.hpp"

#include <algorithm>

#include "synclens/error.hpp"

namespace synclens {
namespace {

std::uint64_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

}  // namespace

void throw_at(std::string_view file, std::uint64_t line, std::string_view reason) {
  std::string message(file);
  message.append(":").append(std::to_string(line)).append(": ").append(reason);
  // The reason may quote a stranger's file: no control character of it reaches a terminal.
  std::replace_if(
      message.begin(), message.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  throw CatalogueError(message);
}

toml::table parse_toml(std::string_view text, const std::string& file) {
#if TOML_EXCEPTIONS
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw_at(file, error.source().begin.line, error.description());
  }
#else
  toml::parse_result result = toml::parse(text);
  if (!result) throw_at(file, result.error().source().begin.line, result.error().description());
  return std::move(result).table();
#endif
}

TomlReader::TomlReader(const toml::table& table, const std::string& file, std::string what)
    : table_(table), file_(file), what_(std::move(what)), line_(line_of(table)) {}

std::uint64_t TomlReader::line(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return node == nullptr || line_of(*node) == 0 ? line_ : line_of(*node);
}

void TomlReader::fail(std::string_view key, std::string_view reason) const {
  std::string message = what_;
  message.append(": ").append(key).append(key.empty() ? "" : ": ").append(reason);
  throw_at(file_, line(key), message);
}

const toml::node* TomlReader::find(std::string_view key) {
  known_.push_back(key);
  return table_.get(key);
}

std::string TomlReader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return {};
  const auto* value = node->as_string();
  if (value == nullptr) fail(key, "must be a text");
  return value->get();
}

std::string TomlReader::required_text(std::string_view key) {
  std::string value = text(key);
  if (value.empty()) fail(key, has(key) ? "must not be empty" : "is missing");
  return value;
}

std::optional<bool> TomlReader::boolean(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_boolean();
  if (value == nullptr) fail(key, "must be true or false");
  return value->get();
}

std::optional<std::uint64_t> TomlReader::number(std::string_view key, std::uint64_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < 0 || static_cast<std::uint64_t>(value->get()) > most) {
    fail(key, "must be a whole number from 0 to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(value->get());
}

const toml::array* TomlReader::list(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  const toml::array* array = node->as_array();
  if (array == nullptr) fail(key, "must be a list");
  return array;
}

std::vector<std::string> TomlReader::texts(std::string_view key) {
  std::vector<std::string> result;
  const toml::array* array = list(key);
  if (array == nullptr) return result;
  for (const toml::node& node : *array) {
    const auto* value = node.as_string();
    if (value == nullptr || value->get().empty()) fail(key, "must be a list of texts that are not empty");
    result.push_back(value->get());
  }
  return result;
}

std::vector<std::uint64_t> TomlReader::numbers(std::string_view key, std::uint64_t most) {
  std::vector<std::uint64_t> result;
  const toml::array* array = list(key);
  if (array == nullptr) return result;
  for (const toml::node& node : *array) {
    const auto* value = node.as_integer();
    if (value == nullptr || value->get() < 0 || static_cast<std::uint64_t>(value->get()) > most) {
      fail(key, "must be a list of whole numbers from 0 to " + std::to_string(most));
    }
    result.push_back(static_cast<std::uint64_t>(value->get()));
  }
  return result;
}

const toml::table* TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  const toml::table* value = node->as_table();
  if (value == nullptr) fail(key, "must be a table");
  return value;
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
  std::vector<const toml::table*> result;
  const toml::array* array = list(key);
  if (array == nullptr) return result;
  for (const toml::node& node : *array) {
    const toml::table* value = node.as_table();
    if (value == nullptr) fail(key, "must be tables, written [[" + std::string(key) + "]]");
    result.push_back(value);
  }
  return result;
}

void TomlReader::finish() const {
  for (const auto& [key, node] : table_) {
    const std::string_view name = key.str();
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::uint64_t line = key.source().begin.line;
    throw_at(file_, line != 0 ? line : line_, what_ + ": unknown key '" + std::string(name) + "'");
  }
}

}  // namespace synclens
