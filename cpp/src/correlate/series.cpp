#include "correlate/series.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "correlate/facts.hpp"
#include "correlate/meaning.hpp"

namespace synclens::correlate {
namespace {

// Failures that are looked at one by one: of the cloud, whose neighbours within an hour decide what they belong to; of
// users and of objects, whose texts are searched; ends and beginnings of what the server does.
constexpr std::array<std::uint32_t, 19> looked_at{0,   601, 602, 605, 606, 609,  617,  618,  620, 621,
                                                  622, 623, 660, 661, 664, 2001, 2002, 6803, 6941};

// A failure of no user and of no batch, whose record stands where its log says.
bool may_repeat(const Fact& f) {
  if (f.cause < 0 || f.time == no_time || !f.password_sync_provider || f.users_count > 0 || f.tracking != 0)
    return false;
  if (f.starts || f.stops || names_a_channel(f.event_id) || is_admin_change(f.event_id) || f.event_id == 6900)
    return false;
  return std::find(looked_at.begin(), looked_at.end(), f.event_id) == looked_at.end();
}

bool says_the_same(const Fact& a, const Fact& b) {
  const auto said = [](const Fact& f) {
    return std::tie(f.text_hash, f.source, f.event_id, f.provider, f.server, f.connector, f.partition, f.domain,
                    f.excerpt, f.build, f.fields_begin, f.fields_count, f.cause, f.rule);
  };
  return said(a) == said(b) && a.level == b.level && a.sentence == b.sentence;
}

}  // namespace

Place place_of(const Fact& fact) {
  return {fact.time, fact.record_id, fact.offset, fact.line};
}

bool Series::add(const Place& place) {
  // The order of the facts, in which records of one second and without an id stand by their lines.
  const auto later = [](const Place& a, const Place& b) {
    return std::tie(a.time, a.record_id, a.line) > std::tie(b.time, b.record_id, b.line);
  };
  const auto earlier = [](const Place& a, const Place& b) {
    return std::tie(a.time, a.record_id) < std::tie(b.time, b.record_id);
  };
  const bool back = count_ == 0 ? place.time < last_.time : backwards_;
  if (back ? !earlier(place, last_) : !later(place, last_)) return false;
  backwards_ = back;
  auto time = static_cast<std::uint64_t>(last_.time);
  StepWriter steps;
  steps.value(time, static_cast<std::uint64_t>(place.time));
  steps.value(last_.record_id, place.record_id);
  steps.value(last_.offset, place.offset);
  steps.value(last_.line, place.line);
  steps.move_to(steps_);
  last_.time = place.time;
  ++count_;
  return true;
}

SeriesFinder::SeriesFinder(std::deque<Fact>& facts, std::deque<Series>& series)
    : facts_(facts), series_(series), heads_(heads) {}

bool SeriesFinder::take(const Fact& fact) {
  if (!may_repeat(fact)) return false;
  Head& head = heads_[(fact.text_hash ^ fact.server) % heads];
  if (head.fact != none) {
    Fact& first = facts_[head.fact];
    if (says_the_same(first, fact)) {
      if (first.series == no_series) {
        Series begun(first);
        if (begun.add(place_of(fact))) {
          first.series = static_cast<std::uint32_t>(series_.size());
          series_.push_back(std::move(begun));
          return true;
        }
      } else {
        Series& series = series_[first.series];
        if (series.add(place_of(fact))) return true;
        if (!series.turns_at(fact.time)) return false;
      }
    }
  }
  head.fact = facts_.size();
  return false;
}

}  // namespace synclens::correlate
