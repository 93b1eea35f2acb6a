#include "decode/quick_filter.hpp"

#include <algorithm>
#include <optional>

namespace synclens::evtx {
namespace {

// Where System has one field.
struct Place {
  unsigned times = 0;
  bool simple = true;            // one value or a text of the template, left out by no other value
  std::uint16_t slot = no_slot;  // no_slot: the template states it
  std::string_view text;

  [[nodiscard]] bool stated() const { return times == 1 && simple && slot == no_slot && !text.empty(); }
  [[nodiscard]] bool in_value() const { return times == 1 && simple && slot != no_slot; }
};
using Places = std::array<Place, field_count>;

// Nothing where a fragment in System may say anything.
std::optional<Places> places_of(const ColumnProgram& program, const Tree& tree) {
  Places places{};
  const std::vector<ColumnOp>& ops = program.system;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const ColumnOp& op = ops[i];
    if (op.act == ColumnAct::skip_if_null) continue;
    if (op.act != ColumnAct::number && op.act != ColumnAct::field) return std::nullopt;
    Place& place = places[static_cast<std::size_t>(op.field)];
    ++place.times;
    place.simple = op.values == 1;
    if (!place.simple) continue;
    const Part& part = program.parts[op.value];
    place.slot = part.slot;
    if (part.slot == no_slot) place.text = tree.texts.view().substr(part.text, part.text_size);
    for (std::size_t j = 0; j < i; ++j) {
      const bool guards = ops[j].act == ColumnAct::skip_if_null && ops[j].jump > i;
      if (guards && ops[j].slot != part.slot) place.simple = false;
    }
  }
  return places;
}

bool is_name(const Value& value) {
  return value.size != 0 && (value.is(ValueType::string) || value.is(ValueType::ansi));
}

bool is_form_of(const QuickPlan& quick, const PeekedInstance& instance) {
  return quick.form.is_that_of({instance.plan, instance.count, instance.descriptors, instance.start});
}

// What all values but the last one are, and where time and record id stand.
void learn_layout(const PeekedInstance& instance, const QuickPlan& quick, KnownForm& form) {
  const std::uint32_t last = instance.count - 1;
  form.count = instance.count;
  form.descriptors.assign(instance.descriptors, instance.descriptors + std::size_t{last} * descriptor_size);
  form.size = instance.places[last];
  form.time = instance.places[quick.time];
  form.record_id = instance.places[quick.record_id];
  const ManifoldValues manifold = manifold_values(instance.descriptors, last);
  form.manifold = manifold.arrays || manifold.fragments != 0;
}

void learn_form(const PeekedInstance& instance, QuickPlan& quick) {
  KnownForm& form = quick.form;
  learn_layout(instance, quick, form);
  form.event_id = instance.places[quick.event_id];
  form.accepted = false;
}

// The names of an instance that has the known form and was accepted.
void learn_names(const PeekedInstance& instance, QuickPlan& quick) {
  KnownForm& form = quick.form;
  form.names.clear();
  for (const std::uint16_t slot : {quick.provider, quick.channel, quick.computer}) {
    if (slot == no_slot) continue;
    if (slot + 1u >= form.count) return;
    const Value value = instance.value(slot);
    form.names.push_back({instance.places[slot], {value.data, value.data + value.size}});
  }
  form.accepted = true;
}

// Of what was turned down for its provider, or where that has it `narrowed`: where that and what a mark says stand.
void learn_mark(const PeekedInstance& instance, QuickPlan& quick, std::string_view channel,
                const EventFilter::Narrowed* narrowed) {
  if (instance.count == 0) return;
  const std::uint32_t last = instance.count - 1;
  const auto is = [&](std::uint16_t slot, ValueType type, std::uint32_t size) {
    const Value value = instance.value(slot);
    return slot < last && value.size == size && value.is(type);
  };
  if (!is(quick.time, ValueType::filetime, 8) || !is(quick.record_id, ValueType::uint64, 8)) return;
  if (quick.mark_level != no_slot && !is(quick.mark_level, ValueType::uint8, 1)) return;
  const bool by_id = narrowed != nullptr && !narrowed->ids.empty();
  if (by_id && !is(quick.narrowed_id, ValueType::uint16, 2)) return;
  const auto before_last = [last](std::uint16_t slot) { return slot == no_slot || slot < last; };
  if (!before_last(quick.channel) || !before_last(quick.provider)) return;
  KnownForm& form = quick.form;
  learn_layout(instance, quick, form);
  form.level = quick.mark_level == no_slot ? KnownForm::nowhere : instance.places[quick.mark_level];
  form.narrowed = narrowed;
  if (by_id) form.event_id = instance.places[quick.narrowed_id];
  form.names.clear();
  for (const std::uint16_t slot : {quick.provider, quick.channel}) {
    if (slot == no_slot) continue;
    const Value value = instance.value(slot);
    form.names.push_back({instance.places[slot], {value.data, value.data + value.size}});
  }
  form.channel = channel;
}

}  // namespace

