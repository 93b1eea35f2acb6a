// A second decoder: it walks the bytes of one record and prints XML as it goes, with no plan, no cache and no bounds
// beyond std::string's own (out_of_range ends a record). Slow and plain, to be compared with the engine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

// Thrown for a name that XML cannot hold.
struct StrangeName : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class NaiveBinXml {
 public:
  explicit NaiveBinXml(std::string chunk) : chunk_(std::move(chunk)) {}

  std::string record(std::size_t offset) {
    const std::size_t end = offset + u(offset + 4, 4) - 4;
    std::size_t at = offset + 24;
    return fragments(at, end, true);
  }

 private:
  struct Value {
    unsigned type = 0;
    std::string bytes;
    std::size_t at = 0;
  };
  using Values = std::vector<Value>;

  std::uint64_t u(std::size_t at, int bytes) const {
    std::uint64_t v = 0;
    for (int i = bytes; i-- > 0;) v = v << 8 | static_cast<unsigned char>(chunk_.at(at + static_cast<std::size_t>(i)));
    return v;
  }
  std::uint64_t take(std::size_t& at, int bytes) const {
    const std::uint64_t v = u(at, bytes);
    at += static_cast<std::size_t>(bytes);
    return v;
  }
  static std::uint64_t little(const std::string& b) {
    std::uint64_t v = 0;
    for (std::size_t i = b.size(); i-- > 0;) v = v << 8 | static_cast<unsigned char>(b[i]);
    return v;
  }

