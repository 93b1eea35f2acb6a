#include "decode/bare_shapes.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace synclens::evtx {
namespace {

constexpr bool is(std::uint8_t token, Token wanted) {
  return (token & ~more_bit) == static_cast<std::uint8_t>(wanted);
}

}  // namespace

void BareShapes::forget() {
  recent_ = {};
  shapes_.clear();
  bytes_ = 0;
}

Plan* BareShapes::find(Cursor& in) {
  Walk walk{in.here(), in.here() + in.left(), in.chunk()};
  values_.clear();
  for (std::size_t i = 0; i < recent_.size() && recent_[i] != nullptr; ++i) {
    if (!goes_on(walk, *recent_[i]) || !follow(*recent_[i], walk)) continue;
    in.move_to(walk.at);
    use(*recent_[i], i);
    return recent_[0]->plan.get();
  }
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
    take_steps(start, shape);
    bytes_ += shape.plan->tree.nodes.size() * sizeof(Node) * 2 + shape.plan->tree.texts.size() +
              shape.steps.size() * sizeof(Step) + shape.stated.size();
  }
  use(shape, recent_.size() - 1);
  in = end;
  return shape.plan.get();
}

// First in the list from now on; it stood at `from`, or pushes out what stands there.
void BareShapes::use(Shape& shape, std::size_t from) {
  if (recent_[0] == &shape || shape.steps.empty()) return;
  std::move_backward(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(from),
                     recent_.begin() + static_cast<std::ptrdiff_t>(from) + 1);
  recent_[0] = &shape;
}

void BareShapes::take_steps(Cursor in, Shape& shape) {
  steps_ = &shape.steps;
  (void)scan(in);
  steps_ = nullptr;
  for (Step& step : shape.steps) {
    if (step.kind != StepKind::stated) continue;
    const std::uint8_t* const text = in.chunk().data() + step.at;  // what a chunk holds has places of 16 bits
    step.at = static_cast<std::uint16_t>(shape.stated.size());
    shape.stated.append(reinterpret_cast<const char*>(text), step.bytes);
  }
}

// Whether a shape begins with the steps that were taken.
bool BareShapes::goes_on(const Walk& walk, const Shape& shape) {
  if (walk.steps == 0) return true;
  return shape.steps.size() > walk.steps &&
         std::memcmp(shape.steps.data(), walk.shape->steps.data(), walk.steps * sizeof(Step)) == 0 &&
         shape.stated.compare(0, walk.stated, walk.shape->stated, 0, walk.stated) == 0;
}

bool BareShapes::follow(const Shape& shape, Walk& walk) {
  walk.shape = &shape;
  while (walk.steps < shape.steps.size()) {
    const std::uint8_t* at = walk.at;
    if (!take(shape.steps[walk.steps], shape, at, walk)) return false;
    walk.at = at;
    ++walk.steps;
  }
  return true;
}

// Moves behind what the step says; false where something else stands there.
inline bool BareShapes::take(const Step& step, const Shape& shape, const std::uint8_t*& at, Walk& walk) {
  // Bytes that a step has at least, without names and texts; by StepKind.
  static constexpr std::array<std::uint8_t, 5> least = {9, 5, 4, 4, 1};
  if (walk.end - at < least[static_cast<std::size_t>(step.kind)] || *at++ != step.token) return false;
  switch (step.kind) {
    case StepKind::open:
      at += 4;  // its length
      if (names_.take(walk.chunk, at, walk.end) != step.name) return false;
      if ((step.token & more_bit) == 0) return true;
      if (walk.end - at < 4) return false;
      at += 4;  // that of its attributes
      return true;
    case StepKind::attribute:
      return names_.take(walk.chunk, at, walk.end) == step.name;
    case StepKind::close:
      return true;
    case StepKind::value:
    case StepKind::stated:
      break;
  }
  const std::uint32_t bytes = load<std::uint16_t>(at + 1) * 2u;
  if (*at != 0x01 || bytes > std::numeric_limits<std::uint16_t>::max()) return false;
  at += 3;
  if (walk.end - at < std::ptrdiff_t{bytes}) return false;
  if (step.kind == StepKind::value) {
    values_.push_back({static_cast<std::uint32_t>(at - walk.chunk.data()), bytes});
  } else {
    if (bytes != step.bytes || std::memcmp(at, shape.stated.data() + step.at, bytes) != 0) return false;
    walk.stated += bytes;
  }
  at += bytes;
  return true;
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
      step({StepKind::close, token});
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
      if (!is(token, Token::text) || !text(in, token, false)) return false;
      continue;
    }
    if (open_.size() == most_depth_ || !open_element(in, token) || in.left() == 0) return false;
    const std::uint8_t close = in.u8("");
    note(close);
    step({StepKind::close, close});
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
  step({StepKind::open, token, last_name_});
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
  const std::uint8_t token = in.u8("");
  if (!name(in)) return false;
  step({StepKind::attribute, token, last_name_});
  const bool names = names_[last_name_].known == KnownName::name;
  if (in.left() == 0 || !is(*in.here(), Token::text)) return true;  // the next token tells
  const std::uint8_t of_text = in.u8("");
  return text(in, of_text, names) && (in.left() == 0 || !is(*in.here(), Token::text));
}

bool BareShapes::text(Cursor& in, std::uint8_t token, bool stated) {
  note(static_cast<std::uint8_t>(stated ? Token::cdata : Token::text));  // a section is never part of a shape
  if (in.left() < 3 || in.u8("") != 0x01) return false;
  const std::uint32_t bytes = in.u16("") * 2u;
  if (bytes > in.left() || bytes > std::numeric_limits<std::uint16_t>::max()) return false;
  const Text found{in.at(), bytes};
  in.skip(bytes, "");
  stated_.push_back(stated ? 1 : 0);
  if (!stated) {
    values_.push_back(found);
    step({StepKind::value, token});
    return true;
  }
  if (bytes > 255) return false;
  note(static_cast<std::uint8_t>(bytes));
  std::memcpy(end_, in.chunk().data() + found.at, bytes);
  end_ += bytes;
  step({StepKind::stated, token, 0, static_cast<std::uint16_t>(found.at), static_cast<std::uint16_t>(bytes)});
  return true;
}

bool BareShapes::name(Cursor& in) {
  if (in.left() < 4) return false;
  const std::uint8_t* at = in.here();
  last_name_ = names_.take(in.chunk(), at, at + in.left());
  if (last_name_ == BareNames::none) return false;
  in.move_to(at);
  note(static_cast<std::uint8_t>(last_name_));
  note(static_cast<std::uint8_t>(last_name_ >> 8));
  return true;
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
  plan->tree.bare = true;
  plan->kept = true;
  return plan;
}

}  // namespace synclens::evtx
