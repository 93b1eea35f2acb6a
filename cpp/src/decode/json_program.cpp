#include "decode/json_program.hpp"

#include <algorithm>
#include <set>

#include "decode/binxml_value.hpp"
#include "decode/utf16.hpp"

namespace synclens::evtx {
namespace {

struct Unsuited {};

class Compiler {
 public:
  Compiler(const Tree& tree, JsonProgram& program) : tree_(tree), out_(program) {}

  void fragment() {
    std::uint32_t root = 0;
    while (root < tree_.nodes.size() && at(root).kind != NodeKind::element) ++root;
    if (root == tree_.nodes.size()) throw Unsuited{};
    out_.root = keep(tree_.text(at(root)));
    const std::vector<std::uint32_t> jumps = guards(root);
    out_.root_guards = next();
    element(root);
    land(jumps);
  }

  // The texts that steps print, behind one another, then those that are only compared.
  void finish() {
    const auto base = static_cast<std::uint32_t>(literals_.size());
    out_.literals = literals_ + kept_;
    out_.root.text += base;
    for (JsonPart& part : out_.parts) {
      if (part.slot == no_slot) part.text += base;
    }
    out_.literals.append(TextBuffer::padding, '\0');
    out_.suits = true;
  }

 private:
  const Node& at(std::uint32_t i) const { return tree_.nodes[i]; }
  std::uint32_t next() const { return static_cast<std::uint32_t>(out_.steps.size()); }

  std::string escaped(std::string_view text) {
    scratch_.clear();
    append_utf8(scratch_, text, Escape::json);
    return std::string(scratch_.view());
  }

  JsonPart keep(std::string_view text) {
    const std::string written = escaped(text);
    const JsonPart part{no_slot, static_cast<std::uint32_t>(kept_.size()), static_cast<std::uint32_t>(written.size())};
    kept_ += written;
    return part;
  }

  JsonStep& step(JsonAct act) {
    JsonStep s{act};
    s.literal = done_;
    s.literal_size = static_cast<std::uint32_t>(literals_.size()) - done_;
    done_ = static_cast<std::uint32_t>(literals_.size());
    out_.steps.push_back(s);
    return out_.steps.back();
  }

  std::uint32_t skip(std::uint16_t slot) {
    step(JsonAct::skip_if_null).slot = slot;
    return next() - 1;
  }
  void land(const std::vector<std::uint32_t>& jumps) {
    if (jumps.empty()) return;
    if (done_ != literals_.size()) step(JsonAct::print);
    for (const std::uint32_t jump : jumps) out_.steps[jump].jump = next();
  }

  std::string key(std::string_view name) { return '"' + escaped(name) + "\":"; }

  std::uint32_t content_of(std::uint32_t element) const {
    std::uint32_t i = element + 1;
    while (at(i).kind == NodeKind::attribute) i = at(i).end + 1;
    return i + 1;
  }
  template <typename Visit>
  void each_content(std::uint32_t element, Visit visit) const {
    for (std::uint32_t i = content_of(element); i < at(element).end; ++i) {
      visit(i);
      if (at(i).kind == NodeKind::element) i = at(i).end;
    }
  }
  template <typename Visit>
  void each_attribute(std::uint32_t element, Visit visit) const {
    for (std::uint32_t i = element + 1; at(i).kind == NodeKind::attribute; i = at(i).end + 1) visit(i);
  }

  bool is_text(std::uint32_t i) const { return at(i).kind == NodeKind::text || at(i).kind == NodeKind::cdata; }
  bool is_data(std::uint32_t i) const { return at(i).kind == NodeKind::element && tree_.text(at(i)) == "Data"; }

  // Whether the element's value is an object of other elements: they stand in it, or a slot holds them.
  bool holds_elements(std::uint32_t element) const {
    std::uint32_t elements = 0, slots = 0, fragments = 0, texts = 0;
    each_content(element, [&](std::uint32_t i) {
      elements += at(i).kind == NodeKind::element ? 1u : 0u;
      slots += at(i).kind == NodeKind::slot ? 1u : 0u;
      fragments += at(i).kind == NodeKind::slot && at(i).type == static_cast<std::uint8_t>(ValueType::binxml) ? 1u : 0u;
      texts += is_text(i) && at(i).text_size != 0 ? 1u : 0u;
    });
    if (elements == 0 && fragments == 0) return false;
    if (texts != 0 || slots > 1) throw Unsuited{};
    return true;
  }

  std::vector<std::uint32_t> guards(std::uint32_t element) {
    std::vector<std::uint32_t> jumps;
    if (at(element).slot != no_slot) jumps.push_back(skip(at(element).slot));
    each_content(element, [&](std::uint32_t i) {
      if (at(i).kind == NodeKind::slot && at(i).optional) jumps.push_back(skip(at(i).slot));
    });
    return jumps;
  }

  void element(std::uint32_t index) {
    literals_ += key(tree_.text(at(index)));
    if (holds_elements(index)) return object(index);
    const bool attributed = at(index + 1).kind == NodeKind::attribute;
    if (attributed) attributes(index, "{\"#attributes\":{");
    content(index, attributed ? JsonAct::attributed_leaf : JsonAct::leaf);
  }

