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

TEST_CASE("row writer: of each column the rows that have a value, be it all, some or none") {
  RowWriter rows(ColumnSet::all());
  const std::uint32_t common = rows.common(event_of("one")), other = rows.common(EventView{});
  constexpr std::size_t count = 21;
  for (std::size_t i = 0; i < count; ++i) {
    rows.begin_row(10);
    RowWriter::Row row = row_of(i % 5 == 0 ? other : common);
    row.record_id = i;
    row.process_id = static_cast<std::uint32_t>(1000 + i);
    row.given = static_cast<std::uint32_t>(EventField::record_id);
    if (i % 3 == 0) row.given |= static_cast<std::uint32_t>(EventField::process_id);
    row.time = i % 4 == 0 ? no_time : static_cast<Ticks>(132'000'000'000'000'000 + i);
    row.where.offset = i % 2 == 0 ? Address::none : i;
    rows.end_row(row);
  }
  rows.finish_batch();
  const Batch& batch = *rows.full.at(0);
  const auto check = [&](EventColumn column, std::size_t nulls, auto has) {
    CAPTURE(event_columns[static_cast<std::size_t>(column)].name);
    CHECK(batch[column].rows == count);
    CHECK(batch[column].nulls == nulls);
    for (std::size_t i = 0; i < count; ++i) CHECK(batch[column].valid(i) == has(i));
  };
  check(EventColumn::record_id, 0, [](std::size_t) { return true; });
  check(EventColumn::process_id, 14, [](std::size_t i) { return i % 3 == 0; });
  check(EventColumn::thread_id, count, [](std::size_t) { return false; });
  check(EventColumn::filetime, 6, [](std::size_t i) { return i % 4 != 0; });
  check(EventColumn::time, 6, [](std::size_t i) { return i % 4 != 0; });
  check(EventColumn::offset, 11, [](std::size_t i) { return i % 2 != 0; });
  check(EventColumn::event_id, 5, [](std::size_t i) { return i % 5 != 0; });
  check(EventColumn::provider, 5, [](std::size_t i) { return i % 5 != 0; });
  check(EventColumn::state, 0, [](std::size_t) { return true; });
  check(EventColumn::message, count, [](std::size_t) { return false; });
  for (std::size_t i = 0; i < count; ++i) {
    CHECK(batch[EventColumn::record_id].number_at<std::uint64_t>(i) == i);
    CHECK(batch[EventColumn::process_id].number_at<std::uint32_t>(i) == (i % 3 == 0 ? 1000 + i : 0));
    CHECK(batch[EventColumn::message].text_at(i).empty());
  }
}

TEST_CASE("row writer: items that nobody asked for do not stay when a batch is full") {
  RowWriter rows({EventColumn::time, EventColumn::binary});
  for (int batch = 0; batch < 3; ++batch) {
    rows.begin_row(10);
    RowWriter::ItemPlace place = rows.place_of_items(1, 5);
    CHECK(place.text == place.base);
    place.end_item(RowWriter::no_name, place.text + 5);
    rows.give_back(place);
    rows.end_row(row_of(rows.common(event_of("one"))));
    rows.finish_batch();
  }
  CHECK(rows.full.size() == 3);
}
