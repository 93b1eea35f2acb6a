// Turns what a decoder delivers into facts. One collector per source.
#pragma once

#include <string>
#include <vector>

#include "correlate/facts.hpp"
#include "correlate/said_before.hpp"

namespace synclens::correlate {

class Collector final : public RecordSink {
 public:
  // What of an event it looks at.
  static constexpr ColumnSet looked_at{
      EventColumn::record_id, EventColumn::time,     EventColumn::provider, EventColumn::event_id, EventColumn::level,
      EventColumn::channel,   EventColumn::computer, EventColumn::message,  EventColumn::data,     EventColumn::binary,
      EventColumn::state,     EventColumn::offset,   EventColumn::line};

  // Borrows all of them.
  Collector(const Catalogue& catalogue, const Classifier& classifier, const Limits& limits, Facts& facts,
            std::uint32_t source);

  void event(const EventView& event) override;
  void passed_over(const RecordMark& mark) override;
  void sync_log_row(const SyncLogRow& row) override;
  void setting(const Setting& setting) override;
  void problem(Problem problem) override;
  void account(const Account& account) override;
  void note(std::string note) override;

 private:
  struct Provider {
    bool is_password_sync = false, is_service_control = false;
  };
  [[nodiscard]] std::string_view text_of(const EventView& event);
  void stand_at(const EventView& event, Ticks previous, bool recovered, Fact& fact) const;
  void count(const Fact& fact);
  void keep(const Fact& fact, bool recovered);
  void mark(std::uint64_t record_id, Ticks time, std::string_view channel, std::uint8_t level);
  void note_clock(std::uint64_t record_id, Ticks time);
  void note_jump(std::uint64_t record_id, Ticks time, bool forward);
  void keep_fields(const Explanation& explanation, Fact& fact);
  void read_users(std::uint32_t event_id);
  void keep_users(Fact& fact);
  [[nodiscard]] bool keep_as_ordinary(const Fact& fact);
  void place(Fact& fact);
  [[nodiscard]] Id excerpt(const Fact& fact);
  [[nodiscard]] std::int32_t cause_index(const Rule& rule);

  const Catalogue& catalogue_;
  const Classifier& classifier_;
  const Limits& limits_;
  Facts& facts_;
  std::uint32_t source_;
  std::string_view text_;  // of the present event
  std::string joined_;     // it, where it is of several values
  std::vector<PasswordChange> changes_;
  std::vector<UserLine> lines_;
  Ticks last_time_ = no_time;
  std::uint64_t last_id_ = 0;  // of the record before, 0: not stated
  SeriesFinder series_;
  ForSameText<Provider> provider_;
  ForSameText<Id> provider_name_, computer_name_;
  ForestInfos forest_infos_;
  Beginnings beginnings_;
  UserNames user_names_;
  SaidBefore said_before_;
  std::vector<std::int32_t> causes_;  // of rules; not_looked_up
  struct Kept {
    std::uint32_t begin = 0, count = 0;
  };
  std::vector<Kept> kept_fields_;       // by what they are: the last ones
  std::size_t waiting_ = none_waiting;  // fact whose log runs backwards: the record before it in time comes next
  static constexpr std::size_t none_waiting = ~std::size_t{0};
  std::size_t open_damages_ = 0;  // damages of this source that wait for the next record's time
};

}  // namespace synclens::correlate
