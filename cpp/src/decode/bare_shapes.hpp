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

#include "decode/template_plan.hpp"

namespace synclens::evtx {

class BareShapes {
 public:
  explicit BareShapes(std::size_t most_depth) : most_depth_(most_depth) {}

  void begin_chunk();

  // The plan of the element at the cursor, which moves behind it; values() are its texts. Null where the shape is new
  // or nothing to be made a plan of, and where anything is damaged: the cursor then stays.
  [[nodiscard]] Plan* find(Cursor& in);

  struct Text {
    std::uint32_t at = 0, bytes = 0;  // in the chunk
  };
  [[nodiscard]] const std::vector<Text>& values() const { return values_; }

 private:
  static constexpr std::size_t most_shapes = 4096;
  static constexpr std::size_t most_bytes = 8u << 20;  // of keys, names and plans

  struct Shape {
    std::unique_ptr<Plan> plan;  // made when the shape is seen again
  };

  [[nodiscard]] bool scan(Cursor& in);
  [[nodiscard]] bool open_element(Cursor& in, std::uint8_t token);
  [[nodiscard]] bool attribute(Cursor& in);
  [[nodiscard]] bool text(Cursor& in, bool stated);
  [[nodiscard]] bool name(Cursor& in);
  [[nodiscard]] std::uint16_t id_of(std::string_view utf16);
  [[nodiscard]] std::unique_ptr<Plan> make(Cursor in) const;
  void note(std::uint8_t token) { *end_++ = static_cast<char>(token); }

  std::size_t most_depth_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename T>
  using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  ByText<Shape> shapes_;
  ByText<std::uint16_t> ids_;         // of names, from 1; by their UTF-16
  std::vector<std::uint16_t> names_;  // of this chunk, by the offset of their entry: an id; as long as offsets ask for
  std::vector<std::uint32_t> used_;
  std::size_t bytes_ = 0;

  // Of the element being looked at.
  enum class Holds : std::uint8_t { nothing, text, elements };
  std::vector<Holds> open_;
  std::vector<char> key_;
  char* end_ = nullptr;  // of what is in key_
  std::vector<Text> values_;
  std::vector<std::uint8_t> stated_;  // for each text: 1 where it belongs to the shape
  std::uint16_t last_name_ = 0;
  std::uint16_t name_attribute_ = 0;  // the id of "Name"
};

}  // namespace synclens::evtx
