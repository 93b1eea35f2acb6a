// Keys of one JSON object: a name that comes again is numbered.
#pragma once

#include <array>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "decode/text_buffer.hpp"
#include "render/json_printer.hpp"

namespace synclens::evtx {

// Borrows the names until it goes.
class JsonPrinter::NameCounts {
 public:
  // Writes "name": or "name_1": and so on.
  void write_key(std::string_view name, TextBuffer& out) {
    const std::uint32_t number = count(name);
    out.push('"');
    out.append(name);
    if (number != 0) {
      out.push('_');
      char* to = out.room(12);
      out.took(static_cast<std::size_t>(std::to_chars(to, to + 12, number).ptr - to));
    }
    out.append("\":");
  }

 private:
  // How often the name came before.
  std::uint32_t count(std::string_view name) {
    if (!many_.empty()) return many_[name]++;
    for (std::size_t i = 0; i < used_; ++i) {
      if (few_[i].first == name) return few_[i].second++;
    }
    if (used_ == few_.size()) {  // beyond some dozens, looking at each would no longer be linear
      many_.insert(few_.begin(), few_.end());
      return many_[name]++;
    }
    few_[used_++] = {name, 1};
    return 0;
  }

  std::array<std::pair<std::string_view, std::uint32_t>, 48> few_{};
  std::size_t used_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> many_;
};

}  // namespace synclens::evtx
