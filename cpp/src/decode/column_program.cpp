#include "decode/column_program.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace synclens::evtx {
namespace {

constexpr SystemField fields_of_system[] = {
    {"Provider", "Name", Field::provider},
    {"Provider", "Guid", Field::provider_guid},
    {"EventID", "", Field::event_id},
    {"EventID", "Qualifiers", Field::qualifiers},
    {"Version", "", Field::version},
    {"Level", "", Field::level},
    {"Task", "", Field::task},
    {"Opcode", "", Field::opcode},
    {"Keywords", "", Field::keywords},
    {"TimeCreated", "SystemTime", Field::time},
    {"EventRecordID", "", Field::record_id},
    {"Correlation", "ActivityID", Field::activity_id},
    {"Correlation", "RelatedActivityID", Field::related_activity_id},
    {"Execution", "ProcessID", Field::process_id},
    {"Execution", "ThreadID", Field::thread_id},
    {"Channel", "", Field::channel},
    {"Computer", "", Field::computer},
    {"Security", "UserID", Field::user_sid},
};

std::optional<Field> system_field(std::string_view element, std::string_view attribute) {
  for (const SystemField& f : fields_of_system) {
    if (f.element == element && f.attribute == attribute) return f.field;
  }
  return std::nullopt;
}

class Compiler {
 public:
  Compiler(const Tree& tree, ColumnProgram& program) : tree_(tree), program_(program) {}

  void fragment(Context context) {
    for (std::uint32_t i = 0; i < tree_.nodes.size(); ++i) {
      if (tree_.nodes[i].kind != NodeKind::element) continue;
      element(i, context);
      i = tree_.nodes[i].end;
    }
  }

 private:
  const Node& at(std::uint32_t i) const { return tree_.nodes[i]; }

  // First node behind the attributes.
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

  bool has_elements(std::uint32_t element) const {
    bool found = false;
    each_content(element, [&](std::uint32_t i) { found = found || at(i).kind == NodeKind::element; });
    return found;
  }

  std::vector<ColumnOp>& ops(Context context) { return context == Context::system ? program_.system : program_.rest; }

  void element(std::uint32_t index, Context context) {
    const std::string_view name = tree_.text(at(index));
    switch (context) {
      case Context::document:
        // The root stands for the record: nothing can leave it out.
        if (name == "Event") return content(index, Context::event);
        return guarded(index, Context::leaves, [&] { leaf_or_container(index, Context::leaves); });
      case Context::event:
        if (name == "System") return guarded(index, Context::system, [&] { content(index, Context::system); });
        if (name == "RenderingInfo")
          return guarded(index, Context::rendering, [&] { content(index, Context::rendering); });
        if (name == "BinaryEventData") return guarded(index, context, [&] { field(index, Field::binary); });
        {
          const Context inner = name == "EventData" ? Context::event_data : Context::leaves;
          return guarded(index, inner, [&] { content(index, inner); });
        }
      case Context::system:
        return guarded(index, context, [&] { system_element(index, name); });
      case Context::event_data:
        if (name == "Binary" && !has_elements(index))
          return guarded(index, context, [&] { field(index, Field::binary); });
        return guarded(index, Context::leaves, [&] { leaf_or_container(index, Context::leaves); });
      case Context::leaves:
        return guarded(index, context, [&] { leaf_or_container(index, context); });
      case Context::rendering:
        if (name == "Message") return guarded(index, context, [&] { field(index, Field::message); });
        if (name == "Level") return guarded(index, context, [&] { field(index, Field::level_text); });
        return;
    }
  }

