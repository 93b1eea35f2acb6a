// Elements without a template as text, token by token, for a sink that is compiled for both kinds of machine.
#pragma once

#include <algorithm>
#include <cstring>

#include "decode/bare_walk.hpp"
#include "decode/instance.hpp"

namespace synclens::evtx {

// Bytes that `size` bytes of elements can become: each unit of a text widest_of_unit, and no token more than three
// times its own. Names stand in the chunk once and are printed as often as they are used, so they count for themselves.
[[nodiscard]] constexpr std::size_t widest_of_bare(std::size_t size) {
  return size * (widest_of_unit / 2);
}
[[nodiscard]] constexpr std::size_t names_of_bare(std::size_t size) {
  return size * 8;
}  // more is left to the rules

// What sinks of text have in common: where they write, and the names that are left to them.
class BareText {
 public:
  BareText(const BareNames& names, char* to, std::size_t room_of_names)
      : names_(names), to_(to), room_of_names_(room_of_names) {}

  [[nodiscard]] char* end() const { return to_; }

 protected:
  template <std::size_t size>
  SYNCLENS_ALWAYS_INLINE void put(const char (&literal)[size]) {
    std::memcpy(to_, literal, size - 1);
    to_ += size - 1;
  }
  // Names that are not plain are spelled by the rules.
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool put_name(std::uint16_t number) {
    const BareName& name = names_[number];
    if (!name.plain || !count(name)) return false;
    copy(name);
    return true;
  }
  SYNCLENS_ALWAYS_INLINE void copy(const BareName& name) {
    const char* const text = names_.text(name);
    for (std::size_t done = 0; done < name.size; done += TextBuffer::padding) {
      std::memcpy(to_ + done, text + done, TextBuffer::padding);
    }
    to_ += name.size;
  }
  // Whether a name may be printed once more.
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool count(const BareName& name) {
    if (name.size > room_of_names_) return false;
    room_of_names_ -= name.size;
    return true;
  }

  const BareNames& names_;
  char* to_;

 private:
  std::size_t room_of_names_;
};

// Where the element at the cursor ends; null where it is not of the usual kind, and then nothing was printed.
template <template <typename> typename Sink, typename Text>
[[nodiscard]] SYNCLENS_ALWAYS_INLINE const std::uint8_t* print_bare_as(BareNames& names, const Cursor& in,
                                                                       std::size_t most_depth, TextBuffer& out,
                                                                       Text text) {
  const std::size_t size = in.left();
  constexpr std::size_t behind = written_behind + TextBuffer::padding;
  char* const room = out.room(widest_of_bare(size) + names_of_bare(size) + behind);
  Sink<Text> sink(names, room, names_of_bare(size), text);
  BareWalk walk(names, in.chunk(), in.here(), in.here() + size);
  if (!walk.element(std::min(most_bare_depth, most_depth), sink)) return nullptr;
  out.end_at(sink.end());
  return walk.at();
}

#if defined(__x86_64__)
template <template <typename> typename Sink>
[[nodiscard]] SYNCLENS_WIDE_LOOP const std::uint8_t* print_bare_wide(BareNames& names, const Cursor& in,
                                                                     std::size_t most_depth, TextBuffer& out) {
  return print_bare_as<Sink>(names, in, most_depth, out, WideText());
}
#endif

// Prints the element at the cursor, which moves behind it. False: it is not of the usual kind, or `out` would be larger
// than `most_size`; nothing happened.
template <template <typename> typename Sink>
[[nodiscard]] bool print_bare_element(FragmentReader& fragments, Cursor& in, std::size_t most_size, TextBuffer& out) {
  if (!fragments.may_go_deeper()) return false;
  Cursor from = in;
  skip_fragment_headers(from);
  const std::size_t before = out.size();
  const std::uint8_t* const end = [&] {
#if defined(__x86_64__)
    if (utf16_kernel() == Utf16Kernel::avx2) {
      return print_bare_wide<Sink>(fragments.names(), from, fragments.most_depth(), out);
    }
#endif
    const UsualText text{utf16_kernel() != Utf16Kernel::scalar};
    return print_bare_as<Sink>(fragments.names(), from, fragments.most_depth(), out, text);
  }();
  if (end == nullptr) return false;
  if (out.size() > most_size) {
    out.cut(before);
    return false;
  }
  in.move_to(end);
  return true;
}

}  // namespace synclens::evtx
