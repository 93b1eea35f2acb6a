// An EVTX file read by several threads: neighbouring chunks form a part, parts are taken back in their order.
#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "decode/evtx_file.hpp"

namespace synclens {
namespace {

using namespace evtx;

constexpr std::size_t chunks_per_part = 8;  // what was read should still be in the cache when it is decoded
constexpr std::size_t part_bytes = chunks_per_part * chunk_size;
constexpr unsigned most_threads = 256;

class PartRun {
 public:
  PartRun(ByteStream& stream, const DecodeOptions& options, PartedSink& sink)
      : found_(options.recover ? find_templates(stream, options.limits.binxml_depth) : nullptr),
        source_(stream),
        options_(options),
        sink_(sink),
        problems_(options.limits.problems_per_source) {}

  // What each thread does, until the stream ends or the run fails.
  void work() {
    try {
      const std::unique_ptr<RecordSink> part = sink_.part();
      std::vector<Problem> problems;
      ChunkDecoder decoder(options_, [&](Problem problem) { problems.push_back(std::move(problem)); });
      decoder.use_found(found_.get());
      ChunkBatch batch(chunks_per_part);
      std::uint64_t turn = 0;
      while (read(batch, turn)) {
        problems.clear();
        decoder.troubles().last_time = no_time;
        for (std::size_t i = 0; i < batch.size(); ++i) decoder.read(batch[i], *part);
        if (!give(turn, *part, problems, decoder.troubles())) return;
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  // After all threads have ended. Throws what stopped the run.
  void finish() {
    if (error_) std::rethrow_exception(error_);
    say_head();
    if (auto found = problem_of_missing(source_)) sink_.problem(std::move(*found));
    if (auto rest = problems_.rest(last_time_)) sink_.problem(std::move(*rest));
    account_.size = source_.offset();
    sink_.account(account_);
  }

 private:
  bool read(ChunkBatch& batch, std::uint64_t& turn) {
    const std::lock_guard reading(reading_);
    {
      const std::lock_guard taking(taking_);
      if (error_) return false;
    }
    if (!source_.next(batch)) return false;
    turn = handed_out_++;
    return true;
  }

  bool give(std::uint64_t turn, RecordSink& part, std::vector<Problem>& problems, ChunkTroubles& troubles) {
    std::unique_lock taking(taking_);
    turned_.wait(taking, [&] { return error_ != nullptr || taken_ == turn; });
    if (error_) return false;
    say_head();
    for (Problem& problem : problems) {
      if (problem.near_time == no_time) problem.near_time = last_time_;
      if (problems_.add(problem)) sink_.problem(std::move(problem));
    }
    if (troubles.last_time != no_time) last_time_ = troubles.last_time;
    account_.add(std::move(troubles.account));
    sink_.take(part);
    ++taken_;
    turned_.notify_all();
    return true;
  }

  void say_head() {
    if (std::exchange(head_said_, true)) return;
    if (auto found = problem_of_head(source_, options_.verify, account_)) sink_.problem(std::move(*found));
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard taking(taking_);
    if (!error_) error_ = std::move(error);
    turned_.notify_all();
  }

  std::mutex reading_, taking_;
  std::condition_variable turned_;
  std::unique_ptr<FoundTemplates> found_;  // before the source: it reads the stream first
  ChunkSource source_;
  const DecodeOptions& options_;
  PartedSink& sink_;
  evtx::ProblemList problems_;
  std::exception_ptr error_;
  std::uint64_t handed_out_ = 0;  // under reading_
  std::uint64_t taken_ = 0;       // under taking_, like what follows
  Ticks last_time_ = no_time;
  Account account_;
  bool head_said_ = false;
};

}  // namespace

void decode_evtx_in_parts(ByteStream& stream, const DecodeOptions& options, PartedSink& sink) {
  PartRun run(stream, options, sink);
  unsigned threads = std::clamp(options.threads, 1u, most_threads);
  if (const auto size = stream.size()) {
    threads = static_cast<unsigned>(std::min<std::uint64_t>(threads, *size / part_bytes + 1));
  }
  std::vector<std::thread> others;
  try {
    others.reserve(threads - 1);
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([&] { run.work(); });
  } catch (const std::exception&) {
    // No more threads to be had: those that there are do the work.
  }
  run.work();
  for (std::thread& other : others) other.join();
  run.finish();
}

}  // namespace synclens
