// Readers for what Windows PowerShell prints: Format-List blocks, Format-Table views, CSV, and the lines between
// them. They know nothing about which cmdlet printed it: the handler says what it knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens::powershell {

// One line without its line end. `text` is borrowed from the whole text.
struct Line {
  std::string_view text;
  std::uint64_t number = 0;  // from 1
  std::size_t offset = 0;    // of its first byte
  bool ended = false;        // false only for a last line without a line end
  bool shortened = false;    // longer than the limit: `text` is its beginning
};

// Goes over the lines of a text: LF, CR LF or a lone CR end one. Copies are cheap and remember their place.
class Lines {
 public:
  Lines(std::string_view text, std::size_t longest_line) : text_(text), longest_(longest_line) {}
  // The next line, or nothing at the end of the text.
  [[nodiscard]] std::optional<Line> next();
  [[nodiscard]] std::size_t offset() const { return at_; }

 private:
  std::string_view text_;
  std::size_t longest_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
};

struct Property {
  std::string_view name;
  std::string value;  // trimmed, wrapped lines joined
  std::uint64_t line = 0;
  std::string_view whole;  // the line that it stands on (list) or empty
};

enum class Shape : std::uint8_t { list, table, csv };

// One output object: a Format-List block, a row of a table, a row of a CSV.
struct Object {
  std::vector<Property> properties;
  Shape shape = Shape::list;
  std::uint64_t line = 0;

  // The value of the first property of this name, whatever its case; nullptr where there is none.
  [[nodiscard]] const Property* find(std::string_view name) const;
  [[nodiscard]] std::string_view value(std::string_view name) const;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Whether these words are the header of a table although no rule follows, or of a CSV.
  [[nodiscard]] virtual bool knows_header(const std::vector<std::string_view>& names, Shape shape) const = 0;
  // Whether "name: value" without a space before the colon is a property, not prose.
  [[nodiscard]] virtual bool knows_property(std::string_view name) const = 0;
  // Whether this line ends a table although no blank line stands before it.
  [[nodiscard]] virtual bool ends_table(std::string_view line) const = 0;
  // Returns false for an object that means nothing here; its lines come to line() then (not those of a CSV).
  virtual bool object(const Object& object) = 0;
  virtual void line(const Line& line) = 0;
  virtual void problem(Problem problem) = 0;
};

// Reads a whole text in one pass; time and memory are linear in it.
void read_text(std::string_view text, const Limits& limits, Handler& handler);

// "Name : Value" (a space before the colon, a space or nothing after it).
struct Pair {
  std::string_view name, value;
  std::size_t indent = 0;        // spaces before the name
  std::size_t value_column = 0;  // where Format-List puts wrapped lines
  bool spaced = false;           // a space stands before the colon
};
[[nodiscard]] std::optional<Pair> split_property(std::string_view line);

// A line of dashes and spaces, as Format-Table draws it under its header.
[[nodiscard]] bool is_rule(std::string_view line);

}  // namespace synclens::powershell
