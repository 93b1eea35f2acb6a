// The tables of verdicts.md, "States and their opposites", id by id.
#include <doctest/doctest.h>

#include <set>

#include "correlate/meaning.hpp"

using namespace synclens;
using namespace synclens::correlate;

TEST_CASE("meaning: what ends each state") {
  const auto all = [](EndedBy by, ScopeKind scope, std::initializer_list<std::uint32_t> ids) {
    for (const std::uint32_t id : ids) CHECK_MESSAGE(ended_by(id, scope) == by, id);
  };
  all(EndedBy::service_start, ScopeKind::server, {602, 609, 2002, 7036});
  // "until its opposite", which the service controller says itself (7036 running); any sign of life ends them as well
  all(EndedBy::service_start, ScopeKind::server, {7038, 7000, 7031, 7034});
  all(EndedBy::server_life, ScopeKind::server, {603, 607, 610, 2005, 6028, 6226, 6323, 528});
  all(EndedBy::self_healing_end, ScopeKind::tenant, {660});
  all(EndedBy::full_sync_end, ScopeKind::forest, {617, 618});
  all(EndedBy::domain_life, ScopeKind::domain, {604, 611, 612, 615, 616, 621, 666, 667});
  all(EndedBy::domain_life, ScopeKind::server, {667});  // a FIPS text is the server's, and ends as a 611 does
  all(EndedBy::tenant_life, ScopeKind::tenant, {0, 106, 109, 115, 652, 655, 662, 665, 904, 906, 1012, 6801, 6900});
  all(EndedBy::tenant_life, ScopeKind::domain, {665});
  all(EndedBy::first_sync_done, ScopeKind::server, {613});
  all(EndedBy::nothing, ScopeKind::tenant, {1011, 116});
}

TEST_CASE("meaning: other ids end as their scope does") {
  CHECK(ended_by(99999, ScopeKind::tenant) == EndedBy::tenant_life);
  CHECK(ended_by(99999, ScopeKind::server) == EndedBy::server_life);
  CHECK(ended_by(99999, ScopeKind::forest) == EndedBy::connector_life);
  CHECK(ended_by(99999, ScopeKind::connector) == EndedBy::connector_life);
  CHECK(ended_by(99999, ScopeKind::domain) == EndedBy::domain_life);
  CHECK(ended_by(99999, ScopeKind::user) == EndedBy::user_success);
}

TEST_CASE("meaning: what lasts without being repeated") {
  const std::set<std::uint32_t> lasting{602,  609,  2002, 613, 617,  618,  650,  653,  656,  660, 2005,
                                        6028, 6226, 6323, 528, 7038, 7036, 7000, 7031, 7034, 620};
  for (std::uint32_t id = 0; id < 10'000; ++id) CHECK_MESSAGE(lasts(id) == lasting.contains(id), id);
}

TEST_CASE("meaning: ids of channels, of domain failures and of cloud failures") {
  const std::set<std::uint32_t> channels{650, 651, 652, 653, 654, 655, 656, 657, 663};
  const std::set<std::uint32_t> domains{604, 611, 612, 615, 616, 621};
  const std::set<std::uint32_t> cloud{0, 106, 109, 115, 652, 655, 662, 665, 904, 906, 1012, 6801, 6900};
  for (std::uint32_t id = 0; id < 10'000; ++id) {
    CHECK_MESSAGE(names_a_channel(id) == channels.contains(id), id);
    CHECK_MESSAGE(is_domain_failure(id) == domains.contains(id), id);
    CHECK_MESSAGE(is_cloud_failure(id) == cloud.contains(id), id);
    CHECK_MESSAGE(is_admin_change(id) == (id >= 2503 && id <= 2521), id);
    CHECK_MESSAGE(admin_change(id).empty() == (id < 2503 || id > 2521), id);
  }
}

TEST_CASE("meaning: administrator changes by name") {
  CHECK(admin_change(2503) == "a directory was added, updated or deleted");
  CHECK(admin_change(2505) == "the domains and OUs in sync were changed");
  CHECK(admin_change(2506) == "password hash sync was switched on or off");
  CHECK(admin_change(2510) == "a custom sync rule was changed");
  CHECK(admin_change(2511) == "domain filtering was changed");
  CHECK(admin_change(2512) == "OU filtering was changed");
  CHECK(admin_change(2513) == "the user sign-in method was changed");
  CHECK(admin_change(2517) == "permissions were set");
  CHECK(admin_change(2518) == "the AD DS connector credential was changed");
  CHECK(admin_change(2519) == "the cloud connector account's password was reinitialised");
  CHECK(admin_change(2521) == "the AD FS service account was changed");
}

TEST_CASE("meaning: providers of password hash sync, in any case") {
  CHECK(is_password_sync_provider("Directory Synchronization"));
  CHECK(is_password_sync_provider("directory synchronization"));
  CHECK(is_password_sync_provider("ADSYNC"));
  CHECK(is_password_sync_provider("FIMSynchronizationService"));
  CHECK_FALSE(is_password_sync_provider("ADSync2"));
  CHECK_FALSE(is_password_sync_provider("PasswordResetService"));
  CHECK_FALSE(is_password_sync_provider(""));
}
