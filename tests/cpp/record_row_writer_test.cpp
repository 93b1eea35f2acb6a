// Rows become columns; a row that was dropped leaves nothing.
#include <doctest/doctest.h>

#include <algorithm>

#include "record/row_writer.hpp"

using namespace synclens;

namespace {

EventView event_of(std::string_view provider) {
  EventView event;
  event.provider = provider;
  event.event_id = 611;
  event.give(EventField::event_id);
  return event;
}

RowWriter::Row row_of(std::uint32_t common) {
  RowWriter::Row row;
  row.common = common;
  return row;
}

}  // namespace

TEST_CASE("row writer: a dropped row leaves no text, no item and no row") {
  RowWriter rows(ColumnSet::all());
  rows.begin_row(100);
  rows.text(EventColumn::activity_id, "first");
  rows.item("name", "kept");
  rows.end_row(row_of(rows.common(event_of("one"))));
  rows.begin_row(100);
  rows.text(EventColumn::activity_id, "dropped");
  rows.item("name", "dropped");
  rows.item("", "dropped too");
  CHECK(rows.items_in_row() == 2);
  rows.drop_row();
  CHECK(rows.items_in_row() == 0);
  CHECK(rows.item_bytes_in_row() == 0);
  rows.begin_row(100);
  rows.item("", "last");
  rows.end_row(row_of(rows.common(event_of("two"))));
  CHECK(rows.added() == 2);
  rows.finish_batch();
  REQUIRE(rows.full.size() == 1);
  const Batch& batch = *rows.full[0];
  CHECK(batch.rows == 2);
  const Column& activity = batch[EventColumn::activity_id];
  CHECK(activity.text_at(0) == "first");
  CHECK_FALSE(activity.valid(1));
  const Column& data = batch[EventColumn::data];
  CHECK(data.offset_at(1) == 1);
  CHECK(data.offset_at(2) == 2);
  CHECK(data.children[0].valid(0));
  CHECK_FALSE(data.children[0].valid(1));  // without a name
  CHECK(data.children[1].text_at(1) == "last");
  CHECK(batch[EventColumn::event_id].number_at<std::uint32_t>(1) == 611);
  CHECK_FALSE(batch[EventColumn::record_id].valid(0));
  CHECK_FALSE(batch[EventColumn::time].valid(0));
}

TEST_CASE("row writer: common parts have numbers until the batch ends, and those of dropped rows do not pile up") {
  RowWriter rows(ColumnSet::all());
  const std::uint64_t age = rows.age();
  std::uint32_t most = 0;
  for (std::size_t i = 0; i < 3 * rows_per_batch; ++i) {
    rows.begin_row(10);
    most = std::max(most, rows.common(event_of("dropped")));
    rows.drop_row();
  }
  CHECK(most < 2 * rows_per_batch);
  CHECK(rows.age() != age);
  rows.finish_batch();
  CHECK(rows.full.empty());
  CHECK(RowWriter(ColumnSet::all()).age() != rows.age());
}
