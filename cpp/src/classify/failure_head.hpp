// The head that the failures of a domain share, and the domain controller that an inner exception names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace synclens {

// Adds domain, dc and ip out of "... for domain: D, domain controller hostname: H, domain controller IP address: I."
// and inner_dc and inner_ip out of "Domain controller hostname: H, domain controller IP address: I" behind it, as
// far as the text has them and `fields` does not. In code and not in each rule's pattern: there are a hundred such
// rules, and a capture of the whole head costs ten times what tells them apart.
void add_failure_head(std::uint32_t event_id, std::string_view text,
                      std::vector<std::pair<std::string, std::string>>& fields);

// The names that it may add; a rule's summary may use them.
[[nodiscard]] bool is_failure_head_field(std::string_view name);

}  // namespace synclens
