// One <Event> element to an EventView.
#pragma once

#include <deque>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens {

class XmlEventParser {
 public:
  explicit XmlEventParser(const Limits& limits) : limits_(limits) {}

  // Parses the element in place: `text` is overwritten, and the view borrows from it and from this parser until the
  // next call. False when it is no event; `complaints` says why, or what part of an event could not be read.
  [[nodiscard]] bool parse(char* text, std::size_t size, EventView& event, std::vector<std::string>& complaints);

 private:
  void system(const pugi::xml_node& node, EventView& event, std::vector<std::string>& complaints);
  void event_data(const pugi::xml_node& node, EventView& event, std::vector<std::string>& complaints);
  void leaves(const pugi::xml_node& top, std::vector<std::string>& complaints);
  void rendering(const pugi::xml_node& node, EventView& event);
  bool add(std::string_view name, std::string_view value, std::vector<std::string>& complaints);
  [[nodiscard]] std::string_view text_of(const pugi::xml_node& node);

  Limits limits_;
  pugi::xml_document document_;
  std::vector<DataItem> data_;
  std::deque<std::string> joined_;
};

}  // namespace synclens
