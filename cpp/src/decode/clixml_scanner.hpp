// Cuts the text of Export-Clixml into its outermost objects, with bounded memory.
#pragma once

#include "decode/xml_scanner.hpp"
#include "decode/xml_window.hpp"
#include "synclens/limits.hpp"

namespace synclens {

class ObjectCutter {
 public:
  ObjectCutter(ByteStream& utf8, const Limits& limits) : window_(utf8), limits_(limits) {}

  // The next <Obj> (as Kind::event) or problem. Its text stands in data() until the next call.
  [[nodiscard]] XmlCut next();
  [[nodiscard]] char* data(const XmlCut& cut) { return window_.data(cut.from); }

 private:
  [[nodiscard]] XmlCut cut_object(std::uint64_t start);
  [[nodiscard]] XmlCut problem(std::uint64_t from, std::uint64_t to, std::string what);
  [[nodiscard]] std::string_view indent_of(std::uint64_t at);

  XmlWindow window_;
  Limits limits_;
  std::uint64_t at_ = 0;
  bool root_open_ = false;
  bool done_ = false;
};

}  // namespace synclens
