// EVTX through the public functions: a file as it is, or records in a whole chunk; decoded, or printed. Every byte
// behind the file's head is a record's, free space, or named by a problem.
#include "checks.hpp"
#include "made_chunk.hpp"
#include "synclens/columns.hpp"
#include "synclens/render.hpp"

using namespace synclens;

namespace {

class TextCheck final : public TextSink {
 public:
  bool write(std::string_view text) override {
    fuzz::require(fuzz::valid_utf8(text), "text that is not UTF-8", text);
    written += text.size();
    return true;
  }
  std::size_t written = 0;
};

std::string as_file(const fuzz::Input& input) {
  if ((input.choice & 1) != 0) return std::string(as_text(input.bytes));
  return std::string("ElfFile\0", 8) + std::string(4088, '\0') +
         fuzz::made_chunk(input.bytes, (input.choice & 2) != 0 ? 65536 : 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input = fuzz::split(data, size);
  const std::string file = as_file(input);
  // Single bytes of a file of 64 KiB would take most of the time.
  const std::size_t least = file.size() > 16384 ? 509 : 1;
  DecodeOptions decode;
  decode.recover = (input.choice & 4) != 0;
  if ((input.choice & 8) != 0) {
    fuzz::Pieces stream(as_bytes(file), least + (input.choice >> 4) * 97u);
    RenderOptions options;
    options.format = (input.choice & 16) != 0 ? RenderFormat::jsonl : RenderFormat::xml;
    options.decode = decode;
    TextCheck text;
    const RenderReport report = render_evtx(stream, options, text);
    fuzz::require((report.records == 0) == (text.written == 0), "records without text");
    return 0;
  }
  fuzz::Pieces stream(as_bytes(file), least + (input.choice >> 4) * 997u);
  fuzz::CheckedSink sink(file.size());
  decode_evtx(stream, decode, sink);
  if ((input.choice & 16) != 0) {  // straight into columns it is as many
    fuzz::Pieces again(as_bytes(file), least + (input.choice >> 4) * 997u);
    EventColumns columns;
    decode_evtx(again, decode, columns);
    fuzz::require(columns.problems().size() == sink.problems, "other problems of rows than of events");
    fuzz::require(columns.finish().size() == sink.events, "more or fewer rows than events");
  }
  // A file that has something and no record in it is no silent success.
  if (sink.events == 0 && sink.problems == 0) {
    const std::string_view behind = std::string_view(file).substr(std::min<std::size_t>(file.size(), 4096));
    const bool named = behind.find(std::string_view("\x2a\x2a\0\0", 4)) == behind.npos;
    fuzz::require(named || behind.substr(0, 7) == "ElfChnk" || decode.recover || file.empty() ||
                      behind.find_first_not_of('\0') == behind.npos,
                  "a log whose records are gone without a word");
  }
  return 0;
}
