#include "correlate/intervals.hpp"

#include <algorithm>

namespace synclens::correlate {

Intervals::Intervals(std::vector<Span> spans) {
  std::erase_if(spans, [](const Span& s) { return s.from == no_time || s.to == no_time || s.from > s.to; });
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
  for (const Span& s : spans) {
    if (!spans_.empty() && s.from <= spans_.back().to) {
      spans_.back().to = std::max(spans_.back().to, s.to);
    } else {
      spans_.push_back(s);
    }
  }
}

Intervals Intervals::minus(const Intervals& other) const {
  Intervals result;
  for (const Span& span : spans_) {
    Ticks from = span.from;
    for (const Span& hole : other.spans_) {
      if (hole.to <= from) continue;
      if (hole.from >= span.to) break;
      if (hole.from > from) result.spans_.push_back({from, hole.from});
      from = hole.to;
    }
    if (from < span.to || span.from == span.to) result.spans_.push_back({from, std::max(from, span.to)});
  }
  return result;
}

Ticks Intervals::covered(Ticks from, Ticks to) const {
  Ticks sum = 0;
  for (const Span& s : spans_) sum += std::max<Ticks>(0, std::min(to, s.to) - std::max(from, s.from));
  return sum;
}

Ticks Intervals::longest(Ticks from, Ticks to) const {
  Ticks most = 0;
  for (const Span& s : spans_) most = std::max(most, std::min(to, s.to) - std::max(from, s.from));
  return most;
}

Ticks Intervals::before_end(Ticks amount) const {
  for (auto s = spans_.rbegin(); s != spans_.rend(); ++s) {
    const Ticks length = s->to - s->from;
    if (length >= amount) return s->to - amount;
    amount -= length;
  }
  return begin();
}

Ticks Intervals::after(Ticks from, Ticks amount) const {
  for (const Span& s : spans_) {
    const Ticks start = std::max(from, s.from);
    if (start > s.to) continue;
    if (s.to - start >= amount) return start + amount;
    amount -= s.to - start;
  }
  return no_time;
}

}  // namespace synclens::correlate
