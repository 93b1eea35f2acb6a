#include "decode/evtx_file.hpp"

#include <string>
#include <utility>

#include "decode/event_reader.hpp"
#include "synclens/decode.hpp"

namespace synclens {
namespace evtx {

Chunk Batch::operator[](std::size_t i) const {
  const std::size_t from = i * chunk_size;
  const std::size_t bytes = std::min<std::size_t>(chunk_size, filled_ - from);
  return {ByteView(buffer_.data() + from, bytes), number_ + i, offset_ + from};
}

bool ChunkSource::next(Batch& batch) {
  if (ended_) return false;
  std::size_t kept = 0;
  if (!started_) {
    started_ = true;
    kept = take_head(batch);
    if (ended_) return false;
  }
  batch.filled_ = kept + read_full(stream_, std::span(batch.buffer_).subspan(kept));
  batch.number_ = number_;
  batch.offset_ = offset_;
  ended_ = batch.filled_ < batch.buffer_.size();
  number_ += batch.size();
  offset_ += batch.filled_;
  return batch.filled_ != 0;
}

// How much of what was read is no head but the first chunk's.
std::size_t ChunkSource::take_head(Batch& batch) {
  const std::size_t got = read_full(stream_, std::span(batch.buffer_).first(file_head));
  const auto begins_with = [&](const char* signature) {
    return got >= 8 && std::memcmp(batch.buffer_.data(), signature, 8) == 0;
  };
  if (begins_with("ElfChnk")) return got;  // cut out of a file
  offset_ = got;
  head_ = begins_with("ElfFile") ? Head::right : Head::wrong;
  if (got == file_head) return 0;
  ended_ = true;
  head_ = got == 0 ? Head::empty : Head::cut;
  return 0;
}

bool ProblemList::add(const Problem& problem) {
  if (listed_ < most_) {
    ++listed_;
    return true;
  }
  ++unlisted_;
  unlisted_bytes_ += problem.bytes;
  return false;
}

std::optional<Problem> ProblemList::rest(Ticks last_time) const {
  if (unlisted_ == 0) return std::nullopt;
  return Problem{std::to_string(unlisted_) + " further problems of this file", {}, last_time, unlisted_bytes_};
}

std::optional<Problem> problem_of_head(const ChunkSource& source) {
  const Address start{0, Address::none, Address::none};
  switch (source.head()) {
    case ChunkSource::Head::wrong:
      return Problem{"file header damaged; the chunks were read without it", start, no_time, file_head};
    case ChunkSource::Head::cut:
      return Problem{"file cut inside its header", start, no_time, source.offset()};
    default:
      return std::nullopt;
  }
}

}  // namespace evtx

namespace {

using namespace evtx;

class Decoder {
 public:
  Decoder(const DecodeOptions& options, RecordSink& sink)
      : options_(options),
        sink_(sink),
        reader_(options.limits, options.filter),
        problems_(options.limits.problems_per_source) {}

  void run(ByteStream& stream) {
    ChunkSource source(stream);
    Batch batch;
    bool first = true;
    while (source.next(batch)) {
      if (std::exchange(first, false)) say_head(source);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        chunk_ = batch[i];
        one_chunk();
      }
    }
    if (first) say_head(source);
    if (auto rest = problems_.rest(last_time_)) sink_.problem(std::move(*rest));
  }

 private:
  void say_head(const ChunkSource& source) {
    if (auto found = problem_of_head(source)) say(std::move(*found));
  }

  void one_chunk() {
    reader_.begin_chunk();
    visit_records(
        chunk_.bytes, options_.recover, [&](const RecordSpan& record) { return one_record(record); },
        [&](const char* what, std::uint32_t offset, std::uint32_t bytes) {
          say({what, chunk_.address(offset), last_time_, bytes});
        });
  }

  bool one_record(const RecordSpan& record) {
    try {
      deliver(record, reader_.read(chunk_.bytes, record) == EventReader::Outcome::event);
      return true;
    } catch (const Damage& damage) {
      if (record.state == RecordState::intact) {
        say(problem_of_record(chunk_, record, damage, last_time_));
        return false;
      }
      // Remains that were overwritten in part are no loss.
      if (!reader_.salvage(chunk_.bytes, record)) return false;
      deliver(record, options_.filter == nullptr || options_.filter->accepts(reader_.view()));
      return true;
    }
  }

  void deliver(const RecordSpan& record, bool wanted) {
    EventView& event = reader_.view();
    event.where = chunk_.address(record.offset);
    if (event.time != no_time) last_time_ = event.time;
    if (wanted) {
      sink_.event(event);
    } else {
      sink_.passed_over({event.record_id, event.time, event.channel, event.where});
    }
  }

  void say(Problem problem) {
    if (problems_.add(problem)) sink_.problem(std::move(problem));
  }

  const DecodeOptions& options_;
  RecordSink& sink_;
  EventReader reader_;
  ProblemList problems_;
  Chunk chunk_;
  Ticks last_time_ = no_time;
};

}  // namespace

Problem evtx::problem_of_record(const Chunk& chunk, const RecordSpan& record, const Damage& damage, Ticks near_time) {
  std::string what = "record " + std::to_string(record.id) + ": " + damage.what;
  if (damage.offset != 0) what += " (offset " + std::to_string(damage.offset) + " of the chunk)";
  return {std::move(what), chunk.address(record.offset), near_time, record.size};
}

void decode_evtx(ByteStream& stream, const DecodeOptions& options, RecordSink& sink) {
  Decoder(options, sink).run(stream);
}

}  // namespace synclens
