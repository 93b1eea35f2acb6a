// UTF-16LE text of a log to UTF-8, with the escapes of the output format applied in the same pass.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/text_buffer.hpp"
#include "synclens/bytes.hpp"

namespace synclens::evtx {

// How text is written. `plain` keeps every character; XML has no place for most control characters (they become
// U+FFFD); line ends and tabs stand in text as they are, and as references in attributes; JSON has an escape for each.
enum class Escape : std::uint8_t { plain, xml_text, xml_attribute, json };

// Appends UTF-16LE bytes of a chunk (NULs at the end and a last odd byte are left out) as UTF-8. Lone surrogates become
// U+FFFD.
void append_utf16(TextBuffer& out, ByteView text, Escape escape);

// Appends UTF-8 text that is already valid.
void append_utf8(TextBuffer& out, std::string_view text, Escape escape);

// Without NULs at the end, which many writers count in.
[[nodiscard]] ByteView without_trailing_nuls(ByteView utf16);

// Whether a text has no control characters but tab and line ends, no lone surrogates and nothing that is no character.
[[nodiscard]] bool is_clean_utf16(ByteView utf16);

// Which kernel runs: the best of the machine unless a test asks for the plain one.
enum class Utf16Kernel : std::uint8_t { scalar, baseline, avx2 };
[[nodiscard]] Utf16Kernel utf16_kernel();
void use_utf16_kernel(Utf16Kernel kernel);  // one that the machine has not: the next lower one

}  // namespace synclens::evtx
