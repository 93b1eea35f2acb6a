#include "decode/utf16_wide.hpp"

#if defined(__x86_64__)

#include <bit>

#include "decode/wide_text.hpp"

namespace synclens::evtx {
namespace {

template <Escape escape>
SYNCLENS_WIDE std::size_t run(const std::uint8_t* from, std::size_t units, char* to) {
  std::size_t i = 0;
  for (; i + 32 <= units; i += 32) {
    const std::uint32_t special = narrow_32<escape>(from + 2 * i, to + i);
    if (special != 0) return i + static_cast<std::size_t>(std::countr_zero(special));
  }
  return i;
}

}  // namespace

bool has_wide_text() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("bmi2") != 0;
}

std::size_t narrow_wide(const std::uint8_t* from, std::size_t units, char* to, Escape escape) {
  switch (escape) {
    case Escape::xml_text:
      return run<Escape::xml_text>(from, units, to);
    case Escape::xml_attribute:
      return run<Escape::xml_attribute>(from, units, to);
    case Escape::json:
      return run<Escape::json>(from, units, to);
    case Escape::plain:
      break;
  }
  return run<Escape::plain>(from, units, to);
}

}  // namespace synclens::evtx

#else

namespace synclens::evtx {

bool has_wide_text() {
  return false;
}

std::size_t narrow_wide(const std::uint8_t*, std::size_t, char*, Escape) {
  return 0;
}

}  // namespace synclens::evtx

#endif
