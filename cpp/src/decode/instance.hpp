// Reading what stands in a record or in a BinXml value: template instances and bare elements.
#pragma once

#include <memory>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "decode/bare_shapes.hpp"
#include "decode/binxml_value.hpp"
#include "decode/descriptors.hpp"
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

 private:
  void reserve(std::size_t count);

  std::unique_ptr<Value[]> values_;
  std::size_t size_ = 0, capacity_ = 0;
};

// A plan with the values to put into it.
struct Instance {
  Plan* plan = nullptr;
  std::size_t first = 0;  // in the ValueStack
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;                    // of all values
  const std::uint8_t* descriptors = nullptr;  // null where they do not tell what the values are
  bool in_a_row = false;                      // descriptors and values stand in the record one behind the other

  [[nodiscard]] Value value(ValueStack& stack, std::uint16_t slot) const {
    return slot < count ? stack[first + slot] : Value{};
  }
};

// Where the descriptors and values of an instance stand.
struct InstanceHead {
  Plan* plan = nullptr;
  std::uint32_t count = 0;
  const std::uint8_t* descriptors = nullptr;
  const std::uint8_t* start = nullptr;  // of the first value
};

// An instance of which only the descriptors were read.
struct PeekedInstance {
  static constexpr std::uint32_t most_values = 64;

  Plan* plan = nullptr;
  std::uint32_t count = 0;
  const std::uint8_t* descriptors = nullptr;
  const std::uint8_t* start = nullptr;    // of the first value
  std::uint32_t places[most_values + 4];  // of the values, from `start`

  [[nodiscard]] Value value(std::uint16_t slot) const {
    return slot < count ? value_at(slot, start + places[slot]) : Value{};
  }
  [[nodiscard]] std::uint32_t bytes() const { return places[count]; }  // of all values
  [[nodiscard]] Value value_at(std::uint32_t slot, const std::uint8_t* at) const {
    const std::uint8_t* const descriptor = descriptors + std::size_t{slot} * descriptor_size;
    return {at, load<std::uint16_t>(descriptor), descriptor[2]};
  }
};

class FragmentReader {
 public:
  explicit FragmentReader(std::size_t most_depth)
      : cache_(most_depth), shapes_(most_depth, names_), most_depth_(most_depth) {}

  void begin_chunk();

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
  [[nodiscard]] BareNames& names() { return names_; }
  [[nodiscard]] std::size_t most_depth() const { return most_depth_; }

  // The head of the instance that stands in `left` bytes from `at` on, where that is as most are. False where it is
  // not, also of what is damaged.
  [[nodiscard]] bool usual_head(ByteView chunk, const std::uint8_t* at, std::uint32_t left, InstanceHead& head) const {
    constexpr std::uint32_t most = 4 + instance_head + 4;
    if (left < most) return false;
    if (*at == static_cast<std::uint8_t>(Token::fragment_header)) {
      at += 4;
      left -= 4;
    }
    if (*at != static_cast<std::uint8_t>(Token::template_instance)) return false;
    const auto definition = load<std::uint32_t>(at + 6);
    head.plan = cache_.known(definition, load<std::uint32_t>(at + 2));
    at += instance_head;
    left -= instance_head + 4;
    if (head.plan == nullptr || chunk.data() + definition == at) return false;
    head.count = load<std::uint32_t>(at);
    if (head.count > left / descriptor_size) return false;
    head.descriptors = at + 4;
    head.start = head.descriptors + std::size_t{head.count} * descriptor_size;
    return true;
  }
  // The head of the instance that a record begins with; moves to its first value. False where it has none, or is
  // damaged.
  [[nodiscard]] bool head(Cursor& in, InstanceHead& head) {
    if (!usual_head(in.chunk(), in.here(), in.left(), head)) return unusual_head(in, head);
    in.move_to(head.start);
    return true;
  }

  // Reads the only instance of a document, whose head was read and whose first `slots` values, of `size` bytes, are
  // known and not wanted. What `use(Instance)` says, or false where the record is not that simple.
  template <typename Use>
  [[nodiscard]] bool only_tail(Cursor& in, const InstanceHead& head, std::uint32_t slots, std::uint32_t size, Use use) {
    Instance instance{head.plan, values_.size(), head.count, size, nullptr, true};
    Value* const to = values_.grow(head.count);
    const TakenValues tail = take_values(head.descriptors + std::size_t{slots} * descriptor_size, head.count - slots,
                                         head.start + size, to + slots);
    instance.bytes += tail.bytes;
    if (tail.marks || instance.bytes > in.left()) return false;
    in.skip(instance.bytes, "");
    if (in.left() != 0 && *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return false;
    const Level level(*this);
    return use(instance);
  }

  // For whoever reads instances by head() alone: what it says needs no proof, and is not nested too deep.
  [[nodiscard]] bool may_go_deeper() const { return !strict_ && depth_ < most_depth_; }
  template <typename Use>
  [[nodiscard]] bool deeper(Use use) {
    const Level level(*this);
    return use();
  }

  // Looks at the instance that a record begins with and moves behind it. False where it has none, or is damaged or so
  // unusual that it must be read.
  [[nodiscard]] bool peek(Cursor& in, PeekedInstance& peeked) {
    InstanceHead read;
    return head(in, read) && peek(in, read, peeked);
  }
  // The same behind its head.
  [[nodiscard]] static bool peek(Cursor& in, const InstanceHead& head, PeekedInstance& peeked) {
    if (head.count > PeekedInstance::most_values) return false;
    peeked.plan = head.plan;
    peeked.count = head.count;
    peeked.descriptors = head.descriptors;
    peeked.start = head.start;
    places_of_values(peeked.descriptors, peeked.count, peeked.places);
    if (peeked.bytes() > in.left()) return false;
    in.move_to(peeked.start + peeked.bytes());
    return true;
  }

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

  static constexpr std::uint32_t instance_head = 10;  // token, a byte, the template's id and where it is defined

  [[nodiscard]] bool unusual_head(Cursor& in, InstanceHead& head);
  void push_values(Cursor& in, Instance& instance);
  [[nodiscard]] Instance templated(Cursor& in);
  void empty_overwritten(const Instance& instance);
  [[nodiscard]] Plan& pruned(const Plan& plan, std::uint32_t at);
  [[nodiscard]] bool borrow(Cursor& in, std::uint32_t id, Instance& instance);
  [[nodiscard]] Instance bare(Cursor& in);
  [[nodiscard]] Instance shaped(Plan& plan, ByteView chunk);

  // Of each depth.
  struct Bare {
    Plan plan;                              // of a shape that is new
    std::vector<std::uint8_t> descriptors;  // of texts that are values
  };

  PlanCache cache_;
  BareNames names_;
  BareShapes shapes_;
  ValueStack values_;
  std::size_t most_depth_;
  std::size_t depth_ = 0;
  std::vector<std::unique_ptr<Bare>> bare_;
  const FoundTemplates* found_ = nullptr;
  std::unordered_map<const Tree*, std::unique_ptr<Plan>> borrowed_plans_;
  std::unordered_map<const Plan*, std::unique_ptr<Plan>> pruned_;  // of this chunk
  bool strict_ = false;
  Provenance provenance_;
};

}  // namespace synclens::evtx
