// The template definitions of a whole file, for records whose own definition is gone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>

#include "decode/binxml.hpp"
#include "decode/binxml_value.hpp"
#include "synclens/bytes.hpp"

namespace synclens::evtx {

// A record names its template by the first four bytes of the GUID only. So a definition is used where no other GUID of
// the file begins with these bytes, all definitions of that GUID say the same, and the record's values fit its slots.
class FoundTemplates {
 public:
  explicit FoundTemplates(std::size_t most_depth) : most_depth_(most_depth) {}

  // Takes every definition of a chunk that proves itself: it stands where its first instance says, begins with the
  // instance's id, is whole to its end mark, and all its names have the hash that they state.
  void collect(ByteView chunk);

  // Null where there is none or more than one.
  [[nodiscard]] const Tree* find(std::uint32_t id) const;

 private:
  struct Entry {
    std::array<std::uint8_t, 16> guid{};
    std::unique_ptr<Tree> tree;
    bool doubtful = false;
  };
  std::uint32_t take(ByteView chunk, std::uint32_t definition);

  std::size_t most_depth_;
  std::size_t kept_bytes_ = 0;
  std::unordered_map<std::uint32_t, Entry> by_id_;
};

// Whether the values of an instance have the number and the types that the slots of a template state.
[[nodiscard]] bool fits(const Tree& tree, std::span<const Value> values);

// Reads a stream from its beginning to its end and goes back to the beginning. Null where the stream cannot go back.
[[nodiscard]] std::unique_ptr<FoundTemplates> find_templates(ByteStream& stream, std::size_t most_depth);

}  // namespace synclens::evtx
