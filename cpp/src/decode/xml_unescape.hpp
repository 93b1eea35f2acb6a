// References of XML that stand for one character each.
#pragma once

#include <cstddef>

namespace synclens {

// The length of the reference at `at` (an '&' in a text that ends with a zero): one of XML's own five, or the number of
// a character that XML may hold. 0 for anything else.
[[nodiscard]] std::size_t reference_length(const char* at);

// Puts the characters in the place of the references, each of which reference_length() knows. The size afterwards.
[[nodiscard]] std::size_t unescape_in_place(char* text, std::size_t size);

}  // namespace synclens
