// What the analyzer has turned down unread is what its collector would leave.
#include <doctest/doctest.h>

#include "correlate/event_texts.hpp"
#include "correlate/host_events.hpp"
#include "correlate/meaning.hpp"
#include "correlate/wanted_events.hpp"
#include "record/ascii.hpp"
#include "support/collecting.hpp"
#include "support/shared_data.hpp"
#include "synclens/decode.hpp"

using namespace synclens;
using namespace synclens::correlate;
using namespace synclens::test;

namespace {

const EventFilter::Narrowed* narrowed_of(const EventFilter& filter, std::string_view provider) {
  for (const EventFilter::Narrowed& n : filter.narrowed) {
    if (equal_ignoring_case(n.provider, provider)) return &n;
  }
  return nullptr;
}

// Asks of each event whether the collector has a use for it; `by_decoder` are those that the decoder delivers.
struct Asked : RecordSink {
  std::vector<std::uint64_t> offsets;
  bool only_used = false;
  void event(const EventView& e) override {
    if (!only_used) {
      offsets.push_back(e.where.offset);
      return;
    }
    std::string text;
    append_event_text(e, text);
    const bool scm = equal_ignoring_case(e.provider, service_controller);
    const bool used = scm ? names_sync_service(e, text)
                          : is_password_sync_provider(e.provider) || is_host_event(e) ||
                                Collecting::classifier().match(e, text).has_value();
    if (used) offsets.push_back(e.where.offset);
  }
  void problem(Problem) override {}
};

}  // namespace

TEST_CASE("events are wanted by provider, by the ids that anything knows, and by what they say") {
  const EventFilter wanted = wanted_events(Collecting::classifier());
  const auto* const kernel = narrowed_of(wanted, "Microsoft-Windows-Kernel-General");
  REQUIRE(kernel != nullptr);
  const auto has = [&](std::uint32_t id) {
    return std::find(kernel->ids.begin(), kernel->ids.end(), id) != kernel->ids.end();
  };
  CHECK(has(1));
  CHECK(has(12));
  CHECK(has(13));
  CHECK_FALSE(has(16));
  for (const char* provider : {"Directory Synchronization", "ADSync", "FIMSynchronizationService"}) {
    CHECK(narrowed_of(wanted, provider) == nullptr);
  }
  const auto* const services = narrowed_of(wanted, "Service Control Manager");
  REQUIRE(services != nullptr);
  CHECK(services->ids.empty());
  CHECK(services->letters == "ync");
  for (const EventFilter::Narrowed& n : wanted.narrowed) CHECK((!n.ids.empty() || !n.letters.empty()));
}

TEST_CASE("a provider is not narrowed where a rule takes any of its events") {
  const Catalogue catalogue = Catalogue::parse(std::vector<std::pair<std::string, std::string>>{{"x", R"(
[[rule]]
id = "ANY"
title = "Any event of it"
summary = "Any event of it"
confidence = "field"
match.provider = ["Open*", "Microsoft-Windows-Kernel-Power"]
match.text = "gone"
[[rule]]
id = "ONE"
title = "One event of it"
summary = "One event of it"
confidence = "field"
match.provider = ["Opening", "Closed"]
match.event_id = [7]
)"}});
  const Classifier classifier(catalogue, Limits{}.regex_memory);
  const EventFilter wanted = wanted_events(classifier);
  CHECK(narrowed_of(wanted, "Opening") == nullptr);
  CHECK(narrowed_of(wanted, "Microsoft-Windows-Kernel-Power") == nullptr);
  REQUIRE(narrowed_of(wanted, "Closed") != nullptr);
  CHECK(narrowed_of(wanted, "Closed")->ids == std::vector<std::uint32_t>{7});
}

TEST_CASE("of real logs every event that the collector has a use for is delivered") {
  const CompiledFilter filter(wanted_events(Collecting::classifier()));
  std::size_t used = 0, delivered = 0;
  for (const auto& path : support::shared_logs()) {
    CAPTURE(path.string());
    Asked all, some;
    all.only_used = true;
    DecodeOptions options;
    {
      const auto stream = open_file(path.string());
      decode_evtx(*stream, options, all);
    }
    options.filter = &filter;
    const auto stream = open_file(path.string());
    decode_evtx(*stream, options, some);
    CHECK(std::includes(some.offsets.begin(), some.offsets.end(), all.offsets.begin(), all.offsets.end()));
    used += all.offsets.size();
    delivered += some.offsets.size();
  }
  if (delivered != 0) CHECK(used > 100);
}
