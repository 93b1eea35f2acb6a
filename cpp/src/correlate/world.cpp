#include "correlate/world.hpp"

#include <algorithm>

#include "correlate/distinct.hpp"
#include "correlate/event_texts.hpp"
#include "correlate/meaning.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_connectors = 256;
constexpr Ticks three_hours = 3 * ticks_per_hour;

// "{CF57...}" as exports write it, "cf57..." as event texts do.
std::string plain_guid(std::string_view guid) {
  if (guid.size() > 2 && guid.front() == '{' && guid.back() == '}') guid = guid.substr(1, guid.size() - 2);
  return lower(guid);
}

std::string first_label(const std::string& name) {
  return name.substr(0, name.find('.'));
}

bool is_ip_or_bare(const std::string& name) {
  return name.find('.') == std::string::npos;
}

// "sync01" and "sync01.contoso.com" are one server unless two full names begin with that label.
void find_servers(World& w, const Facts& facts) {
  std::set<std::string> names;
  for (const Fact* f : w.events) {
    if (f->password_sync_provider || f->provider != nobody) names.insert(w.text(f->server));
  }
  for (const OrdinaryKind& kind : facts.ordinary.kinds()) names.insert(w.text(kind.server));
  for (const SourceFacts& s : facts.sources) {
    if (!s.host.empty()) names.insert(lower(s.host));
  }
  const bool unnamed = names.erase("") > 0;
  std::map<std::string, int> index;
  for (const std::string& name : names) {
    if (is_ip_or_bare(name)) continue;
    index[name] = static_cast<int>(w.servers.size());
    w.servers.push_back({name, {}, {}, {}});
  }
  for (const std::string& name : names) {
    if (!is_ip_or_bare(name)) continue;
    int found = no_index;
    int matches = 0;
    for (const auto& [full, i] : index) {
      if (first_label(full) == name && full != name) {
        found = i;
        ++matches;
      }
    }
    if (matches == 1) {
      index[name] = found;
    } else {
      index[name] = static_cast<int>(w.servers.size());
      w.servers.push_back({name, {}, {}, {}});
    }
  }
  if (w.servers.empty() || (unnamed && w.servers.size() > 1)) w.servers.emplace_back();
  const auto place = [&](Id computer) {
    const auto found = index.find(w.text(computer));
    // what states no computer belongs to the only server, else to one without a name
    const int i = found != index.end()    ? found->second
                  : w.servers.size() == 1 ? 0
                                          : static_cast<int>(w.servers.size()) - 1;
    w.server_index[computer] = i;
  };
  for (const Fact* f : w.events) place(f->server);
  for (const OrdinaryKind& kind : facts.ordinary.kinds()) place(kind.server);
  for (const SourceFacts& s : facts.sources) {
    const auto found = index.find(lower(s.host));
    if (found == index.end()) continue;
    for (Id id = 1; id < facts.names.size(); ++id) {
      if (facts.names[id] == lower(s.host)) w.server_index[id] = found->second;
    }
  }
}

struct ConfiguredConnector {
  std::string guid;
  bool active_directory = true;
  bool is_connector = false;  // has an identifier, a type or a password channel; not only a stray row of a table
  std::optional<bool> enabled;
  Ticks enabled_at = no_time;
};

