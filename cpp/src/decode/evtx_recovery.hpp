// Records that do not stand where a chunk says that its records are.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "decode/evtx_chunk.hpp"

namespace synclens::evtx {

// What came of reading a record: all of it, what could be proved of it, nothing.
enum class Reading : std::uint8_t { whole, part, none };

// Finds whole records anywhere between two offsets of a chunk: signature, size and its copy agree, and a fragment
// follows. Gives up where candidates lie over each other many times, so that the work stays linear in the size.
class RecordSearch {
 public:
  // Borrows `work`: bytes of candidates so far in this chunk.
  RecordSearch(ByteView chunk, std::uint32_t from, std::uint32_t end, std::uint32_t& work)
      : chunk_(chunk), at_(from), end_(end), work_(work) {}
  [[nodiscard]] bool next(RecordSpan& record);
  // The last hit was none: look inside it.
  void reject_last() { at_ = last_ + 1; }

 private:
  ByteView chunk_;
  std::uint32_t at_, end_, last_ = 0;
  std::uint32_t& work_;
};

// Where the content of a record ends: behind the end mark of its fragment, or at `end` where that cannot be told.
[[nodiscard]] std::uint32_t content_end(ByteView chunk, const RecordSpan& record);

// Why a record is not intact, in words: where it was found, what it could be read with only, what is damaged. Empty for
// an intact one. Valid until `buffer` changes.
[[nodiscard]] std::string_view reason_of(const RecordSpan& record, Provenance provenance, std::string_view damage,
                                         std::string& buffer);

// Searches the stretches of one chunk that hold no live record.
class ChunkRecovery {
 public:
  using Read = std::function<Reading(const RecordSpan&)>;

  // Borrows all of them. Without `enabled` nothing is searched.
  ChunkRecovery(const Chunk& chunk, Account& account, bool enabled, Read read)
      : chunk_(chunk), account_(account), enabled_(enabled), read_(std::move(read)) {}

  // A stretch that should hold records. What no record is found in is entered as skipped.
  void lost(std::uint32_t from, std::uint32_t end, const char* what, const char* reason);
  // A stretch that the chunk calls free.
  void unused(std::uint32_t from, std::uint32_t end);
  // A record that was read: another may stand behind its content.
  void inside(const RecordSpan& record);

 private:
  template <typename Rest>
  void search(std::uint32_t from, std::uint32_t end, RecordState state, const char* reason, Rest rest);

  const Chunk& chunk_;
  Account& account_;
  bool enabled_;
  Read read_;
  std::uint32_t work_ = 0;
};

}  // namespace synclens::evtx
