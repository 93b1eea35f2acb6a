// The EVTX engine against another reader on the same log, whole processes in turn, each from start to exit.
//
//   evtx_bench LOG.evtx PEER [PAIRS]       PEER is the path of evtx_dump; prints the median ratio for each work
//   evtx_bench --work NAME LOG.evtx [THREADS]   does the work once; text goes to standard output
//
// NAME is xml, jsonl, columns (all fields and data of all events in batches, each thrown away when it is full), table
// (the same, kept), filter (count by provider and ids), read (nothing but reading the file: what no work can go below)
// or analyze (to the verdict, with the catalogue in the folder $SYNCLENS_CATALOGUE).
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "synclens/classify.hpp"
#include "synclens/columns.hpp"
#include "synclens/correlate.hpp"
#include "synclens/decode.hpp"
#include "synclens/render.hpp"

namespace {

using namespace synclens;

class StandardOutput final : public TextSink {
 public:
  bool write(std::string_view text) override {
    while (!text.empty()) {
      const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
      if (n < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
};

struct Counter final : RecordSink {
  std::uint64_t events = 0, passed = 0, bytes = 0, problems = 0;
  void event(const EventView& e) override {
    ++events;
    for (const DataItem& item : e.data) bytes += item.name.size() + item.value.size();
  }
  void passed_over(const RecordMark&) override { ++passed; }
  void problem(Problem) override { ++problems; }
};

// All columns, batch by batch: each is thrown away once it is full, or all are kept as a table.
class Batches final : public PartedSink {
 public:
  explicit Batches(bool keep) : keep_(keep) {}
  void event(const EventView&) override {}
  void problem(Problem) override {}
  [[nodiscard]] std::unique_ptr<RecordSink> part() override { return columns_.column_part(); }
  void take(RecordSink& part) override {
    if (keep_) return columns_.take(part);
    for (const auto& batch : dynamic_cast<EventColumns::Part&>(part).take_batches()) {
      ++count;
      rows += batch->rows;
    }
  }

  std::size_t rows = 0, count = 0;

 private:
  EventColumns columns_;
  bool keep_;
};

int analyze(const std::string& log) {
  const char* const folder = std::getenv("SYNCLENS_CATALOGUE");
  if (folder == nullptr) throw std::runtime_error("SYNCLENS_CATALOGUE has to name the folder of a catalogue");
  const std::vector<std::string> folders{folder};
  const Catalogue catalogue = Catalogue::load(folders);
  Analyzer analyzer(catalogue);
  analyzer.add({log, open_file(log)});
  std::printf("%s\n", analyzer.conclude().verdict.summary.c_str());
  return 0;
}

int work(const std::string& name, const std::string& log, unsigned threads) {
  if (name == "analyze") return analyze(log);
  const auto stream = open_file(log);
  if (name == "read") {
    std::vector<std::uint8_t> block(std::size_t{256} << 10);
    std::uint64_t bytes = 0;
    while (const std::size_t n = stream->read(block)) bytes += n;
    std::printf("%llu bytes\n", static_cast<unsigned long long>(bytes));
    return 0;
  }
  if (name == "xml" || name == "jsonl") {
    RenderOptions options;
    options.format = name == "xml" ? RenderFormat::xml : RenderFormat::jsonl;
    options.threads = threads;
    StandardOutput out;
    const RenderReport report = render_evtx(*stream, options, out);
    std::fprintf(stderr, "%llu records, %zu problems\n", static_cast<unsigned long long>(report.records),
                 report.problems.size());
    for (const Problem& p : report.problems) {
      std::fprintf(stderr, "chunk %lld offset %lld: %s\n", static_cast<long long>(p.where.chunk),
                   static_cast<long long>(p.where.offset), p.what.c_str());
    }
    return 0;
  }
  if (name == "columns" || name == "table") {
    Batches batches(name == "table");
    DecodeOptions options;
    options.threads = threads;
    decode_evtx_in_parts(*stream, options, batches);
    std::printf("%zu events in %zu batches\n", batches.rows, batches.count);
    return 0;
  }
  Counter counter;
  EventFilter filter;
  if (name == "filter") {
    filter.providers = {"Microsoft-Windows-Security-Auditing"};
    filter.accept_missing_provider = false;
    filter.ids = {4624, 4625};
  }
  const CompiledFilter compiled(filter);
  DecodeOptions options;
  if (!filter.empty()) {  // as a count asks: nothing of an event but that it is there
    options.filter = &compiled;
    options.columns = ColumnSet();
    options.marks = false;
  }
  decode_evtx(*stream, options, counter);
  std::printf("%llu events, %llu passed over, %llu bytes of data, %llu problems\n",
              static_cast<unsigned long long>(counter.events), static_cast<unsigned long long>(counter.passed),
              static_cast<unsigned long long>(counter.bytes), static_cast<unsigned long long>(counter.problems));
  return 0;
}

struct Cost {
  double wall = 0, cpu = 0;  // seconds; the processor's share says more where others use the machine too
};

// What a program costs from start to exit, its output thrown away.
Cost timed(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) throw std::runtime_error("cannot run " + command[0]);
  Cost cost;
  cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  cost.cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
  return cost;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

int compare(const std::string& self, const std::string& log, const std::string& peer, int pairs) {
  struct Work {
    const char *name, *peer_format, *threads;
  };
  std::printf("%-10s %8s %10s %10s %8s %12s\n", "work", "threads", "ours, s", "peer, s", "ratio", "of cpu time");
  for (const Work& w :
       {Work{"xml", "xml", "1"}, Work{"jsonl", "jsonl", "1"}, Work{"xml", "xml", "2"}, Work{"jsonl", "jsonl", "2"},
        Work{"columns", "jsonl", "1"}, Work{"filter", "jsonl", "1"}, Work{"read", "jsonl", "1"}}) {
    std::vector<double> ours, theirs, ratios, cpu_ratios;
    for (int i = 0; i < pairs; ++i) {
      const Cost us = timed({self, "--work", w.name, log, w.threads});
      const Cost them = timed({peer, "-t", w.threads, "-o", w.peer_format, log});
      ours.push_back(us.wall);
      theirs.push_back(them.wall);
      ratios.push_back(them.wall / us.wall);
      cpu_ratios.push_back(them.cpu / us.cpu);
    }
    std::printf("%-10s %8s %10.3f %10.3f %8.2f %12.2f\n", w.name, w.threads, median(ours), median(theirs),
                median(ratios), median(cpu_ratios));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const std::vector<std::string> args(arguments, arguments + count);
    if (count >= 4 && args[1] == "--work") {
      return work(args[2], args[3], count > 4 ? static_cast<unsigned>(std::atoi(arguments[4])) : 1);
    }
    if (count >= 3) return compare(args[0], args[1], args[2], count > 3 ? std::max(1, std::atoi(arguments[3])) : 5);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: evtx_bench LOG.evtx PEER [PAIRS]\n       evtx_bench --work NAME LOG.evtx [THREADS]\n");
  return 2;
}
