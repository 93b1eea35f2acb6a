// Elements that stand in a record without a template, token by token, for whoever says at once what they mean.
//
// A walk takes what such elements mostly are: attributes, texts, the five references that XML knows, elements in
// elements. It ends at anything else, damage included; compile_fragment() then has the last word.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/bare_names.hpp"
#include "decode/binxml.hpp"
#include "decode/wide_text.hpp"

namespace synclens::evtx {

inline constexpr std::size_t most_bare_depth = 64;
inline constexpr std::size_t least_bare_element = 10;  // bytes: token, length, name, end of the start
inline constexpr std::size_t least_bare_piece = 3;     // of a text: a character reference

// Whether an element without a template stands at the cursor, behind a fragment header or without one.
[[nodiscard]] inline bool is_bare_element(const Cursor& in) {
  const std::uint8_t* at = in.here();
  if (in.left() < 4 + least_bare_element) return false;
  if (*at == static_cast<std::uint8_t>(Token::fragment_header)) at += 4;
  return (*at & ~more_bit) == static_cast<std::uint8_t>(Token::open_element);
}

// The UTF-16 text of a reference that XML knows, with bytes that may be read behind it; null of any other.
[[nodiscard]] inline const std::uint8_t* reference_text(KnownName name) {
  struct Text {
    std::uint8_t unit[2 + readable_behind];
  };
  static constexpr Text amp{{'&'}}, lt{{'<'}}, gt{{'>'}}, quot{{'"'}}, apos{{'\''}};
  switch (name) {
    case KnownName::amp:
      return amp.unit;
    case KnownName::lt:
      return lt.unit;
    case KnownName::gt:
      return gt.unit;
    case KnownName::quot:
      return quot.unit;
    case KnownName::apos:
      return apos.unit;
    default:
      return nullptr;
  }
}

// Where a walk is.
class BareWalk {
 public:
  BareWalk(BareNames& names, ByteView chunk, const std::uint8_t* at, const std::uint8_t* end)
      : names_(names), chunk_(chunk), at_(at), end_(end) {}

  [[nodiscard]] const std::uint8_t* at() const { return at_; }

  // The element that stands here, and behind it. False: it is none, or not of the usual kind; what the sink was told
  // then means nothing. Each call of the sink may be false to end the walk. It is told, in this order:
  //   open(number, depth), then for each attribute attribute(number), attribute_text() for each piece of it and
  //   attribute_end(); then empty(), or content(), what is in the element and close(). text() is a piece of text in an
  //   element; pieces of one text come one behind the other.
  template <typename Sink>
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool element(std::size_t most_depth, Sink& sink) {
    std::size_t depth = 0;  // of elements that are open
    do {
      if (at_ == end_) return false;
      const std::uint8_t token = *at_++;
      switch (static_cast<Token>(token & ~more_bit)) {
        case Token::open_element: {
          if (depth == most_depth) return false;
          if (!start(token, depth, sink) || at_ == end_) return false;
          const auto close = static_cast<Token>(*at_++ & ~more_bit);
          if (close == Token::close_empty || (close == Token::close_start && ends_here())) {
            if (!sink.empty()) return false;
          } else if (close == Token::close_start) {
            if (!sink.content()) return false;
            ++depth;
          } else {
            return false;
          }
          break;
        }
        case Token::end_element:
          if (depth == 0 || !sink.close()) return false;
          --depth;
          break;
        case Token::text:
        case Token::char_reference:
        case Token::entity: {
          Piece piece;
          if (depth == 0 || !take(token, piece) || !sink.text(piece.at, piece.bytes)) return false;
          break;
        }
        default:
          return false;
      }
    } while (depth != 0);
    return true;
  }

 private:
  struct Piece {
    const std::uint8_t* at = nullptr;  // UTF-16
    std::size_t bytes = 0;
  };

  // An element's start, up to what ends it.
  template <typename Sink>
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool start(std::uint8_t token, std::size_t depth, Sink& sink) {
    if (end_ - at_ < std::ptrdiff_t{least_bare_element - 1}) return false;
    at_ += 4;  // its length
    const std::uint16_t number = name();
    if (number == BareNames::none || !sink.open(number, depth)) return false;
    if ((token & more_bit) == 0) return true;
    if (end_ - at_ < 4) return false;
    at_ += 4;  // that of its attributes
    while (at_ != end_ && static_cast<Token>(*at_ & ~more_bit) == Token::attribute) {
      if (end_ - ++at_ < 4) return false;
      const std::uint16_t attribute = name();
      if (attribute == BareNames::none || !sink.attribute(attribute)) return false;
      while (at_ != end_) {
        const auto next = static_cast<Token>(*at_ & ~more_bit);
        if (next != Token::text && next != Token::char_reference && next != Token::entity) break;
        Piece piece;
        if (!take(*at_++, piece) || !sink.attribute_text(piece.at, piece.bytes)) return false;
      }
      if (!sink.attribute_end()) return false;
    }
    return true;
  }

  [[nodiscard]] bool ends_here() {
    if (at_ == end_ || static_cast<Token>(*at_ & ~more_bit) != Token::end_element) return false;
    ++at_;
    return true;
  }

  // Four bytes are there.
  [[nodiscard]] std::uint16_t name() { return names_.take(chunk_, at_, end_); }

  // Behind its token.
  [[nodiscard]] SYNCLENS_ALWAYS_INLINE bool take(std::uint8_t token, Piece& piece) {
    switch (static_cast<Token>(token & ~more_bit)) {
      case Token::text:
        if (end_ - at_ < 3 || *at_ != 0x01) return false;
        piece = {at_ + 3, load<std::uint16_t>(at_ + 1) * std::size_t{2}};
        at_ += 3;
        if (end_ - at_ < static_cast<std::ptrdiff_t>(piece.bytes)) return false;
        at_ += piece.bytes;
        return true;
      case Token::char_reference:
        if (end_ - at_ < 2) return false;
        piece = {at_, 2};
        at_ += 2;
        return true;
      case Token::entity: {
        if (end_ - at_ < 4) return false;
        const std::uint16_t number = name();
        piece = {reference_text(names_[number].known), 2};
        return piece.at != nullptr;
      }
      default:
        return false;
    }
  }

  BareNames& names_;
  ByteView chunk_;
  const std::uint8_t *at_, *end_;
};

}  // namespace synclens::evtx
