// Small tables as Arrow: layout, nulls, nesting, and who owns what until when.
#include <doctest/doctest.h>

#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "record/arrow_abi.hpp"
#include "synclens/small_table.hpp"

using namespace synclens;

namespace {

std::shared_ptr<SmallTable> table_of(CellColumn column) {
  auto table = std::make_shared<SmallTable>();
  table->rows = column.rows();
  table->columns.push_back(std::move(column));
  return table;
}

// A stream of one batch, released at the end.
struct Read {
  ArrowArrayStream stream{};
  ArrowSchema schema{};
  ArrowArray batch{}, after{};

  explicit Read(std::shared_ptr<const SmallTable> table) {
    export_arrow_stream(std::move(table), &stream);
    REQUIRE(stream.get_schema(&stream, &schema) == 0);
    REQUIRE(stream.get_next(&stream, &batch) == 0);
    REQUIRE(stream.get_next(&stream, &after) == 0);
  }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;
  ~Read() {
    if (batch.release != nullptr) batch.release(&batch);
    if (schema.release != nullptr) schema.release(&schema);
    stream.release(&stream);
  }
};

}  // namespace

TEST_CASE("small table: text with nulls") {
  CellColumn column({"name", CellKind::text, {}});
  column.add_text("ab");
  column.add_null();
  column.add_text("");
  column.add_text("c");
  const Read read(table_of(std::move(column)));
  CHECK((read.after.release == nullptr));
  CHECK(std::string_view(read.schema.children[0]->format) == "u");
  CHECK(std::string_view(read.schema.children[0]->name) == "name");
  const ArrowArray& text = *read.batch.children[0];
  CHECK(text.length == 4);
  CHECK(text.null_count == 1);
  CHECK(static_cast<const std::uint8_t*>(text.buffers[0])[0] == 0b1101);
  const auto* const offsets = static_cast<const std::int32_t*>(text.buffers[1]);
  CHECK(offsets[1] == 2);
  CHECK(offsets[2] == 2);
  CHECK(offsets[4] == 3);
  CHECK(std::string_view(static_cast<const char*>(text.buffers[2]), 3) == "abc");
}

TEST_CASE("small table: truth is bits, numbers are eight bytes") {
  CellColumn truth({"t", CellKind::truth, {}});
  for (int n = 0; n < 10; ++n) n == 3 ? truth.add_null() : truth.add_truth(n % 2 == 1);
  const Read read(table_of(std::move(truth)));
  const auto* const bits = static_cast<const std::uint8_t*>(read.batch.children[0]->buffers[1]);
  CHECK(bits[0] == 0b10100010);
  CHECK(bits[1] == 0b10);

  CellColumn number({"n", CellKind::integer, {}});
  number.add_integer(-7);
  number.add_null();
  const Read other(table_of(std::move(number)));
  CHECK(std::string_view(other.schema.children[0]->format) == "l");
  std::int64_t first = 0;
  std::memcpy(&first, other.batch.children[0]->buffers[1], sizeof first);
  CHECK(first == -7);
}

TEST_CASE("small table: lists of records, a null record keeps its parts in step") {
  const CellType pair{"item", CellKind::record, {{"a", CellKind::text, {}}, {"b", CellKind::natural, {}}}};
  CellColumn column({"pairs", CellKind::list, {pair}});
  column.part(0).part(0).add_text("x");
  column.part(0).part(1).add_natural(1);
  column.part(0).add_record();
  column.part(0).add_null();
  column.add_list();
  column.add_null();
  column.add_list();
  const Read read(table_of(std::move(column)));
  const ArrowArray& list = *read.batch.children[0];
  const auto* const offsets = static_cast<const std::int32_t*>(list.buffers[1]);
  CHECK(list.null_count == 1);
  CHECK(offsets[1] == 2);
  CHECK(offsets[3] == 2);
  const ArrowArray& records = *list.children[0];
  CHECK(records.length == 2);
  CHECK(records.n_buffers == 1);
  CHECK(records.children[0]->length == 2);
  CHECK(records.children[1]->null_count == 1);
}

TEST_CASE("small table: buffers live as long as a consumer holds them") {
  ArrowArray batch{}, moved{};
  std::weak_ptr<const SmallTable> watched;
  {
    CellColumn column({"t", CellKind::text, {}});
    column.add_text("kept");
    auto table = table_of(std::move(column));
    watched = table;
    ArrowArrayStream stream{};
    export_arrow_stream(std::move(table), &stream);
    REQUIRE(stream.get_next(&stream, &batch) == 0);
    stream.release(&stream);
  }
  CHECK(!watched.expired());
  moved = *batch.children[0];  // a consumer moves a child out and releases the parent
  batch.children[0]->release = nullptr;
  batch.release(&batch);
  CHECK(!watched.expired());
  CHECK(std::string_view(static_cast<const char*>(moved.buffers[2]), 4) == "kept");
  moved.release(&moved);
  CHECK(watched.expired());
}
