#include "correlate/meaning.hpp"

#include <algorithm>
#include <array>

#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

template <std::size_t N>
bool in(const std::array<std::uint32_t, N>& ids, std::uint32_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// What the service controller says that the service is not running of ends with its word that it runs, too.
constexpr std::array<std::uint32_t, 8> stopped{602, 609, 2002, 7036, 7038, 7000, 7031, 7034};
constexpr std::array<std::uint32_t, 8> engine_down{603, 607, 610, 2005, 6028, 6226, 6323, 528};
constexpr std::array<std::uint32_t, 8> domain_trouble{604, 611, 612, 615, 616, 621, 666, 667};
constexpr std::array<std::uint32_t, 13> cloud_trouble{0, 106, 109, 115, 652, 655, 662, 665, 904, 906, 1012, 6801, 6900};
constexpr std::array<std::uint32_t, 21> lasting{602,  609,  2002, 613, 617,  618,  650,  653,  656,  660, 2005,
                                                6028, 6226, 6323, 528, 7038, 7036, 7000, 7031, 7034, 620};
constexpr std::array<std::uint32_t, 6> domain_silence_breakers{604, 611, 612, 615, 616, 621};

}  // namespace

EndedBy ended_by(std::uint32_t event_id, ScopeKind scope) {
  if (in(stopped, event_id)) return EndedBy::service_start;
  if (in(engine_down, event_id)) return EndedBy::server_life;
  if (event_id == 660) return EndedBy::self_healing_end;
  if (event_id == 617 || event_id == 618) return EndedBy::full_sync_end;
  if (in(domain_trouble, event_id)) return EndedBy::domain_life;
  if (event_id == 613) return EndedBy::first_sync_done;
  if (in(cloud_trouble, event_id)) return EndedBy::tenant_life;
  if (event_id == 1011 || event_id == 116) return EndedBy::nothing;
  switch (scope) {
    case ScopeKind::tenant:
      return EndedBy::tenant_life;
    case ScopeKind::server:
      return EndedBy::server_life;
    case ScopeKind::forest:
    case ScopeKind::connector:
      return EndedBy::connector_life;
    case ScopeKind::domain:
      return EndedBy::domain_life;
    case ScopeKind::user:
      return EndedBy::user_success;
  }
  return EndedBy::nothing;
}

bool lasts(std::uint32_t event_id) {
  return in(lasting, event_id);
}

bool is_password_sync_provider(std::string_view provider) {
  return equal_ignoring_case(provider, "Directory Synchronization") || equal_ignoring_case(provider, "ADSync") ||
         equal_ignoring_case(provider, "FIMSynchronizationService");
}

bool names_a_channel(std::uint32_t event_id) {
  return (event_id >= 650 && event_id <= 657) || event_id == 663;
}

bool is_cloud_failure(std::uint32_t event_id) {
  return in(cloud_trouble, event_id);
}

bool is_domain_failure(std::uint32_t event_id) {
  return in(domain_silence_breakers, event_id);
}

bool is_admin_change(std::uint32_t event_id) {
  return event_id >= 2503 && event_id <= 2521;
}

std::string_view admin_change(std::uint32_t event_id) {
  constexpr std::array<std::string_view, 19> what{"a directory was added, updated or deleted",
                                                  "the express settings mode was changed",
                                                  "the domains and OUs in sync were changed",
                                                  "password hash sync was switched on or off",
                                                  "sync was set to start after installation",
                                                  "an AD DS account was created",
                                                  "an existing AD DS account was taken",
                                                  "a custom sync rule was changed",
                                                  "domain filtering was changed",
                                                  "OU filtering was changed",
                                                  "the user sign-in method was changed",
                                                  "an AD FS farm was added",
                                                  "single sign-on was changed",
                                                  "a web application proxy was changed",
                                                  "permissions were set",
                                                  "the AD DS connector credential was changed",
                                                  "the cloud connector account's password was reinitialised",
                                                  "an AD FS server was changed",
                                                  "the AD FS service account was changed"};
  return is_admin_change(event_id) ? what[event_id - 2503] : std::string_view{};
}

}  // namespace synclens::correlate
