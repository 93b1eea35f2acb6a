#include "correlate/wanted_events.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "correlate/event_texts.hpp"
#include "correlate/host_events.hpp"
#include "correlate/meaning.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

std::vector<std::string> wanted_providers(const Classifier& classifier) {
  std::vector<std::string> providers = classifier.providers();
  for (const std::string_view provider : host_event_providers()) providers.emplace_back(provider);
  for (const std::string_view name : {std::string_view("Directory Synchronization"), std::string_view("ADSync"),
                                      std::string_view("FIMSynchronizationService"), service_controller}) {
    providers.emplace_back(name);
  }
  for (std::string& p : providers) p = lower(p);
  std::sort(providers.begin(), providers.end());
  providers.erase(std::unique(providers.begin(), providers.end()), providers.end());
  // a filter asks for one after the other: first those of which there are most
  std::stable_partition(providers.begin(), providers.end(), is_password_sync_provider);
  return providers;
}

}  // namespace

EventFilter wanted_events(const Classifier& classifier) {
  EventFilter wanted;
  wanted.providers = wanted_providers(classifier);
  for (const std::string& provider : wanted.providers) {
    if (is_password_sync_provider(provider) || provider.ends_with('*')) continue;
    if (equal_ignoring_case(provider, service_controller)) {
      wanted.narrowed.push_back({provider, {}, std::string(in_each_name_of_sync_service)});
      continue;
    }
    auto ids = classifier.ids_of(provider);
    if (!ids) continue;
    const std::vector<std::uint32_t> of_host = host_event_ids(provider);
    ids->insert(ids->end(), of_host.begin(), of_host.end());
    if (!ids->empty()) wanted.narrowed.push_back({provider, std::move(*ids), {}});
  }
  return wanted;
}

}  // namespace synclens::correlate
