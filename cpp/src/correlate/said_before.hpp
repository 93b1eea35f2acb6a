// What was found out about parts of the texts of one source, most of which are the same from record to record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/facts.hpp"

namespace synclens::correlate {

// A value that is worked out again only when the text is another one than before.
template <typename Value>
class ForSameText {
 public:
  template <typename Make>
  const Value& of(std::string_view text, const Make& make) {
    if (!known_ || text != text_) {
      value_ = make(text);
      text_ = text;
      known_ = true;
    }
    return value_;
  }

 private:
  std::string text_;
  Value value_{};
  bool known_ = false;
};

// The numbers of connector and partition that the end of a text names, from its last "<forest-info>" on.
class ForestInfos {
 public:
  struct Numbers {
    Id connector = nobody, partition = nobody;
    std::size_t untracked = 0;  // bytes at the end of the text that hold no tracking id
  };
  Numbers of(std::string_view text, Names& names);

 private:
  std::string end_;  // of the last text; nothing in it but its beginning is "<forest-info>"
  Numbers numbers_;
};

// The beginning of an ordinary text that evidence shows: up to what differs from record to record.
class Beginnings {
 public:
  // What `number` gave for the same beginning before, else what it gives now.
  template <typename Number>
  Id of(std::uint32_t event_id, std::string_view text, const Number& number) {
    Known& known = known_[event_id % known_.size()];
    if (known.with_end.empty() || !text.starts_with(known.with_end)) {
      const Beginning beginning = beginning_of(text);
      known.id = number(beginning.text);
      known.with_end = beginning.with_end;
      if (known.id == nobody) known.with_end.clear();
    }
    return known.id;
  }

 private:
  struct Beginning {
    std::string_view text;
    std::string_view with_end;  // and what ends it: no text that begins so ends it earlier
  };
  static Beginning beginning_of(std::string_view text);

  struct Known {
    std::string with_end;
    Id id = nobody;
  };
  std::array<Known, 16> known_;
};

// The numbers of a user's anchor and DN, which stand side by side in each line about the user.
class UserNames {
 public:
  struct Numbers {
    Id anchor = nobody, dn = nobody;
  };
  Numbers of(const PasswordChange& change, Names& names);

 private:
  struct Known {
    std::string text;
    Numbers numbers;
  };
  static constexpr std::size_t places = 8192;
  static constexpr std::size_t longest = 256;  // of a text that is kept
  std::vector<std::array<Known, 2>> known_;    // the two that were seen last at each place, the last one first
};

// Facts of whole texts: a failure says the same every two minutes.
class SaidBefore {
 public:
  // The fact that a record of the same id, level, provider, computer and text made; null where none did of late.
  [[nodiscard]] const Fact* find(const EventView& event, std::string_view text) const;
  void keep(const EventView& event, std::string_view text, const Fact& fact);

 private:
  struct Said {
    std::string provider, computer, text;
    bool is_message = false;
    std::optional<Fact> fact;
  };
  static constexpr std::size_t places = 64;
  static constexpr std::size_t longest = 16u << 10;  // of a text that is kept

  [[nodiscard]] static std::size_t place(const EventView& event, std::string_view text);
  std::vector<Said> said_{places};
};

}  // namespace synclens::correlate
