// Time: UTC at 100 ns, as Windows counts it.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace synclens {

// Steps of 100 ns since 1601-01-01T00:00:00Z (a FILETIME). `no_time` where the source gives none.
using Ticks = std::int64_t;
inline constexpr Ticks no_time = std::numeric_limits<Ticks>::min();
inline constexpr Ticks ticks_per_second = 10'000'000;
inline constexpr Ticks ticks_per_minute = 60 * ticks_per_second;
inline constexpr Ticks ticks_per_hour = 60 * ticks_per_minute;
inline constexpr Ticks ticks_per_day = 24 * ticks_per_hour;
inline constexpr Ticks unix_epoch_ticks = 116'444'736'000'000'000;

struct CivilTime {
  std::int32_t year = 1601;
  std::uint32_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::uint32_t fraction = 0;  // of 100 ns, 0 to 9,999,999
};

// `no_time` for a date that does not exist or that does not fit (year 1601 to 30827).
[[nodiscard]] Ticks to_ticks(const CivilTime& civil);
[[nodiscard]] CivilTime to_civil(Ticks ticks);

// "2026-03-10T02:00:00Z"; seven decimals only when there is a fraction; empty for `no_time`.
[[nodiscard]] std::string to_iso(Ticks ticks);

// ISO 8601 with 'T' or a space, 0 to 9 decimals, optional Z or offset. `zoned` says whether one was there;
// without one the result is the clock's reading taken as UTC. Also takes a bare date.
struct IsoTime {
  Ticks ticks = no_time;
  bool zoned = false;
};
[[nodiscard]] std::optional<IsoTime> parse_iso(std::string_view text);

// A time zone. UTC unless named ("Europe/Berlin", "UTC", "+01:00").
class Zone {
 public:
  Zone() = default;  // UTC
  // Throws Error that says what names are known when there is no such zone.
  [[nodiscard]] static Zone named(std::string_view name);
  // A clock's reading (as if it were UTC) to UTC. Of two possible times (the clock was set back) the earlier;
  // a time that the clock skipped is taken as if it had not been set forward.
  [[nodiscard]] Ticks to_utc(Ticks local) const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
  std::string name_ = "UTC";
};

}  // namespace synclens
