// Batches joined to larger ones.
#pragma once

#include "synclens/columns.hpp"

namespace synclens {

inline constexpr std::size_t index_of(EventColumn column) {
  return static_cast<std::size_t>(column);
}

void push_offset(ColumnBuffer& offsets, std::size_t value);

// An empty batch with space for as much as another one has.
[[nodiscard]] Batch batch_like(const Batch& like);

// Copies the rows of another batch with the same columns behind those of `to`. Returns how many bytes were copied.
std::size_t append_rows(Batch& to, const Batch& from);

}  // namespace synclens
