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
    const std::size_t form = form_of(descriptors);
    if (form == forms_.size()) return nullptr;
    size = forms_[form].size;
    if (size > room) return nullptr;
    const std::uint16_t id_at = forms_[form].id_at;
    const std::uint32_t id = id_at == no_id ? 0 : load<std::uint16_t>(start + id_at);
    Bucket& bucket = buckets_[place_of(sign_of(id, size))];
    const auto is = [&](const std::unique_ptr<Entry>& entry) {
      return entry != nullptr && entry->form == form && same_values(*entry, start);
    };
    if (is(bucket.entry)) return &bucket.entry->kept;
    if (!is(bucket.older)) return nullptr;
    std::swap(bucket.entry, bucket.older);
    return &bucket.entry->kept;
  }

  // After find() gave something: where its values stand, from the first one, and where the last one ends.
  [[nodiscard]] const std::uint32_t* places() const { return forms_[last_form_].places.data(); }

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
    const std::uint16_t id_at = place_of_id(descriptors);
    const std::uint32_t sign = sign_of(id_at == no_id ? 0 : load<std::uint16_t>(start + id_at), size);
    bucket_ = place_of(sign);
    Bucket& bucket = buckets_[bucket_];
    const bool again = bucket.last_missed == sign;
    bucket.misses = again ? bucket.misses + 1 : 0;
    bucket.turns += again || bucket.last_missed == 0 ? 0 : 1;
    bucket.last_missed = sign;
    const bool make = bucket.misses >= worth_keeping && bucket.times < most_times;
    const bool of_another = bucket.entry != nullptr && bucket.entry->sign != sign && !again;
    if (of_another || bucket.turns == most_turns) spread(sign);
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
    const std::uint32_t size =
        static_cast<std::uint32_t>(values[slots - 1].data - values[0].data) + values[slots - 1].size;
    entry->form = note_form(values[0].data - std::size_t{count} * descriptor_size, size);
    entry->values.assign(values[0].data, values[0].data + size);
    entry->masks.assign(size, 0);
    for (std::uint32_t i = 0; i < slots; ++i) {
      if (key_.kept[i] != 0) std::memset(entry->masks.data() + (values[i].data - values[0].data), 0xFF, values[i].size);
    }
    entry->kept = std::move(kept);
    bytes +=
        sizeof(Entry) + std::size_t{size} * 2 + std::size_t{slots} * (descriptor_size + sizeof(std::uint32_t)) + cost;
    bucket.older = std::move(bucket.entry);
    bucket.entry = std::move(entry);
    return &bucket.entry->kept;
  }

 private:
  static constexpr std::size_t first_buckets = 8, most_buckets = 512;
  static constexpr std::size_t most_key = 1024;
  static constexpr std::uint32_t worth_keeping =
      2;                                           // misses in a row: to keep something costs more than to use it saves
  static constexpr std::uint32_t most_times = 16;  // a bucket whose values always change is left alone
  static constexpr std::uint32_t most_turns = 4;   // of two signs that miss in turn, so that neither is kept

  static constexpr std::size_t most_forms = 64;
  static constexpr std::uint16_t no_id = 0xFFFF;

  // Types and sizes of the values that are compared; few for one template.
  struct Form {
    std::vector<std::uint8_t> descriptors;
    std::vector<std::uint32_t> places;
    std::uint32_t size = 0;  // of the values together
    std::uint16_t id_at = no_id;
  };
  struct Entry {
    std::size_t form = 0;
    std::uint32_t sign = 0;                   // of event id and size
    std::vector<std::uint8_t> values, masks;  // a mask of 0: not compared
    Kept kept;
  };
  struct Bucket {
    std::uint32_t last_missed = 0, misses = 0, times = 0, turns = 0;
    std::unique_ptr<Entry> entry, older;  // the one found last first
  };

  [[nodiscard]] static std::uint32_t sign_of(std::uint32_t id, std::uint32_t size) {
    return (id * 31 + size) * 0x9E3779B1u | 1u;
  }
  // Of the event id, from the first value; no_id where it is not the two bytes that it mostly is.
  [[nodiscard]] std::uint16_t place_of_id(const std::uint8_t* descriptors) const {
    const std::uint16_t slot = key_.event_id;
    if (slot >= key_.slots || load<std::uint16_t>(descriptors + std::size_t{slot} * descriptor_size) != 2) return no_id;
    return static_cast<std::uint16_t>(bytes_of_values(descriptors, slot));
  }

  // forms_.size(): none.
  [[nodiscard]] std::size_t form_of(const std::uint8_t* descriptors) {
    const auto is = [&](const Form& form) {
      return same_bytes(form.descriptors.data(), descriptors, nullptr, form.descriptors.size());
    };
    if (last_form_ < forms_.size() && is(forms_[last_form_])) return last_form_;
    const std::uint32_t size = bytes_of_values(descriptors, key_.slots);
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      if (forms_[i].size == size && is(forms_[i])) return last_form_ = i;
    }
    return forms_.size();
  }
  // Where there are too many already, one that is not looked at.
  [[nodiscard]] std::size_t note_form(const std::uint8_t* descriptors, std::uint32_t size) {
    const std::size_t known = form_of(descriptors);
    if (known != forms_.size()) return known;
    if (known == most_forms) return known;
    Form& form = forms_.emplace_back();
    form.descriptors.assign(descriptors, descriptors + std::size_t{key_.slots} * descriptor_size);
    form.places.resize(key_.slots + 5u);  // places_of_values() writes up to four more
    places_of_values(descriptors, key_.slots, form.places.data());
    form.size = size;
    form.id_at = place_of_id(descriptors);
    return known;
  }

  [[nodiscard]] std::size_t place_of(std::uint32_t sign) const { return (sign >> 8) & (buckets_.size() - 1); }

  // Two signs took the same place: more places, and what is kept goes to its new one.
  void spread(std::uint32_t missed) {
    if (buckets_.size() >= most_buckets) return;
    std::vector<Bucket> before(buckets_.size() * 4);
    before.swap(buckets_);
    for (Bucket& bucket : before) {
      for (std::unique_ptr<Entry>* const entry : {&bucket.entry, &bucket.older}) {
        if (*entry == nullptr) continue;
        Bucket& to = buckets_[place_of((*entry)->sign)];
        to.times = bucket.times;
        (to.entry == nullptr ? to.entry : to.older) = std::move(*entry);
      }
    }
    bucket_ = place_of(missed);
    buckets_[bucket_].last_missed = missed;
  }

  static bool same_values(const Entry& entry, const std::uint8_t* values) {
    return same_bytes(entry.values.data(), values, entry.masks.data(), entry.values.size());
  }

  const SystemKey& key_;
  std::vector<Bucket> buckets_;
  std::size_t bucket_ = 0;
  std::vector<Form> forms_;
  std::size_t last_form_ = 0;
  std::uint32_t asked_ = 0;
};

}  // namespace synclens::evtx
