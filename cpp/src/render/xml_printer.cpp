#include "render/xml_printer.hpp"

#include "render/output_limits.hpp"

namespace synclens::evtx {

void XmlPrinter::begin_chunk() {
  fragments_.begin_chunk();
  chunk_work_ = 0;
}

void XmlPrinter::print(ByteView chunk, const RecordSpan& record, TextBuffer& out) {
  const std::size_t start = out.size();
  chunk_ = chunk;
  most_size_ = start + most_output(chunk_work_);
  try {
    fragments_.begin_record(record.state != RecordState::intact);
    Cursor in(chunk, record.offset + record_head, record.offset + record.size - 4);
    fragments_.each(in, true, [&](const Instance& instance) { run_document(instance, out); });
  } catch (const Damage&) {
    chunk_work_ += out.size() - start;
    out.cut(start);
    throw;
  }
  chunk_work_ += out.size() - start;
  out.push('\n');
}

void XmlPrinter::run_document(const Instance& instance, TextBuffer& out) {
  if (instance.has_arrays || !instance.plan->kept || instance.count == 0) return run(instance, out);
  const XmlProgram& program = instance.plan->xml();
  HeadCache& cache = instance.plan->heads();
  const Value* const values = &fragments_.values()[instance.first];
  bool make = false;
  const Head* const head = cache.find(values, instance.count, make);
  if (make) cache.keep(values, instance.count, make_head(instance, program, cache), head_bytes_);
  if (head == nullptr) return run_plain(instance, program, 0, out);
  head->print(values, out);
  run_plain(instance, program, head->next_step, out);
}

// Prints as run_plain() does, up to the first value that no head can hold.
Head XmlPrinter::make_head(const Instance& instance, const XmlProgram& program, const HeadCache& cache) {
  Head head;
  TextBuffer text;
  std::uint32_t i = 0;
  while (i < program.plain.size()) {
    const XmlStep& step = program.plain[i];
    const Value found = instance.value(fragments_.values(), step.slot);
    if (step.slot != no_slot && (step.slot >= cache.slots() || found.is(ValueType::binxml))) break;
    ++i;
    const char* at = program.literals.data() + step.literal;
    text.append({at, step.literal_size});
    at += step.literal_size;
    if (step.act == XmlAct::skip_if_null) {
      if (found.is_null()) i = step.jump;
      continue;
    }
    if (step.act == XmlAct::end || step.slot == no_slot) continue;
    const bool leaf = step.act == XmlAct::text_leaf || step.act == XmlAct::attribute_leaf;
    const bool attribute = step.act == XmlAct::attribute_value || step.act == XmlAct::attribute_leaf;
    const Escape escape = attribute ? Escape::xml_attribute : Escape::xml_text;
    if (leaf && found.is_null()) continue;
    if (leaf) text.append({at, step.head_size});
    if (cache.is_hole(step.slot, found)) {
      head.holes.push_back({static_cast<std::uint32_t>(text.size()), step.slot, escape});
      text.push('?');
    } else {
      append_value(text, found, escape);
    }
    if (leaf) text.append({at + step.head_size, step.tail_size});
  }
  head.text = text.view();
  head.next_step = i;
  return head;
}

void XmlPrinter::run(const Instance& instance, TextBuffer& out) {
  const XmlProgram& program = instance.plan->xml();
  if (!instance.has_arrays) return run_plain(instance, program, 0, out);
  run_steps(instance, program, 0, static_cast<std::uint32_t>(program.steps.size()), out);
}

// The same for values without arrays.
void XmlPrinter::run_plain(const Instance& instance, const XmlProgram& program, std::uint32_t from, TextBuffer& out) {
  ValueStack& values = fragments_.values();
  const char* const literals = program.literals.data();
  const XmlStep* const steps = program.plain.data();
  const auto end = static_cast<std::uint32_t>(program.plain.size());
  if (out.size() > most_size_) throw Damage{"values repeated beyond measure", 0};
  for (std::uint32_t i = from; i < end;) {
    const XmlStep& step = steps[i];
    out.append_padded(literals + step.literal, step.literal_size);
    ++i;
    const Value found = instance.value(values, step.slot);
    switch (step.act) {
      case XmlAct::text_value:
        value(found, Escape::xml_text, out);
        break;
      case XmlAct::attribute_value:
        value(found, Escape::xml_attribute, out);
        break;
      case XmlAct::text_leaf:
      case XmlAct::attribute_leaf: {
        if (found.is_null()) break;
        const char* const head = literals + step.literal + step.literal_size;
        out.append_padded(head, step.head_size);
        value(found, step.act == XmlAct::text_leaf ? Escape::xml_text : Escape::xml_attribute, out);
        out.append_padded(head + step.head_size, step.tail_size);
        break;
      }
      case XmlAct::skip_if_null:
        if (found.is_null()) i = step.jump;
        break;
      case XmlAct::repeat:
      case XmlAct::end:
        break;
    }
  }
}

void XmlPrinter::run_steps(const Instance& instance, const XmlProgram& program, std::uint32_t from, std::uint32_t end,
                           TextBuffer& out) {
  ValueStack& values = fragments_.values();
  const char* const literals = program.literals.data();
  if (out.size() > most_size_) throw Damage{"values repeated beyond measure", 0};
  for (std::uint32_t i = from; i < end;) {
    const XmlStep& step = program.steps[i];
    out.append({literals + step.literal, step.literal_size});
    ++i;
    switch (step.act) {
      case XmlAct::text_value:
        value(instance.value(values, step.slot), Escape::xml_text, out);
        break;
      case XmlAct::attribute_value:
        value(instance.value(values, step.slot), Escape::xml_attribute, out);
        break;
      case XmlAct::skip_if_null:
        if (instance.value(values, step.slot).is_null()) i = step.jump;
        break;
      case XmlAct::repeat:
        if (!instance.value(values, step.slot).is_array()) break;
        repeat(instance, program, i - 1, out);
        i = step.jump;
        break;
      case XmlAct::text_leaf:
      case XmlAct::attribute_leaf:
      case XmlAct::end:
        break;
    }
  }
}

void XmlPrinter::repeat(const Instance& instance, const XmlProgram& program, std::uint32_t at, TextBuffer& out) {
  const XmlStep& step = program.steps[at];
  const std::size_t place = instance.first + step.slot;
  const Value array = fragments_.values()[place];
  const Value nothing{array.data, 0, static_cast<std::uint8_t>(ValueType::string)};
  ArrayItems items(array);
  Value item;
  if (!items.next(item)) item = nothing;  // the element stands there once
  do {
    fragments_.values()[place] = item;
    run_steps(instance, program, at + 1, step.jump, out);
  } while (items.next(item));
  fragments_.values()[place] = array;
}

void XmlPrinter::value(const Value& value, Escape escape, TextBuffer& out) {
  if (out.size() > most_size_) throw Damage{"values repeated beyond measure", 0};
  if (!value.is(ValueType::binxml)) return append_value(out, value, escape);
  if (escape == Escape::xml_attribute) return;  // no markup inside a start tag
  const auto from = static_cast<std::uint32_t>(value.data - chunk_.data());
  Cursor in(chunk_, from, from + value.size);
  fragments_.each(in, false, [&](const Instance& inner) { run(inner, out); });
}

}  // namespace synclens::evtx
