// Who showed life when: the signs of verdicts.md.
#include <algorithm>
#include <utility>

#include "correlate/event_texts.hpp"
#include "correlate/meaning.hpp"
#include "correlate/thin_times.hpp"
#include "correlate/world.hpp"

namespace synclens::correlate {
namespace {

bool is_success(const Fact& fact, const Facts& facts) {
  if (fact.event_id != 657) return false;
  for (std::uint32_t i = 0; i < fact.users_count; ++i) {
    if (facts.users[fact.users_begin + i].kind == UserLine::Kind::success) return true;
  }
  return false;
}

// Every time after which a first sign of life may be asked for.
Times asked_times(const World& w, const Facts& facts) {
  Times asked;
  const auto take = [&](Ticks time) {
    if (time != no_time) asked.push_back(time);
  };
  for (const Fact* f : w.events) take(f->time);
  for (const auto& [fact, times] : w.distinct.repeats) asked.insert(asked.end(), times.begin(), times.end());
  for (const RowFact* r : w.rows) take(r->time);
  for (const SettingFact& s : facts.settings) take(s.time);
  for (const OpenRequest& r : w.open_requests) take(r.fact.time);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

class Life {
 public:
  Life(World& world, const Facts& all)
      : w(world),
        facts(all),
        tenant(w.asked),
        use(w.asked),
        servers(w.servers.size(), ThinTimes(w.asked)),
        strict(w.servers.size(), ThinTimes(w.asked)),
        connectors(w.connectors.size(), ThinTimes(w.asked)),
        running(w.connectors.size(), ThinTimes(w.asked)),
        domains(w.domains.size(), ThinTimes(w.asked)),
        failures(w.domains.size(), ThinTimes(nobody_asks)),
        last_servers(w.connectors.size(), no_index) {}

  void read_ordinary() {
    std::vector<int> domain_of_line;
    for (const UserLine& line : facts.ordinary.user_lines()) {
      const bool success = line.kind == UserLine::Kind::success;
      domain_of_line.push_back(success ? w.domain_named(domain_of_dn(w.text(line.dn))) : no_index);
    }
    facts.ordinary.for_each([&](const OrdinaryRecord& r) {
      const OrdinaryKind& kind = *r.kind;
      whole_seconds = !facts.sources[kind.source].states_fractions;
      sign(kind.event_id, kind.success, r.time, w.server_of(kind.server), w.connector_of(r));
      if (kind.event_id != 657) return;
      for (const std::uint32_t line : r.users) {
        if (domain_of_line[line] >= 0)
          domains[static_cast<std::size_t>(domain_of_line[line])].add(r.time, whole_seconds);
      }
    });
  }

  void read_events() {
    for (const Fact* f : w.events) {
      const int s = w.server_of(*f);
      whole_seconds = !facts.sources[f->source].states_fractions;
      if (!f->password_sync_provider) {
        // the service runs, which says nothing of the password sync manager in it: an opposite, no sign of life
        if (f->event_id == 7036 && f->starts && f->time != no_time)
          w.servers[static_cast<std::size_t>(s)].starts.push_back(f->time);
        continue;
      }
      if (names_a_channel(f->event_id)) sign(f->event_id, is_success(*f, facts), f->time, s, w.connector_of(*f));
      if (f->time == no_time) continue;
      if (f->event_id == 601 || f->event_id == 2001) start(f->time, s);
      if (f->event_id == 617 || f->event_id == 618) use.add(f->time, whole_seconds);
      if (f->cause >= 0 && is_cloud_failure(f->event_id) && is_of_the_cloud(*f))
        each_time(*f, [&](Ticks time) { cloud_failures.push_back(time); });
      const int domain = w.domain_of(*f);
      if (domain >= 0 && is_domain_failure(f->event_id))
        each_time(*f, [&](Ticks time) { failures[static_cast<std::size_t>(domain)].add(time, false); });
      if (domain >= 0 && f->event_id == 622) domains[static_cast<std::size_t>(domain)].add(f->time, whole_seconds);
      if (f->event_id != 657) continue;
      for (std::uint32_t i = 0; i < f->users_count; ++i) {
        const UserLine& line = facts.users[f->users_begin + i];
        if (line.kind != UserLine::Kind::success) continue;
        const int of_dn = w.domain_named(domain_of_dn(w.text(line.dn)));
        if (of_dn >= 0) domains[static_cast<std::size_t>(of_dn)].add(f->time, whole_seconds);
      }
    }
  }

  void finish() {
    std::sort(cloud_failures.begin(), cloud_failures.end());
    for (std::size_t i = 0; i < w.domains.size(); ++i) w.domains[i].failures = failures[i].take();
    w.tenant_life = tenant.take();
    w.channel_use = use.take();
    for (std::size_t i = 0; i < w.domains.size(); ++i) w.domains[i].life = domains[i].take();
    for (std::size_t i = 0; i < w.servers.size(); ++i) {
      Server& server = w.servers[i];
      sort_once(server.starts);
      server.life = servers[i].take();
      server.strict = strict[i].take();
    }
    for (std::size_t i = 0; i < w.connectors.size(); ++i) {
      Connector& connector = w.connectors[i];
      connector.life = connectors[i].take();
      connector.signs = connector.life;
      for (const Ticks time : running[i].take()) {
        if (!follows_a_cloud_failure(time)) connector.signs.push_back(time);
      }
      sort_once(connector.signs);
    }
  }

 private:
  // With the times of the records that repeat it.
  template <typename Take>
  void each_time(const Fact& f, const Take& take) const {
    take(f.time);
    if (const Times* repeats = w.repeats_of(f)) std::for_each(repeats->begin(), repeats->end(), take);
  }

  void start(Ticks time, int server) {
    if (time == no_time) return;
    servers[static_cast<std::size_t>(server)].add(time, whole_seconds);
    w.servers[static_cast<std::size_t>(server)].starts.push_back(time);
  }

  // A record of a channel (650 to 657, 663): of one connector, or where nothing links it, of all.
  void sign(std::uint32_t id, bool success, Ticks time, int server, int connector) {
    const bool strict_life = id == 654 || id == 651 || success;
    for (std::size_t i = 0; i < w.connectors.size(); ++i) {
      if (connector != all_connectors && connector != static_cast<int>(i)) continue;
      if (std::exchange(last_servers[i], server) != server) w.connectors[i].servers.insert(server);
      if (strict_life) connectors[i].add(time, whole_seconds);
      if (id == 663) running[i].add(time, whole_seconds);
    }
    if (id == 650 || id == 653) use.add(time, whole_seconds);
    if (strict_life) {
      tenant.add(time, whole_seconds);
      strict[static_cast<std::size_t>(server)].add(time, whole_seconds);
    }
    if (strict_life || id == 663) servers[static_cast<std::size_t>(server)].add(time, whole_seconds);
  }

  [[nodiscard]] bool is_of_the_cloud(const Fact& f) const {
    const Cause& cause = w.catalogue->causes()[static_cast<std::size_t>(f.cause)];
    return cause.scope == ScopeKind::tenant || cause.id == "tls-or-proxy";
  }

  // A cloud-side failure precedes, and no sign of life of the tenant between the two.
  [[nodiscard]] bool follows_a_cloud_failure(Ticks time) const {
    const auto after = std::upper_bound(cloud_failures.begin(), cloud_failures.end(), time);
    if (after == cloud_failures.begin()) return false;
    const Ticks over = first_after(w.tenant_life, *std::prev(after));
    return over == no_time || over > time;
  }

  World& w;
  const Facts& facts;
  ThinTimes tenant, use;
  const Times nobody_asks;  // only gaps in them matter
  std::vector<ThinTimes> servers, strict, connectors, running, domains, failures;
  std::vector<int> last_servers;  // of each connector
  Times cloud_failures;
  bool whole_seconds = false;  // the source of the present record states no fractions
};

}  // namespace

void find_life(World& w, const Facts& facts) {
  w.asked = asked_times(w, facts);
  Life life(w, facts);
  life.read_ordinary();
  life.read_events();
  life.finish();
}

}  // namespace synclens::correlate
