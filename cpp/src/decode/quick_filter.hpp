// The filter's answer to a record from the few values that it asks for, before anything of the record is read.
//
// Most records of a large log are not wanted. Where their template puts the System fields into values of their own, or
// states them, the descriptors tell where the asked ones stand and nothing else is touched.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "decode/column_program.hpp"
#include "decode/evtx_chunk.hpp"
#include "decode/instance.hpp"
#include "synclens/record.hpp"

namespace synclens::evtx {

// How the last instance of a template was laid out: types and sizes of all its values but the last one, which mostly
// holds the data. Most have the same, and then it is known where everything stands.
struct KnownForm {
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};

  std::vector<std::uint8_t> descriptors;
  std::uint32_t count = 0;  // of all values; 0: nothing is known
  std::uint32_t size = 0;   // bytes before the last value
  // Where they stand, from the first value; level of what leaves marks only.
  std::uint32_t time = 0, record_id = 0, event_id = 0, level = 0;
  bool manifold = false;  // some of these values are more than one text or number
  // Names that are asked for, as they stood in the last record that was accepted (`accepted` then); of a filter that
  // leaves marks, in the last one that was turned down, with its channel.
  struct Name {
    std::uint32_t at = 0;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Name> names;
  bool accepted = false;
  std::string channel;                              // its text
  const EventFilter::Narrowed* narrowed = nullptr;  // what decides where the names do not

  [[nodiscard]] bool is_that_of(const InstanceHead& head) const {
    return count != 0 && head.count == count &&
           same_bytes(descriptors.data(), head.descriptors, nullptr, descriptors.size());
  }
};

// Where the values stand that are asked for; made once for each template.
struct QuickPlan {
  // System has each field once, from one value or stated by the template.
  bool plain = false;
  bool never = false;  // what the template states is turned down
  std::uint16_t event_id = no_slot, level = no_slot, provider = no_slot, channel = no_slot, computer = no_slot;
  std::uint16_t time = no_slot, record_id = no_slot;
  std::string_view stated_channel;                         // in the texts of the plan
  const EventFilter::Narrowed* stated_narrowed = nullptr;  // of the stated provider
  std::uint16_t narrowed_id = no_slot;                     // the event id, where only what is narrowed is asked for it
  std::uint16_t mark_level = no_slot;                      // the level, where only a mark asks for it
  std::uint16_t last_number = 0;                           // of time, record id and event id the one that stands last
  KnownForm form;                                          // where these have the types that they mostly have
};

// What was said of a name before, by its bytes in the log. Neighbouring records mostly have the same few.
class NameVerdicts {
 public:
  struct Known {
    std::vector<std::uint8_t> bytes;
    std::uint8_t type = 0;
    bool used = false;
    bool accepted = true;
    const EventFilter::Narrowed* narrowed = nullptr;  // of a provider
    std::string text;
  };
  // `judge(text, known)` is asked whether a name that is not known yet is accepted.
  template <typename Judge>
  const Known& of(const Value& value, Judge judge) {
    Known& known = known_[(value.size * 7u + (value.size > 3 ? value.data[value.size - 4] : 0u)) % known_.size()];
    const bool same = known.used && known.type == value.type && known.bytes.size() == value.size &&
                      (value.size == 0 || std::memcmp(known.bytes.data(), value.data, value.size) == 0);
    if (same) return known;
    learn(known, value);
    known.narrowed = nullptr;
    known.accepted = judge(std::string_view(known.text), known);
    return known;
  }

 private:
  static void learn(Known& known, const Value& value);
  std::array<Known, 32> known_;
};

class QuickFilter {
 public:
  // Borrows the filter. `marks`: of what is turned down, the channel is asked for too. `counts`: events are only
  // counted.
  QuickFilter(const CompiledFilter& filter, bool marks, bool counts);

  // `unless_said`: no, where letters() stand in none of its values.
  enum class Answer : std::uint8_t { no, yes, unless_said, unknown };

  // Whether answer_alike() may know something: where events are only counted, by nothing but event ids and names, and
  // where marks are left of what nothing but names turned down.
  [[nodiscard]] bool knows_alike() const { return counts_ || only_marks_; }

