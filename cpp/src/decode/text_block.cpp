#include "decode/text_block.hpp"

#include <algorithm>

#include "read/utf8.hpp"

namespace synclens {

void JoinedLines::clear() {
  text_.clear();
  end_ = {};
  begun_ = false;
  lines_ = cut_bytes_ = 0;
}

void JoinedLines::append(std::string_view text) {
  const std::size_t room = cut_bytes_ != 0 ? 0 : most_ - std::min(most_, text_.size());
  const std::string_view kept = text.size() > room ? without_cut_character(text.substr(0, room)) : text;
  text_.append(kept);
  cut_bytes_ += text.size() - kept.size();
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

void TextBlock::set(HeaderColumn column, std::string_view value) {
  constexpr std::size_t longest_value = 64u << 10;  // the message is kept elsewhere
  if (value.size() > longest_value) value = without_cut_character(value.substr(0, longest_value));
  ++labels;
  const auto i = static_cast<std::size_t>(column);
  if (stated[i]) return;
  stated[i] = true;
  // an id may have its hexadecimal form behind it
  texts[i] = column == HeaderColumn::id && value.find_first_of(" ,(") != value.npos
                 ? value.substr(0, std::min(value.find_first_of(" ,("), value.size()))
                 : value;
}

}  // namespace synclens
