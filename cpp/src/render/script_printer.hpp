// Prints instances by their scripts; makes a script where there is none yet.
#pragma once

#include <array>

#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"
#include "decode/value_writer.hpp"

namespace synclens::evtx {

class ScriptPrinter {
 public:
  ScriptPrinter(const ScriptPrinter&) = delete;
  ScriptPrinter& operator=(const ScriptPrinter&) = delete;

 protected:
  ScriptPrinter(std::size_t most_depth, bool emptiness_matters)
      : fragments_(most_depth), emptiness_matters_(emptiness_matters) {}
  virtual ~ScriptPrinter() = default;

  // Prints an instance whose values are marks, with the names that a script of JSON has. False: it has no script.
  [[nodiscard]] virtual bool record(const Instance& marks, Level level, TextBuffer& out, TextScript& script) = 0;
  // Prints an instance that fits no script. False: only the whole record can be printed so.
  [[nodiscard]] virtual bool print_by_rules(const Instance& instance, Level level, TextBuffer& out) = 0;
  // Prints the element without a template at the cursor, which moves behind it. False: nothing happened, and it is to
  // be printed from its plan.
  [[nodiscard]] virtual bool print_bare(Cursor& in, Level level, TextBuffer& out) = 0;

  // The only instance of an intact record, where it fits a script that there is already. False: nothing was printed.
  [[nodiscard]] bool print_known_document(Cursor in, TextBuffer& out);
  // False, with `out` in any state, where print_by_rules() was false or the bound of the output is near.
  [[nodiscard]] bool print(const Instance& instance, Level level, TextBuffer& out, const TextScript* around = nullptr);

  FragmentReader fragments_;
  ByteView chunk_;
  std::size_t most_size_ = 0;  // of `out`, while one record is printed

 private:
  static constexpr std::size_t most_neighbours = 8;  // fragments in a value and in the values around it

  // What stands at the cursor, where it fits a script that there is already; moves behind it. False: nothing happened.
  [[nodiscard]] bool print_known(Cursor& in, Level level, TextBuffer& out, const TextScript* around);
  // The same for a document with the System of others before it, and one value behind: its data.
  [[nodiscard]] bool print_kept_system(const InstanceHead& head, Cursor& behind, TextBuffer& out);
  // Whether a script may be printed beside what stands around it, and among its neighbours from now on.
  [[nodiscard]] bool joins_neighbours(TextScript& script, Level level, const TextScript* around);
  [[nodiscard]] TextScript* script_of(const Instance& instance, Level level);
  [[nodiscard]] TextScript* make_script(const Instance& instance, Level level);
  [[nodiscard]] const ScriptBody& with_system(const Instance& instance, TextScript& script);
  // What is to be printed of one instance. `bytes`: of all `count` values.
  template <typename Values>
  struct Printing {
    Values values;
    std::uint32_t count, bytes;
    const TextScript& script;
    const ScriptBody& body;
  };
  template <typename Values>
  [[nodiscard]] bool run(const Printing<Values>& printing, TextBuffer& out);
  template <typename Values>
  [[nodiscard]] bool run_wide(const Printing<Values>& printing, std::size_t room, TextBuffer& out);
  template <typename Values, typename Text>
  [[nodiscard]] bool run_ops(const Printing<Values>& printing, std::size_t room, TextBuffer& out, Text text);
  [[nodiscard]] [[gnu::noinline]] bool print_several(const ScriptOp*& op, const Value& value, const char* literals,
                                                     const TextScript& script, TextBuffer& out);
  [[nodiscard]] bool nested(const Value& value, Level level, const TextScript& around, TextBuffer& out);

  bool emptiness_matters_;
  ValueMemo memo_;
  TextBuffer recorded_;
  std::size_t system_bytes_ = 0;
  // The fragments that stand in the values being printed, the innermost last; its own begin at first_neighbour_.
  std::array<const TextScript*, most_neighbours> neighbours_{};
  std::size_t first_neighbour_ = 0, neighbour_count_ = 0;
};

}  // namespace synclens::evtx
