// How much a reader takes at once.
#pragma once

#include <algorithm>
#include <cstddef>

namespace synclens {

// `usual`, but little where millions of small inputs are read by readers of their own.
constexpr std::size_t block_bytes([[maybe_unused]] std::size_t usual) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return std::min<std::size_t>(usual, 4096);
#else
  return usual;
#endif
}

}  // namespace synclens
