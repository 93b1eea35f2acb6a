// What an instance of a template adds to the columns when its values have certain types: one act for each value, with
// nothing left to decide. An instance that fits no script is read by its ColumnProgram, which has all the rules.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "decode/column_program.hpp"
#include "decode/descriptors.hpp"
#include "decode/text_buffer.hpp"

namespace synclens {
class RowWriter;
}

namespace synclens::evtx {

enum class RowAct : std::uint8_t {
  skip,
  text,  // UTF-16
  uint8,
  uint16,
  uint32,
  int32,
  uint64,
  guid,
  filetime,
  sid,
  hex32,
  hex64,
  value,     // of another type
  array,     // an item for each of its own
  binary,    // the column of that name
  fragment,  // BinXml
};

class RowScript {
 public:
  // What `rest` of the program adds, for instances whose values from `first` on have these descriptors, none of them
  // odd (any_odd()). The values before are System's, and known; without any the program must have no System.
  RowScript(const ColumnProgram& program, std::uint32_t first, const std::uint8_t* descriptors, std::uint32_t count);

  // False: these types have no script.
  [[nodiscard]] bool suits() const { return suits_; }
  [[nodiscard]] const std::vector<RowAct>& acts() const { return acts_; }                          // of each value
  [[nodiscard]] Context context() const { return context_; }                                       // of the fragments
  [[nodiscard]] std::uint32_t items() const { return static_cast<std::uint32_t>(names_.size()); }  // an array is one
  // The codes that a RowWriter has for the names of the items, in their order. `texts`: of the program's tree.
  [[nodiscard]] const std::int32_t* codes(const TextBuffer& texts, RowWriter& rows);
  [[nodiscard]] std::size_t bytes() const {
    return sizeof *this + shape.bytes() + acts_.size() + names_.size() * (sizeof(Part) + sizeof(std::int32_t));
  }

  DescriptorShape shape;  // of the values from `first` on

 private:
  [[nodiscard]] bool take(const ColumnProgram& program, std::uint32_t first, const std::uint8_t* descriptors);

  bool suits_ = false;
  Context context_ = Context::document;
  std::vector<RowAct> acts_;
  std::vector<Part> names_;  // literal; of no characters where an item has none
  std::vector<std::int32_t> codes_;
  std::uint64_t codes_of_ = 0;
};

}  // namespace synclens::evtx