void find_connectors(World& w, const Facts& facts) {
  std::map<std::string, ConfiguredConnector> configured;  // by name as written: names are case sensitive
  std::set<std::string> targets;
  for (const SettingFact& s : facts.settings) {
    const std::string& topic = facts.names[s.topic];
    const std::string& subject = facts.names[s.subject];
    const std::string& name = facts.names[s.name];
    const std::string& value = facts.names[s.value];
    if (subject.empty()) continue;
    if (topic == "password-sync") {
      ConfiguredConnector& c = configured[subject];
      c.is_connector = true;
      if (name == "TargetConnector") targets.insert(value);
      if (name == "Enabled" && (c.enabled_at == no_time || s.time >= c.enabled_at)) {
        c.enabled = equal_ignoring_case(value, "True");
        c.enabled_at = s.time;
      }
    } else if (topic == "diagnostics") {
      if (name == "connector-enabled" || name == "heartbeat") configured[subject].is_connector = true;
    } else if (topic == "connector") {
      ConfiguredConnector& c = configured[subject];
      if (name == "Identifier" || name == "Guid") {
        c.guid = plain_guid(value);
        c.is_connector = true;
      }
      if (name == "Type" || name == "ConnectorTypeName") {
        c.is_connector = true;
        if (equal_ignoring_case(value, "Extensible2")) {
          c.active_directory = false;
          targets.insert(subject);
        }
      }
    }
  }
  for (const std::string& target : targets) {
    configured.erase(target);
    w.aad_connector = target;
    const std::size_t dash = target.find(" - AAD");
    if (dash != std::string::npos) w.tenant = target.substr(0, dash);
  }
  std::map<std::string, int> by_guid;
  std::map<std::string, int> by_lower_name;
  for (const auto& [name, c] : configured) {
    if (!c.active_directory || !c.is_connector) continue;
    Connector connector;
    connector.name = name;
    connector.guid = c.guid;
    connector.enabled = c.enabled;
    connector.configured = true;
    const int i = static_cast<int>(w.connectors.size());
    if (!c.guid.empty()) by_guid[c.guid] = i;
    by_lower_name[lower(name)] = i;
    w.connectors.push_back(std::move(connector));
  }
  // GUIDs of records; a partition named like a connector links the two
  std::map<std::string, std::set<std::string>> partitions;
  for (const Fact* f : w.events) {
    if (f->connector != nobody) partitions[w.text(f->connector)].insert(w.text(f->partition));
  }
  for (const OrdinaryKind& kind : facts.ordinary.kinds()) {
    if (kind.connector != nobody) partitions[w.text(kind.connector)].insert(w.text(kind.partition));
  }
  for (const auto& [guid, names] : partitions) {
    if (w.connectors.size() >= most_connectors) {  // not a customer's directory; its records count for all connectors
      w.more_connectors = true;
      break;
    }
    int i = no_index;
    if (by_guid.contains(guid)) {
      i = by_guid[guid];
    } else {
      for (const std::string& partition : names) {
        const auto found = by_lower_name.find(partition);
        if (found != by_lower_name.end() && w.connectors[static_cast<std::size_t>(found->second)].guid.empty()) {
          i = found->second;
        }
      }
    }
    if (i == no_index) {
      i = static_cast<int>(w.connectors.size());
      w.connectors.emplace_back();
    }
    Connector& connector = w.connectors[static_cast<std::size_t>(i)];
    connector.guid = guid;
    connector.recorded = true;
    w.connector_index[facts.names.find(guid)] = i;
  }
  // a single configured channel and records without a GUID: the records are of that channel
  const bool channel_records =
      std::any_of(w.events.begin(), w.events.end(),
                  [](const Fact* f) {
                    return f->password_sync_provider && names_a_channel(f->event_id) && f->connector == nobody;
                  }) ||
      std::any_of(facts.ordinary.kinds().begin(), facts.ordinary.kinds().end(),
                  [](const OrdinaryKind& kind) { return kind.connector == nobody; });
  if (w.connectors.empty() && channel_records) {
    w.connectors.emplace_back();
    w.connectors.back().recorded = true;
  }
  bool only_name = false;
  bool only_guid = false;
  for (const Connector& c : w.connectors) {
    only_name = only_name || (c.configured && !c.recorded);
    only_guid = only_guid || (c.recorded && c.name.empty() && !c.guid.empty());
  }
  w.names_stay_apart = only_name && only_guid;
}

// A record without a GUID takes it from the 650 or 653 of its tracking id. An ordinary log names it in each record.
void link_by_tracking(World& w, const Facts& facts) {
  if (w.connectors.size() < 2) return;
  const auto bare = [&](Id connector, std::uint32_t tracking) { return connector == nobody && tracking != 0; };
  for (const Fact* f : w.events) {
    if (bare(f->connector, f->tracking)) w.connector_of_tracking.emplace(f->tracking, all_connectors);
  }
  const auto& kinds = facts.ordinary.kinds();
  if (std::any_of(kinds.begin(), kinds.end(), [](const OrdinaryKind& k) { return k.connector == nobody && k.tracked; }))
    facts.ordinary.for_each([&](const OrdinaryRecord& r) {
      if (bare(r.kind->connector, r.tracking)) w.connector_of_tracking.emplace(r.tracking, all_connectors);
    });
  if (w.connector_of_tracking.empty()) return;
  const auto begins = [&](std::uint32_t id, Id connector, std::uint32_t tracking) {
    if ((id != 650 && id != 653) || connector == nobody) return;
    const auto wanted = w.connector_of_tracking.find(tracking);
    if (wanted != w.connector_of_tracking.end()) wanted->second = w.connector_index[connector];
  };
  for (const Fact* f : w.events) begins(f->event_id, f->connector, f->tracking);
  facts.ordinary.for_each([&](const OrdinaryRecord& r) { begins(r.kind->event_id, r.kind->connector, r.tracking); });
}

