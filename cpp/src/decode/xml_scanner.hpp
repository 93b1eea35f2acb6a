// Cuts a text into its <Event> elements, without a tree and with bounded memory.
//
// It knows quotes, comments and CDATA, balances elements named Event inside UserData, and starts afresh at the next
// real event when one has no end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "decode/xml_quick.hpp"
#include "decode/xml_window.hpp"
#include "synclens/limits.hpp"

namespace synclens {

struct XmlCut {
  enum class Kind : std::uint8_t { event, ready, problem, end };
  Kind kind = Kind::end;
  std::uint64_t from = 0;  // the event, or what was passed over
  std::uint64_t to = 0;
  std::uint64_t line = 1;  // of `from`
  std::size_t depth = 0;   // deepest element of the event
  std::string what;        // of a problem
};

class EventCutter {
 public:
  EventCutter(ByteStream& utf8, const Limits& limits) : window_(utf8), limits_(limits) {}

  // The next event or problem. An event's text stands in data() until the next call; a `ready` one was taken by
  // `quick` (null: none is).
  [[nodiscard]] XmlCut next(QuickXmlEvent* quick = nullptr);
  [[nodiscard]] char* data(const XmlCut& cut) { return window_.data(cut.from); }

 private:
  struct State;
  enum class Stop : std::uint8_t { text_end, too_long, nested };

  [[nodiscard]] bool looks_real(std::uint64_t from, std::uint64_t tag_end);
  [[nodiscard]] XmlCut cut_event(std::uint64_t start);
  [[nodiscard]] XmlCut give_up(const State& state, Stop why, std::uint64_t go_on_at);
  [[nodiscard]] XmlCut problem(std::uint64_t from, std::uint64_t to, std::string what);
  [[nodiscard]] XmlCut skip_doctype(std::uint64_t at);
  [[nodiscard]] XmlCut at_end();
  [[nodiscard]] bool take(std::uint64_t start, QuickXmlEvent& quick, XmlCut& cut);

  XmlWindow window_;
  Limits limits_;
  std::uint64_t at_ = 0;
  std::string root_;
  bool root_open_ = false;
  bool done_ = false;
};

}  // namespace synclens
