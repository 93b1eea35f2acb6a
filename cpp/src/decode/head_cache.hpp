// The printed beginning of records, kept under the values it was printed from.
//
// Most records of a log differ in System only by time, record id, process, thread and activity. What else stands
// there is printed once for each set of values; these few are holes that are filled for each record.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "decode/binxml_value.hpp"
#include "decode/column_program.hpp"
#include "decode/utf16.hpp"

namespace synclens::evtx {

// A printed beginning. Each hole is one character of `text` that is left out when the text is printed again.
struct Head {
  struct Hole {
    std::uint32_t at;
    std::uint16_t slot;
    Escape escape;
  };
  std::string text;
  std::vector<Hole> holes;
  std::uint32_t next_step = 0;  // of the program, behind what is printed here

  void print(const Value* values, TextBuffer& out) const;
};

// The heads of one plan in one format.
class HeadCache {
 public:
  static constexpr std::size_t least_bytes = 1024;     // what a cache costs without heads
  static constexpr std::size_t most_bytes = 8u << 20;  // of all heads of a printer; beyond, nothing is kept

  // `columns`: of the plan as a document.
  HeadCache(const Tree& tree, const ColumnProgram& columns);

  // The slots whose values a head may hold: those below.
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  // Whether a head leaves this value out. Only of types that always have a text, without a character to escape.
  [[nodiscard]] bool is_hole(std::uint32_t slot, const Value& value) const {
    const bool fixed = value.type >= static_cast<std::uint8_t>(ValueType::int8) &&
                       value.type <= static_cast<std::uint8_t>(ValueType::hex64) && value.size != 0;
    return fixed && holes_[slot];
  }

  // The head of a record with these values, as they stand in the record behind their descriptors; null where there
  // is none. `make` is then true where one should be made and given to keep().
  [[nodiscard]] const Head* find(const Value* values, std::uint32_t count, bool& make);
  // For the values of the last find(). Adds what it costs to `bytes`.
  void keep(const Value* values, std::uint32_t count, Head head, std::size_t& bytes);

 private:
  struct Entry {
    std::vector<std::uint8_t> types;          // descriptors
    std::vector<std::uint8_t> values, masks;  // a mask of 0: a byte of a hole
    Head head;
  };
  struct Bucket {
    std::uint32_t last_missed = 0;
    std::uint32_t kept = 0;  // how often
    std::unique_ptr<Entry> entry;
  };
  static constexpr std::size_t most_buckets = 64;
  static constexpr std::uint32_t most_kept = 16;  // a bucket whose values always change is left alone

  std::uint32_t slots_ = 0;
  std::uint16_t event_id_ = no_slot;
  std::vector<bool> holes_;
  std::vector<Bucket> buckets_;
  std::size_t bucket_ = 0;
};

}  // namespace synclens::evtx
