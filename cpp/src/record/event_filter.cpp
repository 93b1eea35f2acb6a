#include <re2/re2.h>

#include <algorithm>

#include "record/ascii.hpp"
#include "synclens/error.hpp"
#include "synclens/record.hpp"

namespace synclens {
namespace {

bool one_of(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return matches_name(n, name); });
}

template <typename T>
bool one_of(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Names by their length: most that are asked for are turned down by it.
class NamesByLength {
 public:
  void add(std::string_view name) {
    if (!name.empty() && name.back() == '*') {
      patterns_.emplace_back(name);
      return;
    }
    if (name.size() >= by_length_.size()) by_length_.resize(name.size() + 1);
    by_length_[name.size()].push_back(lower(name));
  }
  [[nodiscard]] bool holds(std::string_view name) const {
    const auto is_it = [name](const std::string& known) {
      return (name.empty() || (to_lower(name.front()) == known.front() && to_lower(name.back()) == known.back())) &&
             equal_ignoring_case(known, name);
    };
    const bool exactly = name.size() < by_length_.size() &&
                         std::any_of(by_length_[name.size()].begin(), by_length_[name.size()].end(), is_it);
    return exactly || one_of(patterns_, name);
  }

 private:
  std::vector<std::vector<std::string>> by_length_;
  std::vector<std::string> patterns_;
};

}  // namespace

struct CompiledFilter::Impl {
  NamesByLength providers;
  std::unique_ptr<re2::RE2> text;
};

bool EventFilter::empty() const {
  return providers.empty() && ids.empty() && levels.empty() && channels.empty() && computers.empty() &&
         since == no_time && until == no_time && !first_record && !last_record && text.empty();
}

CompiledFilter::CompiledFilter(const EventFilter& filter) : filter_(filter), impl_(std::make_unique<Impl>()) {
  for (const std::string& name : filter.providers) impl_->providers.add(name);
  if (filter.text.empty()) return;
  re2::RE2::Options options;
  options.set_log_errors(false);
  impl_->text = std::make_unique<re2::RE2>(filter.text, options);
  if (!impl_->text->ok()) throw Error("not a pattern that RE2 takes: " + impl_->text->error());
}

CompiledFilter::~CompiledFilter() = default;

bool CompiledFilter::accepts_provider(std::string_view provider) const {
  if (filter_.providers.empty()) return true;
  if (provider.empty()) return filter_.accept_missing_provider;
  return impl_->providers.holds(provider);
}

bool CompiledFilter::accepts_channel(std::string_view channel) const {
  return filter_.channels.empty() || one_of(filter_.channels, channel);
}

bool CompiledFilter::accepts_computer(std::string_view computer) const {
  return filter_.computers.empty() || one_of(filter_.computers, computer);
}

bool CompiledFilter::accepts_system(const EventView& event) const {
  const EventFilter& f = filter_;
  if (!f.ids.empty() && !one_of(f.ids, event.event_id)) return false;
  if (!accepts_provider(event.provider)) return false;
  if (!f.levels.empty() && !one_of(f.levels, event.level)) return false;
  if (event.time != no_time) {
    if (f.since != no_time && event.time < f.since) return false;
    if (f.until != no_time && event.time >= f.until) return false;
  }
  if (f.first_record && event.record_id < *f.first_record) return false;
  if (f.last_record && event.record_id > *f.last_record) return false;
  return accepts_channel(event.channel) && accepts_computer(event.computer);
}

bool CompiledFilter::accepts(const EventView& event) const {
  if (!accepts_system(event)) return false;
  if (impl_->text == nullptr) return true;
  std::string text;
  append_event_text(event, text);
  return re2::RE2::PartialMatch(text, *impl_->text);
}

}  // namespace synclens
