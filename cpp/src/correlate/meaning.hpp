// What event ids mean for states and signs of life: the tables of verdicts.md as data.
#pragma once

#include <cstdint>
#include <string_view>

#include "correlate/facts.hpp"

namespace synclens::correlate {

// What ends the state that a sighting shows.
enum class EndedBy : std::uint8_t {
  nothing,           // ongoing or past by time alone
  service_start,     // 601, 2001, 7036 running, or a sign of life of a connector on that server
  server_life,       // 601, 2001, or any sign of a connector on that server
  self_healing_end,  // 661, or a sign of life of the tenant
  full_sync_end,     // 622, 623
  user_success,      // a later 657 Success or Success row of the user
  retry_done,        // the same, or 606
  user_answer,       // any later 657 of the user
  flag_cleared,      // a 657 of the user with PwdChangeOnLogon=False
  domain_life,       // of the domain; without one, of the server
  tenant_life,       // 654, 651 or 657 Success
  first_sync_done,   // 617, 618, 650, 653
  connector_life,
  later_setting,  // an opposite value collected later
};

[[nodiscard]] EndedBy ended_by(std::uint32_t event_id, ScopeKind scope);

// A state that has no repetition: ongoing however long ago it was seen, until it is ended.
[[nodiscard]] bool lasts(std::uint32_t event_id);

[[nodiscard]] bool is_password_sync_provider(std::string_view provider);

// Records of a password sync channel, whatever they say of it.
[[nodiscard]] bool names_a_channel(std::uint32_t event_id);

// Cloud-side failures: after one of them a 663 is no sign that the channel works.
[[nodiscard]] bool is_cloud_failure(std::uint32_t event_id);

// Failures of a domain, whatever the cause: none of them in Q covered hours is a sign of life of the domain.
[[nodiscard]] bool is_domain_failure(std::uint32_t event_id);

// Administrator audit events (2503 to 2521): what was changed.
[[nodiscard]] bool is_admin_change(std::uint32_t event_id);
[[nodiscard]] std::string_view admin_change(std::uint32_t event_id);

}  // namespace synclens::correlate
