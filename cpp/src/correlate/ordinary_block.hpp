// A stretch of the ordinary records of one source in few bytes, readable without the stretch before it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "correlate/names.hpp"
#include "correlate/steps.hpp"
#include "synclens/record.hpp"

namespace synclens::correlate {

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
  std::span<const std::uint32_t> users;  // indices of user lines; valid until the next record
};

// Where the last record stands, and how far apart they have lain: what the next one is told from.
struct OrdinaryPlace {
  std::uint64_t time = 0, record_id = 0, offset = 0, line = 0, user = 0;
  std::uint64_t id_step = 0, line_step = 0;
  std::array<std::uint64_t, 16> offset_steps{};  // by event id: its texts are mostly of one length
  [[nodiscard]] std::uint64_t& offset_step(const OrdinaryKind& kind) {
    return offset_steps[kind.event_id % offset_steps.size()];
  }
};

class OrdinaryBlock {
 public:
  void add(const OrdinaryRecord& record);  // of which the kind is set
  void reserve(std::size_t bytes) { steps_.reserve(bytes); }
  void give_back_room() { steps_.shrink_to_fit(); }
  [[nodiscard]] std::size_t bytes() const { return steps_.size(); }

 private:
  friend class OrdinaryBlockReader;
  Steps steps_;
  OrdinaryPlace last_;
};

class OrdinaryBlockReader {
 public:
  OrdinaryBlockReader(const OrdinaryBlock& block, const std::deque<OrdinaryKind>& kinds)
      : kinds_(&kinds), steps_(block.steps_) {}
  [[nodiscard]] bool next();  // false: that was the last
  [[nodiscard]] const OrdinaryRecord& record() const { return record_; }

 private:
  const std::deque<OrdinaryKind>* kinds_;
  StepReader steps_;
  OrdinaryPlace last_;
  OrdinaryRecord record_;
  std::vector<std::uint32_t> users_;
};

}  // namespace synclens::correlate
