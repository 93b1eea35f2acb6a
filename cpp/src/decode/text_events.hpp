// The events of a text: Event Viewer's blocks, Format-List, lines, and tables drawn with '|'.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decode/text_block.hpp"
#include "decode/text_label.hpp"
#include "synclens/limits.hpp"

namespace synclens {

// Takes what TextEvents finds.
class TextEventSink {
 public:
  virtual ~TextEventSink() = default;
  virtual void language(Language language) = 0;
  virtual void event(const EventFields& fields, const WrittenId& id, const Address& where) = 0;
  virtual void damage(std::string what, const Address& where, std::uint64_t bytes) = 0;
};

// Fed with one line after the other. Borrows the sink.
class TextEvents {
 public:
  // `console_width`: of the widest line of Format-List in the text, 0 if not known; lines that a console of that
  // width had to wrap are put together again.
  TextEvents(TextEventSink& sink, const Limits& limits, std::size_t console_width);

  void line(const TextLine& line);
  void end();

  [[nodiscard]] std::uint64_t lines_outside() const { return lines_outside_; }
  [[nodiscard]] std::size_t widest_list_line() const { return widest_; }

 private:
  enum class In : std::uint8_t { outside, header, description, list, loose, xml };
  struct Tentative {  // a label inside a description, which may begin the next block
    HeaderColumn column;
    Language language;
    std::string value, text;
    std::string_view end;
    Address where;
  };

  void take_outside(const TextLine& line);
  void take_header(const TextLine& line);
  void take_description(const TextLine& line);
  void take_list(const TextLine& line);
  void take_loose(const TextLine& line);
  [[nodiscard]] bool take_one_line_event(const TextLine& line);
  [[nodiscard]] bool take_cells(const std::vector<std::string>& cells, const TextLine& line);
  void continue_list_message(const TextLine& line);

  void begin(const LabelLine& label, const TextLine& line);
  void set(const LabelLine& label, const TextLine& line);
  void begin_loose(const LooseEvent& event, const TextLine& line);
  void tentative_begins_block();
  void tentative_is_text();
  [[nodiscard]] bool tentative_fits() const;
  void flush();

  TextEventSink& sink_;
  std::size_t width_;
  std::size_t widest_ = 0;
  In in_ = In::outside;
  TextBlock block_;
  JoinedLines before_, after_;  // texts without a label before and after the labels of a block
  std::string provider_;        // a heading's, for the lines below it
  bool id_is_property_ = false, after_blank_ = false, run_after_blank_ = false;
  std::vector<Tentative> tentative_;
  HeaderColumn list_column_ = HeaderColumn::none;
  std::size_t last_width_ = 0;  // of the last line of a Format-List message
  bool last_one_word_ = false;
  std::vector<HeaderColumn> cell_columns_;
  std::uint64_t lines_outside_ = 0;
};

}  // namespace synclens
