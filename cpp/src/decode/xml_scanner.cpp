#include "decode/xml_scanner.hpp"

#include <algorithm>

#include "decode/xml_tag.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

constexpr std::size_t most_nested_events = 8;  // bounds what is read twice when an event has no end
constexpr std::uint64_t longest_doctype = 1u << 20;
constexpr std::string_view event_namespace = "schemas.microsoft.com/win/2004/08/events/event";

}  // namespace

struct EventCutter::State {
  std::uint64_t start = 0;
  std::uint64_t limit = 0;
  std::uint64_t candidate = XmlWindow::nowhere;  // where to go on if this event turns out to have no end
  std::size_t open_events = 0;
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_user_data = false;
};

XmlCut EventCutter::problem(std::uint64_t from, std::uint64_t to, std::string what) {
  XmlCut cut;
  cut.kind = XmlCut::Kind::problem;
  cut.from = from;
  cut.to = to;
  cut.line = window_.line_of(from);
  cut.what = std::move(what);
  return cut;
}

bool EventCutter::looks_real(std::uint64_t from, std::uint64_t tag_end) {
  if (window_.view(from, tag_end).find(event_namespace) != std::string_view::npos) return true;
  std::uint64_t at = tag_end;
  while (at - tag_end < longest_xml_name) {
    const int c = window_.byte(at);
    if (c < 0 || (c != '-' && !is_space(static_cast<char>(c)))) break;
    ++at;
  }
  if (window_.byte(at) != '<') return false;
  const std::uint64_t name_at = at + 1;
  at = name_at;
  while (!ends_xml_name(window_.byte(at)) && at - name_at < longest_xml_name) ++at;
  return without_prefix(window_.view(name_at, at)) == "System";
}

XmlCut EventCutter::give_up(const State& state, Stop why, std::uint64_t go_on_at) {
  if (state.candidate != XmlWindow::nowhere) {
    at_ = state.candidate;
    return problem(state.start, at_, "an event without an end");
  }
  at_ = go_on_at;
  switch (why) {
    case Stop::text_end:
      root_open_ = false;  // this problem says it already
      return problem(state.start, window_.end(), "the text ends inside an event");
    case Stop::too_long:
      return problem(state.start, at_,
                     "an event of more than " + std::to_string(limits_.xml_event_bytes) + " bytes was passed over");
    case Stop::nested:
      break;
  }
  return problem(state.start, at_, "events nested in one another were passed over");
}

XmlCut EventCutter::cut_event(std::uint64_t start) {
  State state;
  state.start = start;
  state.limit = start + limits_.xml_event_bytes;
  std::uint64_t at = start;
  const auto stop = [&] { return window_.byte(state.limit) < 0 ? Stop::text_end : Stop::too_long; };
  while (true) {
    const std::uint64_t mark = window_.find('<', at, state.limit);
    if (mark == XmlWindow::nowhere) {
      const Stop why = stop();
      return give_up(state, why, why == Stop::text_end ? window_.end() : state.limit);
    }
    const int c = window_.byte(mark + 1);
    if (c == '!' || c == '?') {
      XmlWindow::Terminator what = XmlWindow::instruction_end;
      if (window_.has(mark, "<!--")) {
        what = XmlWindow::comment_end;
      } else if (window_.has(mark, "<![CDATA[")) {
        what = XmlWindow::cdata_end;
      } else if (c == '!') {
        at = mark + 2;  // a declaration: the parser refuses it
        continue;
      }
      const std::uint64_t from = mark + (what == XmlWindow::cdata_end ? 9 : what == XmlWindow::comment_end ? 4 : 2);
      const std::uint64_t found = window_.find(what, from, state.limit);
      if (found == XmlWindow::nowhere) return give_up(state, stop(), from);
      at = found + (what == XmlWindow::instruction_end ? 2 : 3);
      continue;
    }
    const bool closing = c == '/';
    const XmlTag tag = read_xml_tag(window_, mark + (closing ? 2 : 1), state.limit);
    const bool is_event = tag.name == "Event";
    const bool is_user_data = tag.name == "UserData";
    if (tag.cut) {
      const Stop why = stop();
      return give_up(state, why, why == Stop::text_end ? window_.end() : mark + 1);
    }
    at = tag.end;
    if (closing) {
      if (state.depth > 0) --state.depth;
      if (is_user_data) state.in_user_data = false;
      if (!is_event || --state.open_events > 0) continue;
    } else {
      if (is_event && mark != start && looks_real(mark, tag.end)) {
        if (!state.in_user_data) {
          state.candidate = mark;
          return give_up(state, Stop::nested, mark);
        }
        if (state.candidate == XmlWindow::nowhere) state.candidate = mark;
      }
      if (!tag.closes_itself) {
        state.deepest = std::max(state.deepest, ++state.depth);
        if (is_user_data) state.in_user_data = true;
        if (is_event && ++state.open_events > most_nested_events) return give_up(state, Stop::nested, at);
        continue;
      }
      if (mark != start) continue;
    }
    XmlCut cut;
    cut.kind = XmlCut::Kind::event;
    cut.from = start;
    cut.to = at;
    cut.line = window_.line_of(start);
    cut.depth = state.deepest;
    at_ = at;
    (void)window_.line_of(at);  // now: the parser writes into the text
    return cut;
  }
}