  // What stands between is skipped when the element is left out.
  template <typename Body>
  void guarded(std::uint32_t index, Context context, Body body) {
    std::vector<ColumnOp>& to = ops(context);
    const std::size_t first = to.size();
    const auto guard = [&](std::uint16_t slot) {
      // Windows names the slot twice: as what the element depends on, and as optional where it stands.
      if (std::any_of(to.begin() + static_cast<std::ptrdiff_t>(first), to.end(),
                      [slot](const ColumnOp& before) { return before.slot == slot; })) {
        return;
      }
      ColumnOp op{ColumnAct::skip_if_null};
      op.slot = slot;
      to.push_back(op);
    };
    if (at(index).slot != no_slot) guard(at(index).slot);
    each_content(index, [&](std::uint32_t i) {
      if (at(i).kind == NodeKind::slot && at(i).optional) guard(at(i).slot);
    });
    const std::size_t behind_guards = to.size();
    body();
    if (behind_guards == first + 1 && to.size() == behind_guards + 1) {
      // The one op behind the guard can see for itself that its value is NULL.
      ColumnOp& op = to.back();
      const bool of_slot = op.slot == to[first].slot;
      const bool text_of_slot =
          op.act == ColumnAct::field && op.values == 1 && program_.parts[op.value].slot == to[first].slot;
      if (of_slot && op.act == ColumnAct::value) op.guarded = true;
      if (text_of_slot || (of_slot && (op.act == ColumnAct::value || op.act == ColumnAct::number))) {
        to.erase(to.end() - 2);
        return;
      }
    }
    for (std::size_t i = first; i < behind_guards; ++i) to[i].jump = static_cast<std::uint32_t>(to.size());
  }

  void content(std::uint32_t index, Context inner) {
    if (inner != Context::system && inner != Context::rendering && holds_text_alone(index)) {
      ColumnOp op{ColumnAct::item};
      value_parts(index, op);
      program_.rest.push_back(op);
      return;
    }
    each_content(index, [&](std::uint32_t i) {
      if (at(i).kind == NodeKind::element) element(i, inner);
      if (at(i).kind == NodeKind::slot && !tree_.bare) nested(i, inner, {});
    });
  }

  // Text where elements are expected: a value without a name, as a value of a template is there.
  bool holds_text_alone(std::uint32_t element) const {
    bool any = false, alone = true;
    each_content(element, [&](std::uint32_t i) {
      const NodeKind kind = at(i).kind;
      const bool text = kind == NodeKind::text || kind == NodeKind::cdata || (kind == NodeKind::slot && tree_.bare);
      any = any || text;
      alone = alone && (text || kind == NodeKind::pi);
    });
    return any && alone;
  }

  void nested(std::uint32_t slot_node, Context context, std::string_view) {
    ColumnOp op{ColumnAct::nested};
    op.slot = at(slot_node).slot;
    op.context = context;
    op.value = static_cast<std::uint32_t>(program_.parts.size());
    op.values = 1;
    program_.parts.push_back(part(slot_node));
    ops(context).push_back(op);
  }

  void leaf_or_container(std::uint32_t index, Context context) {
    if (has_elements(index)) return content(index, context);
    ColumnOp op{ColumnAct::item};
    op.context = Context::leaves;
    op.name = static_cast<std::uint32_t>(program_.parts.size());
    name_parts(index);
    op.names = static_cast<std::uint32_t>(program_.parts.size()) - op.name;
    value_parts(index, op);
    if (op.names == 1 && op.values == 1 && program_.parts[op.name].slot == no_slot &&
        program_.parts[op.value].slot != no_slot) {
      op.act = ColumnAct::value;
      op.slot = program_.parts[op.value].slot;
    }
    program_.rest.push_back(op);
  }

  // Data/@Name; an unnamed Data has no name; any other element has its own.
  void name_parts(std::uint32_t index) {
    if (tree_.text(at(index)) != "Data") {
      program_.parts.push_back({no_slot, false, at(index).text, at(index).text_size});
      return;
    }
    for (std::uint32_t i = index + 1; at(i).kind == NodeKind::attribute; i = at(i).end + 1) {
      if (tree_.text(at(i)) != "Name") continue;
      for (std::uint32_t j = i + 1; j < at(i).end; ++j) program_.parts.push_back(part(j));
    }
  }

  Part part(std::uint32_t node) const {
    const Node& n = at(node);
    if (n.kind == NodeKind::slot) return {n.slot, n.optional, 0, 0};
    return {no_slot, false, n.text, n.text_size};
  }

