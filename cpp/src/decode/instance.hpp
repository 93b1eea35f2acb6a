// Reading what stands in a record or in a BinXml value: template instances and bare elements.
#pragma once

#include <memory>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "decode/binxml_value.hpp"
#include "decode/evtx_chunk.hpp"
#include "decode/found_templates.hpp"
#include "decode/template_plan.hpp"

namespace synclens::evtx {

// Values of the instances that are being read, the innermost on top. Reused, so that a record costs no allocation.
class ValueStack {
 public:
  ValueStack() { reserve(256); }
  [[nodiscard]] std::size_t size() const { return size_; }
  void cut(std::size_t size) { size_ = size; }
  // Room for `count` more, which are to be set at once.
  [[nodiscard]] Value* grow(std::size_t count) {
    if (count > capacity_ - size_) reserve(size_ + count);
    Value* const first = values_.get() + size_;
    size_ += count;
    return first;
  }
  [[nodiscard]] Value& operator[](std::size_t i) { return values_[i]; }
  // One byte for each value: its type, with `empty_bit` where a text has no bytes. Up to 7 more may be read behind.
  [[nodiscard]] std::uint8_t* keys(std::size_t first) { return keys_.get() + first; }

 private:
  void reserve(std::size_t count);

  std::unique_ptr<Value[]> values_;
  std::unique_ptr<std::uint8_t[]> keys_;
  std::size_t size_ = 0, capacity_ = 0;
};

// A plan with the values to put into it.
struct Instance {
  Plan* plan = nullptr;
  std::size_t first = 0;  // in the ValueStack
  std::uint32_t count = 0;
  bool odd = false;         // a value of a type or size that no writer of logs uses
  std::uint32_t bytes = 0;  // of all values

  [[nodiscard]] Value value(ValueStack& stack, std::uint16_t slot) const {
    return slot < count ? stack[first + slot] : Value{};
  }
};

class FragmentReader {
 public:
  explicit FragmentReader(std::size_t most_depth) : cache_(most_depth), most_depth_(most_depth) {}

  void begin_chunk() {
    cache_.begin_chunk();
    pruned_.clear();
  }

  // Templates of the whole file, for records whose own is gone. Borrowed; null: none.
  void use_found(const FoundTemplates* found) { found_ = found; }

  // Before each record. `strict`: it does not stand where its chunk says that records are, so that names and templates
  // may have been overwritten: each must prove itself.
  void begin_record(bool strict) {
    strict_ = strict;
    provenance_ = {};
    values_.cut(0);
  }
  // What the last record could be read with only.
  [[nodiscard]] Provenance provenance() const { return provenance_; }

  [[nodiscard]] ValueStack& values() { return values_; }
  [[nodiscard]] PlanCache& plans() { return cache_; }

  // The values of an instance whose definition stood elsewhere and is gone. Throws Damage where they do not fit.
  [[nodiscard]] std::vector<Value> bare_values(Cursor& in);

  // Calls `use(Instance)` for each fragment up to the end of the cursor, or of a document to its end mark.
  // A `use` that returns false ends the walk. Throws Damage, also when there is nothing at all in a document.
  template <typename Use>
  void each(Cursor& in, bool document, Use use) {
    if (depth_ >= most_depth_) throw Damage{"BinXml values nested too deep", in.at()};
    const Level level(*this);
    const std::size_t mark = values_.size();
    bool any = false;
    while (in.left() != 0) {
      skip_fragment_headers(in);
      if (in.left() == 0) break;
      const std::uint8_t token = *in.here();
      if (token == static_cast<std::uint8_t>(Token::end_of_fragment)) {
        if (document) break;
        in.skip(1, "");
        continue;
      }
      const Instance instance = token == static_cast<std::uint8_t>(Token::template_instance) ? templated(in) : bare(in);
      any = true;
      if constexpr (std::is_same_v<decltype(use(instance)), bool>) {
        if (!use(instance)) break;
      } else {
        use(instance);
      }
      values_.cut(mark);
    }
    if (document && !any) throw Damage{"record without content", in.at()};
  }

 private:
  struct Level {
    explicit Level(FragmentReader& r) : reader(r) { ++reader.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --reader.depth_; }
    FragmentReader& reader;
  };

  void push_values(Cursor& in, Instance& instance);
  [[nodiscard]] Instance templated(Cursor& in);
  void empty_overwritten(const Instance& instance);
  [[nodiscard]] Plan& pruned(const Plan& plan, std::uint32_t at);
  [[nodiscard]] bool borrow(Cursor& in, std::uint32_t id, Instance& instance);
  [[nodiscard]] Instance bare(Cursor& in);

  PlanCache cache_;
  ValueStack values_;
  std::size_t most_depth_;
  std::size_t depth_ = 0;
  std::vector<std::unique_ptr<Plan>> bare_;  // by depth
  const FoundTemplates* found_ = nullptr;
  std::unordered_map<const Tree*, std::unique_ptr<Plan>> borrowed_plans_;
  std::unordered_map<const Plan*, std::unique_ptr<Plan>> pruned_;  // of this chunk
  bool strict_ = false;
  Provenance provenance_;
};

}  // namespace synclens::evtx