  // The answer to a record whose values stand where they stood in the last one of its template, with the names of the
  // last one that was accepted. `room`: from its first value on. As answer(). Precondition: knows_alike().
  [[nodiscard]] Answer answer_alike(const InstanceHead& head, std::uint32_t room, EventView& event) {
    const QuickPlan* const quick = head.plan->quick.get();
    if (quick == nullptr || !quick->form.is_that_of(head)) return Answer::unknown;
    const KnownForm& form = quick->form;
    if (form.size + load<std::uint16_t>(head.descriptors + form.descriptors.size()) > room) return Answer::unknown;
    const auto time = load<std::uint64_t>(head.start + form.time);
    if (time == 0 || time > last_filetime) return Answer::unknown;
    event.time = static_cast<Ticks>(time);
    event.record_id = load<std::uint64_t>(head.start + form.record_id);
    if (only_marks_) return has_names_of(form, head) ? marked_alike(form, head, event) : Answer::unknown;
    if (quick->never || !is_wanted(load<std::uint16_t>(head.start + form.event_id))) return Answer::no;
    return form.accepted && has_names_of(form, head) ? Answer::yes : Answer::unknown;
  }

  // Of an instance that stands for a record. `unknown`: it must be read. Else time and record id are set, and with
  // `marks` channel and level of what is turned down; the text is valid until the next answer.
  [[nodiscard]] Answer answer(const PeekedInstance& instance, EventView& event) {
    QuickPlan& quick = instance.plan->quick ? *instance.plan->quick : plan_of(*instance.plan);
    if (!quick.plain) return Answer::unknown;
    // most records are turned down by their event id: then nothing else is asked
    if (only_ids_ && turned_down_by_id(instance, quick, event)) return Answer::no;
    return answer_all(instance, quick, event);
  }

  // Of the last answer, which was unless_said.
  [[nodiscard]] std::string_view letters() const { return letters_; }

 private:
  [[nodiscard]] Answer marked_alike(const KnownForm& form, const InstanceHead& head, EventView& event) {
    event.channel = form.channel;
    event.level = form.level == KnownForm::nowhere ? std::uint8_t{0} : head.start[form.level];
    if (form.narrowed == nullptr) return Answer::no;
    if (!form.narrowed->ids.empty()) {
      const auto id = load<std::uint16_t>(head.start + form.event_id);
      return holds(form.narrowed->ids, id) ? Answer::unknown : Answer::no;
    }
    letters_ = form.narrowed->letters;
    return Answer::unless_said;
  }
  [[nodiscard]] static bool has_names_of(const KnownForm& form, const InstanceHead& head) {
    return std::all_of(form.names.begin(), form.names.end(), [&](const KnownForm::Name& name) {
      return same_bytes(name.bytes.data(), head.start + name.at, nullptr, name.bytes.size());
    });
  }
  [[nodiscard]] QuickPlan& plan_of(Plan& plan) const;
  [[nodiscard]] bool is_wanted(std::uint16_t id) const { return holds(filter_.plain().ids, id); }
  [[nodiscard]] static bool holds(const std::vector<std::uint32_t>& ids, std::uint32_t id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }
  [[nodiscard]] bool turned_down_by_id(const PeekedInstance& instance, QuickPlan& quick, EventView& event) const;
  [[nodiscard]] Answer answer_all(const PeekedInstance& instance, QuickPlan& quick, EventView& event);
  [[nodiscard]] Answer answer_narrowed(const PeekedInstance& instance, const QuickPlan& quick,
                                       const EventFilter::Narrowed& narrowed);
  [[nodiscard]] QuickPlan compile(Plan& plan) const;

  const CompiledFilter& filter_;
  bool marks_;
  bool only_ids_ = false;  // and names: no other number is asked for
  bool counts_ = false;
  bool only_marks_ = false;  // no number is asked for, and what is turned down leaves marks
  std::string_view letters_;
  NameVerdicts providers_, channels_, computers_, marked_;
};

}  // namespace synclens::evtx
