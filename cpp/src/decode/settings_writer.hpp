// Delivers Setting rows of one source and remembers whether anything was understood.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "decode/problem_list.hpp"
#include "synclens/decode.hpp"

namespace synclens::settings {

class Writer {
 public:
  Writer(const DecodeOptions& options, RecordSink& sink)
      : options_(options), sink_(sink), problems_(sink, options.limits) {}

  // Delivers one row; past a bound the rest is dropped with one Problem.
  void put(std::string_view topic, std::string_view subject, std::string_view name, std::string_view value,
           std::uint64_t line, Ticks time = no_time);
  // A build number of the program, once per source and number.
  void build(std::string_view version, std::uint64_t line);
  // Up to the limit of a source; the rest is counted.
  void problem(Problem problem) { problems_.add(std::move(problem)); }
  // At the end of the source: says how many problems were only counted.
  void finish() { problems_.finish(); }
  // Something was recognised although nothing of it is worth a row.
  void understood() { understood_ = true; }

  [[nodiscard]] bool anything() const { return understood_; }
  [[nodiscard]] const DecodeOptions& options() const { return options_; }

 private:
  const DecodeOptions& options_;
  RecordSink& sink_;
  ProblemList problems_;
  std::set<std::string, std::less<>> builds_;
  std::size_t rows_ = 0;
  bool understood_ = false;
};

}  // namespace synclens::settings
