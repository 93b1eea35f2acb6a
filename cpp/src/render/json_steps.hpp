// Prints a record by the JSON programs of its templates: no tree, one pass.
#pragma once

#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"

namespace synclens::evtx {

class JsonSteps {
 public:
  // Borrows the reader.
  explicit JsonSteps(FragmentReader& fragments) : fragments_(fragments) {}

  // Appends the record without a line feed and returns true; or leaves `out` as it was, where only the tree can tell
  // its shape. Throws Damage, with `out` in any state.
  [[nodiscard]] bool print(ByteView chunk, const RecordSpan& record, TextBuffer& out);

  // What was printed and taken back by the last print() that returned false.
  [[nodiscard]] std::size_t wasted() const { return wasted_; }
  static constexpr std::size_t most_output = 256u << 10;  // what prints more is counted exactly, by the tree

 private:
  [[nodiscard]] bool run(const Instance& instance, const JsonProgram& program, std::uint32_t from, TextBuffer& out);
  [[nodiscard]] bool run_document(const Instance& instance, JsonProgram& program, TextBuffer& out);
  [[nodiscard]] bool make_head(const Instance& instance, const JsonProgram& program, const HeadCache& cache,
                               Head& head);
  [[nodiscard]] bool ends_head(const Instance& instance, const JsonProgram& program, const JsonStep& step);
  [[nodiscard]] bool nested(const Instance& instance, const JsonProgram& program, const JsonStep& step,
                            TextBuffer& out);
  [[nodiscard]] bool put_parts(const Instance& instance, const JsonProgram& program, const JsonStep& step,
                               TextBuffer& out);
  [[nodiscard]] bool put_items(const Instance& instance, const JsonProgram& program, const JsonStep& step,
                               TextBuffer& out);

  FragmentReader& fragments_;
  ByteView chunk_;
  std::size_t most_size_ = 0;  // of `out`
  std::size_t wasted_ = 0;
  std::size_t head_bytes_ = 0;
  const HeadCache* making_for_ = nullptr;  // while a head is made
  Head* making_ = nullptr;
  unsigned depth_ = 0;
  // Of the list of Data elements that is being printed: where its first item stands, and how many there are.
  std::size_t list_ = 0, listed_ = 0;
};

}  // namespace synclens::evtx
