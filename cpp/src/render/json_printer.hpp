// One event record as a JSON object, in the shape that users of `evtx_dump -o jsonl` know:
// attributes under "#attributes", text beside them or beside elements under "#text", integers and booleans bare,
// elements without anything null, repeated names numbered (Name, Name_1), and the Data elements of EventData and
// UserData under their Name, or together under "Data" where they have none.
#pragma once

#include <string_view>
#include <vector>

#include "render/script_printer.hpp"

namespace synclens::evtx {

class JsonPrinter final : private ScriptPrinter {
 public:
  explicit JsonPrinter(std::size_t most_depth) : ScriptPrinter(most_depth, true), most_depth_(most_depth * 4) {}

  // See FragmentReader.
  void use_found(const FoundTemplates* found) { fragments_.use_found(found); }

  void begin_chunk();

  // Appends the record and a line feed. Throws Damage; `out` is then as it was.
  void print(ByteView chunk, const RecordSpan& record, TextBuffer& out);
  // Of the last record.
  [[nodiscard]] Provenance provenance() const { return fragments_.provenance(); }

 private:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  enum class Kind : std::uint8_t { element, attribute, text, fragment };  // fragment: the mark of one
  // The record with the values put in. Names and texts are escaped already and stand in texts_.
  struct Item {
    Kind kind = Kind::element;
    bool bare = false;               // text: one integer or boolean, or the mark of a list
    bool list = false;               // text: the mark of a list
    std::uint32_t at = 0, size = 0;  // name or text
    std::uint32_t attributes = none, children = none, next = none;
  };
  struct Parent {  // where the next attribute or child is hung
    std::uint32_t item = none, last_attribute = none, last_child = none;
  };
  class NameCounts;

  [[nodiscard]] bool record(const Instance& marks, Level level, TextBuffer& out, TextScript& script) override;
  [[nodiscard]] bool print_by_rules(const Instance&, Level, TextBuffer&) override { return false; }
  [[nodiscard]] bool print_bare(Cursor& in, Level level, TextBuffer& out) override;
  void fragment_mark(std::uint32_t mark, std::uint32_t element, bool behind_others, TextBuffer& out);
  [[nodiscard]] bool is_list(std::uint32_t child) const;
  [[nodiscard]] std::uint32_t begin_tree();
  void build(const Instance& instance, Parent& parent);
  void build_element(const Instance& instance, std::uint32_t node, Parent& parent, bool root);
  void build_once(const Instance& instance, std::uint32_t node, Parent& parent);
  void build_repeated(const Instance& instance, std::uint32_t node, std::uint16_t slot, Parent& parent);
  void build_content(const Instance& instance, std::uint32_t from, std::uint32_t end, Parent& parent);
  void build_value(const Value& value, Parent& parent);
  [[nodiscard]] bool left_out(const Instance& instance, std::uint32_t from, std::uint32_t end);
  [[nodiscard]] std::uint32_t add(Kind kind, std::string_view name, Parent& parent);
  void add_text(std::size_t from, bool bare, Parent& parent);
  void check_size() const;

  void element_value(std::uint32_t element, bool container, TextBuffer& out);
  void data_value(std::uint32_t element, TextBuffer& out);
  void object(std::uint32_t element, bool container, bool with_attributes, TextBuffer& out);
  [[nodiscard]] bool attributes(std::uint32_t element, TextBuffer& out);
  void named_data(std::uint32_t& child, NameCounts& names, TextBuffer& out);
  void positional_data(std::uint32_t element, TextBuffer& out);
  void content(std::uint32_t first, TextBuffer& out);
  [[nodiscard]] std::string_view data_name(std::uint32_t element) const;
  [[nodiscard]] bool is_data(std::uint32_t child) const;
  [[nodiscard]] bool has_text(std::uint32_t first) const;
  [[nodiscard]] bool has_elements(std::uint32_t element) const;
  [[nodiscard]] std::string_view text(std::uint32_t item) const {
    return texts_.view().substr(items_[item].at, items_[item].size);
  }

  void build_list_mark(const Instance& instance, std::uint32_t node, std::uint16_t slot, Parent& parent);

  static constexpr std::size_t most_by_script = 256u << 10;  // what prints more is counted exactly, by the tree
  [[nodiscard]] bool print_by_script(const RecordSpan& record, TextBuffer& out);
  void print_by_tree(const RecordSpan& record, TextBuffer& out);

  std::vector<Item> items_;
  TextBuffer texts_;
  std::size_t depth_ = 0, most_depth_;
  std::size_t chunk_work_ = 0;
  TextScript* recording_ = nullptr;  // the script that is being made
  bool recorded_ = true;             // whether it can be
};

}  // namespace synclens::evtx
