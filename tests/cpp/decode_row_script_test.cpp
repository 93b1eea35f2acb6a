// Which instances have a row script, and what it says.
#include <doctest/doctest.h>

#include "decode/column_program.hpp"
#include "decode/row_script.hpp"
#include "record/row_writer.hpp"

using namespace synclens;
using namespace synclens::evtx;

namespace {

constexpr auto type_of(ValueType type) {
  return static_cast<std::uint8_t>(type);
}
constexpr std::uint8_t null = 0, text = type_of(ValueType::string), number = type_of(ValueType::uint32);
constexpr std::uint8_t list = text | array_bit;

// Numbers have their size, all others six bytes.
std::vector<std::uint8_t> descriptors_of(const std::vector<std::uint8_t>& types) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint8_t type : types) {
    const std::uint8_t width = width_of(static_cast<ValueType>(type));
    const auto size = static_cast<std::uint8_t>(type == null ? 0 : width != 0 ? width : 6);
    bytes.insert(bytes.end(), {size, 0, type, 0});
  }
  bytes.resize(bytes.size() + readable_behind);
  return bytes;
}

// A program of items: one for each slot, named by its letter.
struct Made {
  ColumnProgram program;
  TextBuffer texts;

  Made() { texts.append("abcdef"); }
  std::uint32_t part(const Part& p) {
    program.parts.push_back(p);
    return static_cast<std::uint32_t>(program.parts.size() - 1);
  }
  ColumnOp& item(std::uint16_t slot, bool guarded = false) {
    ColumnOp op{ColumnAct::value};
    op.guarded = guarded;
    op.slot = slot;
    op.name = part({no_slot, false, slot, 1});
    op.names = 1;
    op.value = part({slot, guarded, 0, 0});
    op.values = 1;
    return program.rest.emplace_back(op);
  }
  ColumnOp& of_slot(ColumnAct act, std::uint16_t slot) {
    ColumnOp op{act};
    op.slot = slot;
    op.value = part({slot, false, 0, 0});
    op.values = 1;
    return program.rest.emplace_back(op);
  }
  [[nodiscard]] RowScript script(const std::vector<std::uint8_t>& types, std::uint32_t first = 0) const {
    const std::vector<std::uint8_t> all = descriptors_of(types);
    return {program, first, all.data() + std::size_t{first} * descriptor_size,
            static_cast<std::uint32_t>(types.size()) - first};
  }
};

}  // namespace

TEST_CASE("row script: an act for each value, and the names of those that are items") {
  Made made;
  made.item(0);
  made.item(2, true);
  made.item(3, true);
  RowScript script = made.script({text, number, null, list, number});
  REQUIRE(script.suits());
  CHECK(script.acts() ==
        std::vector{RowAct::text, RowAct::skip, RowAct::skip, RowAct::array, RowAct::skip});  // slot 2 is NULL
  REQUIRE(script.items() == 2);
  RowWriter rows(ColumnSet::all()), others(ColumnSet::all());
  const std::int32_t before = others.item_name("before");
  CHECK(script.codes(made.texts, rows)[0] == rows.item_name("a"));
  CHECK(script.codes(made.texts, rows)[1] == rows.item_name("d"));
  CHECK(script.codes(made.texts, others)[0] == others.item_name("a"));  // each writer has codes of its own
  CHECK(script.codes(made.texts, others)[0] != before);
}

TEST_CASE("row script: types decide, sizes do not, but for those of numbers") {
  Made made;
  made.item(0);
  made.item(1);
  const RowScript script = made.script({text, number});
  std::vector<std::uint8_t> other = descriptors_of({text, number});
  CHECK(script.shape.matches(other.data(), 2));
  other[0] = 0;
  CHECK(script.shape.matches(other.data(), 2));
  other[4] = 2;
  CHECK_FALSE(script.shape.matches(other.data(), 2));
  CHECK_FALSE(script.shape.matches(descriptors_of({text, text}).data(), 2));
  CHECK_FALSE(script.shape.matches(descriptors_of({text}).data(), 1));
}

TEST_CASE("row script: an element whose value is NULL is left out with all that stands in it") {
  Made made;
  ColumnOp guard{ColumnAct::skip_if_null};
  guard.slot = 0;
  guard.jump = 2;
  made.program.rest.push_back(guard);
  made.item(1);
  made.item(2);
  CHECK(made.script({null, text, text}).acts() == std::vector{RowAct::skip, RowAct::skip, RowAct::text});
  CHECK(made.script({number, text, text}).acts() == std::vector{RowAct::skip, RowAct::text, RowAct::text});
}

TEST_CASE("row script: fragments, and the binary column") {
  Made made;
  made.of_slot(ColumnAct::nested, 2).context = Context::event;
  made.of_slot(ColumnAct::field, 3).field = Field::binary;
  const RowScript script = made.script({text, text, type_of(ValueType::binxml), type_of(ValueType::binary)}, 2);
  REQUIRE(script.suits());
  CHECK(script.acts() == std::vector{RowAct::fragment, RowAct::binary});
  CHECK(script.context() == Context::event);
  CHECK(script.items() == 0);
  CHECK(made.script({text, text, null, null}, 2).suits());
  CHECK_FALSE(made.script({text, text, text, null}, 2).suits());  // a text where a fragment may stand
  CHECK_FALSE(made.script({text, text, null, text}, 2).suits());
}

TEST_CASE("row script: none where a walk through the values in their order does not give the items") {
  Made backwards;
  backwards.item(1);
  backwards.item(0);
  CHECK_FALSE(backwards.script({text, text}).suits());
  Made twice;
  twice.item(0);
  twice.item(0);
  CHECK_FALSE(twice.script({text}).suits());
  Made missing;
  missing.item(1);
  CHECK_FALSE(missing.script({text}).suits());
  Made fragment;
  fragment.item(0);
  CHECK_FALSE(fragment.script({type_of(ValueType::binxml)}).suits());
  Made of_parts;
  of_parts.item(0).values = 2;
  of_parts.part({});
  CHECK_FALSE(of_parts.script({text}).suits());
  Made named_by_value;
  named_by_value.item(0);
  named_by_value.program.parts[named_by_value.program.rest[0].name].slot = 1;
  CHECK_FALSE(named_by_value.script({text, text}).suits());
  Made before;
  before.item(0);
  before.item(1);
  CHECK_FALSE(before.script({text, text}, 1).suits());
  Made system;
  system.item(1);
  system.program.system.push_back({ColumnAct::number});
  CHECK_FALSE(system.script({number, text}).suits());
  CHECK(system.script({number, text}, 1).suits());
}
