// Every allocation of the core fails once: an exception comes out, nothing is leaked, and the next try works.
#include <doctest/doctest.h>

#include <functional>
#include <new>
#include <string>

#include "support/catalogue_text.hpp"
#include "support/failing_new.hpp"
#include "support/log_builder.hpp"
#include "support/made_log.hpp"
#include "synclens/columns.hpp"
#include "synclens/correlate.hpp"
#include "synclens/render.hpp"

using namespace synclens;

namespace {

struct Count final : RecordSink {
  std::uint64_t seen = 0;
  void event(const EventView&) override { ++seen; }
  void sync_log_row(const SyncLogRow&) override { ++seen; }
  void setting(const Setting&) override { ++seen; }
  void problem(Problem) override { ++seen; }
};

// Chunk after chunk of records with a template and without one.
std::string log_of(int chunks) {
  support::Log log;
  for (int i = 0; i < 3; ++i) {
    const std::size_t at = log.next_body();
    support::Xml header(at, false);
    header.header();
    const auto fill = [](support::Xml& x) {
      x.open("Event").content().open("System").content();
      x.open("EventID").content().slot(0, 6).close().close();
      x.open("EventData").content().open("Data").content().slot(1).close().close().close();
    };
    log.record(header.bytes() + support::instance(header.here(), 7, fill,
                                                  {{6, support::number(611, 2)}, {1, support::wide("some words")}}));
  }
  std::string file = log.file();
  for (int i = 1; i < chunks; ++i) file += log.chunk();
  return file;
}

// Runs `work` with its k-th allocation failing, for each k until none fails; returns how many there were.
std::int64_t fail_each(const std::function<void()>& work, std::int64_t step = 1) {
  work();  // what is made once and kept
  for (std::int64_t k = 1;; k += step) {
    const std::int64_t before = support::live_allocations();
    support::fail_allocation(k);
    try {
      work();  // what can do without that memory may go on
    } catch (const std::bad_alloc&) {
    }
    const bool failed = support::allocation_failed();
    support::fail_allocation(0);
    if (!failed) return k;
    const std::int64_t leaked = support::live_allocations() - before;
    CAPTURE(k);
    CHECK(leaked == 0);
  }
}

void decode_all(std::string_view bytes, std::string name) {
  Source source;
  source.name = std::move(name);
  source.stream = open_memory(as_bytes(bytes));
  Count sink;
  (void)decode(std::move(source), DecodeOptions{}, sink);
}

const Catalogue& small_catalogue() {
  static const Catalogue catalogue = test::catalogue_of(R"(
[[rule]]
id = "R"
cause = "a"
title = "R"
match.provider = ["Directory Synchronization"]
match.event_id = [611]
summary = "s"
)");
  return catalogue;
}

}  // namespace

TEST_CASE("out of memory: EVTX") {
  const std::string log = log_of(2);
  CHECK(fail_each([&] { decode_all(log, "x.evtx"); }) > 20);
  for (const RenderFormat format : {RenderFormat::xml, RenderFormat::jsonl}) {
    for (const unsigned threads : {1u, 3u}) {
      const auto print = [&] {
        struct Nothing final : TextSink {
          bool write(std::string_view) override { return true; }
        } sink;
        RenderOptions options;
        options.format = format;
        options.threads = threads;
        const auto stream = open_memory(as_bytes(log));
        (void)render_evtx(*stream, options, sink);
      };
      CHECK(fail_each(print, threads == 1 ? 1 : 3) > 10);
    }
  }
}

TEST_CASE("out of memory: texts") {
  const test::MadeLog log = test::ping(0) + test::failure(5, 8453) + test::change(9);
  for (const test::Given& given :
       {test::xml(log), test::csv(log), test::scheduler("True"), test::connectors("contoso.com", test::contoso_id),
        test::status_table("2026-03-10 07:12:41,Success,CN=A\r\n")}) {
    CAPTURE(given.name);
    CHECK(fail_each([&] { decode_all(given.bytes, given.name); }) > 5);
  }
}

TEST_CASE("out of memory: the diagnosis") {
  const Classifier warm(small_catalogue(), Limits{}.regex_memory);
  const test::Given log = test::xml(test::ping(0) + test::failure(5, 8453) + test::change(9));
  const auto diagnose = [&] {
    Analyzer analyzer(small_catalogue());
    Source source;
    source.name = log.name;
    source.stream = open_memory(as_bytes(log.bytes));
    analyzer.add(std::move(source));
    (void)analyzer.conclude();
  };
  CHECK(fail_each(diagnose, 7) > 100);
}
