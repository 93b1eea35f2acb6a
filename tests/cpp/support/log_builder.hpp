// Makes small EVTX files byte by byte, for what no real log has. Shares nothing with the engine.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace support {

using Bytes = std::string;

inline Bytes number(std::uint64_t value, int bytes) {
  Bytes out;
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  return out;
}
inline Bytes wide(std::string_view ascii) {
  Bytes out;
  for (const char c : ascii) out += Bytes{c, '\0'};
  return out;
}

// CRC-32 bit by bit.
inline std::uint32_t crc(std::string_view bytes) {
  std::uint32_t sum = 0xFFFF'FFFF;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB8'8320 : 0);
  }
  return ~sum;
}

// Of an ASCII name, as its entry states it.
inline std::uint32_t name_hash(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char c : name) hash = hash * 65599u + static_cast<unsigned char>(c);
  return hash & 0xFFFF;
}

// BinXML that stands at a known offset of its chunk; names are always inline.
class Xml {
 public:
  Xml(std::size_t at, bool in_template) : at_(at), in_template_(in_template) {}

  Xml& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  Xml& header() { return raw({"\x0f\x01\x01\x00", 4}); }
  Xml& name(std::string_view text) {
    raw(number(at_ + bytes_.size() + 4, 4));
    return raw(number(0, 4) + number(name_hash(text), 2) + number(text.size(), 2) + wide(text) + Bytes(2, '\0'));
  }
  Xml& open(std::string_view element, bool attributes = false, unsigned dependency = 0xFFFF) {
    raw(attributes ? "\x41" : "\x01");
    if (in_template_) raw(number(dependency, 2));
    raw(number(0, 4));
    name(element);
    return attributes ? raw(number(0, 4)) : *this;
  }
  Xml& attribute(std::string_view attribute_name) { return raw("\x06").name(attribute_name); }
  Xml& text(std::string_view ascii) { return raw("\x05\x01").raw(number(ascii.size(), 2)).raw(wide(ascii)); }
  Xml& cdata(std::string_view ascii) { return raw("\x07").raw(number(ascii.size(), 2)).raw(wide(ascii)); }
  Xml& character(unsigned code) { return raw("\x08").raw(number(code, 2)); }
  Xml& entity(std::string_view entity_name) { return raw("\x09").name(entity_name); }
  Xml& instruction(std::string_view target, std::string_view data) {
    return raw("\x0a").name(target).raw("\x0b").raw(number(data.size(), 2)).raw(wide(data));
  }
  Xml& slot(unsigned index, unsigned type = 1, bool optional = false) {
    return raw(optional ? "\x0e" : "\x0d").raw(number(index, 2)).raw(number(type, 1));
  }
  Xml& content() { return raw("\x02"); }
  Xml& empty() { return raw("\x03"); }
  Xml& close() { return raw("\x04"); }
  Xml& end() { return raw(Bytes(1, '\0')); }
  [[nodiscard]] std::size_t here() const { return at_ + bytes_.size(); }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  std::size_t at_;
  bool in_template_;
  Bytes bytes_;
};

struct SlotValue {
  unsigned type;
  Bytes bytes;
};

// A template instance with its definition. `fill(Xml&)` writes the element.
template <typename Fill>
Bytes instance(std::size_t at, unsigned id, Fill fill, const std::vector<SlotValue>& values) {
  Xml body(at + 10 + 24, true);
  body.header();
  fill(body);
  body.end();
  Bytes out = Bytes("\x0c\x01", 2) + number(id, 4) + number(at + 10, 4);
  out += number(0, 4) + number(id, 4) + Bytes(12, 'g') + number(body.bytes().size(), 4) + body.bytes();
  out += number(values.size(), 4);
  for (const SlotValue& v : values) out += number(v.bytes.size(), 2) + number(v.type, 2);
  for (const SlotValue& v : values) out += v.bytes;
  return out;
}

// An instance of a template whose definition stands elsewhere in the chunk.
inline Bytes instance_of(std::size_t definition, unsigned id, const std::vector<SlotValue>& values) {
  Bytes out = Bytes("\x0c\x01", 2) + number(id, 4) + number(definition, 4) + number(values.size(), 4);
  for (const SlotValue& v : values) out += number(v.bytes.size(), 2) + number(v.type, 2);
  for (const SlotValue& v : values) out += v.bytes;
  return out;
}

// The instances of a chunk as Windows writes them: the first of each template with the definition, the others without.
class Templates {
 public:
  template <typename Fill>
  [[nodiscard]] Bytes instance(std::size_t at, unsigned id, Fill fill, const std::vector<SlotValue>& values) {
    std::size_t& definition = definitions_[id];
    if (definition != 0) return instance_of(definition, id, values);
    definition = at + 10;
    return support::instance(at, id, fill, values);
  }
  [[nodiscard]] bool has(unsigned id) const { return definitions_.count(id) != 0; }

 private:
  std::map<unsigned, std::size_t> definitions_;
};

// A file of one chunk, with right checksums.
class Log {
 public:
  Log() : chunk_(512, '\0') {}

  // Where the BinXML of the next record will stand.
  [[nodiscard]] std::size_t next_body() const { return chunk_.size() + 24; }

  Log& record(std::string_view body, std::uint64_t written = 132000000000000000) {
    ++records_;
    Bytes padded(body);
    padded.push_back('\0');
    while ((padded.size() + 28) % 8 != 0) padded.push_back('\0');
    last_ = chunk_.size();
    chunk_ += Bytes("\x2a\x2a\0\0", 4) + number(padded.size() + 28, 4) + number(records_, 8) + number(written, 8);
    chunk_ += padded + number(padded.size() + 28, 4);
    return *this;
  }

  [[nodiscard]] Bytes file() const {
    Bytes head(4096, '\0');
    head.replace(0, 8, Bytes("ElfFile\0", 8));
    head.replace(124, 4, number(crc(head.substr(0, 120)), 4));
    return head + chunk();
  }
  [[nodiscard]] Bytes chunk() const {
    Bytes out = chunk_;
    out.replace(0, 8, Bytes("ElfChnk\0", 8));
    out.replace(24, 24, number(1, 8) + number(records_, 8) + number(128, 4) + number(last_, 4));
    out.replace(48, 4, number(chunk_.size(), 4));
    out.replace(52, 4, number(crc(chunk_.substr(512)), 4));
    out.replace(124, 4, number(crc(out.substr(0, 120) + out.substr(128, 384)), 4));
    out.resize(65536, '\0');
    return out;
  }

 private:
  Bytes chunk_;
  std::uint64_t records_ = 0;
  std::size_t last_ = 512;
};

}  // namespace support
