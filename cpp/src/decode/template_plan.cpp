#include "decode/template_plan.hpp"

#include "decode/kept_system.hpp"
#include "decode/quick_filter.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {
namespace {

// Definitions do not overlap in a log that Windows wrote, so a chunk holds 64 KiB of them at most. A stranger's
// chunk could make us compile the same bytes at every offset.
constexpr std::size_t most_work_per_chunk = 16u << 16;
constexpr std::size_t most_kept_bytes = 32u << 20;
constexpr std::size_t most_layouts_of_one_guid = 64;
constexpr std::size_t most_entries = 0xFFFE;
constexpr std::size_t most_offsets = 1u << 16;  // in a chunk
constexpr std::uint32_t name_text = 8;          // offset of the text in a name's entry

// Of no bytes there may be no place either, which memcmp must not be given.
bool are_same(const std::uint8_t* a, const std::uint8_t* b, std::size_t bytes) {
  return bytes == 0 || std::memcmp(a, b, bytes) == 0;
}

}  // namespace

Plan::Plan() = default;
Plan::~Plan() = default;

const ColumnProgram& Plan::columns(Context context) {
  Columns& columns = columns_[static_cast<std::size_t>(context)];
  if (!columns.made) {
    compile_columns(tree, context, columns.program);
    columns.made = true;
  }
  return columns.program;
}

std::int32_t* Plan::item_names(Context context, const RowWriter& rows) {
  Columns& columns = columns_[static_cast<std::size_t>(context)];
  if (columns.names_of != rows.id()) {
    columns.names.assign(columns.program.rest.size(), RowWriter::no_name);
    columns.names_of = rows.id();
  }
  return columns.names.data();
}

const SystemKey& Plan::key() {
  if (!key_) key_ = system_key(columns(Context::document));
  return *key_;
}

void Plan::forget_programs() {
  for (Columns& columns : columns_) {
    columns.made = false;
    columns.names_of = 0;
    columns.scripts.clear();
  }
  key_.reset();
  quick.reset();
  systems.reset();
  for (auto& scripts : scripts_) scripts.clear();
}

void PlanCache::begin_chunk() {
  for (const std::uint32_t offset : used_offsets_) index_[offset] = 0;
  used_offsets_.clear();
  entries_.clear();
  work_ = 0;
  if (kept_bytes_ > most_kept_bytes) {
    layouts_.clear();
    kept_bytes_ = 0;
  }
}

bool PlanCache::spend(std::size_t bytes) {
  if (kept_bytes_ > 2 * most_kept_bytes) return false;
  kept_bytes_ += bytes;
  return true;
}

Plan& PlanCache::at(ByteView chunk, std::uint32_t offset, std::uint32_t id) {
  if (offset >= index_.size()) {
    if (offset >= most_offsets) throw Damage{"template past the end of the chunk", offset, true};
    index_.resize(offset + 1u, 0);
  }
  std::uint16_t& place = index_[offset];
  if (place == 0) {
    if (entries_.size() >= most_entries) throw Damage{"too many templates in one chunk", offset, true};
    entries_.push_back(find(chunk, offset));
    place = static_cast<std::uint16_t>(entries_.size());
    used_offsets_.push_back(offset);
  }
  const Entry& entry = entries_[place - 1u];
  if (entry.plan == nullptr) throw entry.damage;
  if (entry.id != id) throw Damage{"template overwritten by another", offset, true};
  return *entry.plan;
}

PlanCache::Entry PlanCache::find(ByteView chunk, std::uint32_t offset) {
  try {
    Cursor in(chunk, offset, static_cast<std::uint32_t>(chunk.size()));
    in.skip(4, "template cut");
    const ByteView guid_bytes = in.bytes(16, "template cut");
    const Guid guid{load<std::uint64_t>(guid_bytes.data()), load<std::uint64_t>(guid_bytes.data() + 8)};
    const auto id = load<std::uint32_t>(guid_bytes.data());
    const std::uint32_t size = in.u32("template cut");
    if (size > in.left()) throw Damage{"template past the end of the chunk", offset};
    work_ += size;
    if (work_ > most_work_per_chunk) throw Damage{"templates lie over each other", offset};
    auto& of_guid = layouts_[guid];
    for (const auto& layout : of_guid) {
      if (same(*layout, chunk, in.at(), size)) return {&layout->plan, id, {}};
    }
    return {&compile(chunk, in.at(), size, of_guid).plan, id, {}};
  } catch (const Damage& damage) {
    return {nullptr, 0, {damage.what, damage.offset, true}};
  }
}

PlanCache::Layout& PlanCache::compile(ByteView chunk, std::uint32_t body, std::uint32_t size,
                                      std::vector<std::unique_ptr<Layout>>& of_guid) {
  auto layout = std::make_unique<Layout>();
  Cursor in(chunk, body, body + size);
  compiled_.clear();
  compiled_uses_.clear();
  compile_fragment(in, Dialect::in_template, most_depth_, compiled_, &compiled_uses_);
  layout->plan.tree = copy_of(compiled_);
  layout->uses = compiled_uses_;
  layout->plan.kept = true;
  layout->bytes.assign(chunk.begin() + body, chunk.begin() + body + size);
  for (NameUse& use : layout->uses) {
    if (!use.is_inline) {
      const auto text = chunk.begin() + use.entry + name_text;
      layout->names.insert(layout->names.end(), text, text + use.bytes);
    }
    use.at -= body;
  }
  kept_bytes_ += layout->bytes.size() + layout->names.size() + layout->plan.tree.texts.size() * 4 +
                 layout->plan.tree.nodes.size() * sizeof(Node) * 4 + sizeof(Layout);
  // Earlier entries of this chunk point into the list, so a full list is only added to.
  if (of_guid.size() >= most_layouts_of_one_guid) throw Damage{"too many forms of one template", body};
  of_guid.push_back(std::move(layout));
  return *of_guid.back();
}

bool PlanCache::same(const Layout& layout, ByteView chunk, std::uint32_t body, std::uint32_t size) {
  if (layout.bytes.size() != size) return false;
  const std::uint8_t* ours = layout.bytes.data();
  const std::uint8_t* theirs = chunk.data() + body;
  const std::uint8_t* name = layout.names.data();
  std::uint32_t done = 0;
  for (const NameUse& use : layout.uses) {
    if (!are_same(ours + done, theirs + done, use.at - done)) return false;
    const auto entry = load<std::uint32_t>(theirs + use.at);
    const bool is_inline = entry == body + use.at + 4;
    if (is_inline != use.is_inline) return false;
    done = use.at + 4;
    if (is_inline) {
      done += 4;  // the next entry of the hash bucket: another offset
      continue;
    }
    if (entry > chunk.size() || chunk.size() - entry < name_text + use.bytes) return false;
    if (load<std::uint16_t>(chunk.data() + entry + 6) * 2u != use.bytes) return false;
    if (!are_same(chunk.data() + entry + name_text, name, use.bytes)) return false;
    name += use.bytes;
  }
  return are_same(ours + done, theirs + done, size - done);
}

}  // namespace synclens::evtx
