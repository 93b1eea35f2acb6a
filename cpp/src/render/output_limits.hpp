// How much a stranger's chunk may make us print.
#pragma once

#include <cstddef>

namespace synclens::evtx {

// A template can print one value thousands of times. The largest real record prints 20 times its size.
inline constexpr std::size_t most_output_of_record = 8u << 20;
inline constexpr std::size_t most_output_of_chunk = 32u << 20;

// What a record may print after others of its chunk have printed `so_far`.
[[nodiscard]] constexpr std::size_t most_output(std::size_t so_far) {
  const std::size_t left = so_far < most_output_of_chunk ? most_output_of_chunk - so_far : 0;
  return left < most_output_of_record ? left : most_output_of_record;
}

}  // namespace synclens::evtx
