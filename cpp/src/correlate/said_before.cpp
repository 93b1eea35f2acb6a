#include "correlate/said_before.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "correlate/event_texts.hpp"
#include "record/ascii.hpp"

namespace synclens::correlate {
namespace {

std::size_t hash_of_name(std::string_view text) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  std::uint64_t hash = text.size();
  const auto mix = [&hash](std::uint64_t next) {
    hash = (hash ^ next) * 0x9E37'79B9'7F4A'7C15u;
    hash ^= hash >> 32;
  };
  for (; text.size() >= word; text.remove_prefix(word)) {
    std::uint64_t next = 0;
    std::memcpy(&next, text.data(), word);
    mix(next);
  }
  for (const char c : text) mix(static_cast<unsigned char>(c));
  return static_cast<std::size_t>(hash);
}

}  // namespace

ForestInfos::Numbers ForestInfos::of(std::string_view text, Names& names) {
  constexpr std::string_view begin = "<forest-info>";
  constexpr std::size_t longest = 4096;
  if (!end_.empty() && text.ends_with(end_)) return numbers_;
  const ForestInfo info = forest_info(text);
  numbers_.connector = names.add(name_of(info.connector_id));
  const std::string of_dn = domain_of_dn(info.partition);  // a partition may be named by its DN
  numbers_.partition = names.add(of_dn.empty() ? name_of(info.partition) : name_of(of_dn));
  const std::size_t at = text.rfind(begin);
  end_.clear();
  numbers_.untracked = 0;
  if (at != std::string_view::npos && text.size() - at <= longest) end_ = text.substr(at);
  if (!end_.empty() && tracking_id(end_).empty()) numbers_.untracked = end_.size();
  return numbers_;
}

Beginnings::Beginning Beginnings::beginning_of(std::string_view text) {
  constexpr std::string_view tracking = "TrackingID";
  constexpr std::string_view anchor = " - Anchor";
  constexpr std::size_t longest = 256;
  std::size_t end = std::min(text.find(tracking), text.find('\n'));
  std::size_t with_end = end >= text.size() ? 0 : end + (text[end] == '\n' ? 1 : tracking.size());
  const std::size_t before_anchor = text.substr(0, end).find(anchor);
  if (before_anchor != std::string_view::npos) {
    end = before_anchor;
    with_end = end + anchor.size();
  }
  return {text.substr(0, end), with_end > longest ? std::string_view() : text.substr(0, with_end)};
}

UserNames::Numbers UserNames::of(const PasswordChange& change, Names& names) {
  const auto look_up = [&] {
    const Id anchor = names.add(change.anchor);
    return Numbers{anchor, names.add(change.dn)};
  };
  if (change.anchor.empty() || change.dn.empty()) return look_up();
  // from the beginning of the one to the end of the other: where the one ends and the other begins it says itself
  const auto size = static_cast<std::size_t>(change.dn.data() + change.dn.size() - change.anchor.data());
  if (size > longest) return look_up();
  const std::string_view text(change.anchor.data(), size);
  if (known_.empty()) known_.resize(places);
  auto& [last, other] = known_[hash_of_name(text) % places];
  if (last.text == text) return last.numbers;
  std::swap(last, other);
  if (last.text != text) {
    last.numbers = look_up();
    last.text = text;
  }
  return last.numbers;
}

std::size_t SaidBefore::place(const EventView& event, std::string_view text) {
  return (event.event_id * std::size_t{31} + text.size()) % places;
}

const Fact* SaidBefore::find(const EventView& event, std::string_view text) const {
  const Said& said = said_[place(event, text)];
  if (!said.fact || said.fact->event_id != event.event_id || said.fact->level != event.level) return nullptr;
  if (said.text != text || said.provider != event.provider || said.computer != event.computer) return nullptr;
  return said.is_message == !event.message.empty() ? &*said.fact : nullptr;
}

void SaidBefore::keep(const EventView& event, std::string_view text, const Fact& fact) {
  if (text.size() > longest) return;
  Said& said = said_[place(event, text)];
  said.provider = event.provider;
  said.computer = event.computer;
  said.text = text;
  said.is_message = !event.message.empty();
  said.fact = fact;
}

}  // namespace synclens::correlate