void NameVerdicts::learn(Known& known, const Value& value) {
  TextBuffer text;
  append_value(text, value, Escape::plain);
  known.text = text.view();
  known.bytes.assign(value.data, value.data + value.size);
  known.type = value.type;
  known.used = true;
}

QuickFilter::QuickFilter(const CompiledFilter& filter, bool marks, bool counts) : filter_(filter), marks_(marks) {
  const EventFilter& wanted = filter.plain();
  only_ids_ = !marks && wanted.narrowed.empty() && !wanted.ids.empty() && wanted.levels.empty() &&
              wanted.since == no_time && wanted.until == no_time && !wanted.first_record && !wanted.last_record;
  counts_ = counts && only_ids_;
  only_marks_ = marks && wanted.text.empty() && wanted.ids.empty() && wanted.levels.empty() &&
                wanted.channels.empty() && wanted.computers.empty() && wanted.since == no_time &&
                wanted.until == no_time && !wanted.first_record && !wanted.last_record;
}

QuickPlan QuickFilter::compile(Plan& plan) const {
  QuickPlan quick;
  const auto places = places_of(plan.columns(Context::document), plan.tree);
  if (!places) return quick;
  const auto at = [&](Field field) -> const Place& { return (*places)[static_cast<std::size_t>(field)]; };
  const EventFilter& wanted = filter_.plain();
  const Place &id = at(Field::event_id), &level = at(Field::level), &channel = at(Field::channel);
  const Place &provider = at(Field::provider), &computer = at(Field::computer);
  const Place &time = at(Field::time), &record_id = at(Field::record_id);
  const bool narrows = !wanted.narrowed.empty();
  const auto known = [](const Place& place) { return place.stated() || place.in_value(); };
  if (!time.in_value() || !record_id.in_value()) return quick;
  if (!wanted.ids.empty() && !id.in_value()) return quick;
  if (!wanted.levels.empty() && !level.in_value()) return quick;
  if ((!wanted.providers.empty() || narrows) && !known(provider)) return quick;
  if (marks_ && level.times != 0 && !level.in_value()) return quick;
  if ((marks_ || !wanted.channels.empty()) && !known(channel)) return quick;
  if (!wanted.computers.empty() && !known(computer)) return quick;
  quick.plain = true;
  quick.time = time.slot;
  quick.record_id = record_id.slot;
  if (!wanted.ids.empty()) quick.event_id = id.slot;
  if (!wanted.levels.empty()) quick.level = level.slot;
  if (!wanted.providers.empty() || narrows) quick.provider = provider.slot;
  if (narrows && id.in_value()) quick.narrowed_id = id.slot;
  if (narrows && provider.stated()) quick.stated_narrowed = filter_.narrowed(provider.text);
  if (marks_) quick.mark_level = level.slot;
  if (marks_ || !wanted.channels.empty()) quick.channel = channel.slot;
  if (!wanted.computers.empty()) quick.computer = computer.slot;
  quick.stated_channel = channel.text;
  quick.never = (!wanted.providers.empty() && provider.slot == no_slot && !filter_.accepts_provider(provider.text)) ||
                (!wanted.channels.empty() && channel.slot == no_slot && !filter_.accepts_channel(channel.text)) ||
                (!wanted.computers.empty() && computer.slot == no_slot && !filter_.accepts_computer(computer.text));
  quick.last_number = std::max({quick.time, quick.record_id, quick.event_id});
  return quick;
}

QuickPlan& QuickFilter::plan_of(Plan& plan) const {
  if (!plan.quick) plan.quick = std::make_unique<QuickPlan>(compile(plan));
  return *plan.quick;
}

// False also where time, record id and event id do not have the types that they mostly have: then all must be asked.
bool QuickFilter::turned_down_by_id(const PeekedInstance& instance, QuickPlan& quick, EventView& event) const {
  if (instance.count <= quick.last_number) return false;
  const auto is = [&](std::uint16_t slot, ValueType type, std::uint32_t size) {
    const auto descriptor = load<std::uint32_t>(instance.descriptors + std::size_t{slot} * descriptor_size);
    return (descriptor & 0xFFFFFF) == (static_cast<std::uint32_t>(type) << 16 | size);
  };
  if (!is(quick.time, ValueType::filetime, 8) || !is(quick.record_id, ValueType::uint64, 8) ||
      !is(quick.event_id, ValueType::uint16, 2))
    return false;
  if (counts_ && instance.count > quick.last_number + 1u && !is_form_of(quick, instance)) learn_form(instance, quick);
  const auto at = [&](std::uint16_t slot) { return instance.start + instance.places[slot]; };
  const auto time = load<std::uint64_t>(at(quick.time));
  if (time == 0 || time > last_filetime) return false;
  if (!quick.never && is_wanted(load<std::uint16_t>(at(quick.event_id)))) return false;
  event.time = static_cast<Ticks>(time);
  event.record_id = load<std::uint64_t>(at(quick.record_id));
  return true;
}

