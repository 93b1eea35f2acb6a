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
#include "decode/descriptors.hpp"

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

  // For an instance with `count` descriptors and, from `start`, values of `room` bytes at most; null where nothing is
  // kept. `size`: of the values that are compared.
  [[nodiscard]] Kept* find(const std::uint8_t* descriptors, std::uint32_t count, const std::uint8_t* start,
                           std::uint32_t room, std::uint32_t& size) {
    if (buckets_.empty() || count < key_.slots) return nullptr;
    size = bytes_of_values(descriptors, key_.slots);
    if (size > most_key || size > room) return nullptr;
    Entry* const entry = buckets_[place_of(sign_of(descriptors, start, size))].entry.get();
    if (entry == nullptr || entry->size != size || !same(*entry, descriptors, start)) return nullptr;
    return &entry->kept;
  }

  // For the values of an instance, one behind the other as they stand in the record behind their descriptors. Where it
  // gives nothing, `make` says whether it should be made and given to keep().
  [[nodiscard]] Kept* find(const Value* values, std::uint32_t count, bool& make) {
    const std::uint8_t* const descriptors = values[0].data - std::size_t{count} * descriptor_size;
    std::uint32_t size = 0;
    Kept* const found = find(descriptors, count, values[0].data, most_key, size);
    make = found == nullptr && missed(descriptors, count, values[0].data);
    return found;
  }

  // After find() gave nothing, for the same instance; whether it is worth to keep() it.
  [[nodiscard]] bool missed(const std::uint8_t* descriptors, std::uint32_t count, const std::uint8_t* start) {
    if (key_.slots == 0 || count < key_.slots) return false;
    const std::uint32_t size = bytes_of_values(descriptors, key_.slots);
    if (size > most_key) return false;
    if (buckets_.empty()) {
      if (++asked_ <= worth_keeping) return false;
      buckets_.resize(first_buckets);
    }
    const std::uint32_t sign = sign_of(descriptors, start, size);
    bucket_ = place_of(sign);
    Bucket& bucket = buckets_[bucket_];
    bucket.misses = bucket.last_missed == sign ? bucket.misses + 1 : 0;
    bucket.last_missed = sign;
    const bool make = bucket.misses >= worth_keeping && bucket.times < most_times;
    if (bucket.entry != nullptr && bucket.entry->sign != sign && bucket.misses == 0) spread(sign);
    return make;
  }

  // For the values of the last missed(), one behind the other as they stand in the record behind their descriptors.
  // Adds what it costs to `bytes`.
  Kept* keep(const Value* values, std::uint32_t count, Kept kept, std::size_t cost, std::size_t& bytes) {
    Bucket& bucket = buckets_[bucket_];
    ++bucket.times;
    if (bytes > most_system_bytes) bucket.times = most_times;
    auto entry = std::make_unique<Entry>();
    entry->sign = bucket.last_missed;
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
  static constexpr std::size_t first_buckets = 8, most_buckets = 512;
  static constexpr std::size_t most_key = 1024;
  static constexpr std::uint32_t worth_keeping =
      2;                                           // misses in a row: to keep something costs more than to use it saves
  static constexpr std::uint32_t most_times = 16;  // a bucket whose values always change is left alone

  struct Entry {
    std::size_t size = 0;
    std::uint32_t sign = 0;                   // of event id and size
    std::vector<std::uint8_t> types;          // descriptors
    std::vector<std::uint8_t> values, masks;  // a mask of 0: not compared
    Kept kept;
  };
  struct Bucket {
    std::uint32_t last_missed = 0, misses = 0, times = 0;
    std::unique_ptr<Entry> entry;
  };

  // Of event id and size.
  [[nodiscard]] std::uint32_t sign_of(const std::uint8_t* descriptors, const std::uint8_t* start,
                                      std::uint32_t size) const {
    std::uint32_t id = 0;
    const std::uint16_t slot = key_.event_id;
    if (slot < key_.slots && load<std::uint16_t>(descriptors + std::size_t{slot} * descriptor_size) == 2) {
      id = load<std::uint16_t>(start + bytes_of_values(descriptors, slot));
    }
    return (id * 31 + size) * 0x9E3779B1u | 1u;
  }
  [[nodiscard]] std::size_t place_of(std::uint32_t sign) const { return (sign >> 8) & (buckets_.size() - 1); }

  // Two signs took the same place: more places, and what is kept goes to its new one.
  void spread(std::uint32_t missed) {
    if (buckets_.size() >= most_buckets) return;
    std::vector<Bucket> before(buckets_.size() * 4);
    before.swap(buckets_);
    for (Bucket& bucket : before) {
      if (bucket.entry == nullptr) continue;
      Bucket& to = buckets_[place_of(bucket.entry->sign)];
      to.times = bucket.times;
      to.entry = std::move(bucket.entry);
    }
    bucket_ = place_of(missed);
    buckets_[bucket_].last_missed = missed;
  }

  static bool same(const Entry& entry, const std::uint8_t* types, const std::uint8_t* values) {
    const std::size_t of_types = entry.types.size();
    if (of_types < 16) {
      if (std::memcmp(entry.types.data(), types, of_types) != 0) return false;
    } else if (!same_blocks(entry.types.data(), types, nullptr, of_types)) {
      return false;
    }
    if (entry.size >= 16) return same_blocks(entry.values.data(), values, entry.masks.data(), entry.size);
    std::uint8_t different = 0;
    for (std::size_t i = 0; i < entry.size; ++i) {
      different = static_cast<std::uint8_t>(different | ((entry.values[i] ^ values[i]) & entry.masks[i]));
    }
    return different == 0;
  }

  // Of at least 16 bytes; without masks all of them count.
  static bool same_blocks(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* masks, std::size_t size) {
#if defined(__x86_64__)
    const auto at = [](const std::uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); };
    __m128i different = _mm_setzero_si128();
    const auto compare = [&](std::size_t i) {
      const __m128i bits = _mm_xor_si128(at(a + i), at(b + i));
      different = _mm_or_si128(different, masks == nullptr ? bits : _mm_and_si128(bits, at(masks + i)));
    };
    for (std::size_t i = 0; i + 16 <= size; i += 16) compare(i);
    compare(size - 16);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(different, _mm_setzero_si128())) == 0xFFFF;
#else
    std::uint64_t different = 0;
    const auto compare = [&](std::size_t i) {
      const std::uint64_t bits = load<std::uint64_t>(a + i) ^ load<std::uint64_t>(b + i);
      different |= masks == nullptr ? bits : bits & load<std::uint64_t>(masks + i);
    };
    for (std::size_t i = 0; i + 8 <= size; i += 8) compare(i);
    compare(size - 8);
    return different == 0;
#endif
  }

  const SystemKey& key_;
  std::vector<Bucket> buckets_;
  std::size_t bucket_ = 0;
  std::uint32_t asked_ = 0;
};

}  // namespace synclens::evtx
