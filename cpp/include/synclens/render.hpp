// render: raw events as text, the way Windows and evtx_dump print them. No rule looks at it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/decode.hpp"

namespace synclens {

enum class RenderFormat { xml, jsonl };

// Takes finished text, in order. Returns false to stop (a closed pipe).
class TextSink {
 public:
  virtual ~TextSink() = default;
  [[nodiscard]] virtual bool write(std::string_view text) = 0;
};

struct RenderOptions {
  RenderFormat format = RenderFormat::xml;
  unsigned threads = 1;
  DecodeOptions decode;
};

struct RenderReport {
  std::uint64_t records = 0;
  std::vector<Problem> problems;
  Account account;
};

// Prints every record of an EVTX stream. XML: one <Event> per record as Windows prints it, each on its own line(s).
// JSON Lines: one object per record in the shape of `evtx_dump -o jsonl`.
RenderReport render_evtx(ByteStream& stream, const RenderOptions& options, TextSink& out);

}  // namespace synclens
