// render_evtx into a string.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "synclens/render.hpp"

namespace support {

struct Rendered {
  std::string text;
  synclens::RenderReport report;
};

inline Rendered render(std::string_view log, synclens::RenderFormat format, unsigned threads = 1,
                       bool recover = false) {
  struct Sink : synclens::TextSink {
    std::string text;
    bool write(std::string_view more) override {
      text.append(more);
      return true;
    }
  } sink;
  synclens::RenderOptions options;
  options.format = format;
  options.threads = threads;
  options.decode.recover = recover;
  const auto stream = synclens::open_memory(synclens::as_bytes(log));
  Rendered result;
  result.report = synclens::render_evtx(*stream, options, sink);
  result.text = std::move(sink.text);
  return result;
}

inline std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

// The records of XML output; a value can hold line feeds, but no '<'.
inline std::vector<std::string_view> records(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    std::size_t end = text.find("\n<Event ");
    if (end == std::string_view::npos) end = text.size() - 1;
    result.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return result;
}

}  // namespace support
