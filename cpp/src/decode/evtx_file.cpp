#include "decode/evtx_file.hpp"

#include <string>
#include <utility>

#include "decode/event_reader.hpp"
#include "synclens/decode.hpp"

namespace synclens {
namespace evtx {

namespace {

constexpr std::string_view chunk_signature("ElfChnk\0", 8);

bool begins_chunk(ByteView bytes) {
  return bytes.size() >= chunk_signature.size() &&
         std::memcmp(bytes.data(), chunk_signature.data(), chunk_signature.size()) == 0;
}

// Where the next chunk stands behind the first byte of `bytes`, of which the first `most` are looked at; `most` where
// there is none.
std::size_t find_chunk(ByteView bytes, std::size_t most) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (std::size_t at = text.find(chunk_signature, 1); at < most; at = text.find(chunk_signature, at + 1)) {
    if (proves_chunk(bytes.subspan(at))) return at;
  }
  return most;
}

}  // namespace

Chunk ChunkBatch::operator[](std::size_t i) const {
  const Piece& piece = pieces_[i];
  return {ByteView(buffer_.get() + piece.from, piece.bytes), number_ + i, offset_ + piece.from, has_checksums_,
          piece.kind};
}

bool ChunkSource::next(ChunkBatch& batch) {
  if (ended_ && carried_.empty()) return false;
  std::size_t kept = carried_.size();
  if (kept != 0) std::memcpy(batch.buffer_.get(), carried_.data(), kept);
  carried_.clear();
  if (!started_) {
    started_ = true;
    kept = take_head(batch);
    if (ended_) return false;
  }
  const std::size_t room = batch.room_;
  std::size_t filled = kept;
  if (!ended_) {
    filled += read_full(stream_, std::span(batch.buffer_.get() + kept, room - kept));
    ended_ = filled < room;
  }
  batch.number_ = number_;
  batch.offset_ = offset_;
  batch.has_checksums_ = checksum_ != FileChecksum::none;
  const std::size_t taken = cut(batch, filled);
  carried_.assign(batch.buffer_.get() + taken, batch.buffer_.get() + filled);
  number_ += batch.size();
  offset_ += taken;
  return taken != 0;
}

// Returns how many bytes the pieces take; what is left waits for more. Where pieces begin and end depends on the bytes
// of the file alone, not on how it is read.
std::size_t ChunkSource::cut(ChunkBatch& batch, std::size_t filled) {
  batch.pieces_.clear();
  std::size_t at = 0;
  while (at < filled) {
    const ByteView rest(batch.buffer_.get() + at, filled - at);
    const std::size_t whole = std::min<std::size_t>(chunk_size, rest.size());
    if (!ended_ && whole < chunk_size) break;
    if (!ended_ && rest.size() < whole + ChunkBatch::looked_ahead) break;
    const ByteView next = rest.subspan(whole);
    const bool begins = begins_chunk(rest);
    std::size_t bytes = whole;
    if (!begins || (!next.empty() && !begins_chunk(next))) bytes = find_chunk(rest, whole);
    const Chunk::Kind cut = begins ? Chunk::Kind::overrun : Chunk::Kind::stray;
    batch.pieces_.push_back({at, bytes, bytes == whole ? Chunk::Kind::whole : cut});
    const bool empty = rest.size() >= 8 && load<std::uint64_t>(rest.data()) == 0;
    if (begins || (bytes == whole && !empty)) ++used_;
    at += bytes;
  }
  return at;
}

std::uint64_t ChunkSource::missing() const {
  // The field has 16 bits: of larger files it states only the rest.
  constexpr std::uint64_t most_stated = 65'535;
  return number_ > most_stated || used_ >= stated_ ? 0 : stated_ - used_;
}

// How much of what was read is no head but the first chunk's.
std::size_t ChunkSource::take_head(ChunkBatch& batch) {
  const std::size_t got = read_full(stream_, std::span(batch.buffer_.get(), file_head));
  const auto begins_with = [&](const char* signature) {
    return got >= 8 && std::memcmp(batch.buffer_.get(), signature, 8) == 0;
  };
  if (begins_with("ElfChnk")) return got;  // cut out of a file
  offset_ = got;
  head_ = begins_with("ElfFile") ? Head::right : Head::wrong;
  if (head_ == Head::right && got >= 128) checksum_ = check_file_header({batch.buffer_.get(), 128});
  if (got == file_head) {
    constexpr std::size_t chunk_count = 42;
    if (head_ == Head::right) stated_ = load<std::uint16_t>(batch.buffer_.get() + chunk_count);
    return 0;
  }
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

std::optional<Problem> problem_of_head(const ChunkSource& source, bool verify, Account& account) {
  const Address start{0, Address::none, Address::none};
  const auto lost = [&](const char* what, std::uint64_t bytes) {
    account.skip(start, bytes, what);
    return Problem{what, start, no_time, bytes};
  };
  switch (source.head()) {
    case ChunkSource::Head::wrong:
      return lost("file header damaged; the chunks were read without it", file_head);
    case ChunkSource::Head::cut:
      return lost("file cut inside its header", source.offset());
    case ChunkSource::Head::right:
      account.headers += file_head;
      break;
    case ChunkSource::Head::none:
    case ChunkSource::Head::empty:
      return std::nullopt;
  }
  if (!verify || source.checksum() == FileChecksum::none) return std::nullopt;
  ++account.checked;
  if (source.checksum() == FileChecksum::right) return std::nullopt;
  ++account.wrong;
  return Problem{"the checksum of the file's header is not that of its bytes", start, no_time, 0};
}

std::optional<Problem> problem_of_missing(const ChunkSource& source) {
  const std::uint64_t missing = source.missing();
  if (missing == 0) return std::nullopt;
  std::string what = std::to_string(missing) + " of the chunks that the file header states are missing: cut or zeroed";
  // When their records were written nobody knows: no time.
  return Problem{std::move(what), {source.offset(), Address::none, Address::none}, no_time, 0};
}

void ChunkDecoder::read(const Chunk& chunk, RecordSink& sink) {
  chunk_ = chunk;
  sink_ = &sink;
  rows_ = options_.filter == nullptr || !options_.marks ? sink.rows() : nullptr;
  reader_.begin_chunk();
  visit_records(chunk_, options_.recover, options_.verify, troubles_, [&](const RecordSpan& record, Damage& damage) {
    const auto left = reader_.leave(chunk_.bytes, record);
    if (!left) return one_record(record, damage);
    deliver(record, *left == EventReader::Outcome::event);
    return Reading::whole;
  });
}

Reading ChunkDecoder::one_record(const RecordSpan& record, Damage& damage) {
  if (rows_ != nullptr && one_row(record)) return Reading::whole;
  try {
    deliver(record, reader_.read(chunk_.bytes, record, rows_ == nullptr) == EventReader::Outcome::event);
    return Reading::whole;
  } catch (const Damage& found) {
    damage = found;
  }
  if (!options_.recover || !record.copy_matches || !reader_.salvage(chunk_.bytes, record, damage)) return Reading::none;
  deliver(record, options_.filter == nullptr || options_.filter->accepts(reader_.view()));
  return Reading::part;
}

bool ChunkDecoder::one_row(const RecordSpan& record) {
  RowWriter::Row row;
  row.where = chunk_.address(record.offset);
  const EventReader::RowOutcome outcome = reader_.read_row(chunk_.bytes, record, *rows_, row);
  if (outcome == EventReader::RowOutcome::row) troubles_.last_time = row.time;
  if (outcome == EventReader::RowOutcome::passed_over) troubles_.last_time = reader_.view().time;
  return outcome != EventReader::RowOutcome::unusual;
}

void ChunkDecoder::deliver(const RecordSpan& record, bool wanted) {
  EventView& event = reader_.view();
  event.where = chunk_.address(record.offset);
  if (event.time != no_time) troubles_.last_time = event.time;
  if (wanted) {
    sink_->event(event);
  } else if (options_.marks) {
    sink_->passed_over({event.record_id, event.time, event.channel, event.where, event.state, event.level});
  }
}

}  // namespace evtx

void decode_evtx(ByteStream& stream, const DecodeOptions& options, RecordSink& sink) {
  evtx::ProblemList problems(options.limits.problems_per_source);
  const auto say = [&](Problem problem) {
    if (problems.add(problem)) sink.problem(std::move(problem));
  };
  evtx::ChunkDecoder decoder(options, say);
  const auto templates = options.recover ? evtx::find_templates(stream, options.limits.binxml_depth) : nullptr;
  decoder.use_found(templates.get());
  evtx::ChunkSource source(stream);
  evtx::ChunkBatch batch;
  Account& account = decoder.troubles().account;
  bool first = true;
  const auto say_head = [&] {
    if (!std::exchange(first, false)) return;
    if (auto found = evtx::problem_of_head(source, options.verify, account)) say(std::move(*found));
  };
  while (source.next(batch)) {
    say_head();
    for (std::size_t i = 0; i < batch.size(); ++i) decoder.read(batch[i], sink);
  }
  say_head();
  if (auto found = evtx::problem_of_missing(source)) say(std::move(*found));
  if (auto rest = problems.rest(decoder.troubles().last_time)) sink.problem(std::move(*rest));
  account.size = source.offset();
  sink.account(account);
}

}  // namespace synclens
