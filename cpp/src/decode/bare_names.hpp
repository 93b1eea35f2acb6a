// The names in elements that stand in a record without a template, each known by a number for as long as it can be.
//
// A name stands in the chunk once, and whatever has it says where: what is there is looked at once in a chunk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/binxml.hpp"

namespace synclens::evtx {

// Names that mean something to whoever reads elements or references.
enum class KnownName : std::uint8_t {
  none,
  data,
  name,
  event,
  event_data,
  user_data,
  system,
  rendering_info,
  binary,
  binary_event_data,
  amp,
  lt,
  gt,
  quot,
  apos,
  // of System
  provider,
  guid,
  event_id,
  qualifiers,
  version,
  level,
  task,
  opcode,
  keywords,
  time_created,
  system_time,
  event_record_id,
  correlation,
  activity_id,
  related_activity_id,
  execution,
  process_id,
  thread_id,
  channel,
  computer,
  security,
  user_id,
};

[[nodiscard]] KnownName known_name(std::string_view text);

struct BareName {
  std::uint32_t at = 0;  // its UTF-8 text, in texts()
  std::uint16_t size = 0;
  bool plain = false;  // is_plain_name()
  KnownName known = KnownName::none;
};

class BareNames {
 public:
  static constexpr std::uint16_t none = 0;

  BareNames();

  void begin_chunk();
  // Whether so many are kept that they are better forgotten: their numbers then mean nothing any more.
  [[nodiscard]] bool is_full() const { return bytes_ > most_bytes; }
  void forget();
  // Changes when the numbers do.
  [[nodiscard]] std::uint32_t age() const { return age_; }

  // Of the name whose entry stands there in the chunk; `none` where it is no name, too long or one too many.
  [[nodiscard]] std::uint16_t number_at(ByteView chunk, std::uint32_t entry) {
    return entry < by_entry_.size() && by_entry_[entry] != none ? by_entry_[entry] : fresh_number_at(chunk, entry);
  }
  // The same of a name whose entry's place stands at `at`, with the entry behind it where it stands there; moves `at`
  // behind both. Precondition: four bytes are there.
  [[nodiscard]] std::uint16_t take(ByteView chunk, const std::uint8_t*& at, const std::uint8_t* end) {
    const auto entry = load<std::uint32_t>(at);
    at += 4;
    const std::uint16_t number = number_at(chunk, entry);
    if (number == none || chunk.data() + entry != at) return number;
    const std::ptrdiff_t size = name_head + load<std::uint16_t>(at + 6) * 2 + 2;
    if (end - at < size) return none;
    at += size;
    return number;
  }
  [[nodiscard]] const BareName& operator[](std::uint16_t number) const { return names_[number]; }
  // TextBuffer::padding bytes may be read behind each.
  [[nodiscard]] const char* text(const BareName& name) const { return texts_.data() + name.at; }
  [[nodiscard]] std::size_t count() const { return names_.size(); }  // one more than the highest number

 private:
  static constexpr std::size_t most_bytes = 4u << 20;
  static constexpr std::uint32_t most_bytes_of_name = 512;

  [[nodiscard]] std::uint16_t fresh_number_at(ByteView chunk, std::uint32_t entry);
  [[nodiscard]] std::uint16_t number_of(ByteView utf16);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>> numbers_;  // by UTF-16
  std::vector<BareName> names_;                                                    // by number
  TextBuffer texts_;
  std::size_t bytes_ = 0;
  std::uint32_t age_ = 0;
  std::vector<std::uint16_t> by_entry_;  // of this chunk; as long as offsets ask for
  std::vector<std::uint32_t> used_;
};

}  // namespace synclens::evtx
