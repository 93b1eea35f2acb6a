// Text of any encoding to UTF-8, block by block.
//
// A file that several commands appended to changes its encoding at line starts: Windows PowerShell's `>>` writes
// UTF-16LE, Add-Content and cmd.exe write single bytes. So every line start is looked at: in UTF-16LE a line of
// readable bytes without a zero is single bytes, and among single bytes a zero betrays UTF-16LE.
#include <algorithm>
#include <cstring>
#include <vector>

#include "read/block_bytes.hpp"
#include "read/utf8.hpp"
#include "synclens/read.hpp"

namespace synclens {
namespace {

constexpr std::size_t block_size = block_bytes(64u << 10);
constexpr std::size_t window_size = 256;           // what is looked at to tell encodings apart at a line start
constexpr char32_t crlf_of_single_bytes = 0x0A0D;  // the bytes 0D 0A; Unicode has no such character

enum class Form : std::uint8_t { single, little, big };

bool readable(std::uint8_t c) {
  return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
}

bool little_mark(ByteView b) {
  return b.size() >= 2 && b[0] == 0xFF && b[1] == 0xFE;
}
bool utf8_mark(ByteView b) {
  return b.size() >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF;
}

// Readable characters with a zero behind each, or at least a line end of that kind.
bool looks_little(ByteView window) {
  if (little_mark(window)) return true;
  window = window.first(std::min<std::size_t>(window.size(), 32));  // the line may be short, and the next another form
  std::size_t good = 0;
  std::size_t against = 0;
  std::size_t pairs_of_singles = 0;
  for (std::size_t i = 0; i + 1 < window.size(); i += 2) {
    if (window[i + 1] == 0 && readable(window[i])) ++good;
    if (window[i] == 0) ++against;
    if (readable(window[i]) && readable(window[i + 1])) ++pairs_of_singles;
  }
  return good > 0 && against * 4 <= good && pairs_of_singles <= good * 2;
}

// Lines of single bytes where UTF-16LE was expected: readable, without a zero until the bytes or these lines end.
bool looks_single(ByteView window) {
  if (const auto zero = std::find(window.begin(), window.end(), std::uint8_t{0}); zero != window.end()) {
    const ByteView before(window.begin(), zero);
    const auto feed = std::find(before.rbegin(), before.rend(), std::uint8_t{'\n'});
    const auto lines = static_cast<std::size_t>(before.rend() - feed);
    if (!looks_little(window.subspan(lines))) return false;
    window = window.first(lines);
  }
  std::size_t good = 0;
  std::size_t kana = 0;  // hiragana in UTF-16LE are readable bytes too, with 0x30 in every second place
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (readable(window[i])) ++good;
    if (i % 2 == 1 && window[i] == 0x30) ++kana;
  }
  return !window.empty() && good * 100 >= window.size() * 85 && (kana == 0 || kana * 4 < window.size());
}

}  // namespace

struct Utf8Stream::Impl {
  std::unique_ptr<ByteStream> source;
  std::vector<std::uint8_t> in;
  std::size_t at = 0;  // first byte of `in` that is not converted yet
  bool ended = false;
  bool started = false;
  std::string out;
  std::size_t given = 0;  // bytes of `out` that were handed on
  std::uint64_t replaced = 0;

  Form form = Form::single;
  bool line_start = true;
  bool zero_run = false;
  bool decided = false;  // whether single bytes are UTF-8 or Windows-1252: known from the first byte past ASCII on
  bool single_is_utf8 = true;

  [[nodiscard]] ByteView rest() const { return ByteView(in).subspan(at); }
  [[nodiscard]] ByteView window(std::size_t skip = 0) const {
    const ByteView r = rest();
    if (skip >= r.size()) return {};
    return r.subspan(skip, std::min(window_size, r.size() - skip));
  }

  void replace() {
    append_utf8(replacement_character, out);
    ++replaced;
  }

  // A run of zeros is padding (a disk block that was never written): one mark for all of it.
  void zero() {
    if (!zero_run) replace();
    zero_run = true;
  }

