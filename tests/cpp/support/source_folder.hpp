// Where this checkout lies. One file knows, so that no other is compiled anew in another folder.
#pragma once

#include <string>

namespace support {

[[nodiscard]] std::string source_folder();

}  // namespace support
