#include "decode/text_block.hpp"

#include <algorithm>

namespace synclens {

void JoinedLines::clear() {
  text_.clear();
  end_ = {};
  begun_ = false;
  lines_ = cut_bytes_ = 0;
}

void JoinedLines::append(std::string_view text) {
  const std::size_t room = most_ - std::min(most_, text_.size());
  text_.append(text.substr(0, room));
  if (text.size() > room) cut_bytes_ += text.size() - room;
}

void JoinedLines::add(std::string_view text, std::string_view end) {
  join(end_, text, end);
}

void JoinedLines::join(std::string_view between, std::string_view text, std::string_view end) {
  if (begun_) append(between);
  append(text);
  begun_ = true;
  end_ = end;
  ++lines_;
}

bool JoinedLines::blank() const {
  return trim_marks(text_).empty();
}

void TextBlock::clear(const Address& begin) {
  for (std::string& text : texts) text.clear();
  stated.fill(false);
  labels = 0;
  loose_ids.clear();
  message.clear();
  where = begin;
}

void TextBlock::set(Column column, std::string_view value) {
  constexpr std::size_t longest_value = 64u << 10;  // the message is kept elsewhere
  value = value.substr(0, longest_value);
  ++labels;
  const auto i = static_cast<std::size_t>(column);
  if (stated[i]) return;
  stated[i] = true;
  // an id may have its hexadecimal form behind it
  texts[i] = column == Column::id && value.find_first_of(" ,(") != value.npos
                 ? value.substr(0, std::min(value.find_first_of(" ,("), value.size()))
                 : value;
}

}  // namespace synclens
