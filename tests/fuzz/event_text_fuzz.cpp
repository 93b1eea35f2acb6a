// Pasted Event Viewer blocks and Format-List of events.
#include "text_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::decode_text(fuzz::split(data, size), synclens::decode_event_text);
  return 0;
}