  void refill() {
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(at));
    at = 0;
    const std::size_t kept = in.size();
    in.resize(kept + block_size);
    const std::size_t got = read_full(*source, std::span(in).subspan(kept));
    in.resize(kept + got);
    ended = got < block_size;
  }

  void start() {
    started = true;
    const TextEncoding encoding = detect_encoding(ByteView(in));
    if (encoding == TextEncoding::utf16le) form = Form::little;
    if (encoding == TextEncoding::utf16be) form = Form::big;
    if (form == Form::single && utf8_mark(rest())) {
      at = 3;
      decided = true;
    } else if (form != Form::single && in.size() >= 2 && (in[0] == 0xFF || in[0] == 0xFE) && in[0] + in[1] == 0x1FD) {
      at = 2;
    } else if (form != Form::single && looks_single(window())) {
      form = Form::single;  // the zeros are of a later part
    }
  }

  // Converts until the input is used up, but for what needs bytes that are not there yet.
  void convert() {
    const std::size_t keep = ended ? 0 : 2 * window_size;
    while (in.size() - at > keep) {
      const std::size_t before = at;
      if (form == Form::single) {
        single(keep);
      } else {
        wide(keep);
      }
      if (at == before && in.size() - at <= keep) break;
    }
  }

  void single(std::size_t keep) {
    const ByteView all = rest();
    std::size_t limit = all.size() - keep;
    if (line_start && (all[0] == 0xFF || std::memchr(all.data(), 0, std::min(window_size, all.size())) != nullptr) &&
        !looks_single(window()) && looks_little(window())) {
      to_little();
      return;
    }
    // One byte more than is converted: the first half of a character must not go without its zero.
    const void* found = std::memchr(all.data(), 0, std::min(limit + 1, all.size()));
    if (found != nullptr) {
      const auto zero_at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - all.data());
      const ByteView before = all.first(zero_at);
      const auto feed = std::find(before.rbegin(), before.rend(), std::uint8_t{'\n'});
      const auto line = static_cast<std::size_t>(before.rend() - feed);  // where the line of that zero starts
      if (line > 0) {
        limit = line;  // up to it nothing changes; then the line start is looked at
      } else if (zero_at == 0) {
        zero();
        ++at;
        line_start = false;
        return;
      } else if (zero_at > 1) {
        limit = zero_at - 1;
      } else if (looks_little(window())) {  // a change in the middle of a line
        to_little();
        return;
      } else {
        limit = zero_at;
      }
    }
    copy_single(all.first(limit));
  }

  void copy_single(ByteView bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
      zero_run = false;
      const std::size_t ascii = plain_ascii_prefix(bytes.subspan(i));
      if (ascii > 0) {
        out.append(as_text(bytes.subspan(i, ascii)));
        i += ascii;
        continue;
      }
      // The mark of a file that was put behind another one.
      if (utf8_mark(rest().subspan(i)) && (i > 0 ? bytes[i - 1] == '\n' : line_start)) {
        decided = single_is_utf8 = true;
        i += 3;
        continue;
      }
      if (!decided) {
        single_is_utf8 = detect_encoding(bytes.subspan(i)) != TextEncoding::windows1252;
        decided = true;
      }
      if (!single_is_utf8) {
        const char32_t c = windows1252(bytes[i]);
        if (c == replacement_character) ++replaced;
        append_utf8(c, out);
        ++i;
        continue;
      }
      const Utf8Step step = utf8_step(rest().subspan(i));  // a sequence may end past `bytes`
      if (step.valid) {
        out.append(as_text(rest().subspan(i, step.length)));
      } else {
        replace();
      }
      i += step.length;
    }
    at += i;
    line_start = in[at - 1] == '\n';
  }

  void to_little() {
    form = Form::little;
    if (little_mark(rest())) at += 2;
    line_start = false;  // it was looked at
  }

  [[nodiscard]] char16_t unit(std::size_t i) const {
    const unsigned first = in[i];
    const unsigned second = in[i + 1];
    return static_cast<char16_t>(form == Form::little ? first | second << 8u : first << 8u | second);
  }

  void wide(std::size_t keep) {
    const std::size_t limit = in.size() - keep;
    while (at < limit) {
      if (line_start && form == Form::little) {
        if (little_mark(rest())) at += 2;
        if (looks_single(window()) || (!looks_little(window()) && looks_little(window(1)))) {
          form = Form::single;
          return;
        }
        line_start = false;
        continue;
      }
      if (in.size() - at < 2) {  // half a character at the very end
        replace();
        ++at;
        return;
      }
      char32_t c = unit(at);
      at += 2;
      if (c == 0) {
        zero();
        continue;
      }
      zero_run = false;
      if (c == crlf_of_single_bytes && form == Form::little) {
        out.append("\r\n");
        form = Form::single;
        line_start = true;
        return;
      }
      if (c >= 0xD800 && c <= 0xDFFF) {
        if (c <= 0xDBFF && in.size() - at >= 2 && unit(at) >= 0xDC00 && unit(at) <= 0xDFFF) {
          c = 0x10000 + ((c - 0xD800) << 10u) + (unit(at) - 0xDC00u);
          at += 2;
        } else {
          replace();
          continue;
        }
      }
      append_utf8(c, out);
      line_start = c == '\n';
    }
  }
};

Utf8Stream::Utf8Stream(std::unique_ptr<ByteStream> bytes) : impl_(std::make_unique<Impl>()) {
  impl_->source = std::move(bytes);
}

Utf8Stream::~Utf8Stream() = default;

std::size_t Utf8Stream::read(std::span<std::uint8_t> into) {
  if (into.empty()) return 0;
  Impl& s = *impl_;
  while (s.given == s.out.size()) {
    if (s.ended && s.at == s.in.size()) return 0;
    s.out.clear();
    s.given = 0;
    if (!s.ended) s.refill();
    if (!s.started) s.start();
    s.convert();
  }
  const std::size_t n = std::min(into.size(), s.out.size() - s.given);
  std::memcpy(into.data(), s.out.data() + s.given, n);
  s.given += n;
  return n;
}

std::uint64_t Utf8Stream::replaced() const {
  return impl_->replaced;
}

}  // namespace synclens
