// Output of cmdlets, scripts and the diagnosis; connector XML and run history.
#include "text_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr const char* names[] = {"settings.txt", "Connector_{b891884f-051e-4a83-95af-2544101c9083}.xml",
                                   "RUNHISTORY/RunHistory.csv", "OBJECT/Get-ADSyncCSObject_x.txt"};
  const fuzz::Input input = fuzz::split(data, size);
  const char* const name = names[(input.choice >> 4) & 3];
  fuzz::decode_text(
      input, [name](synclens::ByteStream& utf8, const synclens::DecodeOptions& options, synclens::RecordSink& sink) {
        synclens::decode_settings(utf8, name, options, sink);
      });
  return 0;
}
