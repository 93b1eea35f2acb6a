// One event record as XML, in the form that Windows gives it.
#pragma once

#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"

namespace synclens::evtx {

class XmlPrinter {
 public:
  explicit XmlPrinter(std::size_t most_depth) : fragments_(most_depth) {}

  // See FragmentReader.
  void use_found(const FoundTemplates* found) { fragments_.use_found(found); }

  void begin_chunk();

  // Appends the record and a line feed. Throws Damage; `out` is then as it was.
  void print(ByteView chunk, const RecordSpan& record, TextBuffer& out);
  // Of the last record.
  [[nodiscard]] Provenance provenance() const { return fragments_.provenance(); }

 private:
  void run(const Instance& instance, TextBuffer& out);
  void run_document(const Instance& instance, TextBuffer& out);
  void run_plain(const Instance& instance, const XmlProgram& program, std::uint32_t from, TextBuffer& out);
  [[nodiscard]] Head make_head(const Instance& instance, const XmlProgram& program, const HeadCache& cache);
  void run_steps(const Instance& instance, const XmlProgram& program, std::uint32_t from, std::uint32_t end,
                 TextBuffer& out);
  void repeat(const Instance& instance, const XmlProgram& program, std::uint32_t step, TextBuffer& out);
  void value(const Value& value, Escape escape, TextBuffer& out);

  FragmentReader fragments_;
  ByteView chunk_;
  std::size_t most_size_ = 0;  // of `out`, while one record is printed
  std::size_t chunk_work_ = 0;
  std::size_t head_bytes_ = 0;
};

}  // namespace synclens::evtx
