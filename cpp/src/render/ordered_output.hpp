// The two ends of a parallel run: batches are handed out in the order of the file and taken back in the same order,
// so that the output does not depend on the number of threads.
#pragma once

#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <vector>

#include "decode/evtx_file.hpp"
#include "decode/text_buffer.hpp"
#include "synclens/render.hpp"

namespace synclens::evtx {

// What became of one batch.
struct Printed {
  TextBuffer text;
  std::uint64_t records = 0;
  std::vector<Problem> problems;  // near_time only where a record of the same batch gives it
  Ticks last_time = no_time;
  Account account;

  void clear() {
    text.clear();
    records = 0;
    problems.clear();
    last_time = no_time;
  }
};

// Any number of threads may take and give; each gives what it took before it takes again.
class OrderedOutput {
 public:
  // `most_waiting`: batches that may wait for their turn while their thread goes on with the next one.
  OrderedOutput(ByteStream& stream, const DecodeOptions& options, TextSink& out, std::size_t most_waiting)
      : source_(stream),
        out_(out),
        problems_(options.limits.problems_per_source),
        most_waiting_(most_waiting),
        verify_(options.verify) {}

  // Reads the next batch and says whose turn it will be. False at the end or when the run was stopped.
  [[nodiscard]] bool take(ChunkBatch& batch, std::uint64_t& turn);

  // Writes where it is the batch's turn, and what waited for it. Else keeps it, and `printed` is another one; where too
  // many wait already it waits as well.
  void give(std::uint64_t turn, Printed& printed);

  // Stops the run; finish() throws it.
  void fail(std::exception_ptr error);

  // After all threads have ended. Throws what stopped the run.
  [[nodiscard]] RenderReport finish();

 private:
  void write(Printed& printed);
  void say_head();
  void say(Problem problem);

  std::mutex reading_, writing_;
  std::condition_variable turned_;
  ChunkSource source_;
  TextSink& out_;
  ProblemList problems_;
  RenderReport report_;
  std::exception_ptr error_;
  std::uint64_t handed_out_ = 0;              // under reading_
  std::uint64_t written_ = 0;                 // under writing_, like what follows
  std::map<std::uint64_t, Printed> waiting_;  // by their turn
  std::vector<Printed> spare_;
  std::size_t most_waiting_;
  Ticks last_time_ = no_time;
  bool stopped_ = false;
  bool verify_, head_said_ = false;
};

}  // namespace synclens::evtx
