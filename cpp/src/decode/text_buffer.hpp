// A growing buffer of text that is reused from record to record, so that a record costs no allocation.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>

namespace synclens::evtx {

class TextBuffer {
 public:
  static constexpr std::size_t padding = 64;  // bytes that may be read behind a text for append_padded()

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const char* data() const { return data_.get(); }
  [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }
  void clear() { size_ = 0; }
  void cut(std::size_t size) { size_ = size; }

  // Space for `count` more bytes; valid until the next call that adds. Says with took() how many were written.
  [[nodiscard]] char* room(std::size_t count) {
    if (count > capacity_ - size_) grow(count);
    return data_.get() + size_;
  }
  void took(std::size_t count) { size_ += count; }
  // The same, by where the text ends.
  void end_at(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }

  void append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  // The text alone, in no more space than it needs.
  void hold(std::string_view text) {
    data_.reset(new char[text.size() + padding]);
    capacity_ = text.size() + padding;
    size_ = text.size();
    if (!text.empty()) std::memcpy(data_.get(), text.data(), text.size());
  }
  void erase(std::size_t at) {
    std::memmove(data_.get() + at, data_.get() + at + 1, size_ - at - 1);
    --size_;
  }
  void set(std::size_t at, char c) { data_[at] = c; }
  void push(char c) {
    *room(1) = c;
    ++size_;
  }

  // As append(), for short texts behind which `padding` more bytes may be read: copied in whole blocks, without a call.
  void append_padded(const char* text, std::size_t count) {
    char* to = room(count + padding);
    for (std::size_t done = 0; done < count; done += padding) std::memcpy(to + done, text + done, padding);
    size_ += count;
  }

 private:
  void grow(std::size_t count);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0, capacity_ = 0;
};

inline void TextBuffer::grow(std::size_t count) {
  std::size_t wanted = capacity_ * 2;
  if (wanted < size_ + count) wanted = size_ + count;
  if (wanted < 4096) wanted = 4096;
  std::unique_ptr<char[]> bigger(new char[wanted]);
  if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
  data_ = std::move(bigger);
  capacity_ = wanted;
}

}  // namespace synclens::evtx
