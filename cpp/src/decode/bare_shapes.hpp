// Elements that stand in a record without a template, made as if they had one.
//
// Programs that write such records write the same elements again and again, with other texts in them. What stands
// between the texts is the shape: a record whose shape was seen before is an instance of the plan of that shape, with
// its texts as values.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/bare_names.hpp"
#include "decode/template_plan.hpp"

namespace synclens::evtx {

class BareShapes {
 public:
  // Borrows the names.
  BareShapes(std::size_t most_depth, BareNames& names) : most_depth_(most_depth), names_(names) {}

  // Whether so much is kept that all of it, and the names, are better forgotten.
  [[nodiscard]] bool is_full() const { return bytes_ > most_bytes || shapes_.size() > most_shapes; }
  void forget();

  // The plan of the element at the cursor, which moves behind it; values() are its texts. Null where the shape is new
  // or nothing to be made a plan of, and where anything is damaged: the cursor then stays.
  [[nodiscard]] Plan* find(Cursor& in);

  struct Text {
    std::uint32_t at = 0, bytes = 0;  // in the chunk
  };
  [[nodiscard]] const std::vector<Text>& values() const { return values_; }

 private:
  static constexpr std::size_t most_shapes = 4096;
  static constexpr std::size_t most_bytes = 8u << 20;  // of keys and plans

  // What stands in an element one behind the other, names by their number.
  enum class StepKind : std::uint8_t { open, attribute, value, stated, close };
  struct Step {
    StepKind kind;
    std::uint8_t token;
    std::uint16_t name = 0;           // of open and attribute
    std::uint16_t at = 0, bytes = 0;  // of stated: its text
  };
  struct Shape {
    std::unique_ptr<Plan> plan;  // made, with the steps, when the shape is seen again
    std::vector<Step> steps;
    std::string stated;
  };

  // How far an element was followed.
  struct Walk {
    const std::uint8_t *at, *end;
    ByteView chunk;
    const Shape* shape = nullptr;       // whose steps were taken
    std::size_t steps = 0, stated = 0;  // how many, and the bytes of their stated texts
  };
  // To the end of the shape, or to the first step that is not taken. Then values_ are as after scan().
  [[nodiscard]] bool follow(const Shape& shape, Walk& walk);
  [[nodiscard]] static bool goes_on(const Walk& walk, const Shape& shape);
  [[nodiscard]] bool take(const Step& step, const Shape& shape, const std::uint8_t*& at, Walk& walk);
  void use(Shape& shape, std::size_t from);
  void take_steps(Cursor in, Shape& shape);
  [[nodiscard]] bool scan(Cursor& in);
  [[nodiscard]] bool open_element(Cursor& in, std::uint8_t token);
  [[nodiscard]] bool attribute(Cursor& in);
  [[nodiscard]] bool text(Cursor& in, std::uint8_t token, bool stated);
  [[nodiscard]] bool name(Cursor& in);
  [[nodiscard]] std::unique_ptr<Plan> make(Cursor in) const;
  void note(std::uint8_t token) { *end_++ = static_cast<char>(token); }
  void step(const Step& step) {
    if (steps_ != nullptr) steps_->push_back(step);
  }

  std::size_t most_depth_;
  BareNames& names_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename T>
  using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  ByText<Shape> shapes_;
  std::array<Shape*, 64> recent_{};  // with their steps, the last one first
  std::size_t bytes_ = 0;

  // Of the element being looked at.
  enum class Holds : std::uint8_t { nothing, text, elements };
  std::vector<Holds> open_;
  std::vector<char> key_;
  char* end_ = nullptr;  // of what is in key_
  std::vector<Text> values_;
  std::vector<std::uint8_t> stated_;    // for each text: 1 where it belongs to the shape
  std::vector<Step>* steps_ = nullptr;  // where they are wanted
  std::uint16_t last_name_ = BareNames::none;
};

}  // namespace synclens::evtx
