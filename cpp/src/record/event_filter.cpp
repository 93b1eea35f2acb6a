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
  static constexpr std::size_t none = ~std::size_t{0};

  // `number`: what find() gives for it.
  void add(std::string_view name, std::size_t number) {
    if (name.size() >= by_length_.size()) by_length_.resize(name.size() + 1);
    by_length_[name.size()].push_back({lower(name), number});
  }
  [[nodiscard]] std::size_t find(std::string_view name) const {
    if (name.size() >= by_length_.size()) return none;
    for (const Known& known : by_length_[name.size()]) {
      const bool ends_alike =
          name.empty() || (to_lower(name.front()) == known.name.front() && to_lower(name.back()) == known.name.back());
      if (ends_alike && equal_ignoring_case(known.name, name)) return known.number;
    }
    return none;
  }

 private:
  struct Known {
    std::string name;
    std::size_t number;
  };
  std::vector<std::vector<Known>> by_length_;
};

}  // namespace

struct CompiledFilter::Impl {
  NamesByLength providers, narrowed;
  std::vector<std::string> patterns;  // of providers
  std::unique_ptr<re2::RE2> text;
};

bool EventFilter::empty() const {
  return providers.empty() && ids.empty() && levels.empty() && channels.empty() && computers.empty() &&
         since == no_time && until == no_time && !first_record && !last_record && text.empty() && narrowed.empty();
}

CompiledFilter::CompiledFilter(const EventFilter& filter) : filter_(filter), impl_(std::make_unique<Impl>()) {
  for (const std::string& name : filter.providers) {
    if (!name.empty() && name.back() == '*') {
      impl_->patterns.push_back(name);
    } else {
      impl_->providers.add(name, 0);
    }
  }
  for (const EventFilter::Narrowed& narrowed : filter_.narrowed) {
    impl_->narrowed.add(narrowed.provider, static_cast<std::size_t>(&narrowed - filter_.narrowed.data()));
  }
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
  return impl_->providers.find(provider) != NamesByLength::none || one_of(impl_->patterns, provider);
}

const EventFilter::Narrowed* CompiledFilter::narrowed(std::string_view provider) const {
  if (filter_.narrowed.empty()) return nullptr;
  const std::size_t number = impl_->narrowed.find(provider);
  return number == NamesByLength::none ? nullptr : &filter_.narrowed[number];
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
  const EventFilter::Narrowed* const narrowed = this->narrowed(event.provider);
  if (narrowed != nullptr && !narrowed->ids.empty() && !one_of(narrowed->ids, event.event_id)) return false;
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
