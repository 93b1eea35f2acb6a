#include "synclens/render.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "decode/event_reader.hpp"
#include "decode/evtx_file.hpp"
#include "render/json_printer.hpp"
#include "render/ordered_output.hpp"
#include "render/recovery_mark.hpp"
#include "render/xml_printer.hpp"

namespace synclens {
namespace {

using namespace evtx;

constexpr unsigned most_threads = 256;

// Prints batch after batch. One for each thread; holds one batch and its text.
class BatchPrinter {
 public:
  BatchPrinter(const RenderOptions& options, const FoundTemplates* found)
      : options_(options), xml_(options.decode.limits.binxml_depth), json_(options.decode.limits.binxml_depth) {
    if (options.decode.filter != nullptr && !options.decode.filter->plain().empty()) {
      filter_ = std::make_unique<EventReader>(options.decode.limits, options.decode.filter, ColumnSet(), false);
    }
    if (options.decode.recover) salvage_ = std::make_unique<EventReader>(options.decode.limits, nullptr);
    xml_.use_found(found);
    json_.use_found(found);
    if (filter_) filter_->use_found(found);
    if (salvage_) salvage_->use_found(found);
  }

  ChunkBatch batch;

  void print(Printed& printed) {
    ChunkTroubles troubles([&](Problem problem) { printed.problems.push_back(std::move(problem)); });
    const DecodeOptions& decode = options_.decode;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Chunk chunk = batch[i];
      if (filter_) filter_->begin_chunk();
      if (salvage_) salvage_->begin_chunk();
      xml_.begin_chunk();
      json_.begin_chunk();
      visit_records(chunk, decode.recover, decode.verify, troubles, [&](const RecordSpan& record, Damage& damage) {
        const Reading reading = one_record(chunk, record, printed, damage);
        if (reading != Reading::none && record.written != no_time) troubles.last_time = record.written;
        return reading;
      });
    }
    printed.last_time = troubles.last_time;
    printed.account = std::move(troubles.account);
  }

 private:
  Reading one_record(const Chunk& chunk, const RecordSpan& record, Printed& printed, Damage& damage) {
    try {
      const bool wanted = !filter_ || filter_->read(chunk.bytes, record) == EventReader::Outcome::event;
      if (wanted) {
        const Provenance provenance = print_record(chunk, record, printed.text);
        if (options_.decode.recover) {
          const bool odd = provenance.borrowed && record.state == RecordState::intact;
          mark(printed.text, {odd ? RecordState::damaged_chunk : record.state,
                              reason_of(record, provenance, {}, reason_),
                              &chunk,
                              record,
                              {}});
        }
        ++printed.records;
      }
      return Reading::whole;
    } catch (const Damage& found) {
      damage = found;
    }
    return salvage_ && record.copy_matches ? salvage(chunk, record, printed, damage) : Reading::none;
  }

  Provenance print_record(const Chunk& chunk, const RecordSpan& record, TextBuffer& out) {
    if (options_.format == RenderFormat::xml) {
      xml_.print(chunk.bytes, record, out);
      return xml_.provenance();
    }
    json_.print(chunk.bytes, record, out);
    return json_.provenance();
  }

  Reading salvage(const Chunk& chunk, const RecordSpan& record, Printed& printed, const Damage& damage) {
    try {
      (void)salvage_->read(chunk.bytes, record);
      return Reading::none;  // only the printer has a limit that this record is beyond
    } catch (const Damage&) {
      if (!salvage_->salvage(chunk.bytes, record, damage)) return Reading::none;
    }
    const EventView& event = salvage_->view();
    if (options_.decode.filter != nullptr && !options_.decode.filter->accepts(event)) return Reading::part;
    EventView stated = event;
    stated.given = salvage_->stated();
    if (options_.format == RenderFormat::xml) {
      print_system_xml(printed.text, stated);
    } else {
      print_system_json(printed.text, stated);
    }
    mark(printed.text, {event.state, event.reason, &chunk, record, event.data});
    ++printed.records;
    return Reading::part;
  }

  void mark(TextBuffer& out, const RecoveryMark& mark) const {
    if (options_.format == RenderFormat::xml) {
      mark_xml(out, mark);
    } else {
      mark_json(out, mark);
    }
  }

  const RenderOptions& options_;
  XmlPrinter xml_;
  JsonPrinter json_;
  std::unique_ptr<EventReader> filter_;
  std::unique_ptr<EventReader> salvage_;  // with recovery
  std::string reason_;
};

// What each thread does. Whatever fails ends the run, never the process.
void work(const RenderOptions& options, const FoundTemplates* found, OrderedOutput& output) {
  try {
    BatchPrinter printer(options, found);
    Printed printed;
    std::uint64_t turn = 0;
    while (output.take(printer.batch, turn)) {
      printed.clear();
      printer.print(printed);
      output.give(turn, printed);
    }
  } catch (...) {
    output.fail(std::current_exception());
  }
}

}  // namespace

RenderReport render_evtx(ByteStream& stream, const RenderOptions& options, TextSink& out) {
  const auto found = options.decode.recover ? find_templates(stream, options.decode.limits.binxml_depth) : nullptr;
  const unsigned threads = std::clamp(options.threads, 1u, most_threads);
  OrderedOutput output(stream, options.decode, out, threads);
  std::vector<std::thread> others;
  others.reserve(threads - 1);
  try {
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([&] { work(options, found.get(), output); });
  } catch (const std::exception&) {
    // No more threads to be had: those that there are do the work.
  }
  work(options, found.get(), output);
  for (std::thread& other : others) other.join();
  return output.finish();
}

}  // namespace synclens
