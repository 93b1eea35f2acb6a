// A bounds-checked reader over the bytes of one chunk. All offsets are offsets in the chunk.
#pragma once

#include <cstdint>
#include <cstring>

#include "synclens/bytes.hpp"

namespace synclens::evtx {

// Why a record could not be read. Thrown inside decode and render only; it never leaves them.
struct Damage {
  const char* what;          // "name past the end of the chunk"
  std::uint32_t offset;      // in the chunk
  bool of_template = false;  // the template that the record refers to is gone or not to be trusted
};

// The file format is little-endian and nothing in it is aligned.
template <typename T>
[[nodiscard]] inline T load(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  std::uint8_t turned[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) turned[i] = at[sizeof(T) - 1 - i];
  std::memcpy(&value, turned, sizeof value);
#endif
  return value;
}

// Bytes that may be read behind any value of a chunk: the blocks of vector code end past short texts. Whoever holds a
// chunk keeps that many more bytes behind it.
inline constexpr std::size_t readable_behind = 64;

// Reads forward between two offsets of a chunk. Borrows the chunk. Every read throws Damage past the end.
class Cursor {
 public:
  Cursor(ByteView chunk, std::uint32_t at, std::uint32_t end)
      : base_(chunk.data()), at_(at), end_(end), size_(static_cast<std::uint32_t>(chunk.size())) {
    if (end_ > size_) end_ = size_;
    if (at_ > end_) throw Damage{"start past the end", at};
  }

  [[nodiscard]] std::uint32_t at() const { return at_; }
  [[nodiscard]] std::uint32_t end() const { return end_; }
  [[nodiscard]] std::uint32_t left() const { return end_ - at_; }
  [[nodiscard]] ByteView chunk() const { return {base_, size_}; }
  [[nodiscard]] const std::uint8_t* here() const { return base_ + at_; }

  [[nodiscard]] std::uint8_t u8(const char* what) { return take<std::uint8_t>(what); }
  [[nodiscard]] std::uint16_t u16(const char* what) { return take<std::uint16_t>(what); }
  [[nodiscard]] std::uint32_t u32(const char* what) { return take<std::uint32_t>(what); }

  // The next byte without moving; Damage at the end.
  [[nodiscard]] std::uint8_t peek(const char* what) const {
    if (at_ == end_) throw Damage{what, at_};
    return base_[at_];
  }

  void skip(std::uint32_t bytes, const char* what) {
    if (bytes > left()) throw Damage{what, at_};
    at_ += bytes;
  }

  // To a place between here and the end.
  void move_to(const std::uint8_t* place) { at_ = static_cast<std::uint32_t>(place - base_); }

  [[nodiscard]] ByteView bytes(std::uint32_t count, const char* what) {
    const std::uint8_t* from = here();
    skip(count, what);
    return {from, count};
  }

 private:
  template <typename T>
  T take(const char* what) {
    if (left() < sizeof(T)) throw Damage{what, at_};
    const T value = load<T>(base_ + at_);
    at_ += static_cast<std::uint32_t>(sizeof(T));
    return value;
  }

  const std::uint8_t* base_;
  std::uint32_t at_, end_, size_;
};

}  // namespace synclens::evtx
