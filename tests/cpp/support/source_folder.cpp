#include "support/source_folder.hpp"

std::string support::source_folder() {
  return SYNCLENS_SOURCE_DIR;
}
