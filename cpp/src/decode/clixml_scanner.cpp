#include "decode/clixml_scanner.hpp"

#include <algorithm>
#include <string>

#include "decode/xml_tag.hpp"

namespace synclens {
namespace {
constexpr std::size_t deepest_looked_at = 1024;  // past it the object is given up, so that no text is read often
}

XmlCut ObjectCutter::problem(std::uint64_t from, std::uint64_t to, std::string what) {
  XmlCut cut;
  cut.kind = XmlCut::Kind::problem;
  cut.from = from;
  cut.to = to;
  cut.line = window_.line_of(from);
  cut.what = std::move(what);
  return cut;
}

// The blanks before `at`, with the line feed before them; empty where something else stands there.
std::string_view ObjectCutter::indent_of(std::uint64_t at) {
  constexpr std::uint64_t most = 16;
  std::uint64_t from = at;
  while (from > 0 && at - from < most && from > window_.begin()) {
    --from;
    const int c = window_.byte(from);
    if (c == '\n') return window_.view(from, at);
    if (c != ' ') break;
  }
  return {};
}

XmlCut ObjectCutter::cut_object(std::uint64_t start) {
  const std::uint64_t limit = start + limits_.xml_event_bytes;
  const std::string indent(indent_of(start));
  std::uint64_t at = start;
  std::size_t depth = 0;
  std::size_t deepest = 0;
  const auto give_up = [&](std::uint64_t go_on_at) {
    if (window_.byte(limit) >= 0) {
      at_ = go_on_at;
      return problem(start, at_, "an object larger than the limit of one event was passed over");
    }
    at_ = window_.end();
    root_open_ = false;  // this problem says it already
    return problem(start, at_, "the text ends inside an object");
  };
  while (true) {
    const std::uint64_t mark = window_.find('<', at, limit);
    if (mark == XmlWindow::nowhere) return give_up(limit);
    const int c = window_.byte(mark + 1);
    if (c == '!' || c == '?') {  // Export-Clixml writes neither; the parser refuses what is no comment
      const bool comment = window_.has(mark, "<!--");
      const bool cdata = !comment && window_.has(mark, "<![CDATA[");
      if (comment || cdata) {
        const auto what = comment ? XmlWindow::comment_end : XmlWindow::cdata_end;
        const std::uint64_t end = window_.find(what, mark + 4, limit);
        if (end == XmlWindow::nowhere) return give_up(limit);
        at = end + 3;
      } else {
        at = mark + 2;
      }
      continue;
    }
    const bool closing = c == '/';
    const XmlTag tag = read_xml_tag(window_, mark + (closing ? 2 : 1), limit);
    if (tag.cut) return give_up(limit);
    // An outermost object inside an outermost object: the first one has no end.
    const bool next_one =
        !closing && mark != start && tag.name == "Obj" && !indent.empty() && indent_of(mark) == indent;
    if (next_one || (closing && tag.name == "Objs") || deepest > deepest_looked_at) {
      at_ = mark;
      return problem(start, mark, "an object without an end");
    }
    at = tag.end;
    if (closing) {
      if (depth > 0) --depth;
    } else if (!tag.closes_itself) {
      deepest = std::max(deepest, ++depth);
    }
    if (depth > 0) continue;
    XmlCut cut;
    cut.kind = XmlCut::Kind::event;
    cut.from = start;
    cut.to = at;
    cut.line = window_.line_of(start);
    cut.depth = deepest;
    at_ = at;
    (void)window_.line_of(at);  // now: the parser writes into the text
    return cut;
  }
}

XmlCut ObjectCutter::next() {
  while (!done_) {
    constexpr std::uint64_t kept = 64;  // the indentation before the next object is looked at
    window_.drop_before(at_ > kept ? at_ - kept : 0);
    const std::uint64_t mark = window_.go_to('<', at_, kept);
    if (mark == XmlWindow::nowhere) break;
    if (window_.has(mark, "<!DOCTYPE")) {
      at_ = mark + 9;
      return problem(mark, at_, "a DOCTYPE was refused");
    }
    const bool closing = window_.byte(mark + 1) == '/';
    const std::uint64_t name_at = mark + (closing ? 2 : 1);
    const XmlTag tag = read_xml_tag(window_, name_at, mark + limits_.xml_event_bytes);
    if (tag.cut && window_.byte(mark + limits_.xml_event_bytes) < 0) {
      done_ = true;
      return problem(mark, window_.end(), "the text ends inside a tag");
    }
    at_ = mark + 1;
    if (tag.name == "Objs") root_open_ = !closing && !tag.closes_itself;
    if (tag.name == "Obj" && !closing) return cut_object(mark);
  }
  if (done_ || !root_open_) return {};
  done_ = true;
  return problem(window_.end(), window_.end(), "the text ends before </Objs>: later objects may be missing");
}

}  // namespace synclens
