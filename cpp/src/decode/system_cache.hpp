// What a record's System gives, kept under the values that it was made from.
//
// Most records of a log differ in System only by time, record id, process, thread and activity. The other values are
// compared at once, with these masked, and what was made of them is used again.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "decode/binxml_value.hpp"
#include "decode/column_program.hpp"

namespace synclens::evtx {

// Which values of a document are a key, and which differ from record to record.
struct SystemKey {
  std::uint32_t slots = 0;         // those below are compared; 0: there is nothing to keep
  std::vector<std::uint8_t> kept;  // by slot: 1 a part of the key
  std::uint16_t event_id = no_slot;

  [[nodiscard]] bool is_kept(std::uint32_t slot) const { return slot < slots && kept[slot] != 0; }
};

// `columns`: of the template as a document.
[[nodiscard]] SystemKey system_key(const ColumnProgram& columns);

inline constexpr std::size_t most_system_bytes = 8u
                                                 << 20;  // of all that is kept by one reader; beyond, nothing is added

template <typename Kept>
class SystemCache {
 public:
  // Borrows the key.
  explicit SystemCache(const SystemKey& key) : key_(key) {}

  // For the values of an instance, one behind the other as they stand in the record behind their descriptors; null
  // where there is nothing. `make` is then true where it should be made and given to keep().
  [[nodiscard]] Kept* find(const Value* values, std::uint32_t count, bool& make) {
    make = false;
    const std::uint32_t slots = key_.slots;
    if (slots == 0 || count < slots) return nullptr;
    const auto size = static_cast<std::size_t>(values[slots - 1].data - values[0].data) + values[slots - 1].size;
    if (size < 8 || size > most_key) return nullptr;
    if (buckets_.empty()) {
      if (++asked_ <= worth_keeping) return nullptr;
      buckets_.resize(most_buckets);
    }
    std::uint32_t id = 0;
    if (key_.event_id < slots && values[key_.event_id].size == 2) id = load<std::uint16_t>(values[key_.event_id].data);
    const std::uint32_t sign = (id * 31 + static_cast<std::uint32_t>(size)) * 0x9E3779B1u | 1u;
    bucket_ = sign >> 26;
    Bucket& bucket = buckets_[bucket_];
    if (bucket.entry != nullptr) {
      Entry& entry = *bucket.entry;
      if (entry.size == size && same(entry, values[0].data, count)) return &entry.kept;
    }
    bucket.misses = bucket.last_missed == sign ? bucket.misses + 1 : 0;
    bucket.last_missed = sign;
    make = bucket.misses >= worth_keeping && bucket.times < most_times;
    return nullptr;
  }

  // For the values of the last find(). Adds what it costs to `bytes`.
  Kept* keep(const Value* values, std::uint32_t count, Kept kept, std::size_t cost, std::size_t& bytes) {
    Bucket& bucket = buckets_[bucket_];
    ++bucket.times;
    if (bytes > most_system_bytes) bucket.times = most_times;
    auto entry = std::make_unique<Entry>();
    const std::uint32_t slots = key_.slots;
    const std::uint8_t* const types = values[0].data - std::size_t{count} * 4;
    entry->size = static_cast<std::size_t>(values[slots - 1].data - values[0].data) + values[slots - 1].size;
    entry->types.assign(types, types + std::size_t{slots} * 4);
    entry->values.assign(values[0].data, values[0].data + entry->size);
    entry->masks.assign(entry->size, 0);
    for (std::uint32_t i = 0; i < slots; ++i) {
      if (key_.kept[i] != 0) std::memset(entry->masks.data() + (values[i].data - values[0].data), 0xFF, values[i].size);
    }
    entry->kept = std::move(kept);
    bytes += sizeof(Entry) + entry->size * 2 + entry->types.size() + cost;
    bucket.entry = std::move(entry);
    return &bucket.entry->kept;
  }

 private:
  static constexpr std::size_t most_buckets = 64;
  static constexpr std::size_t most_key = 1024;
  static constexpr std::uint32_t worth_keeping =
      2;                                           // misses in a row: to keep something costs more than to use it saves
  static constexpr std::uint32_t most_times = 16;  // a bucket whose values always change is left alone

  struct Entry {
    std::size_t size = 0;
    std::vector<std::uint8_t> types;          // descriptors
    std::vector<std::uint8_t> values, masks;  // a mask of 0: not compared
    Kept kept;
  };
  struct Bucket {
    std::uint32_t last_missed = 0, misses = 0, times = 0;
    std::unique_ptr<Entry> entry;
  };

  bool same(const Entry& entry, const std::uint8_t* values, std::uint32_t count) const {
    const std::uint8_t* const types = values - std::size_t{count} * 4;
    std::uint64_t different = 0;
    const auto compare = [&](const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* mask) {
      different |= (load<std::uint64_t>(a) ^ load<std::uint64_t>(b)) & load<std::uint64_t>(mask);
    };
    const std::size_t of_types = entry.types.size();
    if (of_types >= 8) {
      std::size_t i = 0;
      for (; i + 8 <= of_types; i += 8) {
        different |= load<std::uint64_t>(entry.types.data() + i) ^ load<std::uint64_t>(types + i);
      }
      i = of_types - 8;
      different |= load<std::uint64_t>(entry.types.data() + i) ^ load<std::uint64_t>(types + i);
    } else if (std::memcmp(entry.types.data(), types, of_types) != 0) {
      return false;
    }
    std::size_t i = 0;
    for (; i + 8 <= entry.size; i += 8) compare(entry.values.data() + i, values + i, entry.masks.data() + i);
    i = entry.size - 8;
    compare(entry.values.data() + i, values + i, entry.masks.data() + i);
    return different == 0;
  }

  const SystemKey& key_;
  std::vector<Bucket> buckets_;
  std::size_t bucket_ = 0;
  std::uint32_t asked_ = 0;
};

}  // namespace synclens::evtx