int add_domain(World& w, const std::string& name) {
  const auto [found, added] = w.domain_index.emplace(name, static_cast<int>(w.domains.size()));
  if (added) w.domains.push_back({name, {}, {}});
  return found->second;
}

void find_domains(World& w, const Facts& facts) {
  std::set<std::string> names;  // so that their order is not that of the files
  const auto link = [&](int connector, const std::string& name) {
    if (name.empty() || name == "default") return;
    names.insert(name);
    if (connector >= 0) w.connectors[static_cast<std::size_t>(connector)].domains.insert(name);
  };
  for (const Fact* f : w.events) {
    if (!f->password_sync_provider) continue;
    const int connector = w.connector_of(*f);
    link(connector, w.text(f->domain));
    link(connector, w.text(f->partition));
    if (f->event_id != 656 && f->event_id != 657) continue;
    for (std::uint32_t i = 0; i < f->users_count; ++i) {
      link(connector, domain_of_dn(w.text(facts.users[f->users_begin + i].dn)));
    }
  }
  for (const OrdinaryKind& kind : facts.ordinary.kinds()) {
    const int connector = w.connector_of(kind.connector, 0);
    link(connector, w.text(kind.domain));
    link(connector, w.text(kind.partition));
  }
  std::vector<std::string> of_line;
  for (const UserLine& line : facts.ordinary.user_lines()) of_line.push_back(domain_of_dn(w.text(line.dn)));
  std::map<int, std::vector<bool>> seen;  // lines, by connector
  facts.ordinary.for_each([&](const OrdinaryRecord& r) {
    if (r.users.empty()) return;
    const int connector = w.connector_of(r);
    std::vector<bool>& lines = seen[connector];
    lines.resize(of_line.size());
    for (const std::uint32_t line : r.users) {
      if (!lines[line]) link(connector, of_line[line]);
      lines[line] = true;
    }
  });
  for (const std::string& name : names) add_domain(w, name);
}

// Whether a setting is about a domain: a partition's state, its reachability, a diagnosis of it.
bool is_about_a_domain(const std::string& topic, const std::string& name, const std::string& subject) {
  if (topic == "partition-state" || topic == "reachability") return true;
  if (topic != "diagnostics" || subject.find('.') == std::string::npos) return false;
  return name == "domain-reachable" || name == "account-credential" || name == "account-permission" ||
         name == "last-cycle";
}

// Domains that a setting names. A partition's last successful cycle is a sign of life of its domain; PHS writes these
// times in UTC.
void read_stated_domains(World& w, const Facts& facts) {
  for (const SettingFact& s : facts.settings) {
    if (!is_about_a_domain(facts.names[s.topic], facts.names[s.name], facts.names[s.subject])) continue;
    std::string domain = domain_of_dn(facts.names[s.subject]);
    if (domain.empty()) domain = lower(facts.names[s.subject]);
    if (domain.empty() || domain == "default") continue;
    const int i = add_domain(w, domain);
    if (facts.names[s.topic] != "partition-state") continue;
    const std::string& name = facts.names[s.name];
    const Ticks time = s.time;
    if (name == "PasswordSyncLastCycleStatus" && equal_ignoring_case(facts.names[s.value], "Successful") &&
        time != no_time) {
      w.domains[static_cast<std::size_t>(i)].life.push_back(time);
    }
    if (name == "PasswordSyncLastSuccessfulCycleEndTimestamp" && time != no_time) {
      if (const auto end = parse_iso(facts.names[s.value]))
        w.domains[static_cast<std::size_t>(i)].life.push_back(end->ticks);
    }
  }
  for (Domain& d : w.domains) std::sort(d.life.begin(), d.life.end());
}

