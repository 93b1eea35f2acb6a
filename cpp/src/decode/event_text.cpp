#include <string>

#include "decode/event_fields.hpp"
#include "decode/head_stream.hpp"
#include "decode/text_events.hpp"

namespace synclens {
namespace {

// First pass: only what settles the order of day and month.
class LookAhead final : public TextEventSink {
 public:
  explicit LookAhead(SourceClock& clock) : clock_(clock) {}
  void language(Language language) override { clock_.look_at(language); }
  void event(const EventFields& fields, const WrittenId&, const Address&) override {
    std::string_view time = fields.get(HeaderColumn::time);
    if (time.empty()) time = fields.get(HeaderColumn::time_written);
    clock_.look_at(time);
    for (const HeaderColumn column : {HeaderColumn::level, HeaderColumn::level_word, HeaderColumn::entry_type}) {
      if (const auto level = level_of_word(fields.get(column))) clock_.look_at(level->language);
    }
  }
  void damage(std::string, const Address&, std::uint64_t) override {}

 private:
  SourceClock& clock_;
};

class Delivery final : public TextEventSink {
 public:
  Delivery(EventMaker& maker, ProblemList& problems) : maker_(maker), problems_(problems) {}
  void language(Language) override {}
  void event(const EventFields& fields, const WrittenId& id, const Address& where) override {
    maker_.deliver(fields, id, where);
    ++events_;
  }
  void damage(std::string what, const Address& where, std::uint64_t bytes) override {
    problems_.add(std::move(what), where, bytes);
  }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  EventMaker& maker_;
  ProblemList& problems_;
  std::uint64_t events_ = 0;
};

void feed(ByteStream& stream, const Limits& limits, TextEvents& events) {
  LineReader reader(stream, limits.text_line_bytes);
  TextLine line;
  while (reader.next(line)) events.line(line);
  events.end();
}

}  // namespace

void decode_event_text(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  HeadStream source(utf8);
  ProblemList problems(sink, options.limits);
  SourceClock clock(options.zone, sink, problems);
  std::size_t console_width = 0;
  {
    LookAhead pass(clock);
    TextEvents events(pass, options.limits, 0);
    const auto head = open_memory(as_bytes(source.head()));
    feed(*head, options.limits, events);
    clock.settle();
    console_width = events.widest_list_line();
  }
  EventMaker maker(options, sink, clock, problems);
  Delivery delivery(maker, problems);
  TextEvents events(delivery, options.limits, console_width);
  feed(source, options.limits, events);
  if (delivery.events() == 0 && events.lines_outside() != 0) {
    problems.add("no event was found in this text", {0, Address::none, 1});
  } else if (events.lines_outside() != 0) {
    sink.note("lines outside of any event: " + std::to_string(events.lines_outside()));
  }
  problems.finish();
}

}  // namespace synclens
