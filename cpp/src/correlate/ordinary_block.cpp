#include "correlate/ordinary_block.hpp"

namespace synclens::correlate {
namespace {

// A record begins with its kind and, in the lowest bits, what of it is as expected and is therefore left out.
constexpr std::uint64_t same_id_step = 1, same_offset_step = 2, same_line_step = 4, one_user = 8;
constexpr unsigned flag_bits = 4;

}  // namespace

void OrdinaryBlock::add(const OrdinaryRecord& record) {
  std::uint64_t& offset_step = last_.offset_step(*record.kind);
  const std::uint64_t id_step = record.record_id - last_.record_id;  // these wrap
  const std::uint64_t step = record.offset - last_.offset;
  const std::uint64_t line_step = record.line - last_.line;
  std::uint64_t flags = 0;
  if (id_step == last_.id_step) flags |= same_id_step;
  if (step == offset_step) flags |= same_offset_step;
  if (line_step == last_.line_step) flags |= same_line_step;
  if (record.users.size() == 1) flags |= one_user;
  StepWriter steps;
  steps.number(record.kind_index << flag_bits | flags);
  steps.value(last_.time, static_cast<std::uint64_t>(record.time));
  if ((flags & same_id_step) == 0) steps.value(last_.id_step, id_step);
  if ((flags & same_offset_step) == 0) steps.value(offset_step, step);
  if ((flags & same_line_step) == 0) steps.value(last_.line_step, line_step);
  if (record.kind->tracked) steps.number(record.tracking);
  if ((flags & one_user) == 0) steps.number(record.users.size());
  steps.move_to(steps_);
  for (const std::uint32_t user : record.users) {
    steps.value(last_.user, user);
    steps.move_to(steps_);
  }
  last_.record_id = record.record_id;
  last_.offset = record.offset;
  last_.line = record.line;
}

bool OrdinaryBlockReader::next() {
  if (steps_.ended()) return false;
  const std::uint64_t head = steps_.number();
  record_.kind_index = static_cast<std::size_t>(head >> flag_bits);
  record_.kind = &(*kinds_)[record_.kind_index];
  std::uint64_t& offset_step = last_.offset_step(*record_.kind);
  record_.time = static_cast<Ticks>(steps_.value(last_.time));
  if ((head & same_id_step) == 0) steps_.value(last_.id_step);
  if ((head & same_offset_step) == 0) steps_.value(offset_step);
  if ((head & same_line_step) == 0) steps_.value(last_.line_step);
  record_.record_id = last_.record_id += last_.id_step;
  record_.offset = last_.offset += offset_step;
  record_.line = last_.line += last_.line_step;
  record_.tracking = record_.kind->tracked ? static_cast<std::uint32_t>(steps_.number()) : 0;
  users_.resize((head & one_user) != 0 ? 1 : static_cast<std::size_t>(steps_.number()));
  for (std::uint32_t& user : users_) user = static_cast<std::uint32_t>(steps_.value(last_.user));
  record_.users = users_;
  return true;
}

}  // namespace synclens::correlate
