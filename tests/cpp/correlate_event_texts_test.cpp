#include <doctest/doctest.h>

#include "correlate/event_texts.hpp"

using namespace synclens;
using namespace synclens::correlate;

TEST_CASE("event texts: a time as sentences write it") {
  CHECK(to_minute(to_ticks({2026, 3, 10, 2, 0, 59, 1})) == "2026-03-10 02:00 UTC");
  CHECK(to_minute(no_time) == "an unknown time");
}

TEST_CASE("event texts: the domain after its label") {
  CHECK(named_domain("Password sync failed for domain: contoso.com, domain controller hostname: dc1") == "contoso.com");
  CHECK(named_domain("completed for Domain : emea.example.\r\n") == "emea.example");
  CHECK(named_domain("completed for forest: corp.example") == "corp.example");
  CHECK(named_domain("for domain:   ").empty());
  CHECK(named_domain("the domain contoso.com").empty());
}

TEST_CASE("event texts: every DN of a list") {
  const auto dns = named_dns("failed, will retry. \r\n DN = CN=Ana,DC=contoso,DC=com\r\nDn: CN=Bo,DC=contoso,DC=com\n");
  REQUIRE(dns.size() == 2);
  CHECK(dns[0] == "CN=Ana,DC=contoso,DC=com");
  CHECK(dns[1] == "CN=Bo,DC=contoso,DC=com");
  CHECK(named_dns("hdn = CN=x").empty());
  CHECK(named_dns("DN = nothing of the sort").empty());
  CHECK(named_dns("DN =").empty());
}

TEST_CASE("event texts: the domain of a DN") {
  CHECK(domain_of_dn("CN=Ana,OU=Staff,DC=Contoso,DC=COM") == "contoso.com");
  CHECK(domain_of_dn("CN=A\\,DC=evil,OU=x,DC=contoso,DC=com") == "contoso.com");
  CHECK(domain_of_dn("CN=Ana,OU=Staff").empty());
  CHECK(domain_of_dn("").empty());
  CHECK(domain_of_dn("DC=a,CN=x,DC=b").compare("b") == 0);
  CHECK(domain_of_dn("CN=ends with a stroke\\").empty());
}

TEST_CASE("event texts: the build at the end of a trace") {
  CHECK(named_build("0x6ba\r\nAzure AD Sync 2.5.190.0\"") == "2.5.190.0");
  CHECK(named_build("Microsoft Entra Connect Sync 2.4.18.0.") == "2.4.18.0");
  CHECK(named_build("Microsoft Entra Connect version 2.4.27.0 was installed.") == "2.4.27.0");
  CHECK(named_build("Microsoft Entra Connect 2.4.27.0") == "2.4.27.0");
  CHECK(named_build("Microsoft Azure Active Directory Connect Version: 1.4.38.0") == "1.4.38.0");
  CHECK(named_build("Azure AD Connect v2.0.3.0") == "2.0.3.0");
  CHECK(named_build("Microsoft Entra Connect Health Agent 4.5.2520.0").empty());
  CHECK(named_build("Azure AD Sync Scheduler").empty());
  CHECK(named_build("Azure AD Sync 1.4").empty());
  CHECK(named_build("Azure AD Sync x, Azure AD Sync 1.4.18.0") == "1.4.18.0");
}

TEST_CASE("event texts: the service under its three names, in the text and in the data") {
  EventView event;
  CHECK(names_sync_service(event, "The Microsoft Azure AD Sync service entered the stopped state."));
  CHECK(names_sync_service(event, "Der Dienst \"Microsoft Entra ID Sync\" befindet sich jetzt im Status"));
  CHECK(names_sync_service(event, "ADSync\nstopped"));
  CHECK_FALSE(names_sync_service(event, "The Windows Update service entered the stopped state."));
  event.binary = "4100440053 0079";
  CHECK_FALSE(names_sync_service(event, ""));
  event.binary = "4100440053007900 6e0063002F00340000";
  CHECK_FALSE(names_sync_service(event, ""));
  event.binary = "41004400530079006e0063002F0034000000";
  CHECK(names_sync_service(event, ""));
}

TEST_CASE("event texts: the service wherever its name stands, in any letter case") {
  const EventView event;
  for (std::size_t before = 0; before < 40; ++before) {
    CAPTURE(before);
    for (std::size_t behind = 0; behind < 12; ++behind) {
      const std::string around = std::string(before, before % 2 == 0 ? 'y' : '9');
      CHECK(names_sync_service(event, around + "aDsYnC" + std::string(behind, '.')));
      CHECK_FALSE(names_sync_service(event, around + "ADSyn" + std::string(behind, '.')));
    }
  }
}

TEST_CASE("event texts: running or stopped, by the words and where they are of another language by the data") {
  EventView event;
  CHECK(service_state(event, "entered the stopped state") == ServiceState::stopped);
  CHECK(service_state(event, "entered the running state") == ServiceState::running);
  CHECK(service_state(event, "befindet sich jetzt im Status \"Wird ausgefuehrt\"") == ServiceState::unknown);
  event.binary = "41004400530079006E0063002F0034000000";
  CHECK(service_state(event, "befindet sich") == ServiceState::running);
  event.binary = "41004400530079006E0063002F0031000000";
  CHECK(service_state(event, "befindet sich") == ServiceState::stopped);
  event.binary = "41004400530079006E0063002F0032000000";
  CHECK(service_state(event, "befindet sich") == ServiceState::unknown);
}

TEST_CASE("event texts: what a 2506 says") {
  CHECK(switched("Password hash sync was disabled.") == Switch::off);
  CHECK(switched("Password hash sync was ENABLED.") == Switch::on);
  CHECK(switched("OldValue: True, NewValue: False") == Switch::off);
  CHECK(switched("Password hash sync was changed.") == Switch::unknown);
}

TEST_CASE("event texts: shortened between characters") {
  CHECK(shorten("  a \r\n\t b  ", 100) == "a b");
  CHECK(shorten("abcdef", 6) == "abcdef");
  CHECK(shorten("abcdefg", 6) == "abcdef ...");
  for (std::size_t most = 1; most < 8; ++most) {
    const std::string cut = shorten("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z", most);
    // no lone lead or continuation byte is left over
    std::size_t expected = 0;
    for (const char c : cut) {
      const auto u = static_cast<unsigned char>(c);
      if ((u & 0xC0) == 0x80) {
        REQUIRE(expected > 0);
        --expected;
      } else {
        REQUIRE(expected == 0);
        expected = u >= 0xF0 ? 3 : u >= 0xE0 ? 2 : u >= 0xC0 ? 1 : 0;
      }
    }
    CHECK(expected == 0);
  }
}

TEST_CASE("event texts: white space does not change the hash, words do") {
  CHECK(hash_text("a b\r\nc") == hash_text("a  b c"));
  CHECK(hash_text("a b c") != hash_text("a b d"));
}
