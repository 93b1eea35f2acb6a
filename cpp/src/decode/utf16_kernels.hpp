// The inner loops of utf16.cpp: each copies characters from the front as long as they need nothing but narrowing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/utf16.hpp"

namespace synclens::evtx::kernels {

// Takes `units` UTF-16LE units, writes ASCII to `to` (room for `units` bytes), returns how many it took. It may
// stop early and may have written past what it took, never past `units`.
using Run = std::size_t (*)(const std::uint8_t* from, std::size_t units, char* to);

[[nodiscard]] Run scalar(Escape escape);
// Vectors that every machine of this architecture has (SSE2, NEON); null where there are none.
[[nodiscard]] Run baseline(Escape escape);
// Null where the machine has no AVX2.
[[nodiscard]] Run avx2(Escape escape);

// The same over single bytes of ASCII.
[[nodiscard]] Run scalar_of_ansi(Escape escape);
[[nodiscard]] Run baseline_of_ansi(Escape escape);

}  // namespace synclens::evtx::kernels
