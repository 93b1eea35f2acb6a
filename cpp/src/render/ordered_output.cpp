#include "render/ordered_output.hpp"

#include <utility>

namespace synclens::evtx {

bool OrderedOutput::take(ChunkBatch& batch, std::uint64_t& turn) {
  const std::lock_guard reading(reading_);
  {
    const std::lock_guard writing(writing_);
    if (stopped_) return false;
  }
  try {
    if (!source_.next(batch)) return false;
  } catch (...) {
    fail(std::current_exception());
    return false;
  }
  turn = handed_out_++;
  return true;
}

void OrderedOutput::give(std::uint64_t turn, Printed& printed) {
  std::unique_lock writing(writing_);
  turned_.wait(writing, [&] { return stopped_ || written_ == turn || waiting_.size() < most_waiting_; });
  if (stopped_) return;
  if (written_ != turn) {
    waiting_.emplace(turn, std::move(printed));
    printed = Printed();
    if (spare_.empty()) return;
    printed = std::move(spare_.back());
    spare_.pop_back();
    return;
  }
  write(printed);
  for (auto next = waiting_.begin(); next != waiting_.end() && next->first == written_; next = waiting_.erase(next)) {
    write(next->second);
    spare_.push_back(std::move(next->second));
  }
  turned_.notify_all();
}

void OrderedOutput::write(Printed& printed) {
  ++written_;
  if (stopped_) return;
  say_head();
  for (Problem& problem : printed.problems) {
    if (problem.near_time == no_time) problem.near_time = last_time_;
    say(std::move(problem));
  }
  if (printed.last_time != no_time) last_time_ = printed.last_time;
  report_.records += printed.records;
  report_.account.add(std::move(printed.account));
  try {
    if (printed.text.size() != 0 && !out_.write(printed.text.view())) stopped_ = true;
  } catch (...) {
    error_ = std::current_exception();
    stopped_ = true;
  }
}

void OrderedOutput::fail(std::exception_ptr error) {
  const std::lock_guard writing(writing_);
  if (!error_) error_ = std::move(error);
  stopped_ = true;
  turned_.notify_all();
}

RenderReport OrderedOutput::finish() {
  if (error_) std::rethrow_exception(error_);
  say_head();
  if (!stopped_) {
    if (auto found = problem_of_missing(source_)) say(std::move(*found));
  }
  if (auto rest = problems_.rest(last_time_)) report_.problems.push_back(std::move(*rest));
  report_.account.size = source_.offset();
  return std::move(report_);
}

void OrderedOutput::say_head() {
  if (std::exchange(head_said_, true)) return;
  if (auto found = problem_of_head(source_, verify_, report_.account)) say(std::move(*found));
}

void OrderedOutput::say(Problem problem) {
  if (problems_.add(problem)) report_.problems.push_back(std::move(problem));
}

}  // namespace synclens::evtx
