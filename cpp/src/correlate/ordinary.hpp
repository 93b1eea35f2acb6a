// Records that show nothing wrong: pings, batches, requests, results of Success, signs of life. A busy server writes
// millions of them, so each is kept in some ten bytes, in the order of its source. They are never sorted or compared
// with each other: what the judgement needs of them are times, and those are the same in one export and in two.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "correlate/names.hpp"
#include "correlate/steps.hpp"
#include "synclens/record.hpp"

namespace synclens::correlate {

// One line of a 656 or 657, or one DN of a 0, 605, 620 or 664.
struct UserLine {
  enum class Kind : std::uint8_t { request, success, failed, retry, no_retry, single_failed };
  Id anchor = nobody, dn = nobody, extended = nobody;
  Kind kind = Kind::request;
  std::optional<bool> change_on_logon;
  friend bool operator==(const UserLine&, const UserLine&) = default;
};

// What many such records have in common.
struct OrdinaryKind {
  std::uint32_t source = 0, event_id = 0;
  Id provider = nobody, server = nobody, connector = nobody, partition = nobody, domain = nobody, excerpt = nobody;
  std::int32_t rule = -1;
  bool tracked = false;  // has a TrackingID
  bool success = false;  // a 657 with a line that says Success
  friend bool operator==(const OrdinaryKind&, const OrdinaryKind&) = default;
};

struct OrdinaryRecord {
  const OrdinaryKind* kind = nullptr;
  std::size_t kind_index = 0;
  Ticks time = no_time;
  std::uint64_t record_id = 0, offset = 0, line = 0;
  std::uint32_t tracking = 0;            // hash of the TrackingID
  std::span<const std::uint32_t> users;  // indices into user_lines(); valid until the next record
};

class OrdinaryRecords {
 public:
  void add(const OrdinaryKind& kind, const OrdinaryRecord& record, std::span<const UserLine> users);

  [[nodiscard]] const std::deque<OrdinaryKind>& kinds() const { return kinds_; }
  [[nodiscard]] const std::vector<UserLine>& user_lines() const { return lines_; }
  // The time of the earliest record that holds a line, by the line's index.
  [[nodiscard]] const std::vector<Ticks>& first_times() const { return first_times_; }
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] bool empty() const { return runs_.empty(); }

  // Sources have new numbers: place[old] = new. Records are then given in the order of the new ones.
  void renumber(std::span<const std::uint32_t> place);

  // Calls `use` with each record: source by source, each in its own order.
  template <typename Use>
  void for_each(const Use& use) const {
    for (const Run& run : runs_) {
      Reader reader(run, *this);
      while (reader.next()) use(static_cast<const OrdinaryRecord&>(reader.record));
    }
  }

 private:
  using Block = Steps;
  struct Last {
    std::uint64_t time = 0, record_id = 0, offset = 0, line = 0;
  };
  struct Run {  // the records of one source
    std::uint32_t source = 0;
    std::deque<Block> blocks;
    Last last;
  };
  struct Reader {
    Reader(const Run& r, const OrdinaryRecords& a) : run(r), all(a) {}
    bool next();
    const Run& run;
    const OrdinaryRecords& all;
    OrdinaryRecord record;
    Last last;
    StepReader steps;
    std::size_t block = 0, kind = ~std::size_t{0};
    std::vector<std::uint32_t> users;
  };
  struct KindHash {
    std::size_t operator()(const OrdinaryKind& k) const;
  };
  struct LineHash {
    std::size_t operator()(const UserLine& l) const;
  };

  std::uint32_t line_index(const UserLine& line, Ticks time);

  std::deque<OrdinaryKind> kinds_;  // a deque: records point at them
  std::unordered_map<OrdinaryKind, std::uint32_t, KindHash> kind_index_;
  std::array<std::uint32_t, 16> latest_kinds_{};  // by event id: what was looked up last
  std::vector<UserLine> lines_;
  std::vector<Ticks> first_times_;
  Ticks latest_ = no_time;  // of the records with lines
  std::unordered_map<UserLine, std::uint32_t, LineHash> line_index_;
  std::vector<Run> runs_;
};

}  // namespace synclens::correlate
