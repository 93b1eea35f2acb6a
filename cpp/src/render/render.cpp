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
#include "render/xml_printer.hpp"

namespace synclens {
namespace {

using namespace evtx;

constexpr unsigned most_threads = 256;

// Prints batch after batch. One for each thread; holds one batch and its text.
class BatchPrinter {
 public:
  explicit BatchPrinter(const RenderOptions& options)
      : options_(options), xml_(options.decode.limits.binxml_depth), json_(options.decode.limits.binxml_depth) {
    if (options.decode.filter != nullptr && !options.decode.filter->plain().empty()) {
      filter_ = std::make_unique<EventReader>(options.decode.limits, options.decode.filter);
    }
  }

  Batch batch;

  void print(Printed& printed) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Chunk chunk = batch[i];
      if (filter_) filter_->begin_chunk();
      xml_.begin_chunk();
      json_.begin_chunk();
      visit_records(
          chunk.bytes, options_.decode.recover,
          [&](const RecordSpan& record) { return one_record(chunk, record, printed); },
          [&](const char* what, std::uint32_t offset, std::uint32_t bytes) {
            printed.problems.push_back({what, chunk.address(offset), printed.last_time, bytes});
          });
    }
  }

 private:
  bool one_record(const Chunk& chunk, const RecordSpan& record, Printed& printed) {
    try {
      const bool wanted = !filter_ || filter_->read(chunk.bytes, record) == EventReader::Outcome::event;
      if (wanted) {
        if (options_.format == RenderFormat::xml) {
          xml_.print(chunk.bytes, record, printed.text);
        } else {
          json_.print(chunk.bytes, record, printed.text);
        }
        ++printed.records;
      }
      if (record.written != no_time) printed.last_time = record.written;
      return true;
    } catch (const Damage& damage) {
      if (record.state == RecordState::intact) {
        printed.problems.push_back(problem_of_record(chunk, record, damage, printed.last_time));
      }
      return false;
    }
  }

  const RenderOptions& options_;
  XmlPrinter xml_;
  JsonPrinter json_;
  std::unique_ptr<EventReader> filter_;
};

// What each thread does. Whatever fails ends the run, never the process.
void work(const RenderOptions& options, OrderedOutput& output) {
  try {
    BatchPrinter printer(options);
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
  OrderedOutput output(stream, options.decode.limits.problems_per_source, out);
  const unsigned threads = std::clamp(options.threads, 1u, most_threads);
  std::vector<std::thread> others;
  others.reserve(threads - 1);
  try {
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([&] { work(options, output); });
  } catch (const std::exception&) {
    // No more threads to be had: those that there are do the work.
  }
  work(options, output);
  for (std::thread& other : others) other.join();
  return output.finish();
}

}  // namespace synclens
