// Problems of one source, bounded: what is past the limit is counted and said in one sentence.
#pragma once

#include <string>
#include <utility>

#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens {

class ProblemList {
 public:
  ProblemList(RecordSink& sink, const Limits& limits) : sink_(sink), most_(limits.problems_per_source) {}

  // Passes it on, with the time of the last record seen.
  void add(Problem problem) {
    if (++count_ > most_) {
      unlisted_bytes_ += problem.bytes;
      last_ = problem.where;
      return;
    }
    if (problem.near_time == no_time) problem.near_time = near_time_;
    sink_.problem(std::move(problem));
  }

  void add(std::string what, const Address& where, std::uint64_t bytes = 0) {
    add(Problem{std::move(what), where, no_time, bytes});
  }

  void saw(Ticks time) {
    if (time != no_time) near_time_ = time;
  }

  // To be called once, at the end of the source.
  void finish() {
    if (count_ <= most_) return;
    sink_.problem({std::to_string(count_ - most_) + " further problems that are not listed, the last of them here",
                   last_, near_time_, unlisted_bytes_});
    count_ = most_;
  }

 private:
  RecordSink& sink_;
  std::size_t most_;
  std::size_t count_ = 0;
  std::uint64_t unlisted_bytes_ = 0;
  Address last_;
  Ticks near_time_ = no_time;
};

}  // namespace synclens
