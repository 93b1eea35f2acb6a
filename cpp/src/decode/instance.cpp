#include "decode/instance.hpp"

namespace synclens::evtx {

Instance FragmentReader::templated(Cursor& in) {
  in.skip(2, "template instance cut");  // the token and a byte that is always 1
  const std::uint32_t id = in.u32("template instance cut");
  const std::uint32_t definition = in.u32("template instance cut");
  Instance instance;
  instance.plan = &cache_.at(in.chunk(), definition, id);
  if (definition == in.at()) {
    const std::uint32_t size = load<std::uint32_t>(in.here() + definition_head - 4);
    in.skip(definition_head, "template past the end of the record");
    in.skip(size, "template past the end of the record");
  }
  instance.first = values_.size();
  instance.count = push_values(in);
  return instance;
}

std::uint32_t FragmentReader::push_values(Cursor& in) {
  const std::uint32_t count = in.u32("number of values cut");
  if (count > in.left() / 4) throw Damage{"more values than the record can hold", in.at()};
  const std::uint8_t* descriptor = in.here();
  in.skip(count * 4, "value descriptors cut");
  for (std::uint32_t i = 0; i < count; ++i, descriptor += 4) {
    Value value;
    value.size = load<std::uint16_t>(descriptor);
    value.type = descriptor[2];
    value.data = in.here();
    in.skip(value.size, "value past the end of the record");
    values_.push(value);
  }
  return count;
}

std::vector<Value> FragmentReader::bare_values(Cursor& in) {
  const std::uint32_t at = in.at();
  if (in.u8("record cut") != static_cast<std::uint8_t>(Token::template_instance)) throw Damage{"no template", at};
  in.skip(5, "template instance cut");
  const std::uint32_t definition = in.u32("template instance cut");
  if (definition == in.at()) throw Damage{"the definition is not elsewhere", at};
  values_.cut(0);
  const std::uint32_t count = push_values(in);
  std::vector<Value> values;
  values.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) values.push_back(values_[i]);
  values_.cut(0);
  return values;
}

Instance FragmentReader::bare(Cursor& in) {
  while (bare_.size() < depth_) bare_.push_back(std::make_unique<Plan>());
  Plan& plan = *bare_[depth_ - 1];
  plan.forget_programs();
  compile_fragment(in, Dialect::bare, most_depth_, plan.tree);
  return {&plan, values_.size(), 0};
}

}  // namespace synclens::evtx
