#include <vector>

#include "decode/problem_list.hpp"
#include "decode/xml_event.hpp"
#include "decode/xml_quick.hpp"
#include "decode/xml_scanner.hpp"
#include "synclens/decode.hpp"

namespace synclens {

void decode_event_xml(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  EventCutter cutter(utf8, options.limits);
  QuickXmlEvent quick(options.limits);
  XmlEventParser parser(options.limits);
  ProblemList problems(sink, options.limits);
  std::vector<std::string> complaints;
  const auto deliver = [&](const EventView& event) {
    problems.passed(event.time);
    if (options.filter == nullptr || options.filter->accepts(event)) {
      sink.event(event);
    } else if (options.marks) {
      sink.passed_over({event.record_id, event.time, event.channel, event.where, event.state, event.level});
    }
  };
  while (true) {
    const XmlCut cut = cutter.next(&quick);
    if (cut.kind == XmlCut::Kind::end) break;
    Address where;
    where.offset = cut.from;
    where.line = cut.line;
    const std::uint64_t bytes = cut.to - cut.from;
    if (cut.kind == XmlCut::Kind::ready) {
      EventView event = quick.finish(cutter.data(cut));
      event.where = where;
      deliver(event);
      continue;
    }
    if (cut.kind == XmlCut::Kind::problem) {
      problems.add(cut.what, where, bytes);
      continue;
    }
    if (cut.depth > options.limits.xml_depth) {
      problems.add("an event nested deeper than " + std::to_string(options.limits.xml_depth) + " elements", where,
                   bytes);
      continue;
    }
    EventView event;
    event.where = where;
    const bool whole = parser.parse(cutter.data(cut), static_cast<std::size_t>(bytes), event, complaints);
    if (whole) problems.passed(event.time);
    for (std::string& complaint : complaints) problems.add(std::move(complaint), where, whole ? 0 : bytes);
    if (whole) deliver(event);
  }
  problems.finish();
}

}  // namespace synclens
