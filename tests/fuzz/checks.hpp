// What every target asks of what it is given back. A check that fails ends the process, so that the fuzzer keeps
// the input.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "support/valid_utf8.hpp"
#include "synclens/bytes.hpp"
#include "synclens/record.hpp"

namespace fuzz {

[[noreturn]] void fail(const char* what, std::string_view about);

inline void require(bool holds, const char* what, std::string_view about = {}) {
  if (!holds) fail(what, about);
}

using support::valid_utf8;

// One JSON value and nothing else; no number that is not finite.
[[nodiscard]] bool valid_json(std::string_view text);

// Gives at most `most` bytes per read, as a pipe or an archive member may.
class Pieces final : public synclens::ByteStream {
 public:
  Pieces(synclens::ByteView bytes, std::size_t most) : left_(bytes), most_(most) {}
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> into) override;

 private:
  synclens::ByteView left_;
  std::size_t most_;
};

// Looks at everything that a decoder delivers and keeps a digest of it.
class CheckedSink final : public synclens::RecordSink {
 public:
  // No address may lie behind `bytes`, the length of what is decoded (of its text, where it is a text).
  explicit CheckedSink(std::uint64_t bytes) : bytes_(bytes) {}

  void event(const synclens::EventView& event) override;
  void passed_over(const synclens::RecordMark& mark) override;
  void sync_log_row(const synclens::SyncLogRow& row) override;
  void setting(const synclens::Setting& setting) override;
  void problem(synclens::Problem problem) override;
  void note(std::string note) override;

  std::uint64_t events = 0, passed = 0, rows = 0, settings = 0, problems = 0, notes = 0;
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  void text(std::string_view text);
  void number(std::uint64_t number);
  void place(const synclens::Address& where);

  std::uint64_t bytes_;
  std::uint64_t digest_ = 14695981039346656037u;
};

// The input without its last byte, which says how to run it, so that seeds stay readable.
struct Input {
  synclens::ByteView bytes;
  std::uint8_t choice = 0;
};
[[nodiscard]] Input split(const std::uint8_t* data, std::size_t size);

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
