// The marks of the timeline: what an administrator changed and what failed each by itself, what repeats once an hour.
#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

#include "correlate/event_texts.hpp"
#include "correlate/parts.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t most_marks = 5'000;
constexpr std::size_t most_hours = 1'024;  // for which one mark stands

std::string kind_name(const World& w, const Fact& f) {
  switch (f.event_id) {
    case 654:
      return "heartbeat";
    case 651:
    case 650:
      return "batch";
    case 657:
      return "result";
    case 601:
    case 602:
    case 609:
    case 2001:
    case 2002:
    case 7036:
      return "restart";
    default:
      break;
  }
  if (f.event_id >= 2503 && f.event_id <= 2521) return "change";
  if (f.cause >= 0) return w.catalogue->causes()[static_cast<std::size_t>(f.cause)].password_sync ? "error" : "other";
  return "";
}

std::string lane_of(const World& w, const Fact& f, const std::string& kind) {
  if (kind == "restart" || kind == "change") return "server";
  const int c = w.connector_of(f);
  if (c >= 0 && (kind != "error" || f.connector != nobody)) {
    const std::string& name = w.connectors[static_cast<std::size_t>(c)].shown();
    return name.empty() ? "connector" : name;
  }
  const int domain = w.domain_of(f);
  if (kind == "error" && domain >= 0) return w.domains[static_cast<std::size_t>(domain)].name;
  return kind == "error" ? "tenant" : "connector";
}

bool is_frequent(const std::string& kind) {
  return kind == "heartbeat" || kind == "batch" || kind == "result" || kind == "error" || kind == "other";
}

// The first ordinary record of each kind and hour; of two exports of it, the one with the more exact time.
std::vector<Fact> first_of_each_hour(const World& w) {
  std::map<std::tuple<Ticks, std::string, std::string>, Fact> first;
  const auto key = [](const Fact& f) {
    return std::make_tuple(f.time / ticks_per_second, f.time % ticks_per_second == 0, f.time, f.event_id, f.source);
  };
  struct Cached {
    std::string kind, lane;
    Ticks hour = no_time;
    Fact* fact = nullptr;
  };
  std::map<std::pair<std::size_t, int>, Cached> cache;  // by kind of record and connector
  w.facts->ordinary.for_each([&](const OrdinaryRecord& r) {
    Cached& c = cache[{r.kind_index, w.connector_of(r)}];
    const Ticks hour = r.time / ticks_per_hour;
    if (c.fact == nullptr) {
      const Fact f = recalled(r);
      c.kind = kind_name(w, f);
      c.lane = lane_of(w, f, c.kind);
    }
    if (c.kind.empty()) return;
    if (c.fact == nullptr || c.hour != hour) {
      const auto [found, added] = first.try_emplace({hour, c.lane, c.kind});
      if (added) found->second = recalled(r);
      c.hour = hour;
      c.fact = &found->second;
    }
    if (r.time > c.fact->time + ticks_per_second) return;
    const Fact f = recalled(r);
    if (key(f) < key(*c.fact)) *c.fact = f;
  });
  std::vector<Fact> facts;
  for (const auto& [at, fact] : first) facts.push_back(fact);
  return facts;
}

struct Shown {
  const Fact* fact = nullptr;
  std::string lane, kind;
};

// Every change and restart, and of what repeats the first in each stretch of that length.
std::vector<Shown> once_in_each(const World& w, const std::vector<const Fact*>& events, Ticks step) {
  std::vector<Shown> shown;
  std::set<std::tuple<Ticks, std::string, std::string>> seen;
  for (const Fact* f : events) {
    std::string kind = kind_name(w, *f);
    if (kind.empty()) continue;
    std::string lane = lane_of(w, *f, kind);
    if (is_frequent(kind) &&
        !seen.emplace(f->time / step, lane, kind + std::to_string(kind == "error" ? f->event_id : 0)).second)
      continue;
    shown.push_back({f, std::move(lane), std::move(kind)});
  }
  return shown;
}

}  // namespace

std::vector<TimelineMark> list_timeline(const World& w) {
  std::vector<Fact> ordinary = first_of_each_hour(w);
  std::vector<const Fact*> events;
  for (const Fact& f : ordinary) events.push_back(&f);
  for (const Fact* f : w.events) {
    if (f->time != no_time) events.push_back(f);
  }
  std::stable_sort(events.begin(), events.end(), [](const Fact* a, const Fact* b) {
    return std::tie(a->time, a->record_id, a->event_id) < std::tie(b->time, b->record_id, b->event_id);
  });
  // a log of years has more hours than anybody can look at: then one mark in so many of them
  std::vector<Shown> shown = once_in_each(w, events, ticks_per_hour);
  if (shown.size() > most_marks) {
    const auto frequent = static_cast<std::size_t>(
        std::count_if(shown.begin(), shown.end(), [](const Shown& one) { return is_frequent(one.kind); }));
    const std::size_t others = shown.size() - frequent;
    const std::size_t room = others < most_marks ? most_marks - others : 1;
    const std::size_t hours = std::min(std::bit_ceil(frequent / room + 1), most_hours);
    shown = once_in_each(w, events, static_cast<Ticks>(hours) * ticks_per_hour);
  }
  const std::size_t left_out = shown.size() - std::min(shown.size(), most_marks);  // the earliest ones
  std::vector<TimelineMark> marks;
  for (std::size_t i = left_out; i < shown.size(); ++i) {
    const Fact& f = *shown[i].fact;
    marks.push_back({f.time, std::move(shown[i].lane), std::move(shown[i].kind),
                     shorten(std::to_string(f.event_id) + " " + w.text(f.excerpt), 160)});
  }
  return marks;
}

}  // namespace synclens::correlate
