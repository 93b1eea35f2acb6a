#include "decode/bare_names.hpp"

#include <algorithm>
#include <limits>

#include "decode/utf16.hpp"

namespace synclens::evtx {
namespace {

struct Meaning {
  std::string_view text;
  KnownName known;
};

constexpr Meaning meanings[] = {
    {"Data", KnownName::data},
    {"Name", KnownName::name},
    {"Event", KnownName::event},
    {"EventData", KnownName::event_data},
    {"UserData", KnownName::user_data},
    {"System", KnownName::system},
    {"RenderingInfo", KnownName::rendering_info},
    {"Binary", KnownName::binary},
    {"BinaryEventData", KnownName::binary_event_data},
    {"amp", KnownName::amp},
    {"lt", KnownName::lt},
    {"gt", KnownName::gt},
    {"quot", KnownName::quot},
    {"apos", KnownName::apos},
    {"Provider", KnownName::provider},
    {"Guid", KnownName::guid},
    {"EventID", KnownName::event_id},
    {"Qualifiers", KnownName::qualifiers},
    {"Version", KnownName::version},
    {"Level", KnownName::level},
    {"Task", KnownName::task},
    {"Opcode", KnownName::opcode},
    {"Keywords", KnownName::keywords},
    {"TimeCreated", KnownName::time_created},
    {"SystemTime", KnownName::system_time},
    {"EventRecordID", KnownName::event_record_id},
    {"Correlation", KnownName::correlation},
    {"ActivityID", KnownName::activity_id},
    {"RelatedActivityID", KnownName::related_activity_id},
    {"Execution", KnownName::execution},
    {"ProcessID", KnownName::process_id},
    {"ThreadID", KnownName::thread_id},
    {"Channel", KnownName::channel},
    {"Computer", KnownName::computer},
    {"Security", KnownName::security},
    {"UserID", KnownName::user_id},
};

}  // namespace

KnownName known_name(std::string_view text) {
  for (const Meaning& meaning : meanings) {
    if (meaning.text == text) return meaning.known;
  }
  return KnownName::none;
}

BareNames::BareNames() {
  forget();
}

void BareNames::begin_chunk() {
  for (const std::uint32_t entry : used_) by_entry_[entry] = none;
  used_.clear();
}

void BareNames::forget() {
  begin_chunk();
  numbers_.clear();
  names_.assign(1, BareName{});
  texts_.clear();
  bytes_ = 0;
  ++age_;
}

// Of one that was not looked at in this chunk yet.
std::uint16_t BareNames::fresh_number_at(ByteView chunk, std::uint32_t entry) {
  if (entry > chunk.size() || chunk.size() - entry < name_head) return none;
  const std::uint32_t bytes = load<std::uint16_t>(chunk.data() + entry + 6) * 2u;
  if (chunk.size() - entry - name_head < bytes || bytes > most_bytes_of_name) return none;
  if (entry >= by_entry_.size()) by_entry_.resize(entry + 1u, none);
  const std::uint16_t number = number_of(chunk.subspan(entry + name_head, bytes));
  if (number != none) used_.push_back(entry);
  return by_entry_[entry] = number;
}

// Names of one text have one number.
std::uint16_t BareNames::number_of(ByteView utf16) {
  utf16 = without_trailing_nuls(utf16);
  const std::string_view key(reinterpret_cast<const char*>(utf16.data()), utf16.size());
  if (const auto known = numbers_.find(key); known != numbers_.end()) return known->second;
  if (names_.size() > std::numeric_limits<std::uint16_t>::max()) return none;
  BareName name;
  name.at = static_cast<std::uint32_t>(texts_.size());
  append_utf16(texts_, utf16, Escape::plain);
  const std::string_view text = texts_.view().substr(name.at);
  name.size = static_cast<std::uint16_t>(text.size());
  name.plain = is_plain_name(text);
  name.known = known_name(text);
  (void)texts_.room(TextBuffer::padding);
  const auto number = static_cast<std::uint16_t>(names_.size());
  numbers_.emplace(key, number);
  names_.push_back(name);
  bytes_ += utf16.size() * 3 + 64;
  return number;
}

}  // namespace synclens::evtx
