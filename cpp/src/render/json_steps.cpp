#include "render/json_steps.hpp"

#include <array>
#include <utility>

namespace synclens::evtx {
namespace {

constexpr unsigned most_nested = 4;         // fragments in fragments
constexpr std::size_t most_neighbours = 4;  // fragments in one value

// Whether a program pays: one whose values mostly need the tree is not tried again.
bool worth(const JsonProgram& program) {
  return program.suits && (program.misses < 64 || program.misses < program.runs / 2);
}

bool is_bare(const Value& v) {
  switch (static_cast<ValueType>(v.type)) {
    case ValueType::int8:
    case ValueType::uint8:
      return v.size == 1;
    case ValueType::int16:
    case ValueType::uint16:
      return v.size == 2;
    case ValueType::int32:
    case ValueType::uint32:
    case ValueType::boolean:
      return v.size == 4;
    case ValueType::int64:
    case ValueType::uint64:
      return v.size == 8;
    default:
      return false;
  }
}

// False, and nothing printed, where the value has no text.
bool put_value(const Value& value, TextBuffer& out) {
  if (is_bare(value)) {
    append_value(out, value, Escape::json);
    return true;
  }
  const std::size_t start = out.size();
  out.push('"');
  append_value(out, value, Escape::json);
  if (out.size() == start + 1) {
    out.cut(start);
    return false;
  }
  out.push('"');
  return true;
}

// A comma becomes the end of what it stood in, and a comma behind that.
void close_behind_comma(TextBuffer& out, std::string_view end) {
  out.cut(out.size() - 1);
  out.append(end);
}

}  // namespace

bool JsonSteps::print(ByteView chunk, const RecordSpan& record, TextBuffer& out) {
  chunk_ = chunk;
  const std::size_t start = out.size();
  most_size_ = start + most_output;
  depth_ = 0;
  fragments_.begin_record(record.state != RecordState::intact);
  Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
  bool suits = true;
  JsonProgram* first = nullptr;
  fragments_.each(in, true, [&](const Instance& instance) {
    suits = first == nullptr && instance.plan->kept;
    if (!suits) return false;
    first = &instance.plan->json();
    ++first->runs;
    suits = worth(*first);
    if (!suits) return false;
    out.push('{');
    suits = run_document(instance, *first, out);
    return suits;
  });
  if (!suits) {
    if (first != nullptr) ++first->misses;
    fragments_.values().cut(0);
    wasted_ = out.size() - start;
    out.cut(start);
    return false;
  }
  close_behind_comma(out, "}");
  return true;
}

bool JsonSteps::run_document(const Instance& instance, JsonProgram& program, TextBuffer& out) {
  if (instance.has_arrays || instance.count == 0) return run(instance, program, program.root_guards, out);
  HeadCache& cache = instance.plan->heads();
  const Value* const values = &fragments_.values()[instance.first];
  bool make = false;
  const Head* const head = cache.find(values, instance.count, make);
  if (make) {
    Head made;
    if (!make_head(instance, program, cache, made)) return false;
    cache.keep(values, instance.count, std::move(made), head_bytes_);
  }
  if (head == nullptr) return run(instance, program, program.root_guards, out);
  head->print(values, out);
  return run(instance, program, head->next_step, out);
}

bool JsonSteps::make_head(const Instance& instance, const JsonProgram& program, const HeadCache& cache, Head& head) {
  TextBuffer text;
  making_ = &head;
  making_for_ = &cache;
  const std::size_t most = std::exchange(most_size_, most_output);
  const bool suits = run(instance, program, program.root_guards, text);
  most_size_ = most;
  making_ = nullptr;
  making_for_ = nullptr;
  head.text = text.view();
  return suits;
}

// Whether a step needs a value that no head can hold.
bool JsonSteps::ends_head(const Instance& instance, const JsonProgram& program, const JsonStep& step) {
  switch (step.act) {
    case JsonAct::data:
    case JsonAct::positional:
    case JsonAct::positional_begin:
    case JsonAct::positional_end:
    case JsonAct::nested:
      return true;
    case JsonAct::skip_if_null:
      return step.slot >= making_for_->slots();
    default:
      break;
  }
  for (std::uint32_t i = 0; i < step.parts; ++i) {
    const std::uint16_t slot = program.parts[step.part + i].slot;
    if (slot == no_slot) continue;
    if (slot >= making_for_->slots()) return true;
    const Value value = instance.value(fragments_.values(), slot);
    if (value.is(ValueType::binxml) || (step.parts > 1 && making_for_->is_hole(slot, value))) return true;
  }
  return false;
}

bool JsonSteps::run(const Instance& instance, const JsonProgram& program, std::uint32_t from, TextBuffer& out) {
  ValueStack& values = fragments_.values();
  const char* const literals = program.literals.data();
  const JsonStep* const steps = program.steps.data();
  const auto end = static_cast<std::uint32_t>(program.steps.size());
  for (std::uint32_t i = from; i < end;) {
    const JsonStep& step = steps[i];
    if (making_ != nullptr) {
      making_->next_step = i;
      if (ends_head(instance, program, step)) return true;
      making_->next_step = end;
    }
    out.append_padded(literals + step.literal, step.literal_size);
    ++i;
    switch (step.act) {
      case JsonAct::print:
        break;
      case JsonAct::skip_if_null:
        if (instance.value(values, step.slot).is_null()) i = step.jump;
        break;
      case JsonAct::attribute: {
        const std::size_t before = out.size();
        if (!put_parts(instance, program, step, out)) return false;
        if (out.size() == before) {
          out.cut(before - step.drop);
        } else {
          out.push(',');
        }
        break;
      }
      case JsonAct::attributes_end:
        if (out.last() == ',') {
          close_behind_comma(out, "},");
        } else {
          out.cut(out.size() - step.drop);
        }
        break;
      case JsonAct::leaf: {
        const std::size_t before = out.size();
        if (!put_parts(instance, program, step, out)) return false;
        out.append(out.size() == before ? std::string_view("null,") : std::string_view(","));
        break;
      }
      case JsonAct::attributed_leaf: {
        const bool attributed = out.last() == ',';
        const std::size_t start = out.size();
        if (attributed) out.append("\"#text\":");
        const std::size_t before = out.size();
        if (!put_parts(instance, program, step, out)) return false;
        const bool any = out.size() != before;
        if (attributed && !any) {
          out.cut(start);
          close_behind_comma(out, "},");
        } else {
          out.append(attributed ? std::string_view("},") : any ? std::string_view(",") : std::string_view("null,"));
        }
        break;
      }
      case JsonAct::data:
        list_ = out.size();
        listed_ = 0;
        if (!put_items(instance, program, step, out)) return false;
        if (listed_ != 1) {
          out.insert(list_, '[');
          close_behind_comma(out, "],");
        }
        break;
      case JsonAct::positional_begin:
        list_ = out.size();
        listed_ = 0;
        break;
      case JsonAct::positional:
        if (!put_items(instance, program, step, out)) return false;
        break;
      case JsonAct::positional_end: {
        const JsonStep& begin = steps[step.jump];
        if (listed_ == 0) {
          out.cut(list_ - begin.drop);
        } else if (listed_ == 1) {
          out.erase(list_ - 1);
          close_behind_comma(out, "},");
        } else {
          close_behind_comma(out, "]},");
        }
        break;
      }
      case JsonAct::nested:
        if (!nested(instance, program, step, out)) return false;
        break;
      case JsonAct::close:
        if (out.last() == ',') {
          close_behind_comma(out, "},");
        } else {
          close_behind_comma(out, "null,");  // nothing behind its brace
        }
        break;
    }
    if (out.size() > most_size_) return false;
  }
  return true;
}

// Prints the text of the parts, or nothing where there is none.
bool JsonSteps::put_parts(const Instance& instance, const JsonProgram& program, const JsonStep& step, TextBuffer& out) {
  const JsonPart* const parts = program.parts.data() + step.part;
  if (step.parts == 1 && parts->slot != no_slot) {
    const Value value = instance.value(fragments_.values(), parts->slot);
    if (value.is_array() || value.is(ValueType::binxml)) return false;
    if (value.size == 0) return true;
    if (making_ == nullptr || !making_for_->is_hole(parts->slot, value)) {
      (void)put_value(value, out);
      return true;
    }
    const std::size_t before = out.size();
    if (!put_value(value, out)) return true;
    const bool quoted = !is_bare(value);
    out.cut(before);
    if (quoted) out.push('"');
    making_->holes.push_back({static_cast<std::uint32_t>(out.size()), parts->slot, Escape::json});
    out.push('?');
    if (quoted) out.push('"');
    return true;
  }
  std::size_t any = 0;
  bool bare = false;
  const std::size_t start = out.size();
  out.push('"');
  for (std::uint32_t i = 0; i < step.parts; ++i) {
    const std::size_t before = out.size();
    bool number = false;
    if (parts[i].slot == no_slot) {
      out.append(program.text(parts[i]));
    } else {
      const Value value = instance.value(fragments_.values(), parts[i].slot);
      if (value.is_array() || value.is(ValueType::binxml)) return false;
      append_value(out, value, Escape::json);
      number = is_bare(value);
    }
    if (out.size() == before) continue;
    bare = number;
    ++any;
  }
  if (any == 0) {
    out.cut(start);
  } else if (any == 1 && bare) {
    out.erase(start);
  } else {
    out.push('"');
  }
  return true;
}

// Prints the text of the parts, or of each item where it is an array, "" where there is none; a comma behind each.
bool JsonSteps::put_items(const Instance& instance, const JsonProgram& program, const JsonStep& step, TextBuffer& out) {
  const JsonPart* const parts = program.parts.data() + step.part;
  if (step.parts == 1 && parts->slot != no_slot) {
    const Value value = instance.value(fragments_.values(), parts->slot);
    if (value.is_array()) {
      if (parts->slot >= instance.count) return false;
      ArrayItems items(value);
      Value item;
      bool more = items.next(item);
      if (!more) item = Value{value.data, 0, static_cast<std::uint8_t>(ValueType::string)};
      do {
        out.append(put_value(item, out) ? std::string_view(",") : std::string_view("\"\","));
        ++listed_;
        if (out.size() > most_size_) return false;
        more = more && items.next(item);
      } while (more);
      return true;
    }
  }
  const std::size_t before = out.size();
  if (!put_parts(instance, program, step, out)) return false;
  out.append(out.size() == before ? std::string_view("\"\",") : std::string_view(","));
  ++listed_;
  return true;
}

bool JsonSteps::nested(const Instance& instance, const JsonProgram& program, const JsonStep& step, TextBuffer& out) {
  const Value value = instance.value(fragments_.values(), step.slot);
  if (!value.is(ValueType::binxml)) return value.size == 0 && !value.is_array();
  if (++depth_ >= most_nested) return false;
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  std::array<std::string_view, most_neighbours> seen;
  std::size_t seen_count = 0;
  bool suits = true;
  fragments_.each(in, false, [&](const Instance& inner) {
    suits = inner.plan->kept && seen_count < seen.size();
    if (!suits) return false;
    JsonProgram& made = inner.plan->json();
    suits = made.suits;
    if (!suits) return false;
    const std::string_view name = made.text(made.root);
    suits = !(step.in_container && name == "Data");
    for (std::uint32_t i = 0; i < step.parts; ++i) {
      suits = suits && program.text(program.parts[step.part + i]) != name;
    }
    for (std::size_t i = 0; i < seen_count; ++i) suits = suits && seen[i] != name;
    seen[seen_count++] = name;
    suits = suits && run(inner, made, 0, out);
    return suits;
  });
  --depth_;
  return suits;
}

}  // namespace synclens::evtx