  static std::string utf8(std::uint32_t c) {
    std::string s;
    const auto put = [&](std::uint32_t b) { s.push_back(static_cast<char>(b)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 63));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
    }
    return s;
  }
  static std::string escaped(std::uint32_t c, bool attribute) {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    if (attribute && c == '\'') return "&apos;";
    if (attribute && c == '"') return "&quot;";
    if (c == 9 || c == 10 || c == 13) return attribute ? "&#" + std::to_string(c) + ";" : utf8(c);
    if (c < 0x20 || c == 0xFFFE || c == 0xFFFF) return utf8(0xFFFD);
    return utf8(c);
  }
  static std::string wide(std::string b, bool attribute) {
    if (b.size() % 2 != 0) b.pop_back();
    while (b.size() >= 2 && b[b.size() - 1] == 0 && b[b.size() - 2] == 0) b.resize(b.size() - 2);
    std::string out;
    for (std::size_t i = 0; i + 1 < b.size(); i += 2) {
      const auto unit = [&](std::size_t k) { return static_cast<std::uint32_t>(little(b.substr(k, 2))); };
      std::uint32_t c = unit(i);
      if (c >= 0xD800 && c < 0xE000) {
        const std::uint32_t low = i + 3 < b.size() ? unit(i + 2) : 0;
        if (c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + low - 0xDC00;
          i += 2;
        } else {
          c = 0xFFFD;
        }
      }
      out += escaped(c, attribute);
    }
    return out;
  }

  // Without escapes.
  static std::string plain(std::string b) {
    while (b.size() >= 2 && b[b.size() - 1] == 0 && b[b.size() - 2] == 0) b.resize(b.size() - 2);
    std::string out;
    for (std::size_t i = 0; i + 1 < b.size(); i += 2) {
      const std::uint32_t c = static_cast<std::uint32_t>(little(b.substr(i, 2)));
      out += c == '&' || c == '<' || c == '>' ? utf8(c) : escaped(c, false);
    }
    return out;
  }

  std::string name(std::size_t& at) const {
    const std::size_t entry = take(at, 4);
    const std::size_t count = u(entry + 6, 2);
    if (entry == at) at += 10 + 2 * count;
    const std::string text = chunk_.substr(entry + 8, 2 * count);
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
      const unsigned c = static_cast<unsigned char>(text[i]);
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (text[i + 1] != 0 || (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'))))
        throw StrangeName("name");
    }
    if (count == 0 || text.size() != 2 * count) throw StrangeName("name");
    return wide(text, false);
  }

  static std::string printed(const char* format, std::uint64_t value) {
    char text[40];
    std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
    return text;
  }
  static std::string hex(const std::string& b) {
    std::string out;
    for (const char c : b) out += printed("%02llX", static_cast<unsigned char>(c));
    return out;
  }
  static std::string clock(std::uint64_t ticks) {
    const std::uint64_t seconds = ticks / 10000000;
    std::uint64_t days = seconds / 86400;
    int year = 1601;
    const auto leap = [&] { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; };
    while (days >= (leap() ? 366u : 365u)) days -= leap() ? 366u : 365u, ++year;
    const unsigned lengths[] = {31, leap() ? 29u : 28u, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned month = 0;
    while (days >= lengths[month]) days -= lengths[month++];
    return printed("%04llu-", static_cast<unsigned>(year)) + printed("%02llu-", month + 1) +
           printed("%02lluT", days + 1) + printed("%02llu:", seconds / 3600 % 24) +
           printed("%02llu:", seconds / 60 % 60) + printed("%02llu.", seconds % 60) +
           printed("%07lluZ", ticks % 10000000);
  }

  // Of the types whose values all have the same size; 0 for the others.
  static std::size_t width(unsigned type) {
    static const std::size_t widths[] = {0, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 4, 0, 16, 0, 8, 16, 0, 4, 8};
    return type < std::size(widths) ? widths[type] : 0;
  }

  // The fewest digits that give the same value again, with an exponent only where that is shorter.
  static std::string real(double value, bool single) {
    if (std::isnan(value)) return std::signbit(value) ? "-1.#IND" : "1.#QNAN";
    if (std::isinf(value)) return value < 0 ? "-1.#INF" : "1.#INF";
    char text[40];
    int digits = 0;
    do {
      std::snprintf(text, sizeof text, "%.*e", digits++, value);
    } while (digits < 17 &&
             (single ? static_cast<double>(std::strtof(text, nullptr)) : std::strtod(text, nullptr)) != value);
    const std::string scientific = text;
    const int exponent = std::atoi(scientific.substr(scientific.find('e') + 1).c_str());
    char fixed[400];
    std::snprintf(fixed, sizeof fixed, "%.*f", std::max(0, digits - 1 - exponent), value);
    return std::string(fixed).size() <= scientific.size() ? fixed : scientific;
  }

  static std::string scalar(const Value& v, bool attribute) {
    const std::string& b = v.bytes;
    if (b.empty()) return {};
    if (width(v.type) != 0 && b.size() != width(v.type)) return hex(b);
    const std::uint64_t n = little(b.substr(0, 8));
    switch (v.type) {
      case 0x00:
        return {};
      case 0x01:
        return wide(b, attribute);
      case 0x02: {
        std::string text = b, out;
        while (!text.empty() && text.back() == 0) text.pop_back();
        static const unsigned special[] = {0x20AC, 0xFFFD, 0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                           0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0xFFFD, 0x17D,  0xFFFD,
                                           0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                           0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0xFFFD, 0x17E,  0x178};
        for (const char c : text) {
          const unsigned u = static_cast<unsigned char>(c);
          out += escaped(u >= 0x80 && u < 0xA0 ? special[u - 0x80] : u, attribute);
        }
        return out;
      }
      case 0x03:
        return std::to_string(static_cast<std::int8_t>(n));
      case 0x05:
        return std::to_string(static_cast<std::int16_t>(n));
      case 0x07:
        return std::to_string(static_cast<std::int32_t>(n));
      case 0x09:
        return std::to_string(static_cast<std::int64_t>(n));
      case 0x04:
      case 0x06:
      case 0x08:
      case 0x0a:
        return std::to_string(n);
      case 0x0b: {
        float value = 0;
        std::memcpy(&value, b.data(), 4);
        return real(static_cast<double>(value), true);
      }
      case 0x0c: {
        double value = 0;
        std::memcpy(&value, b.data(), 8);
        return real(value, false);
      }
      case 0x0d:
        return n != 0 ? "true" : "false";
      case 0x0f: {
        std::string g =
            printed("{%08llx", n & 0xFFFFFFFF) + printed("-%04llx", n >> 32 & 0xFFFF) + printed("-%04llx-", n >> 48);
        for (std::size_t i = 8; i < 16; ++i)
          g += printed(i == 10 ? "-%02llx" : "%02llx", static_cast<unsigned char>(b.at(i)));
        return g + "}";
      }
      case 0x10:
        return b.size() == 4 || b.size() == 8 ? printed("0x%llx", n) : hex(b);
      case 0x14:
      case 0x15:
        return printed("0x%llx", n);
      case 0x11:
        return n > 0x7FFF35F4F06C58F0 ? printed("0x%llx", n) : clock(n);
      case 0x12: {
        const auto part = [&](std::size_t i) { return little(b.substr(2 * i, 2)); };
        for (const std::size_t i : {1u, 3u, 4u, 5u, 6u}) {
          if (part(i) > 99) return hex(b);
        }
        if (part(7) > 999) return hex(b);
        return printed("%04llu-", part(0)) + printed("%02llu-", part(1)) + printed("%02lluT", part(3)) +
               printed("%02llu:", part(4)) + printed("%02llu:", part(5)) + printed("%02llu.", part(6)) +
               printed("%03llu0000Z", part(7));
      }
      case 0x13: {
        if (b.size() < 8) return hex(b);
        std::uint64_t authority = 0;
        for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | static_cast<unsigned char>(b.at(i));
        std::string s = printed("S-%llu", static_cast<unsigned char>(b[0])) +
                        printed(authority >> 32 != 0 ? "-0x%llx" : "-%llu", authority);
        for (std::size_t i = 0; i < static_cast<unsigned char>(b[1]) && 12 + 4 * i <= b.size(); ++i) {
          s += printed("-%llu", little(b.substr(8 + 4 * i, 4)));
        }
        return s;
      }
      case 0x21:
        return {};
      default:
        return hex(b);
    }
  }

  static Values items(const Value& v) {
    Values out;
    const unsigned type = v.type & 0x7F;
    const std::string& b = v.bytes;
    const std::size_t end_mark = type == 1 ? 2 : type == 2 ? 1 : 0;
    for (std::size_t at = 0; at < b.size();) {
      const std::size_t left = b.size() - at;
      std::size_t size = left;
      if (end_mark != 0) {
        if (left < end_mark) break;
        size = 0;
        while (size + end_mark <= left && b.compare(at + size, end_mark, std::string(end_mark, '\0')) != 0)
          size += end_mark;
      } else if (type == 0x13) {
        if (left >= 8)
          size = std::min<std::size_t>(left, 8 + 4 * static_cast<std::size_t>(static_cast<unsigned char>(b[at + 1])));
      } else if (type == 0x10 || width(type) != 0) {
        size = type == 0x10 ? (b.size() % 8 == 0 ? 8 : 4) : width(type);
        if (left < size) break;
      }
      out.push_back({type, b.substr(at, size), v.at + at});
      at += size + end_mark;
    }
    if (out.empty()) out.push_back({1, {}, 0});
    return out;
  }

  std::string fragments(std::size_t& at, std::size_t end, bool document) {
    std::string out;
    while (at < end) {
      const std::uint64_t token = u(at, 1);
      if (token == 0x0f) {
        at += 4;
      } else if (token == 0x00) {
        if (document) break;
        ++at;
      } else if (token == 0x0c) {
        out += instance(at);
      } else {
        out += element(at, nullptr, {}, true);
      }
    }
    return out;
  }

  std::string instance(std::size_t& at) {
    const std::size_t definition = u(at + 6, 4);
    at += 10;
    if (definition == at) at += 24 + u(at + 20, 4);
    const std::size_t count = take(at, 4);
    Values values(count);
    std::size_t data = at + 4 * count;
    for (Value& v : values) {
      v.type = static_cast<unsigned>(u(at + 2, 1));
      v.bytes = chunk_.substr(data, u(at, 2));
      v.at = data;
      data += u(at, 2);
      at += 4;
    }
    at = data;
    std::size_t body = definition + 28;
    return element(body, &values, values, true);
  }

  // `in_template` is null for bare elements, which have no dependency ids.
  std::string element(std::size_t& at, const Values* in_template, Values values, bool root) {
    const std::size_t start = at;
    const std::uint64_t token = take(at, 1);
    std::size_t dependency = 0xFFFF;
    if (in_template != nullptr) dependency = take(at, 2);
    at += 4;
    const std::string tag = name(at);
    std::string out = "<" + tag;
    bool left_out = !root && dependency != 0xFFFF && null(values, dependency);
    const auto repeat = [&](std::size_t slot) {
      std::string all;
      std::size_t end = start;
      for (const Value& item : items(values[slot])) {
        Values one = values;
        one[slot] = item;
        end = start;
        all += element(end, in_template, one, root);
      }
      at = end;
      return all;
    };
    if (token == 0x41) {
      at += 4;
      while ((u(at, 1) & 0x3F) == 6) {
        ++at;
        std::string attribute = " " + name(at) + "='";
        bool gone = false;
        while (true) {
          const std::uint64_t t = u(at, 1) & 0x3F;
          if (t == 0x0d || t == 0x0e) {
            const std::size_t slot = u(at + 1, 2);
            if (slot < values.size() && (values[slot].type & 0x80) != 0) return repeat(slot);
            gone = gone || (t == 0x0e && null(values, slot));
            if (slot < values.size() && values[slot].type != 0x21) attribute += scalar(values[slot], true);
            at += 4;
          } else if (!literal(at, t, attribute, true)) {
            break;
          }
        }
        if (!gone) out += attribute + "'";
      }
    }
    if (take(at, 1) == 3) return left_out ? "" : out + "/>";
    std::string inside;
    bool any = false;
    while (true) {
      const std::uint64_t t = u(at, 1) & 0x3F;
      if (t == 4) break;
      any = true;
      if (t == 1) {
        inside += element(at, in_template, values, false);
      } else if (t == 0x0d || t == 0x0e) {
        const std::size_t slot = u(at + 1, 2);
        if (slot < values.size() && (values[slot].type & 0x80) != 0) return repeat(slot);
        left_out = left_out || (!root && t == 0x0e && null(values, slot));
        at += 4;
        if (slot >= values.size()) continue;
        std::size_t nested = values[slot].at;
        inside += values[slot].type == 0x21 ? fragments(nested, nested + values[slot].bytes.size(), false)
                                            : scalar(values[slot], false);
      } else if (t == 7) {
        const std::size_t count = u(at + 1, 2);
        const std::string units = chunk_.substr(at + 3, 2 * count);
        std::string text = plain(units);
        bool control = false;  // no section can hold it
        for (std::size_t k = 0; k + 1 < units.size(); k += 2) {
          const std::uint64_t c = little(units.substr(k, 2));
          control = control || (c < 0x20 && c != 9 && c != 10);
        }
        for (std::size_t k = text.find("]]>"); k != std::string::npos; k = text.find("]]>", k + 3)) {
          text.insert(k + 2, "]]><![CDATA[");
        }
        inside += control ? wide(units, false) : "<![CDATA[" + text + "]]>";
        at += 3 + 2 * count;
      } else if (t == 0x0a) {
        ++at;
        inside += "<?" + name(at) + " ";
        const std::size_t count = u(at + 1, 2);
        std::string text = plain(chunk_.substr(at + 3, 2 * count));
        for (std::size_t k = text.find("?>"); k != std::string::npos; k = text.find("?>", k + 3))
          text.insert(k + 1, " ");
        inside += text + "?>";
        at += 3 + 2 * count;
      } else if (!literal(at, t, inside, false)) {
        throw std::runtime_error("token");
      }
    }
    ++at;
    if (left_out) return {};
    return any ? out + ">" + inside + "</" + tag + ">" : out + "/>";
  }

  static bool null(const Values& values, std::size_t slot) { return slot >= values.size() || values[slot].type == 0; }

  bool literal(std::size_t& at, std::uint64_t token, std::string& out, bool attribute) {
    if (token == 5) {
      const std::size_t count = u(at + 2, 2);
      out += wide(chunk_.substr(at + 4, 2 * count), attribute);
      at += 4 + 2 * count;
    } else if (token == 8) {
      out += escaped(static_cast<std::uint32_t>(u(at + 1, 2)), attribute);
      at += 3;
    } else if (token == 9) {
      ++at;
      const std::string n = name(at);
      const std::string c = n == "amp" ? "&" : n == "lt" ? "<" : n == "gt" ? ">" : n == "quot" ? "\"" : "'";
      const bool known = n == "amp" || n == "lt" || n == "gt" || n == "quot" || n == "apos";
      out += known ? escaped(static_cast<unsigned char>(c[0]), attribute) : "&amp;" + n + ";";
    } else {
      return false;
    }
    return true;
  }

  std::string chunk_;
};

}  // namespace support
