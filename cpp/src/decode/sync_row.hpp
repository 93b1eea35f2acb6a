// What the columns of a password sync log are, whatever they are called, and one row of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/source_clock.hpp"
#include "synclens/record.hpp"

namespace synclens {

// One of the words that the password sync log knows (phs-knowledge: Success, FilteredByTarget, ...); case as any.
[[nodiscard]] bool is_sync_status(std::string_view word);

struct SyncColumn {
  std::string name;         // as written, trimmed
  std::uint8_t status = 0;  // how much the name sounds like the status; 0: not at all
  bool time = false, dn = false, anchor = false;
};

[[nodiscard]] SyncColumn sync_column(std::string_view written);

// The columns of a header: one of them at least sounds like a status. Empty where this is no header.
[[nodiscard]] std::vector<SyncColumn> sync_header(std::span<const std::string_view> cells);

// Makes rows of cells and delivers them. Borrows everything.
class SyncRowMaker {
 public:
  SyncRowMaker(RecordSink& sink, SourceClock& clock, ProblemList& problems)
      : sink_(sink), clock_(clock), problems_(problems) {}

  // A row without a status is a problem.
  void deliver(std::span<const SyncColumn> columns, std::span<const std::string_view> cells, const Address& where);
  // The time of such a row, for a look ahead.
  [[nodiscard]] static std::string_view time_of(std::span<const SyncColumn> columns,
                                                std::span<const std::string_view> cells);

 private:
  RecordSink& sink_;
  SourceClock& clock_;
  ProblemList& problems_;
  std::string details_;
};

}  // namespace synclens
