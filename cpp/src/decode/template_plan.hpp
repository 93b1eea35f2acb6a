// Plans: what the templates of a log compile to, kept for the whole run.
//
// The bytes of a template hold offsets of the chunk they stand in, so the same template looks different in every
// chunk. A definition is therefore recognised by its GUID and a compare in which the offsets are masked and the
// names that they lead to are compared instead.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "decode/binxml.hpp"
#include "decode/column_program.hpp"
#include "decode/row_script.hpp"
#include "decode/system_cache.hpp"
#include "decode/text_script.hpp"

namespace synclens {
class RowWriter;
}

namespace synclens::evtx {

// Where a fragment stands in what is printed; `alone`: it is all that its element holds.
enum class Level : std::uint8_t { document, nested, alone };

struct QuickPlan;
class KeptSystems;

inline constexpr std::size_t most_scripts = 48;  // of one plan, and one level or context

// The script for instances with these descriptors; null where there is none. Those used last move to the front.
template <typename Script>
[[nodiscard]] Script* find_script(std::vector<std::unique_ptr<Script>>& scripts, const std::uint8_t* descriptors,
                                  std::uint32_t count) {
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (!scripts[i]->shape.matches(descriptors, count)) continue;
    if (i != 0) std::swap(scripts[i], scripts[i / 2]);
    return scripts[i / 2].get();
  }
  return nullptr;
}

// A compiled fragment and what was made of it, each when it is first asked for.
class Plan {
 public:
  Plan();
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  Tree tree;
  std::unique_ptr<QuickPlan> quick;      // of QuickFilter
  std::unique_ptr<KeptSystems> systems;  // of EventReader
  bool kept = false;                     // lives as long as its chunk is being read, so its texts may be borrowed

  [[nodiscard]] const ColumnProgram& columns(Context context);
  // By op of the program's `rest`: the code that a RowWriter has for the item's name; RowWriter::no_name where it was
  // not asked yet.
  [[nodiscard]] std::int32_t* item_names(Context context, const RowWriter& rows);
  // Of documents.
  [[nodiscard]] const SystemKey& key();
  // A plan is only printed in one format. The script used last stands first.
  [[nodiscard]] std::vector<std::unique_ptr<TextScript>>& scripts(Level level) {
    return scripts_[static_cast<std::size_t>(level)];
  }
  // The script used last stands first.
  [[nodiscard]] std::vector<std::unique_ptr<RowScript>>& row_scripts(Context context) {
    return columns_[static_cast<std::size_t>(context)].scripts;
  }
  // After the tree changed.
  void forget_programs();

 private:
  struct Columns {
    bool made = false;
    ColumnProgram program;
    std::uint64_t names_of = 0;  // the RowWriter's id
    std::vector<std::int32_t> names;
    std::vector<std::unique_ptr<RowScript>> scripts;
  };
  std::array<Columns, context_count> columns_;
  std::optional<SystemKey> key_;
  std::array<std::vector<std::unique_ptr<TextScript>>, 3> scripts_;
};

// Not shared between threads. Plans stay valid until the next begin_chunk().
class PlanCache {
 public:
  explicit PlanCache(std::size_t most_depth) : most_depth_(most_depth) {}

  // Must be called before the first plan of a chunk is asked for.
  void begin_chunk();

  // The plan of the definition at an offset. Throws Damage where it is not whole or not the one with this id
  // (the first four bytes of its GUID), each time it is asked.
  [[nodiscard]] Plan& at(ByteView chunk, std::uint32_t offset, std::uint32_t id);

  // The same where it was asked for in this chunk before and had that id; else null, and at() tells more.
  [[nodiscard]] Plan* known(std::uint32_t offset, std::uint32_t id) const {
    if (offset >= index_.size() || index_[offset] == 0) return nullptr;
    const Entry& entry = entries_[index_[offset] - 1u];
    return entry.id == id ? entry.plan : nullptr;
  }

  // Something was added to a plan. False: no more of it, until plans are thrown away.
  bool spend(std::size_t bytes);

 private:
  struct Layout {
    std::vector<std::uint8_t> bytes;
    std::vector<NameUse> uses;        // offsets from the start of the body
    std::vector<std::uint8_t> names;  // UTF-16 of the names that are not inline, one behind the other
    Plan plan;
  };
  struct Guid {
    std::uint64_t low = 0, high = 0;
    bool operator==(const Guid&) const = default;
  };
  struct GuidHash {
    std::size_t operator()(const Guid& g) const {
      return static_cast<std::size_t>(g.low ^ (g.high * 0x9E3779B97F4A7C15u));
    }
  };
  struct Entry {
    Plan* plan;
    std::uint32_t id;
    Damage damage;  // where there is no plan
  };

  Entry find(ByteView chunk, std::uint32_t offset);
  Layout& compile(ByteView chunk, std::uint32_t body, std::uint32_t size,
                  std::vector<std::unique_ptr<Layout>>& of_guid);
  static bool same(const Layout& layout, ByteView chunk, std::uint32_t body, std::uint32_t size);

  std::size_t most_depth_;
  std::unordered_map<Guid, std::vector<std::unique_ptr<Layout>>, GuidHash> layouts_;
  std::size_t kept_bytes_ = 0;
  std::vector<std::uint16_t> index_;  // offset in the chunk -> 1 + place in entries_; as long as offsets ask for
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> used_offsets_;
  std::size_t work_ = 0;  // bytes of definitions looked at in this chunk
  Tree compiled_;         // reused
  std::vector<NameUse> compiled_uses_;
};

inline constexpr std::uint32_t definition_head = 24;  // u32 next, GUID, u32 size

}  // namespace synclens::evtx
