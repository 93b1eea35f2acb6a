#include "decode/evtx_file.hpp"

#include <string>
#include <utility>

#include "decode/event_reader.hpp"
#include "synclens/decode.hpp"

namespace synclens {
namespace evtx {

ChunkSource::ChunkSource(ByteStream& stream) : stream_(stream), buffer_(chunk_size * chunks_per_read) {}

bool ChunkSource::next(Chunk& chunk) {
  if (at_ == filled_ && !fill()) return false;
  const std::size_t size = std::min<std::size_t>(chunk_size, filled_ - at_);
  chunk.bytes = ByteView(buffer_.data() + at_, size);
  chunk.number = number_++;
  chunk.offset = offset_;
  at_ += size;
  offset_ += size;
  return true;
}

bool ChunkSource::fill() {
  if (ended_) return false;
  at_ = 0;
  if (!started_) {
    started_ = true;
    filled_ = read_full(stream_, std::span(buffer_).first(file_head));
    const bool begins_with_chunk = filled_ >= 8 && std::memcmp(buffer_.data(), "ElfChnk", 8) == 0;
    if (begins_with_chunk) {  // cut out of a file, without its head
      filled_ += read_full(stream_, std::span(buffer_).subspan(filled_));
      return filled_ != 0;
    }
    offset_ = filled_;
    head_ = filled_ >= 8 && std::memcmp(buffer_.data(), "ElfFile", 8) == 0 ? Head::right : Head::wrong;
    if (filled_ < file_head) {
      ended_ = true;
      head_ = filled_ == 0 ? Head::empty : Head::cut;
      return false;
    }
  }
  filled_ = read_full(stream_, buffer_);
  ended_ = filled_ < buffer_.size();
  return filled_ != 0;
}

}  // namespace evtx

namespace {

using namespace evtx;

class Decoder {
 public:
  Decoder(const DecodeOptions& options, RecordSink& sink)
      : options_(options), sink_(sink), reader_(options.limits, options.filter) {}

  void run(ByteStream& stream) {
    ChunkSource source(stream);
    Chunk chunk;
    while (source.next(chunk)) {
      chunk_ = chunk;
      one_chunk();
    }
    switch (source.head()) {
      case ChunkSource::Head::wrong:
        sink_.note("EVTX: the file header is damaged; its chunks were read without it");
        break;
      case ChunkSource::Head::cut:
        problem("file cut inside its header", Address{0, Address::none, Address::none}, source.offset());
        break;
      default:
        break;
    }
    if (unlisted_ != 0) {
      Problem more;
      more.what = std::to_string(unlisted_) + " further problems of this file";
      more.near_time = last_time_;
      more.bytes = unlisted_bytes_;
      sink_.problem(std::move(more));
    }
  }

 private:
  void one_chunk() {
    const ChunkHead head = read_chunk_head(chunk_.bytes);
    if (!head.has_signature) return strange_chunk();
    reader_.begin_chunk();
    RecordWalk walk(chunk_.bytes, head);
    RecordSpan record;
    Gap gap;
    while (true) {
      switch (walk.next(record, gap)) {
        case RecordWalk::Step::record:
          if (!one_record(record) && !record.copy_matches) walk.distrust_last();
          break;
        case RecordWalk::Step::gap:
          problem(gap.what, address(gap.offset), gap.bytes);
          if (options_.recover) search(gap.offset, gap.offset + gap.bytes, RecordState::damaged_chunk);
          break;
        case RecordWalk::Step::end:
          if (chunk_.bytes.size() < chunk_size) {
            const auto size = static_cast<std::uint32_t>(chunk_.bytes.size());
            problem("chunk cut by the end of the file", address(size), 0);
          }
          if (options_.recover) {
            search(walk.at(), static_cast<std::uint32_t>(chunk_.bytes.size()), RecordState::slack);
          }
          return;
      }
    }
  }

  void strange_chunk() {
    if (all_zero(chunk_.bytes)) return;
    const auto size = static_cast<std::uint32_t>(chunk_.bytes.size());
    problem(size < chunk_head ? "chunk cut by the end of the file" : "chunk without its signature", address(0), size);
    if (!options_.recover) return;
    reader_.begin_chunk();
    search(0, size, RecordState::damaged_chunk);
  }

  // Records that no head speaks of.
  void search(std::uint32_t from, std::uint32_t end, RecordState state) {
    RecordSearch search(chunk_.bytes, from, end);
    RecordSpan record;
    while (search.next(record)) {
      record.state = state;
      if (!one_record(record)) search.reject_last();
    }
  }

  bool one_record(const RecordSpan& record) {
    try {
      const bool wanted = reader_.read(chunk_.bytes, record) == EventReader::Outcome::event;
      EventView& event = reader_.view();
      event.where = address(record.offset);
      if (event.time != no_time) last_time_ = event.time;
      if (wanted) {
        sink_.event(event);
      } else {
        sink_.passed_over({event.record_id, event.time, event.where, event.channel});
      }
      return true;
    } catch (const Damage& damage) {
      if (record.state != RecordState::intact) return false;  // remains that were overwritten: nothing is lost
      problem("record " + std::to_string(record.id) + ": " + damage.what + " at " + std::to_string(damage.offset),
              address(record.offset), record.size);
      return false;
    }
  }

  Address address(std::uint32_t offset) const { return {chunk_.offset + offset, chunk_.number, Address::none}; }

  void problem(std::string what, const Address& where, std::uint64_t bytes) {
    if (listed_ >= options_.limits.problems_per_source) {
      ++unlisted_;
      unlisted_bytes_ += bytes;
      return;
    }
    ++listed_;
    sink_.problem({std::move(what), where, last_time_, bytes});
  }

  const DecodeOptions& options_;
  RecordSink& sink_;
  EventReader reader_;
  Chunk chunk_;
  Ticks last_time_ = no_time;
  std::size_t listed_ = 0;
  std::uint64_t unlisted_ = 0, unlisted_bytes_ = 0;
};

}  // namespace

void decode_evtx(ByteStream& stream, const DecodeOptions& options, RecordSink& sink) {
  Decoder(options, sink).run(stream);
}

}  // namespace synclens
