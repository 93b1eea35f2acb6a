// operator new of the test program: fails when a test asks for it, and counts what is not given back.
#pragma once

#include <cstdint>

namespace support {

// The n-th allocation from now on throws std::bad_alloc, in whatever thread it is; 0: none does.
void fail_allocation(std::int64_t n);
// Whether that happened since fail_allocation was called.
[[nodiscard]] bool allocation_failed();
// Allocations that were not given back yet.
[[nodiscard]] std::int64_t live_allocations();

}  // namespace support
