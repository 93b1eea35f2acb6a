// Elements and records without a template, made by chance: all that a walk takes, and now and then what it leaves.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "support/log_builder.hpp"

namespace support {

inline void counted_text(Xml& x, std::u16string_view text) {
  x.raw("\x05\x01").raw(number(text.size(), 2));
  for (const char16_t unit : text) x.raw(number(unit, 2));
}

class RandomElements {
 public:
  explicit RandomElements(unsigned seed) : random_(seed) {}

  void element(Xml& x, int depth) {
    static const char* const names[] = {"a", "b", "Data", "Binary", "EventData", "UserData", "x-y.z", "9"};
    const bool attributes = chance(3);
    x.open(depth < 2 && chance(40) ? std::string(70, 'n') : names[pick(chance(20) ? 8 : 7)], attributes);
    if (attributes) {
      for (std::size_t n = pick(4); n != 0; --n) {
        x.attribute(chance(2) ? "Name" : "other");
        for (std::size_t pieces = pick(3); pieces != 0; --pieces) piece(x);
      }
    }
    if (chance(6)) {
      x.empty();
      return;
    }
    x.content();
    const bool elements = depth < 4 && chance(2);
    const bool texts = !elements || chance(10);
    for (std::size_t parts = pick(5); parts != 0; --parts) {
      if (elements && chance(texts ? 2 : 1)) {
        element(x, depth + 1);
      } else {
        piece(x);
      }
    }
    if (chance(60)) x.cdata("a section");
    if (chance(60)) x.instruction("target", "data");
    x.close();
  }

  // A record: System with what it mostly has, and now and then something odd.
  void record(Xml& x) {
    if (chance(30)) return element(x, 0);
    const bool of_a_namespace = chance(2);
    x.open("Event", of_a_namespace);
    if (of_a_namespace) x.attribute("xmlns").text("http://example/");
    x.content();
    if (chance(30)) piece(x);
    const bool last = chance(20);
    if (!last) system(x);
    for (std::size_t n = pick(3); n != 0; --n) {
      static const char* const parts[] = {"EventData", "UserData", "Other", "RenderingInfo", "BinaryEventData"};
      x.open(parts[pick(chance(8) ? 5 : 3)]).content();
      for (std::size_t elements = pick(4); elements != 0; --elements) element(x, 2);
      if (chance(20)) piece(x);
      x.close();
    }
    if (last || chance(30)) system(x);
    x.close();
  }

 private:
  void system(Xml& x) {
    struct Place {
      const char *element, *attribute, *other;
    };
    static const Place places[] = {{"Provider", "Name", "Guid"},
                                   {"EventID", "", "Qualifiers"},
                                   {"Version", "", ""},
                                   {"Level", "", ""},
                                   {"Task", "", ""},
                                   {"Opcode", "", ""},
                                   {"Keywords", "", ""},
                                   {"TimeCreated", "SystemTime", ""},
                                   {"EventRecordID", "", ""},
                                   {"Correlation", "ActivityID", "RelatedActivityID"},
                                   {"Execution", "ProcessID", "ThreadID"},
                                   {"Channel", "", ""},
                                   {"Computer", "", ""},
                                   {"Security", "UserID", ""},
                                   {"Unknown", "Name", ""}};
    x.open("System").content();
    for (const Place& place : places) {
      if (chance(12)) continue;
      const bool attributes = *place.attribute != 0 || (*place.other != 0 && chance(2));
      x.open(place.element, attributes);
      if (*place.attribute != 0) value(x.attribute(place.attribute));
      if (attributes && *place.other != 0 && chance(2)) value(x.attribute(place.other));
      if (attributes && chance(20)) value(x.attribute("odd"));
      if (*place.attribute != 0 && !chance(20)) {
        x.empty();
        continue;
      }
      x.content();
      if (!chance(12)) value(x);
      if (chance(60)) element(x, 4);
      x.close();
    }
    if (chance(40)) piece(x);
    x.close();
  }

  void value(Xml& x) {
    static const char* const values[] = {
        "611",    "4",          "0x8000000000000000",           "0", "65536", "-1", " 7",
        "a name", "a computer", "2026-03-10T08:00:00.1234567Z", "",  "{A}"};
    for (std::size_t n = chance(12) ? pick(3) : 1; n != 0; --n) {
      if (chance(15)) {
        piece(x);
      } else {
        x.text(values[pick(12)]);
      }
    }
  }

  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_()) % below; }
  bool chance(std::size_t of) { return pick(of) == 0; }

  void piece(Xml& x) {
    static const char* const entities[] = {"amp", "lt", "gt", "quot", "apos", "nbsp"};
    static const char16_t units[] = {u'a',  u'7', u' ', u'<',   u'&',   u'"',   u'\'',  u'\\', u'\n',
                                     u'\t', 0x01, 0xE9, 0x20AC, 0xD834, 0xDD1E, 0xFFFF, 0};
    if (chance(6)) {
      x.character(static_cast<unsigned>("A&<'\t\x01"[pick(6)]));
    } else if (chance(6)) {
      x.entity(entities[pick(chance(20) ? 6 : 5)]);
    } else {
      std::u16string text;
      const std::size_t kinds = chance(2) ? 3 : 17;
      for (std::size_t n = chance(20) ? 100 : pick(30); n != 0; --n) text.push_back(units[pick(kinds)]);
      counted_text(x, text);
    }
  }

  std::mt19937 random_;
};

}  // namespace support
