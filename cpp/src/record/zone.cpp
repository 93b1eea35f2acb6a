#include <chrono>

#include "synclens/error.hpp"
#include "synclens/time.hpp"

// Windows has no zoneinfo files for date to read, but its standard library knows the zones; the names are the same.
#if defined(_WIN32)
namespace zones = std::chrono;
#else
#include <date/tz.h>
namespace zones = date;
#endif

namespace synclens {

struct Zone::Impl {
  const zones::time_zone* zone = nullptr;
  std::chrono::minutes offset{0};  // where there is no named zone
};

namespace {

std::optional<std::chrono::minutes> fixed_offset(std::string_view name) {
  const auto probe = parse_iso("2000-01-01T00:00:00" + std::string(name));
  if (!probe || !probe->zoned) return std::nullopt;
  const Ticks midnight = to_ticks({2000, 1, 1, 0, 0, 0, 0});
  return std::chrono::minutes((midnight - probe->ticks) / ticks_per_minute);
}

}  // namespace

Zone Zone::named(std::string_view name) {
  Zone result;
  result.name_ = std::string(name);
  if (name == "UTC" || name == "utc" || name == "Z" || name == "GMT") return result;
  auto impl = std::make_shared<Impl>();
  if (const auto offset = fixed_offset(name)) {
    impl->offset = *offset;
  } else {
    try {
      impl->zone = zones::locate_zone(std::string(name));
    } catch (const std::runtime_error&) {
      throw Error("no time zone is called '" + std::string(name) +
                  "'; give UTC, an offset such as +01:00, or a name such as Europe/Berlin");
    }
  }
  result.impl_ = std::move(impl);
  return result;
}

Ticks Zone::to_utc(Ticks local) const {
  if (impl_ == nullptr || local == no_time) return local;
  if (impl_->zone == nullptr) return local - impl_->offset.count() * ticks_per_minute;
  const std::int64_t since_epoch = local - unix_epoch_ticks;
  std::int64_t seconds = since_epoch / ticks_per_second;
  if (since_epoch % ticks_per_second < 0) --seconds;
  // For a time that the clock skipped, `first` is the offset before the clock was set forward.
  const zones::local_info info = impl_->zone->get_info(zones::local_seconds{std::chrono::seconds{seconds}});
  return local - info.first.offset.count() * ticks_per_second;
}

}  // namespace synclens
