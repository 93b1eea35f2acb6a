// The records of one chunk: as events, as XML and as JSON Lines, by every text kernel. Behind the chunk lie the bytes
// that may be read (readable_behind) and no more; what they hold must change nothing.
#include <memory>
#include <pugixml.hpp>

#include "checks.hpp"
#include "decode/event_reader.hpp"
#include "decode/evtx_visit.hpp"
#include "decode/utf16.hpp"
#include "made_chunk.hpp"
#include "render/json_printer.hpp"
#include "render/xml_printer.hpp"

using namespace synclens;
using namespace synclens::evtx;

namespace {

const Limits limits;
constexpr std::size_t depth = Limits{}.binxml_depth;
constexpr int inputs_per_reader = 256;

// A reader or printer as programs use it: for many chunks, one after the other. What one keeps of an earlier chunk must
// change nothing, so the two that are compared need not have seen the same. Now and then a new one, so that little of
// the past is needed to see a failure again. Making one for each input took half of the time.
enum class By { kernel, scalar };
template <typename T, By by, typename... Arguments>
T& lasting(const Arguments&... arguments) {
  static std::unique_ptr<T> kept;
  static int used = 0;
  if (kept == nullptr || ++used % inputs_per_reader == 0) kept = std::make_unique<T>(arguments...);
  return *kept;
}

void check_problem(const Problem& problem) {
  fuzz::require(problem.where.offset <= chunk_size && problem.bytes <= chunk_size, "a gap outside the chunk");
}

void check_account(const Account& account, std::size_t size) {
  fuzz::require(account.read() + account.skipped == size, "bytes read and skipped do not add up");
}

template <typename Printer>
std::uint64_t print_all(ByteView chunk, bool recover, Printer& printer, TextBuffer& out) {
  std::uint64_t printed = 0;
  printer.begin_chunk();
  ChunkTroubles troubles(check_problem);
  visit_records(Chunk{chunk, 0, 0, true}, recover, true, troubles, [&](const RecordSpan& record, Damage& damage) {
    try {
      printer.print(chunk, record, out);
      ++printed;
      return Reading::whole;
    } catch (const Damage& found) {
      damage = found;
      return Reading::none;
    }
  });
  check_account(troubles.account, chunk.size());
  return printed;
}

void check_xml(std::string_view text, std::uint64_t records) {
  fuzz::require(fuzz::valid_utf8(text), "XML that is not UTF-8", text);
  for (const char c : text) {
    fuzz::require(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t',
                  "XML with a control character", text);
  }
  if (records == 0) return;
  pugi::xml_document document;
  const auto result = document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_fragment);
  fuzz::require(static_cast<bool>(result), result.description(), text);
}

void check_jsonl(std::string_view text, std::uint64_t records) {
  fuzz::require(fuzz::valid_utf8(text), "JSON that is not UTF-8", text);
  std::uint64_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    fuzz::require(end != text.npos, "JSON Lines without a line end", text);
    fuzz::require(fuzz::valid_json(text.substr(0, end)), "a line that is not JSON", text.substr(0, end));
    text.remove_prefix(end + 1);
    ++lines;
  }
  fuzz::require(lines == records, "another number of lines than of records");
}

std::uint64_t read_all_events(ByteView chunk, bool recover, EventReader& reader) {
  fuzz::CheckedSink sink(chunk.size());
  reader.begin_chunk();
  ChunkTroubles troubles(check_problem);
  visit_records(Chunk{chunk, 0, 0, true}, recover, true, troubles, [&](const RecordSpan& record, Damage& damage) {
    try {
      (void)reader.read(chunk, record);
      sink.event(reader.view());
      return Reading::whole;
    } catch (const Damage& found) {
      damage = found;
    }
    if (!recover || !record.copy_matches || !reader.salvage(chunk, record, damage)) return Reading::none;
    sink.event(reader.view());
    return Reading::part;
  });
  check_account(troubles.account, chunk.size());
  return sink.digest();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [bytes, choice] = fuzz::split(data, size);
  const bool recover = (choice & 1) != 0;
  const auto kernel = static_cast<Utf16Kernel>((choice >> 1) % 3);
  const std::string made = (choice & 8) != 0 ? std::string(as_text(bytes)) : fuzz::made_chunk(bytes, 0);
  const auto exact = std::make_unique<std::uint8_t[]>(made.size() + readable_behind);
  if (!made.empty()) std::memcpy(exact.get(), made.data(), made.size());
  const ByteView chunk(exact.get(), made.size());
  const auto use = [&](Utf16Kernel which, int behind) {
    use_utf16_kernel(which);
    std::memset(exact.get() + made.size(), behind, readable_behind);
  };

  use(kernel, 'A');
  TextBuffer out;
  switch ((choice >> 4) % 3) {
    case 0: {
      const std::uint64_t digest = read_all_events(chunk, recover, lasting<EventReader, By::kernel>(limits, nullptr));
      use(Utf16Kernel::scalar, 0);
      fuzz::require(read_all_events(chunk, recover, lasting<EventReader, By::scalar>(limits, nullptr)) == digest,
                    "kernels differ in events");
      break;
    }
    case 1: {
      auto& printer = lasting<XmlPrinter, By::kernel>(depth);
      check_xml(out.view(), print_all(chunk, recover, printer, out));
      use(Utf16Kernel::scalar, 0);
      TextBuffer plain;
      auto& again = lasting<XmlPrinter, By::scalar>(depth);
      print_all(chunk, recover, again, plain);
      fuzz::require(plain.view() == out.view(), "kernels differ in XML", out.view());
      break;
    }
    default: {
      auto& printer = lasting<JsonPrinter, By::kernel>(depth);
      const std::uint64_t records = print_all(chunk, recover, printer, out);
      check_jsonl(out.view(), records);
      use(Utf16Kernel::scalar, 0);
      TextBuffer plain;
      auto& again = lasting<JsonPrinter, By::scalar>(depth);
      print_all(chunk, recover, again, plain);
      fuzz::require(plain.view() == out.view(), "kernels differ in JSON", out.view());
      break;
    }
  }
  return 0;
}
