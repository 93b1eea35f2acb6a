// The sink of a BareWalk that makes items of a row of what elements hold.
#pragma once

#include <array>
#include <utility>

#include "decode/bare_walk.hpp"
#include "decode/column_program.hpp"
#include "record/row_writer.hpp"

namespace synclens::evtx {

// An element is an item unless it holds others; texts beside these are no value.
template <typename Text, typename CodeOf>
class BareItems {
 public:
  BareItems(const BareNames& names, Context context, RowWriter& rows, CodeOf code_of, RowWriter::ItemPlace& place,
            Text text)
      : names_(names), context_(context), rows_(rows), code_of_(code_of), place_(place), text_(text), to_(place.text) {}

  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool open(std::uint16_t number, std::size_t depth) {
    const BareName& name = names_[number];
    bool holds_elements = false;
    if (depth == 0) {
      if (context_ == Context::event) {
        if (name.known == KnownName::system || name.known == KnownName::rendering_info ||
            name.known == KnownName::binary_event_data) {
          return false;
        }
        holds_elements = true;
        data_depth_ = name.known == KnownName::event_data ? 1 : no_depth;
      }
    } else if (Element& around = open_[depth - 1]; !around.holds_elements) {
      around.holds_elements = true;
      to_ = around.text;
    }
    if (depth == data_depth_ && name.known == KnownName::binary) return false;
    open_[depth] = {to_, number, holds_elements, name.known == KnownName::data};
    last_ = depth;
    name_size_ = 0;
    any_name_ = false;
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute(std::uint16_t number) {
    in_name_ = open_[last_].is_data && names_[number].known == KnownName::name;
    if (!in_name_) return true;
    return !std::exchange(any_name_, true);
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_text(const std::uint8_t* at, std::size_t bytes) {
    if (!in_name_) return true;
    if (name_size_ + bytes * widest_of_unit > most_of_name) return false;
    char* const end = text_.template put<Escape::plain>(name_.data() + name_size_, at, bytes);
    name_size_ = static_cast<std::size_t>(end - name_.data());
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool attribute_end() { return true; }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool content() { return true; }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool text(const std::uint8_t* at, std::size_t bytes) {
    if (!open_[last_].holds_elements) {
      to_ = text_.template put<Escape::plain>(to_, at, bytes);
      return true;
    }
    return last_ != 0 || context_ != Context::event;  // text where elements are expected
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool empty() {
    end_element();
    return true;
  }
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool close() {
    end_element();
    return true;
  }

 private:
  static constexpr std::size_t no_depth = most_bare_depth;
  static constexpr std::size_t most_of_name = 1024;  // bytes; longer ones are rare

  struct Element {
    char* text = nullptr;  // where its own begins
    std::uint16_t number = 0;
    bool holds_elements = false, is_data = false;
  };

  SYNCLENS_ALWAYS_INLINE void end_element() {
    const Element& element = open_[last_];
    if (!element.holds_elements) {
      const std::int32_t code =
          element.is_data ? rows_.item_name({name_.data(), name_size_}) : code_of_(element.number);
      place_.end_item(code, to_);
    }
    --last_;  // of the outermost: nothing looks at it any more
  }

  const BareNames& names_;
  Context context_;
  RowWriter& rows_;
  CodeOf code_of_;
  RowWriter::ItemPlace& place_;
  Text text_;
  char* to_;
  std::size_t last_ = 0;                                                     // the depth of the innermost that is open
  std::size_t data_depth_ = context_ == Context::event_data ? 0 : no_depth;  // of elements of EventData
  bool in_name_ = false, any_name_ = false;
  std::size_t name_size_ = 0;
  std::array<char, most_of_name + written_behind + readable_behind> name_;  // Data/@Name
  std::array<Element, most_bare_depth> open_;
};

}  // namespace synclens::evtx