// A 611 names its domain but not its connector: what the settings say of the two. A partition is its connector's
// domain, and so is a domain of the connector's own name.
void link_stated_domains(World& w, const Facts& facts) {
  std::map<std::string, int> by_name, by_guid;
  for (std::size_t i = 0; i < w.connectors.size(); ++i) {
    const Connector& c = w.connectors[i];
    if (!c.name.empty()) by_name.emplace(c.name, static_cast<int>(i));
    if (!c.guid.empty()) by_guid.emplace(c.guid, static_cast<int>(i));
  }
  const auto link = [&](const std::map<std::string, int>& connectors, const std::string& of, std::string domain) {
    const auto found = connectors.find(of);
    if (found == connectors.end() || domain.empty() || domain == "default") return;
    w.connectors[static_cast<std::size_t>(found->second)].domains.insert(std::move(domain));
  };
  for (const SettingFact& s : facts.settings) {
    const std::string& topic = facts.names[s.topic];
    const std::string& name = facts.names[s.name];
    if (topic == "partition-state" && equal_ignoring_case(name, "ConnectorId"))
      link(by_guid, plain_guid(facts.names[s.value]), domain_of_dn(facts.names[s.subject]));
    if (topic != "connector" || (name != "Partition" && name != "PartitionDN")) continue;
    const std::string& partition = facts.names[s.value];
    const std::string of_dn = domain_of_dn(partition);
    link(by_name, facts.names[s.subject], of_dn.empty() ? lower(partition) : of_dn);
  }
  for (Connector& connector : w.connectors) {
    const std::string name = lower(connector.name);
    if (w.domain_index.contains(name)) connector.domains.insert(name);
  }
}

}  // namespace

const Times* World::repeats_of(const Fact& fact) const {
  if (fact.series == no_series) return nullptr;
  const auto found = distinct.repeats.find(&fact);
  return found == distinct.repeats.end() ? nullptr : &found->second;
}

int World::server_of(const Fact& fact) const {
  return server_of(fact.server);
}

int World::server_of(Id computer) const {
  const auto found = server_index.find(computer);
  return found == server_index.end() ? 0 : found->second;
}

int World::server_of_source(std::uint32_t source) const {
  const SourceFacts& own = facts->sources[source];
  const auto by_name = [&](const std::string& name) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
      if (servers[i].name == name || first_label(servers[i].name) == name) return static_cast<int>(i);
    }
    return no_index;
  };
  if (!own.host.empty()) {
    const int found = by_name(lower(own.host));
    if (found >= 0) return found;
  }
  for (const SourceFacts& s : facts->sources) {
    if (s.host.empty() || s.bundle != own.bundle) continue;
    const int found = by_name(lower(s.host));
    if (found >= 0) return found;
  }
  return servers.size() == 1 ? 0 : no_index;
}

int World::connector_of(const Fact& fact) const {
  return connector_of(fact.connector, fact.tracking);
}

int World::connector_of(const OrdinaryRecord& record) const {
  return connector_of(record.kind->connector, record.tracking);
}

int World::connector_of(Id connector, std::uint32_t tracking) const {
  if (connector != nobody) {
    const auto found = connector_index.find(connector);
    if (found != connector_index.end()) return found->second;
  }
  if (tracking != 0) {
    const auto found = connector_of_tracking.find(tracking);
    if (found != connector_of_tracking.end()) return found->second;
  }
  return connectors.size() == 1 ? 0 : all_connectors;
}

int World::domain_named(std::string_view name) const {
  const auto found = domain_index.find(name);
  return found == domain_index.end() ? no_index : found->second;
}

int World::domain_of(const Fact& fact) const {
  const int named = domain_named(text(fact.domain));
  return named >= 0 ? named : domain_named(text(fact.partition));
}

std::vector<int> World::connectors_of_domain(int domain) const {
  std::vector<int> result;
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    if (connectors[i].domains.contains(domains[static_cast<std::size_t>(domain)].name))
      result.push_back(static_cast<int>(i));
  }
  return result;
}

bool World::alive_in_last_hours(const Times& times) const {
  return !covered.empty() && any_within(times, recorded.before_end(three_hours), end);
}

World build_world(const Facts& facts, const Catalogue& catalogue) {
  World w;
  w.facts = &facts;
  w.catalogue = &catalogue;
  w.distinct = distinct_events(facts);
  w.events = std::move(w.distinct.events);
  w.rows = distinct_rows(facts);
  w.unclassified = distinct_unclassified(facts);
  w.password_sync_records = !facts.ordinary.empty() || std::any_of(w.events.begin(), w.events.end(), [](const Fact* f) {
    return f->password_sync_provider;
  });
  find_servers(w, facts);
  find_connectors(w, facts);
  link_by_tracking(w, facts);
  find_domains(w, facts);
  find_open_requests(w, facts);
  find_life(w, facts);
  read_stated_domains(w, facts);
  link_stated_domains(w, facts);
  find_coverage(w, facts);
  return w;
}

}  // namespace synclens::correlate
