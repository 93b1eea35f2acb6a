// What Export-Clixml writes.
#include "text_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_text(fuzz::split(data, size), synclens::decode_clixml);
  return 0;
}