XmlCut EventCutter::skip_doctype(std::uint64_t at) {
  const std::uint64_t end = at + longest_doctype;
  const std::uint64_t close = window_.find('>', at, end);
  const std::uint64_t subset = window_.find('[', at, std::min(close, end));
  std::uint64_t last = close;
  if (subset != XmlWindow::nowhere) {
    last = window_.find(']', subset, end);
    if (last != XmlWindow::nowhere) last = window_.find('>', last, end);
  }
  at_ = last == XmlWindow::nowhere ? at + 2 : last + 1;
  return problem(at, at_, "a DOCTYPE was refused; entities that it declares are left as they are written");
}

XmlCut EventCutter::at_end() {
  XmlCut cut;
  if (done_ || !root_open_) return cut;
  done_ = true;
  return problem(window_.end(), window_.end(), "the text ends before </" + root_ + ">: later events may be missing");
}

bool EventCutter::take(std::uint64_t start, QuickXmlEvent& quick, XmlCut& cut) {
  constexpr std::uint64_t usual_size = 1u << 14;
  (void)window_.byte(start + usual_size);  // so that most events stand in the window as a whole
  const auto held = static_cast<std::size_t>(window_.end() - start);
  const std::size_t size = quick.scan(window_.data(start), held);
  if (size == 0) return false;
  cut.kind = XmlCut::Kind::ready;
  cut.from = start;
  cut.to = at_ = start + size;
  cut.line = window_.line_of(start);
  (void)window_.line_of(at_);  // now: references are resolved in the text
  return true;
}

XmlCut EventCutter::next(QuickXmlEvent* quick) {
  while (!done_) {
    window_.drop_before(at_);
    const std::uint64_t mark = window_.go_to('<', at_);
    if (mark == XmlWindow::nowhere) break;
    const int c = window_.byte(mark + 1);
    if (c == '!') {
      at_ = mark + 2;
      if (window_.has(mark, "<!--")) {
        const std::uint64_t end = window_.find(XmlWindow::comment_end, mark + 4, mark + limits_.xml_event_bytes);
        if (end != XmlWindow::nowhere) at_ = end + 3;
      } else if (window_.has(mark, "<!DOCTYPE") || window_.has(mark, "<!ENTITY")) {
        return skip_doctype(mark);
      }
      continue;
    }
    at_ = mark + 1;
    const bool closing = c == '/';
    std::uint64_t name_end = mark + (closing ? 2 : 1);
    const std::uint64_t name_at = name_end;
    while (!ends_xml_name(window_.byte(name_end)) && name_end - name_at < longest_xml_name) ++name_end;
    if (window_.byte(name_end) < 0) {
      done_ = true;
      return problem(mark, window_.end(), "the text ends inside a tag");
    }
    const std::string_view name = window_.view(name_at, name_end);
    if (name.empty() || c == '?') continue;
    if (closing) {
      if (name == root_) root_open_ = false;
      at_ = name_end;
    } else if (without_prefix(name) == "Event") {
      XmlCut cut;
      if (quick != nullptr && take(mark, *quick, cut)) return cut;
      return cut_event(mark);
    } else if (root_.empty() && without_prefix(name) == "Events") {
      root_ = name;
      root_open_ = !read_xml_tag(window_, name_at, mark + limits_.xml_event_bytes).closes_itself;
      at_ = name_end;
    }
  }
  return at_end();
}

}  // namespace synclens
