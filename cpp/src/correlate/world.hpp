// Who is in evidence (servers, connectors, domains), what log covers which time, and who showed life when.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "correlate/distinct.hpp"
#include "correlate/facts.hpp"
#include "correlate/intervals.hpp"
#include "correlate/times.hpp"

namespace synclens::correlate {

struct Server {
  std::string name;  // lower case; empty when no source states one
  Times life;        // 601, 2001, and every sign of a connector on it
  Times starts;      // 601, 2001, 7036 running
  Times strict;      // 654, 651, 657 Success on it
};

struct Connector {
  std::string guid, name;       // either may be empty
  std::optional<bool> enabled;  // its password channel, as configured
  bool configured = false;      // named by the settings
  bool recorded = false;        // named by a record
  Times life;                   // 654, 651, 657 Success
  Times signs;                  // the same and every 663 that no unrecovered cloud failure precedes
  std::set<std::string> domains;
  std::set<int> servers;  // on which it was recorded
  [[nodiscard]] const std::string& shown() const { return name.empty() ? guid : name; }
};

struct Domain {
  std::string name;
  Times life;      // 657 Success of a DN in it, 622, a successful partition state
  Times failures;  // 604, 611, 612, 615, 616, 621: those next to an hour without one, and enough to fill the others
};

constexpr int all_connectors = -1;
constexpr int no_index = -2;

// A ping or a batch (650, 653) that nothing answered, or not within thirty minutes.
struct OpenRequest {
  Fact fact;
  Ticks answered = no_time;  // by 651, 652, 654 or 655; no_time: never
};

struct World {
  const Facts* facts = nullptr;
  const Catalogue* catalogue = nullptr;
  DistinctEvents distinct;
  std::vector<const Fact*> events;  // of these, by time; without the ordinary records
  std::vector<const RowFact*> rows;
  std::vector<const UnclassifiedFact*> unclassified;

  std::vector<Server> servers;
  std::vector<Connector> connectors;
  std::vector<Domain> domains;
  std::map<Id, int> server_index, connector_index;  // by name id; lower case
  std::map<std::string, int, std::less<>> domain_index;
  std::unordered_map<std::uint32_t, int> connector_of_tracking;
  std::string tenant;  // "contoso.onmicrosoft.com" of the cloud connector's name; may be empty
  std::string aad_connector;
  bool more_connectors = false;   // than anybody has: the log was made up
  bool names_stay_apart = false;  // configured names and recorded GUIDs that nothing links

  std::vector<OpenRequest> open_requests;
  Times asked;         // of every event, row and setting: signs of life are kept as far as these can ask for them
  Times tenant_life;   // any 654, 651, 657 Success
  Times channel_use;   // 617, 618, 650, 653
  Intervals logs;      // first to last record of every log that can hold password sync events
  Intervals recorded;  // the same less unreadable stretches and time with host or service off
  Intervals covered;   // of it, what stands in logs that would show a ping: there the absence of one means something
  Intervals unreadable;
  bool damage_without_end = false;              // unreadable part with no readable record behind it, or of unknown time
  Ticks first_record = no_time, end = no_time;  // of the logs above
  bool password_sync_records = false;

  // When what a fact says was said again by records that are not among the events; null where none did.
  [[nodiscard]] const Times* repeats_of(const Fact& fact) const;
  [[nodiscard]] const std::string& text(Id id) const { return facts->names[id]; }
  [[nodiscard]] int server_of(const Fact& fact) const;
  [[nodiscard]] int server_of_source(std::uint32_t source) const;
  [[nodiscard]] int server_of(Id computer) const;
  [[nodiscard]] int connector_of(const Fact& fact) const;  // all_connectors when nothing links it
  [[nodiscard]] int connector_of(const OrdinaryRecord& record) const;
  [[nodiscard]] int connector_of(Id connector, std::uint32_t tracking) const;
  [[nodiscard]] int domain_of(const Fact& fact) const;  // no_index when it names none
  [[nodiscard]] int domain_named(std::string_view name) const;
  [[nodiscard]] std::vector<int> connectors_of_domain(int domain) const;  // empty when no record links them
  // In the last three covered hours; those count that any log was written in, or it would be too long ago.
  [[nodiscard]] bool alive_in_last_hours(const Times& times) const;
};

// Pings and batches without a timely answer.
void find_open_requests(World& world, const Facts& facts);
// Fills the signs of life of everybody, and the failures of domains.
void find_life(World& world, const Facts& facts);
// Fills logs, covered, unreadable and what goes with them.
void find_coverage(World& world, const Facts& facts);

[[nodiscard]] World build_world(const Facts& facts, const Catalogue& catalogue);

}  // namespace synclens::correlate
