#include <string>

#include "decode/column_names.hpp"
#include "decode/head_stream.hpp"
#include "decode/sync_rows.hpp"
#include "synclens/decode.hpp"

namespace synclens {
namespace {

class LookAhead final : public SyncRowSink {
 public:
  explicit LookAhead(SourceClock& clock) : clock_(clock) {}
  void row(std::span<const SyncColumn> columns, std::span<const std::string_view> cells, const Address&) override {
    if (columns.data() != columns_seen_) {
      columns_seen_ = columns.data();
      for (const SyncColumn& column : columns) clock_.look_at(column_named(column.name, NameUse::label).language);
    }
    clock_.look_at(SyncRowMaker::time_of(columns, cells));
  }
  void damage(std::string, const Address&, std::uint64_t) override {}

 private:
  SourceClock& clock_;
  const SyncColumn* columns_seen_ = nullptr;
};

class Delivery final : public SyncRowSink {
 public:
  Delivery(SyncRowMaker& maker, ProblemList& problems) : maker_(maker), problems_(problems) {}
  void row(std::span<const SyncColumn> columns, std::span<const std::string_view> cells,
           const Address& where) override {
    maker_.deliver(columns, cells, where);
  }
  void damage(std::string what, const Address& where, std::uint64_t bytes) override {
    problems_.add(std::move(what), where, bytes);
  }

 private:
  SyncRowMaker& maker_;
  ProblemList& problems_;
};

}  // namespace

void decode_sync_log(ByteStream& utf8, const DecodeOptions& options, RecordSink& sink) {
  HeadStream source(utf8);
  ProblemList problems(sink, options.limits);
  const std::optional<SyncLayout> layout = sync_layout(source.head());
  if (!layout) {
    if (!trim_marks(source.head()).empty()) {
      problems.add("no header with a status was found: nothing of this table was read", {0, Address::none, 1},
                   source.head().size());
    }
    return;
  }
  SourceClock clock(options.zone, sink, problems);
  {
    LookAhead pass(clock);
    const auto head = open_memory(as_bytes(source.head()));
    read_sync_rows(*head, *layout, options.limits, pass);
    clock.settle();
  }
  SyncRowMaker maker(sink, clock, problems);
  Delivery delivery(maker, problems);
  const std::uint64_t outside = read_sync_rows(source, *layout, options.limits, delivery);
  if (outside != 0) sink.note("lines outside of the password sync log: " + std::to_string(outside));
  problems.finish();
}

}  // namespace synclens
