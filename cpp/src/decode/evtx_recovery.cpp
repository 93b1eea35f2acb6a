#include "decode/evtx_recovery.hpp"

#include "decode/binxml.hpp"
#include "decode/template_plan.hpp"
#include "synclens/limits.hpp"

namespace synclens::evtx {
namespace {

// Of candidates in one chunk. Real chunks hold their size of them at most, and some that are rejected.
constexpr std::uint32_t most_search_work = 16 * chunk_size;

bool begins_fragment(ByteView chunk, const RecordSpan& record) {
  if (record.size < least_record + 4) return false;
  const std::uint8_t token = chunk[record.offset + record_head];
  return token == static_cast<std::uint8_t>(Token::fragment_header) ||
         token == static_cast<std::uint8_t>(Token::pi_target);
}

void skip_instance(Cursor& in) {
  in.skip(6, "");
  const std::uint32_t definition = in.u32("");
  if (definition == in.at()) {
    in.skip(definition_head - 4, "");
    const std::uint32_t size = in.u32("");
    in.skip(size, "");
  }
  const std::uint32_t count = in.u32("");
  if (count > in.left() / 4) throw Damage{"", in.at()};
  const std::uint8_t* descriptor = in.here();
  in.skip(count * 4, "");
  for (std::uint32_t i = 0; i < count; ++i, descriptor += 4) in.skip(load<std::uint16_t>(descriptor), "");
}

void skip_fragments(Cursor& in) {
  while (true) {
    skip_fragment_headers(in);
    const std::uint8_t token = in.peek("");
    switch (static_cast<Token>(token & ~more_bit)) {
      case Token::end_of_fragment:
        in.skip(1, "");
        return;
      case Token::template_instance:
        skip_instance(in);
        break;
      case Token::open_element:
      case Token::pi_target: {
        Tree tree;  // not by the length that the element states: nothing else depends on it
        compile_fragment(in, Dialect::bare, Limits{}.binxml_depth, tree);
        break;
      }
      default:
        throw Damage{"", in.at()};
    }
  }
}

}  // namespace

bool RecordSearch::next(RecordSpan& record) {
  while (work_ <= most_search_work) {
    at_ = find_signature(chunk_, at_, end_);
    if (at_ >= end_) return false;
    const auto found = record_at(chunk_, at_);
    if (found && found->copy_matches && found->offset + found->size <= end_ && begins_fragment(chunk_, *found)) {
      record = *found;
      work_ += found->size;
      last_ = at_;
      at_ += found->size;
      return true;
    }
    ++at_;
  }
  return false;
}

std::uint32_t content_end(ByteView chunk, const RecordSpan& record) {
  const std::uint32_t end = record.offset + record.size - 4;
  try {
    Cursor in(chunk, record.offset + record_head, end);
    skip_fragments(in);
    return in.at();
  } catch (const Damage&) {
    return end;
  }
}

std::string_view reason_of(const RecordSpan& record, Provenance provenance, std::string_view damage,
                           std::string& buffer) {
  if (provenance.plain() && damage.empty()) return record.reason;
  buffer = record.reason;
  const auto add = [&](std::string_view text) {
    if (!buffer.empty()) buffer += "; ";
    buffer += text;
  };
  if (provenance.borrowed) add("template overwritten, read with the same one of another chunk");
  if (provenance.pruned) add("elements left out whose names were overwritten");
  if (provenance.emptied) add("texts left out that were overwritten");
  if (!damage.empty()) add(damage);
  return buffer;
}

template <typename Rest>
void ChunkRecovery::search(std::uint32_t from, std::uint32_t end, RecordState state, const char* reason, Rest rest) {
  RecordSearch found(chunk_.bytes, from, end, work_);
  RecordSpan record;
  while (enabled_ && found.next(record)) {
    record.state = state;
    record.reason = reason;
    if (read_(record) == Reading::none) {
      found.reject_last();
      continue;
    }
    rest(from, record.offset);
    account_.records += record.size;
    inside(record);
    from = record.offset + record.size;
  }
  rest(from, end);
}

void ChunkRecovery::lost(std::uint32_t from, std::uint32_t end, const char* what, const char* reason) {
  search(from, end, RecordState::damaged_chunk, reason,
         [&](std::uint32_t first, std::uint32_t last) { account_.skip(chunk_.address(first), last - first, what); });
}

void ChunkRecovery::unused(std::uint32_t from, std::uint32_t end) {
  search(from, end, RecordState::slack, "behind the last record of its chunk",
         [&](std::uint32_t first, std::uint32_t last) { account_.free += last - first; });
}

void ChunkRecovery::inside(const RecordSpan& outer) {
  if (!enabled_) return;
  RecordSearch found(chunk_.bytes, content_end(chunk_.bytes, outer), outer.offset + outer.size - 4, work_);
  RecordSpan record;
  while (found.next(record)) {
    record.state = RecordState::slack;
    record.reason = "hidden behind the content of another record";
    if (read_(record) == Reading::none) found.reject_last();
  }
}

}  // namespace synclens::evtx
