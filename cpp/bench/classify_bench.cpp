// The classifier against a bare RE2::Set pass over the same texts, and against itself with a third of the rules.
//
//   classify_bench              with generated rules
//   SYNCLENS_CATALOGUE=DIR classify_bench    with the rules of a directory about event 611
//
// Counters: us_per_text; vs_bare_set, how much longer than the bare pass (which finds rules, but neither the best of
// them nor its fields); vs_third, how much longer than with a third of the rules. Smaller is better.
#include <benchmark/benchmark.h>
#include <re2/set.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "synclens/classify.hpp"
#include "synclens/limits.hpp"

namespace {

using namespace synclens;

// Seconds of processor time: what others do on a shared machine does not count.
double now() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string number(int n) {
  return std::to_string(n);
}

Catalogue generated(int rules) {
  std::string text;
  for (int i = 0; i < rules; ++i) {
    text += "[[rule]]\nid = 'R" + number(i) + "'\ntitle = 't'\nmatch.provider = ['Directory Synchronization']\n";
    text += "match.event_id = [611]\nmatch.text = '''RPC Error\\s+(?P<rpc>" + number(8000 + i) + ")\\s*:'''\n";
    text += "fields.rpc = 'int'\n";
  }
  const std::vector<std::pair<std::string, std::string>> files = {{"generated.toml", text}};
  return Catalogue::parse(files);
}

std::vector<std::string> messages() {
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) {
    texts.push_back("Password hash synchronization failed for domain: d" + number(i) +
                    ".example, domain controller hostname: dc" + number(i % 7) +
                    ".example, domain controller IP address: <not available>.\r\nDetails:\r\n"
                    "SynchronizationManagerException: Unable to open connection to domain. Error: RPC Error " +
                    number(i % 3 == 0 ? 8000 + i % 90 : 1000 + i) +
                    " : Replication access was denied. The call to the directory was not answered.\r\n<forest-info>\r\n"
                    "  <partition-name>EXAMPLE</partition-name>\r\n</forest-info>");
  }
  return texts;
}

double classify_all(const Classifier& classifier, const std::vector<std::string>& texts) {
  EventView event;
  event.provider = "Directory Synchronization";
  event.event_id = 611;
  const double start = now();
  for (const std::string& text : texts) benchmark::DoNotOptimize(classifier.event(event, text));
  return now() - start;
}

double match_all(const re2::RE2::Set& set, const std::vector<std::string>& texts) {
  std::vector<int> ids;
  const double start = now();
  for (const std::string& text : texts) benchmark::DoNotOptimize(set.Match(text, &ids));
  return now() - start;
}

void compare(benchmark::State& state, const Catalogue& catalogue, const Catalogue& third) {
  const std::vector<std::string> texts = messages();
  const Classifier classifier(catalogue, Limits{}.regex_memory);
  const Classifier small(third, Limits{}.regex_memory);
  re2::RE2::Options options;
  options.set_max_mem(Limits{}.regex_memory);
  re2::RE2::Set set(options, re2::RE2::UNANCHORED);
  for (const Rule& rule : catalogue.rules()) {
    for (const std::uint32_t id : rule.event_ids) {
      if (id == 611 && !rule.text.empty()) set.Add(rule.text, nullptr);
    }
  }
  if (!set.Compile()) return state.SkipWithError("the set does not compile");
  classify_all(classifier, texts);
  classify_all(small, texts);
  match_all(set, texts);

  double ours = 0;
  double bare = 0;
  double less = 0;
  for ([[maybe_unused]] auto _ : state) {  // in turn, so that all see the same machine
    ours += classify_all(classifier, texts);
    bare += match_all(set, texts);
    less += classify_all(small, texts);
  }
  state.counters["us_per_text"] =
      ours * 1e6 / static_cast<double>(texts.size()) / static_cast<double>(state.iterations());
  state.counters["vs_bare_set"] = ours / bare;
  state.counters["vs_third"] = ours / less;
}

void generated_rules(benchmark::State& state) {
  const int rules = static_cast<int>(state.range(0));
  const Catalogue catalogue = generated(rules);
  const Catalogue third = generated(rules / 3);
  compare(state, catalogue, third);
}

void rules_of_directory(benchmark::State& state) {
  const char* directory = std::getenv("SYNCLENS_CATALOGUE");
  if (directory == nullptr) return state.SkipWithError("SYNCLENS_CATALOGUE names no directory");
  const std::vector<std::string> directories = {directory};
  const Catalogue catalogue = Catalogue::load(directories);
  compare(state, catalogue, catalogue);
}

}  // namespace

BENCHMARK(generated_rules)->Arg(90)->Arg(270)->Arg(900)->Unit(benchmark::kMillisecond)->MinTime(0.5);
BENCHMARK(rules_of_directory)->Unit(benchmark::kMillisecond)->MinTime(0.5);
BENCHMARK_MAIN();