  void value_parts(std::uint32_t index, ColumnOp& op) {
    op.value = static_cast<std::uint32_t>(program_.parts.size());
    each_content(index, [&](std::uint32_t i) {
      const NodeKind kind = at(i).kind;
      if (kind == NodeKind::slot || kind == NodeKind::text || kind == NodeKind::cdata) {
        program_.parts.push_back(part(i));
      }
    });
    op.values = static_cast<std::uint32_t>(program_.parts.size()) - op.value;
  }

  void field(std::uint32_t index, Field field) {
    ColumnOp op{ColumnAct::field};
    op.field = field;
    value_parts(index, op);
    program_.rest.push_back(op);
  }

  void system_element(std::uint32_t index, std::string_view name) {
    for (std::uint32_t i = index + 1; at(i).kind == NodeKind::attribute; i = at(i).end + 1) {
      const auto field = system_field(name, tree_.text(at(i)));
      if (!field) continue;
      ColumnOp op{ColumnAct::field};
      op.field = *field;
      op.value = static_cast<std::uint32_t>(program_.parts.size());
      for (std::uint32_t j = i + 1; j < at(i).end; ++j) program_.parts.push_back(part(j));
      op.values = static_cast<std::uint32_t>(program_.parts.size()) - op.value;
      add_system(op);
    }
    const auto field = system_field(name, {});
    if (!field) return;
    ColumnOp op{ColumnAct::field};
    op.field = *field;
    value_parts(index, op);
    if (op.values != 0) add_system(op);
  }

  void add_system(ColumnOp& op) {
    if (is_number(op.field) && op.values == 1 && program_.parts[op.value].slot != no_slot) {
      op.act = ColumnAct::number;
      op.slot = program_.parts[op.value].slot;
    }
    program_.system.push_back(op);
  }

  const Tree& tree_;
  ColumnProgram& program_;
};

}  // namespace

std::span<const SystemField> system_fields() {
  return fields_of_system;
}

void compile_columns(const Tree& tree, Context context, ColumnProgram& program) {
  program.system.clear();
  program.rest.clear();
  program.parts.clear();
  Compiler(tree, program).fragment(context);
  program.event_id = no_slot;
  for (const ColumnOp& op : program.system) {
    if (op.act == ColumnAct::number && op.field == Field::event_id) program.event_id = op.slot;
  }
  const auto slots_in = [&](std::uint32_t first, std::uint32_t count) {
    const auto begin = program.parts.begin() + first;
    return std::count_if(begin, begin + count, [](const Part& part) { return part.slot != no_slot; });
  };
  program.mixes_slots = std::any_of(program.rest.begin(), program.rest.end(), [&](const ColumnOp& op) {
    return op.act != ColumnAct::skip_if_null && slots_in(op.name, op.names) + slots_in(op.value, op.values) > 1;
  });
  program.rest_from = no_slot;
  for (const ColumnOp& op : program.rest) {
    program.rest_from = std::min(program.rest_from, op.slot);
    for (std::uint32_t i = 0; i < op.names; ++i) {
      program.rest_from = std::min(program.rest_from, program.parts[op.name + i].slot);
    }
    for (std::uint32_t i = 0; i < op.values; ++i) {
      program.rest_from = std::min(program.rest_from, program.parts[op.value + i].slot);
    }
  }
  const bool lone = program.rest.size() == 1 && program.rest.front().act == ColumnAct::nested;
  program.lone_fragment = lone ? program.rest.front().context : Context::document;
  std::vector<std::uint16_t> slots;
  for (const Part& part : program.parts) {
    if (part.slot != no_slot) slots.push_back(part.slot);
  }
  std::sort(slots.begin(), slots.end());
  program.slot_uses = 0;
  std::uint32_t run = 0;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    run = i > 0 && slots[i] == slots[i - 1] ? run + 1 : 1;
    program.slot_uses = std::max(program.slot_uses, run);
  }
}

}  // namespace synclens::evtx
