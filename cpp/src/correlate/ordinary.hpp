// Records that show nothing wrong: pings, batches, requests, results of Success, signs of life. A busy server writes
// millions of them, so each is kept in some ten bytes, in the order of its source, and of a log of more than a hundred
// thousand the older pings and batches only as far as a question can turn on them (ordinary_thinning.hpp). They are
// never sorted or compared with each other: what the judgement needs of them are times, and those are the same in one
// export and in two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "correlate/ordinary_block.hpp"
#include "correlate/times.hpp"
#include "correlate/user_line.hpp"

namespace synclens::correlate {

class OrdinaryRecords {
 public:
  void add(const OrdinaryKind& kind, const OrdinaryRecord& record, std::span<const UserLine> users);
  // A record beside them in their source, of this time, is one whose neighbours will be asked for.
  void ask(std::uint32_t source, Ticks time);
  // Nothing of the source may be left out from here on.
  void ask_for_all(std::uint32_t source) { run_of(source).thins = false; }

  [[nodiscard]] const std::deque<OrdinaryKind>& kinds() const { return kinds_; }
  [[nodiscard]] const std::vector<UserLine>& user_lines() const { return lines_; }
  // The time of the earliest record that holds a line, by the line's index.
  [[nodiscard]] const std::vector<Ticks>& first_times() const { return first_times_; }
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] bool empty() const { return kinds_.empty(); }

  // Sources have new numbers: place[old] = new. Records are then given in the order of the new ones.
  void renumber(std::span<const std::uint32_t> place);

  // Calls `use` with each record: source by source, each in its own order.
  template <typename Use>
  void for_each(const Use& use) const {
    for (const Run& run : runs_) {
      for (const Block& block : run.blocks) {
        OrdinaryBlockReader reader(block.records, kinds_);
        while (reader.next()) use(reader.record());
      }
    }
  }

 private:
  struct Block {
    OrdinaryBlock records;
    Times asked;  // of records among them and before the next block
  };
  struct Run {  // the records of one source
    std::uint32_t source = 0;
    std::deque<Block> blocks{1};
    std::size_t thinned = 0;  // of the blocks
    bool thins = true;
  };
  struct KindHash {
    std::size_t operator()(const OrdinaryKind& k) const;
  };
  struct LineHash {
    std::size_t operator()(const UserLine& l) const;
  };

  std::uint32_t line_index(const UserLine& line, Ticks time);
  std::uint32_t look_up(const UserLine& line, Ticks time);
  Run& run_of(std::uint32_t source);
  void begin_block(Run& run);
  void thin(Run& run, std::size_t block) const;

  std::deque<OrdinaryKind> kinds_;  // a deque: records point at them
  std::unordered_map<OrdinaryKind, std::uint32_t, KindHash> kind_index_;
  std::array<std::uint32_t, 16> latest_kinds_{};  // by event id: what was looked up last
  std::vector<UserLine> lines_;
  std::vector<Ticks> first_times_;
  Ticks latest_ = no_time;  // of the records with lines
  std::unordered_map<UserLine, std::uint32_t, LineHash> line_index_;
  // By the number of the DN: one more than the index of its last request and of its last success, which most often come
  // again.
  std::vector<std::array<std::uint32_t, 2>> latest_lines_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> users_;  // of the present record
};

}  // namespace synclens::correlate