  void attributes(std::uint32_t index, std::string_view opening) {
    literals_ += opening;
    each_attribute(index, [&](std::uint32_t i) {
      std::vector<std::uint32_t> jumps;
      const auto from = static_cast<std::uint32_t>(out_.parts.size());
      for (std::uint32_t j = i + 1; j < at(i).end; ++j) {
        if (at(j).kind == NodeKind::slot && at(j).optional) jumps.push_back(skip(at(j).slot));
        add_part(j);
      }
      const std::string name = key(tree_.text(at(i)));
      literals_ += name;
      JsonStep& made = step(JsonAct::attribute);
      made.drop = static_cast<std::uint32_t>(name.size());
      take_parts(made, from);
      land(jumps);
    });
    step(JsonAct::attributes_end).drop = static_cast<std::uint32_t>(opening.size());
  }

  void add_part(std::uint32_t i) {
    if (at(i).kind == NodeKind::slot) out_.parts.push_back({at(i).slot, 0, 0});
    if (is_text(i) && at(i).text_size != 0) out_.parts.push_back(keep(tree_.text(at(i))));
  }
  void take_parts(JsonStep& to, std::uint32_t from) const {
    to.part = from;
    to.parts = static_cast<std::uint32_t>(out_.parts.size()) - from;
  }

  void content(std::uint32_t index, JsonAct act) {
    const auto from = static_cast<std::uint32_t>(out_.parts.size());
    each_content(index, [&](std::uint32_t i) { add_part(i); });
    take_parts(step(act), from);
  }

  void object(std::uint32_t index) {
    literals_ += '{';
    if (at(index + 1).kind == NodeKind::attribute) attributes(index, "\"#attributes\":{");
    const bool container = tree_.text(at(index)) == "EventData" || tree_.text(at(index)) == "UserData";
    const std::vector<std::string> keys = keys_of(index, container);
    bool positional_done = false;
    each_content(index, [&](std::uint32_t i) {
      if (at(i).kind == NodeKind::slot) nested(i, container, keys);
      if (at(i).kind != NodeKind::element) return;
      if (container && is_data(i)) {
        if (!data_name(i).empty()) return named_data(i);
        if (!positional_done) positional_data(index, i);
        positional_done = true;
        return;
      }
      const std::vector<std::uint32_t> jumps = guards(i);
      element(i);
      land(jumps);
    });
    step(JsonAct::close);
  }

  // Keys that come twice are numbered by what is there, so they must not.
  std::vector<std::string> keys_of(std::uint32_t index, bool container) {
    std::vector<std::string> keys;
    std::size_t named = 0, nameless = 0;
    bool behind_nameless = false;
    each_content(index, [&](std::uint32_t i) {
      if (at(i).kind == NodeKind::slot && nameless != 0) behind_nameless = true;
      if (at(i).kind != NodeKind::element) return;
      if (!container || !is_data(i)) {
        keys.emplace_back(escaped(tree_.text(at(i))));
        behind_nameless = nameless != 0;
        return;
      }
      check_data(i);
      const std::string name = data_name(i);
      if (!name.empty()) {
        ++named;
        keys.push_back(escaped(name));
        return;
      }
      if (behind_nameless) throw Unsuited{};
      if (nameless++ == 0) keys.emplace_back("Data");
    });
    if (named != 0 && nameless != 0) throw Unsuited{};
    if (std::set<std::string_view>(keys.begin(), keys.end()).size() != keys.size()) throw Unsuited{};
    return keys;
  }

  void check_data(std::uint32_t index) const {
    if (holds_elements(index)) throw Unsuited{};
    each_attribute(index, [&](std::uint32_t i) {
      for (std::uint32_t j = i + 1; j < at(i).end; ++j) {
        if (at(j).kind == NodeKind::slot) throw Unsuited{};
      }
    });
  }

  std::string data_name(std::uint32_t index) const {
    std::string found;
    each_attribute(index, [&](std::uint32_t i) {
      if (!found.empty() || tree_.text(at(i)) != "Name") return;
      for (std::uint32_t j = i + 1; j < at(i).end; ++j) found += tree_.text(at(j));
    });
    return found;
  }

  void named_data(std::uint32_t index) {
    const std::vector<std::uint32_t> jumps = guards(index);
    literals_ += key(data_name(index));
    content(index, JsonAct::data);
    land(jumps);
  }

  void positional_data(std::uint32_t parent, std::uint32_t first) {
    static constexpr std::string_view opening = "\"Data\":{\"#text\":[";
    literals_ += opening;
    step(JsonAct::positional_begin).drop = static_cast<std::uint32_t>(opening.size());
    const std::uint32_t begin = next() - 1;
    each_content(parent, [&](std::uint32_t i) {
      if (i < first || !is_data(i)) return;
      const std::vector<std::uint32_t> jumps = guards(i);
      content(i, JsonAct::positional);
      land(jumps);
    });
    step(JsonAct::positional_end).jump = begin;
  }

  void nested(std::uint32_t node, bool container, const std::vector<std::string>& keys) {
    const auto from = static_cast<std::uint32_t>(out_.parts.size());
    for (const std::string& name : keys) {
      out_.parts.push_back(
          {no_slot, static_cast<std::uint32_t>(kept_.size()), static_cast<std::uint32_t>(name.size())});
      kept_ += name;
    }
    JsonStep& made = step(JsonAct::nested);
    made.slot = at(node).slot;
    made.in_container = container;
    take_parts(made, from);
  }

  const Tree& tree_;
  JsonProgram& out_;
  std::string literals_, kept_;
  std::uint32_t done_ = 0;
  TextBuffer scratch_;
};

}  // namespace

void compile_json(const Tree& tree, JsonProgram& program) {
  program = JsonProgram{};
  try {
    Compiler compiler(tree, program);
    compiler.fragment();
    compiler.finish();
  } catch (const Unsuited&) {
    program = JsonProgram{};
  }
}

}  // namespace synclens::evtx
