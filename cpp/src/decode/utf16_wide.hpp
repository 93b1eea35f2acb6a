// Long texts with the vectors that not every machine has; asked for at run time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/utf16.hpp"

namespace synclens::evtx {

// Whether this machine has them.
[[nodiscard]] bool has_wide_text();

// Copies units that stand for themselves from the front, 32 at a time, and returns how many. May have written up to 32
// bytes more. Precondition: has_wide_text().
[[nodiscard]] std::size_t narrow_wide(const std::uint8_t* from, std::size_t units, char* to, Escape escape);

}  // namespace synclens::evtx