// Of one that all else accepts.
QuickFilter::Answer QuickFilter::answer_narrowed(const PeekedInstance& instance, const QuickPlan& quick,
                                                 const EventFilter::Narrowed& narrowed) {
  if (!narrowed.ids.empty()) {
    const auto id = as_number(instance.value(quick.narrowed_id));
    if (!id) return Answer::unknown;
    if (!holds(narrowed.ids, static_cast<std::uint32_t>(*id))) return Answer::no;
  }
  letters_ = narrowed.letters;
  return letters_.empty() ? Answer::yes : Answer::unless_said;
}

QuickFilter::Answer QuickFilter::answer_all(const PeekedInstance& instance, QuickPlan& quick, EventView& event) {
  const auto time = as_time(instance.value(quick.time));
  const auto record_id = as_number(instance.value(quick.record_id));
  if (!time || !record_id) return Answer::unknown;
  const EventFilter& wanted = filter_.plain();
  Answer answer = quick.never ? Answer::no : Answer::yes;
  const auto number_in = [&](std::uint16_t slot, auto accepts) {
    const auto number = as_number(instance.value(slot));
    if (!number) {
      answer = Answer::unknown;
    } else if (!accepts(*number)) {
      answer = Answer::no;
    }
  };
  if (answer == Answer::yes && quick.event_id != no_slot) {
    number_in(quick.event_id, [&](std::uint64_t n) { return holds(wanted.ids, static_cast<std::uint32_t>(n)); });
  }
  if (answer == Answer::yes && quick.level != no_slot) {
    number_in(quick.level, [&](std::uint64_t n) {
      const auto level = static_cast<std::uint8_t>(n);
      return std::find(wanted.levels.begin(), wanted.levels.end(), level) != wanted.levels.end();
    });
  }
  if (answer == Answer::yes) {
    const bool early = wanted.since != no_time && *time < wanted.since;
    const bool late = wanted.until != no_time && *time >= wanted.until;
    const bool below = wanted.first_record && *record_id < *wanted.first_record;
    const bool above = wanted.last_record && *record_id > *wanted.last_record;
    if (early || late || below || above) answer = Answer::no;
  }
  const EventFilter::Narrowed* narrowed = quick.stated_narrowed;
  const auto name_in = [&](std::uint16_t slot, NameVerdicts& known, auto accepts) {
    if (answer != Answer::yes || slot == no_slot) return;
    const Value value = instance.value(slot);
    if (!is_name(value)) {
      answer = Answer::unknown;
    } else if (const NameVerdicts::Known& of = known.of(value, accepts); !of.accepted) {
      answer = Answer::no;
    } else if (of.narrowed != nullptr) {
      narrowed = of.narrowed;
    }
  };
  name_in(quick.provider, providers_, [&](std::string_view name, NameVerdicts::Known& of) {
    of.narrowed = filter_.narrowed(name);
    return filter_.accepts_provider(name);
  });
  if (!wanted.channels.empty()) {
    name_in(quick.channel, channels_, [&](std::string_view name, auto&) { return filter_.accepts_channel(name); });
  }
  name_in(quick.computer, computers_, [&](std::string_view name, auto&) { return filter_.accepts_computer(name); });
  if (answer == Answer::yes && narrowed != nullptr) {
    answer = answer_narrowed(instance, quick, *narrowed);
  } else {
    narrowed = nullptr;
  }
  if ((answer == Answer::no || answer == Answer::unless_said) && marks_) {
    event.channel = quick.stated_channel;
    if (quick.channel != no_slot) {
      const Value value = instance.value(quick.channel);
      if (!is_name(value)) return Answer::unknown;
      event.channel = marked_.of(value, [](std::string_view, auto&) { return true; }).text;
    }
    const Value level = instance.value(quick.mark_level);
    const auto number = level.is_null() || level.size == 0 ? std::uint64_t{0} : as_number(level);
    if (!number) return Answer::unknown;
    event.level = static_cast<std::uint8_t>(*number);
    if (only_marks_) learn_mark(instance, quick, event.channel, narrowed);
  }
  event.time = *time;
  event.record_id = *record_id;
  if (counts_ && answer == Answer::yes && is_form_of(quick, instance)) learn_names(instance, quick);
  return answer;
}

}  // namespace synclens::evtx
