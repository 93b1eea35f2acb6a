#include "correlate/ordinary.hpp"

#include <algorithm>

#include "correlate/facts.hpp"
#include "correlate/ordinary_thinning.hpp"
#include "correlate/untracked_requests.hpp"

namespace synclens::correlate {
namespace {

constexpr std::size_t block_bytes = 64u << 10;
constexpr std::size_t whole_blocks = 16;  // the last ones of a source, from which nothing is left out

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
  if (line.dn >= latest_lines_.size()) latest_lines_.resize(std::size_t{line.dn} * 2 + 64);
  std::uint32_t& latest = latest_lines_[line.dn][line.kind == UserLine::Kind::request ? 0 : 1];
  if (latest == 0 || lines_[latest - 1] != line) latest = look_up(line, time) + 1;
  const std::uint32_t index = latest - 1;
  if (time < latest_) first_times_[index] = std::min(first_times_[index], time);
  latest_ = std::max(latest_, time);
  return index;
}

std::uint32_t OrdinaryRecords::look_up(const UserLine& line, Ticks time) {
  const auto [found, added] = line_index_.try_emplace(line, static_cast<std::uint32_t>(lines_.size()));
  if (added) {
    lines_.push_back(line);
    first_times_.push_back(time);
  }
  return found->second;
}

void OrdinaryRecords::add(const OrdinaryKind& kind, const OrdinaryRecord& record, std::span<const UserLine> users) {
  std::uint32_t& index = latest_kinds_[kind.event_id % latest_kinds_.size()];
  if (index >= kinds_.size() || kinds_[index] != kind) {
    const auto [found, added] = kind_index_.try_emplace(kind, static_cast<std::uint32_t>(kinds_.size()));
    if (added) kinds_.push_back(kind);
    index = found->second;
  }
  Run& run = run_of(kind.source);
  // what is paired by time or finds its connector by its TrackingID needs all that is around it
  if (kind.tracked ? kind.connector == nobody : begins_request(kind.event_id)) run.thins = false;
  if (run.blocks.back().records.bytes() > block_bytes) begin_block(run);
  users_.clear();
  for (const UserLine& line : users) users_.push_back(line_index(line, record.time));
  OrdinaryRecord kept = record;
  kept.kind = &kinds_[index];
  kept.kind_index = index;
  kept.users = users_;
  run.blocks.back().records.add(kept);
}

void OrdinaryRecords::ask(std::uint32_t source, Ticks time) {
  // before the first of them it changes nothing: the first of each kind stays
  if (time == no_time || runs_.empty() || runs_.back().source != source) return;
  runs_.back().blocks.back().asked.push_back(time);
}

OrdinaryRecords::Run& OrdinaryRecords::run_of(std::uint32_t source) {
  if (runs_.empty() || runs_.back().source != source) runs_.emplace_back().source = source;
  return runs_.back();
}

void OrdinaryRecords::begin_block(Run& run) {
  run.blocks.emplace_back();
  // a small log takes what it needs, a large one whole blocks
  run.blocks.back().records.reserve(block_bytes + 512);
  // the block behind it may have the result of a request, and the question that falls between the two
  if (run.blocks.size() > run.thinned + whole_blocks) thin(run, run.thinned++);
}

void OrdinaryRecords::thin(Run& run, std::size_t block) const {
  Times asked = run.blocks[block].asked;
  for (const std::size_t beside : {block - 1, block + 1}) {
    if (beside >= run.blocks.size()) continue;  // there is none before the first
    const Times& more = run.blocks[beside].asked;
    asked.insert(asked.end(), more.begin(), more.end());
  }
  if (run.thins) run.blocks[block].records = thinned(run.blocks[block].records, kinds_, lines_, std::move(asked));
  if (block > 0) run.blocks[block - 1].asked = {};
}

std::size_t OrdinaryRecords::bytes() const {
  std::size_t sum = 0;
  for (const Run& run : runs_) {
    for (const Block& block : run.blocks) sum += block.records.bytes();
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
