#include "synclens/decode.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "read/block_bytes.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t head_size = block_bytes(64u << 10);

// The bytes that were looked at, then the rest of the stream. A stream that fails ends there, as if it had been cut
// off, and says why afterwards: what was read before is worth as much as in a file that was cut off.
class PrefixedStream final : public ByteStream {
 public:
  PrefixedStream(std::vector<std::uint8_t> prefix, std::unique_ptr<ByteStream> rest, std::uint64_t& passed,
                 std::string& failed)
      : prefix_(std::move(prefix)), rest_(std::move(rest)), passed_(passed), failed_(failed) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    std::size_t n = std::min(into.size(), prefix_.size() - given_);
    if (n > 0) {
      std::memcpy(into.data(), prefix_.data() + given_, n);
      given_ += n;
    } else {
      n = failed_.empty() ? read_rest(into) : 0;
    }
    passed_ += n;
    return n;
  }

  std::optional<std::uint64_t> size() const override { return rest_->size(); }

  bool rewind() override {
    if (!rest_->rewind()) return false;
    given_ = prefix_.size();
    return true;
  }

 private:
  std::size_t read_rest(std::span<std::uint8_t> into) {
    try {
      return rest_->read(into);
    } catch (const std::system_error& error) {
      failed_ = error.what();
      if (failed_.empty()) failed_ = "the stream failed";
      return 0;
    }
  }

  std::vector<std::uint8_t> prefix_;
  std::unique_ptr<ByteStream> rest_;
  std::size_t given_ = 0;
  std::uint64_t& passed_;
  std::string& failed_;
};

// The first bytes, or what comes before the stream fails; throws when nothing does.
std::vector<std::uint8_t> read_head(ByteStream& stream, std::string& failed) {
  std::vector<std::uint8_t> head(head_size);
  std::size_t filled = 0;
  try {
    while (filled < head.size()) {
      const std::size_t got = stream.read(std::span(head).subspan(filled));
      if (got == 0) break;
      filled += got;
    }
  } catch (const std::system_error& error) {
    if (filled == 0) throw;
    failed = error.what();
  }
  head.resize(filled);
  return head;
}

// HOST_Security.evtx, Security.evtx: large, and full of what has nothing to do with the question.
bool is_security_log(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  const std::string file = lower(slash == std::string_view::npos ? name : name.substr(slash + 1));
  constexpr std::string_view plain = "security.evtx";
  constexpr std::string_view of_a_host = "_security.evtx";
  return file == plain ||
         (file.size() > of_a_host.size() && std::string_view(file).substr(file.size() - of_a_host.size()) == of_a_host);
}

void report_replaced(std::uint64_t replaced, std::uint64_t bytes, RecordSink& sink) {
  if (replaced == 0) return;
  constexpr std::uint64_t trace = 8;
  const std::string what = std::to_string(replaced) + (replaced == 1 ? " place" : " places") +
                           " where the text is not valid in its encoding; U+FFFD stands there";
  if (replaced <= trace || replaced <= bytes / 10'000) {
    sink.note(what);
  } else {
    sink.problem({what, Address{}, no_time, 0});
  }
}

void decode_text(SourceKind kind, std::string_view name, ByteStream& utf8, const DecodeOptions& options,
                 RecordSink& sink) {
  switch (kind) {
    case SourceKind::event_xml:
      return decode_event_xml(utf8, options, sink);
    case SourceKind::clixml:
      return decode_clixml(utf8, options, sink);
    case SourceKind::event_table:
      return decode_event_table(utf8, options, sink);
    case SourceKind::event_text:
      return decode_event_text(utf8, options, sink);
    case SourceKind::sync_log:
      return decode_sync_log(utf8, options, sink);
    case SourceKind::settings:
      return decode_settings(utf8, name, options, sink);
    default:
      return;
  }
}

// `evtx(stream)` reads what is an event log.
template <typename Evtx>
SourceKind decode_by_kind(Source source, const DecodeOptions& options, RecordSink& sink, Evtx evtx) {
  std::string failed;
  std::vector<std::uint8_t> head = read_head(*source.stream, failed);
  const SourceKind kind = sniff(head, source.name);
  if (kind == SourceKind::evtx && !options.open_closed && is_security_log(source.name)) return SourceKind::closed;

  std::uint64_t passed = 0;
  auto whole = std::make_unique<PrefixedStream>(std::move(head), std::move(source.stream), passed, failed);
  switch (kind) {
    case SourceKind::evtx:
      evtx(*whole);
      break;
    case SourceKind::event_xml:
    case SourceKind::clixml:
    case SourceKind::event_table:
    case SourceKind::event_text:
    case SourceKind::sync_log:
    case SourceKind::settings: {
      Utf8Stream utf8(std::move(whole));
      decode_text(kind, source.name, utf8, options, sink);
      report_replaced(utf8.replaced(), passed, sink);
      break;
    }
    case SourceKind::unknown:
    case SourceKind::empty:
    case SourceKind::cloud_sync:
    case SourceKind::closed:
    case SourceKind::archive:
      break;  // the caller says what it makes of these
  }
  if (!failed.empty()) sink.problem({"reading failed: " + failed, Address{}, no_time, 0});
  return kind;
}

}  // namespace

SourceKind decode(Source source, const DecodeOptions& options, RecordSink& sink) {
  return decode_by_kind(std::move(source), options, sink,
                        [&](ByteStream& stream) { decode_evtx(stream, options, sink); });
}

SourceKind decode_in_parts(Source source, const DecodeOptions& options, PartedSink& sink) {
  return decode_by_kind(std::move(source), options, sink,
                        [&](ByteStream& stream) { decode_evtx_in_parts(stream, options, sink); });
}

}  // namespace synclens
