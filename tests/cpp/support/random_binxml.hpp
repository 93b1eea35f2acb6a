// Records of all that BinXML can hold, made by chance: every token, every value type and its array form, values of
// size 0, odd booleans, lone surrogates, nested instances in a row with and without fragment headers.
#pragma once

#include <limits>
#include <random>

#include "support/log_builder.hpp"

namespace support {

class RandomRecords {
 public:
  explicit RandomRecords(unsigned seed) : random_(seed) {}

  // A file of one chunk full of records.
  Bytes file() {
    Log log;
    while (true) {
      const Bytes body = content(log.next_body());
      if (log.next_body() + body.size() + 16 > 65536) return log.file();
      log.record(body);
    }
  }

 private:
  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_()) % below; }
  bool chance(std::size_t of) { return pick(of) == 0; }

  Bytes content(std::size_t at) {
    Bytes out("\x0f\x01\x01\0", 4);
    return out + (chance(3) ? bare(at + 4) : made_instance(at + 4, 0));
  }

  Bytes bare(std::size_t at) {
    Xml x(at, false);
    element(x, nullptr, 0);
    return x.bytes();
  }

  struct Slot {
    unsigned type = 0;
    bool nested = false;
    Bytes bytes;
  };

  Bytes made_instance(std::size_t at, int depth) {
    std::vector<Slot> slots;
    Xml body(at + 10 + 24, true);
    body.header();
    nested_ = depth;
    element(body, &slots, 0);
    body.end();
    const unsigned id = static_cast<unsigned>(random_());
    Bytes out = Bytes("\x0c\x01", 2) + number(id, 4) + number(at + 10, 4);
    out += number(0, 4) + number(id, 4) + Bytes(12, 'g') + number(body.bytes().size(), 4) + body.bytes();
    out += number(slots.size(), 4);
    std::size_t value_at = at + out.size() + 4 * slots.size();
    Bytes descriptors, values;
    for (Slot& slot : slots) {
      if (slot.nested) slot.bytes = fragments(value_at, depth + 1);
      descriptors += number(slot.bytes.size(), 2) + number(slot.type, 2);
      values += slot.bytes;
      value_at += slot.bytes.size();
    }
    return out + descriptors + values;
  }

  // What a BinXml value holds.
  Bytes fragments(std::size_t at, int depth) {
    Bytes out;
    for (std::size_t n = 1 + pick(3); n != 0; --n) {
      if (!chance(3)) out += Bytes("\x0f\x01\x01\0", 4);
      out += chance(2) ? bare(at + out.size()) : made_instance(at + out.size(), depth);
      if (n == 1 || chance(2)) out.push_back('\0');
    }
    return out;
  }

  void element(Xml& x, std::vector<Slot>* slots, int depth) {
    static const char* const names[] = {"a", "Data", "x-y", "Event", "EventData", "_1"};
    const bool attributes = chance(3);
    x.open(names[pick(6)], attributes);
    bool array_used = depth == 0;  // the outermost element stands there once
    if (attributes) {
      for (std::size_t n = 1 + pick(2); n != 0; --n) {
        x.attribute(n == 1 ? "Name" : "other");
        for (std::size_t parts = 1 + pick(2); parts != 0; --parts) part(x, slots, depth, array_used, true);
      }
    }
    if (chance(8)) {
      x.empty();
      return;
    }
    x.content();
    for (std::size_t parts = pick(4); parts != 0; --parts) {
      if (depth < 4 && chance(2)) {
        element(x, slots, depth + 1);
      } else {
        part(x, slots, depth, array_used, false);
      }
    }
    x.close();
  }

  void part(Xml& x, std::vector<Slot>* slots, int depth, bool& array_used, bool attribute) {
    static const char* const entities[] = {"amp", "lt", "gt", "quot", "apos", "nbsp"};
    switch (pick(slots == nullptr ? 5 : 10)) {
      case 0:
        x.raw("\x05\x01").raw(counted(text()));
        return;
      case 1:
        x.character(static_cast<unsigned>("A&<'\t\x01"[pick(6)]));
        return;
      case 2:
        x.entity(entities[pick(6)]);
        return;
      case 3:
        if (!attribute) x.cdata(chance(2) ? "x]]>y<&" : "plain");
        return;
      case 4:
        if (!attribute) x.instruction("target", chance(2) ? "data?>more" : "d");
        return;
      default:
        break;
    }
    Slot slot = value(!array_used && chance(3), !attribute && nested_ < 2);
    array_used = array_used || (slot.type & 0x80) != 0;
    x.slot(static_cast<unsigned>(slots->size()), slot.type, depth > 0 && chance(3));
    slots->push_back(std::move(slot));
    // an element whose value is repeated holds nothing else that could be repeated with it
  }

  Slot value(bool array, bool nested) {
    static const unsigned types[] = {0,   1,   2,   3,    4,    5,    6,    7,    8,    9,    0xa,  0xb, 0xc,
                                     0xd, 0xe, 0xf, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x23, 0x21};
    unsigned type = types[pick(nested ? 25 : 24)];
    if (type == 0x21) return {type, true, {}};
    if (array && type != 0 && type < 0x16 && type != 0xe) {
      Bytes all;
      const std::size_t width = pick(2) == 0 ? 4 : 8;  // of size_t
      for (std::size_t n = pick(4); n != 0; --n) {
        all += type == 1   ? utf16(text(1)) + Bytes(2, '\0')
               : type == 2 ? Bytes("caf\xe9", pick(5)) + Bytes(1, '\0')
                           : one(type, width);
      }
      return {type | 0x80, false, all};
    }
    if (chance(12)) return {type, false, {}};
    if (chance(12)) return {type, false, Bytes(1 + pick(20), 'z')};
    return {type, false, one(type, pick(2) == 0 ? 4 : 8)};
  }

  // One value of a type, edge values often.
  Bytes one(unsigned type, std::size_t size_width) {
    static const std::uint64_t edges[] = {
        0, 1, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0x7FFFFFFFFFFFFFFF, ~std::uint64_t{0}};
    const std::uint64_t n = chance(2) ? edges[pick(9)] : (std::uint64_t{random_()} << 32 | random_());
    switch (type) {
      case 0x01:
        return utf16(text()) + Bytes(2 * pick(3), '\0');
      case 0x02:
        return Bytes("na\xefve \x80 <&>\0", 11);
      case 0x03:
      case 0x04:
        return number(n, 1);
      case 0x05:
      case 0x06:
        return number(n, 2);
      case 0x0b: {
        const float value =
            chance(5) ? -std::numeric_limits<float>::infinity() : static_cast<float>(pick(2000)) / 4 - 250;
        Bytes out(4, '\0');
        std::memcpy(out.data(), &value, 4);
        return out;
      }
      case 0x0c: {
        const double value =
            chance(5) ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(pick(2000)) / 4 - 250;
        Bytes out(8, '\0');
        std::memcpy(out.data(), &value, 8);
        return out;
      }
      case 0x07:
      case 0x08:
      case 0x0d:
      case 0x14:
        return number(n, 4);
      case 0x10:
        return number(n, static_cast<int>(size_width));
      case 0x11: {
        static const std::uint64_t times[] = {
            0, 1, 116444736000000000, 0x24C85A5ED1C04000, 0x7FFF35F4F06C58F0, 0x7FFF35F4F06C58F1, ~std::uint64_t{0}};
        return number(times[pick(7)], 8);
      }
      case 0x12:
        return chance(3) ? Bytes(16, '\0')
                         : number(2026, 2) + number(11, 2) + number(4, 2) + number(26, 2) + number(pick(200), 2) +
                               number(59, 2) + number(1, 2) + number(pick(1500), 2);
      case 0x13: {
        const std::size_t count = pick(6);
        Bytes out = Bytes("\x01", 1) + number(chance(5) ? 9 : count, 1) +
                    (chance(5) ? Bytes(6, '\xab') : Bytes("\0\0\0\0\0\x05", 6));
        for (std::size_t i = 0; i < count; ++i) out += number(random_(), 4);
        return out;
      }
      case 0x0f:
        return number(n, 8) + number(random_(), 8);
      default:
        return number(n, 8);
    }
  }

  std::u16string text(std::size_t least = 0) {
    static const char16_t units[] = {u'a',  u'Z', u' ', u'<', u'>',   u'&',   u'\'',  u'"',   u'\t',  u'\n',
                                     u'\r', 0x01, 0x7F, 0xE9, 0x20AC, 0xD834, 0xDD1E, 0xFFFE, 0xFFFF, 0x3042};
    std::u16string out;
    for (std::size_t n = least + pick(12); n != 0; --n) out.push_back(units[pick(20)]);
    return out;
  }
  static Bytes utf16(const std::u16string& text) {
    Bytes out;
    for (const char16_t unit : text) out += number(unit, 2);
    return out;
  }
  static Bytes counted(const std::u16string& text) { return number(text.size(), 2) + utf16(text); }

  std::mt19937 random_;
  int nested_ = 0;  // how deep the instance that is being made stands
};

}  // namespace support
