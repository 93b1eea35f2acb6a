#include <iterator>
#include <utility>

#include "synclens/record.hpp"

namespace synclens {

void Account::skip(const Address& where, std::uint64_t bytes, std::string_view reason) {
  if (bytes == 0) return;
  skipped += bytes;
  if (stretches.size() < most_stretches) {
    stretches.push_back({where, bytes, std::string(reason)});
  } else {
    ++more_stretches;
  }
}

void Account::add(Account&& next) {
  headers += next.headers;
  records += next.records;
  free += next.free;
  skipped += next.skipped;
  chunks += next.chunks;
  checked += next.checked;
  wrong += next.wrong;
  more_stretches += next.more_stretches;
  for (Stretch& stretch : next.stretches) {
    if (stretches.size() < most_stretches) {
      stretches.push_back(std::move(stretch));
    } else {
      ++more_stretches;
    }
  }
  next = Account{};
}

}  // namespace synclens
