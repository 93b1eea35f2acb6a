#include "correlate/ordinary.hpp"

#include <algorithm>

#include "correlate/facts.hpp"
#include "correlate/steps.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t block_bytes = 64u << 10;

// From a start of one's own: two numbers combined before any multiplication would cancel each other out, and the anchor
// and DN of a user are neighbours.
constexpr std::size_t start = 0x2545F4914F6CDD1Du;

std::size_t mixed(std::size_t hash, std::uint64_t value) {
  return (hash ^ static_cast<std::size_t>(value)) * 0x9E3779B97F4A7C15u;
}

}  // namespace

std::size_t OrdinaryRecords::KindHash::operator()(const OrdinaryKind& k) const {
  std::size_t hash = mixed(mixed(start, k.source), k.event_id);
  for (const Id id : {k.server, k.connector, k.partition, k.domain, k.excerpt}) hash = mixed(hash, id);
  return hash ^ (hash >> 29);
}

std::size_t OrdinaryRecords::LineHash::operator()(const UserLine& l) const {
  std::size_t hash = mixed(mixed(mixed(start, l.anchor), l.dn), static_cast<std::uint64_t>(l.kind));
  hash = mixed(hash, l.change_on_logon ? 1u + static_cast<unsigned>(*l.change_on_logon) : 0u);
  return hash ^ (hash >> 29);
}

std::uint32_t OrdinaryRecords::line_index(const UserLine& line, Ticks time) {
  const auto [found, added] = line_index_.try_emplace(line, static_cast<std::uint32_t>(lines_.size()));
  if (added) {
    lines_.push_back(line);
    first_times_.push_back(time);
  }
  if (time < latest_) first_times_[found->second] = std::min(first_times_[found->second], time);
  latest_ = std::max(latest_, time);
  return found->second;
}

void OrdinaryRecords::add(const OrdinaryKind& kind, const OrdinaryRecord& record, std::span<const UserLine> users) {
  std::uint32_t& index = latest_kinds_[kind.event_id % latest_kinds_.size()];
  if (index >= kinds_.size() || kinds_[index] != kind) {
    const auto [found, added] = kind_index_.try_emplace(kind, static_cast<std::uint32_t>(kinds_.size()));
    if (added) kinds_.push_back(kind);
    index = found->second;
  }
  if (runs_.empty() || runs_.back().source != kind.source) {
    runs_.emplace_back();
    runs_.back().source = kind.source;
  }
  Run& run = runs_.back();
  if (run.blocks.empty() || run.blocks.back().size() > block_bytes) {
    run.blocks.emplace_back();
    // a small log takes what it needs, a large one whole blocks
    if (run.blocks.size() > 1) run.blocks.back().reserve(block_bytes + 512);
  }
  StepWriter steps;
  steps.number(index);
  steps.value(run.last.time, static_cast<std::uint64_t>(record.time));
  steps.value(run.last.record_id, record.record_id);
  steps.value(run.last.offset, record.offset);
  steps.value(run.last.line, record.line);
  if (kind.tracked) steps.number(record.tracking);
  steps.number(users.size());
  Block& block = run.blocks.back();
  steps.move_to(block);
  for (const UserLine& line : users) {
    steps.number(line_index(line, record.time));
    steps.move_to(block);
  }
}

bool OrdinaryRecords::Reader::next() {
  while (steps.ended()) {
    if (block == run.blocks.size()) return false;
    steps = StepReader(run.blocks[block++]);
  }
  record.kind_index = static_cast<std::size_t>(steps.number());
  if (record.kind_index != kind) {
    kind = record.kind_index;
    record.kind = &all.kinds_[kind];
  }
  record.time = static_cast<Ticks>(steps.value(last.time));
  record.record_id = steps.value(last.record_id);
  record.offset = steps.value(last.offset);
  record.line = steps.value(last.line);
  record.tracking = record.kind->tracked ? static_cast<std::uint32_t>(steps.number()) : 0;
  users.resize(static_cast<std::size_t>(steps.number()));
  for (std::uint32_t& user : users) user = static_cast<std::uint32_t>(steps.number());
  record.users = users;
  return true;
}

std::size_t OrdinaryRecords::bytes() const {
  std::size_t sum = 0;
  for (const Run& run : runs_) {
    for (const Block& block : run.blocks) sum += block.size();
  }
  return sum;
}

void OrdinaryRecords::renumber(std::span<const std::uint32_t> place) {
  for (OrdinaryKind& kind : kinds_) kind.source = place[kind.source];
  kind_index_.clear();
  for (std::size_t i = 0; i < kinds_.size(); ++i) kind_index_.emplace(kinds_[i], static_cast<std::uint32_t>(i));
  for (Run& run : runs_) run.source = place[run.source];
  std::stable_sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.source < b.source; });
}

Fact recalled(const OrdinaryRecord& record) {
  const OrdinaryKind& kind = *record.kind;
  Fact fact;
  fact.time = record.time;
  fact.record_id = record.record_id;
  fact.offset = record.offset;
  fact.line = record.line;
  fact.tracking = record.tracking;
  fact.source = kind.source;
  fact.event_id = kind.event_id;
  fact.provider = kind.provider;
  fact.server = kind.server;
  fact.connector = kind.connector;
  fact.partition = kind.partition;
  fact.domain = kind.domain;
  fact.excerpt = kind.excerpt;
  fact.rule = kind.rule;
  fact.password_sync_provider = true;
  fact.sentence = true;
  return fact;
}

}  // namespace synclens::correlate
