// One event record as XML, in the form that Windows gives it.
#pragma once

#include "render/script_printer.hpp"

namespace synclens::evtx {

class XmlPrinter final : private ScriptPrinter {
 public:
  explicit XmlPrinter(std::size_t most_depth) : ScriptPrinter(most_depth, false) {}

  // See FragmentReader.
  void use_found(const FoundTemplates* found) { fragments_.use_found(found); }

  void begin_chunk();

  // Appends the record and a line feed. Throws Damage; `out` is then as it was.
  void print(ByteView chunk, const RecordSpan& record, TextBuffer& out);
  // Of the last record.
  [[nodiscard]] Provenance provenance() const { return fragments_.provenance(); }

 private:
  [[nodiscard]] bool record(const Instance& marks, Level level, TextBuffer& out, TextScript& script) override;
  [[nodiscard]] bool print_by_rules(const Instance& instance, Level level, TextBuffer& out) override;

  [[nodiscard]] bool print_bare(Cursor& in, Level level, TextBuffer& out) override;

  void element(const Instance& instance, std::uint32_t index, bool root, TextBuffer& out);
  void repeated(const Instance& instance, std::uint32_t index, unsigned arrays, TextBuffer& out);
  void once(const Instance& instance, std::uint32_t index, TextBuffer& out);
  void attribute(const Instance& instance, std::uint32_t index, TextBuffer& out);
  [[nodiscard]] bool left_out(const Instance& instance, std::uint32_t from, std::uint32_t end);
  void value(const Value& value, Escape escape, TextBuffer& out);

  std::size_t chunk_work_ = 0;
};

}  // namespace synclens::evtx
