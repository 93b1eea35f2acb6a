// What the elements of Clixml hold, as text.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

namespace synclens {

// Appends `text` with its _xHHHH_ escapes resolved.
void append_clixml_text(std::string_view text, std::string& out);

// What later elements refer to by RefId: the types of objects and the texts of objects. Bounded: what comes after the
// bound is not remembered, and references to it give an empty text.
class ClixmlReferences {
 public:
  // Takes in all that `object` and what is inside it define.
  void remember(const pugi::xml_node& object);
  // The name of the object's own type, without "Deserialized." and "Selected.".
  [[nodiscard]] std::string type_of(const pugi::xml_node& object) const;
  // The value of a property as PowerShell would print it: a number, a text, "{a, b}" of a list, what ToString gave.
  [[nodiscard]] std::string value_of(const pugi::xml_node& element) const;

 private:
  std::unordered_map<std::string, std::string> types_;    // by RefId of <TN>
  std::unordered_map<std::string, std::string> objects_;  // by RefId of <Obj>
};

// The elements of a list (LST, STK, QUE, IE) inside `object`; an empty node where it has none.
[[nodiscard]] pugi::xml_node clixml_list(const pugi::xml_node& object);

}  // namespace synclens
