#include <vector>

#include "decode/problem_list.hpp"
#include "decode/xml_event.hpp"
#include "decode/xml_scanner.hpp"
#include "synclens/decode.hpp"

namespace synclens {

void decode_event_xml(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  EventCutter cutter(utf8, options.limits);
  XmlEventParser parser(options.limits);
  ProblemList problems(sink, options.limits);
  std::vector<std::string> complaints;
  while (true) {
    const XmlCut cut = cutter.next();
    if (cut.kind == XmlCut::Kind::end) break;
    Address where;
    where.offset = cut.from;
    where.line = cut.line;
    const std::uint64_t bytes = cut.to - cut.from;
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
    if (!whole) continue;
    if (options.filter == nullptr || options.filter->accepts(event)) {
      sink.event(event);
    } else {
      sink.passed_over({event.record_id, event.time, event.channel, where});
    }
  }
  problems.finish();
}

}  // namespace synclens
