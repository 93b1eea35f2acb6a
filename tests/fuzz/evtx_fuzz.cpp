// EVTX through the public functions: a file as it is, or records in a whole chunk; decoded, or printed. Every byte
// behind the file's head is a record's, free space, or named by a problem.
#include <map>
#include <optional>
#include <string>

#include "checks.hpp"
#include "made_chunk.hpp"
#include "support/table_cells.hpp"
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

// Columns taken from events, which records that are as most are do not become on their way into a table.
class ByEvent final : public RecordSink {
 public:
  explicit ByEvent(EventColumns& columns) : columns_(columns) {}
  void event(const EventView& e) override {
    if (!first_id) first_id = e.event_id;
    if (provider.empty()) provider = e.provider;
    columns_.event(e);
  }
  void problem(Problem p) override { columns_.problem(std::move(p)); }
  std::optional<std::uint32_t> first_id;
  std::string provider;  // the first one

 private:
  EventColumns& columns_;
};

struct Counter final : RecordSink {
  explicit Counter(const CompiledFilter* asked) : filter(asked) {}
  const CompiledFilter* filter;  // null: they were asked for
  std::uint64_t events = 0;
  void event(const EventView& e) override { events += filter == nullptr || filter->accepts(e) ? 1u : 0u; }
  void problem(Problem) override {}
};

struct Texts final : RecordSink {
  struct Said {
    std::string text, binary;
    bool operator==(const Said&) const = default;
    // Whether there is an 'n' in it, in either case; in what is binary as two digits and those of UTF-16.
    [[nodiscard]] bool has_n() const {
      if (text.find_first_of("nN") != text.npos) return true;
      for (std::size_t i = 0; i + 4 <= binary.size(); i += 2) {
        const std::string_view digits = std::string_view(binary).substr(i, 4);
        if (digits == "6E00" || digits == "4E00") return true;
      }
      return false;
    }
  };
  explicit Texts(const CompiledFilter* asked = nullptr) : filter(asked) {}
  const CompiledFilter* filter;        // null: the decoder has it
  std::map<std::uint64_t, Said> said;  // by offset
  void event(const EventView& e) override {
    if (filter != nullptr && !filter->accepts(e)) return;
    Said& now = said[e.where.offset];
    append_event_text(e, now.text);
    now.binary = e.binary;
  }
  void problem(Problem) override {}
};

// What a filter accepts of a provider's events is what it accepts of each as a whole, and what it turns down for want
// of a letter has none.
void check_narrowed(const std::string& file, std::size_t most, DecodeOptions decode, const std::string& provider) {
  EventFilter wanted;
  wanted.providers = {provider};
  const CompiledFilter plain(wanted);
  wanted.narrowed = {{provider, {}, "n"}};
  const CompiledFilter narrowed(wanted);
  Texts read(&plain), all, some;
  fuzz::Pieces one(as_bytes(file), most), two(as_bytes(file), most), three(as_bytes(file), most);
  decode_evtx(one, decode, read);
  decode.filter = &plain;
  decode_evtx(two, decode, all);
  fuzz::require(all.said == read.said, "other events accepted than each by itself");
  decode.filter = &narrowed;
  decode_evtx(three, decode, some);
  for (const auto& [offset, said] : all.said) {
    const auto found = some.said.find(offset);
    if (found != some.said.end()) {
      fuzz::require(found->second == said, "another text of an event that a filter looked through", said.text);
    } else {
      fuzz::require(!said.has_n(), "an event turned down for want of what it says", said.text);
    }
  }
  fuzz::require(some.said.size() <= all.said.size(), "more events accepted by more conditions");
}

// Records become the same rows as their events do, and as many are counted unread as would be accepted.
void check_rows(const std::string& file, std::size_t most, const DecodeOptions& decode) {
  fuzz::Pieces one(as_bytes(file), most), other(as_bytes(file), most);
  EventColumns from_events, from_records;
  ByEvent events(from_events);
  decode_evtx(one, decode, events);
  decode_evtx_in_parts(other, decode, from_records);
  fuzz::require(from_records.problems().size() == from_events.problems().size(),
                "other problems of rows than of events");
  const EventTable a = from_events.finish(), b = from_records.finish();
  fuzz::require(a.size() == b.size(), "more or fewer rows than events");
  for (std::size_t row = 0; row < a.size(); ++row) {
    for (const EventColumn column : a.shape().columns) {
      fuzz::require(support::cell(a, row, column) == support::cell(b, row, column), "another row than its event");
    }
  }
  if (!events.provider.empty()) check_narrowed(file, most, decode, events.provider);
  if (!events.first_id || decode.recover) return;
  EventFilter wanted;
  wanted.ids = {*events.first_id};
  const CompiledFilter filter(wanted);
  Counter read(&filter), unread(nullptr);
  fuzz::Pieces again(as_bytes(file), most), last(as_bytes(file), most);
  decode_evtx(again, decode, read);
  DecodeOptions counting = decode;
  counting.filter = &filter;
  counting.columns = ColumnSet();
  counting.marks = false;
  decode_evtx(last, counting, unread);
  fuzz::require(read.events == unread.events, "more or fewer events counted than accepted");
}

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
  if ((input.choice & 16) != 0) check_rows(file, least + (input.choice >> 4) * 997u, decode);
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
