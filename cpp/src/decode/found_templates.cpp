#include "decode/found_templates.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>

#include "decode/evtx_file.hpp"

namespace synclens::evtx {
namespace {

constexpr std::uint32_t instance_head = 10;  // token, 1, id, offset of the definition
constexpr std::size_t most_kept_bytes = 32u << 20;
constexpr std::uint32_t most_work = 4 * chunk_size;  // bytes of definitions in one chunk; they may lie over each other

bool same_nodes(const Tree& a, const Tree& b) {
  return a.texts.view() == b.texts.view() && a.slots == b.slots &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), [](const Node& x, const Node& y) {
           return x.kind == y.kind && x.optional == y.optional && x.type == y.type && x.slot == y.slot &&
                  x.text == y.text && x.text_size == y.text_size && x.end == y.end;
         });
}

}  // namespace

void FoundTemplates::collect(ByteView chunk) {
  const std::uint8_t* const base = chunk.data();
  const auto size = static_cast<std::uint32_t>(chunk.size());
  std::uint32_t work = 0;
  for (std::uint32_t at = 0; at + instance_head + definition_head < size && work < most_work;) {
    const void* hit = std::memchr(base + at, static_cast<int>(Token::template_instance), size - at);
    if (hit == nullptr) return;
    at = static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(hit) - base);
    if (at + instance_head + definition_head >= size) return;
    const std::uint32_t definition = at + instance_head;
    const bool here = base[at + 1] == 1 && load<std::uint32_t>(base + at + 6) == definition &&
                      load<std::uint32_t>(base + at + 2) == load<std::uint32_t>(base + definition + 4);
    const std::uint32_t taken = here ? take(chunk, definition) : 0;
    if (here) work += std::max(taken, definition_head);
    ++at;
  }
}

// How many bytes were looked at.
std::uint32_t FoundTemplates::take(ByteView chunk, std::uint32_t definition) {
  const std::uint8_t* const head = chunk.data() + definition;
  const std::uint32_t body = definition + definition_head;
  const std::uint32_t size = load<std::uint32_t>(head + definition_head - 4);
  if (size > chunk.size() - body) return 0;
  auto tree = std::make_unique<Tree>();
  try {
    Cursor in(chunk, body, body + size);
    compile_fragment(in, Dialect::in_template, most_depth_, *tree);
    if (in.left() != 1 || *in.here() != static_cast<std::uint8_t>(Token::end_of_fragment)) return size;
  } catch (const Damage&) {
    return size;
  }
  if (!tree->names_proved) return size;
  Entry& entry = by_id_[load<std::uint32_t>(head + 4)];
  if (entry.doubtful) return size;
  if (entry.tree == nullptr) {
    kept_bytes_ += tree->texts.size() + tree->nodes.size() * sizeof(Node) + sizeof(Entry);
    if (kept_bytes_ > most_kept_bytes) {
      entry.doubtful = true;
      return size;
    }
    std::memcpy(entry.guid.data(), head + 4, entry.guid.size());
    entry.tree = std::move(tree);
  } else if (std::memcmp(entry.guid.data(), head + 4, entry.guid.size()) != 0 || !same_nodes(*entry.tree, *tree)) {
    entry.doubtful = true;
    entry.tree.reset();
  }
  return size;
}

const Tree* FoundTemplates::find(std::uint32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.tree.get();
}

namespace {

// What writers put into the slots of a template: of 73,205 instances in real logs all but five.
bool suits(std::uint8_t slot_type, const Value& value) {
  if (value.is_null() || value.type == slot_type) return true;
  if (slot_type == static_cast<std::uint8_t>(ValueType::size)) {
    return value.is(ValueType::hex32) || value.is(ValueType::hex64);
  }
  return slot_type == (static_cast<std::uint8_t>(ValueType::binary) | array_bit) && value.is(ValueType::binary);
}

}  // namespace

bool fits(const Tree& tree, std::span<const Value> values) {
  if (values.size() != tree.slots) return false;
  return std::all_of(tree.nodes.begin(), tree.nodes.end(), [&](const Node& node) {
    if (node.kind != NodeKind::slot) return true;
    return node.slot < values.size() && suits(node.type, values[node.slot]);
  });
}

std::unique_ptr<FoundTemplates> find_templates(ByteStream& stream, std::size_t most_depth) {
  if (!stream.rewind()) return nullptr;
  auto found = std::make_unique<FoundTemplates>(most_depth);
  {
    ChunkSource source(stream);
    ChunkBatch batch;
    while (source.next(batch)) {
      for (std::size_t i = 0; i < batch.size(); ++i) found->collect(batch[i].bytes);
    }
  }
  if (!stream.rewind()) throw std::system_error(std::make_error_code(std::errc::io_error), "cannot go back");
  return found;
}

}  // namespace synclens::evtx
