// The references (&amp; &#10; ...) of an XML text, before a parser that is lenient about them sees it.
#pragma once

#include <cstddef>
#include <string>

namespace synclens {

struct References {
  std::size_t size = 0;   // of the text afterwards
  std::string custom;     // the first entity that is not XML's own, with & and ;
  bool replaced = false;  // a reference to no character (&#0;, a surrogate) has become U+FFFD
};

// Rewrites in place what names no character. CDATA sections are left alone.
[[nodiscard]] References check_references(char* text, std::size_t size);

}  // namespace synclens
