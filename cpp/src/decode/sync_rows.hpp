// The rows of a password sync log, however the table is drawn.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "decode/csv_reader.hpp"
#include "decode/sync_row.hpp"

namespace synclens {

enum class SyncShape : std::uint8_t { separated, drawn, aligned, list };

struct SyncLayout {
  SyncShape shape = SyncShape::separated;
  char separator = ',';
};

// How the table in this head is drawn; nothing where no header has a status.
[[nodiscard]] std::optional<SyncLayout> sync_layout(std::string_view head);

// Takes the rows of a table.
class SyncRowSink {
 public:
  virtual ~SyncRowSink() = default;
  virtual void row(std::span<const SyncColumn> columns, std::span<const std::string_view> cells,
                   const Address& where) = 0;
  virtual void damage(std::string what, const Address& where, std::uint64_t bytes) = 0;
};

// Returns how many lines belong to no table.
std::uint64_t read_sync_rows(ByteStream& stream, const SyncLayout& layout, const Limits& limits, SyncRowSink& sink);

}  // namespace synclens
