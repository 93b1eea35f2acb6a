// Logs whose records are put together by chance.
#pragma once

#include <random>
#include <vector>

#include "support/log_builder.hpp"

namespace support {

// Records of templates, defined where they are first used, that state their provider or have it in a value, with System
// fields that are there or NULL, of usual types or not, and with a fragment, an array or a number in their data.
inline Bytes log_by_chance(unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  Log log;
  Templates templates;
  for (int i = 0; i < 60; ++i) {
    const std::size_t form = pick(4);
    const auto fill = [form](Xml& xml) {
      xml.open("Event").content().open("System").content();
      xml.open("Provider", true).attribute("Name");
      if (form == 0) {
        xml.text("Directory Synchronization");
      } else {
        xml.slot(0, 1, true);
      }
      xml.empty();
      xml.open("EventID", true, 1).attribute("Qualifiers").slot(2, 6, true).content().slot(1, 6, true).close();
      if (form == 2) xml.open("EventID").content().slot(3, 6, true).close();
      xml.open("Level", false, 3).content().slot(3, 4, true).close();
      xml.open("TimeCreated", true).attribute("SystemTime").slot(4, 17, true).empty();
      xml.open("EventRecordID").content().slot(5, 10, true).close();
      xml.open("Channel").content().slot(6, 1, true).close();
      if (form != 3) xml.open("Computer").content().slot(7, 1, true).close();
      xml.close();
      xml.open("EventData").content().open("Data").content().slot(8, 1).close().close().close();
    };
    const char* const names[] = {"Directory Synchronization", "directory synchronization", "ADSync", "EventLog", ""};
    const char* const channels[] = {"Application", "System", "application"};
    const unsigned ids[] = {611, 656, 657, 7036};
    const auto or_null = [&](SlotValue value) { return pick(12) == 0 ? SlotValue{0, ""} : value; };
    const std::uint64_t time = 132'000'000'000'000'000 + pick(40) * 10'000'000;
    std::vector<SlotValue> values{
        or_null({1, wide(names[pick(5)])}),
        or_null(pick(10) == 0 ? SlotValue{1, wide("611")} : SlotValue{6, number(ids[pick(4)], 2)}),
        or_null({6, number(pick(3), 2)}),
        or_null({4, number(pick(5), 1)}),
        or_null(pick(10) == 0 ? SlotValue{1, wide("2019-04-17T02:40:00Z")} : SlotValue{17, number(time, 8)}),
        or_null(pick(10) == 0 ? SlotValue{1, wide("7")} : SlotValue{10, number(pick(60), 8)}),
        or_null({1, wide(channels[pick(3)])}),
        or_null({pick(5) == 0 ? 2u : 1u, wide("DC1.contoso.example")}),
        pick(3) == 0 ? SlotValue{0x81, wide("one") + Bytes(2, '\0') + wide("two") + Bytes(2, '\0')}
                     : SlotValue{1, wide("data")}};
    const auto form_id = 7 + static_cast<unsigned>(form);
    if (pick(4) == 0) {  // a fragment, sound or in some logs cut
      // Where it will stand: behind the same instance without it.
      values.back() = {0x21, ""};
      const std::size_t at =
          log.next_body() + Templates(templates).instance(log.next_body(), form_id, fill, values).size();
      Bytes inner =
          templates.instance(at, 99, [](Xml& x) { x.open("d").content().slot(0).close(); }, {{1, wide("inner")}});
      if (seed % 2 == 1 && pick(3) == 0) inner.resize(inner.size() - 3);
      values.back() = {0x21, inner};
    }
    log.record(templates.instance(log.next_body(), form_id, fill, values));
  }
  return log.file();
}

}  // namespace support
