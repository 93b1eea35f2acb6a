#include "decode/head_cache.hpp"

#include <algorithm>

namespace synclens::evtx {
namespace {

constexpr std::size_t most_key = 1024, most_text = 4096;

bool differs_by_record(Field field) {
  switch (field) {
    case Field::time:
    case Field::record_id:
    case Field::process_id:
    case Field::thread_id:
    case Field::activity_id:
    case Field::related_activity_id:
      return true;
    default:
      return false;
  }
}

// The values stand one behind the other.
std::size_t size_of(const Value* values, std::uint32_t slots) {
  return static_cast<std::size_t>(values[slots - 1].data - values[0].data) + values[slots - 1].size;
}

// Both have at least 8 bytes.
bool same_under_mask(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* mask, std::size_t size) {
  std::uint64_t different = 0;
  std::size_t i = 0;
  const auto compare = [&](std::size_t at) {
    different |= (load<std::uint64_t>(a + at) ^ load<std::uint64_t>(b + at)) & load<std::uint64_t>(mask + at);
  };
  for (; i + 8 <= size; i += 8) compare(i);
  if (i != size) compare(size - 8);
  return different == 0;
}

}  // namespace

void Head::print(const Value* values, TextBuffer& out) const {
  std::size_t done = 0;
  for (const Hole& hole : holes) {
    out.append_padded(text.data() + done, hole.at - done);
    append_value(out, values[hole.slot], hole.escape);
    done = hole.at + 1u;
  }
  out.append_padded(text.data() + done, text.size() - TextBuffer::padding - done);
}

HeadCache::HeadCache(const Tree& tree, const ColumnProgram& columns) {
  if (columns.system.empty() || tree.slots == 0) return;
  slots_ = tree.slots;
  for (const Node& node : tree.nodes) {
    const bool fragment = node.kind == NodeKind::slot && node.type == static_cast<std::uint8_t>(ValueType::binxml);
    if (fragment) slots_ = std::min<std::uint32_t>(slots_, node.slot);
  }
  if (slots_ == 0) return;
  holes_.assign(slots_, false);
  event_id_ = columns.event_id;
  for (const ColumnOp& op : columns.system) {
    const bool one = (op.act == ColumnAct::number || op.act == ColumnAct::field) && op.values == 1;
    const std::uint16_t slot = one ? columns.parts[op.value].slot : no_slot;
    if (slot < slots_ && differs_by_record(op.field)) holes_[slot] = true;
  }
}

const Head* HeadCache::find(const Value* values, std::uint32_t count, bool& make) {
  make = false;
  if (slots_ == 0 || count < slots_) return nullptr;
  const std::size_t size = size_of(values, slots_);
  if (size < 8 || size > most_key) return nullptr;
  if (buckets_.empty()) buckets_.resize(most_buckets);
  const auto id = event_id_ < slots_ ? as_number(values[event_id_]).value_or(0) : 0;
  const auto sign = static_cast<std::uint32_t>(id * 31 + size) * 0x9E3779B1u | 1u;
  bucket_ = sign >> 26;
  Bucket& bucket = buckets_[bucket_];
  if (bucket.entry != nullptr) {
    const Entry& entry = *bucket.entry;
    const std::uint8_t* types = values[0].data - std::size_t{count} * 4;
    if (entry.values.size() == size && std::memcmp(entry.types.data(), types, entry.types.size()) == 0 &&
        same_under_mask(entry.values.data(), values[0].data, entry.masks.data(), size)) {
      return &entry.head;
    }
  }
  make = bucket.last_missed == sign && bucket.kept < most_kept;
  bucket.last_missed = sign;
  return nullptr;
}

void HeadCache::keep(const Value* values, std::uint32_t count, Head head, std::size_t& bytes) {
  Bucket& bucket = buckets_[bucket_];
  ++bucket.kept;
  if (head.text.size() > most_text || bytes > most_bytes) {
    bucket.kept = most_kept;
    return;
  }
  auto entry = std::make_unique<Entry>();
  const std::uint8_t* types = values[0].data - std::size_t{count} * 4;
  const std::size_t size = size_of(values, slots_);
  entry->types.assign(types, types + std::size_t{slots_} * 4);
  entry->values.assign(values[0].data, values[0].data + size);
  entry->masks.assign(size, 0xFF);
  for (std::uint32_t i = 0; i < slots_; ++i) {
    const auto from = entry->masks.begin() + (values[i].data - values[0].data);
    if (is_hole(i, values[i])) std::fill(from, from + values[i].size, std::uint8_t{0});
  }
  head.text.append(TextBuffer::padding, '\0');
  entry->head = std::move(head);
  bytes += sizeof(Entry) + entry->head.text.size() + size * 2 + entry->types.size();
  bucket.entry = std::move(entry);
}

}  // namespace synclens::evtx
