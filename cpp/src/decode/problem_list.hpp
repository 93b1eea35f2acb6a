// Reports problems up to the limit of a source and counts the rest.
#pragma once

#include <string>
#include <string_view>

#include "synclens/limits.hpp"
#include "synclens/record.hpp"

namespace synclens {

// The beginning of a source's text in quotes, for a problem or a note.
[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::size_t most = 60;
  while (most > 0 && most < text.size() && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;  // not inside a letter
  std::string result(1, '"');
  result.append(text.substr(0, most)).append(text.size() > most ? "...\"" : "\"");
  return result;
}

// Borrows the sink. `finish` says how many problems were counted only; it must be called at the end of the source.
class ProblemList {
 public:
  ProblemList(RecordSink& sink, const Limits& limits) : sink_(sink), most_(limits.problems_per_source) {}

  void add(std::string what, const Address& where, std::uint64_t bytes = 0) {
    add(Problem{std::move(what), where, near_time_, bytes});
  }
  void add(Problem problem) {
    if (reported_ >= most_) {
      ++unlisted_;
      return;
    }
    ++reported_;
    sink_.problem(std::move(problem));
  }

  // The time of the last record that was read; later problems carry it.
  void passed(Ticks time) {
    if (time != no_time) near_time_ = time;
  }

  void finish() {
    if (unlisted_ == 0) return;
    sink_.problem(Problem{"further problems, counted only: " + std::to_string(unlisted_), {}, near_time_, 0});
    unlisted_ = 0;
  }

 private:
  RecordSink& sink_;
  std::size_t most_;
  std::size_t reported_ = 0;
  std::uint64_t unlisted_ = 0;
  Ticks near_time_ = no_time;
};

}  // namespace synclens
