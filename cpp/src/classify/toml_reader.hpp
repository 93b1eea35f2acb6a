// A table of a catalogue file, read key by key with the type that is wanted; whatever is wrong is a CatalogueError
// with file, line and reason.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synclens {

// Throws CatalogueError "file:line: reason".
[[noreturn]] void throw_at(std::string_view file, std::uint64_t line, std::string_view reason);

// Parses a catalogue file's text; `file` is only for messages. Throws CatalogueError.
[[nodiscard]] toml::table parse_toml(std::string_view text, const std::string& file);

// Borrows the table and the names given.
class TomlReader {
 public:
  // `what` names the table in messages ("rule PHS-611-8453").
  TomlReader(const toml::table& table, const std::string& file, std::string what);

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t line(std::string_view key) const;  // of a key's value; of the table where it is missing
  [[nodiscard]] const std::string& file() const { return file_; }
  void rename(std::string what) { what_ = std::move(what); }

  // Each of these marks the key as known. A value of another type throws.
  [[nodiscard]] std::string text(std::string_view key);           // "" where missing
  [[nodiscard]] std::string required_text(std::string_view key);  // missing or empty throws
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view key, std::uint64_t most);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);  // list of texts that are not empty
  [[nodiscard]] std::vector<std::uint64_t> numbers(std::string_view key, std::uint64_t most);
  [[nodiscard]] const toml::table* table(std::string_view key);                // null where missing
  [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);  // [[key]]

  // Throws for the first key that nobody asked for.
  void finish() const;
  [[noreturn]] void fail(std::string_view key, std::string_view reason) const;  // at the key's line

 private:
  const toml::node* find(std::string_view key);
  const toml::array* list(std::string_view key);

  const toml::table& table_;
  const std::string& file_;
  std::string what_;
  std::uint64_t line_;
  std::vector<std::string_view> known_;
};

}  // namespace synclens
