#include "decode/bare_shapes.hpp"

#include <cstring>
#include <limits>

namespace synclens::evtx {
namespace {

constexpr std::uint32_t name_head = 8;  // u32 next entry, u16 hash, u16 count

constexpr bool is(std::uint8_t token, Token wanted) {
  return (token & ~more_bit) == static_cast<std::uint8_t>(wanted);
}

}  // namespace

void BareShapes::begin_chunk() {
  for (const std::uint32_t entry : used_) names_[entry] = 0;
  used_.clear();
  if (bytes_ <= most_bytes && shapes_.size() <= most_shapes) return;
  shapes_.clear();
  ids_.clear();
  bytes_ = 0;
  name_attribute_ = 0;
}

Plan* BareShapes::find(Cursor& in) {
  const Cursor start = in;
  Cursor end = in;
  if (!scan(end)) return nullptr;
  const std::string_view key(key_.data(), static_cast<std::size_t>(end_ - key_.data()));
  const auto place = shapes_.find(key);
  if (place == shapes_.end()) {
    bytes_ += key.size() + sizeof(Shape);
    shapes_.emplace(key, Shape{});
    return nullptr;
  }
  Shape& shape = place->second;
  if (!shape.plan) {
    shape.plan = make(start);
    bytes_ += shape.plan->tree.nodes.size() * sizeof(Node) * 2 + shape.plan->tree.texts.size();
  }
  in = end;
  return shape.plan.get();
}

bool BareShapes::scan(Cursor& in) {
  // No token says more than its own bytes.
  if (key_.size() < std::size_t{in.left()} * 2) key_.resize(std::size_t{in.left()} * 2);
  end_ = key_.data();
  values_.clear();
  stated_.clear();
  if (in.left() == 0 || !is(*in.here(), Token::open_element)) return false;
  open_.clear();
  do {
    if (in.left() == 0) return false;
    const std::uint8_t token = in.u8("");
    if (is(token, Token::end_element)) {
      note(token);
      open_.pop_back();
      continue;
    }
    // One text or elements: of a mixture, what is beside the elements is no value.
    const Holds more = is(token, Token::open_element) ? Holds::elements : Holds::text;
    if (!open_.empty()) {
      if (open_.back() != Holds::nothing && (open_.back() != more || more == Holds::text)) return false;
      open_.back() = more;
    }
    if (more == Holds::text) {
      if (!is(token, Token::text) || !text(in, false)) return false;
      continue;
    }
    if (open_.size() == most_depth_ || !open_element(in, token) || in.left() == 0) return false;
    const std::uint8_t close = in.u8("");
    note(close);
    if (is(close, Token::close_start)) {
      open_.push_back(Holds::nothing);
    } else if (!is(close, Token::close_empty)) {
      return false;
    }
  } while (!open_.empty());
  return true;
}

bool BareShapes::open_element(Cursor& in, std::uint8_t token) {
  note(token & static_cast<std::uint8_t>(~more_bit));
  if (in.left() < 4) return false;
  in.skip(4, "");  // its length
  if (!name(in)) return false;
  if ((token & more_bit) == 0) return true;
  if (in.left() < 4) return false;
  in.skip(4, "");  // that of its attributes
  while (in.left() != 0 && is(*in.here(), Token::attribute)) {
    if (!attribute(in)) return false;
  }
  return true;
}

// What names something (Provider/@Name, Data/@Name) belongs to the shape.
bool BareShapes::attribute(Cursor& in) {
  note(static_cast<std::uint8_t>(Token::attribute));
  in.skip(1, "");
  if (!name(in)) return false;
  const bool names = last_name_ == name_attribute_;
  if (in.left() == 0 || !is(*in.here(), Token::text)) return true;  // the next token tells
  in.skip(1, "");
  return text(in, names) && (in.left() == 0 || !is(*in.here(), Token::text));
}

bool BareShapes::text(Cursor& in, bool stated) {
  note(static_cast<std::uint8_t>(stated ? Token::cdata : Token::text));  // a section is never part of a shape
  if (in.left() < 3 || in.u8("") != 0x01) return false;
  const std::uint32_t bytes = in.u16("") * 2u;
  if (bytes > in.left() || bytes > std::numeric_limits<std::uint16_t>::max()) return false;
  const Text found{in.at(), bytes};
  in.skip(bytes, "");
  stated_.push_back(stated ? 1 : 0);
  if (!stated) {
    values_.push_back(found);
    return true;
  }
  if (bytes > 255) return false;
  note(static_cast<std::uint8_t>(bytes));
  std::memcpy(end_, in.chunk().data() + found.at, bytes);
  end_ += bytes;
  return true;
}

bool BareShapes::name(Cursor& in) {
  if (in.left() < 4) return false;
  const std::uint32_t entry = in.u32("");
  const ByteView chunk = in.chunk();
  if (entry > chunk.size() || chunk.size() - entry < name_head) return false;
  const std::uint32_t bytes = load<std::uint16_t>(chunk.data() + entry + 6) * 2u;
  if (chunk.size() - entry - name_head < bytes || bytes > 512) return false;
  if (entry == in.at()) {
    if (in.left() < name_head + bytes + 2) return false;
    in.skip(name_head + bytes + 2, "");
  }
  if (entry >= names_.size()) names_.resize(entry + 1u, 0);
  std::uint16_t& id = names_[entry];
  if (id == 0) {
    id = id_of({reinterpret_cast<const char*>(chunk.data()) + entry + name_head, bytes});
    if (id == 0) return false;
    used_.push_back(entry);
  }
  last_name_ = id;
  note(static_cast<std::uint8_t>(id));
  note(static_cast<std::uint8_t>(id >> 8));
  return true;
}

// 0: there are too many.
std::uint16_t BareShapes::id_of(std::string_view utf16) {
  if (const auto known = ids_.find(utf16); known != ids_.end()) return known->second;
  if (ids_.size() >= std::numeric_limits<std::uint16_t>::max()) return 0;
  const auto id = static_cast<std::uint16_t>(ids_.size() + 1);
  ids_.emplace(utf16, id);
  bytes_ += utf16.size() + 64;
  using namespace std::string_view_literals;
  if (utf16 == "N\0a\0m\0e\0"sv) name_attribute_ = id;
  return id;
}

std::unique_ptr<Plan> BareShapes::make(Cursor in) const {
  auto plan = std::make_unique<Plan>();
  compile_fragment(in, Dialect::bare, most_depth_, plan->tree);
  std::size_t text = 0;
  std::uint16_t slot = 0;
  for (Node& node : plan->tree.nodes) {
    if (node.kind != NodeKind::text) continue;
    if (stated_[text++] != 0) continue;
    node.kind = NodeKind::slot;
    node.slot = slot++;
    node.type = static_cast<std::uint8_t>(ValueType::string);
  }
  plan->tree.slots = slot;
  plan->kept = true;
  return plan;
}

}  // namespace synclens::evtx
