// Small readings of PHS event texts that no rule captures: domains, DNs, builds, service names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "synclens/record.hpp"

namespace synclens::correlate {

// The name after "for domain:" or "for forest:"; empty where there is none.
[[nodiscard]] std::string_view named_domain(std::string_view text);

// Every DN after "DN =", "DN :" or "Dn:" at the start of a line or after a comma.
[[nodiscard]] std::vector<std::string_view> named_dns(std::string_view text);

// "contoso.com" of "CN=Ana,OU=Staff,DC=contoso,DC=com", in lower case; empty for a DN without DC parts.
[[nodiscard]] std::string domain_of_dn(std::string_view dn);

// In lower case. A name as long as no computer, domain or GUID is: not one, but text that a broken export ran into it.
[[nodiscard]] std::string name_of(std::string_view text);

// A build that the engine prints at the end of its traces: "Azure AD Sync 1.4.18.0".
[[nodiscard]] std::string_view named_build(std::string_view text);

// Service Control Manager: whether the text or the data name the sync service, by its display names or as ADSync.
[[nodiscard]] bool names_sync_service(const EventView& event, std::string_view text);
// Letters of each of its names, in lower case.
inline constexpr std::string_view in_each_name_of_sync_service = "ync";

// 7036: whether the service entered the running or the stopped state. The words are localised; the binary data is not.
enum class ServiceState : std::uint8_t { unknown, running, stopped };
[[nodiscard]] ServiceState service_state(const EventView& event, std::string_view text);

// 2506: whether the text says that the feature was switched on or off.
enum class Switch : std::uint8_t { unknown, on, off };
[[nodiscard]] Switch switched(std::string_view text);

// The first lines of a text, with runs of white space made one blank, at most `most` bytes, cut between characters.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t most);

// "2026-03-10 02:00 UTC", as sentences write a time; "an unknown time" for no_time.
[[nodiscard]] std::string to_minute(Ticks ticks);

// FNV-1a over the text without white space: the same event exported in two ways has the same value.
[[nodiscard]] std::uint64_t hash_text(std::string_view text);

}  // namespace synclens::correlate
