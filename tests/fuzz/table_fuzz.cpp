// Tables: of events (CSV, TSV) and of the password sync log (also Markdown and aligned text).
#include "text_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input = fuzz::split(data, size);
  const bool events = (input.choice & 0x40) == 0;
  fuzz::decode_text(input, events ? synclens::decode_event_table : synclens::decode_sync_log);
  return 0;
}
