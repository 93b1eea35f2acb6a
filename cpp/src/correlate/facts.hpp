// What the analyzer keeps of each record: small, and only of records that say something about password hash sync.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/names.hpp"
#include "correlate/ordinary.hpp"
#include "correlate/series.hpp"
#include "synclens/correlate.hpp"

namespace synclens::correlate {

// One event record that was kept.
struct Fact {
  Ticks time = no_time;
  Ticks previous = no_time;     // of the record before it in its log, where that is the older one
  std::uint64_t record_id = 0;  // 0: not stated
  std::uint64_t offset = Address::none;
  std::uint64_t text_hash = 0;
  std::uint64_t line = Address::none;
  std::uint32_t tracking = 0;  // a hash of the TrackingID: each is seen two or three times, so the text is not kept
  std::uint32_t source = 0;
  std::uint32_t event_id = 0;
  Id provider = nobody, server = nobody, connector = nobody, partition = nobody, domain = nobody, excerpt = nobody,
     build = nobody;
  std::uint32_t users_begin = 0, users_count = 0;
  std::uint32_t fields_begin = 0, fields_count = 0;
  std::int32_t cause = -1, rule = -1;  // indices into the catalogue
  std::uint8_t level = 0;
  bool password_sync_provider : 1 = false;     // Directory Synchronization, ADSync, FIMSynchronizationService
  bool sentence : 1 = false;                   // has the sentence, not only insertion strings
  bool starts : 1 = false, stops : 1 = false;  // a 7036 that says so; a 2506 that says on or off
  std::uint32_t series = no_series;            // of records that say the same after it
};

struct Field {
  Id name = nobody, value = nobody;
  friend bool operator==(const Field&, const Field&) = default;
};

// One row of a password sync log.
struct RowFact {
  Ticks time = no_time;
  std::uint32_t source = 0;
  std::uint64_t line = Address::none;
  Id status = nobody, dn = nobody, anchor = nobody, details = nobody;
  std::int32_t cause = -1, rule = -1;
};

struct SettingFact {
  Ticks time = no_time;  // when it was collected
  std::uint32_t source = 0;
  std::uint64_t line = Address::none;
  Id topic = nobody, subject = nobody, name = nobody, value = nobody;
  std::int32_t cause = -1, rule = -1;
};

// An unreadable part of a source, with the records next to it in the source's order.
struct Damage {
  std::uint32_t source = 0;
  Ticks before = no_time, after = no_time;
};

// What stands for the provider of what is no event: each such text is listed by itself.
inline constexpr std::string_view diagnosis_lines = "Invoke-ADSyncDiagnostics", status_rows = "password sync log";

struct UnclassifiedFact {
  Id provider = nobody, example = nobody;
  std::uint32_t event_id = 0;
  std::uint64_t text_hash = 0;
  Ticks time = no_time;
  std::uint32_t source = 0;
  std::uint8_t level = 0;
};

// One file or member that was read.
struct SourceFacts {
  InputReport report;
  Ticks collected_at = no_time;
  Id channel = nobody, computer = nobody;
  bool several_channels = false;
  std::uint64_t password_sync_records = 0;
  std::uint64_t rhythm_records =
      0;  // 650, 651, 653, 654, 663: whoever exported them did not ask for errors or users only
  std::uint64_t fault_records = 0;  // whose level is Critical, Error or Warning
  std::uint64_t first_id = 0, last_id = 0, with_id = 0;
  std::vector<std::string> remarks;  // jumps of the clock
  std::string host;                  // out of EVENTLOG/<HOST>_Application.evtx
  std::string bundle;                // path before EVENTLOG/ or CONFIG/
  bool is_log = false;
  bool may_be_log = false;        // nobody could see what was in it
  bool states_fractions = false;  // of a second
};

// The record again as a fact, for evidence; without its lines about users.
[[nodiscard]] Fact recalled(const OrdinaryRecord& record);

struct Facts {
  Ticks since = no_time, until = no_time;  // what was asked for; of the rest nothing is known
  Names names;
  std::vector<SourceFacts> sources;
  OrdinaryRecords ordinary;  // what shows nothing wrong
  std::deque<Fact> events;  // all else; a deque: millions of them, and no moment in which two copies stand side by side
  std::deque<Series> series;
  std::vector<UserLine> users;
  std::vector<Field> fields;
  std::vector<RowFact> rows;
  std::vector<SettingFact> settings;
  std::vector<Damage> damages;
  std::vector<UnclassifiedFact> unclassified;
};

}  // namespace synclens::correlate
