// A failure that repeats says the same again, for a year every two minutes: the first record of such a series is kept
// as a fact, of each further one only where and when, in some ten bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "correlate/steps.hpp"
#include "synclens/record.hpp"

namespace synclens::correlate {

struct Fact;

// Number of a series. No series has this one.
inline constexpr std::uint32_t no_series = ~std::uint32_t{0};

// Where and when one record of a series stands.
struct Place {
  Ticks time = no_time;
  std::uint64_t record_id = 0, offset = 0, line = 0;
};

[[nodiscard]] Place place_of(const Fact& fact);

// The records behind the first, each later than the one before it, or in an export with the newest first, each earlier.
class Series {
 public:
  explicit Series(const Fact& first) : first_(place_of(first)), last_(first_) {}

  // False where the record goes against the direction of the others, or can't be put before or behind them.
  [[nodiscard]] bool add(const Place& place);
  // Whether its time goes against the direction: the first of another series, not one more of this.
  [[nodiscard]] bool turns_at(Ticks time) const { return backwards_ ? time > last_.time : time < last_.time; }

  [[nodiscard]] bool backwards() const { return backwards_; }
  [[nodiscard]] Ticks earliest() const { return backwards_ ? last_.time : first_.time; }
  [[nodiscard]] Ticks latest() const { return backwards_ ? first_.time : last_.time; }

  // Calls `use(place, index)` with each, in the order in which they came.
  template <typename Use>
  void for_each(const Use& use) const {
    Place place = first_;
    auto time = static_cast<std::uint64_t>(place.time);
    StepReader steps(steps_);
    for (std::size_t i = 0; i < count_; ++i) {
      place.time = static_cast<Ticks>(steps.value(time));
      steps.value(place.record_id);
      steps.value(place.offset);
      steps.value(place.line);
      use(static_cast<const Place&>(place), i);
    }
  }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  Place first_, last_;
  std::size_t count_ = 0;
  bool backwards_ = false;
  Steps steps_;
};

// Finds the series that a record of one source goes on with.
class SeriesFinder {
 public:
  SeriesFinder(std::deque<Fact>& facts, std::deque<Series>& series);

  // True where the record is kept as one of a series. Otherwise it becomes the next of the facts.
  [[nodiscard]] bool take(const Fact& fact);

 private:
  // The facts looked at last, by what they say: of a log in which no text is like another, nothing more is held.
  struct Head {
    std::size_t fact = none;
  };
  static constexpr std::size_t none = ~std::size_t{0};
  static constexpr std::size_t heads = 1024;

  std::deque<Fact>& facts_;
  std::deque<Series>& series_;
  std::vector<Head> heads_;
};

}  // namespace synclens::correlate
